//! How many complaints meet a query.

use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Rows, params_from_iter};

use crate::archive::Archive;
use crate::check::Check;
use crate::error::ArchiveError;
use crate::filter::Walk;
use crate::number::{Number, from_integer, to_integer};
use crate::query::Query;

/// How many complaints are looked at at once for words and clocks.
const BLOCK: usize = 4_096;

impl Archive {
    /// How many complaints meet every condition, whatever the limit and the place in the list.
    ///
    /// It takes time with their number, and for common words with the number of all complaints;
    /// [`count_up_to`](Archive::count_up_to) ends sooner.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn count(&self, query: &Query) -> Result<u64, ArchiveError> {
        self.count_up_to(query, u64::MAX)
    }

    /// How many complaints meet every condition, or `most` where there are more.
    ///
    /// To know whether there are more than a number, ask for one more than that.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn count_up_to(&self, query: &Query, most: u64) -> Result<u64, ArchiveError> {
        let walk = Walk::of(&self.connection, query)?;
        let Some(way) = walk.ways.first() else {
            return Ok(0);
        };
        let mut sql = way.whole();
        if walk.checks.is_empty() {
            sql.values.push(Value::from(to_integer(most).unwrap_or(-1)));
            let text = format!(
                "SELECT count(*) FROM (SELECT 1 FROM complaints WHERE {} LIMIT ?)",
                sql.text
            );
            let mut statement = self.connection.prepare(&text)?;
            let count = statement.query_row(params_from_iter(sql.values), |row| row.get(0))?;
            return from_integer(count);
        }
        let text = format!("SELECT complaints.n FROM complaints WHERE {}", sql.text);
        let mut statement = self.connection.prepare(&text)?;
        let rows = statement.query(params_from_iter(sql.values))?;
        self.count_passing(rows, &walk.checks, most)
    }

    /// How many of some complaints pass what is asked of whole blocks.
    fn count_passing(
        &self,
        mut rows: Rows<'_>,
        checks: &[Check],
        most: u64,
    ) -> Result<u64, ArchiveError> {
        let mut count = 0;
        loop {
            let mut block = BTreeSet::new();
            while block.len() < BLOCK
                && let Some(row) = rows.next()?
            {
                block.insert(Number::of_row(row.get(0)?)?);
            }
            if block.is_empty() || count >= most {
                return Ok(count.min(most));
            }
            for check in checks {
                block = check.passing(&self.connection, &block)?;
            }
            count += u64::try_from(block.len()).unwrap_or(u64::MAX);
        }
    }
}
