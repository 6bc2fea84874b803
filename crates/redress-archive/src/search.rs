//! Answering questions: hits, counts, and the whole file of a complaint.

use redress_core::event::ReceivedPersonal;
use redress_core::{ComplaintId, Label, Personal, Recorded};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use uuid::Uuid;

use crate::archive::Archive;
use crate::error::ArchiveError;
use crate::query::{Condition, Cursor, Query};
use crate::summary::Summary;
use crate::timeline;
use crate::words::phrases;

/// A complaint that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Where it stands.
    pub summary: Summary,
    /// The matter in a line, as corrected since.
    pub subject: Personal<String>,
}

impl Hit {
    /// Where the list goes on after this hit.
    #[must_use]
    pub const fn cursor(&self) -> Cursor {
        Cursor {
            received_at: self.summary.received_at,
            id: self.summary.id,
        }
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
    /// The complaints that meet every condition, the latest received first; of those received together, the greater id.
    ///
    /// To go on, ask again [`after`](Query::after) the [`cursor`](Hit::cursor) of the last hit: what was received meanwhile does
    /// not shift the list.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn search(&self, query: &Query) -> Result<Vec<Hit>, ArchiveError> {
        let mut filter = Filter::of(query);
        if let Some(cursor) = query.after {
            filter.require(
                "(received_at, id) < (?, ?)",
                [cursor.received_at.as_micros().into(), id(cursor.id)],
            );
        }
        let limit = i64::try_from(query.limit).unwrap_or(i64::MAX);
        // The inner query sorts ids alone, not whole rows.
        let sql = format!(
            "SELECT summary, personal FROM complaints WHERE id IN (
                 SELECT id FROM complaints WHERE {} ORDER BY received_at DESC, id DESC LIMIT {limit}
             ) ORDER BY received_at DESC, id DESC",
            filter.sql
        );
        let mut statement = self.connection.prepare(&sql)?;
        let mut rows = statement.query(params_from_iter(filter.values))?;
        let mut hits = Vec::new();
        while let Some(row) = rows.next()? {
            let (summary, personal) = read_row(row)?;
            let subject = match personal {
                Personal::Known(said) => Personal::Known(said.subject),
                Personal::Withheld => Personal::Withheld,
            };
            hits.push(Hit { summary, subject });
        }
        Ok(hits)
    }

    /// How many complaints meet every condition, whatever the limit and the place in the list.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn count(&self, query: &Query) -> Result<u64, ArchiveError> {
        let filter = Filter::of(query);
        let sql = format!("SELECT count(*) FROM complaints WHERE {}", filter.sql);
        let count = self
            .connection
            .query_row(&sql, params_from_iter(filter.values), |row| row.get(0))?;
        timeline::from_integer(count)
    }

    /// The whole file of a complaint; `None` for one that is not here.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails or is damaged.
    pub fn file(&self, complaint: ComplaintId) -> Result<Option<ComplaintFile>, ArchiveError> {
        let row = self
            .connection
            .prepare_cached("SELECT summary, personal FROM complaints WHERE id = ?")?
            .query_row([id(complaint)], |row| Ok(read_row(row)))
            .optional()?;
        let Some((summary, personal)) = row.transpose()? else {
            return Ok(None);
        };
        Ok(Some(ComplaintFile {
            summary,
            personal,
            source_facts: self.source_facts(complaint)?,
            timeline: timeline::of(&self.connection, complaint)?,
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

    fn source_facts(&self, complaint: ComplaintId) -> Result<Vec<SourceFact>, ArchiveError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT system, field, value FROM source_facts WHERE complaint = ? ORDER BY system, field",
        )?;
        let mut rows = statement.query(params![id(complaint)])?;
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

/// The conditions of a query as SQL, and the values they are bound to.
struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    fn of(query: &Query) -> Self {
        let mut filter = Self {
            sql: "TRUE".to_owned(),
            values: Vec::new(),
        };
        for condition in &query.conditions {
            filter.add(condition);
        }
        filter
    }

    fn require(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push_str(" AND ");
        self.sql.push_str(sql);
        self.values.extend(values);
    }

    fn add(&mut self, condition: &Condition) {
        match condition {
            Condition::Is { column, value } => {
                self.require(&format!("{column} = ?"), [text(value.clone())]);
            }
            Condition::Within { column, path } => {
                // All that starts with the path and a slash lies before the character after the slash.
                let sql = format!("({column} = ? OR {column} > ? AND {column} < ?)");
                let bounds = [path.clone(), format!("{path}/"), format!("{path}0")];
                self.require(&sql, bounds.map(Value::from));
            }
            Condition::AtLeast { column, number } => {
                self.require(&format!("{column} >= ?"), [(*number).into()]);
            }
            Condition::Between { column, from, to } => self.require(
                &format!("{column} >= ? AND {column} < ?"),
                [(*from).into(), (*to).into()],
            ),
            Condition::Has { table, value } => self.require(
                &format!("id IN (SELECT complaint FROM {table} WHERE value = ?)"),
                [text(value.clone())],
            ),
            Condition::Open(open) => {
                self.require("(closed_at IS NULL) = ?", [i64::from(*open).into()]);
            }
            Condition::Source {
                system,
                field,
                value,
            } => self.require(
                "id IN (SELECT complaint FROM source_facts WHERE system = ? AND field = ? AND value = ?)",
                [system, field, value].map(|part| Value::from(part.clone())),
            ),
            Condition::Text(words) => {
                self.add_text(words.known().map_or("", String::as_str));
            }
        }
    }

    /// Words anywhere in the complaint, or its id, or its reference.
    fn add_text(&mut self, words: &str) {
        const SAYS: &str = "id IN (SELECT texts.complaint FROM words JOIN texts ON texts.id = words.rowid \
                            WHERE words MATCH ?)";
        let exact = words.trim();
        let phrases = phrases(words).unwrap_or_default();
        let says = if phrases.is_empty() {
            "FALSE".to_owned()
        } else {
            vec![SAYS; phrases.len()].join(" AND ")
        };
        self.require(
            &format!("(external_ref = ? OR id = ? OR {says})"),
            [
                Value::from(exact.to_owned()),
                Uuid::parse_str(exact).map_or(Value::Null, |uuid| id(ComplaintId::new(uuid))),
            ],
        );
        // A phrase holds letters and digits alone: between quotes it can be nothing but words.
        let quoted = phrases.iter().map(|phrase| format!("\"{phrase}\""));
        self.values.extend(quoted.map(Value::from));
    }
}

fn id(complaint: ComplaintId) -> Value {
    Value::from(complaint.as_uuid().as_bytes().to_vec())
}

fn text(value: Option<String>) -> Value {
    value.map_or(Value::Null, Value::from)
}
