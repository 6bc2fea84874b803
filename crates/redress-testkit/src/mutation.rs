//! Ways in which a process can be wrong.

use std::fmt;

use redress_core::{EventType, Policy, Span, State};

use crate::coverage::Coverage;

/// One way in which a process differs from the one it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mutation {
    /// A command is never accepted in a state.
    DropTransition {
        /// The command, by its name.
        command: &'static str,
        /// The state.
        state: State,
    },
    /// A command is accepted in a state that lies before the one it belongs to, as if what is missing had happened.
    AddTransition {
        /// The command, by its name.
        command: &'static str,
        /// The state.
        state: State,
    },
    /// A kind of fact leads to another state.
    Retarget {
        /// The kind of fact.
        kind: EventType,
        /// Where it leads.
        to: Turn,
    },
    /// A guard of conduct is not asked. Whatever it would have refused first is accepted.
    DropGuard {
        /// The code of its rejection.
        code: &'static str,
    },
    /// A guard of conduct says the opposite for one command.
    NegateGuard {
        /// The command, by its name.
        command: &'static str,
        /// The code of its rejection.
        code: &'static str,
    },
    /// A limit of the policy is off by one.
    Shift {
        /// Which.
        limit: Limit,
        /// One more; otherwise one less.
        up: bool,
    },
    /// A fact does less than it should.
    DropEffect(Omission),
}

/// Where a fact leads that goes astray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Turn {
    /// Nowhere: it changes nothing.
    Nowhere,
    /// To the end.
    End,
    /// To the handling, in a new cycle.
    Again,
}

/// A number in a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// Cycles before an escalation is required.
    Cycles,
    /// The highest level.
    Level,
    /// Calls in vain before a customer counts as unreachable.
    Attempts,
    /// Days on which they were made.
    Days,
    /// The time to reopen; one is a microsecond.
    ReopenWindow,
    /// The longest pause; one is a microsecond.
    Pause,
    /// Whether a neutral customer ends a complaint; one is the other way.
    NeutralCloses,
    /// Whether complaints may be waived; one is the other way.
    Waiver,
}

/// What a fact forgets to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Omission {
    /// An escalation takes the complaint from its owner's hands and gives it to nobody by name.
    OwnerAtEscalation,
    /// A pause has no end, whatever is said.
    EndOfPause,
    /// A resumption, a reply or an assignment does not end a pause.
    Resumption,
    /// A satisfied revisit does not close.
    ClosingAfterRevisit,
    /// A done part stays open.
    Contribution,
    /// A new cycle is not counted.
    Cycle,
    /// What a dissatisfied customer says at a revisit does not start a new cycle.
    Dissatisfaction,
    /// A solution is recorded as the lead's, whoever found it.
    Resolver,
    /// A call in vain is not counted.
    CallInVain,
}

impl Omission {
    const ALL: [Self; 9] = [
        Self::OwnerAtEscalation,
        Self::EndOfPause,
        Self::Resumption,
        Self::ClosingAfterRevisit,
        Self::Contribution,
        Self::Cycle,
        Self::Dissatisfaction,
        Self::Resolver,
        Self::CallInVain,
    ];
}

impl Limit {
    const ALL: [Self; 8] = [
        Self::Cycles,
        Self::Level,
        Self::Attempts,
        Self::Days,
        Self::ReopenWindow,
        Self::Pause,
        Self::NeutralCloses,
        Self::Waiver,
    ];

    /// Whether it can be less; what is yes or no can only be the other.
    const fn is_number(self) -> bool {
        match self {
            Self::Cycles
            | Self::Level
            | Self::Attempts
            | Self::Days
            | Self::ReopenWindow
            | Self::Pause => true,
            Self::NeutralCloses | Self::Waiver => false,
        }
    }

    /// The policy with this one more or less.
    pub(crate) fn shifted(self, policy: &Policy, up: bool) -> Policy {
        let mut policy = policy.clone();
        let count = |number: u32| {
            if up {
                number.saturating_add(1)
            } else {
                number.saturating_sub(1)
            }
        };
        let length = |span: Span| span + Span::micros(if up { 1 } else { -1 });
        match self {
            Self::Cycles => policy.max_cycles = count(policy.max_cycles),
            Self::Level => {
                let level = policy.max_level.get();
                let level = if up {
                    level.saturating_add(1)
                } else {
                    level.saturating_sub(1)
                };
                policy.max_level = redress_core::Level::new(level);
            }
            Self::Attempts => policy.unreachable.attempts = count(policy.unreachable.attempts),
            Self::Days => policy.unreachable.days = count(policy.unreachable.days),
            Self::ReopenWindow => policy.reopen_window = length(policy.reopen_window),
            Self::Pause => policy.pause.longest = length(policy.pause.longest),
            Self::NeutralCloses => policy.neutral_closes = !policy.neutral_closes,
            Self::Waiver => policy.waiver = !policy.waiver,
        }
        policy
    }
}

/// Every mutation of a process of which this was seen.
///
/// Transitions that were taken are dropped, those that were refused for the state are added where that can be, guards
/// that were asked are dropped and negated.
#[must_use]
pub fn mutations(seen: &Coverage) -> Vec<Mutation> {
    let mut found = Vec::new();
    for taken in seen.transitions() {
        found.push(Mutation::DropTransition {
            command: taken.command,
            state: taken.from,
        });
    }
    let before = |command, state| {
        state != State::Absent && needed(command).is_some_and(|needed| state < needed)
    };
    let too_early = seen
        .out_of_state()
        .filter(|(command, state)| before(command, *state));
    found.extend(too_early.map(|(command, state)| Mutation::AddTransition { command, state }));
    let kinds = [
        EventType::Classified,
        EventType::Assigned,
        EventType::Escalated,
        EventType::Resolved,
        EventType::Feedback,
        EventType::Revisited,
        EventType::Paused,
        EventType::Resumed,
        EventType::Closed,
        EventType::Reopened,
    ];
    for kind in kinds {
        found.push(Mutation::Retarget {
            kind,
            to: Turn::Nowhere,
        });
        if kind != EventType::Closed {
            found.push(Mutation::Retarget {
                kind,
                to: Turn::End,
            });
        }
        found.push(Mutation::Retarget {
            kind,
            to: Turn::Again,
        });
    }
    for (command, code) in seen.guards() {
        found.push(Mutation::DropGuard { code });
        found.push(Mutation::NegateGuard { command, code });
    }
    for limit in Limit::ALL {
        found.push(Mutation::Shift { limit, up: true });
        if limit.is_number() {
            found.push(Mutation::Shift { limit, up: false });
        }
    }
    found.extend(Omission::ALL.map(Mutation::DropEffect));
    found.sort_unstable();
    found.dedup();
    found
}

/// The state a command belongs to, where it is one alone.
pub(crate) fn needed(command: &str) -> Option<State> {
    match command {
        "assign" => Some(State::Classified),
        "resolve" | "pause" => Some(State::Processing),
        "give_feedback" => Some(State::Resolved),
        "revisit" => Some(State::FedBack),
        "reopen" => Some(State::Closed),
        _ => None,
    }
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DropTransition { command, state } => {
                write!(f, "no `{command}` in state {}", state.name())
            }
            Self::AddTransition { command, state } => {
                write!(f, "`{command}` in state {} too", state.name())
            }
            Self::Retarget { kind, to } => {
                let to = match to {
                    Turn::Nowhere => "changes nothing",
                    Turn::End => "closes",
                    Turn::Again => "starts a new cycle",
                };
                write!(f, "{} {to}", kind.name())
            }
            Self::DropGuard { code } => write!(f, "guard `{code}` dropped"),
            Self::NegateGuard { command, code } => {
                write!(f, "guard `{code}` of `{command}` negated")
            }
            Self::Shift { limit, .. } if !limit.is_number() => write!(f, "{limit:?} the other way"),
            Self::Shift { limit, up } => {
                write!(f, "{limit:?} {}", if *up { "one more" } else { "one less" })
            }
            Self::DropEffect(omission) => write!(f, "{omission:?} forgotten"),
        }
    }
}
