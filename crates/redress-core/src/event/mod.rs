//! The facts a complaint's history is made of, one file each.
//!
//! A fact is a thing that happened, in the past tense, and is never changed: corrections are
//! further facts. What tells who somebody is stands in the `personal` field of a fact, which is
//! stored apart from the rest.

mod amended;
mod assigned;
mod classified;
mod closed;
mod escalated;
mod extended;
mod feedback;
mod linked;
mod noted;
mod paused;
mod received;
mod recorded;
mod resolved;
mod revisited;

pub use amended::{AmendOutcome, Amended, AmendedPersonal, AmendmentCause, Change};
pub use assigned::{AssignReason, Assigned, Assignee, AssignmentNote, JointTask};
pub use classified::{
    Classified, Complexity, ImpactScope, Nature, Priority, ServiceStage, Severity,
};
pub use closed::{CloseReason, Closed, ClosingNote, Erased, Reopened, Requester};
pub use escalated::{Escalated, Trigger};
pub use extended::Extended;
pub use feedback::{Feedback, FeedbackKind, FeedbackText, Verdict};
pub use linked::{Linked, Relation};
pub use noted::{NoteKind, NoteText, Noted};
pub use paused::{PauseNote, PauseReason, Paused, ResumeCause, Resumed};
pub use received::{
    Channel, ComplainedAbout, Contact, ContactKind, Customer, Demand, DemandKind, Emotion,
    Evidence, Flag, Form, InitialAssessment, Occurrence, Product, Received, ReceivedPersonal,
    Sha256Hex, Source,
};
pub use recorded::Recorded;
pub use resolved::{
    Agreement, Cause, CauseMethod, Currency, Directness, Money, Remedy, RemedyKind, Resolved,
    ResolvedPersonal, SolutionOption, Upheld,
};
pub use revisited::{RevisitNote, RevisitOutcome, Revisited, Satisfaction};

/// One fact about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The complaint arrived.
    Received(Box<Received>),
    /// It was given a category, a severity and a priority.
    Classified(Classified),
    /// It was given to a lead department, perhaps with others beside it.
    Assigned(Assigned),
    /// It was raised to a higher level.
    Escalated(Escalated),
    /// A solution was found, with its causes.
    Resolved(Box<Resolved>),
    /// Something was said to the customer, or by them.
    Feedback(Feedback),
    /// The customer was asked, after the result, how it went.
    Revisited(Revisited),
    /// The clocks that may pause were paused.
    Paused(Paused),
    /// They run again.
    Resumed(Resumed),
    /// A step of the handling was written down.
    Noted(Noted),
    /// A recorded fact was corrected, or checked and found right.
    Amended(Amended),
    /// The complaint was tied to another one, or the tie undone.
    Linked(Linked),
    /// A deadline was moved, with approval, before it was due.
    Extended(Extended),
    /// The complaint was closed.
    Closed(Closed),
    /// A closed complaint was opened again.
    Reopened(Reopened),
    /// The customer's personal data were erased.
    Erased(Erased),
}

/// The kind of a fact; its number is part of the stored format and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "each stands for the variant of `Event` of the same name"
)]
#[repr(u32)]
pub enum EventType {
    Received = 1,
    Classified = 2,
    Assigned = 3,
    Escalated = 4,
    Resolved = 5,
    Feedback = 6,
    Revisited = 7,
    Paused = 8,
    Resumed = 9,
    Noted = 10,
    Amended = 11,
    Linked = 12,
    Extended = 13,
    Closed = 14,
    Reopened = 15,
    Erased = 16,
}

impl EventType {
    /// Every kind of fact, in the order of the numbers.
    pub const ALL: [Self; 16] = [
        Self::Received,
        Self::Classified,
        Self::Assigned,
        Self::Escalated,
        Self::Resolved,
        Self::Feedback,
        Self::Revisited,
        Self::Paused,
        Self::Resumed,
        Self::Noted,
        Self::Amended,
        Self::Linked,
        Self::Extended,
        Self::Closed,
        Self::Reopened,
        Self::Erased,
    ];

    /// The number that stands for it in a stored entry.
    #[must_use]
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The kind with this number.
    ///
    /// ```
    /// use redress_core::EventType;
    ///
    /// assert_eq!(EventType::from_number(5), Some(EventType::Resolved));
    /// assert_eq!(EventType::from_number(0), None);
    /// ```
    #[must_use]
    pub fn from_number(number: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// Whether facts of this kind may hold what tells who somebody is.
    #[must_use]
    pub const fn has_personal_part(self) -> bool {
        match self {
            Self::Received
            | Self::Assigned
            | Self::Resolved
            | Self::Feedback
            | Self::Revisited
            | Self::Paused
            | Self::Noted
            | Self::Amended
            | Self::Closed => true,
            Self::Classified
            | Self::Escalated
            | Self::Resumed
            | Self::Linked
            | Self::Extended
            | Self::Reopened
            | Self::Erased => false,
        }
    }

    /// Its name in stored text and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Classified => "classified",
            Self::Assigned => "assigned",
            Self::Escalated => "escalated",
            Self::Resolved => "resolved",
            Self::Feedback => "feedback",
            Self::Revisited => "revisited",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Noted => "noted",
            Self::Amended => "amended",
            Self::Linked => "linked",
            Self::Extended => "extended",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Erased => "erased",
        }
    }
}

impl Event {
    /// The kind of this fact.
    #[must_use]
    pub const fn event_type(&self) -> EventType {
        match self {
            Self::Received(_) => EventType::Received,
            Self::Classified(_) => EventType::Classified,
            Self::Assigned(_) => EventType::Assigned,
            Self::Escalated(_) => EventType::Escalated,
            Self::Resolved(_) => EventType::Resolved,
            Self::Feedback(_) => EventType::Feedback,
            Self::Revisited(_) => EventType::Revisited,
            Self::Paused(_) => EventType::Paused,
            Self::Resumed(_) => EventType::Resumed,
            Self::Noted(_) => EventType::Noted,
            Self::Amended(_) => EventType::Amended,
            Self::Linked(_) => EventType::Linked,
            Self::Extended(_) => EventType::Extended,
            Self::Closed(_) => EventType::Closed,
            Self::Reopened(_) => EventType::Reopened,
            Self::Erased(_) => EventType::Erased,
        }
    }

    /// Whether the fact moves a state or a clock, so that it may not lie before the one that did so last.
    #[must_use]
    pub const fn moves_state(&self) -> bool {
        match self {
            Self::Received(_)
            | Self::Classified(_)
            | Self::Assigned(_)
            | Self::Escalated(_)
            | Self::Resolved(_)
            | Self::Revisited(_)
            | Self::Paused(_)
            | Self::Resumed(_)
            | Self::Extended(_)
            | Self::Closed(_)
            | Self::Reopened(_) => true,
            Self::Feedback(feedback) => feedback.moves_state(),
            Self::Noted(noted) => noted.moves_state(),
            Self::Amended(_) | Self::Linked(_) | Self::Erased(_) => false,
        }
    }
}

macro_rules! event_from {
    ($($payload:ident),*; boxed $($boxed:ident),*) => {
        $(impl From<$payload> for Event {
            fn from(payload: $payload) -> Self {
                Self::$payload(payload)
            }
        })*
        $(impl From<$boxed> for Event {
            fn from(payload: $boxed) -> Self {
                Self::$boxed(Box::new(payload))
            }
        })*
    };
}

event_from!(
    Classified, Assigned, Escalated, Feedback, Revisited, Paused, Resumed, Noted, Amended, Linked, Extended, Closed,
    Reopened, Erased; boxed Received, Resolved
);
