//! The tables of the archive, and whether a database has them.
//!
//! Instants are whole microseconds since 1970, lengths of time whole microseconds; ids are their sixteen bytes. `n` numbers
//! the complaints: it is the position of the fact by which a complaint arrived, so that a rebuilt archive has the same.
//!
//! What is asked for stands in the narrow `complaints`; what is shown stands in the wide `summaries`. Whoever walks a
//! million complaints to check a condition reads the narrow table alone.
//!
//! Open complaints have an index of their own. Their state stands in it too, for otherwise SQLite would rather count them by the
//! index of all states, closed ones included.
//!
//! Of clocks that run, an index keeps those together that rules treat alike: their *track*. Their deadlines come in the order
//! in which they started, whatever the rules say; see [`upcoming`](crate::upcoming).
//!
//! A fact is numbered by complaint and version, so that a time line lies in one piece. The full-text index keeps no text of
//! its own, and no lengths of texts: nothing is ranked by them, and the words stand in the time line.

use redress_core::EventType;
use redress_store::codec::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::error::ArchiveError;

/// Marks a file as an archive of redress: `RDAR`.
pub(crate) const APPLICATION_ID: i32 = 0x5244_4152;
/// Counts the layouts of the tables; another one means rebuild.
const LAYOUT: i32 = 7;

const TABLES: &str = "
CREATE TABLE checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    ledger BLOB NOT NULL,
    fact_layouts TEXT NOT NULL,
    next_position INTEGER NOT NULL,
    last_event BLOB,
    last_recorded_at INTEGER
);
CREATE TABLE events (
    number INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    event_type INTEGER NOT NULL,
    ledger_schema INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor BLOB NOT NULL,
    command BLOB NOT NULL,
    public BLOB NOT NULL,
    personal BLOB
);
CREATE TABLE complaints (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    resolved_at INTEGER,
    closed_at INTEGER,
    handling_us INTEGER,
    reached INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    severity_rank INTEGER NOT NULL,
    external_ref TEXT,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    cycle INTEGER NOT NULL,
    level INTEGER NOT NULL,
    channel TEXT NOT NULL,
    source TEXT NOT NULL,
    language TEXT,
    category TEXT,
    nature TEXT,
    severity TEXT,
    priority TEXT,
    safety INTEGER NOT NULL,
    product TEXT,
    intake_department TEXT NOT NULL,
    department TEXT,
    person TEXT,
    outcome TEXT,
    upheld TEXT,
    cause TEXT,
    satisfaction TEXT,
    closed_key INTEGER AS (ifnull(closed_at, -9223372036854775808))
);
CREATE UNIQUE INDEX complaints_by_id ON complaints (id);
CREATE INDEX complaints_by_receipt ON complaints (received_at, id);
CREATE INDEX complaints_by_closing ON complaints (closed_key, received_at, id);
CREATE INDEX complaints_by_resolution ON complaints (resolved_at);
CREATE INDEX complaints_by_severity_rank ON complaints (severity_rank, received_at, id);
CREATE INDEX complaints_by_external_ref ON complaints (external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX complaints_by_subject ON complaints (subject);
CREATE INDEX complaints_by_state ON complaints (state, received_at, id);
CREATE INDEX complaints_by_channel ON complaints (channel, received_at, id);
CREATE INDEX complaints_by_category ON complaints (category, received_at, id);
CREATE INDEX complaints_by_priority ON complaints (priority, received_at, id);
CREATE INDEX complaints_by_product ON complaints (product, received_at, id) WHERE product IS NOT NULL;
CREATE INDEX complaints_by_department ON complaints (department, received_at, id);
CREATE INDEX complaints_by_person ON complaints (person, received_at, id);
CREATE INDEX complaints_by_outcome ON complaints (outcome, received_at, id);
CREATE INDEX complaints_by_cause ON complaints (cause, received_at, id);
CREATE INDEX complaints_by_satisfaction ON complaints (satisfaction, received_at, id) WHERE satisfaction IS NOT NULL;
CREATE INDEX complaints_open ON complaints (received_at, id, state) WHERE state <> 'closed';
CREATE INDEX complaints_by_level ON complaints (level);
CREATE INDEX complaints_by_cycle ON complaints (cycle);
CREATE TABLE summaries (n INTEGER PRIMARY KEY, summary TEXT NOT NULL, personal BLOB);
CREATE TABLE clocks (
    n INTEGER, number INTEGER, kind TEXT NOT NULL, started_at INTEGER NOT NULL, category TEXT, severity TEXT, priority TEXT,
    department TEXT, own_target TEXT, fixed_due INTEGER, ended_at INTEGER, ending TEXT,
    track TEXT AS (json_array(kind, category, severity, priority, department, own_target)), PRIMARY KEY (n, number)
) WITHOUT ROWID;
CREATE INDEX clocks_by_end ON clocks (ended_at);
CREATE INDEX clocks_by_track ON clocks (track, started_at) WHERE ended_at IS NULL AND fixed_due IS NULL;
CREATE INDEX clocks_by_fixed_due ON clocks (fixed_due) WHERE ended_at IS NULL AND fixed_due IS NOT NULL;
CREATE TABLE pauses (
    n INTEGER, number INTEGER, reason TEXT NOT NULL, started_at INTEGER NOT NULL, until INTEGER, ended_at INTEGER,
    PRIMARY KEY (n, number)
) WITHOUT ROWID;
CREATE TABLE tags (n INTEGER, value TEXT, PRIMARY KEY (value, n)) WITHOUT ROWID;
CREATE INDEX tags_by_complaint ON tags (n);
CREATE TABLE flags (n INTEGER, value TEXT, PRIMARY KEY (value, n)) WITHOUT ROWID;
CREATE INDEX flags_by_complaint ON flags (n);
CREATE TABLE remedies (n INTEGER, value TEXT, PRIMARY KEY (value, n)) WITHOUT ROWID;
CREATE INDEX remedies_by_complaint ON remedies (n);
CREATE TABLE departments (n INTEGER, value TEXT, PRIMARY KEY (value, n)) WITHOUT ROWID;
CREATE INDEX departments_by_complaint ON departments (n);
CREATE TABLE relations (n INTEGER, value TEXT, PRIMARY KEY (value, n)) WITHOUT ROWID;
CREATE INDEX relations_by_complaint ON relations (n);
CREATE TABLE source_facts (
    n INTEGER, system TEXT, field TEXT, value TEXT NOT NULL, PRIMARY KEY (n, system, field)
) WITHOUT ROWID;
CREATE INDEX source_facts_by_value ON source_facts (system, field, value);
CREATE VIRTUAL TABLE words USING fts5 (text, pairs, content = '', columnsize = 0, tokenize = 'ascii');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
";

/// How much of the file is kept in memory at most, in KiB: what complaints under way are written to while many facts are
/// folded, and what is looked at again and again.
const CACHE_KIB: i64 = 128 << 10;

/// Sets what holds for a connection that reads, not for the file.
pub(crate) fn prepare_reader(connection: &Connection) -> Result<(), ArchiveError> {
    // Sorting must not leave personal data in temporary files.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Otherwise SQLite plans a cached statement anew whenever other values are bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Sets what holds for a connection that writes, not for the file.
pub(crate) fn prepare_connection(connection: &Connection) -> Result<(), ArchiveError> {
    prepare_reader(connection)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    // Only under the seal does anything go from the log into the file.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
    Ok(())
}

/// Lays out an empty database for a ledger.
pub(crate) fn create(connection: &mut Connection, ledger: Uuid) -> Result<(), ArchiveError> {
    let transaction = connection.transaction()?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", LAYOUT)?;
    transaction.execute_batch(TABLES)?;
    transaction.execute(
        "INSERT INTO checkpoint VALUES (1, ?, ?, 0, NULL, NULL)",
        params![ledger.as_bytes(), fact_layouts()],
    )?;
    Ok(transaction.commit()?)
}

/// Whether a database is in the present layout, and of this ledger.
pub(crate) fn fits(connection: &Connection, ledger: Uuid) -> Result<bool, ArchiveError> {
    let layout: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout != LAYOUT || tables(connection)? != expected_tables()? {
        return Ok(false);
    }
    Ok(connection
        .query_row(
            "SELECT ledger = ? AND fact_layouts = ? FROM checkpoint",
            params![ledger.as_bytes(), fact_layouts()],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or(false))
}

fn tables(connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    connection
        .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect()
}

fn expected_tables() -> Result<Vec<String>, rusqlite::Error> {
    let fresh = Connection::open_in_memory()?;
    fresh.execute_batch(TABLES)?;
    tables(&fresh)
}

/// The layouts that the facts in the time line are kept in; where the codec has moved on, they are folded again.
fn fact_layouts() -> String {
    EventType::ALL
        .map(|kind| format!("{}={}", kind.name(), schema(kind)))
        .join(",")
}
