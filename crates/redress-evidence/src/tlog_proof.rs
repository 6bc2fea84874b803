//! Proofs in a file, as in the C2SP specification tlog-proof: that a signed log holds an entry, checked without the log.
//!
//! The extra data of a proof of ours is the preimage of the leaf, so that the file says what was recorded, when, as which
//! version of which history. It is not believed because it stands there, but because it hashes to a leaf of the tree.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{Checkpoint, InvalidCheckpoint, UntrustedCheckpoint};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::{InvalidNote, Signed, SignedNote};
use crate::number;
use crate::proof_lines;
use crate::verify::{ProofError, verify_inclusion};

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The most extra data that is read, in bytes.
const MAX_EXTRA_BYTES: usize = 1 << 16;

/// A proof that a log holds an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlogProof {
    /// What the reader needs besides: the preimage of the leaf.
    pub extra: Option<Vec<u8>>,
    /// Where the entry stands.
    pub index: u64,
    /// The siblings on the way to the root, from the leaf up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint whose root it is.
    pub checkpoint: SignedNote,
}

/// Bytes are not a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTlogProof {
    /// The first line is another one.
    #[error("the first line is not `{HEADER}`")]
    Header,
    /// The extra data cannot be read.
    #[error("the extra data is not base 64 of at most {MAX_EXTRA_BYTES} bytes")]
    Extra,
    /// There is no index.
    #[error("there is no line with `index` and a number in decimal digits")]
    Index,
    /// The hashes cannot be read.
    #[error("the lines after the index are not at most 63 hashes in base 64 and an empty line")]
    Proof,
    /// What follows is not a signed note.
    #[error(transparent)]
    Note(#[from] InvalidNote),
}

/// A proof that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnprovenEntry {
    /// The checkpoint cannot be believed.
    #[error(transparent)]
    Checkpoint(#[from] UntrustedCheckpoint),
    /// The checkpoint is of another log.
    #[error("the checkpoint is of the log {actual}, not of {expected}")]
    Origin {
        /// The log that was asked for.
        expected: String,
        /// The log of the checkpoint.
        actual: String,
    },
    /// The entry is not where the proof says.
    #[error("the proof does not hold: {0}")]
    Proof(#[from] ProofError),
}

impl TlogProof {
    /// The first line of the file.
    pub(crate) const HEADER: &str = HEADER;

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let extra = self.extra.as_ref();
        let extra = extra.map(|bytes| format!("extra {}\n", STANDARD.encode(bytes)));
        let extra = extra.unwrap_or_default();
        let proof = proof_lines::write(&self.proof);
        format!(
            "{HEADER}\n{extra}index {}\n{proof}\n{}",
            self.index, self.checkpoint
        )
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`InvalidTlogProof`], the first that applies in the order of its variants.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidTlogProof> {
        let (header, rest) = proof_lines::line(bytes).ok_or(InvalidTlogProof::Header)?;
        if header != HEADER {
            return Err(InvalidTlogProof::Header);
        }
        let (mut line, mut rest) = proof_lines::line(rest).ok_or(InvalidTlogProof::Index)?;
        let mut extra = None;
        if let Some(text) = line.strip_prefix("extra ") {
            extra = Some(parse_extra(text).ok_or(InvalidTlogProof::Extra)?);
            (line, rest) = proof_lines::line(rest).ok_or(InvalidTlogProof::Index)?;
        }
        let index = line.strip_prefix("index ").and_then(number::parse);
        let index = index.ok_or(InvalidTlogProof::Index)?;
        let (proof, note) = proof_lines::read(rest).ok_or(InvalidTlogProof::Proof)?;
        let checkpoint = SignedNote::parse(note)?;
        Ok(Self {
            extra,
            index,
            proof,
            checkpoint,
        })
    }

    /// Checks that the log of this name, under one of these keys, holds this leaf.
    ///
    /// # Errors
    ///
    /// [`UnprovenEntry`], the first that applies in the order of its variants.
    pub fn verify(
        &self,
        leaf: &Hash,
        origin: &str,
        keys: &[VerifierKey],
    ) -> Result<(Checkpoint, Vec<Signed>), UnprovenEntry> {
        let checkpoint = self.checkpoint().map_err(UntrustedCheckpoint::Invalid)?;
        let signed = checkpoint.signers(&self.checkpoint, keys)?;
        if checkpoint.origin != origin {
            return Err(UnprovenEntry::Origin {
                expected: origin.to_owned(),
                actual: checkpoint.origin,
            });
        }
        verify_inclusion(
            leaf,
            self.index,
            checkpoint.size,
            &self.proof,
            &checkpoint.root,
        )?;
        Ok((checkpoint, signed))
    }

    /// What its checkpoint says, no signature looked at.
    ///
    /// # Errors
    ///
    /// [`InvalidCheckpoint`] when its note is no checkpoint.
    pub fn checkpoint(&self) -> Result<Checkpoint, InvalidCheckpoint> {
        Checkpoint::parse_text(self.checkpoint.text())
    }
}

fn parse_extra(text: &str) -> Option<Vec<u8>> {
    let allowed = text.len() / 4 <= MAX_EXTRA_BYTES / 3 + 1;
    let bytes = allowed.then(|| STANDARD.decode(text).ok()).flatten()?;
    (bytes.len() <= MAX_EXTRA_BYTES).then_some(bytes)
}
