//! An entry as one line of JSON: what its leaf is made of, and its parts.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use redress_core::{
    CommandId, EventType, KeyDestroyed, LedgerEventType, PolicyAdopted, Position, Timestamp,
    Version,
};
use redress_store::{Entry, NewEntry, Part, PartKind, StreamId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::report::Fault;
use crate::hash::Hash;
use crate::hex;
use crate::keys::KeyId;
use crate::leaf::{Commitment, CommitmentKind, Leaf, SealedPart};

/// The longest line that is read, in bytes: room for the largest entry that a store takes.
pub(crate) const MAX_LINE_BYTES: u64 = 64 << 20;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryLine {
    pub(crate) position: u64,
    stream: Uuid,
    version: u64,
    event_type: u32,
    schema: u16,
    recorded_at_us: i64,
    actor: String,
    /// The public part, as text.
    public: String,
    /// The personal parts.
    parts: Vec<PartLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartLine {
    kind: u8,
    subject_key_id: String,
    key_epoch: u32,
    commit: String,
    /// The bytes in base 64; absent where they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

/// The public part of a receipt, as far as it matters here.
#[derive(Deserialize)]
struct Receipt {
    data: KeyDestroyed,
}

/// The public part of an adoption, as far as it matters here.
#[derive(Deserialize)]
struct Adoption {
    data: PolicyAdopted,
}

/// The public part, as far as a store keeps it twice.
#[derive(Deserialize)]
pub(super) struct Envelope {
    pub(super) occurred_at: Option<Timestamp>,
    pub(super) command_id: Option<CommandId>,
}

/// An entry, with what its line leads to.
pub(super) struct Decoded {
    pub(super) line: EntryLine,
    pub(super) leaf: Leaf,
    pub(super) hash: Hash,
}

impl Decoded {
    /// `None` where a value is out of range.
    pub(super) fn of(line: EntryLine, ledger_id: Uuid) -> Option<Self> {
        let leaf = line.leaf()?;
        let hash = leaf.hash(ledger_id).ok()?;
        Some(Self { line, leaf, hash })
    }

    /// Reads a line with its end; `None` where this format does not write it.
    pub(super) fn read(line: &[u8], ledger_id: Uuid) -> Option<Self> {
        Self::of(EntryLine::parse(line)?, ledger_id)
    }

    pub(super) const fn position(&self) -> u64 {
        self.leaf.position.get()
    }

    /// What is wrong with where it stands, `expected` being the position that belongs there.
    pub(super) fn place_fault(&self, expected: u64) -> Option<Fault> {
        let belongs = Position::new(expected);
        match self.leaf.position.cmp(&belongs) {
            Ordering::Less => Some(Fault::OutOfOrder(belongs)),
            Ordering::Equal => None,
            Ordering::Greater => Some(Fault::Gap(belongs)),
        }
    }

    /// Whether it is another entry than the one whose hash the tree tells, where it tells one.
    pub(super) fn leaf_fault(&self, told: Option<Hash>) -> Option<Fault> {
        told.is_some_and(|told| told != self.hash)
            .then_some(Fault::Leaf)
    }
}

/// What is wrong with a personal part of an entry, by its number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartFault {
    Missing(usize, Option<KeyId>),
    Differs(usize),
    UnknownKind(usize),
}

impl From<PartFault> for Fault {
    fn from(fault: PartFault) -> Self {
        match fault {
            PartFault::Missing(number, _) => Self::PartMissing(number),
            PartFault::Differs(number) => Self::PartDiffers(number),
            PartFault::UnknownKind(number) => Self::PartUnknown(number),
        }
    }
}

impl EntryLine {
    /// `None` where the public part is not UTF-8, which no store takes.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let leaf = Leaf::of(entry);
        let content = &entry.content;
        let commitments = leaf.parts.iter().skip(1);
        let parts = commitments
            .zip(&content.parts)
            .map(|(commitment, part)| PartLine {
                kind: commitment.kind.number(),
                subject_key_id: hex::encode(&commitment.subject_key_id),
                key_epoch: commitment.key_epoch,
                commit: commitment.commit.to_string(),
                bytes: (part.kind != PartKind::Erased).then(|| STANDARD.encode(&part.bytes)),
            });
        Some(Self {
            position: leaf.position.get(),
            stream: leaf.stream.0,
            version: leaf.version.get(),
            event_type: leaf.event_type,
            schema: leaf.schema,
            recorded_at_us: leaf.recorded_at.as_micros(),
            actor: hex::encode(&leaf.actor),
            public: std::str::from_utf8(&content.public).ok()?.to_owned(),
            parts: parts.collect(),
        })
    }

    pub(crate) fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    /// Reads a line with its end; `None` for anything that [`EntryLine::to_text`] does not write.
    pub(crate) fn parse(line: &[u8]) -> Option<Self> {
        let read: Self = serde_json::from_slice(line).ok()?;
        (read.to_text().ok()?.as_bytes() == line).then_some(read)
    }

    /// The leaf, as the line tells it; `None` where a value is out of range.
    pub(crate) fn leaf(&self) -> Option<Leaf> {
        let public = Commitment::public(self.public.as_bytes());
        let personal = self.parts.iter().map(PartLine::commitment);
        Some(Leaf {
            position: Position::new(self.position),
            stream: StreamId(self.stream),
            version: Version::new(self.version),
            event_type: self.event_type,
            schema: self.schema,
            recorded_at: Timestamp::from_micros(self.recorded_at_us).ok()?,
            actor: hex::decode(&self.actor)?,
            parts: std::iter::once(Some(public))
                .chain(personal)
                .collect::<Option<_>>()?,
        })
    }

    /// The entry as a store keeps it; `None` where the public part does not tell what a store keeps besides.
    pub(crate) fn into_entry(self) -> Option<Entry> {
        let leaf = self.leaf()?;
        let told: Envelope = serde_json::from_str(&self.public).ok()?;
        let parts = self.parts.iter().map(PartLine::part);
        let content = NewEntry {
            event_type: leaf.event_type,
            schema: leaf.schema,
            occurred_at: told.occurred_at?,
            actor: leaf.actor,
            command_id: told.command_id?,
            parts: parts.collect::<Option<_>>()?,
            public: self.public.into_bytes(),
        };
        Some(Entry {
            position: leaf.position,
            stream: leaf.stream,
            version: leaf.version,
            recorded_at: leaf.recorded_at,
            content,
        })
    }

    /// The keys of which the entry states that they were destroyed: whether it is a receipt, and of what.
    pub(crate) fn destroyed(&self) -> Vec<KeyId> {
        let is_receipt = self.event_type == LedgerEventType::KeyDestroyed.number()
            && self.stream == LedgerEventType::KeyDestroyed.stream().as_uuid();
        let receipt = is_receipt
            .then(|| serde_json::from_str::<Receipt>(&self.public).ok())
            .flatten();
        let Some(Receipt { data }) = receipt else {
            return Vec::new();
        };
        let subject = data.subject.as_uuid().into_bytes();
        let keys = data.keys.into_iter().map(|key| KeyId {
            subject,
            epoch: key.epoch,
        });
        keys.collect()
    }

    /// The digest of the policy that the entry says was adopted.
    pub(crate) fn adopted(&self) -> Option<Hash> {
        let is_adoption = self.event_type == LedgerEventType::PolicyAdopted.number()
            && self.stream == LedgerEventType::PolicyAdopted.stream().as_uuid();
        let read = is_adoption.then(|| serde_json::from_str::<Adoption>(&self.public).ok());
        Some(Hash::of(read.flatten()?.data.text.as_bytes()))
    }

    /// The history that the entry puts a tombstone into.
    pub(crate) fn buried(&self) -> Option<StreamId> {
        (self.event_type == EventType::Erased.number()).then_some(StreamId(self.stream))
    }

    /// Compares the bytes of each personal part with the commitment that the leaf holds.
    pub(crate) fn part_faults(&self) -> impl Iterator<Item = PartFault> {
        let numbered = (1..).zip(&self.parts);
        numbered.filter_map(|(number, part)| part.fault(number))
    }
}

impl PartLine {
    fn commitment(&self) -> Option<Commitment> {
        Some(Commitment {
            kind: CommitmentKind::from_number(self.kind)?,
            subject_key_id: hex::decode(&self.subject_key_id)?,
            key_epoch: self.key_epoch,
            commit: Hash::from_hex(&self.commit)?,
        })
    }

    /// The part as a store keeps it; `None` for a kind that no store keeps.
    fn part(&self) -> Option<Part> {
        let commitment = self.commitment()?;
        let Some(bytes) = &self.bytes else {
            return Some(Part {
                kind: PartKind::Erased,
                bytes: commitment.to_bytes(),
            });
        };
        let kind = match commitment.kind {
            CommitmentKind::Public => PartKind::Plain,
            CommitmentKind::Sealed => PartKind::Sealed,
            CommitmentKind::Salted => return None,
        };
        let bytes = STANDARD.decode(bytes).ok()?;
        Some(Part { kind, bytes })
    }

    fn fault(&self, number: usize) -> Option<PartFault> {
        let Some(bytes) = &self.bytes else {
            let key = self.commitment().and_then(|commitment| commitment.key());
            return Some(PartFault::Missing(number, key));
        };
        let bytes = STANDARD.decode(bytes).ok();
        let found = match CommitmentKind::from_number(self.kind) {
            Some(CommitmentKind::Public) => bytes.map(|bytes| Commitment::public(&bytes)),
            // No key is needed: the commitment binds the ciphertext.
            Some(CommitmentKind::Sealed) => bytes
                .and_then(|bytes| SealedPart::parse(&bytes).map(|part| Commitment::sealed(&part))),
            Some(CommitmentKind::Salted) | None => {
                return Some(PartFault::UnknownKind(number));
            }
        };
        (found.is_none() || found != self.commitment()).then_some(PartFault::Differs(number))
    }
}
