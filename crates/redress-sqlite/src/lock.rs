//! One writer at a time: an advisory lock on a file beside the ledger.
//!
//! The lock is not on the ledger itself: SQLite has locks of its own there, and closing any other handle to that file
//! would drop them. The system releases the lock when the process ends, however it ends. The file stays; only
//! whoever made it and could not open the ledger removes it, while the lock is held.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use redress_store::file::{is_open_file, open_private};
use redress_store::{StoreError, StoreErrorKind};

use crate::fault::from_io;
use crate::file::beside;

/// How often a lock file that was removed meanwhile is made anew.
const ATTEMPTS: u32 = 100;

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
        let failed = |error| from_io("take the lock of the ledger", &path, error);
        for _ in 0..ATTEMPTS {
            let is_new = !path.exists();
            let file = open_private(&path).map_err(failed)?;
            match file.try_lock() {
                // A lock on a file that somebody removed meanwhile keeps nobody out.
                Ok(()) if is_open_file(&file, &path).map_err(failed)? => {
                    return Ok(Self { path, is_new, file });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => break,
                Err(TryLockError::Error(error)) => return Err(failed(error)),
            }
        }
        Err(StoreError::new(
            StoreErrorKind::Locked,
            "another program writes this ledger; close it there, or open it for reading only",
        )
        .at_path(ledger))
    }

    /// Gives the right back and leaves no file behind that was not there before: the ledger could not be opened.
    ///
    /// The file is removed while its lock is held, and whoever takes a lock checks that the file has its name still: so
    /// nobody else holds a lock on the file that goes.
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use redress_store::StoreErrorKind;

    use super::WriterLock;

    /// Each makes the file anew and removes it, as openings that fail do.
    #[test]
    fn of_those_that_make_and_remove_the_file_one_at_a_time_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("c.redress");
        let holders = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        match WriterLock::acquire(&ledger) {
                            Ok(lock) => {
                                assert_eq!(holders.fetch_add(1, Ordering::SeqCst), 0);
                                std::thread::yield_now();
                                holders.fetch_sub(1, Ordering::SeqCst);
                                lock.discard();
                            }
                            Err(error) => assert_eq!(error.kind(), StoreErrorKind::Locked),
                        }
                    }
                });
            }
        });
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let (ledger, lock) = (folder.path().join("c"), folder.path().join("c-lock"));
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, &lock).unwrap();
        assert!(WriterLock::acquire(&ledger).is_err());
        assert!(!elsewhere.exists());
    }
}
