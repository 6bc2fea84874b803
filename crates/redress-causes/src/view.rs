//! The view itself: folding, where it stands, and the Pareto.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::action::{Action, evolve_action};
use redress_core::{ActionId, ComplaintId, Duplicates, Position, Rulebook, Timestamp};
use redress_store::packed::Tracks;
use redress_store::{Between, Fact, Projection, ProjectionError};

use crate::dimension::{Dimension, Values as _};
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
    pub(crate) rules: Rulebook,
    pub(crate) next_position: Position,
    pub(crate) tracks: Tracks<Track>,
    pub(crate) actions: BTreeMap<ActionId, Action>,
    pub(crate) until: Option<Until>,
}

/// What is left out: whatever happened after a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Until {
    pub(crate) at: Timestamp,
    /// These have facts after it; what is recorded of them later rests on those.
    complaints: BTreeSet<ComplaintId>,
    actions: BTreeSet<ActionId>,
}

impl Until {
    pub(crate) const fn new(at: Timestamp) -> Self {
        Self {
            at,
            complaints: BTreeSet::new(),
            actions: BTreeSet::new(),
        }
    }

    fn leaves_out(&mut self, fact: &Fact) -> bool {
        match fact {
            Fact::Complaint(fact) => {
                let id = fact.complaint_id;
                (fact.occurred_at > self.at && self.complaints.insert(id))
                    || self.complaints.contains(&id)
            }
            Fact::Action(fact) => {
                let id = fact.action_id;
                (fact.occurred_at > self.at && self.actions.insert(id))
                    || self.actions.contains(&id)
            }
            // Which rules are in force when is asked of the rules.
            Fact::Ledger(_) => false,
        }
    }
}

impl CauseView {
    /// An empty view that takes names from the rules of the ledger: these until it has folded the founding ones, and each
    /// adoption from then on. Under other rules, whatever was adopted: give [`Rulebook::fixed`].
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>) -> Self {
        Self {
            rules: rules.into(),
            next_position: Position::FIRST,
            tracks: Tracks::default(),
            actions: BTreeMap::new(),
            until: None,
        }
    }

    /// Leaves out whatever happened after this moment, so that every figure is of then. To be said of an empty view, which
    /// takes no snapshot then.
    #[must_use]
    pub fn until(mut self, at: Timestamp) -> Self {
        self.until = Some(Until::new(at));
        self
    }

    /// The rules it takes names from, as far as it has folded.
    #[must_use]
    pub const fn rules(&self) -> &Rulebook {
        &self.rules
    }

    /// Forgets what was folded, so that it can be folded again from position 0.
    pub fn reset(&mut self) {
        self.next_position = Position::FIRST;
        self.rules.forget();
        self.tracks = Tracks::default();
        self.actions.clear();
        self.until = self.until.as_ref().map(|until| Until::new(until.at));
    }

    /// The complaints whose standing resolution was recorded as happening in the period, by root cause.
    ///
    /// `unrecorded` counts those of them whose resolution names no cause.
    #[must_use]
    pub fn pareto(&self, query: &CauseQuery) -> Ranking {
        Ranking::of(
            self.resolved(query),
            |track| Dimension::Cause.value(track, query.grain),
            |code| self.rules.cause_name(code),
        )
    }

    /// The complaints received in the period, resolved or not, by a dimension.
    ///
    /// `unrecorded` counts those that have no value: not classified, not resolved, no product named.
    #[must_use]
    pub fn counts(&self, dimension: Dimension, query: &CauseQuery) -> Ranking {
        Ranking::of(
            self.received(query),
            |track| dimension.value(track, query.grain),
            |code| dimension.label(code, &self.rules),
        )
    }

    /// The complaints whose standing resolution lies in the period.
    pub(crate) fn resolved(&self, query: &CauseQuery) -> impl Iterator<Item = Track> {
        let period = query.period;
        self.counted(query.duplicates).filter(move |track| {
            let resolution = track.resolution();
            resolution.is_some_and(|resolution| period.contains(resolution.at))
        })
    }

    pub(crate) fn action_states(&self) -> impl Iterator<Item = &Action> {
        self.actions.values()
    }

    /// The complaints received in the period.
    pub(crate) fn received(&self, query: &CauseQuery) -> impl Iterator<Item = Track> {
        let period = query.period;
        self.counted(query.duplicates).filter(move |track| {
            let case = track.complaint.case();
            case.is_some_and(|case| period.contains(case.received_at))
        })
    }

    /// The complaints of any time.
    pub(crate) fn counted(&self, duplicates: Duplicates) -> impl Iterator<Item = Track> {
        let tracks = self.tracks.iter().map(|(_, track)| track);
        tracks.filter(move |track| track.counts(duplicates))
    }
}

impl Projection for CauseView {
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
        self.take(facts, Between::Nothing)
    }
}

impl CauseView {
    /// Complaints stay unpacked until all of the facts are folded.
    pub(crate) fn take(&mut self, facts: &[Fact], between: Between) -> Result<(), ProjectionError> {
        let Self {
            next_position,
            rules,
            tracks,
            actions,
            until,
        } = self;
        tracks.fold(|tracks| {
            between.fold(NAME, next_position, facts, |fact| {
                if until.as_mut().is_some_and(|until| until.leaves_out(fact)) {
                    return Ok(());
                }
                match fact {
                    Fact::Complaint(fact) => {
                        tracks.update(fact.complaint_id, |track| track.fold(fact))?;
                    }
                    Fact::Action(fact) => {
                        let before = actions.get(&fact.action_id).cloned().unwrap_or_default();
                        actions.insert(fact.action_id, evolve_action(before, fact)?);
                    }
                    Fact::Ledger(fact) => rules.learn(&fact.event)?,
                }
                Ok(())
            })
        })
    }
}
