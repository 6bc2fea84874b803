//! What every store promises.

use std::future::Future;

use redress_core::{CommandId, Position, Timestamp, Version};
use uuid::Uuid;

use crate::entry::{Entry, NewEntry, Part, StreamId};
use crate::error::{AppendError, StoreError};

/// What a stream must look like for an append to go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedVersion {
    /// Anything.
    Any,
    /// It must not exist.
    NoStream,
    /// Its last entry must have this version.
    Exact(Version),
}

impl ExpectedVersion {
    /// Whether a stream whose last entry has this version (`None`: no stream) is as expected.
    #[must_use]
    pub fn allows(self, actual: Option<Version>) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.is_none(),
            Self::Exact(version) => actual == Some(version),
        }
    }
}

/// Entries for one stream, to be stored all or not at all.
#[derive(Clone, Debug)]
pub struct Append {
    /// Which stream.
    pub stream: StreamId,
    /// What it must look like.
    pub expected: ExpectedVersion,
    /// The caller's clock; the store never records a time before the one it recorded last.
    pub recorded_at: Timestamp,
    /// At least one entry. Entries of one command stand together.
    pub entries: Vec<NewEntry>,
}

/// Where entries were stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The position of the first one; the others follow without a gap, unless they are a duplicate of what several
    /// appends had stored.
    pub first_position: Position,
    /// The version of the last one.
    pub last_version: Version,
    /// How many.
    pub count: usize,
    /// When they were recorded.
    pub recorded_at: Timestamp,
    /// They had been stored before, by the same commands; nothing was added now.
    pub duplicate: bool,
}

/// What is left of a personal part whose bytes are to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remains {
    /// The entry.
    pub position: Position,
    /// Which of its personal parts, from 0.
    pub number: usize,
    /// What takes its place: of kind [`PartKind::Erased`](crate::PartKind::Erased), with what binds the part.
    pub part: Part,
}

/// A store of entries in one global order.
///
/// What every store promises, and `contract` checks:
///
/// - An append is stored as a whole or not at all, and acknowledged only when it is durable.
/// - Positions have no gaps, start at 0 and follow the order of acknowledgement; versions of a stream start at 1.
/// - A reader that has seen position `p` never later finds a new entry at or below `p`.
/// - Of several appends that expect the same version of a stream, one goes through.
/// - A command whose entries are stored already is acknowledged again, with the first receipt, and not stored twice;
///   the same command with other entries is refused.
/// - The time of recording never goes back along the positions.
pub trait EventStore: Send + Sync + 'static {
    /// The ledger's own id, made when it was created.
    fn ledger_id(&self) -> Uuid;

    /// Stores entries.
    ///
    /// The known-command rule comes before the version check: a retry finds its own entries, not a conflict. Where an
    /// append carries entries of several commands, either all of them are stored already, as they are, and the
    /// append is a duplicate; or none is; anything else is [`AppendError::CommandReused`].
    ///
    /// # Errors
    ///
    /// [`AppendError`], the first that applies in the order of its variants. Nothing was stored.
    fn append(&self, append: Append) -> impl Future<Output = Result<Appended, AppendError>> + Send;

    /// Reads up to `limit` entries of a stream, from `from` upward; fewer only at its end.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read or is damaged.
    fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send;

    /// Reads up to `limit` entries of the whole ledger, from `from` upward; fewer only at its end.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read or is damaged.
    fn read_all(
        &self,
        from: Position,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send;

    /// Reads as [`EventStore::read_all`] does, and leaves the personal parts out: the entries have none, and what is wrong with
    /// parts is not noticed. A store that keeps them apart need not touch them.
    ///
    /// # Errors
    ///
    /// As [`EventStore::read_all`].
    fn read_public(
        &self,
        from: Position,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send {
        async move {
            let mut entries = self.read_all(from, limit).await?;
            for entry in &mut entries {
                entry.content.parts.clear();
            }
            Ok(entries)
        }
    }

    /// The entries a command led to, in order; empty for an unknown command.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read or is damaged.
    fn read_command(
        &self,
        command: CommandId,
    ) -> impl Future<Output = Result<Vec<Entry>, StoreError>> + Send;

    /// The position of the last entry; `None` while there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store cannot be read or is damaged.
    fn head(&self) -> impl Future<Output = Result<Option<Position>, StoreError>> + Send;

    /// Puts what is left of personal parts in the place of their bytes, all of them or none, and durably.
    ///
    /// The one way in which what is stored changes. No file of the store holds the bytes when this returns. A part that is
    /// not there, or was erased before, is left out; returns how many there were.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot be written, or when a reader keeps the bytes from being removed everywhere: done again,
    /// it comes to its end.
    fn erase_parts(
        &self,
        remains: Vec<Remains>,
    ) -> impl Future<Output = Result<usize, StoreError>> + Send;

    /// Waits until there is an entry at `position`, which may be now.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store is closed meanwhile or cannot be read.
    fn wait_for(&self, position: Position) -> impl Future<Output = Result<(), StoreError>> + Send;
}
