//! What somebody wants recorded.
//!
//! A command proposes a fact; [`decide`](crate::decide) says whether it may be recorded. Where the fact holds
//! nothing that only the history knows, the command carries the fact itself.

use crate::clock::Target;
use crate::event::Channel;
use crate::event::{
    Amended, AssignReason, Assigned, Assignee, AssignmentNote, Classified, Closed, Erased,
    Escalated, Event, Extended, Feedback, JointTask, Linked, Noted, Paused, Received, Reopened,
    Resolved, Resumed, RevisitNote, RevisitOutcome, Revisited, Satisfaction, Trigger,
};
use crate::id::{Level, PersonId};
use crate::personal::Personal;

/// What somebody wants recorded about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Take a complaint in.
    Receive(Box<Received>),
    /// Give it a category, a severity and a priority.
    Classify(Classified),
    /// Give it to a lead.
    Assign(Assign),
    /// Raise it.
    Escalate(Escalate),
    /// Record its solution.
    Resolve(Box<Resolved>),
    /// Record what was said to the customer, or by them.
    GiveFeedback(Feedback),
    /// Record a revisit.
    Revisit(Revisit),
    /// Let the clocks that may pause stand still.
    Pause(Paused),
    /// Let them run again.
    Resume(Resumed),
    /// Write down a step.
    Note(Noted),
    /// Correct a fact, or record that it was checked.
    Amend(Amended),
    /// Tie it to another complaint.
    Link(Linked),
    /// Move a deadline.
    Extend(Extended),
    /// Close it.
    Close(Closed),
    /// Open it again.
    Reopen(Reopened),
    /// Set the tombstone of the customer's personal data.
    Erase(Erased),
}

/// Give a complaint to a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assign {
    /// Who answers for the handling.
    pub lead: Assignee,
    /// Who contributes.
    pub joint: Vec<JointTask>,
    /// The lead's time limit; without one, the policy's.
    pub limit: Option<Target>,
    /// Why.
    pub reason: AssignReason,
    /// Why in words; needed for a return. Never personal.
    pub explanation: Option<String>,
    /// A word to the lead.
    pub personal: Personal<AssignmentNote>,
}

impl Assign {
    /// To this lead alone, under the policy's time limit.
    #[must_use]
    pub const fn to(lead: Assignee, reason: AssignReason) -> Self {
        Self {
            lead,
            joint: Vec::new(),
            limit: None,
            reason,
            explanation: None,
            personal: Personal::Withheld,
        }
    }
}

/// Raise a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalate {
    /// To which level; `None` for the next one.
    pub to_level: Option<Level>,
    /// Who watches over it from now on.
    pub to: Option<Assignee>,
    /// What set it off.
    pub trigger: Trigger,
    /// Why, in words. Never personal.
    pub reason: String,
}

/// Record a revisit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revisit {
    /// By which channel.
    pub method: Channel,
    /// Who asked.
    pub agent: PersonId,
    /// What came of it.
    pub outcome: RevisitOutcome,
    /// What the customer suggested.
    pub personal: Personal<RevisitNote>,
}

impl Revisit {
    /// The customer was reached and is as content with the handling as with the result.
    #[must_use]
    pub const fn reached(method: Channel, agent: PersonId, satisfaction: Satisfaction) -> Self {
        let outcome = RevisitOutcome::Reached {
            result: satisfaction,
            process: satisfaction,
            score: None,
            residual_problem: false,
            would_recommend: None,
            survey: None,
        };
        Self {
            method,
            agent,
            outcome,
            personal: Personal::Withheld,
        }
    }

    /// Nobody was reached.
    #[must_use]
    pub fn not_reached(method: Channel, agent: PersonId, why: impl Into<String>) -> Self {
        let outcome = RevisitOutcome::NotReached { why: why.into() };
        Self {
            method,
            agent,
            outcome,
            personal: Personal::Withheld,
        }
    }
}

macro_rules! command_from {
    ($($payload:ident => $variant:ident),* $(,)?; boxed $($boxed:ident => $boxed_variant:ident),* $(,)?) => {
        $(impl From<$payload> for Command {
            fn from(payload: $payload) -> Self {
                Self::$variant(payload)
            }
        })*
        $(impl From<$boxed> for Command {
            fn from(payload: $boxed) -> Self {
                Self::$boxed_variant(Box::new(payload))
            }
        })*
    };
}

command_from!(
    Classified => Classify, Assign => Assign, Escalate => Escalate, Feedback => GiveFeedback, Revisit => Revisit,
    Paused => Pause, Resumed => Resume, Noted => Note, Amended => Amend, Linked => Link, Extended => Extend,
    Closed => Close, Reopened => Reopen, Erased => Erase;
    boxed Received => Receive, Resolved => Resolve
);

impl Command {
    /// Its name in messages and in output for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Receive(_) => "receive",
            Self::Classify(_) => "classify",
            Self::Assign(_) => "assign",
            Self::Escalate(_) => "escalate",
            Self::Resolve(_) => "resolve",
            Self::GiveFeedback(_) => "give_feedback",
            Self::Revisit(_) => "revisit",
            Self::Pause(_) => "pause",
            Self::Resume(_) => "resume",
            Self::Note(_) => "note",
            Self::Amend(_) => "amend",
            Self::Link(_) => "link",
            Self::Extend(_) => "extend",
            Self::Close(_) => "close",
            Self::Reopen(_) => "reopen",
            Self::Erase(_) => "erase",
        }
    }

    /// Whether `event` is the fact that this command asked for.
    ///
    /// Tells a command sent twice from another command under the same id. Personal values that can no longer be
    /// read are not compared.
    #[must_use]
    pub fn asks_for(&self, event: &Event) -> bool {
        match (self, event) {
            (Self::Receive(wanted), Event::Received(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                // A pseudonym is drawn anew each time; the letter is the same.
                wanted.customer.subject = fact.customer.subject;
                wanted.warnings.clone_from(&fact.warnings);
                wanted == *fact
            }
            (Self::Classify(wanted), Event::Classified(fact)) => wanted == fact,
            (Self::Assign(wanted), Event::Assigned(fact)) => {
                let mut note = wanted.personal.clone();
                align(&mut note, &fact.personal);
                wanted.lead == fact.lead
                    && wanted.joint == fact.joint
                    && wanted.limit == fact.limit
                    && wanted.reason == fact.reason
                    && wanted.explanation == fact.explanation
                    && note == fact.personal
            }
            (Self::Escalate(wanted), Event::Escalated(fact)) => {
                wanted.to_level.is_none_or(|level| level == fact.to_level)
                    && wanted.to == fact.to
                    && wanted.trigger == fact.trigger
                    && wanted.reason == fact.reason
            }
            (Self::Resolve(wanted), Event::Resolved(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted == *fact
            }
            (Self::GiveFeedback(wanted), Event::Feedback(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted == *fact
            }
            (Self::Revisit(wanted), Event::Revisited(fact)) => {
                let mut note = wanted.personal.clone();
                align(&mut note, &fact.personal);
                wanted.method == fact.method
                    && wanted.agent == fact.agent
                    && wanted.outcome == fact.outcome
                    && note == fact.personal
            }
            (Self::Pause(wanted), Event::Paused(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted == *fact
            }
            (Self::Resume(wanted), Event::Resumed(fact)) => wanted == fact,
            (Self::Note(wanted), Event::Noted(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted == *fact
            }
            (Self::Amend(wanted), Event::Amended(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted.warnings.clone_from(&fact.warnings);
                wanted == *fact
            }
            (Self::Link(wanted), Event::Linked(fact)) => wanted == fact,
            (Self::Extend(wanted), Event::Extended(fact)) => wanted == fact,
            (Self::Close(wanted), Event::Closed(fact)) => {
                let mut wanted = wanted.clone();
                align(&mut wanted.personal, &fact.personal);
                wanted == *fact
            }
            (Self::Reopen(wanted), Event::Reopened(fact)) => wanted == fact,
            (Self::Erase(wanted), Event::Erased(fact)) => wanted == fact,
            (
                Self::Receive(_)
                | Self::Classify(_)
                | Self::Assign(_)
                | Self::Escalate(_)
                | Self::Resolve(_)
                | Self::GiveFeedback(_)
                | Self::Revisit(_)
                | Self::Pause(_)
                | Self::Resume(_)
                | Self::Note(_)
                | Self::Amend(_)
                | Self::Link(_)
                | Self::Extend(_)
                | Self::Close(_)
                | Self::Reopen(_)
                | Self::Erase(_),
                _,
            ) => false,
        }
    }
}

/// Forgets the wanted value where the recorded one is gone.
fn align<T>(wanted: &mut Personal<T>, fact: &Personal<T>) {
    if fact.known().is_none() {
        *wanted = Personal::Withheld;
    }
}

/// The fact of a revisit, given its number.
impl Revisit {
    pub(crate) fn into_fact(self, attempt: u32) -> Revisited {
        Revisited {
            attempt,
            method: self.method,
            agent: self.agent,
            outcome: self.outcome,
            personal: self.personal,
        }
    }
}

impl Assign {
    pub(crate) fn into_fact(self, epoch: crate::id::Epoch) -> Assigned {
        Assigned {
            epoch,
            lead: self.lead,
            joint: self.joint,
            limit: self.limit,
            reason: self.reason,
            explanation: self.explanation,
            personal: self.personal,
        }
    }
}

impl Escalate {
    pub(crate) fn into_fact(self, from_level: Level, to_level: Level) -> Escalated {
        Escalated {
            from_level,
            to_level,
            to: self.to,
            trigger: self.trigger,
            reason: self.reason,
        }
    }
}
