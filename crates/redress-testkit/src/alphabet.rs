//! Which moves an explorer tries, and after how long.

use redress_core::event::{Priority, Satisfaction, Verdict};
use redress_core::{Policy, Span};

use crate::cast::{Cast, bit};
use crate::wish::{End, Move, Wish};

/// The moves that are tried everywhere, the people who make them, and how long each may wait.
#[derive(Clone, Debug)]
pub struct Alphabet {
    /// Who and what occurs.
    pub cast: Cast,
    /// What is tried, in this order.
    pub moves: Vec<Move>,
    /// How long after the step before a move is tried as well, besides at once and at the instants when a guard changes.
    pub waits: Vec<Span>,
}

impl Alphabet {
    /// Every way a complaint can go under a policy, by two people.
    ///
    /// Whoever it does not matter for is always the first person. Left out are notes, amendments, erasures, duplicates
    /// and deadlines, which change no state; [`with`](Self::with) adds them.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let mut wishes = vec![Wish::Receive, Wish::Classify(Priority::Normal)];
        for lead in 0..2 {
            wishes.push(Wish::Assign { lead, joint: false });
        }
        wishes.extend([
            Wish::Assign {
                lead: 0,
                joint: true,
            },
            Wish::Contribute { done: true },
            Wish::Escalate { to: None },
            Wish::Resolve,
            Wish::Acknowledge,
            Wish::Progress,
            Wish::TellResult,
            Wish::Reply(None),
            Wish::Reply(Some(Verdict::Satisfied)),
            Wish::Reply(Some(Verdict::Dissatisfied)),
        ]);
        for agent in 0..2 {
            wishes.push(Wish::NotReached { agent });
            wishes.extend(SATISFACTION.map(|result| Wish::Reached { agent, result }));
        }
        wishes.extend([Wish::Pause, Wish::Resume]);
        let ends = End::ALL.into_iter().filter(|end| *end != End::Duplicate);
        wishes.extend(ends.map(Wish::Close));
        wishes.push(Wish::Reopen);
        let moves = wishes.into_iter().flat_map(|wish| {
            let by = if wish == Wish::Resolve { 0..2 } else { 0..1 };
            by.map(move |by| Move { by, wish })
        });
        Self {
            cast: Cast::of(policy),
            moves: moves.collect(),
            waits: Vec::new(),
        }
    }

    /// The same with another wish, by the first person.
    #[must_use]
    pub fn with(mut self, wish: Wish) -> Self {
        self.moves.push(Move { by: 0, wish });
        self
    }

    /// The same, where every move is also tried this long after the step before.
    #[must_use]
    pub fn with_wait(mut self, wait: Span) -> Self {
        self.waits.push(wait);
        self
    }

    /// Whether commands ask for the deadlines of clocks.
    pub(crate) fn asks_for_clocks(&self) -> bool {
        self.moves
            .iter()
            .any(|one| matches!(one.wish, Wish::Extend { .. }))
    }

    /// The people who will have occurred after this move, as bits; `None` where it brings in somebody before their
    /// turn, so that the same history with other names is tried instead.
    pub(crate) fn seen_after(&self, one: Move, seen: u64) -> Option<u64> {
        let mut after = seen;
        for number in std::iter::once(one.by).chain(one.wish.names()) {
            if !self.cast.may_enter(number, after) {
                return None;
            }
            after |= bit(number);
        }
        Some(after)
    }
}

const SATISFACTION: [Satisfaction; 3] = [
    Satisfaction::Satisfied,
    Satisfaction::Neutral,
    Satisfaction::Dissatisfied,
];
