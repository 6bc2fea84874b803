//! What an auditor can check: a Merkle tree over a ledger's entries, signed checkpoints, proofs, and bundles.
//!
//! The tree is a fold over the entries of a store, in their one order, so every store has one. Its hashes are those of
//! RFC 6962; checkpoints, proofs and tiles are those of the C2SP specifications, so that programs of other people can
//! read them.

pub mod bundle;
mod checkpoint;
mod dossier;
mod frontier;
mod hash;
mod heads;
mod hex;
mod history_proof;
mod key;
pub mod keys;
mod leaf;
mod log;
mod node_file;
mod nodes;
mod note;
mod number;
mod proof;
mod proof_lines;
pub mod seal;
mod tile;
mod tlog_proof;
mod verify;
mod witness;

pub use checkpoint::{Checkpoint, InvalidCheckpoint, UntrustedCheckpoint};
pub use dossier::{Dossier, NotChecked, ProofFile, Shown};
pub use frontier::Frontier;
pub use hash::Hash;
pub use heads::{
    HeadsStatement, ProvenHead, StreamHead, StreamHeads, StreamProof, StreamProofError,
};
pub use history_proof::{HistoryProof, InvalidHistoryProof, UnprovenHistory};
pub use key::{InvalidKey, KeyKind, SigningKey, VerifierKey};
pub use leaf::{Commitment, CommitmentKind, Leaf, SealedPart, TooManyParts};
pub use log::{EvidenceError, EvidenceLog};
pub use node_file::FileNodes;
pub use nodes::{MemoryNodes, NodeStore, Nodes, stored_index};
pub use note::{
    InvalidNote, MAX_NOTE_BYTES, MAX_SIGNATURES, NoteSignature, Signed, SignedNote, Unsigned,
};
pub use proof::{consistency, inclusion, root_at};
pub use tile::{TILE_WIDTH, Tile};
pub use tlog_proof::{InvalidTlogProof, TlogProof, UnprovenEntry};
pub use verify::{ProofError, verify_consistency, verify_for_witness, verify_inclusion};
pub use witness::{InvalidRequest, WitnessRequest};
