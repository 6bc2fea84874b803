//! The places of a process, and the ways between them.

use std::rc::Rc;

use redress_core::{Complaint, Recorded, Span, Timestamp};

use super::{Done, Search};
use crate::history::{self, Refused, Step, record, target};
use crate::key::{Key, deadlines, key, without_past};
use crate::process::Process;
use crate::wish::Move;

/// Where some history leads: a complaint, and the instant its last step was made.
pub(super) struct Place {
    pub(super) complaint: Complaint,
    pub(super) now: Timestamp,
    /// Who occurred so far.
    pub(super) seen: u64,
    /// Whether the time of day tells it from others; a rule that counts working time depends on that.
    pub(super) is_dated: bool,
    /// The moves that are accepted here, and where they lead; known once all were tried.
    pub(super) ways: Option<Rc<[Way]>>,
}

/// What tells places apart; dated ones also by the instant.
pub(super) type Identity = (Key, u64, Option<Timestamp>);

/// An accepted move that changes something.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub(super) wait: Span,
    pub(super) one: Move,
    pub(super) to: usize,
}

impl<P: Process + ?Sized> Search<'_, P> {
    /// How long each move waits: not at all, to the next instant that matters, past it, and what was asked for.
    pub(super) fn waits(&self, place: usize) -> Vec<Span> {
        let mut waits = vec![Span::ZERO];
        if let Some(place) = self.places.get(place) {
            let policy = self.explorer.process.policy();
            let next = deadlines(&place.complaint, policy, place.now, self.with_clocks);
            if let Some(at) = next.first() {
                let left = at.since(place.now);
                waits.extend([left, left + Span::micros(1)]);
            }
        }
        waits.extend(&self.waits);
        waits.sort_unstable();
        waits.dedup();
        waits
    }

    /// What the process says to a move; nothing where it brings in somebody before their turn.
    pub(super) fn taken(
        &self,
        place: usize,
        wait: Span,
        one: Move,
    ) -> Option<(Step, Result<Done, Refused>)> {
        let place = self.places.get(place)?;
        self.explorer.alphabet.seen_after(one, place.seen)?;
        let step = self.step(&place.complaint, place.now, wait, one);
        let at = place.now + wait;
        let other = target(self.explorer.process, &step.command, at);
        let place_of_record = history::Place {
            id: crate::cast::COMPLAINT,
            number: 0,
            position: 0,
            at,
            target: other.as_ref(),
        };
        let done = record(
            self.explorer.process,
            &place.complaint,
            &step,
            &place_of_record,
        );
        Some((step, done))
    }

    pub(super) fn step(
        &self,
        complaint: &Complaint,
        now: Timestamp,
        wait: Span,
        one: Move,
    ) -> Step {
        let cast = &self.explorer.alphabet.cast;
        let policy = self.explorer.process.policy();
        Step {
            wait,
            actor: cast.person(one.by),
            command: one.wish.command(cast, complaint, policy, now + wait),
        }
    }

    /// The place that a move leads to; none where it has nothing to add.
    pub(super) fn place_after(
        &mut self,
        from: usize,
        wait: Span,
        one: Move,
        done: &[(Recorded, Complaint)],
    ) -> Option<usize> {
        let (_, after) = done.last()?;
        let from = self.places.get(from)?;
        let seen = self.explorer.alphabet.seen_after(one, from.seen)?;
        let (now, is_dated) = (from.now + wait, from.is_dated);
        let after = if self.with_clocks {
            after.clone()
        } else {
            without_past(after.clone())
        };
        Some(self.place(after, now, seen, is_dated))
    }

    pub(super) fn place(
        &mut self,
        complaint: Complaint,
        now: Timestamp,
        seen: u64,
        is_dated: bool,
    ) -> usize {
        let policy = self.explorer.process.policy();
        let key = key(&complaint, policy, now, self.with_clocks);
        let next = self.places.len();
        let number = *self
            .place_numbers
            .entry((key, seen, is_dated.then_some(now)))
            .or_insert(next);
        if number == next {
            self.places.push(Place {
                complaint,
                now,
                seen,
                is_dated,
                ways: None,
            });
        }
        number
    }
}
