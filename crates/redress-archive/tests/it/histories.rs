//! Valid histories: written by hand, or driven at random through `decide` and `evolve`.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use redress_core::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, AssignReason, Assignee, AssignmentNote,
    Cause, Change, Classified, CloseReason, Closed, ClosingNote, Contact, ContactKind, Customer,
    Erased, Extended, Feedback, FeedbackKind, Flag, JointTask, Linked, NoteKind, NoteText, Noted,
    PauseNote, PauseReason, Paused, Priority, Product, Received, ReceivedPersonal, Relation,
    Remedy, RemedyKind, Reopened, Requester, Resolved, ResolvedPersonal, ResumeCause, Resumed,
    RevisitNote, RevisitOutcome, Satisfaction, Severity, Trigger, Upheld, Verdict,
};
use redress_core::{
    Actor, Assign, Channel, ClockKind, Command, CommandId, Complaint, ComplaintId, Context,
    Escalate, EventId, Level, Personal, Policy, Position, Recorded, Rejection, Revisit, Span,
    State, SubjectId, Timestamp, Version, decide, evolve,
};
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
        let target = match command {
            Command::Link(link) => self.complaints.get(&link.target),
            _ => None,
        };
        let actor = Actor::human(
            person.parse().unwrap(),
            "agent".parse().unwrap(),
            "service".parse().unwrap(),
        );
        let context = Context {
            now: self.now,
            occurred_at: self.now,
            actor: &actor,
            policy: &self.policy,
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

/// One step of a random history: which complaint, which wish of those that make sense now, and what it says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    complaint: u8,
    wish: u8,
    detail: u8,
    minutes: u16,
}

/// How many complaints, and how many customers, a random history has at most.
const COMPLAINTS: u8 = 5;
const CUSTOMERS: u8 = 3;

/// Valid histories of up to 120 wishes, under the standard policy or as taken over from elsewhere.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Recorded>> {
    let step = (0..COMPLAINTS, any::<u8>(), any::<u8>(), 0..2000_u16).prop_map(
        |(complaint, wish, detail, minutes)| Step {
            complaint,
            wish,
            detail,
            minutes,
        },
    );
    (any::<bool>(), prop::collection::vec(step, 1..120))
        .prop_map(|(historical, steps)| walk(historical, &steps))
}

fn walk(historical: bool, steps: &[Step]) -> Vec<Recorded> {
    let policy = Policy::standard();
    let mut history = History::new(if historical {
        policy.for_history()
    } else {
        policy
    });
    for step in steps {
        history.wait(Span::minutes(step.minutes.into()));
        let id = complaint(u128::from(step.complaint) + 1);
        let state = history
            .complaints
            .get(&id)
            .map_or(State::Absent, Complaint::state);
        let command = wish(state, *step, history.now);
        // What is refused is not history.
        let _refused = history.try_do(id, "bob", &command);
    }
    history.facts
}

const WORDS: [&str; 6] = [
    "退款",
    "我要求退款，快递延迟",
    "Refund please",
    "ＲＥＦＵＮＤ 迟到",
    "call 13800001111\u{0}",
    "",
];

fn words(detail: u8) -> &'static str {
    WORDS[usize::from(detail) % WORDS.len()]
}

fn wish(state: State, step: Step, now: Timestamp) -> Command {
    let detail = step.detail;
    let onward = match state {
        State::Absent => Some(receive(step)),
        State::Received => Some(classify(detail).into()),
        State::Classified => Some(hand_over(detail).into()),
        State::Processing => Some(resolve(detail).into()),
        State::Resolved => Some(feedback(FeedbackKind::Result, "done").into()),
        State::FedBack => Some(ask(detail).into()),
        State::Closed => Some(
            Reopened {
                reason: "again".to_owned(),
                requested_by: Requester::Customer,
            }
            .into(),
        ),
    };
    match step.wish % 24 {
        0 => note(words(detail)).into(),
        1 => source_record(
            ["priority", "group"][usize::from(detail % 2)],
            words(detail),
        )
        .into(),
        2 => correct(detail).into(),
        3 => link(step).into(),
        4 => erased(u128::from(detail % CUSTOMERS)).into(),
        5 => escalate(detail).into(),
        6 => classify(detail).into(),
        7 => hand_over(detail).into(),
        8 => Paused {
            reason: PauseReason::AwaitingCustomer,
            until: Some(now + Span::days(20)),
            personal: Personal::Known(PauseNote {
                note: words(detail).to_owned(),
            }),
        }
        .into(),
        9 => Resumed {
            cause: ResumeCause::Arrived,
        }
        .into(),
        10 => reply(detail).into(),
        11 => Extended {
            clock: ClockKind::Resolution,
            new_due: now + Span::days(40),
            reason: "parts".to_owned(),
            approved_by: "eve".parse().unwrap(),
            customer_told: true,
        }
        .into(),
        12 => end(detail).into(),
        13 => contribution(detail).into(),
        _ => onward.unwrap(),
    }
}

fn receive(step: Step) -> Command {
    let detail = step.detail;
    let customer = u128::from(step.complaint % CUSTOMERS);
    let mut fact = received(customer, "延迟", words(detail));
    fact.channel = Channel::ALL[usize::from(detail) % Channel::ALL.len()];
    fact.external_ref = (detail % 3 == 0).then(|| format!("REF-{}", detail % 4).parse().unwrap());
    fact.tags = vec!["典型案例".parse().unwrap(); usize::from(detail % 3)];
    fact.flags = vec![Flag::Group; usize::from(detail % 2)];
    fact.into()
}

fn classify(detail: u8) -> Classified {
    let category = ["delivery/delay", "price/refund", "delivery"][usize::from(detail % 3)];
    Classified {
        severity: [Severity::Minor, Severity::Critical][usize::from(detail % 2)],
        priority: [Priority::Low, Priority::Urgent, Priority::High][usize::from(detail % 3)],
        safety: detail % 5 == 0,
        ..classified(category)
    }
}

fn hand_over(detail: u8) -> Assign {
    let department = ["service", "logistics", "billing"][usize::from(detail % 3)];
    let mut assign = assign(department, "bob");
    if detail % 4 == 0 {
        assign.joint = vec![JointTask {
            assignee: assignee("warehouse", "dan"),
            task: "look for the parcel".to_owned(),
            limit: None,
        }];
    }
    assign.personal = Personal::Known(AssignmentNote {
        note: words(detail).to_owned(),
    });
    assign
}

fn contribution(detail: u8) -> Noted {
    Noted {
        kind: NoteKind::Contribution {
            department: "warehouse".parse().unwrap(),
            done: detail % 2 == 0,
        },
        ..note(words(detail))
    }
}

fn resolve(detail: u8) -> Resolved {
    let cause = ["service/slow_response", "product/design_defect"][usize::from(detail % 2)];
    let mut fact = resolved(cause, words(detail));
    fact.upheld = Some([Upheld::Upheld, Upheld::NotUpheld][usize::from(detail % 2)]);
    if detail % 3 == 0 {
        fact.remedies = Some(Vec::new());
    }
    fact
}

fn ask(detail: u8) -> Revisit {
    match detail % 4 {
        0 => Revisit {
            outcome: RevisitOutcome::NotReached {
                why: "no answer".to_owned(),
            },
            ..revisit(Satisfaction::Neutral, words(detail))
        },
        1 => revisit(Satisfaction::Dissatisfied, words(detail)),
        2 => revisit(Satisfaction::Neutral, words(detail)),
        _ => revisit(Satisfaction::Satisfied, words(detail)),
    }
}

fn reply(detail: u8) -> Feedback {
    let mut fact = feedback(FeedbackKind::CustomerReply, words(detail));
    fact.verdict =
        [None, Some(Verdict::Dissatisfied), Some(Verdict::Accepted)][usize::from(detail % 3)];
    fact
}

fn escalate(detail: u8) -> Escalate {
    Escalate {
        to_level: (detail % 2 == 0).then(|| Level::new(detail % 4)),
        to: (detail % 3 == 0).then(|| assignee("management", "eve")),
        trigger: Trigger::Manual,
        reason: "stuck".to_owned(),
    }
}

fn correct(detail: u8) -> Amended {
    let change = match detail % 7 {
        0 => Change::Product(Some(Product {
            code: "kettle".parse().unwrap(),
            model: None,
            batch: None,
            order_ref: None,
        })),
        1 => Change::Tags(vec!["seen".parse().unwrap(), "seen".parse().unwrap()]),
        2 => Change::Flags(vec![Flag::Vulnerable]),
        3 => Change::Language(Some("zh-CN".parse().unwrap())),
        4 => Change::Upheld(Upheld::Partly),
        5 => Change::Causes {
            primary: Cause::new("market/culture".parse().unwrap()),
            contributing: Vec::new(),
        },
        _ => Change::Product(None),
    };
    let personal = AmendedPersonal {
        subject: (detail % 2 == 0).then(|| words(detail / 2).to_owned()),
        description: (detail % 3 == 0).then(|| words(detail / 3).to_owned()),
        ..AmendedPersonal::default()
    };
    amended(vec![change], personal)
}

fn link(step: Step) -> Linked {
    let relations = [
        Relation::DuplicateOf,
        Relation::RepeatOf,
        Relation::Related,
        Relation::PartOf,
    ];
    Linked {
        relation: relations[usize::from(step.detail % 4)],
        target: complaint(u128::from(step.detail / 4 % COMPLAINTS) + 1),
        unlink: step.detail >= 192,
    }
}

fn end(detail: u8) -> Closed {
    let reason = match detail % 6 {
        0 => CloseReason::Withdrawn,
        1 => CloseReason::Refused {
            ground: "no_customer".parse().unwrap(),
        },
        2 => CloseReason::Unreachable,
        3 => CloseReason::FinalPosition,
        4 => CloseReason::Satisfied,
        _ => CloseReason::Duplicate {
            of: complaint(u128::from(detail % COMPLAINTS) + 1),
        },
    };
    closed(reason, words(detail))
}

/// The same history as a ledger gives it out after the erasures in it: what is personal about those customers is gone.
pub(crate) fn as_erased(facts: &[Recorded]) -> Vec<Recorded> {
    let mut gone: BTreeSet<SubjectId> = BTreeSet::new();
    let mut customers = BTreeMap::new();
    for fact in facts {
        if let redress_core::Event::Received(received) = &fact.event {
            customers.insert(fact.complaint_id, received.customer.subject);
        }
    }
    let mut kept: Vec<Recorded> = facts
        .iter()
        .rev()
        .map(|fact| {
            if let redress_core::Event::Erased(erased) = &fact.event {
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

fn withhold(event: &mut redress_core::Event) {
    use redress_core::Event;
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
