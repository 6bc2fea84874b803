//! One writer at a time: an advisory lock on a file beside the ledger.
//!
//! The lock is not on the ledger itself: SQLite has locks of its own there, and closing any other handle to that file
//! would drop them. The system releases the lock when the process ends, however it ends. The file stays; removing it
//! would let two writers hold locks on two files of the same name.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use redress_store::{StoreError, StoreErrorKind};

use crate::fault::from_io;
use crate::file::beside;

/// The right to write a ledger, for as long as it is kept.
pub(crate) struct WriterLock {
    path: PathBuf,
    is_new: bool,
    file: File,
}

impl WriterLock {
    /// Takes the right to write the ledger at `ledger`.
    pub(crate) fn acquire(ledger: &Path) -> Result<Self, StoreError> {
        let path = beside(ledger, "-lock");
        let is_new = !path.exists();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        let file = options
            .open(&path)
            .map_err(|error| from_io("take the lock of the ledger", &path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, is_new, file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::new(
                StoreErrorKind::Locked,
                "another program writes this ledger; close it there, or open it for reading only",
            )
            .at_path(ledger)),
            Err(TryLockError::Error(error)) => {
                Err(from_io("take the lock of the ledger", &path, error))
            }
        }
    }

    /// Gives the right back and leaves no file behind that was not there before: the ledger could not be opened.
    pub(crate) fn discard(self) {
        if self.is_new {
            fs::remove_file(&self.path).ok();
        }
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // Closing the file would not do: a process that is just being started from this one may hold the same handle
        // for a moment, and with it the lock.
        self.file.unlock().ok();
    }
}
