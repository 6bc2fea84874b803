//! What can go wrong in the archive.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use redress_store::codec::CodecError;
use rusqlite::ErrorCode;

/// The archive failed, is damaged, or is none.
///
/// Opaque on purpose: ask it the questions below. The message says what, where and what to do, and never quotes personal data.
#[derive(Debug, thiserror::Error)]
#[error("{}{}", .kind.message(), describe(.path.as_deref()))]
pub struct ArchiveError {
    kind: Kind,
    path: Option<PathBuf>,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Foreign,
    Locked,
    ReadOnly,
    Damaged,
    TooFar,
    OtherQuery,
    Io,
}

impl Kind {
    const fn message(self) -> &'static str {
        match self {
            Self::Foreign => {
                "not an archive of redress, and left as it is; name another file, or move this one away"
            }
            Self::Locked => "another program is writing the archive; try again",
            Self::ReadOnly => "the archive cannot be written; check who may write the file",
            Self::Damaged => "the archive is damaged; reset it and fold the ledger again",
            Self::TooFar => "a position is larger than the archive can hold",
            Self::OtherQuery => {
                "the place to go on from belongs to another question; ask again from the beginning"
            }
            Self::Io => "the database of the archive failed",
        }
    }
}

fn describe(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| format!(" (file {})", path.display()))
}

impl ArchiveError {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            path: None,
            cause: None,
        }
    }

    pub(crate) fn foreign(path: &Path) -> Self {
        Self::new(Kind::Foreign).at_path(path)
    }

    /// What is stored is not what was written. The cause is left out where it might quote content.
    pub(crate) fn damaged() -> Self {
        Self::new(Kind::Damaged)
    }

    pub(crate) fn locked() -> Self {
        Self::new(Kind::Locked)
    }

    pub(crate) fn read_only() -> Self {
        Self::new(Kind::ReadOnly)
    }

    pub(crate) fn other_query() -> Self {
        Self::new(Kind::OtherQuery)
    }

    pub(crate) fn too_far() -> Self {
        Self::new(Kind::TooFar)
    }

    pub(crate) fn at_path(mut self, path: &Path) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Whether the file is something else than an archive. It was not touched.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.kind == Kind::Foreign
    }

    /// Whether another program holds the archive, so that trying later may help.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }

    /// Whether the archive cannot be written.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.kind == Kind::ReadOnly
    }

    /// Whether a [`Cursor`](crate::Cursor) came from another query.
    #[must_use]
    pub fn is_other_query(&self) -> bool {
        self.kind == Kind::OtherQuery
    }

    /// Whether the archive is damaged, so that [`Archive::reset`](crate::Archive::reset) helps.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        self.kind == Kind::Damaged
    }
}

impl From<rusqlite::Error> for ArchiveError {
    fn from(error: rusqlite::Error) -> Self {
        let kind = match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Kind::Locked,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Kind::Damaged,
            Some(ErrorCode::ReadOnly) => Kind::ReadOnly,
            // The codes are SQLite's own and grow with it.
            Some(_) | None => Kind::Io,
        };
        Self {
            cause: Some(Box::new(error)),
            ..Self::new(kind)
        }
    }
}

impl From<std::io::Error> for ArchiveError {
    fn from(error: std::io::Error) -> Self {
        let read_only = [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem];
        let kind = if read_only.contains(&error.kind()) {
            Kind::ReadOnly
        } else {
            Kind::Io
        };
        Self {
            cause: Some(Box::new(error)),
            ..Self::new(kind)
        }
    }
}

impl From<CodecError> for ArchiveError {
    fn from(error: CodecError) -> Self {
        Self {
            cause: Some(Box::new(error)),
            ..Self::damaged()
        }
    }
}
