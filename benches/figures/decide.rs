//! The commands of a smooth path, and deciding on each in the state in which it comes.

use redress::core::{Context, Position, decide, evolve};
use redress::event::{
    AssignReason, Assignee, Cause, Classified, Customer, Feedback, FeedbackKind, NoteKind,
    NoteText, Noted, Received, ReceivedPersonal, Remedy, RemedyKind, Resolved, ResolvedPersonal,
    Satisfaction, Upheld,
};
use redress::{
    Actor, Assign, Channel, Command, CommandId, Complaint, ComplaintId, Personal, Policy, Recorded,
    Revisit, Rulebook, SubjectId, Timestamp, Version,
};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// A command with the complaint it is about, as it stands when it comes.
pub(crate) struct Step {
    pub(crate) complaint: Complaint,
    pub(crate) command: Command,
}

/// What all decisions of a path have in common.
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
    actor: Actor,
    policy: Policy,
    rules: Rulebook,
    now: Timestamp,
}

impl Path {
    /// Receive, classify, assign, note, resolve, result, revisit, under the standard policy; every one is accepted.
    pub(crate) fn smooth() -> Outcome<Self> {
        let mut path = Self {
            steps: Vec::new(),
            actor: Actor::human(
                "wang.fang".parse()?,
                "handler".parse()?,
                "logistics".parse()?,
            ),
            policy: Policy::standard(),
            rules: Rulebook::fixed(Policy::standard()),
            now: "2026-03-02T09:00:00Z".parse()?,
        };
        let (mut complaint, mut version) = (Complaint::Absent, Version::FIRST);
        for command in commands(&path.actor)? {
            let step = Step { complaint, command };
            complaint = step.complaint.clone();
            for event in path.decide(&step)? {
                let recorded = Recorded {
                    event_id: redress::core::EventId::new(Uuid::nil()),
                    complaint_id: ComplaintId::new(Uuid::nil()),
                    version,
                    position: Position::FIRST,
                    occurred_at: path.now,
                    recorded_at: path.now,
                    actor: path.actor.clone(),
                    command_id: CommandId::new(Uuid::nil()),
                    correlation_id: None,
                    causation_id: None,
                    schema: 1,
                    event,
                };
                complaint = evolve(complaint, &recorded)?;
                version = version.next();
            }
            path.steps.push(step);
        }
        if complaint.is_open() {
            return Err("the path does not lead to the end".into());
        }
        Ok(path)
    }

    /// Decides on a step.
    pub(crate) fn decide(&self, step: &Step) -> Outcome<Vec<redress::Event>> {
        let context = Context {
            now: self.now,
            occurred_at: self.now,
            actor: &self.actor,
            policy: &self.policy,
            rules: &self.rules,
            target: None,
        };
        Ok(decide(&step.complaint, &step.command, &context)?)
    }
}

fn commands(actor: &Actor) -> Outcome<Vec<Command>> {
    let words = ReceivedPersonal {
        description: "包裹三天没有送到，要求退款".into(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(SubjectId::from_random([7; 16]));
    let desk = "service_desk".parse()?;
    let received = Received::new(customer, Channel::Email, "li.na".parse()?, desk, words);
    let lead = Assignee::person("logistics".parse()?, actor.id.clone());
    let note = Noted {
        kind: NoteKind::Internal,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText {
            text: "called back".into(),
        }),
    };
    let refund = Remedy {
        kind: RemedyKind::Refund,
        amount: None,
    };
    let solution = Resolved {
        remedies: Some(vec![refund]),
        primary_cause: Some(Cause::new("service/delivery_failure".parse()?)),
        upheld: Some(Upheld::Upheld),
        personal: Personal::Known(ResolvedPersonal {
            solution: "退款".into(),
        }),
        ..Resolved::default()
    };
    let told = Feedback::new(FeedbackKind::Result, Channel::Email, "已退款，非常抱歉");
    Ok(vec![
        received.into(),
        Classified::new("delivery/delay".parse()?).into(),
        Assign::to(lead, AssignReason::Initial).into(),
        note.into(),
        solution.into(),
        told.into(),
        Revisit::reached(Channel::Email, "zhao.min".parse()?, Satisfaction::Satisfied).into(),
    ])
}
