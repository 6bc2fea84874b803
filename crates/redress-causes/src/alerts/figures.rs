//! Every watched figure, and how facts change it.

use std::collections::BTreeSet;

use redress_core::{
    ComplaintId, Duplicates, OutOfOrder, PolicyAdopted, Recorded, Rulebook, SubjectId, Timestamp,
};
use redress_store::ProjectionFault;
use redress_store::packed::{Tracks, Unpacked};

use super::customers::Customers;
use super::marks::marks;
use super::term::Term;
use super::view::Timeline;
use super::watched::{Stint, Watched};
use crate::kpi::repeats;

/// The figures that are watched, and what they follow from beside the complaints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figures {
    pub(super) timeline: Timeline,
    pub(super) rules: Rulebook,
    pub(super) terms: Vec<Term>,
    pub(super) customers: Customers,
    /// When the first fact of a complaint counted.
    pub(super) begun: Option<Timestamp>,
}

impl Figures {
    pub(super) fn new(rules: Rulebook, timeline: Timeline) -> Self {
        let given = rules.in_force_at(Timestamp::MIN);
        let terms: Vec<Term> = Term::of(given, 0, (Timestamp::MIN, Timestamp::MIN)).collect();
        Self {
            timeline,
            customers: Customers::asked_by(&terms, &Tracks::default()),
            rules,
            terms,
            begun: None,
        }
    }

    /// Folds a fact of a complaint; nothing changes where it cannot follow.
    pub(super) fn fold(
        &mut self,
        fact: &Recorded,
        complaints: &mut Unpacked<'_, Watched>,
    ) -> Result<(), ProjectionFault> {
        let id = fact.complaint_id;
        let (mut at, mut subject) = (fact.recorded_at, None);
        complaints.update(id, |watched| {
            watched.fold(fact)?;
            subject = watched.subject();
            if self.timeline == Timeline::Occurred {
                at = fact
                    .occurred_at
                    .max(watched.counted_at.unwrap_or(Timestamp::MIN));
                watched.counted_at = Some(at);
            }
            Ok::<_, OutOfOrder>(())
        })?;
        if let Some(subject) = subject {
            self.customers.add(subject, id);
        }
        self.begun = Some(self.begun.map_or(at, |begun| begun.min(at)));
        self.update(id, subject, at, complaints)
    }

    /// Takes in what a complaint, and those it is compared with, add from an instant on.
    fn update(
        &mut self,
        id: ComplaintId,
        subject: Option<SubjectId>,
        at: Timestamp,
        complaints: &mut Unpacked<'_, Watched>,
    ) -> Result<(), ProjectionFault> {
        let siblings = self.siblings(subject, at);
        let repeated = repeated(&siblings, complaints)?;
        complaints.update(id, |watched| {
            let all = |_: &Term| true;
            self.update_one(watched, at, repeated.contains(&id), all);
            Ok::<_, OutOfOrder>(())
        })?;
        for sibling in siblings.into_iter().filter(|sibling| *sibling != id) {
            complaints.update(sibling, |watched| {
                let is_repeat = repeated.contains(&sibling);
                self.update_one(watched, at, is_repeat, Term::asks_for_repeats);
                Ok::<_, OutOfOrder>(())
            })?;
        }
        Ok(())
    }

    /// The complaints of a customer, where some rule asks which of them are repeats.
    fn siblings(&self, subject: Option<SubjectId>, at: Timestamp) -> BTreeSet<ComplaintId> {
        let asks = |term: &Term| term.asks_for_repeats() && !term.is_over(at);
        let subject = subject.filter(|_| self.terms.iter().any(asks));
        subject.map_or_else(BTreeSet::new, |subject| {
            self.customers.complaints_of(subject)
        })
    }

    fn update_one(
        &mut self,
        watched: &mut Watched,
        at: Timestamp,
        is_repeat: bool,
        is_asked: fn(&Term) -> bool,
    ) {
        let mut open = std::mem::take(&mut watched.open);
        for (place, term) in self.terms.iter_mut().enumerate() {
            if term.is_over(at) || !is_asked(term) {
                continue;
            }
            let mut wanted = marks(&term.rule, watched, is_repeat, &self.rules, at);
            open.retain(|stint| {
                if stint.term != place {
                    return true;
                }
                let Some(same) = wanted.iter().position(|mark| *mark == stint.mark) else {
                    term.end(stint, at);
                    return false;
                };
                wanted.swap_remove(same);
                true
            });
            for mark in wanted {
                let stint = Stint {
                    term: place,
                    from: mark.from.max(at),
                    mark,
                };
                term.begin(&stint);
                open.push(stint);
            }
        }
        watched.open = open;
    }

    /// Follows the rules that were adopted, if any are new.
    pub(super) fn adopt(
        &mut self,
        adopted: &PolicyAdopted,
        at: Timestamp,
        complaints: &mut Tracks<Watched>,
    ) -> Result<(), ProjectionFault> {
        let known = self.rules.adoptions().len();
        self.rules.adopt(adopted)?;
        if self.rules.adoptions().len() == known {
            return Ok(());
        }
        self.follow_rules(at);
        self.customers = Customers::asked_by(&self.terms, complaints);
        // Clocks may be read further than before, too.
        let mut all: Vec<(ComplaintId, Option<SubjectId>)> = complaints
            .iter()
            .map(|(id, watched)| (id, watched.subject()))
            .collect();
        all.sort_unstable();
        complaints.fold(|complaints| {
            if known == 0 {
                forget_stints(&all, complaints)?;
            }
            for (id, subject) in all {
                self.update(id, subject, at, complaints)?;
            }
            Ok(())
        })
    }

    /// Lets the rules end that were adopted no more, and those begin that are new.
    fn follow_rules(&mut self, at: Timestamp) {
        let mut adoptions = self.rules.adoptions().iter().enumerate();
        let Some((adoption, adopted)) = adoptions.next_back() else {
            return;
        };
        let (from, policy) = (adopted.in_force_from, &adopted.policy);
        if adoption == 0 {
            // What was given stood in for these.
            self.terms.clear();
        }
        let mut goes_on = BTreeSet::new();
        for term in self.terms.iter_mut().filter(|term| term.until.is_none()) {
            if term.goes_on_in(policy) {
                goes_on.insert(term.name.clone());
            } else {
                term.until = Some(from);
            }
        }
        let known_from = self.begun.map_or(Timestamp::MIN, |_| at);
        let begun = Term::of(policy, adoption, (from, known_from));
        self.terms
            .extend(begun.filter(|term| !goes_on.contains(&term.name)));
    }
}

/// What complaints added was to figures of the rules that were given.
fn forget_stints(
    all: &[(ComplaintId, Option<SubjectId>)],
    complaints: &mut Unpacked<'_, Watched>,
) -> Result<(), ProjectionFault> {
    all.iter().try_for_each(|(id, _)| {
        complaints.update(*id, |watched| {
            watched.open.clear();
            Ok::<_, OutOfOrder>(())
        })
    })
}

/// Which of the complaints of a customer repeat another one.
fn repeated(
    siblings: &BTreeSet<ComplaintId>,
    complaints: &mut Unpacked<'_, Watched>,
) -> Result<BTreeSet<ComplaintId>, ProjectionFault> {
    let mut tracks = Vec::with_capacity(siblings.len());
    for sibling in siblings {
        complaints.update(*sibling, |watched| {
            tracks.push(watched.track.clone());
            Ok::<_, OutOfOrder>(())
        })?;
    }
    let tracks = tracks.iter();
    Ok(repeats(
        tracks.filter(|track| track.counts(Duplicates::Excluded)),
    ))
}
