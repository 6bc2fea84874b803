//! A figure over time: it changes at steps and stays the same between them.

use redress_core::Timestamp;

use super::amount::Amount;

/// A figure over time.
#[derive(Clone, Debug)]
pub(super) struct Stairs(Vec<(Timestamp, Amount)>);

impl Stairs {
    /// The figure that changes so, where `base` stands on both sides of the line before any change.
    pub(super) fn of(changes: impl Iterator<Item = (Timestamp, Amount)>, base: Amount) -> Self {
        let mut height = base;
        let steps = changes.map(|(at, change)| {
            height = height.plus(change);
            (at, height)
        });
        let first = std::iter::once((Timestamp::MIN, base));
        Self(first.chain(steps).collect())
    }

    /// The figure at an instant.
    pub(super) fn at(&self, at: Timestamp) -> Amount {
        let known = self.0.partition_point(|(step, _)| *step <= at);
        let last = known.checked_sub(1).and_then(|place| self.0.get(place));
        last.map_or_else(Amount::default, |(_, amount)| *amount)
    }

    /// When it changes.
    pub(super) fn steps(&self) -> impl Iterator<Item = Timestamp> {
        self.0.iter().map(|(at, _)| *at)
    }
}
