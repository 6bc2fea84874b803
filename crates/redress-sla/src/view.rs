//! The view itself: folding, and where it stands.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use redress_core::{ComplaintId, Duplicates, OutOfOrder, Position, Recorded, Rulebook, Timestamp};
use redress_store::{Fact, Projection, ProjectionError, fold_facts};

use crate::track::{Standing, Track};

pub(crate) const NAME: &str = "sla";

/// Clocks, timeliness and workload of the departments, folded from the facts of a ledger.
///
/// Held in memory. Fold every fact from position 0 on; to rebuild, [`SlaView::reset`] and fold again.
///
/// ```
/// use redress_core::{Policy, Timestamp};
/// use redress_sla::{BoardFilter, SlaView};
/// use redress_store::Projection;
///
/// let view = SlaView::new(Policy::standard());
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert_eq!(view.next_position().get(), 0);
/// assert!(view.board(now, &BoardFilter::default()).rows.is_empty());
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaView {
    pub(crate) rules: Rulebook,
    pub(crate) next_position: Position,
    pub(crate) tracks: BTreeMap<ComplaintId, Track>,
}

impl SlaView {
    /// An empty view that judges by the rules of the ledger: these until it has folded the founding ones, and each
    /// adoption from then on. Under other rules, whatever was adopted: give [`Rulebook::fixed`].
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>) -> Self {
        Self {
            rules: rules.into(),
            next_position: Position::FIRST,
            tracks: BTreeMap::new(),
        }
    }

    /// The rules it judges by, as far as it has folded.
    #[must_use]
    pub const fn rules(&self) -> &Rulebook {
        &self.rules
    }

    /// Forgets what was folded, so that it can be folded again from position 0.
    pub fn reset(&mut self) {
        self.next_position = Position::FIRST;
        self.rules.forget();
        self.tracks.clear();
    }

    pub(crate) fn tracks(
        &self,
        duplicates: Duplicates,
    ) -> impl Iterator<Item = (ComplaintId, &Track)> {
        self.tracks
            .iter()
            .filter(move |(_, track)| track.counts(duplicates))
            .map(|(id, track)| (*id, track))
    }

    pub(crate) fn standings(
        &self,
        at: Timestamp,
        duplicates: Duplicates,
    ) -> impl Iterator<Item = Standing<'_>> {
        self.tracks(duplicates)
            .flat_map(move |(_, track)| track.standings(&self.rules, at))
    }
}

impl Projection for SlaView {
    fn name(&self) -> &'static str {
        NAME
    }

    fn next_position(&self) -> Position {
        self.next_position
    }

    fn reads_personal(&self) -> bool {
        false
    }

    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        let Self {
            next_position,
            rules,
            tracks,
        } = self;
        fold_facts(NAME, next_position, facts, |fact| match fact {
            Fact::Complaint(fact) => Ok(fold_complaint(tracks, fact)?),
            Fact::Ledger(fact) => Ok(rules.learn(&fact.event)?),
            Fact::Action(_) => Ok(()),
        })
    }
}

fn fold_complaint(
    tracks: &mut BTreeMap<ComplaintId, Track>,
    fact: &Recorded,
) -> Result<(), OutOfOrder> {
    match tracks.entry(fact.complaint_id) {
        Entry::Occupied(mut track) => track.get_mut().fold(fact),
        Entry::Vacant(place) => {
            let mut track = Track::default();
            track.fold(fact)?;
            place.insert(track);
            Ok(())
        }
    }
}
