//! Where the nodes of the tree are kept, and how they are laid out.
//!
//! Only nodes of full subtrees are kept: they never change again. They stand in the order in which they become
//! complete, each right after the second of its two children, so that a growing tree only ever appends.

use redress_core::Position;
use redress_store::{StoreError, StoreErrorKind};

use crate::frontier::{Frontier, join};
use crate::hash::Hash;

/// The complete nodes of a tree, to read.
pub trait Nodes {
    /// How many leaves there are.
    fn size(&self) -> u64;

    /// The root of the full subtree over the leaves `index · 2^level` to `(index + 1) · 2^level`.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when there is no such subtree yet, or when it cannot be read.
    fn node(&self, level: u32, index: u64) -> Result<Hash, StoreError>;
}

/// The complete nodes of a tree, to read and to append to.
pub trait NodeStore: Nodes {
    /// Appends nodes in the order of [`stored_index`], all of those that whole leaves complete.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be kept.
    fn extend(&mut self, nodes: &[Hash]) -> Result<(), StoreError>;

    /// Makes what was appended last beyond the process, where it does at all.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when it cannot.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// Forgets every node.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when they cannot be removed.
    fn clear(&mut self) -> Result<(), StoreError>;
}

/// Where a node stands among the nodes in order of completion, from 0; `None` beyond what a number can say.
///
/// With `m` the last leaf below the node, `m = (index + 1) · 2^level − 1`, it is `2m − ones(m) + level`, where `ones`
/// counts the one bits: before leaf `m` stand `m` leaves and `m − ones(m)` complete inner nodes.
///
/// ```
/// use redress_evidence::stored_index;
///
/// // Leaf 0, leaf 1, their node, leaf 2, leaf 3, their node, the node of all four.
/// assert_eq!(stored_index(0, 2), Some(3));
/// assert_eq!(stored_index(1, 1), Some(5));
/// assert_eq!(stored_index(2, 0), Some(6));
/// assert_eq!(stored_index(63, 1), None);
/// ```
#[must_use]
pub fn stored_index(level: u32, index: u64) -> Option<u64> {
    let width = 1_u64.checked_shl(level)?;
    let last = index.checked_add(1)?.checked_mul(width)?.checked_sub(1)?;
    stored_count(last)?.checked_add(u64::from(level))
}

/// How many nodes a tree of so many leaves has complete: `2n − ones(n)`.
pub(crate) fn stored_count(size: u64) -> Option<u64> {
    size.checked_mul(2)?
        .checked_sub(u64::from(size.count_ones()))
}

/// The root over a run of leaves, `from` a multiple of the largest power of two in its length.
///
/// # Errors
///
/// As [`Nodes::node`].
pub(crate) fn range_root(nodes: &impl Nodes, from: u64, to: u64) -> Result<Hash, StoreError> {
    Ok(join(&peaks(nodes, from, to)?))
}

fn peaks(nodes: &impl Nodes, from: u64, to: u64) -> Result<Vec<Hash>, StoreError> {
    let mut start = from;
    let mut left = to.saturating_sub(from);
    let mut peaks = Vec::new();
    while let Some(level) = left.checked_ilog2() {
        peaks.push(nodes.node(level, start >> level)?);
        start = start.saturating_add(1 << level);
        left -= 1 << level;
    }
    Ok(peaks)
}

/// The right edge of the tree as it stands.
///
/// # Errors
///
/// As [`Nodes::node`].
pub(crate) fn frontier(nodes: &impl Nodes) -> Result<Frontier, StoreError> {
    frontier_at(nodes, nodes.size())
}

/// The right edge of the tree as it stood when it had so many leaves.
///
/// # Errors
///
/// As [`Nodes::node`].
pub(crate) fn frontier_at(nodes: &impl Nodes, size: u64) -> Result<Frontier, StoreError> {
    Ok(Frontier::from_peaks(size, peaks(nodes, 0, size)?))
}

/// Says that there is no such node.
pub(crate) fn missing(level: u32, index: u64, size: u64) -> StoreError {
    let message = format!("the tree of {size} entries has no node {index} at level {level}");
    let first = index.checked_shl(level).unwrap_or(u64::MAX);
    StoreError::new(StoreErrorKind::NotFound, message).at_position(Position::new(first))
}

/// The nodes of a tree in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryNodes {
    size: u64,
    nodes: Vec<Hash>,
}

impl Nodes for MemoryNodes {
    fn size(&self) -> u64 {
        self.size
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, StoreError> {
        let place = stored_index(level, index).and_then(|place| usize::try_from(place).ok());
        let node = place.and_then(|place| self.nodes.get(place));
        node.copied()
            .ok_or_else(|| missing(level, index, self.size))
    }
}

impl NodeStore for MemoryNodes {
    fn extend(&mut self, nodes: &[Hash]) -> Result<(), StoreError> {
        self.nodes.extend_from_slice(nodes);
        self.size = leaves_of(u64::try_from(self.nodes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn clear(&mut self) -> Result<(), StoreError> {
        *self = Self::default();
        Ok(())
    }
}

/// How many whole leaves so many stored nodes hold: the largest `n` with `2n − ones(n)` no more than that.
pub(crate) fn leaves_of(nodes: u64) -> u64 {
    // A tree of n leaves has between n and 2n nodes, and 2n − ones(n) grows with n by at least one.
    let mut leaves = nodes / 2;
    while stored_count(leaves.saturating_add(1)).is_some_and(|count| count <= nodes) {
        leaves += 1;
    }
    leaves
}
