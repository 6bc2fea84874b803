//! Walking along complaints until enough of them meet what is asked.
//!
//! Where there are several ways, each takes a block of complaints in turn; the first that has enough, or comes to the end,
//! wins. So the time is that of the best way, times the number of ways.

use rusqlite::{Connection, Rows};

use crate::check::{self, Check};
use crate::error::ArchiveError;
use crate::page::Place;

/// How many complaints are taken at a time, at first and later on. Words are looked for in a whole block at once.
pub(crate) const FIRST_BLOCK: usize = 64;
pub(crate) const LAST_BLOCK: usize = 4_096;

/// One way along the complaints.
pub(crate) struct Way<'s> {
    rows: Rows<'s>,
    block: usize,
    met: Vec<Place>,
}

impl<'s> Way<'s> {
    /// Along these rows: places, and behind them whether the complaint meets what is asked of it in SQL.
    pub(crate) const fn new(rows: Rows<'s>) -> Self {
        Self {
            rows,
            block: FIRST_BLOCK,
            met: Vec::new(),
        }
    }

    /// Takes a block of complaints; whether they are enough then, or all.
    fn advance(
        &mut self,
        connection: &Connection,
        checks: &[Check],
        enough: usize,
    ) -> Result<bool, ArchiveError> {
        let mut met = Vec::new();
        let mut is_end = false;
        for _ in 0..self.block {
            if checks.is_empty() && self.met.len() + met.len() >= enough {
                break;
            }
            let Some(row) = self.rows.next()? else {
                is_end = true;
                break;
            };
            if row.get(4)? {
                met.push(Place::of_row(row)?);
            }
        }
        check::keep(connection, checks, &mut met)?;
        self.met.extend(met);
        self.met.truncate(enough);
        self.block = LAST_BLOCK.min(self.block * 2);
        Ok(is_end || self.met.len() >= enough)
    }
}

/// The first complaints that meet what is asked, as many as are enough; without a way there are none.
///
/// `None` where a way has looked at more complaints than `most` and found too few.
pub(crate) fn race(
    connection: &Connection,
    mut ways: Vec<Way<'_>>,
    checks: &[Check],
    enough: usize,
    most: Option<usize>,
) -> Result<Option<Vec<Place>>, ArchiveError> {
    let mut seen = 0;
    while let Some(block) = ways.first().map(|way| way.block) {
        if most.is_some_and(|most| seen > most) {
            return Ok(None);
        }
        for way in &mut ways {
            if way.advance(connection, checks, enough)? {
                return Ok(Some(std::mem::take(&mut way.met)));
            }
        }
        seen += block;
    }
    Ok(Some(Vec::new()))
}
