//! The file of the archive: told from other files before anything is written to it, made, and removed.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::error::ArchiveError;
use crate::layout;

/// What stands at a path.
enum Found {
    Nothing,
    Empty,
    Archive,
    Other,
}

/// Opens the archive of a ledger, and starts it anew where what is there does not fit.
pub(crate) fn open(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    let opened = match look_at(path)? {
        Found::Nothing | Found::Empty => create(path, ledger),
        Found::Archive => open_archive(path, ledger),
        Found::Other => return Err(ArchiveError::foreign(path)),
    };
    opened.map_err(|error| error.at_path(path))
}

/// Starts the archive at a path anew. No connection to it may be open.
pub(crate) fn recreate(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    match look_at(path)? {
        Found::Nothing | Found::Empty => {}
        // The path itself, not a link to it: what a link points at would stay behind.
        Found::Archive => remove(&fs::canonicalize(path)?)?,
        Found::Other => return Err(ArchiveError::foreign(path)),
    }
    create(path, ledger).map_err(|error| error.at_path(path))
}

fn open_archive(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    match checked(path, ledger) {
        Ok(Some(connection)) => Ok(connection),
        Ok(None) => recreate(path, ledger),
        Err(error) if error.is_damage() => recreate(path, ledger),
        Err(error) => Err(error),
    }
}

fn checked(path: &Path, ledger: Uuid) -> Result<Option<Connection>, ArchiveError> {
    let connection = connect(path)?;
    if !layout::fits(&connection, ledger)? {
        return Ok(None);
    }
    layout::prepare_connection(&connection)?;
    empty_write_ahead_log(&connection)?;
    Ok(Some(connection))
}

fn create(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    // An empty file that stood here before has whatever mode it was made with.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    drop(file);
    let mut connection = connect(path)?;
    layout::prepare_connection(&connection)?;
    layout::create(&mut connection, ledger)?;
    // Only now: until the marks of an archive stand in the file itself, nothing may lie beside it.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, ArchiveError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

/// Moves what was written into the file itself, so that nothing erased stays behind beside it or in it.
///
/// A reader elsewhere may hold it up; then the next one does it.
pub(crate) fn empty_write_ahead_log(connection: &Connection) -> Result<(), ArchiveError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}

fn look_at(path: &Path) -> Result<Found, ArchiveError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(ArchiveError::from(error).at_path(path)),
    };
    if !file.metadata()?.is_file() {
        return Ok(Found::Other);
    }
    let mut head = Vec::with_capacity(HEADER_BYTES);
    file.take(HEADER_BYTES as u64).read_to_end(&mut head)?;
    Ok(if head.is_empty() {
        Found::Empty
    } else if is_archive(&head) {
        Found::Archive
    } else {
        Found::Other
    })
}

/// The header of an SQLite file: its first 16 bytes are a mark, and the application's own stands at byte 68, the most
/// significant byte first.
const HEADER_BYTES: usize = 100;

fn is_archive(head: &[u8]) -> bool {
    head.len() == HEADER_BYTES
        && head.starts_with(b"SQLite format 3\0")
        && head.get(68..72) == Some(&layout::APPLICATION_ID.to_be_bytes())
}

fn remove(path: &Path) -> Result<(), ArchiveError> {
    // What lies beside goes first: a log left over from another database must not be taken for the new one's.
    for suffix in ["-wal", "-shm", "-journal"] {
        remove_if_there(&beside(path, suffix))?;
    }
    remove_if_there(path)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn remove_if_there(path: &Path) -> Result<(), ArchiveError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(ArchiveError::from(error).at_path(path))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}
