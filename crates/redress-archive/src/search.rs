//! Answering questions: hits, counts, and the whole file of a complaint.

use std::collections::BTreeSet;

use redress_core::event::ReceivedPersonal;
use redress_core::{ComplaintId, Label, Personal, Recorded, Timestamp};
use rusqlite::{OptionalExtension, Row};

use crate::archive::Archive;
use crate::batch::number_of;
use crate::cursor::Cursor;
use crate::deadlines;
use crate::error::ArchiveError;
use crate::filter::Walk;
use crate::number::Number;
use crate::page;
use crate::query::{Query, Sort};
use crate::snippet::{self, Snippet};
use crate::summary::Summary;
use crate::timeline;

/// A complaint that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands.
    pub summary: Summary,
    /// The matter in a line, as corrected since.
    pub subject: Personal<String>,
    /// Its earliest deadline, where the query [sorts by that](Sort::Due) and it has one.
    pub due: Option<Timestamp>,
    /// Where the words that were asked for stand, in at most [`MAX_SNIPPETS`](crate::MAX_SNIPPETS) of its texts.
    pub snippets: Vec<Snippet>,
    cursor: Cursor,
}

impl Hit {
    /// Where the list goes on after this hit.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        self.cursor
    }
}

/// The whole file of a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintFile {
    /// Where it stands.
    pub summary: Summary,
    /// What tells who the customer is, and their words, as corrected since.
    pub personal: Personal<ReceivedPersonal>,
    /// What other systems had recorded about it, by system and field; of a field recorded twice, the last value.
    pub source_facts: Vec<SourceFact>,
    /// Every fact, in order.
    pub timeline: Vec<Recorded>,
}

/// What another system had recorded about a complaint, in one of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFact {
    /// That system.
    pub system: Label,
    /// The name of the field.
    pub field: String,
    /// The value.
    pub value: String,
}

impl Archive {
    /// The complaints that meet every condition, in the order asked for; of those alike there, the latest received first,
    /// then the greater id.
    ///
    /// To go on, ask again [`after`](Query::after) the [`cursor`](Hit::cursor) of the last hit: what was received meanwhile does
    /// not shift the list.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`]: [`is_other_query`](ArchiveError::is_other_query) where the cursor came from another query, and when
    /// the database fails or is damaged.
    pub fn search(&self, query: &Query) -> Result<Vec<Hit>, ArchiveError> {
        let digest = query.digest();
        if query.after.is_some_and(|cursor| cursor.query != digest) {
            return Err(ArchiveError::other_query());
        }
        let places = match &query.sort {
            Sort::Due(moment) => deadlines::page(&self.connection, query, moment)?,
            Sort::Received | Sort::Closed | Sort::Severity => {
                let walk = Walk::of(&self.connection, query)?;
                page::by_column(&self.connection, query, walk)?
            }
        };
        let at = query.reads_clocks_at();
        let asked = snippet::asked(query);
        let numbers = places.iter().map(|place| place.number).collect();
        let pieces = snippet::pieces(&self.connection, &numbers, &asked)?;
        places
            .into_iter()
            .map(|place| {
                let (summary, personal) = self.row(place.number)?;
                let snippets = snippet::of(
                    &self.connection,
                    place.number,
                    summary.id,
                    pieces.get(&place.number).unwrap_or(&BTreeSet::new()),
                    &asked,
                    query.reveal,
                )?;
                Ok(Hit {
                    subject: subject(personal),
                    due: place.due,
                    snippets,
                    cursor: place.cursor(digest, at),
                    summary,
                })
            })
            .collect()
    }

    /// The whole file of a complaint; `None` for one that is not here.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn file(&self, complaint: ComplaintId) -> Result<Option<ComplaintFile>, ArchiveError> {
        let Some(number) = number_of(&self.connection, complaint)? else {
            return Ok(None);
        };
        let (summary, personal) = self.row(number)?;
        Ok(Some(ComplaintFile {
            summary,
            personal,
            source_facts: self.source_facts(number)?,
            timeline: timeline::of(&self.connection, number, complaint)?,
        }))
    }

    /// The complaints that another system knows under this reference: one for each channel it came through.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn by_external_ref(&self, reference: &str) -> Result<Vec<Hit>, ArchiveError> {
        self.search(&Query::new().external_ref(reference).limit(usize::MAX))
    }

    pub(crate) fn row(
        &self,
        number: Number,
    ) -> Result<(Summary, Personal<ReceivedPersonal>), ArchiveError> {
        let row = self
            .connection
            .prepare_cached("SELECT summary, personal FROM summaries WHERE n = ?")?
            .query_row([number], |row| Ok(read_row(row)))
            .optional()?;
        row.ok_or_else(ArchiveError::damaged)?
    }

    fn source_facts(&self, number: Number) -> Result<Vec<SourceFact>, ArchiveError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT system, field, value FROM source_facts WHERE n = ? ORDER BY system, field",
        )?;
        let mut rows = statement.query([number])?;
        let mut facts = Vec::new();
        while let Some(row) = rows.next()? {
            let system: String = row.get(0)?;
            facts.push(SourceFact {
                system: Label::new(system).map_err(|_| ArchiveError::damaged())?,
                field: row.get(1)?,
                value: row.get(2)?,
            });
        }
        Ok(facts)
    }
}

/// The matter in a line.
pub(crate) fn subject(personal: Personal<ReceivedPersonal>) -> Personal<String> {
    match personal {
        Personal::Known(said) => Personal::Known(said.subject),
        Personal::Withheld => Personal::Withheld,
    }
}

fn read_row(row: &Row<'_>) -> Result<(Summary, Personal<ReceivedPersonal>), ArchiveError> {
    let summary: String = row.get(0)?;
    let personal: Option<Vec<u8>> = row.get(1)?;
    // A message of the JSON reader may quote what it reads.
    let summary = serde_json::from_str(&summary).map_err(|_| ArchiveError::damaged())?;
    let personal = match personal {
        Some(json) => {
            Personal::Known(serde_json::from_slice(&json).map_err(|_| ArchiveError::damaged())?)
        }
        None => Personal::Withheld,
    };
    Ok((summary, personal))
}
