//! Why a command failed, told to whoever typed it.

use std::path::{Path, PathBuf};

use redress::LedgerError;
use redress::archive::ArchiveError;
use redress::core::policy::PolicyErrors;
use redress::store::StoreError;
use redress_interchange::{ImportError, MappingError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The ledger cannot be opened, read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing is known of the complaint that was named.
    #[error("there is no complaint `{id}` in {}", .ledger.display())]
    NoSuchComplaint {
        /// What was named.
        id: String,
        /// Where it was looked for.
        ledger: PathBuf,
    },
    /// The file to take in cannot be used.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The mapping cannot be used.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The policy cannot be used.
    #[error(transparent)]
    Policy(#[from] PolicyErrors),
    /// A file cannot be read or written.
    #[error("cannot {what} {}: {source}", .path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The archive cannot be searched.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A thread of the import broke off; what it had acknowledged is recorded.
    #[error("a part of the import broke off; import the file again to take in the rest")]
    ImportBrokeOff,
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

/// What a command tells the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All was done.
    Done,
    /// It failed.
    Failed,
    /// An import finished, but some rows or facts were refused.
    SomeRefused,
    /// There is no such complaint.
    NotFound,
}

impl Exit {
    /// The number, as `redress --help` lists it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::SomeRefused => 3,
            Self::NotFound => 4,
        }
    }
}

impl Failure {
    /// A file that cannot be read or written.
    pub(crate) fn file(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File {
            what,
            path: path.to_owned(),
            source,
        }
    }

    /// What to tell the shell; a reader that has gone away is no failure.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
            Self::NoSuchComplaint { .. } => Exit::NotFound,
            Self::Ledger(_)
            | Self::Import(_)
            | Self::Mapping(_)
            | Self::Policy(_)
            | Self::File { .. }
            | Self::Archive(_)
            | Self::ImportBrokeOff
            | Self::Output(_) => Exit::Failed,
        }
    }
}
