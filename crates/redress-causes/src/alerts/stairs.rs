//! A figure over time: it changes at steps and stays the same between them.

use std::collections::BTreeMap;

use redress_core::Timestamp;

use super::amount::Amount;
use super::watched::Stint;

/// The changes of a figure, by when they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Changes(BTreeMap<Timestamp, Amount>);

/// A figure over time.
#[derive(Clone, Debug)]
pub(super) struct Stairs(Vec<(Timestamp, Amount)>);

impl Changes {
    pub(super) fn add(&mut self, stint: &Stint) {
        if stint.from < stint.until {
            let added = self.0.entry(stint.from).or_default();
            *added = added.plus(stint.mark.amount);
            let taken = self.0.entry(stint.until).or_default();
            *taken = taken.minus(stint.mark.amount);
        }
    }

    /// When the first of them comes.
    pub(super) fn begin(&self) -> Option<Timestamp> {
        self.0.keys().next().copied()
    }

    /// Puts what stands above the line of other changes below the line of these.
    pub(super) fn set_against(&mut self, whole: &Self) {
        for (at, amount) in &whole.0 {
            let change = self.0.entry(*at).or_default();
            change.below = change.below.saturating_add(amount.above);
        }
    }

    /// The figure, where `base` stands on both sides of the line before any change.
    pub(super) fn into_stairs(self, base: Amount) -> Stairs {
        let mut height = base;
        let steps = self.0.into_iter().map(|(at, change)| {
            height = height.plus(change);
            (at, height)
        });
        let first = std::iter::once((Timestamp::MIN, base));
        Stairs(first.chain(steps).collect())
    }
}

impl Stairs {
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
