//! The conditions of a query put together: which clause drives, and which check.
//!
//! SQLite keeps no statistics here, so it is not left to guess. Of the clauses with an index, the one that lets the fewest
//! complaints through drives, if they are few; they are then sorted. If all let many through, the complaints are walked in
//! the order asked for until a page is full, which does not take long just because many match.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::clause::{Clause, Index};
use crate::clock_conditions;
use crate::error::ArchiveError;
use crate::query::{Query, Sort};
use crate::text_conditions;

/// How many complaints are few: as many are sorted in a few milliseconds.
const FEW: i64 = 5_000;

/// What will be done with the complaints that are let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The first few in order.
    Page,
    /// All of them.
    All,
}

/// Conditions as SQL on the table of complaints, and the values they are bound to.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
    /// The complaints come from an index that is not the order asked for: they are to be sorted.
    pub(crate) sorts: bool,
}

impl Filter {
    /// The conditions of a query.
    pub(crate) fn of(
        connection: &Connection,
        query: &Query,
        purpose: Purpose,
    ) -> Result<Self, ArchiveError> {
        let mut clauses: Vec<Clause> = query.conditions.iter().filter_map(Clause::of).collect();
        clauses.extend(text_conditions::clauses(connection, query, purpose)?);
        let by_receipt = matches!(query.sort, Sort::Received);
        let others = Self::put_together(connection, &clauses, Purpose::All, by_receipt)?;
        let clocks = clock_conditions::clauses(connection, query, &others)?;
        if clocks.is_empty() && purpose == Purpose::All {
            return Ok(others);
        }
        clauses.extend(clocks);
        Self::put_together(connection, &clauses, purpose, by_receipt)
    }

    fn put_together(
        connection: &Connection,
        clauses: &[Clause],
        purpose: Purpose,
        by_receipt: bool,
    ) -> Result<Self, ArchiveError> {
        let driver = match (fewest(connection, clauses)?, purpose) {
            (Some(place), _) => Some((place, true)),
            (None, Purpose::All) => clauses
                .iter()
                .position(|clause| clause.index != Index::None)
                .map(|place| (place, true)),
            (None, Purpose::Page) => in_order(clauses, by_receipt).map(|place| (place, false)),
        };
        let driving = driver.map(|(place, _)| place);
        let mut sql = "TRUE".to_owned();
        let mut values = Vec::new();
        for (place, clause) in clauses.iter().enumerate() {
            let follows = clause.index == Index::Receipt && by_receipt && driver.is_none();
            let drives = driving == Some(place) || follows;
            sql.push_str(" AND ");
            sql.push_str(if drives {
                &clause.driving
            } else {
                &clause.checking
            });
            values.extend(clause.values.iter().cloned());
        }
        Ok(Self {
            sql,
            values,
            sorts: driver.is_some_and(|(_, sorts)| sorts),
        })
    }
}

/// The clause that lets the fewest complaints through, if they are few.
fn fewest(connection: &Connection, clauses: &[Clause]) -> Result<Option<usize>, ArchiveError> {
    let mut fewest: Option<(i64, usize)> = None;
    for (place, clause) in clauses.iter().enumerate() {
        if clause.index == Index::None {
            continue;
        }
        let most = fewest.map_or(FEW, |(count, _)| count);
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM complaints WHERE {} LIMIT {})",
            clause.driving,
            most + 1
        );
        let count: i64 = connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(&clause.values), |row| row.get(0))?;
        if count <= most {
            fewest = Some((count, place));
        }
    }
    Ok(fewest.map(|(_, place)| place))
}

/// A clause whose complaints come in the order of their receipt, where that is the order asked for.
fn in_order(clauses: &[Clause], by_receipt: bool) -> Option<usize> {
    clauses
        .iter()
        .position(|clause| by_receipt && clause.index == Index::InOrder)
}
