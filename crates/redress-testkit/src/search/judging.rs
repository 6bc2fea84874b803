//! What is wrong in the states that were reached.

use std::collections::BTreeSet;

use redress_core::{Complaint, Recorded, Span};
use redress_rules::{Monitor, Observation, Verdict};

use super::{Asked, Search, State, Way};
use crate::branch::Demand;
use crate::finding::{Finding, How};
use crate::history::{History, start};
use crate::process::Process;
use crate::wish::Move;

impl<P: Process + ?Sized> Search<'_, P> {
    /// What a rule remembers after a way; nothing where it was broken, or cannot be judged.
    pub(super) fn watched(
        &mut self,
        state: usize,
        rule: usize,
        mut memory: Monitor,
        way: Way,
        done: &[(Recorded, Complaint)],
    ) -> Option<Monitor> {
        let place = self.places.get(self.states.get(state)?.place)?;
        let name = self.explorer.rules.get(rule)?.name();
        memory.shift(place.now.since(start()));
        let mut before = &place.complaint;
        for (recorded, after) in done {
            let seen = Observation {
                recorded,
                before,
                after,
            };
            match memory.step(&seen) {
                Ok(Verdict::Violated) => {
                    self.report(name, How::Broken, state, Some((way.wait, way.one)));
                    return None;
                }
                Ok(Verdict::Satisfied | Verdict::PossiblySatisfied | Verdict::PossiblyViolated) => {
                }
                Err(_) => {
                    self.unanswered.insert(name.to_owned());
                    return None;
                }
            }
            before = after;
        }
        memory.shift(start().since(place.now + way.wait));
        Some(memory)
    }

    pub(super) fn judge_effects(
        &mut self,
        state: usize,
        place: usize,
        way: Way,
        done: &[(Recorded, Complaint)],
    ) {
        let explorer = self.explorer;
        let Some(place) = self.places.get(place) else {
            return;
        };
        let mut wrong = Vec::new();
        let mut before = &place.complaint;
        for (recorded, after) in done {
            let seen = Observation {
                recorded,
                before,
                after,
            };
            for branch in &explorer.branches {
                let of_kind = |kind| kind == recorded.event.event_type();
                match branch.demand {
                    Demand::Effect(kind, does) if of_kind(kind) && !does(&seen) => {
                        wrong.push(branch.name);
                    }
                    Demand::Happens(kind, asked) if of_kind(kind) && asked(&seen) => {
                        self.happened.insert(branch.name);
                    }
                    Demand::Effect(..)
                    | Demand::Happens(..)
                    | Demand::Possible(_)
                    | Demand::AlwaysPossible(_)
                    | Demand::Permits(..)
                    | Demand::Refuses(..) => {}
                }
            }
            before = after;
        }
        for name in wrong {
            self.report(name, How::WithoutEffect, state, Some((way.wait, way.one)));
        }
    }

    pub(super) fn ask_offers(
        &mut self,
        place: usize,
        state: usize,
        accepted: &BTreeSet<&'static str>,
    ) {
        let explorer = self.explorer;
        for branch in &explorer.branches {
            let Some(place) = self.places.get(place) else {
                return;
            };
            match branch.demand {
                Demand::Permits(command, question)
                    if question(&place.complaint) && !accepted.contains(command) =>
                {
                    self.report(branch.name, How::NotPermitted, state, None);
                }
                Demand::Refuses(command, question)
                    if question(&place.complaint) && accepted.contains(command) =>
                {
                    self.report(branch.name, How::NotRefused, state, None);
                }
                Demand::Permits(..)
                | Demand::Refuses(..)
                | Demand::Possible(_)
                | Demand::AlwaysPossible(_)
                | Demand::Effect(..)
                | Demand::Happens(..) => {}
            }
        }
    }

    /// What can be told only when everything is known.
    pub(super) fn look_back(&mut self) {
        let explorer = self.explorer;
        for (number, rule) in explorer.rules.iter().enumerate() {
            let kept = |state: &State| {
                let memory = state.memory.as_ref();
                memory.is_none_or(|memory| memory.verdict().is_kept())
            };
            if let Some(lost) = self.first_that_never(Asked::Rule(number), kept) {
                self.report(rule.name(), How::Lost, lost, None);
            }
        }
        for branch in &explorer.branches {
            match branch.demand {
                Demand::AlwaysPossible(wanted) => {
                    let stuck =
                        self.first_that_never(Asked::Process, |state| self.stands(state) == wanted);
                    if let Some(stuck) = stuck {
                        self.report(branch.name, How::DeadEnd, stuck, None);
                    }
                }
                Demand::Possible(wanted) => {
                    let reached = self.states.iter().any(|state| self.stands(state) == wanted);
                    if !reached && !self.cut {
                        self.report(branch.name, How::Unreachable, 0, None);
                    }
                }
                Demand::Happens(..) => {
                    if !self.happened.contains(branch.name) && !self.cut {
                        self.report(branch.name, How::Unreachable, 0, None);
                    }
                }
                Demand::Permits(..) | Demand::Refuses(..) | Demand::Effect(..) => {}
            }
        }
    }

    fn stands(&self, state: &State) -> redress_core::State {
        self.places
            .get(state.place)
            .map_or(redress_core::State::Absent, |place| place.complaint.state())
    }

    /// The first of the states of one question from which no wanted one is reached. Those of others are all wanted: no move
    /// leads from one to the other.
    fn first_that_never(&self, asked: Asked, wanted: impl Fn(&State) -> bool) -> Option<usize> {
        let states = self.states.iter();
        let wanted = states.map(|state| state.asked != asked || wanted(state));
        self.graph.first_that_never_reaches(wanted.collect())
    }

    pub(super) fn report(
        &mut self,
        rule: &str,
        how: How,
        state: usize,
        then: Option<(Span, Move)>,
    ) {
        if !self.found.insert(rule.to_owned()) {
            return;
        }
        let mut history = History::default();
        for (wait, one) in self.way_to(state) {
            self.push(&mut history, wait, one);
        }
        let last = match (how, then) {
            (How::CannotBeFolded, Some((wait, one))) => {
                Some(self.step(history.complaint(), history.now(), wait, one))
            }
            (_, Some((wait, one))) => {
                self.push(&mut history, wait, one);
                None
            }
            (_, None) => None,
        };
        self.findings.push(Finding {
            rule: rule.to_owned(),
            how,
            history,
            last,
        });
    }

    /// Every move is accepted as it was when it was found: the place it was tried in has the same future.
    fn push(&self, history: &mut History, wait: Span, one: Move) {
        let step = self.step(history.complaint(), history.now(), wait, one);
        let accepted = history.push(self.explorer.process, step);
        debug_assert_eq!(accepted, Ok(()), "places with one key have one future");
    }

    /// The moves from the start to a state.
    fn way_to(&self, state: usize) -> Vec<(Span, Move)> {
        let mut moves = Vec::new();
        let mut state = self.states.get(state);
        while let Some((before, wait, one)) = state.and_then(|state| state.via) {
            moves.push((wait, one));
            state = self.states.get(before);
        }
        moves.reverse();
        moves
    }
}
