//! What the tree holds of an entry: the preimage of its leaf, and a commitment to each of its parts.
//!
//! All integers are big-endian and of fixed width, and no field is optional, so there is one preimage for each entry.
//! The bytes of a part never enter the leaf, only a commitment to them: a part can go, and the proof stays.

use redress_core::{Position, Timestamp, Version};
use redress_store::{Entry, Part, PartKind, StreamId};
use uuid::Uuid;

use crate::hash::Hash;
use crate::keys::KeyId;

/// What every preimage begins with.
const LEAF_TAG: &[u8] = b"redress/leaf/v1\0";
/// What the commitment to a part in the clear begins with.
const PUBLIC_TAG: &[u8] = b"redress/part-public/v1\0";
/// What the commitment to an encrypted part begins with.
const SEALED_TAG: &[u8] = b"redress/part-sealed/v1\0";
/// What the commitment to a salted part begins with.
const SALTED_TAG: &[u8] = b"redress/part-salted/v1\0";

/// The length of a preimage without its parts, in bytes.
const HEAD_BYTES: usize = 95;
/// The length of one commitment in a preimage, in bytes.
const COMMITMENT_BYTES: usize = 53;

/// How a commitment binds a part. The number is part of the format and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum CommitmentKind {
    /// To bytes in the clear.
    Public = 0,
    /// To the ciphertext of an encrypted part and to its key.
    Sealed = 1,
    /// To bytes in the clear, under a random salt.
    Salted = 2,
}

impl CommitmentKind {
    /// The number that stands for it in a preimage.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Public),
            1 => Some(Self::Sealed),
            2 => Some(Self::Salted),
            3..=u8::MAX => None,
        }
    }
}

/// What a leaf holds of one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Commitment {
    /// How the part is bound.
    pub kind: CommitmentKind,
    /// The key that the part is sealed under; zeros where it is not sealed.
    pub subject_key_id: [u8; 16],
    /// Which key of that subject; 0 where the part is not sealed.
    pub key_epoch: u32,
    /// The hash.
    pub commit: Hash,
}

/// An encrypted part, as far as its commitment goes.
#[derive(Clone, Copy)]
pub struct SealedPart<'a> {
    /// The key it is sealed under.
    pub subject_key_id: [u8; 16],
    /// Which key of that subject.
    pub key_epoch: u32,
    /// The random bytes that the keys of this part are derived with.
    pub nonce: &'a [u8; 24],
    /// What tells the right key from another one that would open the same ciphertext.
    pub key_commit: &'a [u8; 32],
    /// The ciphertext with its tag.
    pub ciphertext: &'a [u8],
}

impl Commitment {
    /// Binds bytes in the clear: SHA-256("redress/part-public/v1\0" ‖ length u64 ‖ bytes).
    ///
    /// Whoever knows the commitment can try texts until one fits, so what must stay secret is sealed or salted.
    #[must_use]
    pub fn public(bytes: &[u8]) -> Self {
        Self::in_the_clear(
            CommitmentKind::Public,
            Hash::of_all(&[PUBLIC_TAG, &length(bytes), bytes]),
        )
    }

    /// Binds bytes under a salt: SHA-256("redress/part-salted/v1\0" ‖ salt ‖ length u64 ‖ bytes).
    #[must_use]
    pub fn salted(salt: &[u8; 32], bytes: &[u8]) -> Self {
        Self::in_the_clear(
            CommitmentKind::Salted,
            Hash::of_all(&[SALTED_TAG, salt, &length(bytes), bytes]),
        )
    }

    /// Binds an encrypted part and its key: SHA-256("redress/part-sealed/v1\0" ‖ key id ‖ epoch u32 ‖ nonce ‖ key
    /// commitment ‖ length u64 ‖ ciphertext).
    #[must_use]
    pub fn sealed(part: &SealedPart<'_>) -> Self {
        let commit = Hash::of_all(&[
            SEALED_TAG,
            &part.subject_key_id,
            &part.key_epoch.to_be_bytes(),
            part.nonce,
            part.key_commit,
            &length(part.ciphertext),
            part.ciphertext,
        ]);
        Self {
            kind: CommitmentKind::Sealed,
            subject_key_id: part.subject_key_id,
            key_epoch: part.key_epoch,
            commit,
        }
    }

    /// Binds a personal part as a store keeps it.
    #[must_use]
    pub fn to_part(part: &Part) -> Self {
        match part.kind {
            PartKind::Plain => Self::public(&part.bytes),
            PartKind::Sealed => SealedPart::parse(&part.bytes)
                .map_or_else(|| Self::of_no_part(&part.bytes), |part| Self::sealed(&part)),
            PartKind::Erased => {
                Self::parse(&part.bytes).unwrap_or_else(|| Self::of_no_part(&part.bytes))
            }
        }
    }

    /// The commitment to bytes that are no part at all: one that no part has, so that the damage shows in the root.
    fn of_no_part(bytes: &[u8]) -> Self {
        Self {
            kind: CommitmentKind::Sealed,
            ..Self::public(bytes)
        }
    }

    /// The key of the part; `None` where it is not sealed.
    #[must_use]
    pub fn key(&self) -> Option<KeyId> {
        (self.kind == CommitmentKind::Sealed).then_some(KeyId {
            subject: self.subject_key_id,
            epoch: self.key_epoch,
        })
    }

    /// The bytes of the commitment in a preimage.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(COMMITMENT_BYTES);
        self.write(&mut bytes);
        bytes
    }

    /// Reads what [`Commitment::to_bytes`] writes; `None` for anything else.
    #[must_use]
    pub fn parse(mut bytes: &[u8]) -> Option<Self> {
        let commitment = take_commitment(&mut bytes)?;
        bytes.is_empty().then_some(commitment)
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.kind.number());
        bytes.extend_from_slice(&self.subject_key_id);
        bytes.extend_from_slice(&self.key_epoch.to_be_bytes());
        bytes.extend_from_slice(self.commit.as_bytes());
    }

    const fn in_the_clear(kind: CommitmentKind, commit: Hash) -> Self {
        Self {
            kind,
            subject_key_id: [0; 16],
            key_epoch: 0,
            commit,
        }
    }
}

/// The length as a preimage holds it. A slice is never longer than `u64` can say.
fn length(bytes: &[u8]) -> [u8; 8] {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes()
}

/// What the tree holds of an entry.
///
/// ```
/// use redress_core::{Position, Timestamp, Version};
/// use redress_evidence::{Commitment, Leaf};
/// use redress_store::StreamId;
/// use uuid::Uuid;
///
/// let leaf = Leaf {
///     position: Position::FIRST,
///     stream: StreamId(Uuid::nil()),
///     version: Version::FIRST,
///     event_type: 1,
///     schema: 1,
///     recorded_at: Timestamp::from_micros(0).unwrap(),
///     actor: [0; 16],
///     parts: vec![Commitment::public(b"{}")],
/// };
/// let preimage = leaf.preimage(Uuid::nil()).unwrap();
/// assert_eq!(preimage.len(), 95 + 53);
/// assert!(preimage.starts_with(b"redress/leaf/v1\0"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Where the entry stands in the ledger.
    pub position: Position,
    /// Whose history it belongs to.
    pub stream: StreamId,
    /// Where it stands in that history.
    pub version: Version,
    /// The kind of fact, by its number.
    pub event_type: u32,
    /// The layout of the fact.
    pub schema: u16,
    /// When the ledger learned of it.
    pub recorded_at: Timestamp,
    /// The sixteen bytes that stand for whoever brought it about.
    pub actor: [u8; 16],
    /// The public part, then the personal parts in their order.
    pub parts: Vec<Commitment>,
}

/// An entry has more parts than a preimage can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entry has more than 255 parts")]
pub struct TooManyParts;

impl Leaf {
    /// What the tree holds of this entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let content = &entry.content;
        let public = Commitment::public(&content.public);
        let personal = content.parts.iter().map(Commitment::to_part);
        Self {
            position: entry.position,
            stream: entry.stream,
            version: entry.version,
            event_type: content.event_type,
            schema: content.schema,
            recorded_at: entry.recorded_at,
            actor: content.actor,
            parts: std::iter::once(public).chain(personal).collect(),
        }
    }

    /// The bytes that are hashed: what other programs call the log entry.
    ///
    /// # Errors
    ///
    /// [`TooManyParts`]: no store takes such an entry.
    pub fn preimage(&self, ledger_id: Uuid) -> Result<Vec<u8>, TooManyParts> {
        let count = u8::try_from(self.parts.len()).map_err(|_| TooManyParts)?;
        let mut bytes = Vec::with_capacity(HEAD_BYTES + COMMITMENT_BYTES * usize::from(count));
        bytes.extend_from_slice(LEAF_TAG);
        bytes.extend_from_slice(ledger_id.as_bytes());
        bytes.extend_from_slice(&self.position.get().to_be_bytes());
        bytes.extend_from_slice(self.stream.0.as_bytes());
        bytes.extend_from_slice(&self.version.get().to_be_bytes());
        bytes.extend_from_slice(&self.event_type.to_be_bytes());
        bytes.extend_from_slice(&self.schema.to_be_bytes());
        bytes.extend_from_slice(&self.recorded_at.as_micros().to_be_bytes());
        bytes.extend_from_slice(&self.actor);
        bytes.push(count);
        for part in &self.parts {
            part.write(&mut bytes);
        }
        Ok(bytes)
    }

    /// Reads a preimage: the ledger it is of, and the leaf. `None` for anything that [`Leaf::preimage`] does not write.
    #[must_use]
    pub fn from_preimage(bytes: &[u8]) -> Option<(Uuid, Self)> {
        let mut rest = bytes.strip_prefix(LEAF_TAG)?;
        let ledger_id = Uuid::from_bytes(take(&mut rest)?);
        let position = Position::new(u64::from_be_bytes(take(&mut rest)?));
        let stream = StreamId(Uuid::from_bytes(take(&mut rest)?));
        let version = Version::new(u64::from_be_bytes(take(&mut rest)?));
        let event_type = u32::from_be_bytes(take(&mut rest)?);
        let schema = u16::from_be_bytes(take(&mut rest)?);
        let recorded_at = Timestamp::from_micros(i64::from_be_bytes(take(&mut rest)?)).ok()?;
        let actor = take(&mut rest)?;
        let [count] = take(&mut rest)?;
        let parts = (0..count)
            .map(|_| take_commitment(&mut rest))
            .collect::<Option<_>>()?;
        let leaf = Self {
            position,
            stream,
            version,
            event_type,
            schema,
            recorded_at,
            actor,
            parts,
        };
        rest.is_empty().then_some((ledger_id, leaf))
    }

    /// The hash of the leaf.
    ///
    /// # Errors
    ///
    /// As [`Leaf::preimage`].
    pub fn hash(&self, ledger_id: Uuid) -> Result<Hash, TooManyParts> {
        Ok(Hash::leaf(&self.preimage(ledger_id)?))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

fn take_commitment(rest: &mut &[u8]) -> Option<Commitment> {
    let [kind] = take(rest)?;
    Some(Commitment {
        kind: CommitmentKind::from_number(kind)?,
        subject_key_id: take(rest)?,
        key_epoch: u32::from_be_bytes(take(rest)?),
        commit: Hash::new(take(rest)?),
    })
}
