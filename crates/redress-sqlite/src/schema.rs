//! The tables of a ledger file. They are the stored format: a change makes a new [`FORMAT`].
//!
//! A ledger file holds these tables and nothing else. A trigger, a view, a generated column or an index of a stranger's would
//! run inside our statements or answer in place of our rows, so a file that holds any is refused before it is asked anything.

use rusqlite::Connection;

/// What says that an SQLite file is a ledger: the letters `RDRS` in the file's header.
pub(crate) const APPLICATION_ID: i32 = 0x5244_5253;

/// The number of the format, in the file's header.
pub(crate) const FORMAT: i32 = 1;

/// The size of a page of the file, in bytes, at creation. A small commit writes whole pages, so small ones suit it.
pub(crate) const PAGE_BYTES: i32 = 4096;

/// Makes the tables.
///
/// Instants are microseconds since 1970. `part_count` tells a part that is missing from one that never was.
pub(crate) const CREATE_TABLES: &str = "
CREATE TABLE meta (
    ledger_id BLOB NOT NULL
) STRICT;
CREATE TABLE entries (
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
    part_count  INTEGER NOT NULL,
    UNIQUE (stream_id, version)
) STRICT;
CREATE INDEX entries_by_command ON entries (command_id);
CREATE TABLE parts (
    position INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    kind     INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    PRIMARY KEY (position, number)
) STRICT, WITHOUT ROWID;
";

/// A table, an index or whatever else a schema holds: kind, name, table, text.
type Object = (String, String, String, Option<String>);

/// What the schema of this file holds that ours does not, or the other way round: the name of the first such object; `None`
/// where they are the same, byte for byte.
pub(crate) fn stranger(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(CREATE_TABLES)?;
    let (ours, theirs) = (objects(&fresh)?, objects(connection)?);
    let differs = |known: &[Object], object: &&Object| !known.contains(object);
    let surplus = theirs.iter().find(|object| differs(&ours, object));
    let first = surplus.or_else(|| ours.iter().find(|object| differs(&theirs, object)));
    Ok(first.map(|(kind, name, ..)| format!("{kind} `{name}`")))
}

fn objects(connection: &Connection) -> rusqlite::Result<Vec<Object>> {
    connection
        .prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name")?
        .query_map([], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect()
}
