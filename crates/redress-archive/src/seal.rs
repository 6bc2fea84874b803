//! The seal: by which an archive knows that its file is the very one it left behind.
//!
//! Reading a file of gigabytes to check it would take as long as folding part of it anew. Instead the archive writes down, in
//! a small file beside its own, what the system says of that one: which file it is, how long, and when it was changed
//! last. Whoever writes into the file, even one byte, changes that; a program cannot set the last of these back. An archive
//! is believed only if it is as the seal says, and is folded anew otherwise.
//!
//! What the seal cannot see is damage below the file system, by a disk that gives back other bytes than it was given.
//!
//! New facts stand in SQLite's log, which guards each of its pages by a checksum: what is damaged there is as if it had
//! never been written. They go from the log into the file only while whoever moves them holds the seal locked.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use crate::checkpoint::Checkpoint;
use crate::error::ArchiveError;

/// The ending of the file that holds the seal, behind the archive's own name.
pub(crate) const SUFFIX: &str = "-seal";

/// How long to wait for whoever holds the seal, and for the clock of the file system, in milliseconds.
const PATIENCE_MS: u64 = 5_000;
const TICK_MS: u64 = 200;

/// The file that holds the seal, and the lock on it. Letting go of it unlocks it.
#[derive(Debug)]
pub(crate) struct Seal {
    file: File,
    archive: PathBuf,
}

impl Seal {
    /// Locks the seal to read: nothing goes into the archive's file meanwhile.
    pub(crate) fn shared(archive: &Path) -> Result<Self, ArchiveError> {
        let seal = Self::open(archive)?;
        seal.file.lock_shared()?;
        Ok(seal)
    }

    /// Locks the seal to write, or tells that somebody else holds it for too long.
    pub(crate) fn exclusive(archive: &Path) -> Result<Self, ArchiveError> {
        for _ in 0..PATIENCE_MS {
            if let Some(seal) = Self::try_exclusive(archive)? {
                return Ok(seal);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err(ArchiveError::locked().at_path(archive))
    }

    /// Locks the seal to write; `None` while somebody else holds it.
    pub(crate) fn try_exclusive(archive: &Path) -> Result<Option<Self>, ArchiveError> {
        let seal = Self::open(archive)?;
        match seal.file.try_lock() {
            Ok(()) => Ok(Some(seal)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    fn open(archive: &Path) -> Result<Self, ArchiveError> {
        // The archive itself, not a link to it: there is one seal, whatever the archive is called.
        let archive = fs::canonicalize(archive).unwrap_or_else(|_| archive.to_owned());
        let path = path(&archive);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options
            .open(&path)
            .map_err(|error| ArchiveError::from(error).at_path(&path))?;
        Ok(Self { file, archive })
    }

    /// Up to which position the archive's file was folded when it was sealed, if it is that file still.
    pub(crate) fn sealed_position(&mut self) -> Result<Option<u64>, ArchiveError> {
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(0))?;
        if let Err(error) = self.file.read_to_string(&mut text) {
            return if error.kind() == ErrorKind::InvalidData {
                Ok(None)
            } else {
                Err(error.into())
            };
        }
        let archive = match fs::metadata(&self.archive) {
            Ok(archive) => archive,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let position = text
            .rsplit(' ')
            .next()
            .and_then(|position| position.parse().ok());
        Ok(position.filter(|position| text == written(&archive, *position)))
    }

    /// Breaks the seal: until it is made again, the archive is not believed.
    pub(crate) fn break_open(&mut self) -> Result<(), ArchiveError> {
        self.file.set_len(0)?;
        Ok(self.file.sync_data()?)
    }

    /// Moves what was folded from the log into the file and seals it.
    ///
    /// Where a reader holds the log up, what could be moved was, and the log still holds it all. A file whose seal was
    /// broken meanwhile stays so: sealing it would hide that.
    pub(crate) fn renew(&mut self, connection: &Connection) -> Result<(), ArchiveError> {
        let Some(sealed) = self.sealed_position()? else {
            return Ok(());
        };
        self.break_open()?;
        self.make(connection, sealed)
    }

    /// Seals a file that was made just now.
    pub(crate) fn make(
        &mut self,
        connection: &Connection,
        at_least: u64,
    ) -> Result<(), ArchiveError> {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        let position = Checkpoint::read(connection)?.next.get().max(at_least);
        let archive = fs::metadata(&self.archive)?;
        for _ in 0..TICK_MS {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.file
                .write_all(written(&archive, position).as_bytes())?;
            // The system's clock for files goes in steps. A change in the step in which the archive was written last could
            // not be told, so the seal holds only once a step has passed.
            if modified(&self.file.metadata()?) > modified(&archive) {
                return Ok(self.file.sync_data()?);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        self.break_open()
    }
}

/// Where the seal of an archive is.
pub(crate) fn path(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(SUFFIX);
    PathBuf::from(name)
}

/// What a seal says. The position stands there twice, so that no change to it goes unseen.
fn written(archive: &Metadata, position: u64) -> String {
    format!(
        "redress-archive-seal-1 {} {position} {position}",
        stamp(archive)
    )
}

#[cfg(unix)]
fn stamp(archive: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    format!(
        "{}:{}:{}.{}:{}.{}",
        archive.ino(),
        archive.len(),
        archive.mtime(),
        archive.mtime_nsec(),
        archive.ctime(),
        archive.ctime_nsec()
    )
}

#[cfg(not(unix))]
fn stamp(archive: &Metadata) -> String {
    format!("{}:{:?}", archive.len(), archive.modified().ok())
}

#[cfg(unix)]
fn modified(file: &Metadata) -> (i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (file.ctime(), file.ctime_nsec())
}

#[cfg(not(unix))]
fn modified(file: &Metadata) -> Option<std::time::SystemTime> {
    file.modified().ok()
}
