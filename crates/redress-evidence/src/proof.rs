//! Proofs about a tree, made from its nodes: that it holds an entry, and that it grew out of a smaller one.
//!
//! The proofs are those of RFC 6962, sections 2.1.1 and 2.1.2, read from the root down without recursion. Each needs as
//! many nodes as the tree is high, or a few more at its right edge.

use redress_store::{StoreError, StoreErrorKind};

use crate::hash::Hash;
use crate::nodes::{Nodes, range_root};

/// The root of the tree as it was when it had `size` leaves.
///
/// # Errors
///
/// [`StoreError`] when the tree is smaller than that, or cannot be read.
pub fn root_at(nodes: &impl Nodes, size: u64) -> Result<Hash, StoreError> {
    check_size(nodes, size)?;
    range_root(nodes, 0, size)
}

/// Proves that leaf `index` is in the tree of `size` leaves: its siblings from the leaf up.
///
/// # Errors
///
/// [`StoreError`] when there is no such leaf in a tree of that size, when the tree is smaller than that, or cannot be
/// read.
pub fn inclusion(nodes: &impl Nodes, index: u64, size: u64) -> Result<Vec<Hash>, StoreError> {
    check_size(nodes, size)?;
    if index >= size {
        return Err(refused(format!(
            "a tree of {size} entries has no entry {index}"
        )));
    }
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + left_width(to - from);
        if index < middle {
            proof.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// Proves that the tree of `new_size` leaves begins with that of `old_size` leaves.
///
/// # Errors
///
/// [`StoreError`] when `old_size` is 0, of which nothing can be proven, or larger than `new_size`; when the tree is smaller
/// than that, or cannot be read.
pub fn consistency(
    nodes: &impl Nodes,
    old_size: u64,
    new_size: u64,
) -> Result<Vec<Hash>, StoreError> {
    check_size(nodes, new_size)?;
    if old_size == 0 || old_size > new_size {
        return Err(refused(format!(
            "a tree of {new_size} entries cannot be proven to begin with one of {old_size}"
        )));
    }
    let (mut from, mut to) = (0, new_size);
    let mut proof = Vec::new();
    while old_size < to {
        let middle = from + left_width(to - from);
        if old_size <= middle {
            proof.push(range_root(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range_root(nodes, from, middle)?);
            from = middle;
        }
    }
    // Where the old tree is itself a node of the new one, the verifier has it: it is the old root.
    if from > 0 {
        proof.push(range_root(nodes, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `width`, which is at least 2.
const fn left_width(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

fn check_size(nodes: &impl Nodes, size: u64) -> Result<(), StoreError> {
    let actual = nodes.size();
    if size > actual {
        return Err(refused(format!(
            "the tree has {actual} entries, fewer than {size}"
        )));
    }
    Ok(())
}

fn refused(message: String) -> StoreError {
    StoreError::new(StoreErrorKind::NotFound, message)
}
