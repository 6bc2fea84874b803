//! What an auditor can check: a Merkle tree over a ledger's entries, signed checkpoints, proofs, and bundles.
//!
//! The tree is a fold over the entries of a store, in their one order, so every store has one. Its hashes are those of
//! RFC 6962; checkpoints, proofs and tiles are those of the C2SP specifications, so that programs of other people can
//! read them.

mod frontier;
mod hash;
mod hex;
mod leaf;
mod node_file;
mod nodes;
mod proof;
mod verify;

pub use frontier::Frontier;
pub use hash::Hash;
pub use leaf::{Commitment, CommitmentKind, Leaf, SealedPart, TooManyParts};
pub use node_file::FileNodes;
pub use nodes::{MemoryNodes, NodeStore, Nodes, stored_index};
pub use proof::{consistency, inclusion, root_at};
pub use verify::{ProofError, verify_consistency, verify_for_witness, verify_inclusion};
