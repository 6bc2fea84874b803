//! The view itself: folding, and where it stands.

use redress_core::{ComplaintId, Duplicates, Position, Rulebook, Timestamp};
use redress_store::packed::Tracks;
use redress_store::{Between, Fact, Projection, ProjectionError};

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
    pub(crate) tracks: Tracks<Track>,
}

impl SlaView {
    /// An empty view that judges by the rules of the ledger: these until it has folded the founding ones, and each
    /// adoption from then on. Under other rules, whatever was adopted: give [`Rulebook::fixed`].
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>) -> Self {
        Self {
            rules: rules.into(),
            next_position: Position::FIRST,
            tracks: Tracks::default(),
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
        self.tracks = Tracks::default();
    }

    pub(crate) fn tracks(
        &self,
        duplicates: Duplicates,
    ) -> impl Iterator<Item = (ComplaintId, Track)> {
        let tracks = self.tracks.iter();
        tracks.filter(move |(_, track)| track.counts(duplicates))
    }

    /// The complaints that may have had a clock at `at` that had not ended.
    pub(crate) fn open_tracks(
        &self,
        at: Timestamp,
        duplicates: Duplicates,
    ) -> impl Iterator<Item = (ComplaintId, Track)> {
        let tracks = self.tracks.unsettled_at(at);
        tracks.filter(move |(_, track)| track.counts(duplicates))
    }

    /// Hands every clock that had started by `at` to `take`.
    pub(crate) fn each_standing(
        &self,
        at: Timestamp,
        duplicates: Duplicates,
        mut take: impl FnMut(&Standing<'_>),
    ) {
        for (_, track) in self.tracks(duplicates) {
            for standing in track.standings(&self.rules, at) {
                take(&standing);
            }
        }
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
        self.take(facts, Between::Nothing)
    }
}

impl SlaView {
    /// Complaints stay unpacked until all of the facts are folded.
    pub(crate) fn take(&mut self, facts: &[Fact], between: Between) -> Result<(), ProjectionError> {
        let Self {
            next_position,
            rules,
            tracks,
        } = self;
        tracks.fold(|tracks| {
            between.fold(NAME, next_position, facts, |fact| match fact {
                Fact::Complaint(fact) => tracks.update(fact.complaint_id, |track| track.fold(fact)),
                Fact::Ledger(fact) => Ok(rules.learn(&fact.event)?),
                Fact::Action(_) => Ok(()),
            })
        })
    }
}
