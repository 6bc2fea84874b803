//! What SQLite and the operating system report, as errors of a store.

use std::io;
use std::path::Path;

use redress_core::Position;
use redress_store::{StoreError, StoreErrorKind};
use rusqlite::ffi;

/// What a failure of SQLite while `doing` something means for whoever uses the store.
pub(crate) fn from_sqlite(doing: &str, error: rusqlite::Error) -> StoreError {
    // An error that is not SQLite's own is a value of another type or a missing row: the tables are ours, so that is
    // damage.
    let (kind, what) = error
        .sqlite_error()
        .map_or((StoreErrorKind::Damaged, DAMAGED), |failure| {
            kind_of(failure.extended_code)
        });
    StoreError::new(kind, format!("failed to {doing}: {what}")).caused_by(error)
}

const DAMAGED: &str = "the ledger is damaged; restore it from a backup";

fn kind_of(extended_code: i32) -> (StoreErrorKind, &'static str) {
    if extended_code == ffi::SQLITE_IOERR_SHORT_READ {
        return (StoreErrorKind::Damaged, DAMAGED);
    }
    // The lower byte is the class of the failure.
    match extended_code & 0xff {
        ffi::SQLITE_NOTADB => (StoreErrorKind::NotALedger, NOT_A_LEDGER),
        // Our statements fit our tables: if one cannot be prepared, the tables are not as they were made.
        ffi::SQLITE_CORRUPT | ffi::SQLITE_ERROR | ffi::SQLITE_CONSTRAINT => {
            (StoreErrorKind::Damaged, DAMAGED)
        }
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => (
            StoreErrorKind::Locked,
            "another program holds the file; close it there and try again",
        ),
        ffi::SQLITE_READONLY => (StoreErrorKind::ReadOnly, "the file cannot be written"),
        ffi::SQLITE_FULL => (
            StoreErrorKind::Io,
            "the disk is full; make room and open it again",
        ),
        ffi::SQLITE_CANTOPEN => (
            StoreErrorKind::Io,
            "the file, or one beside it, cannot be opened; check who may read and write there",
        ),
        _ => (StoreErrorKind::Io, "the disk or the system failed"),
    }
}

pub(crate) const NOT_A_LEDGER: &str = "this file is not a redress ledger; nothing was changed";

/// What a failure of the operating system while `doing` something with the file at `path` means.
pub(crate) fn from_io(doing: &str, path: &Path, error: io::Error) -> StoreError {
    let table = [
        (
            io::ErrorKind::NotFound,
            StoreErrorKind::NotFound,
            ": there is no such file or folder",
        ),
        (
            io::ErrorKind::PermissionDenied,
            StoreErrorKind::ReadOnly,
            ": permission denied",
        ),
        (
            io::ErrorKind::ReadOnlyFilesystem,
            StoreErrorKind::ReadOnly,
            ": the file system is read-only",
        ),
        (
            io::ErrorKind::AlreadyExists,
            StoreErrorKind::AlreadyExists,
            ": there is a file already",
        ),
        (
            io::ErrorKind::StorageFull,
            StoreErrorKind::Io,
            ": the disk is full",
        ),
    ];
    let (kind, why) = table
        .iter()
        .find(|(known, _, _)| *known == error.kind())
        .map_or((StoreErrorKind::Io, ""), |(_, kind, why)| (*kind, *why));
    let message = format!("failed to {doing}{why}");
    StoreError::new(kind, message)
        .at_path(path)
        .caused_by(error)
}

/// What stands at `position` is not what was stored there.
pub(crate) fn damaged(position: Position, what: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Damaged,
        format!("{what}; restore the ledger from a backup"),
    )
    .at_position(position)
}

/// No answer will come any more.
pub(crate) fn closed() -> StoreError {
    StoreError::new(
        StoreErrorKind::Closed,
        "the store is closed, or stopped after a failed write; open it again",
    )
}
