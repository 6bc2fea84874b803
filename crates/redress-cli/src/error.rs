//! Why a command failed, told to whoever typed it.

use std::path::PathBuf;

use redress::LedgerError;
use redress::store::StoreError;
use redress_interchange::{ImportError, MappingError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("there is no complaint `{id}` in {}", .ledger.display())]
    NoSuchComplaint { id: String, ledger: PathBuf },
    #[error(transparent)]
    Import(#[from] ImportError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error("cannot {what} {}: {source}", .path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{0}")]
    Archive(#[from] redress::archive::ArchiveError),
    #[error("a part of the import stopped: {0}")]
    Worker(String),
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
pub(crate) enum Exit {
    Done,
    Failed,
    SomeRefused,
    NotFound,
}

impl Exit {
    /// The number, as `redress --help` lists it.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::SomeRefused => 3,
            Self::NotFound => 4,
        }
    }
}

impl Failure {
    /// The code for the shell; a reader that has gone away is no failure.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
            Self::NoSuchComplaint { .. } => Exit::NotFound,
            Self::Ledger(_)
            | Self::Import(_)
            | Self::Mapping(_)
            | Self::File { .. }
            | Self::Archive(_)
            | Self::Worker(_)
            | Self::Output(_) => Exit::Failed,
        }
    }
}
