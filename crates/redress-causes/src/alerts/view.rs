//! The view itself: folding, and what warnings it tells of.

use redress_core::{EventId, LedgerEvent, Position, Rulebook, Timestamp};
use redress_store::packed::Tracks;
use redress_store::{Fact, Projection, ProjectionError, fold_facts};

use super::figures::Figures;
use super::report::{Alerts, Raised, Standing};
use super::term::Term;
use super::watched::Watched;

/// When a fact of a complaint begins to count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timeline {
    /// When it was recorded: what a warning shows is what could be known then, and stays so whatever is recorded later.
    #[default]
    Recorded,
    /// When it happened, as if it had been recorded at once: how a history that was taken over would have gone. A fact that
    /// is recorded later than it happened may change what was shown.
    Occurred,
}

impl Timeline {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Recorded, Self::Occurred];

    /// The name of the view of warnings on it, which its snapshot ends with: `alerts`, and `alerts-occurred`.
    #[must_use]
    pub const fn view_name(self) -> &'static str {
        match self {
            Self::Recorded => "alerts",
            Self::Occurred => "alerts-occurred",
        }
    }
}

/// Early warnings, folded from the facts of a ledger.
///
/// Held in memory: every complaint's state, and how each watched figure went. Fold every fact from position 0 on; to
/// rebuild, make a new one.
///
/// ```
/// use redress_causes::{AlertView, NotEvaluable, Timeline};
/// use redress_core::{Policy, Timestamp};
///
/// let view = AlertView::new(Policy::standard(), Timeline::Recorded);
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// let alerts = view.alerts(now);
/// assert!(alerts.raised.is_empty());
/// // Nobody was asked whether they are content, so nobody can tell.
/// let content = alerts.standings.iter().find(|standing| standing.rule.as_str() == "dissatisfaction");
/// assert_eq!(content.and_then(|standing| standing.not_evaluable), Some(NotEvaluable::NoDenominator));
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertView {
    pub(super) figures: Figures,
    pub(super) complaints: Tracks<Watched>,
    pub(super) next_position: Position,
    pub(super) last_fact: Option<(EventId, Timestamp)>,
}

impl AlertView {
    /// An empty view that warns by the rules of the ledger: these until it has folded the founding ones, and each adoption
    /// from then on. Under other rules, whatever was adopted: give [`Rulebook::fixed`].
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>, timeline: Timeline) -> Self {
        Self {
            figures: Figures::new(rules.into(), timeline),
            complaints: Tracks::default(),
            next_position: Position::FIRST,
            last_fact: None,
        }
    }

    /// The rules it warns by, as far as it has folded.
    #[must_use]
    pub const fn rules(&self) -> &Rulebook {
        &self.figures.rules
    }

    /// When its facts begin to count.
    #[must_use]
    pub const fn timeline(&self) -> Timeline {
        self.figures.timeline
    }

    /// The id of the last fact that was folded, and when that was recorded; none in an empty view.
    #[must_use]
    pub const fn last_fact(&self) -> Option<(EventId, Timestamp)> {
        self.last_fact
    }

    /// How the warnings stand at `now`, and which were raised up to then.
    ///
    /// Of an instant to come it tells what will be if nothing more is recorded.
    #[must_use]
    pub fn alerts(&self, now: Timestamp) -> Alerts {
        let mut alerts = Alerts {
            at: now,
            standings: Vec::new(),
            raised: Vec::new(),
        };
        for term in self.figures.terms.iter().filter(|term| term.from <= now) {
            self.tell(term, now, &mut alerts);
        }
        let Alerts {
            standings, raised, ..
        } = &mut alerts;
        standings.sort_by(|one, next| (&one.rule, &one.group).cmp(&(&next.rule, &next.group)));
        raised.sort_by(|one, next| {
            let key = |raised: &Raised| (raised.alert.raised_at, raised.alert.rule.clone());
            key(one).cmp(&key(next)).then(one.group.cmp(&next.group))
        });
        alerts
    }

    fn tell(&self, term: &Term, now: Timestamp, alerts: &mut Alerts) {
        let begun = self.figures.begun.unwrap_or(now);
        for (group, stairs) in term.stairs(now) {
            let course = term.watch(&stairs, begun).course(now);
            let episodes = course.episodes.iter();
            let raised =
                episodes.filter_map(|episode| Raised::of(term, group, episode, |at| stairs.at(at)));
            let before = alerts.raised.len();
            alerts.raised.extend(raised);
            if !term.is_over(now) {
                let last = alerts.raised[before..].last();
                let figure = stairs.at(now);
                let standing = Standing::of(term, group, figure, last, course.not_evaluable);
                alerts.standings.push(standing);
            }
        }
    }

    /// Folds facts among which there is no adoption, or that are one. Complaints stay unpacked meanwhile; an adoption looks at all
    /// of them.
    fn fold_run(&mut self, run: &[Fact]) -> Result<(), ProjectionError> {
        let name = self.name();
        let Self {
            figures,
            complaints,
            next_position,
            ..
        } = self;
        if let [Fact::Ledger(fact)] = run
            && let LedgerEvent::PolicyAdopted(adopted) = &fact.event
        {
            return fold_facts(name, next_position, run, |_| {
                figures.adopt(adopted, fact.recorded_at, complaints)
            });
        }
        complaints.fold(|complaints| {
            fold_facts(name, next_position, run, |fact| match fact {
                Fact::Complaint(fact) => figures.fold(fact, complaints),
                Fact::Ledger(_) | Fact::Action(_) => Ok(()),
            })
        })
    }
}

fn is_adoption(fact: &Fact) -> bool {
    match fact {
        Fact::Ledger(fact) => matches!(fact.event, LedgerEvent::PolicyAdopted(_)),
        Fact::Complaint(_) | Fact::Action(_) => false,
    }
}

impl Projection for AlertView {
    /// One name for each timeline.
    fn name(&self) -> &'static str {
        self.timeline().view_name()
    }

    fn next_position(&self) -> Position {
        self.next_position
    }

    fn reads_personal(&self) -> bool {
        false
    }

    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        let mut runs = facts.chunk_by(|one, next| !is_adoption(one) && !is_adoption(next));
        let folded = runs.try_for_each(|run| self.fold_run(run));
        let known = facts.partition_point(|fact| fact.position() < self.next_position);
        if let Some(last) = facts[..known].last() {
            self.last_fact = Some((last.event_id(), last.recorded_at()));
        }
        folded
    }
}
