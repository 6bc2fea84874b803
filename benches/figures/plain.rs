//! The yardstick: what somebody would write by hand with rusqlite to keep the same bytes, and no more.
//!
//! One table, one unique index. It knows no commands, finds no duplicates, checks nothing it reads, and serves one
//! thread.

use std::path::Path;

use redress::store::{Append, Entry, ExpectedVersion, NewEntry, Part, PartKind, StreamId};
use redress::{CommandId, Position, Timestamp, Version};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::Outcome;

const TABLE: &str = "
CREATE TABLE events (
    position    INTEGER PRIMARY KEY,
    stream_id   BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    event_type  INTEGER NOT NULL,
    schema      INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor       BLOB    NOT NULL,
    command_id  BLOB    NOT NULL,
    public      TEXT    NOT NULL,
    personal    BLOB,
    UNIQUE (stream_id, version)
) STRICT";
const INSERT: &str = "INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const ALL: &str = "SELECT * FROM events ORDER BY position";
const STREAM: &str = "SELECT * FROM events WHERE stream_id = ?1 ORDER BY version";

/// A file with the same entries.
pub(crate) struct Plain {
    connection: Connection,
    next_position: i64,
}

impl Plain {
    /// A new one, as durable as a ledger: WAL, synchronous FULL.
    pub(crate) fn create(path: &Path) -> Outcome<Self> {
        let plain = Self::open(path)?;
        plain.connection.execute_batch(TABLE)?;
        Ok(plain)
    }

    /// One more connection.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
        Ok(Self {
            connection,
            next_position: 0,
        })
    }

    /// How many entries there are.
    pub(crate) fn count(&self) -> Outcome<usize> {
        let count = "SELECT count(*) FROM events";
        let count: i64 = self.connection.query_row(count, [], |row| row.get(0))?;
        Ok(usize::try_from(count)?)
    }

    /// Stores appends in one commit.
    pub(crate) fn commit<'a>(
        &mut self,
        appends: impl IntoIterator<Item = &'a Append>,
    ) -> Outcome<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(INSERT)?;
            for append in appends {
                for (version, entry) in (first_version(append)?..).zip(&append.entries) {
                    insert.execute(params![
                        self.next_position,
                        append.stream.0.as_bytes(),
                        version,
                        entry.event_type,
                        entry.schema,
                        entry.occurred_at.as_micros(),
                        append.recorded_at.as_micros(),
                        entry.actor,
                        entry.command_id.as_uuid().as_bytes(),
                        std::str::from_utf8(&entry.public)?,
                        entry.parts.first().map(|part| &part.bytes),
                    ])?;
                    self.next_position += 1;
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    /// Reads every row, and counts its bytes.
    pub(crate) fn scan(&self) -> Outcome<(usize, usize)> {
        let mut query = self.connection.prepare_cached(ALL)?;
        let mut rows = query.query([])?;
        let (mut count, mut bytes) = (0, 0);
        while let Some(row) = rows.next()? {
            count += 1;
            bytes += row.get_ref(9)?.as_str()?.len();
            bytes += row.get_ref(10)?.as_blob_or_null()?.map_or(0, <[u8]>::len);
        }
        Ok((count, bytes))
    }

    /// Reads every row as an entry.
    pub(crate) fn for_each(&self, mut take: impl FnMut(Entry) -> Outcome<()>) -> Outcome<()> {
        let mut query = self.connection.prepare_cached(ALL)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            take(entry(row)?)?;
        }
        Ok(())
    }

    /// Reads the entries of a stream.
    pub(crate) fn load(&self, stream: StreamId) -> Outcome<Vec<Entry>> {
        let mut query = self.connection.prepare_cached(STREAM)?;
        let mut rows = query.query([stream.0.as_bytes()])?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(entry(row)?);
        }
        Ok(entries)
    }
}

fn first_version(append: &Append) -> Outcome<i64> {
    match append.expected {
        ExpectedVersion::NoStream | ExpectedVersion::Any => Ok(1),
        ExpectedVersion::Exact(version) => Ok(i64::try_from(version.get())? + 1),
    }
}

fn entry(row: &Row<'_>) -> Outcome<Entry> {
    let number = |column| -> Outcome<u64> { Ok(u64::try_from(row.get_ref(column)?.as_i64()?)?) };
    let instant = |column| -> Outcome<Timestamp> {
        Ok(Timestamp::from_micros(row.get_ref(column)?.as_i64()?)?)
    };
    let personal = match row.get_ref(10)? {
        ValueRef::Blob(bytes) => Some(bytes.to_vec()),
        ValueRef::Null | ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) => None,
    };
    let parts = personal.map(|bytes| Part {
        kind: PartKind::Plain,
        bytes,
    });
    Ok(Entry {
        position: Position::new(number(0)?),
        stream: StreamId(Uuid::from_bytes(row.get(1)?)),
        version: Version::new(number(2)?),
        recorded_at: instant(6)?,
        content: NewEntry {
            event_type: row.get(3)?,
            schema: row.get(4)?,
            occurred_at: instant(5)?,
            actor: row.get(7)?,
            command_id: CommandId::new(Uuid::from_bytes(row.get(8)?)),
            public: row.get_ref(9)?.as_bytes()?.to_vec(),
            parts: parts.into_iter().collect(),
        },
    })
}
