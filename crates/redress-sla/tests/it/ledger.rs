//! A ledger in memory for tests: commands go through `decide`, facts through `evolve`.

use redress_core::event::{
    AssignReason, Assignee, Cause, Channel, Classified, CloseReason, Closed, Customer, Feedback,
    FeedbackKind, NoteKind, Noted, Priority, Received, ReceivedPersonal, Reopened, Requester,
    Resolved, Upheld,
};
use redress_core::{
    Actor, Assign, Command, CommandId, Complaint, ComplaintId, Context, DepartmentId, EventId,
    LedgerEvent, LedgerRecorded, PersonId, Personal, Policy, Position, Recorded, Refused,
    Rejection, Revisit, Rulebook, Span, SubjectId, Timestamp, decide, evolve,
};
use redress_store::Fact;

/// So many hours after 2 March 2026, 9:00 UTC.
pub(crate) fn h(hours: i64) -> Timestamp {
    let start: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    start + Span::hours(hours)
}

/// The id of the `index`-th complaint.
pub(crate) fn id(index: usize) -> ComplaintId {
    ComplaintId::from_parts(h(0), [u8::try_from(index).unwrap(); 10])
}

pub(crate) fn department(code: &str) -> DepartmentId {
    code.parse().unwrap()
}

pub(crate) fn person(code: &str) -> PersonId {
    code.parse().unwrap()
}

/// Complaints and the facts recorded of them.
pub(crate) struct Ledger {
    pub(crate) policy: Policy,
    pub(crate) complaints: Vec<Complaint>,
    pub(crate) facts: Vec<Recorded>,
}

impl Ledger {
    pub(crate) fn new(policy: Policy, complaints: usize) -> Self {
        Self {
            policy,
            complaints: vec![Complaint::Absent; complaints],
            facts: Vec::new(),
        }
    }

    /// Decides and, where nothing speaks against it, records.
    pub(crate) fn execute(
        &mut self,
        index: usize,
        command: &Command,
        (now, occurred_at): (Timestamp, Timestamp),
    ) -> Result<usize, Rejection> {
        let actor = self.actor(index);
        let rules = Rulebook::fixed(self.policy.clone());
        let context = Context {
            now,
            occurred_at,
            actor: &actor,
            policy: &self.policy,
            rules: &rules,
            target: match command {
                Command::Link(link) => self.by_id(link.target),
                _ => None,
            },
        };
        let events = decide(&self.complaints[index], command, &context)?;
        let command_id = CommandId::from_parts(now, [0; 10]);
        let added = events.len();
        for (number, event) in events.into_iter().enumerate() {
            let before = std::mem::take(&mut self.complaints[index]);
            let version = before
                .version()
                .map_or(redress_core::Version::FIRST, |version| version.next());
            let fact = Recorded {
                event_id: EventId::derived(command_id, number),
                complaint_id: id(index),
                version,
                position: Position::new(u64::try_from(self.facts.len()).unwrap()),
                occurred_at,
                recorded_at: now,
                actor: actor.clone(),
                command_id,
                correlation_id: None,
                causation_id: None,
                schema: 1,
                event,
            };
            self.complaints[index] = evolve(before, &fact).unwrap();
            self.facts.push(fact);
        }
        Ok(added)
    }

    /// Records at an hour; a refusal fails the test.
    #[track_caller]
    pub(crate) fn at(&mut self, hour: i64, index: usize, command: impl Into<Command>) -> &mut Self {
        let command = command.into();
        let added = self.execute(index, &command, (h(hour), h(hour)));
        assert!(added.is_ok_and(|added| added > 0), "{}", command.name());
        self
    }

    fn by_id(&self, wanted: ComplaintId) -> Option<&Complaint> {
        (0..self.complaints.len())
            .find(|index| id(*index) == wanted)
            .map(|index| &self.complaints[index])
    }

    /// Whoever leads; otherwise somebody of the service department.
    fn actor(&self, index: usize) -> Actor {
        let lead = self.complaints[index].lead();
        let who = lead.and_then(|lead| lead.person.clone());
        let role = "agent".parse().unwrap();
        let home = lead.map_or_else(|| department("service"), |lead| lead.department.clone());
        Actor::human(who.unwrap_or_else(|| person("p0")), role, home)
    }
}

pub(crate) fn receive(intake: &str, channel: Channel) -> Received {
    let personal = ReceivedPersonal {
        description: "it is late".to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(SubjectId::from_random([3; 16]));
    Received::new(
        customer,
        channel,
        person("p0"),
        department(intake),
        personal,
    )
}

pub(crate) fn classify(category: &str, priority: Priority) -> Classified {
    let mut fact = Classified::new(category.parse().unwrap());
    fact.priority = priority;
    fact.reason = Some("as it looks now".to_owned());
    fact
}

pub(crate) fn assign(to: &str, who: &str) -> Assign {
    Assign::to(
        Assignee::person(department(to), person(who)),
        AssignReason::Reassign,
    )
}

pub(crate) fn resolve(cause: &str) -> Resolved {
    Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new(cause.parse().unwrap())),
        follow_up: Some(h(9000)),
        upheld: Some(Upheld::Upheld),
        ..Resolved::default()
    }
}

pub(crate) fn tell(kind: FeedbackKind) -> Feedback {
    Feedback::new(kind, Channel::Email, "words")
}

pub(crate) fn revisit(outcome: redress_core::event::RevisitOutcome) -> Revisit {
    Revisit {
        method: Channel::PhoneHotline,
        agent: person("asks"),
        outcome,
        personal: Personal::Withheld,
    }
}

pub(crate) fn note(kind: NoteKind) -> Noted {
    Noted {
        kind,
        evidence: Vec::new(),
        personal: Personal::Withheld,
    }
}

pub(crate) fn source_record(field: &str, value: &str) -> Noted {
    note(NoteKind::SourceRecord {
        system: "helpdesk".parse().unwrap(),
        facts: [(field.to_owned(), value.to_owned())].into(),
    })
}

pub(crate) fn close(reason: CloseReason) -> Closed {
    Closed::new(reason)
}

pub(crate) fn reopen() -> Reopened {
    Reopened {
        reason: "it broke again".to_owned(),
        requested_by: Requester::Customer,
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
    let command_id = CommandId::derived(id(0), &format!("refused {position}"));
    let refused = Refused {
        complaint: None,
        action: None,
        command: "note".into(),
        rejection: "not_received".into(),
    };
    LedgerRecorded {
        event_id: EventId::derived(command_id, 0),
        position: Position::new(position as u64),
        occurred_at: h(0),
        recorded_at: h(0),
        actor: Actor::system("helpdesk".parse().unwrap(), "system".parse().unwrap()),
        command_id,
        correlation_id: None,
        causation_id: None,
        schema: 1,
        event: LedgerEvent::Refused(refused),
    }
    .into()
}
