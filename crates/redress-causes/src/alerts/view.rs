//! The view itself: folding, and what warnings it tells of.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::policy::WarningRule;
use redress_core::policy::warning::Metric;
use redress_core::{
    ComplaintId, Duplicates, LedgerEvent, LedgerRecorded, Position, Recorded, Rulebook, SubjectId,
    Timestamp,
};
use redress_store::{Fact, Projection, ProjectionError, ProjectionFault, fold_facts};

use super::marks::marks;
use super::report::{Alerts, Raised, Standing};
use super::term::Term;
use super::watched::{Stint, Watched};
use crate::kpi::repeats;

const NAME: &str = "alerts";

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

/// Early warnings, folded from the facts of a ledger.
///
/// Held in memory: every complaint's state, and what it added to each watched figure. Fold every fact from position 0 on;
/// to rebuild, make a new one.
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
    timeline: Timeline,
    rules: Rulebook,
    next_position: Position,
    complaints: BTreeMap<ComplaintId, Watched>,
    of_subject: BTreeMap<SubjectId, BTreeSet<ComplaintId>>,
    terms: Vec<Term>,
    /// When the first fact of a complaint counted.
    begun: Option<Timestamp>,
}

impl AlertView {
    /// An empty view that warns by the rules of the ledger: these until it has folded the founding ones, and each adoption
    /// from then on. Under other rules, whatever was adopted: give [`Rulebook::fixed`].
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>, timeline: Timeline) -> Self {
        let rules = rules.into();
        let given = rules.in_force_at(Timestamp::MIN);
        let terms = Term::of(given, (Timestamp::MIN, Timestamp::MIN)).collect();
        Self {
            timeline,
            rules,
            next_position: Position::FIRST,
            complaints: BTreeMap::new(),
            of_subject: BTreeMap::new(),
            terms,
            begun: None,
        }
    }

    /// The rules it warns by, as far as it has folded.
    #[must_use]
    pub const fn rules(&self) -> &Rulebook {
        &self.rules
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
        for term in self.terms.iter().filter(|term| term.from <= now) {
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
        let begun = self.begun.unwrap_or(now);
        for (group, stairs) in term.figures(now) {
            let course = term.watch(&stairs, begun).course(now);
            let episodes = course.episodes.iter();
            let raised = episodes
                .filter_map(|episode| Raised::of(term, &group, episode, |at| stairs.at(at)));
            let before = alerts.raised.len();
            alerts.raised.extend(raised);
            if !term.is_over(now) {
                let last = alerts.raised[before..].last();
                let figure = stairs.at(now);
                let standing = Standing::of(term, &group, figure, last, course.not_evaluable);
                alerts.standings.push(standing);
            }
        }
    }

    fn fold_complaint(&mut self, fact: &Recorded) -> Result<(), ProjectionFault> {
        let id = fact.complaint_id;
        let mut watched = self.complaints.remove(&id).unwrap_or_default();
        let folded = watched.fold(fact);
        let at = match self.timeline {
            Timeline::Recorded => fact.recorded_at,
            Timeline::Occurred => watched
                .counted_at
                .map_or(fact.occurred_at, |last| last.max(fact.occurred_at)),
        };
        let subject = watched.track.complaint.case().map(|case| case.subject);
        if folded.is_ok() {
            watched.counted_at = Some(at);
        }
        if folded.is_ok() || subject.is_some() {
            self.complaints.insert(id, watched);
        }
        folded?;
        if let Some(subject) = subject {
            self.of_subject.entry(subject).or_default().insert(id);
        }
        self.begun = Some(self.begun.map_or(at, |begun| begun.min(at)));
        self.update(id, subject, at);
        Ok(())
    }

    /// Takes in what a complaint, and those it is compared with, add from an instant on.
    fn update(&mut self, id: ComplaintId, subject: Option<SubjectId>, at: Timestamp) {
        let siblings = self.siblings(subject, at);
        let tracks = siblings.iter().filter_map(|id| self.complaints.get(id));
        let tracks = tracks.map(|watched| &watched.track);
        let repeated = repeats(tracks.filter(|track| track.counts(Duplicates::Excluded)));
        self.update_one(id, at, repeated.contains(&id), |_| true);
        for sibling in siblings.into_iter().filter(|sibling| *sibling != id) {
            self.update_one(sibling, at, repeated.contains(&sibling), asks_for_repeats);
        }
    }

    /// The complaints of a customer, where some rule asks which of them are repeats.
    fn siblings(&self, subject: Option<SubjectId>, at: Timestamp) -> BTreeSet<ComplaintId> {
        let asks = |term: &Term| asks_for_repeats(&term.rule) && !term.is_over(at);
        let siblings = subject.and_then(|subject| self.of_subject.get(&subject));
        siblings
            .filter(|_| self.terms.iter().any(asks))
            .cloned()
            .unwrap_or_default()
    }

    fn update_one(
        &mut self,
        id: ComplaintId,
        at: Timestamp,
        is_repeat: bool,
        is_asked: fn(&WarningRule) -> bool,
    ) {
        let Some(watched) = self.complaints.get_mut(&id) else {
            return;
        };
        let mut open = std::mem::take(&mut watched.open);
        for (place, term) in self.terms.iter_mut().enumerate() {
            if term.is_over(at) || !is_asked(&term.rule) {
                continue;
            }
            let mut wanted = marks(&term.rule, watched, is_repeat, &self.rules, at);
            open.retain(|(of, stint)| {
                let Some(stint) = term.stints.get_mut(*stint).filter(|_| *of == place) else {
                    return true;
                };
                let Some(same) = wanted.iter().position(|mark| *mark == stint.mark) else {
                    stint.until = stint.until.min(at);
                    return false;
                };
                wanted.swap_remove(same);
                true
            });
            for mark in wanted {
                open.push((place, term.stints.len()));
                term.stints.push(Stint {
                    from: mark.from.max(at),
                    until: mark.until,
                    mark,
                });
            }
        }
        watched.open = open;
    }

    fn fold_ledger(&mut self, fact: &LedgerRecorded) -> Result<(), ProjectionFault> {
        match &fact.event {
            LedgerEvent::PolicyAdopted(_) => {
                let known = self.rules.adoptions().len();
                self.rules.learn(&fact.event)?;
                if self.rules.adoptions().len() > known {
                    self.follow_rules(fact.recorded_at);
                }
                Ok(())
            }
            LedgerEvent::Refused(_)
            | LedgerEvent::Held(_)
            | LedgerEvent::Released(_)
            | LedgerEvent::ErasureRequested(_)
            | LedgerEvent::KeyDestroyed(_) => Ok(()),
        }
    }

    /// Lets the rules end that were adopted no more, and those begin that are new.
    fn follow_rules(&mut self, at: Timestamp) {
        let [.., adoption] = self.rules.adoptions() else {
            return;
        };
        let (from, policy) = (adoption.in_force_from, adoption.policy.clone());
        if self.rules.adoptions().len() == 1 {
            // What was given stood in for these.
            self.terms.clear();
            for watched in self.complaints.values_mut() {
                watched.open.clear();
            }
        }
        let mut goes_on = BTreeSet::new();
        for term in self.terms.iter_mut().filter(|term| term.until.is_none()) {
            if term.goes_on_in(&policy) {
                goes_on.insert(term.name.clone());
            } else {
                term.until = Some(from);
            }
        }
        let known_from = self.begun.map_or(Timestamp::MIN, |_| at);
        let begun = Term::of(&policy, (from, known_from));
        self.terms
            .extend(begun.filter(|term| !goes_on.contains(&term.name)));
        // Clocks may be read further than before, too.
        let complaints = self.complaints.iter();
        let all: Vec<(ComplaintId, Option<SubjectId>)> = complaints
            .map(|(id, watched)| (*id, watched.track.complaint.case().map(|case| case.subject)))
            .collect();
        for (id, subject) in all {
            self.update(id, subject, at);
        }
    }
}

fn asks_for_repeats(rule: &WarningRule) -> bool {
    rule.metric == Metric::RepeatRate
}

impl Projection for AlertView {
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
        let mut next_position = self.next_position;
        let folded = fold_facts(NAME, &mut next_position, facts, |fact| match fact {
            Fact::Complaint(fact) => self.fold_complaint(fact),
            Fact::Ledger(fact) => self.fold_ledger(fact),
            Fact::Action(_) => Ok(()),
        });
        self.next_position = next_position;
        folded
    }
}
