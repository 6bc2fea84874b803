//! Rules about what a process would permit, rather than about what happened.

use redress_core::{Complaint, EventType, State};
use redress_rules::Observation;

/// Something that must hold of every place that a process can lead to.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    pub(crate) name: &'static str,
    pub(crate) demand: Demand,
}

/// A question about a complaint.
pub type Question = fn(&Complaint) -> bool;

/// A question about a fact and what it did to the complaint.
pub type Effect = fn(&Observation<'_>) -> bool;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand {
    Possible(State),
    AlwaysPossible(State),
    Permits(&'static str, Question),
    Refuses(&'static str, Question),
    Effect(EventType, Effect),
    Happens(EventType, Effect),
}

/// A command that must be permitted or refused; [`whenever`](Self::whenever) says where.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    command: &'static str,
    refused: bool,
}

impl Branch {
    /// Some history leads to this state.
    #[must_use]
    pub const fn possible(name: &'static str, state: State) -> Self {
        Self {
            name,
            demand: Demand::Possible(state),
        }
    }

    /// From wherever a history has led, some way leads on to this state.
    #[must_use]
    pub const fn always_possible(name: &'static str, state: State) -> Self {
        Self {
            name,
            demand: Demand::AlwaysPossible(state),
        }
    }

    /// Somebody may give this command, by its name, in some form, at once.
    #[must_use]
    pub const fn permits(command: &'static str) -> Offer {
        Offer {
            command,
            refused: false,
        }
    }

    /// Nobody may give this command, by its name, in any form, at once.
    #[must_use]
    pub const fn refuses(command: &'static str) -> Offer {
        Offer {
            command,
            refused: true,
        }
    }

    /// Every fact of a kind does this to the complaint.
    #[must_use]
    pub const fn effect(name: &'static str, kind: EventType, done: Effect) -> Self {
        Self {
            name,
            demand: Demand::Effect(kind, done),
        }
    }

    /// Some history has a fact of this kind of which the answer is yes.
    #[must_use]
    pub const fn happens(name: &'static str, kind: EventType, asked: Effect) -> Self {
        Self {
            name,
            demand: Demand::Happens(kind, asked),
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl Offer {
    /// Wherever the answer about the complaint is yes.
    #[must_use]
    pub const fn whenever(self, name: &'static str, question: Question) -> Branch {
        let demand = if self.refused {
            Demand::Refuses(self.command, question)
        } else {
            Demand::Permits(self.command, question)
        };
        Branch { name, demand }
    }
}
