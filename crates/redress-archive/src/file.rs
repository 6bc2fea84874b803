//! The file of the archive: told from other files before anything is written to it, made, and removed.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use crate::checkpoint::Checkpoint;
use crate::error::ArchiveError;
use crate::layout;
use crate::seal::{self, Seal};

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
        Found::Nothing | Found::Empty => recreate(path, ledger),
        Found::Archive => open_archive(path, ledger),
        Found::Other => return Err(ArchiveError::foreign(path)),
    };
    opened.map_err(|error| error.at_path(path))
}

/// Opens the archive of a ledger without changing anything; `None` where what is there does not fit, or cannot be read
/// without that.
///
/// The lock keeps everybody from changing the file as long as it is held; what is folded meanwhile goes into the log.
pub(crate) fn open_read_only(
    path: &Path,
    ledger: Uuid,
) -> Result<Option<(Connection, Seal)>, ArchiveError> {
    if !matches!(look_at(path)?, Found::Archive) || !fs::exists(seal::path(path))? {
        return Ok(None);
    }
    let mut seal = Seal::shared(path)?;
    let is_in_the_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    if is_in_the_log || seal.sealed_position()?.is_none() {
        return Ok(None);
    }
    let Some(uri) = uri(path) else {
        return Ok(None);
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(uri, flags)?;
    let fits = match layout::fits(&connection, ledger) {
        Err(error) if error.is_damage() => false,
        fits => fits?,
    };
    layout::prepare_reader(&connection)?;
    Ok(fits.then_some((connection, seal)))
}

/// The file as SQLite is told that nobody changes it; `None` of a name that is no text.
fn uri(path: &Path) -> Option<String> {
    let path = fs::canonicalize(path).ok()?;
    let mut uri = "file:".to_owned();
    for byte in path.to_str()?.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02x}"));
        }
    }
    uri.push_str("?immutable=1");
    Some(uri)
}

/// Starts the archive at a path anew. No connection to it may be open.
pub(crate) fn recreate(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    match look_at(path)? {
        Found::Nothing | Found::Empty | Found::Archive => {}
        Found::Other => return Err(ArchiveError::foreign(path)),
    }
    let mut seal = Seal::exclusive(path)?;
    replace(path, ledger, &mut seal).map_err(|error| error.at_path(path))
}

fn replace(path: &Path, ledger: Uuid, seal: &mut Seal) -> Result<Connection, ArchiveError> {
    seal.break_open()?;
    // The file itself, not a link to it: what a link points at would stay behind.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if matches!(look_at(&path)?, Found::Archive) {
        remove(&path)?;
    }
    let connection = create(&path, ledger)?;
    seal.make(&connection, 0)?;
    Ok(connection)
}

fn open_archive(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    let believed = believed(path, ledger, &mut Seal::shared(path)?);
    match believed {
        Ok(Some(connection)) => {
            // What a reader held up when something was erased is done now.
            seal_if_possible(path, &connection)?;
            Ok(connection)
        }
        Ok(None) => recreate(path, ledger),
        Err(error) if error.is_damage() => recreate(path, ledger),
        Err(error) => Err(error),
    }
}

/// The archive, if it is as it was sealed, and fits.
fn believed(
    path: &Path,
    ledger: Uuid,
    seal: &mut Seal,
) -> Result<Option<Connection>, ArchiveError> {
    let Some(sealed) = seal.sealed_position()? else {
        return Ok(None);
    };
    let connection = connect(path)?;
    layout::prepare_connection(&connection)?;
    let fits = layout::fits(&connection, ledger)?;
    // Part of the log may have gone into the file before it was damaged: then it tells of less than the file was sealed over.
    let is_whole = fits && Checkpoint::read(&connection)?.next.get() >= sealed;
    Ok(is_whole.then_some(connection))
}

/// Moves what is in the log into the file, so that nothing erased stays behind beside it or in it, and seals it.
///
/// A reader elsewhere may hold it up; then whoever opens the archive next does it.
pub(crate) fn seal_if_possible(path: &Path, connection: &Connection) -> Result<(), ArchiveError> {
    if log_bytes(path) == 0 {
        return Ok(());
    }
    match Seal::try_exclusive(path)? {
        Some(mut seal) => seal.renew(connection),
        None => Ok(()),
    }
}

/// How long the log is.
pub(crate) fn log_bytes(path: &Path) -> u64 {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    fs::metadata(beside(&path, "-wal")).map_or(0, |log| log.len())
}

/// Makes an archive under another name first: a file at `path` bears the marks of an archive from its first moment on, also
/// where the power goes meanwhile. Without them it would be taken for a file of somebody else's, and left alone for ever.
fn create(path: &Path, ledger: Uuid) -> Result<Connection, ArchiveError> {
    let draft = beside(path, "-new");
    remove(&draft)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    drop(options.open(&draft)?);
    let mut connection = connect(&draft)?;
    layout::prepare_connection(&connection)?;
    layout::create(&mut connection, ledger)?;
    drop(connection);
    File::open(&draft)?.sync_all()?;
    fs::rename(&draft, path)?;
    let connection = connect(path)?;
    layout::prepare_connection(&connection)?;
    // Only now: until the marks of an archive stand in the file itself, nothing may lie beside it.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, ArchiveError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(Connection::open_with_flags(path, flags)?)
}

fn look_at(path: &Path) -> Result<Found, ArchiveError> {
    let file = match redress_store::file::open_plain(path) {
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
