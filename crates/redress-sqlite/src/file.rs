//! The ledger file: making it, telling it from other files, and connections to it.
//!
//! A file that is not a ledger, or one that cannot be read, is left exactly as it was.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use redress_core::{Position, Timestamp};
use redress_store::file::{create_private, names};
use redress_store::{StoreError, StoreErrorKind};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::fault::{NOT_A_LEDGER, from_io, from_sqlite};
use crate::rows;
use crate::schema::{self, APPLICATION_ID, CREATE_TABLES, FORMAT, PAGE_BYTES};

/// How long a connection waits for another one inside SQLite, which is only ever for moments.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// How many prepared statements a connection keeps: more than there are.
const STATEMENTS: usize = 16;

/// The path of a file that belongs to the ledger.
pub(crate) fn beside(ledger: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(ledger);
    name.push(suffix);
    PathBuf::from(name)
}

/// Finds the file that `path` means, behind any links, so that one ledger has one lock.
pub(crate) fn resolve(path: &Path) -> Result<PathBuf, StoreError> {
    let open = |error| from_io("open the ledger", path, error);
    let resolved = fs::canonicalize(path).map_err(open)?;
    let metadata = fs::metadata(&resolved).map_err(open)?;
    if metadata.is_file() {
        return check_one_name(resolved);
    }
    let what = if metadata.is_dir() {
        "this is a folder, not a redress ledger"
    } else {
        "this is not a regular file, so not a redress ledger"
    };
    Err(StoreError::new(StoreErrorKind::NotALedger, what).at_path(resolved))
}

/// Refuses a ledger that has a second name: what SQLite and the lock keep beside it goes by name, so two programs would write
/// it without knowing of each other.
fn check_one_name(path: PathBuf) -> Result<PathBuf, StoreError> {
    let names = names(&path).map_err(|error| from_io("open the ledger", &path, error))?;
    if names <= 1 {
        return Ok(path);
    }
    let message = format!(
        "the ledger's file has {names} names (hard links), and a writer under one would not see the other; keep one name, or \
         open a copy"
    );
    Err(StoreError::new(StoreErrorKind::NotALedger, message).at_path(path))
}

/// Checks that the file is a ledger of a format that is known, without touching it or anything beside it.
pub(crate) fn inspect(path: &Path) -> Result<(), StoreError> {
    let failed = |error| from_sqlite("open the ledger", error).at_path(path);
    let connection = open_immutable(path).map_err(failed)?;
    // A writer that was killed may have left a header that promises more pages than it had written; the rest is in
    // the -wal file. Only this setting lets the header be read nevertheless.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)
        .map_err(failed)?;
    let refused = |kind, message| Err(StoreError::new(kind, message).at_path(path));
    if header(&connection, "application_id").map_err(failed)? != APPLICATION_ID {
        return refused(StoreErrorKind::NotALedger, NOT_A_LEDGER.to_owned());
    }
    let format = header(&connection, "user_version").map_err(failed)?;
    if format > FORMAT {
        let message = format!(
            "the ledger is written in format {format}, this program knows up to {FORMAT}; use a newer version"
        );
        return refused(StoreErrorKind::NewerFormat, message);
    }
    if format < FORMAT {
        let message = format!("the ledger's header names format {format}, which never was");
        return refused(StoreErrorKind::Damaged, message);
    }
    let page_bytes = header(&connection, "page_size").map_err(failed)?;
    check_whole_pages(path, page_bytes)
}

/// Checks that the file was not cut off within a page, of which SQLite would take no notice.
fn check_whole_pages(path: &Path, page_bytes: i32) -> Result<(), StoreError> {
    let metadata = fs::metadata(path).map_err(|error| from_io("open the ledger", path, error))?;
    let page_bytes = u64::from(page_bytes.unsigned_abs()).max(1);
    if metadata.len().is_multiple_of(page_bytes) || has_unfinished_business(path) {
        return Ok(());
    }
    let message = "the ledger is damaged: its file is cut off; restore it from a backup";
    Err(StoreError::new(StoreErrorKind::Damaged, message).at_path(path))
}

/// Whether commits wait in the -wal file to be moved into the ledger, of a writer that works or was killed.
fn has_unfinished_business(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|wal| wal.len() > 0)
}

fn header(connection: &Connection, name: &str) -> rusqlite::Result<i32> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// Makes a ledger, as a whole or not at all, where there is nothing yet. `fill` puts into it what it begins with.
///
/// Whoever calls it holds the lock of the ledger.
pub(crate) fn create(
    path: &Path,
    ledger_id: Uuid,
    fill: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let draft = beside(path, "-new");
    let created = remove_draft(&draft)
        .and_then(|()| check_free(path))
        .and_then(|()| write_draft(&draft, ledger_id, fill))
        .and_then(|()| publish(&draft, path));
    if created.is_err() {
        remove_draft(&draft).ok();
    }
    created
}

/// Checks that there is neither a ledger nor what another one may have left.
pub(crate) fn check_free(path: &Path) -> Result<(), StoreError> {
    for path in [path.to_owned(), beside(path, "-wal")] {
        if fs::symlink_metadata(&path).is_ok() {
            let message = "there is a file already; open it, or choose another name";
            return Err(StoreError::new(StoreErrorKind::AlreadyExists, message).at_path(path));
        }
    }
    Ok(())
}

/// Removes what a process that was killed while it made a ledger may have left.
fn remove_draft(draft: &Path) -> Result<(), StoreError> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let path = beside(draft, suffix);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(from_io("remove an unfinished ledger", &path, error));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

fn write_draft(
    draft: &Path,
    ledger_id: Uuid,
    fill: impl FnOnce(&Connection) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    // SQLite makes what it keeps beside a database with the mode of the database.
    create_private(draft).map_err(|error| from_io("create the ledger", draft, error))?;
    let failed = |error| from_sqlite("create the ledger", error).at_path(draft);
    let make = || -> rusqlite::Result<Connection> {
        let connection = Connection::open(draft)?;
        connection.pragma_update(None, "page_size", PAGE_BYTES)?;
        // Until it has its name nobody reads it, so a journal would protect nothing.
        connection.pragma_update(None, "journal_mode", "off")?;
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", FORMAT)?;
        connection.execute_batch(CREATE_TABLES)?;
        connection.execute(
            "INSERT INTO meta (ledger_id) VALUES (?1)",
            [ledger_id.as_bytes()],
        )?;
        Ok(connection)
    };
    let connection = make().map_err(failed)?;
    connection.execute_batch("BEGIN").map_err(failed)?;
    fill(&connection)?;
    connection.execute_batch("COMMIT").map_err(failed)?;
    connection
        .pragma_update(None, "journal_mode", "wal")
        .and_then(|()| connection.close().map_err(|(_, error)| error))
        .map_err(failed)
}

fn publish(draft: &Path, path: &Path) -> Result<(), StoreError> {
    let publish = || {
        File::open(draft)?.sync_all()?;
        fs::rename(draft, path)?;
        sync_folder(path)
    };
    publish().map_err(|error| from_io("create the ledger", path, error))
}

/// Makes the new name of a file durable.
#[cfg(unix)]
fn sync_folder(path: &Path) -> std::io::Result<()> {
    path.parent()
        .map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Other systems keep names durable themselves, and do not open folders as files.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What a connection finds in a ledger when it is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) ledger_id: Uuid,
    /// Where the last entry stands, and when it was recorded.
    pub(crate) last: Option<(Position, Timestamp)>,
}

/// Opens the connection that writes. Whoever calls it holds the lock of the ledger.
pub(crate) fn open_writer(path: &Path) -> Result<(Connection, Found), StoreError> {
    let (connection, found) = open_ordinary(path)?;
    let prepare = || -> rusqlite::Result<()> {
        connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "full")?;
        // What is erased is overwritten, not only let go of.
        connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
        rows::check_inserts(&connection)?;
        // What a killed writer had written but not yet made durable can be read now. Before anybody does, it must be
        // durable.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        Ok(())
    };
    prepare().map_err(|error| from_sqlite("open the ledger", error).at_path(path))?;
    Ok((connection, found))
}

/// Opens a connection that reads only.
pub(crate) fn open_reader(path: &Path) -> Result<(Connection, Found), StoreError> {
    // Reading beside a writer needs the -wal and -shm files. Where they are not there and may not be made, nobody
    // writes either, so the file can be read as one that does not change.
    let is_at_rest = !beside(path, "-wal").exists();
    if is_at_rest && is_write_protected(path) {
        return open_unchanging(path);
    }
    let (connection, found) = match open_ordinary(path) {
        Err(error) if is_at_rest && is_about_files(&error) => return open_unchanging(path),
        opened => opened?,
    };
    connection
        .pragma_update(None, "query_only", true)
        .map_err(|error| from_sqlite("open the ledger", error).at_path(path))?;
    Ok((connection, found))
}

fn is_about_files(error: &StoreError) -> bool {
    matches!(error.kind(), StoreErrorKind::Io | StoreErrorKind::ReadOnly)
}

/// Whether the file's own permissions forbid to write it, even to those whom the system lets write anything.
pub(crate) fn is_write_protected(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly())
}

fn open_ordinary(path: &Path) -> Result<(Connection, Found), StoreError> {
    let open = || -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let is_unfinished = has_unfinished_business(path);
        let connection = Connection::open_with_flags(path, flags)?;
        // If the ledger turns out to be damaged, what a killed writer left must stay as it is.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, is_unfinished)?;
        Ok(connection)
    };
    let connection = open().map_err(|error| from_sqlite("open the ledger", error).at_path(path))?;
    look_inside(connection, path)
}

fn open_unchanging(path: &Path) -> Result<(Connection, Found), StoreError> {
    let connection = open_immutable(path)
        .map_err(|error| from_sqlite("open the ledger", error).at_path(path))?;
    look_inside(connection, path)
}

fn look_inside(connection: Connection, path: &Path) -> Result<(Connection, Found), StoreError> {
    let failed = |error| from_sqlite("open the ledger", error).at_path(path);
    configure(&connection).map_err(failed)?;
    if let Some(object) = schema::stranger(&connection).map_err(failed)? {
        let message = format!(
            "the ledger is damaged: its {object} is not as this format has it; somebody else changed the file, so restore it from \
             a backup"
        );
        return Err(StoreError::new(StoreErrorKind::Damaged, message).at_path(path));
    }
    let ledger_id = connection
        .query_one("SELECT ledger_id FROM meta", [], |row| {
            row.get::<_, [u8; 16]>(0)
        })
        .map_err(failed)?;
    let last = rows::last(&connection).map_err(|error| error.at_path(path))?;
    let found = Found {
        ledger_id: Uuid::from_bytes(ledger_id),
        last,
    };
    Ok((connection, found))
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite plans a cached statement anew whenever other values are bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The tables refer to nothing, and nothing that a stranger put into the file may run.
    connection.pragma_update(None, "foreign_keys", false)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)
}

/// Opens a file as one that nobody changes: no locks, no files beside it, no recovery.
fn open_immutable(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(uri(path), flags)
}

/// The path as SQLite takes it together with a setting.
fn uri(path: &Path) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' => {
                uri.push(char::from(*byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}
