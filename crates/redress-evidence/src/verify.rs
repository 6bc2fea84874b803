//! Checking proofs, with nothing but hashes: no tree, no ledger, no key.
//!
//! The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2, with the length of each proof worked out before:
//! a proof that is longer or shorter is refused before a hash is computed.

use crate::hash::Hash;

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// A tree of this size has no such leaf.
    #[error("a tree of {size} entries has no entry {index}")]
    OutOfRange {
        /// The leaf.
        index: u64,
        /// The size of the tree.
        size: u64,
    },
    /// Every tree begins with the empty one, so a proof from it says nothing.
    #[error(
        "nothing can be proven from a tree of 0 entries; start from a checkpoint that has some"
    )]
    FromNothing,
    /// The tree has become smaller.
    #[error("the earlier tree has {old_size} entries, the later one only {new_size}")]
    Shrunk {
        /// The size of the earlier tree.
        old_size: u64,
        /// The size of the later tree.
        new_size: u64,
    },
    /// The proof has too many hashes, or too few.
    #[error("the proof has {actual} hashes where {expected} belong")]
    Length {
        /// How many belong to these sizes.
        expected: usize,
        /// How many there are.
        actual: usize,
    },
    /// The proof does not lead to the root of the earlier tree.
    #[error("the proof does not lead to the root of the earlier tree")]
    OldRoot,
    /// The proof does not lead to the root.
    #[error("the proof does not lead to the root")]
    Root,
}

/// Checks that a leaf is in a tree.
///
/// # Errors
///
/// [`ProofError::OutOfRange`], [`ProofError::Length`], [`ProofError::Root`], in this order.
///
/// ```
/// use redress_evidence::{Hash, ProofError, verify_inclusion};
///
/// let (a, b) = (Hash::leaf(b"a"), Hash::leaf(b"b"));
/// let root = Hash::node(&a, &b);
/// assert_eq!(verify_inclusion(&a, 0, 2, &[b], &root), Ok(()));
/// assert_eq!(verify_inclusion(&a, 1, 2, &[b], &root), Err(ProofError::Root));
/// ```
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange { index, size });
    }
    let path = Path::of(index, size);
    path.check_length(proof.len(), 0)?;
    let (inner, border) = proof.split_at_checked(path.inner).unwrap_or((proof, &[]));
    let found = climb_border(climb_inner(*leaf, inner, index), border);
    (found == *root).then_some(()).ok_or(ProofError::Root)
}

/// Checks that a tree begins with an earlier one.
///
/// # Errors
///
/// [`ProofError::FromNothing`], [`ProofError::Shrunk`], [`ProofError::Length`], [`ProofError::OldRoot`],
/// [`ProofError::Root`], in this order.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size == 0 {
        return Err(ProofError::FromNothing);
    }
    if old_size > new_size {
        return Err(ProofError::Shrunk { old_size, new_size });
    }
    if old_size == new_size {
        check_empty(proof)?;
        return (old_root == new_root).then_some(()).ok_or(ProofError::Root);
    }
    // The path of the last leaf of the old tree; the part below the smallest full subtree of the old tree is left out.
    let shift = old_size.trailing_zeros();
    let whole = Path::of(old_size - 1, new_size);
    let path = Path {
        inner: whole.inner.saturating_sub(shift as usize),
        border: whole.border,
    };
    let (seed, proof) = if old_size.is_power_of_two() {
        path.check_length(proof.len(), 0)?;
        (*old_root, proof)
    } else {
        path.check_length(proof.len(), 1)?;
        let (seed, rest) = proof.split_first().ok_or(ProofError::OldRoot)?;
        (*seed, rest)
    };
    let (inner, border) = proof.split_at_checked(path.inner).unwrap_or((proof, &[]));
    let index = (old_size - 1) >> shift;
    if climb_border(climb_left(seed, inner, index), border) != *old_root {
        return Err(ProofError::OldRoot);
    }
    let found = climb_border(climb_inner(seed, inner, index), border);
    (found == *new_root).then_some(()).ok_or(ProofError::Root)
}

/// Checks what a log sends to a witness, who may never have seen it: from size 0, with an empty proof, anything follows.
///
/// The rule of the C2SP specification tlog-witness. Nothing but a witness's first meeting with a log calls for it.
///
/// # Errors
///
/// As [`verify_consistency`], but for [`ProofError::FromNothing`]; a proof from size 0 that is not empty is
/// [`ProofError::Length`].
pub fn verify_for_witness(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old_size == 0 {
        return check_empty(proof);
    }
    verify_consistency(old_size, old_root, new_size, new_root, proof)
}

fn check_empty(proof: &[Hash]) -> Result<(), ProofError> {
    Path {
        inner: 0,
        border: 0,
    }
    .check_length(proof.len(), 0)
}

/// How many siblings a leaf has on its way to the root.
struct Path {
    /// Those up to where the way meets the right edge of the tree.
    inner: usize,
    /// Those along the right edge, all on the left.
    border: usize,
}

impl Path {
    /// Of leaf `index`, which is less than `size`.
    const fn of(index: u64, size: u64) -> Self {
        let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
        let above = match index.checked_shr(inner) {
            Some(above) => above,
            None => 0,
        };
        Self {
            inner: inner as usize,
            border: above.count_ones() as usize,
        }
    }

    const fn check_length(&self, actual: usize, more: usize) -> Result<(), ProofError> {
        let expected = self.inner + self.border + more;
        if actual == expected {
            Ok(())
        } else {
            Err(ProofError::Length { expected, actual })
        }
    }
}

/// Up the tree, with siblings on either side, as the bits of the index say.
fn climb_inner(seed: Hash, siblings: &[Hash], index: u64) -> Hash {
    steps(siblings, index).fold(seed, |hash, (sibling, on_left)| {
        if on_left {
            Hash::node(sibling, &hash)
        } else {
            Hash::node(&hash, sibling)
        }
    })
}

/// Up the tree, with those siblings alone that stand on the left: the way within the old tree.
fn climb_left(seed: Hash, siblings: &[Hash], index: u64) -> Hash {
    steps(siblings, index)
        .filter(|(_, on_left)| *on_left)
        .fold(seed, |hash, (sibling, _)| Hash::node(sibling, &hash))
}

fn climb_border(seed: Hash, siblings: &[Hash]) -> Hash {
    siblings
        .iter()
        .fold(seed, |hash, sibling| Hash::node(sibling, &hash))
}

/// Each sibling, and whether it stands on the left.
fn steps(siblings: &[Hash], index: u64) -> impl Iterator<Item = (&Hash, bool)> {
    siblings
        .iter()
        .zip(0_u32..)
        .map(move |(sibling, level)| (sibling, index.checked_shr(level).unwrap_or(0) & 1 == 1))
}
