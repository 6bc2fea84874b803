//! The head of a snapshot: what it is of, and a checksum over all of it.
//!
//! ```text
//! magic 8 | kind 32 | ledger 16 | next position 8 | last fact 16 | its recorded_at 8 | rules 32 | body length 8 | SHA-256 32 | body
//! ```
//!
//! Numbers are little-endian. The SHA-256 covers the head before it and the body after it.

use redress_core::{EventId, Position, Rulebook, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Origin;
use super::rules::{FIXED, rules_digest};

const MAGIC: &[u8; 8] = b"RDRSNAP1";
/// The bytes that the checksum covers before the body.
const COVERED: usize = 8 + 32 + 16 + 8 + 16 + 8 + 32 + 8;
const HEAD: usize = COVERED + 32;

/// What a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// [`digest`] of the view's name, the version of its layout, and the release.
    pub kind: [u8; 32],
    /// Of which ledger.
    pub ledger: Uuid,
    /// The position of the first fact that is not in it.
    pub next: Position,
    /// The id of the last fact in it, and when that was recorded; none in an empty one.
    pub last: Option<(EventId, Timestamp)>,
    /// [`rules_digest`](super::rules_digest) of the rules of the view.
    pub rules: [u8; 32],
}

/// Why a snapshot is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// The file is no snapshot.
    #[error("it is no snapshot")]
    NoSnapshot,
    /// It is not as it was written.
    #[error("it is damaged")]
    Damaged,
    /// It is of another view, or another release wrote it.
    #[error("another release or view wrote it")]
    OtherKind,
    /// It is of another ledger.
    #[error("it is of another ledger")]
    OtherLedger,
    /// It was made under rules that are fixed, and these are not, or the other way round.
    #[error("it was made under other rules")]
    OtherRules,
    /// The ledger does not have its last fact: it was set back to an older copy.
    #[error("the ledger does not hold its last fact")]
    OtherHistory,
}

/// The SHA-256 of a text.
#[must_use]
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl Stamp {
    /// The stamp of a view: its name, the version of its layout and the release, where its facts came from and up to where
    /// it has folded them, and its rules.
    #[must_use]
    pub fn of(kind: &str, origin: Origin, next: Position, rules: &Rulebook) -> Self {
        Self {
            kind: digest(kind),
            ledger: origin.ledger,
            next,
            last: origin.last,
            rules: rules_digest(rules),
        }
    }

    /// Checks that a view of this kind may read it.
    ///
    /// # Errors
    ///
    /// [`Unfit::OtherKind`], then [`Unfit::OtherRules`].
    pub fn check(&self, kind: &str, rules: &Rulebook) -> Result<(), Unfit> {
        if self.kind != digest(kind) {
            return Err(Unfit::OtherKind);
        }
        // Of rules that the ledger adopted, the snapshot has its own; whatever was adopted, fixed ones stay.
        if rules.is_fixed() != (self.rules == digest(FIXED)) {
            return Err(Unfit::OtherRules);
        }
        Ok(())
    }

    /// Puts the head before a body, which is given in pieces.
    pub(super) fn seal(&self, body: &[&[u8]]) -> Vec<u8> {
        let (last, recorded_at) = match self.last {
            Some((id, at)) => (*id.as_uuid().as_bytes(), at.as_micros()),
            None => ([0; 16], i64::MIN),
        };
        let mut sealed =
            Vec::with_capacity(HEAD + body.iter().map(|piece| piece.len()).sum::<usize>());
        sealed.extend_from_slice(MAGIC);
        sealed.extend_from_slice(&self.kind);
        sealed.extend_from_slice(self.ledger.as_bytes());
        sealed.extend_from_slice(&self.next.get().to_le_bytes());
        sealed.extend_from_slice(&last);
        sealed.extend_from_slice(&recorded_at.to_le_bytes());
        sealed.extend_from_slice(&self.rules);
        sealed.extend_from_slice(&length(body));
        let checksum = checksum(&sealed, body);
        sealed.extend_from_slice(&checksum);
        for piece in body {
            sealed.extend_from_slice(piece);
        }
        sealed
    }

    /// Takes the head off, if all of it is as it was written.
    pub(super) fn unseal(bytes: &[u8]) -> Result<(Self, &[u8]), Unfit> {
        if !bytes.starts_with(MAGIC) {
            return Err(Unfit::NoSnapshot);
        }
        let (head, body) = bytes.split_at_checked(HEAD).ok_or(Unfit::Damaged)?;
        let (covered, sum) = head.split_at(COVERED);
        if sum != checksum(covered, &[body]) {
            return Err(Unfit::Damaged);
        }
        let (stamp, told) = Self::parse(covered).ok_or(Unfit::Damaged)?;
        if told != length(&[body]) {
            return Err(Unfit::Damaged);
        }
        Ok((stamp, body))
    }

    fn parse(covered: &[u8]) -> Option<(Self, [u8; 8])> {
        let mut rest = covered.get(MAGIC.len()..)?;
        let kind = take(&mut rest)?;
        let ledger = Uuid::from_bytes(take(&mut rest)?);
        let next = Position::new(u64::from_le_bytes(take(&mut rest)?));
        let last = EventId::new(Uuid::from_bytes(take(&mut rest)?));
        let recorded_at = i64::from_le_bytes(take(&mut rest)?);
        let stamp = Self {
            kind,
            ledger,
            next,
            last: Timestamp::from_micros(recorded_at)
                .ok()
                .map(|at| (last, at)),
            rules: take(&mut rest)?,
        };
        Some((stamp, take(&mut rest)?))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

fn length(body: &[&[u8]]) -> [u8; 8] {
    let length: u64 = body.iter().map(|piece| piece.len() as u64).sum();
    length.to_le_bytes()
}

fn checksum(head: &[u8], body: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(head);
    for piece in body {
        hasher.update(piece);
    }
    hasher.finalize().into()
}
