//! The tables of the archive, and whether a database has them.
//!
//! Columns that only serve to be asked for are worked out by SQLite from the summary, so that they cannot differ from it.
//! Instants are whole microseconds since 1970; ids are their sixteen bytes.

use redress_core::EventType;
use redress_store::codec::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use crate::error::ArchiveError;

/// Marks a file as an archive of redress: `RDAR`.
pub(crate) const APPLICATION_ID: i32 = 0x5244_4152;
/// Counts the layouts of the tables; another one means rebuild.
const LAYOUT: i32 = 3;

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
    position INTEGER PRIMARY KEY,
    complaint BLOB NOT NULL,
    version INTEGER NOT NULL,
    event_type INTEGER NOT NULL,
    ledger_schema INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    actor BLOB NOT NULL,
    command BLOB NOT NULL,
    public BLOB NOT NULL,
    personal BLOB
);
CREATE UNIQUE INDEX events_by_complaint ON events (complaint, version);
CREATE TABLE complaints (
    id BLOB PRIMARY KEY,
    received_at INTEGER NOT NULL,
    resolved_at INTEGER,
    closed_at INTEGER,
    outcome TEXT,
    summary TEXT NOT NULL,
    personal BLOB,
    external_ref TEXT AS (summary ->> '$.external_ref'),
    subject TEXT AS (summary ->> '$.subject'),
    channel TEXT AS (summary ->> '$.channel'),
    source TEXT AS (summary ->> '$.source'),
    language TEXT AS (summary ->> '$.language'),
    product TEXT AS (summary ->> '$.product.code'),
    intake_department TEXT AS (summary ->> '$.intake_department'),
    state TEXT AS (summary ->> '$.state'),
    cycle INTEGER AS (summary ->> '$.cycle'),
    level INTEGER AS (summary ->> '$.level'),
    category TEXT AS (summary ->> '$.category'),
    nature TEXT AS (summary ->> '$.nature'),
    severity TEXT AS (summary ->> '$.severity'),
    priority TEXT AS (summary ->> '$.priority'),
    safety INTEGER AS (summary ->> '$.safety'),
    lead_department TEXT AS (summary ->> '$.lead.department'),
    person TEXT AS (summary ->> '$.lead.person'),
    upheld TEXT AS (summary ->> '$.upheld'),
    cause TEXT AS (summary ->> '$.cause'),
    satisfaction TEXT AS (summary ->> '$.satisfaction')
);
CREATE INDEX complaints_by_receipt ON complaints (received_at, id);
CREATE INDEX complaints_by_external_ref ON complaints (external_ref);
CREATE INDEX complaints_by_subject ON complaints (subject);
CREATE INDEX complaints_by_state ON complaints (state, received_at);
CREATE INDEX complaints_by_category ON complaints (category, received_at);
CREATE INDEX complaints_by_lead ON complaints (lead_department, received_at);
CREATE INDEX complaints_by_cause ON complaints (cause, received_at);
CREATE TABLE tags (complaint BLOB, value TEXT, PRIMARY KEY (value, complaint)) WITHOUT ROWID;
CREATE INDEX tags_by_complaint ON tags (complaint);
CREATE TABLE flags (complaint BLOB, value TEXT, PRIMARY KEY (value, complaint)) WITHOUT ROWID;
CREATE INDEX flags_by_complaint ON flags (complaint);
CREATE TABLE remedies (complaint BLOB, value TEXT, PRIMARY KEY (value, complaint)) WITHOUT ROWID;
CREATE INDEX remedies_by_complaint ON remedies (complaint);
CREATE TABLE departments (
    complaint BLOB, value TEXT, part TEXT, PRIMARY KEY (value, part, complaint)
) WITHOUT ROWID;
CREATE INDEX departments_by_complaint ON departments (complaint);
CREATE TABLE links (
    complaint BLOB, value TEXT, target BLOB, PRIMARY KEY (value, target, complaint)
) WITHOUT ROWID;
CREATE INDEX links_by_complaint ON links (complaint);
CREATE INDEX links_by_target ON links (target);
CREATE TABLE source_facts (
    complaint BLOB, system TEXT, field TEXT, value TEXT NOT NULL, PRIMARY KEY (complaint, system, field)
) WITHOUT ROWID;
CREATE INDEX source_facts_by_value ON source_facts (system, field, value);
CREATE TABLE texts (id INTEGER PRIMARY KEY, complaint BLOB NOT NULL, field TEXT NOT NULL);
CREATE INDEX texts_by_complaint ON texts (complaint, field);
CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'ascii');
INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
";

/// Sets what holds for a connection, not for the file.
pub(crate) fn prepare_connection(connection: &Connection) -> Result<(), ArchiveError> {
    connection.pragma_update(None, "secure_delete", true)?;
    // Sorting must not leave personal data in temporary files.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.set_prepared_statement_cache_capacity(64);
    // Otherwise SQLite plans a cached statement anew whenever other values are bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
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

/// Whether a database is whole, in the present layout, and of this ledger.
pub(crate) fn fits(connection: &Connection, ledger: Uuid) -> Result<bool, ArchiveError> {
    let layout: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if layout != LAYOUT || tables(connection)? != expected_tables()? {
        return Ok(false);
    }
    let of_this_ledger = connection
        .query_row(
            "SELECT ledger = ? AND fact_layouts = ? FROM checkpoint",
            params![ledger.as_bytes(), fact_layouts()],
            |row| row.get(0),
        )
        .optional()?
        .unwrap_or(false);
    if !of_this_ledger {
        return Ok(false);
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok")
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
