//! Rules about what a process would permit, rather than about what happened.

use redress_core::{Complaint, EventType, State};

/// Something that must hold of every place that a process can lead to.
#[derive(Clone, Copy, Debug)]
pub struct Branch {
    pub(crate) name: &'static str,
    pub(crate) demand: Demand,
}

/// A question about a complaint.
pub type Question = fn(&Complaint) -> bool;

/// A question about what a fact did to a complaint: before, after.
pub type Effect = fn(&Complaint, &Complaint) -> bool;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand {
    Possible(State),
    AlwaysPossible(State),
    Permits(&'static str, Question),
    Refuses(&'static str, Question),
    Effect(EventType, Effect),
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

/// What must be possible, and what each fact must do, under the standard policy and any that extends it.
#[must_use]
pub fn standard_branches() -> Vec<Branch> {
    vec![
        Branch::possible("can_be_told", State::FedBack),
        Branch::always_possible("can_always_end", State::Closed),
        Branch::permits("reopen").whenever("what_ended_well_can_be_reopened", ended_satisfied_now),
        Branch::permits("assign").whenever("can_change_hands", |complaint| {
            complaint.ownership().is_some() && complaint.is_open()
        }),
        Branch::permits("resume").whenever("a_pause_can_be_ended", is_paused),
        Branch::permits("escalate").whenever("can_be_raised", |complaint| {
            complaint.is_open()
                && complaint
                    .case()
                    .is_some_and(|case| case.level == redress_core::Level::FIRST)
        }),
        Branch::effect(
            "escalating_raises_the_level",
            EventType::Escalated,
            |before, after| level(after) > level(before),
        ),
        Branch::effect(
            "escalating_keeps_the_owner",
            EventType::Escalated,
            |before, after| before.lead() == after.lead(),
        ),
        Branch::effect(
            "reopening_opens_and_counts_a_cycle",
            EventType::Reopened,
            |before, after| after.is_open() && cycle(after) == cycle(before).saturating_add(1),
        ),
        Branch::effect("assigning_gives_a_lead", EventType::Assigned, |_, after| {
            after.lead().is_some()
        }),
        Branch::effect(
            "classifying_gives_a_class",
            EventType::Classified,
            |_, after| after.classification().is_some(),
        ),
        Branch::effect(
            "resolving_gives_a_solution",
            EventType::Resolved,
            |_, after| after.state() == State::Resolved && after.resolution().is_some(),
        ),
        Branch::effect("closing_closes", EventType::Closed, |_, after| {
            after.state() == State::Closed
        }),
        Branch::effect("pausing_pauses", EventType::Paused, |_, after| {
            is_paused(after)
        }),
        Branch::effect("resuming_ends_the_pause", EventType::Resumed, |_, after| {
            !is_paused(after)
        }),
    ]
}

fn level(complaint: &Complaint) -> u8 {
    complaint.case().map_or(0, |case| case.level.get())
}

fn cycle(complaint: &Complaint) -> u32 {
    complaint.case().map_or(0, |case| case.cycle.get())
}

/// At the instant its last state or clock moved.
fn is_paused(complaint: &Complaint) -> bool {
    complaint
        .case()
        .is_some_and(|case| case.pause_at(case.moved_at).is_some())
}

fn ended_satisfied_now(complaint: &Complaint) -> bool {
    if let Complaint::Closed { closing, .. } = complaint {
        closing.reason == redress_core::event::CloseReason::Satisfied
    } else {
        false
    }
}
