//! A complaint told step by step: given facts, when a command, then facts or a rejection.

use redress_core::event::{
    AssignReason, Assignee, Cause, Classified, CloseReason, Closed, Customer, Feedback,
    FeedbackKind, InitialAssessment, JointTask, PauseReason, Paused, Priority, Product, Received,
    ReceivedPersonal, Reopened, Requester, Resolved, ResumeCause, Resumed, Satisfaction, Trigger,
    Upheld, Verdict,
};
use redress_core::{
    Actor, Assign, CategoryPath, Channel, Command, CommandId, Complaint, ComplaintId, Context,
    DepartmentId, Escalate, Event, EventId, Personal, Policy, Position, Recorded, Rejection,
    Revisit, Role, Rulebook, Span, SubjectId, Timestamp, Version, decide, evolve,
};
use uuid::Uuid;

/// 2 March 2026, 09:00 UTC: when every story begins.
pub(crate) fn start() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

pub(crate) fn code<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

pub(crate) fn agent(person: &str, department: &str) -> Actor {
    Actor::human(
        code(person),
        code::<Role>("agent"),
        code::<DepartmentId>(department),
    )
}

/// A history in the making.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) policy: Policy,
    pub(crate) complaint: Complaint,
    pub(crate) facts: Vec<Recorded>,
    pub(crate) now: Timestamp,
    pub(crate) actor: Actor,
    pub(crate) target: Option<Complaint>,
}

impl Story {
    pub(crate) fn new() -> Self {
        Self {
            policy: Policy::standard(),
            complaint: Complaint::Absent,
            facts: Vec::new(),
            now: start(),
            actor: agent("wang.fang", "logistics"),
            target: None,
        }
    }

    pub(crate) fn id() -> ComplaintId {
        ComplaintId::new(Uuid::from_u128(1))
    }

    pub(crate) fn by(mut self, person: &str, department: &str) -> Self {
        self.actor = agent(person, department);
        self
    }

    pub(crate) fn after(mut self, span: Span) -> Self {
        self.now = self.now + span;
        self
    }

    /// Its rules, which never change.
    pub(crate) fn rules(&self) -> Rulebook {
        Rulebook::fixed(self.policy.clone())
    }

    /// What `decide` says, without recording it.
    pub(crate) fn would(&self, command: impl Into<Command>) -> Result<Vec<Event>, Rejection> {
        self.would_at(command, self.now)
    }

    pub(crate) fn would_at(
        &self,
        command: impl Into<Command>,
        occurred_at: Timestamp,
    ) -> Result<Vec<Event>, Rejection> {
        let rules = self.rules();
        let context = Context {
            now: self.now,
            occurred_at,
            actor: &self.actor,
            policy: &self.policy,
            rules: &rules,
            target: self.target.as_ref(),
        };
        decide(&self.complaint, &command.into(), &context)
    }

    /// Records what the command leads to; it must be accepted.
    #[track_caller]
    pub(crate) fn then(mut self, command: impl Into<Command>) -> Self {
        let now = self.now;
        let events = self.would(command).unwrap();
        for event in events {
            self.record(event, now);
        }
        self
    }

    #[track_caller]
    pub(crate) fn record(&mut self, event: Event, occurred_at: Timestamp) {
        let number = u64::try_from(self.facts.len()).unwrap();
        let recorded = Recorded {
            event_id: EventId::new(Uuid::from_u128(u128::from(number))),
            complaint_id: Self::id(),
            version: Version::new(number + 1),
            position: Position::new(number),
            occurred_at,
            recorded_at: self.now,
            actor: self.actor.clone(),
            command_id: CommandId::new(Uuid::from_u128(u128::from(number))),
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event,
        };
        self.complaint = evolve(std::mem::take(&mut self.complaint), &recorded).unwrap();
        self.facts.push(recorded);
    }

    pub(crate) fn received() -> Self {
        Self::new().then(receive())
    }

    pub(crate) fn classified() -> Self {
        Self::received().then(classify("delivery/delay"))
    }

    pub(crate) fn processing() -> Self {
        Self::classified().then(assign("logistics", "wang.fang"))
    }

    pub(crate) fn resolved() -> Self {
        Self::processing().after(Span::hours(1)).then(resolve())
    }

    pub(crate) fn fed_back() -> Self {
        Self::resolved().after(Span::hours(1)).then(result())
    }

    pub(crate) fn closed() -> Self {
        Self::fed_back()
            .after(Span::days(2))
            .then(reached(Satisfaction::Satisfied))
    }
}

/// An intake of which nothing is flagged.
pub(crate) fn receive() -> Received {
    let customer = Customer::anonymous(SubjectId::new(Uuid::from_u128(7)));
    let personal = ReceivedPersonal {
        description: "包裹三天没有送到，请尽快处理".to_owned(),
        ..Default::default()
    };
    Received {
        product: Some(Product {
            code: code("parcel"),
            model: None,
            batch: None,
            order_ref: None,
        }),
        initial: Some(InitialAssessment {
            nature: None,
            priority: Some(Priority::Normal),
        }),
        ..Received::new(
            customer,
            Channel::PhoneHotline,
            code("li.na"),
            code("service_desk"),
            personal,
        )
    }
}

pub(crate) fn classify(category: &str) -> Classified {
    Classified::new(code::<CategoryPath>(category))
}

pub(crate) fn assign(department: &str, person: &str) -> Assign {
    Assign::to(
        Assignee::person(code(department), code(person)),
        AssignReason::Initial,
    )
}

pub(crate) fn joint(department: &str) -> JointTask {
    JointTask {
        assignee: Assignee::department(code(department)),
        task: "check the stock".to_owned(),
        limit: None,
    }
}

pub(crate) fn resolve() -> Resolved {
    Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new(code("service/delivery_failure"))),
        upheld: Some(Upheld::Upheld),
        ..Resolved::default()
    }
}

pub(crate) fn result() -> Feedback {
    Feedback::new(
        FeedbackKind::Result,
        Channel::PhoneHotline,
        "明天送达，并退还运费",
    )
}

pub(crate) fn reply(verdict: Option<Verdict>) -> Feedback {
    Feedback {
        verdict,
        ..Feedback::new(
            FeedbackKind::CustomerReply,
            Channel::PhoneHotline,
            "还是没有收到",
        )
    }
}

pub(crate) fn reached(result: Satisfaction) -> Revisit {
    Revisit::reached(Channel::PhoneHotline, code("zhao.min"), result)
}

pub(crate) fn not_reached() -> Revisit {
    Revisit::not_reached(Channel::PhoneHotline, code("zhao.min"), "no answer")
}

pub(crate) fn pause(until: Option<Timestamp>) -> Paused {
    Paused {
        reason: PauseReason::AwaitingCustomer,
        until,
        personal: Personal::Withheld,
    }
}

pub(crate) fn resume() -> Resumed {
    Resumed {
        cause: ResumeCause::Arrived,
    }
}

pub(crate) fn escalate() -> Escalate {
    Escalate {
        to_level: None,
        to: None,
        trigger: Trigger::Manual,
        reason: "too long".to_owned(),
    }
}

pub(crate) fn close(reason: CloseReason) -> Closed {
    Closed::new(reason)
}

pub(crate) fn reopen() -> Reopened {
    Reopened {
        reason: "the parcel is still missing".to_owned(),
        requested_by: Requester::Customer,
    }
}
