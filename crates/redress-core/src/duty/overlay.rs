//! What is owed beside the clocks, or in place of what a clock asks for; and what must come before what is owed.

use super::{Duty, Task, head};
use crate::clock::{Clock, ClockKind, Reading, Status};
use crate::complaint::{Case, Complaint, Revisits};
use crate::event::{Assignee, Satisfaction};
use crate::id::DepartmentId;
use crate::policy::Policy;
use crate::rulebook::Rulebook;
use crate::time::Timestamp;

/// What no clock asks for: to end a pause, to escalate after too many cycles, to conclude after a revisit.
pub(super) fn duties(
    complaint: &Complaint,
    case: &Case,
    rules: &Rulebook,
    now: Timestamp,
) -> Vec<Duty> {
    let policy = rules.in_force_at(now);
    match complaint {
        Complaint::Processing { ownership, .. } => {
            let pause = end_pause(case, &ownership.lead, policy, now);
            let escalation = escalate(case, &ownership.lead, rules, now);
            pause.into_iter().chain(escalation).collect()
        }
        Complaint::FedBack { revisits, .. } if revisits.reached.is_some() => {
            vec![conclude(complaint, case, revisits, rules, now)]
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => Vec::new(),
    }
}

fn end_pause(case: &Case, lead: &Assignee, policy: &Policy, now: Timestamp) -> Option<Duty> {
    let pause = case.pause_at(now)?;
    Some(by(
        Task::EndPause,
        lead,
        policy,
        pause.until,
        Status::Paused,
    ))
}

/// Due when the solution is that waits for it.
fn escalate(case: &Case, lead: &Assignee, rules: &Rulebook, now: Timestamp) -> Option<Duty> {
    let policy = rules.in_force_at(now);
    if !case.must_escalate(policy) {
        return None;
    }
    let clock = case.running(ClockKind::Resolution).next()?;
    let Reading { due, status, .. } = rules.read(clock, &case.pauses, now);
    Some(by(Task::Escalate, lead, policy, due, status))
}

/// Due when the window of the revisit ends.
fn conclude(
    complaint: &Complaint,
    case: &Case,
    revisits: &Revisits,
    rules: &Rulebook,
    now: Timestamp,
) -> Duty {
    let policy = rules.in_force_at(now);
    let told_at = |clock: &Clock| clock.kind == ClockKind::Revisit;
    let clock = case.clocks.iter().rev().find(|clock| told_at(clock));
    let due = clock.map(|clock| clock.started_at + rules.of_clock(clock).revisit_window.to);
    let status = match due {
        None => Status::UntargetedRunning,
        Some(due) if now > due => Status::Overdue,
        Some(_) => Status::OnTrack,
    };
    let content = revisits.reached == Some(Satisfaction::Satisfied);
    if case.level >= policy.max_level && !content {
        let top = case.escalated_to.as_ref().or_else(|| complaint.lead());
        if let Some(top) = top {
            return by(Task::CloseFinally, top, policy, due, status);
        }
    }
    let quality = Assignee::department(policy.quality_department.clone());
    by(Task::Conclude, &quality, policy, due, status)
}

fn by(
    what: Task,
    assignee: &Assignee,
    policy: &Policy,
    due: Option<Timestamp>,
    status: Status,
) -> Duty {
    let department: &DepartmentId = &assignee.department;
    Duty {
        what,
        next: what,
        department: department.clone(),
        person: assignee.person.clone().or_else(|| head(department, policy)),
        role: None,
        due,
        status,
    }
}

/// What is owed while the clock of the revisit runs: to close, where asking leads no further.
///
/// The top level may have been at it while the customer can still be won; its word is the last one only after the cycles
/// that the policy allows.
pub(super) fn instead_of_revisit(complaint: &Complaint, case: &Case, policy: &Policy) -> Task {
    let Complaint::FedBack { revisits, .. } = complaint else {
        return Task::Revisit;
    };
    if case.level >= policy.max_level && case.cycle.get() > policy.max_cycles {
        Task::CloseFinally
    } else if revisits.are_in_vain(policy.unreachable) {
        Task::CloseUnreachable
    } else {
        Task::Revisit
    }
}

/// The step that can be taken now towards what is owed.
pub(super) fn step(what: Task, complaint: &Complaint, case: &Case, policy: &Policy) -> Task {
    match what {
        Task::Assign | Task::Resolve | Task::AnswerFinally => {}
        Task::Acknowledge
        | Task::Respond
        | Task::Classify
        | Task::Contribute
        | Task::EndPause
        | Task::Escalate
        | Task::TellResult
        | Task::Revisit
        | Task::Conclude
        | Task::CloseUnreachable
        | Task::CloseFinally
        | Task::Reply
        | Task::KeepPromise
        | Task::ReviewRecord
        | Task::ConfirmRecord => return what,
    }
    match complaint {
        Complaint::Received { .. } => Task::Classify,
        Complaint::Classified { .. } => Task::Assign,
        Complaint::Processing { ownership, .. } => {
            if ownership.joint.iter().any(|part| !part.settled) {
                Task::Contribute
            } else if case.must_escalate(policy) {
                Task::Escalate
            } else {
                Task::Resolve
            }
        }
        Complaint::Resolved { .. } => Task::TellResult,
        Complaint::FedBack { .. } => Task::Revisit,
        Complaint::Absent | Complaint::Closed { .. } => what,
    }
}
