//! What the readers of evidence promise of any bytes, as checks of one input each.
//!
//! No input makes a reader panic; what is read and written again is the same; what was altered is not believed. The package
//! `fuzz/` has libFuzzer make inputs up for these checks, and an ordinary test runs them over the inputs that were worth
//! keeping, in `fuzz/corpus/`.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed promise of the reader that is checked"
)]

mod bundle;
mod entry;
mod keys;
mod ledger;
mod texts;
mod tile;

use std::fmt;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A signed checkpoint.
    Checkpoint,
    /// A signed note, the statement of heads within it, and keys.
    Note,
    /// A `.tlog-proof`, the proof of a history, and the request to a witness.
    Proof,
    /// A file of preimages, and the tiles over them.
    Tile,
    /// A stored entry: its public part, its personal parts, and the sealed ones among them.
    Entry,
    /// Files of a bundle.
    Bundle,
    /// The file of a key store.
    Keys,
}

impl Target {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Checkpoint,
        Self::Note,
        Self::Proof,
        Self::Tile,
        Self::Entry,
        Self::Bundle,
        Self::Keys,
    ];

    /// Checks what its reader promises of these bytes.
    ///
    /// # Panics
    ///
    /// Where the reader does not keep a promise.
    ///
    /// ```
    /// use redress_fuzz::Target;
    ///
    /// Target::Checkpoint.check(b"example.org/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    /// ```
    pub fn check(self, bytes: &[u8]) {
        match self {
            Self::Checkpoint => texts::check_checkpoint(bytes),
            Self::Note => texts::check_note(bytes),
            Self::Proof => texts::check_proof(bytes),
            Self::Tile => tile::check(bytes),
            Self::Entry => entry::check(bytes),
            Self::Bundle => bundle::check(bytes),
            Self::Keys => keys::check(bytes),
        }
    }

    /// Inputs to begin with: what the library itself writes.
    #[must_use]
    pub fn seeds(self) -> Vec<Vec<u8>> {
        match self {
            Self::Checkpoint => texts::checkpoints(),
            Self::Note => texts::notes(),
            Self::Proof => texts::proofs(),
            Self::Tile => tile::seeds(),
            Self::Entry => entry::seeds(),
            Self::Bundle => bundle::seeds(),
            Self::Keys => keys::seeds(),
        }
    }
}

/// The name of its program and of its folder of inputs.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checkpoint => "checkpoint",
            Self::Note => "note",
            Self::Proof => "proof",
            Self::Tile => "tile",
            Self::Entry => "entry",
            Self::Bundle => "bundle",
            Self::Keys => "keys",
        })
    }
}
