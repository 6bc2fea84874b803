//! Valid histories, made by commands; and the words to make them with.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, AssignReason, Assignee, Cause, Change,
    Classified, CloseReason, Closed, ClosingNote, Contact, ContactKind, Customer, Erased, Feedback,
    FeedbackKind, NoteKind, NoteText, Noted, Received, ReceivedPersonal, Remedy, RemedyKind,
    Resolved, ResolvedPersonal, RevisitNote, RevisitOutcome, Satisfaction, Upheld,
};
use redress_core::{
    Actor, Assign, Channel, Command, CommandId, Complaint, ComplaintId, Context, Event, EventId,
    LedgerEvent, LedgerRecorded, Personal, Policy, Position, Recorded, Refused, Rejection, Revisit,
    Rulebook, Span, SubjectId, Timestamp, Version, decide, evolve,
};
use redress_store::Fact;
use uuid::Uuid;

/// The ledger every history here belongs to.
pub(crate) const LEDGER: Uuid = Uuid::from_u128(0x1ed6e4);

/// The moment every history begins.
pub(crate) fn start() -> Timestamp {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

pub(crate) fn complaint(number: u128) -> ComplaintId {
    ComplaintId::new(Uuid::from_u128(number))
}

pub(crate) fn subject(number: u128) -> SubjectId {
    // Random bytes make a pseudonym; a number in them tells them apart.
    SubjectId::from_random(number.to_be_bytes())
}

/// A history that grows by commands.
#[derive(Debug)]
pub(crate) struct History {
    policy: Policy,
    pub(crate) now: Timestamp,
    pub(crate) facts: Vec<Recorded>,
    pub(crate) complaints: BTreeMap<ComplaintId, Complaint>,
}

impl History {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            now: start(),
            facts: Vec::new(),
            complaints: BTreeMap::new(),
        }
    }

    pub(crate) fn wait(&mut self, span: Span) {
        self.now = self.now + span;
    }

    /// Records what the command leads to, if it is accepted.
    pub(crate) fn try_do(
        &mut self,
        id: ComplaintId,
        person: &str,
        command: &Command,
    ) -> Result<(), Rejection> {
        let before = self.complaints.get(&id).cloned().unwrap_or_default();
        let target = if let Command::Link(link) = command {
            self.complaints.get(&link.target)
        } else {
            None
        };
        let actor = Actor::human(
            person.parse().unwrap(),
            "agent".parse().unwrap(),
            "service".parse().unwrap(),
        );
        let rules = Rulebook::fixed(self.policy.clone());
        let context = Context {
            now: self.now,
            occurred_at: self.now,
            actor: &actor,
            policy: &self.policy,
            rules: &rules,
            target,
        };
        let events = decide(&before, command, &context)?;
        let command_id = CommandId::new(Uuid::from_u128(self.facts.len() as u128));
        let mut after = before;
        for (index, event) in events.into_iter().enumerate() {
            let fact = Recorded {
                event_id: EventId::derived(command_id, index),
                complaint_id: id,
                version: after.version().map_or(Version::FIRST, Version::next),
                position: Position::new(self.facts.len() as u64),
                occurred_at: self.now,
                recorded_at: self.now,
                actor: actor.clone(),
                command_id,
                correlation_id: None,
                causation_id: None,
                schema: 1,
                event,
            };
            after = evolve(after, &fact).unwrap();
            self.facts.push(fact);
        }
        self.complaints.insert(id, after);
        Ok(())
    }

    /// Records a command that must be accepted, an hour after the one before.
    #[track_caller]
    pub(crate) fn then(&mut self, id: ComplaintId, command: impl Into<Command>) {
        self.wait(Span::hours(1));
        self.try_do(id, "ann", &command.into()).unwrap();
    }
}

/// A complaint by e-mail about this.
pub(crate) fn received(customer: u128, matter: &str, words: &str) -> Received {
    Received::new(
        Customer::new(subject(customer)),
        Channel::Email,
        "ann".parse().unwrap(),
        "intake".parse().unwrap(),
        ReceivedPersonal {
            name: Some("王芳".to_owned()),
            contacts: vec![Contact {
                kind: ContactKind::Phone,
                value: "+8613800001111".to_owned(),
            }],
            subject: matter.to_owned(),
            description: words.to_owned(),
            ..ReceivedPersonal::default()
        },
    )
}

pub(crate) fn classified(category: &str) -> Classified {
    Classified {
        reason: Some("looked at again".to_owned()),
        ..Classified::new(category.parse().unwrap())
    }
}

pub(crate) fn assign(department: &str, person: &str) -> Assign {
    Assign::to(assignee(department, person), AssignReason::Initial)
}

pub(crate) fn assignee(department: &str, person: &str) -> Assignee {
    Assignee::person(department.parse().unwrap(), person.parse().unwrap())
}

pub(crate) fn resolved(cause: &str, solution: &str) -> Resolved {
    Resolved {
        remedies: Some(vec![Remedy {
            kind: RemedyKind::Refund,
            amount: None,
        }]),
        primary_cause: Some(Cause::new(cause.parse().unwrap())),
        upheld: Some(Upheld::Upheld),
        personal: Personal::Known(ResolvedPersonal {
            solution: solution.to_owned(),
        }),
        ..Resolved::default()
    }
}

pub(crate) fn feedback(kind: FeedbackKind, words: &str) -> Feedback {
    Feedback::new(kind, Channel::Email, words)
}

pub(crate) fn revisit(result: Satisfaction, suggestion: &str) -> Revisit {
    Revisit {
        method: Channel::PhoneHotline,
        agent: "eve".parse().unwrap(),
        outcome: RevisitOutcome::Reached {
            result,
            process: Satisfaction::Neutral,
            score: Some(4),
            residual_problem: false,
            would_recommend: None,
            survey: None,
        },
        personal: Personal::Known(RevisitNote {
            suggestion: suggestion.to_owned(),
        }),
    }
}

pub(crate) fn note(words: &str) -> Noted {
    Noted {
        kind: NoteKind::Investigation,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText {
            text: words.to_owned(),
        }),
    }
}

pub(crate) fn source_record(field: &str, value: &str) -> Noted {
    Noted {
        kind: NoteKind::SourceRecord {
            system: "helpdesk".parse().unwrap(),
            facts: BTreeMap::from([(field.to_owned(), value.to_owned())]),
        },
        evidence: Vec::new(),
        personal: Personal::Withheld,
    }
}

pub(crate) fn amended(patch: Vec<Change>, personal: AmendedPersonal) -> Amended {
    Amended {
        cause: AmendmentCause::Correction,
        patch,
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Known(personal),
    }
}

pub(crate) fn erased(customer: u128) -> Erased {
    Erased {
        subject: subject(customer),
        basis: "request of the customer".to_owned(),
    }
}

pub(crate) fn closed(reason: CloseReason, words: &str) -> Closed {
    Closed {
        reason,
        personal: Personal::Known(ClosingNote {
            note: words.to_owned(),
        }),
    }
}

/// The same history as a ledger gives it out after the erasures in it: what is personal about those customers is gone.
pub(crate) fn as_erased(facts: &[Recorded]) -> Vec<Recorded> {
    let mut gone: BTreeSet<SubjectId> = BTreeSet::new();
    let mut customers = BTreeMap::new();
    for fact in facts {
        if let Event::Received(received) = &fact.event {
            customers.insert(fact.complaint_id, received.customer.subject);
        }
    }
    let mut kept: Vec<Recorded> = facts
        .iter()
        .rev()
        .map(|fact| {
            if let Event::Erased(erased) = &fact.event {
                gone.insert(erased.subject);
            }
            let mut fact = fact.clone();
            if gone.contains(&customers[&fact.complaint_id]) {
                withhold(&mut fact.event);
            }
            fact
        })
        .collect();
    kept.reverse();
    kept
}

fn withhold(event: &mut Event) {
    match event {
        Event::Received(fact) => fact.personal = Personal::Withheld,
        Event::Assigned(fact) => fact.personal = Personal::Withheld,
        Event::Resolved(fact) => fact.personal = Personal::Withheld,
        Event::Feedback(fact) => fact.personal = Personal::Withheld,
        Event::Revisited(fact) => fact.personal = Personal::Withheld,
        Event::Paused(fact) => fact.personal = Personal::Withheld,
        Event::Noted(fact) => fact.personal = Personal::Withheld,
        Event::Amended(fact) => fact.personal = Personal::Withheld,
        Event::Closed(fact) => fact.personal = Personal::Withheld,
        Event::Classified(_)
        | Event::Escalated(_)
        | Event::Resumed(_)
        | Event::Linked(_)
        | Event::Extended(_)
        | Event::Reopened(_)
        | Event::Erased(_) => {}
    }
}

/// Facts of complaints, as a view gets them.
pub(crate) fn as_facts(recorded: &[Recorded]) -> Vec<Fact> {
    recorded.iter().cloned().map(Fact::from).collect()
}

/// The facts of complaints with a refusal before each and one at the end, all in places that follow each other.
pub(crate) fn among_refusals(recorded: &[Recorded]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for fact in recorded {
        facts.push(refusal(facts.len()));
        let position = Position::new(facts.len() as u64);
        facts.push(Fact::from(Recorded {
            position,
            ..fact.clone()
        }));
    }
    facts.push(refusal(facts.len()));
    facts
}

fn refusal(position: usize) -> Fact {
    let command_id = CommandId::new(Uuid::from_u128(0xdeed_0000 + position as u128));
    let refused = Refused {
        complaint: None,
        action: None,
        command: "note".into(),
        rejection: "not_received".into(),
    };
    LedgerRecorded {
        event_id: EventId::derived(command_id, 0),
        position: Position::new(position as u64),
        occurred_at: start(),
        recorded_at: start(),
        actor: Actor::system("helpdesk".parse().unwrap(), "system".parse().unwrap()),
        command_id,
        correlation_id: None,
        causation_id: None,
        schema: 1,
        event: LedgerEvent::Refused(refused),
    }
    .into()
}
