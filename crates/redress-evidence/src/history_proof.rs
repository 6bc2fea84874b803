//! Proofs in a file that the history of a complaint is complete: its last entry, as a signed statement tells it.
//!
//! The form is that of `.tlog-proof` files, with lines of our own before the hashes; `docs/format.md` has the bytes.

use redress_core::{Position, Version};
use redress_store::StreamId;

use crate::hash::Hash;
use crate::heads::{HeadsStatement, ProvenHead, StreamHead, StreamProof, StreamProofError};
use crate::key::{KeyKind, VerifierKey};
use crate::note::{InvalidNote, SignedNote, Unsigned};
use crate::number;
use crate::proof_lines;

/// The first line.
const HEADER: &str = "redress/stream-proof/v1";

/// A proof that a history ends with a certain entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryProof {
    /// The last entry, and its place among the heads.
    pub head: ProvenHead,
    /// The signed statement of the heads of all histories.
    pub statement: SignedNote,
}

/// Bytes are not a proof about a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHistoryProof {
    /// The first line is another one.
    #[error("the first line is not `{HEADER}`")]
    Header,
    /// The head or its index cannot be read.
    #[error("the lines `stream`, `version`, `position`, `leaf` and `index` do not follow it")]
    Head,
    /// The hashes cannot be read.
    #[error("the lines after the index are not at most 63 hashes in base 64 and an empty line")]
    Proof,
    /// What follows is not a signed note.
    #[error(transparent)]
    Note(#[from] InvalidNote),
}

/// A proof about a history that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnprovenHistory {
    /// The note tells nothing of heads.
    #[error("the signed note is no statement of the heads of histories")]
    NoStatement,
    /// Nobody who is believed has signed the statement.
    #[error("the statement is not signed: {0}")]
    Unsigned(#[from] Unsigned),
    /// Witnesses have signed it, but not the log.
    #[error("no key of the log itself has signed the statement")]
    NotByTheLog,
    /// The head is not among those of the statement.
    #[error("the proof does not hold: {0}")]
    Proof(#[from] StreamProofError),
}

impl HistoryProof {
    /// The first line of the file.
    pub(crate) const HEADER: &str = HEADER;

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head = &self.head.head;
        format!(
            "{HEADER}\nstream {}\nversion {}\nposition {}\nleaf {}\nindex {}\n{}\n{}",
            head.stream.0,
            head.version,
            head.position,
            head.leaf.to_base64(),
            self.head.index,
            proof_lines::write(&self.head.proof),
            self.statement
        )
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// [`InvalidHistoryProof`], the first that applies in the order of its variants.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidHistoryProof> {
        let (header, rest) = proof_lines::line(bytes).ok_or(InvalidHistoryProof::Header)?;
        if header != HEADER {
            return Err(InvalidHistoryProof::Header);
        }
        let (head, index, rest) = parse_head(rest).ok_or(InvalidHistoryProof::Head)?;
        let (proof, note) = proof_lines::read(rest).ok_or(InvalidHistoryProof::Proof)?;
        let head = ProvenHead { head, index, proof };
        let statement = SignedNote::parse(note)?;
        Ok(Self { head, statement })
    }

    /// Checks that a log under one of these keys said that the history ends with this entry; tells which log, and how
    /// many entries it had.
    ///
    /// # Errors
    ///
    /// [`UnprovenHistory`], the first that applies in the order of its variants.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<HeadsStatement, UnprovenHistory> {
        let said = HeadsStatement::parse_text(self.statement.text());
        let said = said.ok_or(UnprovenHistory::NoStatement)?;
        let signed = self.statement.verify(keys)?;
        if !signed.iter().any(|one| one.kind == KeyKind::Note) {
            return Err(UnprovenHistory::NotByTheLog);
        }
        StreamProof::Present(self.head.clone()).verify(self.head.head.stream, &said)?;
        Ok(said)
    }
}

fn parse_head(bytes: &[u8]) -> Option<(StreamHead, u64, &[u8])> {
    let mut rest = bytes;
    let mut value = |name: &str| -> Option<&str> {
        let (line, after) = proof_lines::line(rest)?;
        rest = after;
        line.strip_prefix(name)?.strip_prefix(' ')
    };
    let stream = value("stream")?;
    let id: uuid::Uuid = stream.parse().ok()?;
    let head = StreamHead {
        // One spelling only.
        stream: (id.to_string() == stream).then_some(StreamId(id))?,
        version: Version::new(value("version").and_then(number::parse)?),
        position: Position::new(value("position").and_then(number::parse)?),
        leaf: value("leaf").and_then(Hash::from_base64)?,
    };
    let index = value("index").and_then(number::parse)?;
    Some((head, index, rest))
}
