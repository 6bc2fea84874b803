//! Histories of whole complaints, made by the domain itself.

use redress_core::event::{
    AssignReason, Assignee, Cause, Classified, CloseReason, Closed, Customer, Feedback,
    FeedbackKind, JointTask, NoteKind, Noted, PauseReason, Paused, Received, ReceivedPersonal,
    Reopened, Requester, Resolved, ResumeCause, Resumed, RevisitOutcome, Satisfaction, Upheld,
    Verdict,
};
use redress_core::{
    Actor, Assign, Channel, Command, CommandId, Complaint, ComplaintId, Context, Escalate, EventId,
    Personal, Policy, Position, Recorded, Rejection, Revisit, Rulebook, Span, SubjectId, Timestamp,
    Version, decide, evolve,
};
use redress_rules::audit::{Audit, Finding, How, Report};
use redress_rules::{Calendars, Rule};
use uuid::Uuid;

/// Complaints under one policy, whose facts share one order.
pub(crate) struct World {
    policy: Policy,
    complaints: Vec<Complaint>,
    pub(crate) facts: Vec<Recorded>,
}

pub(crate) fn hour(hour: i64) -> Timestamp {
    "2026-03-02T08:00:00Z".parse::<Timestamp>().unwrap() + Span::hours(hour)
}

pub(crate) fn id(index: usize) -> ComplaintId {
    ComplaintId::new(Uuid::from_u128(index as u128 + 1))
}

impl World {
    pub(crate) fn new(policy: Policy) -> Self {
        Self {
            policy,
            complaints: vec![Complaint::Absent; 4],
            facts: Vec::new(),
        }
    }

    /// Gives a command at an hour, by somebody.
    pub(crate) fn execute(
        &mut self,
        index: usize,
        at: i64,
        by: &str,
        command: impl Into<Command>,
    ) -> Result<(), Rejection> {
        let department = "desk".parse().unwrap();
        let actor = Actor::human(by.parse().unwrap(), "agent".parse().unwrap(), department);
        let rules = Rulebook::fixed(self.policy.clone());
        let context = Context {
            rules: &rules,
            now: hour(at),
            occurred_at: hour(at),
            actor: &actor,
            policy: &self.policy,
            target: None,
        };
        let events = decide(&self.complaints[index], &command.into(), &context)?;
        for event in events {
            let before = std::mem::take(&mut self.complaints[index]);
            let position = u64::try_from(self.facts.len()).unwrap();
            let fact = Recorded {
                event_id: EventId::new(Uuid::from_u128(u128::from(position))),
                complaint_id: id(index),
                version: before.version().map_or(Version::FIRST, Version::next),
                position: Position::new(position),
                occurred_at: hour(at),
                recorded_at: hour(at),
                actor: actor.clone(),
                command_id: CommandId::new(Uuid::from_u128(u128::from(position))),
                correlation_id: None,
                causation_id: None,
                schema: 1,
                event,
            };
            self.complaints[index] = evolve(before, &fact).unwrap();
            self.facts.push(fact);
        }
        Ok(())
    }

    /// Records at an hour, by somebody; a refusal fails the test.
    #[track_caller]
    pub(crate) fn at(mut self, at: i64, by: &str, command: impl Into<Command>) -> Self {
        self.execute(0, at, by, command).unwrap();
        self
    }

    #[track_caller]
    pub(crate) fn audit(&self, rules: Vec<Rule>, now: i64) -> Report {
        let mut audit = Audit::new(rules, Calendars::none()).unwrap();
        for fact in &self.facts {
            audit.fold(fact);
        }
        audit.report(hour(now))
    }
}

/// What was found, as the rule, the position and how.
pub(crate) fn found(report: &Report) -> Vec<(&str, u64, How)> {
    let place = |finding: &Finding| finding.position.get();
    report
        .findings
        .iter()
        .map(|finding| (finding.rule.as_str(), place(finding), finding.how))
        .collect()
}

pub(crate) fn receive() -> Received {
    let said = ReceivedPersonal {
        description: "three days late".to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(SubjectId::from_random([7; 16]));
    Received::new(
        customer,
        Channel::Email,
        "li".parse().unwrap(),
        "desk".parse().unwrap(),
        said,
    )
}

pub(crate) fn classify() -> Classified {
    Classified::new("delivery/delay".parse().unwrap())
}

pub(crate) fn assign(with_stores: bool) -> Assign {
    let lead = Assignee::person("logistics".parse().unwrap(), "wang".parse().unwrap());
    let mut assign = Assign::to(lead, AssignReason::Initial);
    if with_stores {
        assign.joint.push(JointTask {
            assignee: Assignee::department("stores".parse().unwrap()),
            task: "look for the parcel".to_owned(),
            limit: None,
        });
    }
    assign
}

pub(crate) fn contribution() -> Noted {
    Noted {
        kind: NoteKind::Contribution {
            department: "stores".parse().unwrap(),
            done: true,
        },
        evidence: Vec::new(),
        personal: Personal::Withheld,
    }
}

pub(crate) fn resolve() -> Resolved {
    Resolved {
        remedies: Some(Vec::new()),
        primary_cause: Some(Cause::new("service/delivery_failure".parse().unwrap())),
        upheld: Some(Upheld::Upheld),
        personal: Personal::Known(redress_core::event::ResolvedPersonal {
            solution: "sent again".to_owned(),
        }),
        ..Resolved::default()
    }
}

pub(crate) fn tell(kind: FeedbackKind) -> Feedback {
    Feedback::new(kind, Channel::Email, "words")
}

pub(crate) fn reply(verdict: Verdict) -> Feedback {
    Feedback {
        verdict: Some(verdict),
        ..tell(FeedbackKind::CustomerReply)
    }
}

pub(crate) fn revisit(agent: &str, result: Satisfaction) -> Revisit {
    Revisit::reached(Channel::PhoneHotline, agent.parse().unwrap(), result)
}

pub(crate) fn call_in_vain(agent: &str) -> Revisit {
    Revisit {
        outcome: RevisitOutcome::NotReached {
            why: "no answer".to_owned(),
        },
        ..revisit(agent, Satisfaction::Neutral)
    }
}

pub(crate) fn pause() -> Paused {
    Paused {
        reason: PauseReason::AwaitingCustomer,
        until: Some(hour(10)),
        personal: Personal::Withheld,
    }
}

pub(crate) fn resume() -> Resumed {
    Resumed {
        cause: ResumeCause::Arrived,
    }
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

pub(crate) fn escalate() -> Escalate {
    Escalate {
        to_level: None,
        to: None,
        trigger: redress_core::event::Trigger::Manual,
        reason: "a hard one".to_owned(),
    }
}
