//! What the archive says of a complaint in one row: everything that can be asked for, and nothing personal.

use redress_core::event::{
    Assignee, CloseReason, ComplainedAbout, Complexity, Demand, Emotion, Flag, Form, ImpactScope,
    Linked, Nature, Occurrence, Priority, Product, Remedy, Satisfaction, ServiceStage, Severity,
    Source, Upheld,
};
use redress_core::intake::Warning;
use redress_core::{
    CategoryPath, CauseCode, Channel, ComplaintId, Cycle, DepartmentId, ExternalRef, Label, Level,
    PersonId, Span, State, SubjectId, Timestamp, Version,
};
use serde::{Deserialize, Serialize};

/// Where a complaint stands, with every dimension it can be found by. Holds nothing personal.
///
/// Corrections are worked in. The solution, its cause and whether the complaint was upheld are those that stand: once the
/// handling begins again, there are none until the next solution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Which complaint.
    pub id: ComplaintId,
    /// How many facts its history holds.
    pub version: Version,
    /// The reference under which another system knows it.
    pub external_ref: Option<ExternalRef>,
    /// Through which channel it came.
    pub channel: Channel,
    /// Which line, app, site or platform of that channel.
    pub channel_detail: Option<Label>,
    /// From the customer directly, or through a third party.
    pub source: Source,
    /// Spoken or written.
    pub form: Form,
    /// Who took it in.
    pub receiver: PersonId,
    /// The department that took it in.
    pub intake_department: DepartmentId,
    /// The customer's pseudonym.
    pub subject: SubjectId,
    /// The customer's account number.
    pub account: Option<Label>,
    /// The customer does not want to be known.
    pub anonymous: bool,
    /// The customer's language (BCP 47).
    pub language: Option<Label>,
    /// The product or service it is about.
    pub product: Option<Product>,
    /// When the thing complained of happened.
    pub occurred: Option<Occurrence>,
    /// What the customer wants.
    pub demand: Option<Demand>,
    /// How the customer felt.
    pub emotion: Option<Emotion>,
    /// The departments and members of staff complained about.
    pub complained_about: Vec<ComplainedAbout>,
    /// What calls for special care.
    pub flags: Vec<Flag>,
    /// Free labels.
    pub tags: Vec<Label>,
    /// What the checks at intake flagged and nobody has put right since.
    pub warnings: Vec<Warning>,
    /// The state it is in.
    #[serde(with = "state_name")]
    pub state: State,
    /// How often the handling has begun.
    pub cycle: Cycle,
    /// How high it was escalated.
    pub level: Level,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the solution that stands was found.
    pub resolved_at: Option<Timestamp>,
    /// When it was closed; `None` while it is open.
    pub closed_at: Option<Timestamp>,
    /// What the customer complains of.
    pub category: Option<CategoryPath>,
    /// The nature of the problem.
    pub nature: Option<Nature>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// How urgent it is.
    pub priority: Option<Priority>,
    /// Whether one department can handle it alone.
    pub complexity: Option<Complexity>,
    /// Life or health is at stake.
    pub safety: bool,
    /// How many people it touches.
    pub impact_scope: Option<ImpactScope>,
    /// At which stage of the service it arose.
    pub service_stage: Option<ServiceStage>,
    /// Who answers for the handling, or answered last.
    pub lead: Option<Assignee>,
    /// Every department that ever had a part in the handling.
    pub involved: Vec<Involvement>,
    /// Why it was closed; `None` while it is open.
    pub close_reason: Option<CloseReason>,
    /// Whether it was right.
    pub upheld: Option<Upheld>,
    /// Its root cause.
    pub cause: Option<CauseCode>,
    /// What the customer got; an empty list is a stated "nothing", `None` is "not recorded".
    pub remedies: Option<Vec<Remedy>>,
    /// How content the customer was at the last revisit that reached them, unless the complaint was opened again since.
    pub satisfaction: Option<Satisfaction>,
    /// A revisit reached the customer, whatever became of what they said.
    pub reached: bool,
    /// Somebody tried to ask the customer how it went.
    pub asked: bool,
    /// From receipt to the solution that stands, pauses taken out; in microseconds.
    pub handling: Option<Span>,
    /// Its ties to other complaints.
    pub links: Vec<Linked>,
}

impl Summary {
    /// How it ended; `None` while it is open.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        self.close_reason.as_ref().map(Outcome::from)
    }
}

/// A department that had a part in the handling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Involvement {
    /// The department.
    pub department: DepartmentId,
    /// Which part.
    pub part: Part,
}

/// The part a department had in the handling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It led.
    Lead,
    /// It contributed.
    Joint,
    /// It watched over an escalated complaint.
    Escalation,
}

/// How a complaint ended: the name of a [`CloseReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "each stands for the variant of `CloseReason` of the same name"
)]
pub enum Outcome {
    Satisfied,
    Withdrawn,
    Refused,
    Duplicate,
    Unreachable,
    FinalPosition,
    Waived,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 7] = [
        Self::Satisfied,
        Self::Withdrawn,
        Self::Refused,
        Self::Duplicate,
        Self::Unreachable,
        Self::FinalPosition,
        Self::Waived,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
            Self::Duplicate => "duplicate",
            Self::Unreachable => "unreachable",
            Self::FinalPosition => "final_position",
            Self::Waived => "waived",
        }
    }
}

impl From<&CloseReason> for Outcome {
    fn from(reason: &CloseReason) -> Self {
        match reason {
            CloseReason::Satisfied => Self::Satisfied,
            CloseReason::Withdrawn => Self::Withdrawn,
            CloseReason::Refused { .. } => Self::Refused,
            CloseReason::Duplicate { .. } => Self::Duplicate,
            CloseReason::Unreachable => Self::Unreachable,
            CloseReason::FinalPosition => Self::FinalPosition,
            CloseReason::Waived => Self::Waived,
        }
    }
}

/// A state by its name.
mod state_name {
    use redress_core::State;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "the shape serde asks for"
    )]
    pub(super) fn serialize<S: Serializer>(state: &State, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(state.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<State, D::Error> {
        let name = String::deserialize(from)?;
        State::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| D::Error::custom("is no state"))
    }
}
