//! Commands and those who give them.

use redress::event::{
    AssignReason, Assignee, Cause, Classified, CloseReason, Closed, Contact, ContactKind, Customer,
    Feedback, FeedbackKind, Linked, NoteKind, NoteText, Noted, Received, ReceivedPersonal,
    Relation, Resolved, ResolvedPersonal, Satisfaction, Upheld,
};
use redress::{
    Actor, Assign, Channel, CommandId, ComplaintId, Personal, Revisit, SubjectId, Submission,
};
use uuid::Uuid;

/// Whoever takes complaints in.
pub(crate) fn agent() -> Actor {
    Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        "service_desk".parse().unwrap(),
    )
}

/// Whoever handles them.
pub(crate) fn handler() -> Actor {
    Actor::human(
        "wang.qiang".parse().unwrap(),
        "handler".parse().unwrap(),
        "logistics".parse().unwrap(),
    )
}

/// A command id that a caller has chosen.
pub(crate) fn command(number: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(number))
}

/// The id of a complaint that a caller has chosen.
pub(crate) fn complaint(number: u128) -> ComplaintId {
    ComplaintId::new(Uuid::from_u128(number))
}

/// A wish under a command id.
pub(crate) fn wish(number: u128, what: impl Into<redress::Command>) -> Submission {
    Submission {
        command_id: Some(command(number)),
        ..Submission::new(what, handler())
    }
}

pub(crate) const NAME: &str = "王芳";
pub(crate) const PHONE: &str = "+8613800001111";
pub(crate) const WORDS: &str = "包裹三天没有送到，要求退款";
pub(crate) const SOLUTION: &str = "已安排重新派送并退还运费";

pub(crate) fn receive() -> Received {
    let personal = ReceivedPersonal {
        name: Some(NAME.to_owned()),
        contacts: vec![Contact {
            kind: ContactKind::Phone,
            value: PHONE.to_owned(),
        }],
        description: WORDS.to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::new(SubjectId::from_random([7; 16]));
    let desk = "service_desk".parse().unwrap();
    Received::new(customer, Channel::MobileApp, agent().id, desk, personal)
}

/// The letter with this reference.
pub(crate) fn letter(reference: &str) -> Received {
    Received {
        external_ref: Some(reference.parse().unwrap()),
        ..receive()
    }
}

pub(crate) fn classify(category: &str) -> Classified {
    Classified {
        reason: Some("read again".to_owned()),
        ..Classified::new(category.parse().unwrap())
    }
}

pub(crate) fn assign() -> Assign {
    let lead = Assignee::person("logistics".parse().unwrap(), handler().id);
    Assign::to(lead, AssignReason::Initial)
}

pub(crate) fn resolve() -> Resolved {
    Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new("service/delivery_failure".parse().unwrap())),
        upheld: Some(Upheld::Upheld),
        personal: Personal::Known(ResolvedPersonal {
            solution: SOLUTION.to_owned(),
        }),
        ..Resolved::default()
    }
}

pub(crate) fn tell(kind: FeedbackKind) -> Feedback {
    Feedback::new(kind, Channel::Sms, "抱歉耽误了您的时间")
}

pub(crate) fn revisit(satisfaction: Satisfaction) -> Revisit {
    Revisit::reached(Channel::PhoneHotline, agent().id, satisfaction)
}

pub(crate) fn note(text: &str) -> Noted {
    Noted {
        kind: NoteKind::Investigation,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText {
            text: text.to_owned(),
        }),
    }
}

pub(crate) fn duplicate_of(target: ComplaintId) -> Linked {
    Linked {
        relation: Relation::DuplicateOf,
        target,
        unlink: false,
    }
}

pub(crate) fn close(reason: CloseReason) -> Closed {
    Closed::new(reason)
}
