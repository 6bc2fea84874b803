//! Tests of the tree, its proofs, the signed texts and the bundle, through the public interface.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod bundles;
mod checkpoints;
mod dossiers;
mod erased;
mod flips;
mod heads;
mod histories;
mod in_place;
mod key_stores;
mod leaves;
mod ledger;
mod logs;
mod malformed;
mod node_files;
mod notes;
mod oracles;
mod python;
mod sealing;
mod two_keys;
mod vectors;
mod witnesses;
