//! The stored entry: one fact as bytes, its personal parts apart.

use redress_core::{CommandId, Position, Timestamp, Version};
use uuid::Uuid;

/// A history of its own within a ledger: a complaint's or an action's, under its id, or one of the ledger's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId(pub Uuid);

impl From<redress_core::ComplaintId> for StreamId {
    fn from(complaint: redress_core::ComplaintId) -> Self {
        Self(complaint.as_uuid())
    }
}

impl From<redress_core::ActionId> for StreamId {
    fn from(action: redress_core::ActionId) -> Self {
        Self(action.as_uuid())
    }
}

impl From<redress_core::LedgerStream> for StreamId {
    fn from(stream: redress_core::LedgerStream) -> Self {
        Self(stream.as_uuid())
    }
}

impl std::fmt::Display for StreamId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

/// A fact about to be stored. The store adds position, version and the time of recording.
#[derive(Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The kind of fact, by its number.
    pub event_type: u32,
    /// The layout of the fact.
    pub schema: u16,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The sixteen bytes that stand for whoever brought it about.
    pub actor: [u8; 16],
    /// The wish it came from.
    pub command_id: CommandId,
    /// Compact JSON in UTF-8, kept byte for byte.
    pub public: Vec<u8>,
    /// What tells who somebody is, apart from the rest.
    pub parts: Vec<Part>,
}

/// A fact as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands in the ledger.
    pub position: Position,
    /// Whose history it belongs to.
    pub stream: StreamId,
    /// Where it stands in that history.
    pub version: Version,
    /// When the ledger learned of it.
    pub recorded_at: Timestamp,
    /// Everything else.
    pub content: NewEntry,
}

/// A personal part of an entry.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// How the bytes are protected.
    pub kind: PartKind,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How the bytes of a part are protected. The number is part of the stored format and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PartKind {
    /// Not at all: compact JSON in UTF-8.
    Plain = 0,
    /// Encrypted under a key of the customer.
    Sealed = 1,
    /// The part was erased: what binds it in the tree of the ledger is left.
    Erased = 3,
}

impl PartKind {
    /// The number that stands for it in a store.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Plain),
            1 => Some(Self::Sealed),
            3 => Some(Self::Erased),
            // 2 stands for a salted part in a leaf, and no store keeps one.
            2 | 4..=u8::MAX => None,
        }
    }
}

/// The largest part, public or personal, in bytes.
pub const MAX_PART_BYTES: usize = 1 << 20;
/// The most personal parts of one entry.
pub const MAX_PARTS: usize = 16;
/// The most entries of one append.
pub const MAX_APPEND_ENTRIES: usize = 10_000;

// The bytes of parts are personal: neither shape prints them.
impl std::fmt::Debug for NewEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewEntry")
            .field("event_type", &self.event_type)
            .field("schema", &self.schema)
            .field("occurred_at", &self.occurred_at)
            .field("command_id", &self.command_id)
            .field("public_bytes", &self.public.len())
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("position", &self.position)
            .field("stream", &self.stream)
            .field("version", &self.version)
            .field("recorded_at", &self.recorded_at)
            .field("content", &self.content)
            .finish()
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("kind", &self.kind)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}
