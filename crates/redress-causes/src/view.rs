//! The view itself: folding, where it stands, and the Pareto.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use redress_core::action::{Action, evolve_action};
use redress_core::{ActionId, ComplaintId, OutOfOrder, Policy, Position, Recorded};
use redress_store::{Fact, Projection, ProjectionError, fold_facts};

use crate::dimension::{Dimension, name_in};
use crate::query::CauseQuery;
use crate::ranking::Ranking;
use crate::track::Track;

const NAME: &str = "causes";

/// Root causes, and the actions against them, folded from the facts of a ledger.
///
/// Held in memory. Fold every fact from position 0 on; to rebuild, [`CauseView::reset`] and fold again.
///
/// ```
/// use redress_causes::{CauseQuery, CauseView};
/// use redress_core::Policy;
/// use redress_store::Projection;
///
/// let view = CauseView::new(Policy::standard());
/// assert_eq!(view.next_position().get(), 0);
/// assert!(view.pareto(&CauseQuery::default()).rows.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseView {
    policy: Policy,
    next_position: Position,
    tracks: BTreeMap<ComplaintId, Track>,
    actions: BTreeMap<ActionId, Action>,
}

impl CauseView {
    /// An empty view that takes names from this policy.
    #[must_use]
    pub const fn new(policy: Policy) -> Self {
        Self {
            policy,
            next_position: Position::FIRST,
            tracks: BTreeMap::new(),
            actions: BTreeMap::new(),
        }
    }

    /// The policy it takes names from.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Forgets what was folded, so that it can be folded again from position 0.
    pub fn reset(&mut self) {
        self.next_position = Position::FIRST;
        self.tracks.clear();
        self.actions.clear();
    }

    /// The complaints whose standing resolution was recorded as happening in the period, by root cause.
    ///
    /// `unrecorded` counts those of them whose resolution names no cause.
    #[must_use]
    pub fn pareto(&self, query: &CauseQuery) -> Ranking {
        let codes = self.resolved(query).map(|track| {
            let cause = track.primary_cause();
            cause.map(|cause| query.grain.of(cause.code.as_str()))
        });
        Ranking::of(codes, |code| name_in(&self.policy.causes, code))
    }

    /// The complaints received in the period, resolved or not, by a dimension.
    ///
    /// `unrecorded` counts those that have no value: not classified, not resolved, no product named.
    #[must_use]
    pub fn counts(&self, dimension: Dimension, query: &CauseQuery) -> Ranking {
        let received = self.counted(query).filter(|track| {
            let case = track.complaint.case();
            case.is_some_and(|case| query.period.contains(case.received_at))
        });
        let codes = received.map(|track| dimension.value(track, query.grain));
        Ranking::of(codes, |code| dimension.label(code, &self.policy))
    }

    /// The complaints whose standing resolution lies in the period.
    pub(crate) fn resolved(&self, query: &CauseQuery) -> impl Iterator<Item = &Track> {
        let period = query.period;
        self.counted(query).filter(move |track| {
            let resolution = track.resolution();
            resolution.is_some_and(|resolution| period.contains(resolution.at))
        })
    }

    pub(crate) fn action_states(&self) -> impl Iterator<Item = &Action> {
        self.actions.values()
    }

    fn counted(&self, query: &CauseQuery) -> impl Iterator<Item = &Track> {
        let duplicates = query.duplicates;
        self.tracks
            .values()
            .filter(move |track| track.counts(duplicates))
    }
}

impl Projection for CauseView {
    fn name(&self) -> &'static str {
        NAME
    }

    fn next_position(&self) -> Position {
        self.next_position
    }

    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        let Self {
            next_position,
            tracks,
            actions,
            ..
        } = self;
        fold_facts(NAME, next_position, facts, |fact| {
            match fact {
                Fact::Complaint(fact) => fold_complaint(tracks, fact)?,
                Fact::Action(fact) => {
                    let before = actions.get(&fact.action_id).cloned().unwrap_or_default();
                    actions.insert(fact.action_id, evolve_action(before, fact)?);
                }
                Fact::Ledger(_) => {}
            }
            Ok(())
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
