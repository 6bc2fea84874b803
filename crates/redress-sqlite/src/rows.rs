//! Entries as rows of the tables, written and read back.
//!
//! Whatever is read is checked: a type, a number or an order that was never written is damage, told with its position.

use redress_core::{CommandId, Position, Timestamp, Version};
use redress_store::{
    Append, Entry, NewEntry, Part, PartKind, Remains, StoreError, StoreErrorKind, StreamId,
};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use uuid::Uuid;

use crate::fault::{damaged, from_sqlite};

const INSERT_ENTRY: &str = "INSERT INTO entries (position, stream_id, version, event_type, schema, occurred_at, \
     recorded_at, actor, command_id, public, part_count) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const INSERT_PART: &str =
    "INSERT INTO parts (position, number, kind, bytes) VALUES (?1, ?2, ?3, ?4)";
const ERASE_PART: &str =
    "UPDATE parts SET kind = ?3, bytes = ?4 WHERE position = ?1 AND number = ?2 AND kind <> ?3";
const LAST: &str = "SELECT position, recorded_at FROM entries ORDER BY position DESC LIMIT 1";
const LAST_VERSION: &str =
    "SELECT version FROM entries WHERE stream_id = ?1 ORDER BY version DESC LIMIT 1";
const PARTS: &str = "SELECT position, number, kind, bytes FROM parts \
     WHERE position BETWEEN ?1 AND ?2 ORDER BY position, number";

macro_rules! select_entries {
    ($which:literal) => {
        concat!(
            "SELECT position, stream_id, version, event_type, schema, occurred_at, recorded_at, actor, command_id, \
             public, part_count FROM entries ",
            $which
        )
    };
}

const OF_LEDGER: &str = select_entries!("WHERE position >= ?1 ORDER BY position LIMIT ?2");
const OF_STREAM: &str =
    select_entries!("WHERE stream_id = ?1 AND version >= ?2 ORDER BY version LIMIT ?3");
const OF_COMMAND: &str = select_entries!("WHERE command_id = ?1 ORDER BY position");
const LAST_OF_LEDGER: &str = select_entries!("ORDER BY position DESC LIMIT 1");

const READING: &str = "read the ledger";

/// Where the entries of an append go.
pub(crate) struct Place {
    pub(crate) first_position: Position,
    pub(crate) first_version: Version,
    pub(crate) recorded_at: Timestamp,
}

/// Checks that the tables can take entries as they are written here.
pub(crate) fn check_inserts(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached(INSERT_ENTRY)?;
    connection.prepare_cached(INSERT_PART)?;
    Ok(())
}

/// Writes the entries of an append.
pub(crate) fn insert(
    connection: &Connection,
    append: &Append,
    place: &Place,
) -> Result<(), StoreError> {
    let stream = append.stream.0.as_bytes();
    let recorded_at = place.recorded_at.as_micros();
    let mut position = number(place.first_position.get());
    let mut version = number(place.first_version.get());
    let mut write = || -> rusqlite::Result<()> {
        let mut insert = connection.prepare_cached(INSERT_ENTRY)?;
        for entry in &append.entries {
            insert.execute(params![
                position,
                stream,
                version,
                entry.event_type,
                entry.schema,
                entry.occurred_at.as_micros(),
                recorded_at,
                entry.actor,
                entry.command_id.as_uuid().as_bytes(),
                ToSqlOutput::Borrowed(ValueRef::Text(&entry.public)),
                count(entry.parts.len()),
            ])?;
            insert_parts(connection, position, &entry.parts)?;
            position += 1;
            version += 1;
        }
        Ok(())
    };
    write().map_err(|error| from_sqlite("store the entries", error))
}

fn insert_parts(connection: &Connection, position: i64, parts: &[Part]) -> rusqlite::Result<()> {
    if parts.is_empty() {
        return Ok(());
    }
    let mut insert = connection.prepare_cached(INSERT_PART)?;
    for (index, part) in parts.iter().enumerate() {
        insert.execute(params![
            position,
            count(index),
            part.kind.number(),
            part.bytes
        ])?;
    }
    Ok(())
}

/// Puts what is left of parts in their place; returns how many there were.
pub(crate) fn erase(connection: &Connection, remains: &[Remains]) -> rusqlite::Result<usize> {
    let mut erase = connection.prepare_cached(ERASE_PART)?;
    remains.iter().try_fold(0, |erased: usize, left| {
        let changed = erase.execute(params![
            number(left.position.get()),
            count(left.number),
            left.part.kind.number(),
            left.part.bytes
        ])?;
        Ok(erased.saturating_add(changed))
    })
}

/// A position or version as SQLite counts; one that is too large for it is never reached.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Where the last entry stands, and when it was recorded.
pub(crate) fn last(connection: &Connection) -> Result<Option<(Position, Timestamp)>, StoreError> {
    let last = connection
        .prepare_cached(LAST)
        .and_then(|mut query| {
            let row = query.query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
            row.optional()
        })
        .map_err(|error| from_sqlite(READING, error))?;
    let Some((position, recorded_at)) = last else {
        return Ok(None);
    };
    let position: i64 = position;
    let position = u64::try_from(position)
        .map(Position::new)
        .map_err(|_| damaged(Position::FIRST, "a position is below 0"))?;
    let recorded_at = Timestamp::from_micros(recorded_at)
        .map_err(|_| damaged(position, "recorded_at is no instant"))?;
    Ok(Some((position, recorded_at)))
}

/// The version of the last entry of a stream.
pub(crate) fn last_version(
    connection: &Connection,
    stream: StreamId,
) -> Result<Option<Version>, StoreError> {
    let mut query = connection
        .prepare_cached(LAST_VERSION)
        .map_err(|error| from_sqlite(READING, error))?;
    let version: Option<i64> = query
        .query_row([stream.0.as_bytes()], |row| row.get(0))
        .optional()
        .map_err(|error| from_sqlite(READING, error))?;
    let count = |version| u64::try_from(version).map(Version::new);
    version.map(count).transpose().map_err(|_| {
        let message = "the last version of a stream is no count; restore the ledger from a backup";
        StoreError::new(StoreErrorKind::Damaged, message)
    })
}

/// Up to `limit` entries of the ledger from `from` upward, without a gap.
pub(crate) fn of_ledger(
    connection: &Connection,
    from: Position,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let mut read = bare_of_ledger(connection, from, limit)?;
    add_parts(connection, &mut read)?;
    Ok(entries(read))
}

/// The same without their personal parts, which are not looked at.
pub(crate) fn public_of_ledger(
    connection: &Connection,
    from: Position,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    bare_of_ledger(connection, from, limit).map(entries)
}

fn bare_of_ledger(
    connection: &Connection,
    from: Position,
    limit: usize,
) -> Result<Vec<Bare>, StoreError> {
    if i64::try_from(from.get()).is_err() {
        return Ok(Vec::new());
    }
    let mut expected = from;
    let parameters = params![number(from.get()), count(limit)];
    read_bare(connection, OF_LEDGER, parameters, |entry| {
        if entry.position != expected {
            return Err(damaged(expected, "there is no entry at this position"));
        }
        expected = expected.next();
        Ok(())
    })
}

/// Up to `limit` entries of a stream from `from` upward, without a gap.
pub(crate) fn of_stream(
    connection: &Connection,
    stream: StreamId,
    from: Version,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    if i64::try_from(from.get()).is_err() {
        return Ok(Vec::new());
    }
    let mut expected = from.max(Version::FIRST);
    let parameters = params![stream.0.as_bytes(), number(expected.get()), count(limit)];
    read(connection, OF_STREAM, parameters, |entry| {
        if entry.version != expected {
            let gap = format!("version {expected} of its stream is missing before it");
            return Err(damaged(entry.position, &gap));
        }
        expected = expected.next();
        Ok(())
    })
}

/// The entries of a command, in order.
pub(crate) fn of_command(
    connection: &Connection,
    command: CommandId,
) -> Result<Vec<Entry>, StoreError> {
    let parameters = [command.as_uuid().into_bytes()];
    read(connection, OF_COMMAND, parameters, |_| Ok(()))
}

/// The last entry, if there is any.
pub(crate) fn last_of_ledger(connection: &Connection) -> Result<Vec<Entry>, StoreError> {
    read(connection, LAST_OF_LEDGER, [], |_| Ok(()))
}

/// An entry whose parts are still to be read.
struct Bare {
    entry: Entry,
    part_count: usize,
}

fn entries(read: Vec<Bare>) -> Vec<Entry> {
    read.into_iter().map(|bare| bare.entry).collect()
}

fn read(
    connection: &Connection,
    query: &'static str,
    parameters: impl Params,
    check: impl FnMut(&Entry) -> Result<(), StoreError>,
) -> Result<Vec<Entry>, StoreError> {
    let mut read = read_bare(connection, query, parameters, check)?;
    add_parts(connection, &mut read)?;
    Ok(entries(read))
}

fn read_bare(
    connection: &Connection,
    query: &'static str,
    parameters: impl Params,
    mut check: impl FnMut(&Entry) -> Result<(), StoreError>,
) -> Result<Vec<Bare>, StoreError> {
    let failed = |error| from_sqlite(READING, error);
    let mut query = connection.prepare_cached(query).map_err(failed)?;
    let mut rows = query.query(parameters).map_err(failed)?;
    let mut read: Vec<Bare> = Vec::new();
    while let Some(row) = rows.next().map_err(|error| after(&read, failed(error)))? {
        let bare = bare_entry(row)?;
        check(&bare.entry)?;
        read.push(bare);
    }
    Ok(read)
}

/// Names the place of damage that SQLite itself found, as far as it is known: behind the entries read so far.
fn after(read: &[Bare], error: StoreError) -> StoreError {
    match read.last() {
        Some(last) if error.is_damage() => error.at_position(last.entry.position.next()),
        Some(_) | None => error,
    }
}

fn bare_entry(row: &Row<'_>) -> Result<Bare, StoreError> {
    let position = integer(row, 0, "position").map_err(|what| damaged(Position::FIRST, what))?;
    let position = Position::new(position);
    columns(row, position).map_err(|what| damaged(position, what))
}

fn columns(row: &Row<'_>, position: Position) -> Result<Bare, &'static str> {
    let content = NewEntry {
        event_type: integer(row, 3, "event_type is no number of 32 bits")?,
        schema: integer(row, 4, "schema is no number of 16 bits")?,
        occurred_at: instant(row, 5, "occurred_at is no instant")?,
        actor: id(row, 7, "actor is not 16 bytes")?,
        command_id: CommandId::new(Uuid::from_bytes(id(row, 8, "command_id is not 16 bytes")?)),
        public: text(row, 9, "the public part is no text")?,
        parts: Vec::new(),
    };
    let entry = Entry {
        position,
        stream: StreamId(Uuid::from_bytes(id(row, 1, "stream_id is not 16 bytes")?)),
        version: Version::new(integer(row, 2, "version is no count")?),
        recorded_at: instant(row, 6, "recorded_at is no instant")?,
        content,
    };
    let part_count = integer(row, 10, "part_count is no count")?;
    Ok(Bare { entry, part_count })
}

fn integer<T: TryFrom<i64>>(
    row: &Row<'_>,
    column: usize,
    what: &'static str,
) -> Result<T, &'static str> {
    let Ok(ValueRef::Integer(value)) = row.get_ref(column) else {
        return Err(what);
    };
    T::try_from(value).map_err(|_| what)
}

fn instant(row: &Row<'_>, column: usize, what: &'static str) -> Result<Timestamp, &'static str> {
    Timestamp::from_micros(integer(row, column, what)?).map_err(|_| what)
}

fn id(row: &Row<'_>, column: usize, what: &'static str) -> Result<[u8; 16], &'static str> {
    let Ok(ValueRef::Blob(bytes)) = row.get_ref(column) else {
        return Err(what);
    };
    bytes.try_into().map_err(|_| what)
}

fn text(row: &Row<'_>, column: usize, what: &'static str) -> Result<Vec<u8>, &'static str> {
    let Ok(ValueRef::Text(bytes)) = row.get_ref(column) else {
        return Err(what);
    };
    Ok(bytes.to_vec())
}

/// Reads the parts of entries, those of neighbours together.
fn add_parts(connection: &Connection, read: &mut [Bare]) -> Result<(), StoreError> {
    let neighbours =
        read.chunk_by_mut(|one, next| one.entry.position.next() == next.entry.position);
    neighbours
        .filter(|run| run.iter().any(|bare| bare.part_count > 0))
        .try_for_each(|run| add_parts_of_run(connection, run))
}

fn add_parts_of_run(connection: &Connection, run: &mut [Bare]) -> Result<(), StoreError> {
    let failed = |error| from_sqlite(READING, error);
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return Ok(());
    };
    let start = first.entry.position.get();
    let end = last.entry.position.get();
    let mut query = connection.prepare_cached(PARTS).map_err(failed)?;
    let mut rows = query.query([number(start), number(end)]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let position: u64 = integer(row, 0, "the position of a personal part is no count")
            .map_err(|what| damaged(Position::new(start), what))?;
        let offset = usize::try_from(position.saturating_sub(start)).unwrap_or(usize::MAX);
        if let Some(bare) = run.get_mut(offset) {
            let parts = &mut bare.entry.content.parts;
            let part = part(row, parts.len());
            parts.push(part.map_err(|what| damaged(Position::new(position), what))?);
        }
    }
    match run
        .iter()
        .find(|bare| bare.entry.content.parts.len() != bare.part_count)
    {
        None => Ok(()),
        Some(bare) => Err(damaged(
            bare.entry.position,
            "a personal part is missing, or one too many",
        )),
    }
}

fn part(row: &Row<'_>, expected: usize) -> Result<Part, &'static str> {
    let missing = "a personal part is missing";
    let number: usize = integer(row, 1, missing)?;
    if number != expected {
        return Err(missing);
    }
    let unknown = "a personal part is of unknown kind";
    let kind = PartKind::from_number(integer(row, 2, unknown)?).ok_or(unknown)?;
    let Ok(ValueRef::Blob(bytes)) = row.get_ref(3) else {
        return Err("a personal part is not bytes");
    };
    Ok(Part {
        kind,
        bytes: bytes.to_vec(),
    })
}
