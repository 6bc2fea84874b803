//! The tables of a ledger file. They are the stored format: a change makes a new [`FORMAT`].

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
