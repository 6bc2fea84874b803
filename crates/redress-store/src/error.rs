//! What can go wrong in a store.

use std::path::{Path, PathBuf};

use redress_core::{CommandId, Position, Version};

/// Why an append was refused. Nothing was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The append breaks a limit of the format.
    #[error("append refused: {0}")]
    Invalid(InvalidAppend),
    /// A command of this id is stored already, with other content or only in part.
    #[error(
        "command {command} was already recorded at position {position} with other content; use a new command id"
    )]
    CommandReused {
        /// The command.
        command: CommandId,
        /// Where its first entry stands.
        position: Position,
    },
    /// The stream is not as the append expects it; load it again and decide anew.
    #[error("the stream is not as expected: its version is {}", .actual.map_or_else(|| "none".to_owned(), |v| v.to_string()))]
    Conflict {
        /// The version of its last entry; `None` where there is no stream.
        actual: Option<Version>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which limit of the format an append breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAppend {
    /// No entries.
    #[error("it has no entries")]
    Empty,
    /// Too many entries.
    #[error("it has more than {} entries", crate::entry::MAX_APPEND_ENTRIES)]
    TooManyEntries,
    /// Too many personal parts.
    #[error("an entry has more than {} personal parts", crate::entry::MAX_PARTS)]
    TooManyParts,
    /// A part is too large.
    #[error(
        "a part is larger than {} bytes; keep large evidence elsewhere and store its digest",
        crate::entry::MAX_PART_BYTES
    )]
    PartTooLarge,
    /// The public part is not UTF-8.
    #[error("a public part is not UTF-8")]
    NotUtf8,
    /// Entries of one command stand apart, with another command's between them.
    #[error("the entries of one command do not stand together")]
    SplitCommand,
}

/// A store failed or is damaged.
///
/// Opaque on purpose: ask it the questions below. The message says what, where and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}{}", describe(.path.as_deref(), *.position))]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    path: Option<PathBuf>,
    position: Option<Position>,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// The file is not a ledger at all.
    NotALedger,
    /// It was written in a newer format than this program knows.
    NewerFormat,
    /// Another program holds it.
    Locked,
    /// It cannot be written.
    ReadOnly,
    /// It is damaged.
    Damaged,
    /// It does not exist.
    NotFound,
    /// Where it is to be created, there is something already.
    AlreadyExists,
    /// The store was closed, or its writer stopped after a failure.
    Closed,
    /// Anything else that the operating system or the database reports.
    Io,
}

fn describe(path: Option<&Path>, position: Option<Position>) -> String {
    let mut text = String::new();
    if let Some(path) = path {
        text.push_str(&format!(" (file {})", path.display()));
    }
    if let Some(position) = position {
        text.push_str(&format!(" (position {position})"));
    }
    text
}

impl StoreError {
    /// A failure of this kind, told in a sentence fragment that says what to do.
    #[must_use]
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            path: None,
            position: None,
            cause: None,
        }
    }

    /// Adds the file.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds the position.
    #[must_use]
    pub const fn at_position(mut self, position: Position) -> Self {
        self.position = Some(position);
        self
    }

    /// Adds what led to it.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Box::new(cause));
        self
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// The position of the damaged entry.
    #[must_use]
    pub const fn position(&self) -> Option<Position> {
        self.position
    }

    /// Whether what is stored is damaged.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        self.kind == StoreErrorKind::Damaged
    }

    /// Whether another program holds the store, so that trying later may help.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.kind == StoreErrorKind::Locked
    }
}
