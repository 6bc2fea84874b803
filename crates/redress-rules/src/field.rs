//! What a condition may ask of a fact, of whoever brought it about, and of the complaint around it.

use std::borrow::Cow;

use redress_core::event::{Classified, NoteKind, RevisitOutcome};
use redress_core::{Case, Channel, Event, EventType, State};
use serde::Serialize;

use crate::observation::Observation;

/// Something that a condition may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The id of whoever brought the fact about.
    Actor,
    /// Whether that is a person, a program or the customer.
    ActorKind,
    /// Whether a program sent the words.
    Automated,
    /// What the complaint is about, after the fact; what lies below counts too.
    Category,
    /// Through which channel the complaint or the words came.
    Channel,
    /// How often the handling has begun, after the fact.
    Cycle,
    /// For which department whoever brought it about acted.
    Department,
    /// Which kind of words, or of note.
    Kind,
    /// How high the complaint stands, after the fact.
    Level,
    /// How many contributions of other departments were neither done nor waived, before the fact.
    OpenParts,
    /// What came of a revisit or of a check.
    Outcome,
    /// Whether a pause held, before the fact.
    Paused,
    /// How urgent the complaint is, after the fact.
    Priority,
    /// What the customer thought of the handling, at a revisit that reached them.
    Process,
    /// Why it was assigned, paused or closed.
    Reason,
    /// What the complaint is to the other one.
    Relation,
    /// What the customer thought of the result, at a revisit that reached them.
    Result,
    /// In which role whoever brought it about acted.
    Role,
    /// Whether life or health is at stake, after the fact.
    Safety,
    /// How bad the matter is, after the fact.
    Severity,
    /// Where the complaint stands, after the fact.
    StateAfter,
    /// Where the complaint stood, before the fact.
    StateBefore,
    /// What led to the escalation.
    Trigger,
    /// Whether the complaint was right.
    Upheld,
    /// What the customer said of the handling in a reply.
    Verdict,
}

/// What values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// One of these words.
    Words(&'static [&'static str]),
    /// A code of the organisation's own.
    Code,
    /// A path of codes; a value stands for whatever lies below it too.
    Path,
    /// A whole number.
    Number,
}

/// What a field is in one observation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading<'a> {
    Word(Cow<'a, str>),
    Number(u32),
}

const YES_NO: Domain = Domain::Words(&["no", "yes"]);
const SATISFACTION: Domain = Domain::Words(&["dissatisfied", "neutral", "satisfied"]);

impl Field {
    /// Every field, by name.
    pub const ALL: [Self; 25] = [
        Self::Actor,
        Self::ActorKind,
        Self::Automated,
        Self::Category,
        Self::Channel,
        Self::Cycle,
        Self::Department,
        Self::Kind,
        Self::Level,
        Self::OpenParts,
        Self::Outcome,
        Self::Paused,
        Self::Priority,
        Self::Process,
        Self::Reason,
        Self::Relation,
        Self::Result,
        Self::Role,
        Self::Safety,
        Self::Severity,
        Self::StateAfter,
        Self::StateBefore,
        Self::Trigger,
        Self::Upheld,
        Self::Verdict,
    ];

    /// The word for it in a rule.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::ActorKind => "actor_kind",
            Self::Automated => "automated",
            Self::Category => "category",
            Self::Channel => "channel",
            Self::Cycle => "cycle",
            Self::Department => "department",
            Self::Kind => "kind",
            Self::Level => "level",
            Self::OpenParts => "open_parts",
            Self::Outcome => "outcome",
            Self::Paused => "paused",
            Self::Priority => "priority",
            Self::Process => "process",
            Self::Reason => "reason",
            Self::Relation => "relation",
            Self::Result => "result",
            Self::Role => "role",
            Self::Safety => "safety",
            Self::Severity => "severity",
            Self::StateAfter => "state_after",
            Self::StateBefore => "state_before",
            Self::Trigger => "trigger",
            Self::Upheld => "upheld",
            Self::Verdict => "verdict",
        }
    }

    /// What values it has.
    #[must_use]
    pub const fn domain(self) -> Domain {
        match self {
            Self::Actor | Self::Department | Self::Role => Domain::Code,
            Self::Category => Domain::Path,
            Self::Cycle | Self::Level | Self::OpenParts => Domain::Number,
            Self::Automated | Self::Paused | Self::Safety => YES_NO,
            Self::Process | Self::Result => SATISFACTION,
            Self::ActorKind => Domain::Words(&["customer", "human", "system"]),
            Self::Channel => Domain::Words(&[
                "email",
                "front_desk",
                "mobile_app",
                "online_service",
                "phone_hotline",
                "post",
                "self_service",
                "sms",
                "social_media",
                "third_party",
                "website",
            ]),
            Self::Kind => Domain::Words(&[
                "acknowledgement",
                "contribution",
                "coordination",
                "customer_reply",
                "internal",
                "investigation",
                "negotiation",
                "progress",
                "result",
                "source_record",
            ]),
            Self::Outcome => Domain::Words(&[
                "confirmed",
                "corrected",
                "disputed",
                "not_reached",
                "reached",
                "unanswered",
            ]),
            Self::Priority => Domain::Words(&["high", "low", "normal", "urgent"]),
            Self::Reason => Domain::Words(&[
                "appraisal",
                "awaiting_customer",
                "awaiting_third_party",
                "duplicate",
                "escalation",
                "final_position",
                "force_majeure",
                "initial",
                "legal",
                "reassign",
                "refused",
                "returned",
                "rework",
                "satisfied",
                "unreachable",
                "waived",
                "withdrawn",
            ]),
            Self::Relation => Domain::Words(&["duplicate_of", "part_of", "related", "repeat_of"]),
            Self::Severity => Domain::Words(&["critical", "minor", "moderate", "serious"]),
            Self::StateAfter | Self::StateBefore => Domain::Words(&[
                "absent",
                "classified",
                "closed",
                "fed_back",
                "processing",
                "received",
                "resolved",
            ]),
            Self::Trigger => Domain::Words(&[
                "clock",
                "customer_demand",
                "dissatisfied",
                "external",
                "manual",
                "severity",
            ]),
            Self::Upheld => Domain::Words(&["not_upheld", "partly", "upheld"]),
            Self::Verdict => Domain::Words(&[
                "accepted",
                "dissatisfied",
                "neutral",
                "rejected",
                "satisfied",
            ]),
        }
    }

    /// The kinds of fact that may have it.
    #[must_use]
    pub const fn of(self) -> &'static [EventType] {
        match self {
            Self::Actor
            | Self::ActorKind
            | Self::Category
            | Self::Cycle
            | Self::Department
            | Self::Level
            | Self::OpenParts
            | Self::Paused
            | Self::Priority
            | Self::Role
            | Self::Safety
            | Self::Severity
            | Self::StateAfter
            | Self::StateBefore => &EventType::ALL,
            Self::Automated | Self::Verdict => &[EventType::Feedback],
            Self::Channel => &[
                EventType::Received,
                EventType::Feedback,
                EventType::Revisited,
            ],
            Self::Kind => &[EventType::Feedback, EventType::Noted],
            Self::Outcome => &[EventType::Revisited, EventType::Amended],
            Self::Process | Self::Result => &[EventType::Revisited],
            Self::Reason => &[EventType::Assigned, EventType::Paused, EventType::Closed],
            Self::Relation => &[EventType::Linked],
            Self::Trigger => &[EventType::Escalated],
            Self::Upheld => &[EventType::Resolved],
        }
    }

    /// What it is; `None` where the fact or the complaint does not have it.
    pub(crate) fn read<'a>(self, seen: &Observation<'a>) -> Option<Reading<'a>> {
        let actor = &seen.recorded.actor;
        match self {
            Self::Actor => Some(text(actor.id.as_str())),
            Self::Role => Some(text(actor.role.as_str())),
            Self::Department => actor.department.as_ref().map(|id| text(id.as_str())),
            Self::ActorKind => word(&actor.kind),
            Self::StateBefore => Some(state(seen.before.state())),
            Self::StateAfter => Some(state(seen.after.state())),
            Self::Cycle => number(seen, |case| case.cycle.get()),
            Self::Level => number(seen, |case| u32::from(case.level.get())),
            Self::OpenParts => Some(Reading::Number(open_parts(seen))),
            Self::Paused => Some(yes_no(is_paused(seen))),
            Self::Category => class(seen).map(|class| text(class.category.as_str())),
            Self::Severity => class(seen).and_then(|class| word(&class.severity)),
            Self::Priority => class(seen).and_then(|class| word(&class.priority)),
            Self::Safety => class(seen).map(|class| yes_no(class.safety)),
            Self::Automated
            | Self::Channel
            | Self::Kind
            | Self::Outcome
            | Self::Process
            | Self::Reason
            | Self::Relation
            | Self::Result
            | Self::Trigger
            | Self::Upheld
            | Self::Verdict => self.read_event(seen.event()),
        }
    }

    /// What it is in the fact itself.
    fn read_event(self, event: &Event) -> Option<Reading<'static>> {
        match (self, event) {
            (Self::Automated, Event::Feedback(fact)) => Some(yes_no(fact.automated)),
            (Self::Verdict, Event::Feedback(fact)) => word(&fact.verdict?),
            (Self::Kind, Event::Feedback(fact)) => word(&fact.kind),
            (Self::Kind, Event::Noted(fact)) => note_kind(&fact.kind),
            (Self::Channel, Event::Received(fact)) => Some(channel(fact.channel)),
            (Self::Channel, Event::Feedback(fact)) => Some(channel(fact.channel)),
            (Self::Channel, Event::Revisited(fact)) => Some(channel(fact.method)),
            (Self::Outcome, Event::Revisited(fact)) => word(&fact.outcome),
            (Self::Outcome, Event::Amended(fact)) => word(&fact.outcome),
            (Self::Result, Event::Revisited(fact)) => match &fact.outcome {
                RevisitOutcome::Reached { result, .. } => word(result),
                RevisitOutcome::NotReached { .. } => None,
            },
            (Self::Process, Event::Revisited(fact)) => match &fact.outcome {
                RevisitOutcome::Reached { process, .. } => word(process),
                RevisitOutcome::NotReached { .. } => None,
            },
            (Self::Reason, Event::Assigned(fact)) => word(&fact.reason),
            (Self::Reason, Event::Paused(fact)) => word(&fact.reason),
            (Self::Reason, Event::Closed(fact)) => word(&fact.reason),
            (Self::Relation, Event::Linked(fact)) => word(&fact.relation),
            (Self::Trigger, Event::Escalated(fact)) => word(&fact.trigger),
            (Self::Upheld, Event::Resolved(fact)) => word(&fact.upheld?),
            (_, _) => None,
        }
    }
}

fn text(text: &str) -> Reading<'_> {
    Reading::Word(Cow::Borrowed(text))
}

fn state(state: State) -> Reading<'static> {
    Reading::Word(Cow::Borrowed(state.name()))
}

fn channel(channel: Channel) -> Reading<'static> {
    Reading::Word(Cow::Borrowed(channel.code()))
}

const fn yes_no(holds: bool) -> Reading<'static> {
    Reading::Word(Cow::Borrowed(if holds { "yes" } else { "no" }))
}

fn number(seen: &Observation<'_>, of: impl Fn(&Case) -> u32) -> Option<Reading<'static>> {
    seen.after.case().map(|case| Reading::Number(of(case)))
}

fn class<'a>(seen: &Observation<'a>) -> Option<&'a Classified> {
    seen.after.classification()
}

fn open_parts(seen: &Observation<'_>) -> u32 {
    let parts = seen.before.ownership().map_or(0, |ownership| {
        ownership.joint.iter().filter(|part| !part.settled).count()
    });
    u32::try_from(parts).unwrap_or(u32::MAX)
}

fn is_paused(seen: &Observation<'_>) -> bool {
    let case = seen.before.case();
    case.is_some_and(|case| case.pause_at(seen.at()).is_some())
}

/// The kinds of note by their names alone: a note may hold much more, which need not be written down for this.
fn note_kind(kind: &NoteKind) -> Option<Reading<'static>> {
    let name = match kind {
        NoteKind::Investigation => "investigation",
        NoteKind::Negotiation => "negotiation",
        NoteKind::Coordination => "coordination",
        NoteKind::Contribution { .. } => "contribution",
        NoteKind::Internal => "internal",
        NoteKind::SourceRecord { .. } => "source_record",
    };
    Some(Reading::Word(Cow::Borrowed(name)))
}

/// The word that stands for a value of an enumeration in stored facts.
fn word(value: &impl Serialize) -> Option<Reading<'static>> {
    let name = match serde_json::to_value(value).ok()? {
        serde_json::Value::String(name) => Some(name),
        serde_json::Value::Object(of_variant) => {
            of_variant.into_iter().next().map(|(name, _)| name)
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Array(_) => None,
    };
    name.map(|name| Reading::Word(Cow::Owned(name)))
}
