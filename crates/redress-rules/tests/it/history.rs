//! Histories made of letters: what rules see, without the domain's own order.

use redress_core::event::{Linked, NoteKind, Noted, Relation, ResumeCause, Resumed};
use redress_core::{
    Actor, CommandId, Complaint, ComplaintId, Event, EventId, EventType, Personal, Position,
    Recorded, Timestamp, Version,
};
use redress_rules::{Observation, Pattern};
use uuid::Uuid;

pub(crate) const START: i64 = 1_772_000_000_000_000;

/// A fact as a test sees it: which letter, by whom, and when (in microseconds after the start).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) name: char,
    pub(crate) by: char,
    pub(crate) after: i64,
}

pub(crate) fn letter(name: char) -> Letter {
    Letter {
        name,
        by: 'x',
        after: 0,
    }
}

/// The letters as a pattern; `c` is every other kind of fact, so that three letters are all there are.
pub(crate) fn pattern(names: &str) -> Pattern {
    let letter_of = |kind: EventType| match kind {
        EventType::Resumed => 'a',
        EventType::Noted => 'b',
        EventType::Received
        | EventType::Classified
        | EventType::Assigned
        | EventType::Escalated
        | EventType::Resolved
        | EventType::Feedback
        | EventType::Revisited
        | EventType::Paused
        | EventType::Amended
        | EventType::Linked
        | EventType::Extended
        | EventType::Closed
        | EventType::Reopened
        | EventType::Erased => 'c',
    };
    let others = EventType::ALL
        .into_iter()
        .filter(|kind| !names.contains(letter_of(*kind)));
    Pattern::except(others)
}

pub(crate) fn at(after: i64) -> Timestamp {
    Timestamp::from_micros(START + after).unwrap()
}

pub(crate) fn fact(letter: Letter) -> Recorded {
    let id = Uuid::from_u128(1);
    let event: Event = match letter.name {
        'a' => Resumed {
            cause: ResumeCause::Arrived,
        }
        .into(),
        'b' => Noted {
            kind: NoteKind::Internal,
            evidence: Vec::new(),
            personal: Personal::Withheld,
        }
        .into(),
        _ => Linked {
            relation: Relation::Related,
            target: ComplaintId::new(Uuid::from_u128(2)),
            unlink: false,
        }
        .into(),
    };
    let person = letter.by.to_string().parse().unwrap();
    Recorded {
        event_id: EventId::new(id),
        complaint_id: ComplaintId::new(id),
        version: Version::FIRST,
        position: Position::FIRST,
        occurred_at: at(letter.after),
        recorded_at: at(letter.after),
        actor: Actor::human(person, "agent".parse().unwrap(), "desk".parse().unwrap()),
        command_id: CommandId::new(id),
        correlation_id: None,
        causation_id: None,
        schema: 1,
        event,
    }
}

/// Hands a letter to a closure as an observation.
pub(crate) fn seen<T>(letter: Letter, see: impl FnOnce(&Observation<'_>) -> T) -> T {
    see(&Observation {
        recorded: &fact(letter),
        before: &Complaint::Absent,
        after: &Complaint::Absent,
    })
}
