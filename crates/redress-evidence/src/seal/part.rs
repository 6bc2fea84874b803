//! How a store keeps a sealed part, and what is left of one that was erased.
//!
//! Sealed: id of the key (16 bytes), epoch u32, nonce (24), key commitment (32), ciphertext with its tag. Erased: the
//! commitment as the leaf holds it (53 bytes), so that the leaf can be worked out without the part.

use redress_store::{Part, PartKind};

use crate::keys::KeyId;
use crate::leaf::{Commitment, SealedPart};

impl<'a> SealedPart<'a> {
    /// Takes the bytes that a store keeps apart; `None` where they are too few.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (subject_key_id, rest) = bytes.split_first_chunk()?;
        let (epoch, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (key_commit, ciphertext) = rest.split_first_chunk()?;
        Some(Self {
            subject_key_id: *subject_key_id,
            key_epoch: u32::from_be_bytes(*epoch),
            nonce,
            key_commit,
            ciphertext,
        })
    }

    /// The bytes that a store keeps.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let epoch = self.key_epoch.to_be_bytes();
        [
            self.subject_key_id.as_slice(),
            &epoch,
            self.nonce,
            self.key_commit,
            self.ciphertext,
        ]
        .concat()
    }

    /// The key it is sealed under.
    #[must_use]
    pub const fn key(&self) -> KeyId {
        KeyId {
            subject: self.subject_key_id,
            epoch: self.key_epoch,
        }
    }
}

/// What is left of a part when its bytes are removed: its commitment.
#[must_use]
pub fn erased_part(part: &Part) -> Part {
    Part {
        kind: PartKind::Erased,
        bytes: Commitment::to_part(part).to_bytes(),
    }
}

/// The key that a part is, or was, sealed under; `None` for one that never was.
#[must_use]
pub fn key_of(part: &Part) -> Option<KeyId> {
    match part.kind {
        PartKind::Plain => None,
        PartKind::Sealed => SealedPart::parse(&part.bytes).map(|part| part.key()),
        PartKind::Erased => Commitment::parse(&part.bytes)?.key(),
    }
}
