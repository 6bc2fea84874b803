//! One page of a list of complaints: its order, and where it goes on.
//!
//! A page begins where a key in the order lies, not after so many rows; so complaints that come in meanwhile do not shift it.

use redress_core::{ComplaintId, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use uuid::Uuid;

use crate::cursor::Cursor;
use crate::error::ArchiveError;
use crate::filter::{Filter, Sql, Walk};
use crate::number::{Number, timestamp};
use crate::query::{Query, Sort};
use crate::race::{Way, race};

/// A complaint in a list, with what its place there depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: Number,
    pub(crate) due: Option<Timestamp>,
    pub(crate) key: i64,
    pub(crate) received_at: Timestamp,
    pub(crate) id: ComplaintId,
}

impl Place {
    /// The cursor behind this place.
    pub(crate) const fn cursor(&self, query: Uuid, at: Option<Timestamp>) -> Cursor {
        Cursor {
            query,
            key: self.key,
            received_at: self.received_at,
            id: self.id,
            at,
        }
    }

    /// A place as [`page_sql`] reads it.
    pub(crate) fn of_row(row: &Row<'_>) -> Result<Self, ArchiveError> {
        Ok(Self {
            number: Number::of_row(row.get(0)?)?,
            due: None,
            key: row.get(1)?,
            received_at: timestamp(row.get(2)?)?,
            id: ComplaintId::new(Uuid::from_bytes(row.get(3)?)),
        })
    }
}

/// The column that an order goes by first; receipt and id follow.
const fn column(sort: &Sort) -> Option<&'static str> {
    match sort {
        Sort::Closed => Some("closed_key"),
        Sort::Severity => Some("severity_rank"),
        // Deadlines are in no column.
        Sort::Received | Sort::Due(_) => None,
    }
}

/// How many complaints words are looked for in before all that hold them are looked up; fewer in tests.
const PATIENCE: usize = if cfg!(test) { 500 } else { 8_000 };

/// A page in an order that a column gives.
pub(crate) fn by_column(
    connection: &Connection,
    query: &Query,
    walk: Walk,
) -> Result<Vec<Place>, ArchiveError> {
    let patience = walk.looks_for_words().then_some(PATIENCE);
    match along(connection, query, &walk, patience)? {
        Some(places) => Ok(places),
        None => {
            let places = along(connection, query, &walk.looked_up(connection)?, None)?;
            Ok(places.unwrap_or_default())
        }
    }
}

/// The first complaints along the ways; `None` where there are not enough among so many.
fn along(
    connection: &Connection,
    query: &Query,
    walk: &Walk,
    patience: Option<usize>,
) -> Result<Option<Vec<Place>>, ArchiveError> {
    let mut statements = Vec::new();
    for way in &walk.ways {
        let sql = page_sql(query, way);
        statements.push((connection.prepare(&sql.text)?, sql.values));
    }
    let mut ways = Vec::new();
    for (statement, values) in &mut statements {
        ways.push(Way::new(statement.query(params_from_iter(values.iter()))?));
    }
    race(connection, ways, &walk.checks, query.limit, patience)
}

/// The statement of a way through the list in an order that a column gives: number, key, receipt, id, and whether the
/// complaint meets what is asked.
pub(crate) fn page_sql(query: &Query, filter: &Filter) -> Sql {
    // Where the complaints come from a driving index, the one of the order must not take its place.
    let plus = if filter.sorts { "+" } else { "" };
    let mut order = vec!["received_at", "id"];
    order.splice(0..0, column(&query.sort));
    let order: Vec<String> = order
        .iter()
        .map(|name| format!("{plus}complaints.{name}"))
        .collect();
    let mut values = filter.checking.values.clone();
    values.extend(filter.driving.values.iter().cloned());
    let mut text = format!(
        "SELECT complaints.n, {}, complaints.received_at, complaints.id, ({}) IS TRUE FROM complaints WHERE {}",
        column(&query.sort).unwrap_or("0"),
        filter.checking.text,
        filter.driving.text
    );
    if let Some(cursor) = query.after {
        text.push_str(&format!(
            " AND ({}) < ({})",
            order.join(", "),
            vec!["?"; order.len()].join(", ")
        ));
        values.extend(column(&query.sort).map(|_| Value::from(cursor.key)));
        values.push(cursor.received_at.as_micros().into());
        values.push(bytes(cursor.id).into());
    }
    let order: Vec<String> = order.iter().map(|term| format!("{term} DESC")).collect();
    text.push_str(&format!(" ORDER BY {}", order.join(", ")));
    Sql { text, values }
}

fn bytes(complaint: ComplaintId) -> Vec<u8> {
    complaint.as_uuid().as_bytes().to_vec()
}
