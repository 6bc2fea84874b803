//! The right edge of a growing tree: all that is needed to add leaves and to know the root.

use crate::hash::Hash;

/// The roots of the full subtrees of a tree, the largest first: one for each bit of its size.
///
/// ```
/// use redress_evidence::{Frontier, Hash};
///
/// let (a, b, c) = (Hash::leaf(b"a"), Hash::leaf(b"b"), Hash::leaf(b"c"));
/// let mut frontier = Frontier::default();
/// assert_eq!(frontier.root(), Hash::empty_root());
/// [a, b, c].into_iter().for_each(|leaf| frontier.push(leaf));
/// assert_eq!(frontier.root(), Hash::node(&Hash::node(&a, &b), &c));
/// assert_eq!(frontier.size(), 3);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Of a tree whose full subtrees are these, the largest first.
    pub(crate) const fn from_peaks(size: u64, peaks: Vec<Hash>) -> Self {
        Self { size, peaks }
    }

    /// Adds a leaf, by its hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_| ());
    }

    /// Adds a leaf and tells each node that is complete now, from the leaf upward.
    pub(crate) fn push_with(&mut self, leaf: Hash, mut complete: impl FnMut(Hash)) {
        let mut hash = leaf;
        complete(hash);
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = Hash::node(&left, &hash);
            complete(hash);
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// How many leaves there are.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        join(&self.peaks)
    }
}

/// The root over full subtrees that stand side by side, the largest first.
pub(crate) fn join(peaks: &[Hash]) -> Hash {
    let mut from_right = peaks.iter().rev().copied();
    let smallest = from_right.next().unwrap_or_else(Hash::empty_root);
    from_right.fold(smallest, |right, left| Hash::node(&left, &right))
}
