//! Histories for the tests of clocks: facts folded one by one, at hours after receipt.

use crate::clock::{Clock, ClockKind, Reading, Status, Target};
use crate::event::{
    AssignReason, Assigned, Assignee, Channel, Classified, CloseReason, Closed, Customer, Event,
    Extended, Feedback, FeedbackKind, JointTask, NoteKind, Noted, PauseReason, Paused, Priority,
    Received, ReceivedPersonal, Recorded, Reopened, Requester, Resolved, ResumeCause, Resumed,
    RevisitOutcome, Revisited, Satisfaction, Verdict,
};
use crate::{
    Actor, CommandId, Complaint, ComplaintId, DepartmentId, Epoch, EventId, Personal, Policy,
    Position, Span, SubjectId, Timestamp, Version, evolve,
};

/// So many hours after receipt, which is on 2 March 2026 at 9:00 UTC.
pub(super) fn h(hours: i64) -> Timestamp {
    let received: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
    received + Span::hours(hours)
}

pub(super) fn department(code: &str) -> DepartmentId {
    code.parse().unwrap()
}

fn assignee(department_code: &str, person: &str) -> Assignee {
    Assignee::person(department(department_code), person.parse().unwrap())
}

/// A complaint and the number of its facts.
pub(super) struct History {
    pub(super) complaint: Complaint,
    facts: u64,
}

impl History {
    /// Taken in by `service` at hour 0.
    pub(super) fn received() -> Self {
        let fact = Received::new(
            Customer::new(SubjectId::from_random([7; 16])),
            Channel::Email,
            "receiver".parse().unwrap(),
            department("service"),
            ReceivedPersonal::default(),
        );
        let empty = Self {
            complaint: Complaint::Absent,
            facts: 0,
        };
        empty.then(0, fact)
    }

    /// Taken in at hour 0, of normal priority from hour 1, with `first` of `logistics` from hour 2.
    pub(super) fn processing() -> Self {
        Self::received()
            .classified(1, Priority::Normal)
            .assigned(2, "logistics", "first")
    }

    pub(super) fn then(mut self, hour: i64, event: impl Into<Event>) -> Self {
        self.facts += 1;
        let command_id = CommandId::from_parts(h(0), [0; 10]);
        let recorded = Recorded {
            event_id: EventId::derived(command_id, 0),
            complaint_id: ComplaintId::from_parts(h(0), [1; 10]),
            version: Version::new(self.facts),
            position: Position::new(self.facts - 1),
            occurred_at: h(hour),
            recorded_at: h(hour),
            actor: Actor::system("clock".parse().unwrap(), "system".parse().unwrap()),
            command_id,
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event: event.into(),
        };
        self.complaint = evolve(self.complaint, &recorded).unwrap();
        self
    }

    pub(super) fn classified(self, hour: i64, priority: Priority) -> Self {
        let mut fact = Classified::new("delivery/delay".parse().unwrap());
        fact.priority = priority;
        self.then(hour, fact)
    }

    pub(super) fn assigned(self, hour: i64, department: &str, person: &str) -> Self {
        self.assigned_with(hour, department, person, &[], None)
    }

    pub(super) fn assigned_with(
        self,
        hour: i64,
        department: &str,
        person: &str,
        joint: &[&str],
        limit: Option<Target>,
    ) -> Self {
        let epoch = self
            .complaint
            .ownership()
            .map_or(Epoch::FIRST, |ownership| ownership.epoch.next());
        let joint = joint.iter().map(|code| JointTask {
            assignee: assignee(code, "helper"),
            task: "look".to_owned(),
            limit: None,
        });
        let fact = Assigned {
            epoch,
            lead: assignee(department, person),
            joint: joint.collect(),
            limit,
            reason: AssignReason::Reassign,
            explanation: None,
            personal: Personal::Withheld,
        };
        self.then(hour, fact)
    }

    pub(super) fn paused(self, hour: i64, reason: PauseReason, until: Option<i64>) -> Self {
        let fact = Paused {
            reason,
            until: until.map(h),
            personal: Personal::Withheld,
        };
        self.then(hour, fact)
    }

    pub(super) fn resumed(self, hour: i64) -> Self {
        let cause = ResumeCause::Arrived;
        self.then(hour, Resumed { cause })
    }

    pub(super) fn resolved(self, hour: i64) -> Self {
        self.then(hour, Resolved::default())
    }

    pub(super) fn told(self, hour: i64, kind: FeedbackKind) -> Self {
        self.then(hour, Feedback::new(kind, Channel::Email, "words"))
    }

    pub(super) fn told_by_program(self, hour: i64, kind: FeedbackKind) -> Self {
        let mut fact = Feedback::new(kind, Channel::Email, "words");
        fact.automated = true;
        self.then(hour, fact)
    }

    pub(super) fn promised(self, hour: i64, until: i64) -> Self {
        let mut fact = Feedback::new(FeedbackKind::Progress, Channel::Email, "soon");
        fact.promised_by = Some(h(until));
        self.then(hour, fact)
    }

    pub(super) fn replied(self, hour: i64, verdict: Option<Verdict>) -> Self {
        let mut fact = Feedback::new(FeedbackKind::CustomerReply, Channel::Email, "well");
        fact.verdict = verdict;
        self.then(hour, fact)
    }

    pub(super) fn revisited(self, hour: i64, result: Satisfaction) -> Self {
        let outcome = RevisitOutcome::Reached {
            result,
            process: result,
            score: None,
            residual_problem: false,
            would_recommend: None,
            survey: None,
        };
        self.revisit(hour, 1, outcome)
    }

    pub(super) fn not_reached(self, hour: i64, attempt: u32) -> Self {
        let why = "no answer".to_owned();
        self.revisit(hour, attempt, RevisitOutcome::NotReached { why })
    }

    fn revisit(self, hour: i64, attempt: u32, outcome: RevisitOutcome) -> Self {
        let fact = Revisited {
            attempt,
            method: Channel::PhoneHotline,
            agent: "asks".parse().unwrap(),
            outcome,
            personal: Personal::Withheld,
        };
        self.then(hour, fact)
    }

    pub(super) fn contributed(self, hour: i64, code: &str, done: bool) -> Self {
        let fact = Noted {
            kind: NoteKind::Contribution {
                department: department(code),
                done,
            },
            evidence: Vec::new(),
            personal: Personal::Withheld,
        };
        self.then(hour, fact)
    }

    pub(super) fn extended(self, hour: i64, clock: ClockKind, new_due: i64) -> Self {
        let fact = Extended {
            clock,
            new_due: h(new_due),
            reason: "a part is missing".to_owned(),
            approved_by: "boss".parse().unwrap(),
            customer_told: true,
        };
        self.then(hour, fact)
    }

    pub(super) fn closed(self, hour: i64, reason: CloseReason) -> Self {
        self.then(hour, Closed::new(reason))
    }

    pub(super) fn reopened(self, hour: i64) -> Self {
        let fact = Reopened {
            reason: "it broke again".to_owned(),
            requested_by: Requester::Customer,
        };
        self.then(hour, fact)
    }

    /// The clocks of a kind, in the order they started.
    pub(super) fn clocks(&self, kind: ClockKind) -> Vec<&Clock> {
        let clocks = &self.complaint.case().unwrap().clocks;
        clocks.iter().filter(|clock| clock.kind == kind).collect()
    }

    /// How the `index`-th clock of a kind stands.
    #[track_caller]
    pub(super) fn read(&self, kind: ClockKind, index: usize, now: Timestamp) -> Reading {
        let pauses = &self.complaint.case().unwrap().pauses;
        self.clocks(kind)[index].read(pauses, &Policy::standard(), now)
    }

    /// Checks the verdict on the `index`-th clock of a kind at an hour, and the hours it ran.
    #[track_caller]
    pub(super) fn check(
        &self,
        (kind, index): (ClockKind, usize),
        hour: i64,
        status: Status,
        ran_hours: i64,
    ) {
        let reading = self.read(kind, index, h(hour));
        let expected = (status, Span::hours(ran_hours));
        let name = kind.name();
        assert_eq!(
            (reading.status, reading.elapsed),
            expected,
            "{name} at hour {hour}"
        );
    }

    /// Checks the hour at which it is due, and the hours that are left.
    #[track_caller]
    pub(super) fn check_due(
        &self,
        (kind, index): (ClockKind, usize),
        hour: i64,
        due: Option<i64>,
        left: Option<i64>,
    ) {
        let reading = self.read(kind, index, h(hour));
        let expected = (due.map(h), left.map(Span::hours));
        let name = kind.name();
        assert_eq!(
            (reading.due, reading.remaining),
            expected,
            "{name} at hour {hour}"
        );
    }
}
