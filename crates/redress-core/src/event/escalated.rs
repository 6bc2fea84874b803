//! `Escalated`: a complaint was raised to a higher level.

use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::event::Assignee;
use crate::id::{Cycle, Level};

/// A complaint was raised to a higher level. Who handles it changes only by an assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalated {
    /// Where it stood.
    pub from_level: Level,
    /// Where it stands now.
    pub to_level: Level,
    /// Who watches over it now; nobody in particular where the record does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Assignee>,
    /// What set it off.
    pub trigger: Trigger,
    /// Why, in words. Never personal.
    pub reason: String,
}

/// What set an escalation off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A clock reached a rung of the ladder.
    Clock {
        /// Which clock.
        clock: ClockKind,
        /// How much of its target was used, in per cent.
        percent: u16,
    },
    /// Somebody judged it necessary.
    Manual,
    /// The customer asked for it.
    CustomerDemand,
    /// The matter turned out worse than thought.
    Severity,
    /// The customer was not satisfied with the result of a cycle.
    Dissatisfied {
        /// That cycle.
        cycle: Cycle,
    },
    /// An authority, the press or a third party stepped in.
    External,
}
