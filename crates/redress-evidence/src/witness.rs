//! What a log sends to a witness: the body of `add-checkpoint` of the C2SP specification tlog-witness.
//!
//! Sending it is the program's business. What comes back are lines for
//! [`SignedNote::add_signatures`](crate::SignedNote::add_signatures).

use crate::hash::Hash;
use crate::note::{InvalidNote, SignedNote};
use crate::number;
use crate::proof_lines;

/// A request to a witness to sign a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessRequest {
    /// The size of the checkpoint that the witness signed last; 0 where it has signed none.
    pub old_size: u64,
    /// Proves that the checkpoint follows from that one; empty from size 0.
    pub proof: Vec<Hash>,
    /// The signed checkpoint.
    pub checkpoint: SignedNote,
}

/// Bytes are not a request to a witness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The first line is not `old` and a size.
    #[error("the first line is not `old` and a size")]
    OldSize,
    /// The lines after it are not a proof and an empty line.
    #[error("the lines after the first are not at most 63 hashes in base 64 and an empty line")]
    Proof,
    /// What follows is not a signed note.
    #[error(transparent)]
    Note(#[from] InvalidNote),
}

impl WitnessRequest {
    /// The body of the request.
    #[must_use]
    pub fn to_text(&self) -> String {
        let proof = proof_lines::write(&self.proof);
        format!("old {}\n{proof}\n{}", self.old_size, self.checkpoint)
    }

    /// Reads the body of a request, as a witness does.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`], the first that applies in the order of its variants.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidRequest> {
        let (first, rest) = proof_lines::line(bytes).ok_or(InvalidRequest::OldSize)?;
        let old_size = first.strip_prefix("old ").and_then(number::parse);
        let old_size = old_size.ok_or(InvalidRequest::OldSize)?;
        let (proof, note) = proof_lines::read(rest).ok_or(InvalidRequest::Proof)?;
        let checkpoint = SignedNote::parse(note)?;
        Ok(Self {
            old_size,
            proof,
            checkpoint,
        })
    }
}
