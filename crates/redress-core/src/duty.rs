//! What is owed about a complaint: what must be done next, by whom, until when; and what the ladder of escalation asks.
//!
//! Everything here is worked out from the complaint, the policy and `now`. Nothing is stored: asked again, the same
//! question gives the same answer, and what was done meanwhile is not asked for again.

mod review;

use crate::clock::{Clock, ClockKind, Reading, Status};
use crate::command::Escalate;
use crate::complaint::{Case, Complaint};
use crate::event::{Assignee, Trigger};
use crate::id::{Cycle, DepartmentId, PersonId, Role};
use crate::policy::{Policy, Rung};
use crate::time::Timestamp;

/// Something that must be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What.
    pub what: Task,
    /// In which department.
    pub department: DepartmentId,
    /// By whom, where somebody is named.
    pub person: Option<PersonId>,
    /// In which role, where the policy says so.
    pub role: Option<Role>,
    /// Until when; `None` while it is paused, and where no limit is set.
    pub due: Option<Timestamp>,
    /// How its time stands.
    pub status: Status,
}

/// What must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// Tell the customer that the complaint has arrived.
    Acknowledge,
    /// Tell the customer something of substance.
    Respond,
    /// Give the complaint a class and an owner.
    Assign,
    /// Do a joint department's part.
    Contribute,
    /// Find a solution.
    Resolve,
    /// Tell the customer the result.
    TellResult,
    /// Ask the customer how it went.
    Revisit,
    /// Answer the customer.
    Reply,
    /// Keep a promise made to the customer.
    KeepPromise,
    /// Give the last answer.
    AnswerFinally,
    /// Look at the record and say whether it is right 人工复核.
    ReviewRecord,
    /// Have the customer say whether the record is right 客户确认.
    ConfirmRecord,
}

impl Task {
    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Respond => "respond",
            Self::Assign => "assign",
            Self::Contribute => "contribute",
            Self::Resolve => "resolve",
            Self::TellResult => "tell_result",
            Self::Revisit => "revisit",
            Self::Reply => "reply",
            Self::KeepPromise => "keep_promise",
            Self::AnswerFinally => "answer_finally",
            Self::ReviewRecord => "review_record",
            Self::ConfirmRecord => "confirm_record",
        }
    }
}

/// What must be done about a complaint, what is due first on top; what has no deadline comes last.
///
/// ```
/// use redress_core::{Complaint, Policy, Timestamp, duty};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert!(duty::duties(&Complaint::Absent, &Policy::standard(), now).is_empty());
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn duties(complaint: &Complaint, policy: &Policy, now: Timestamp) -> Vec<Duty> {
    duties_beside(complaint, &[], policy, now)
}

/// What must be done about a complaint that others may be duplicates of, or that may be one itself.
///
/// `suspected_since` says for each such suspicion since when it stands. A suspicion counts as a warning; it is known from
/// other complaints, so that the complaint itself cannot tell of it.
#[must_use]
pub fn duties_beside(
    complaint: &Complaint,
    suspected_since: &[Timestamp],
    policy: &Policy,
    now: Timestamp,
) -> Vec<Duty> {
    let Some(case) = complaint.case() else {
        return Vec::new();
    };
    let mut duties: Vec<Duty> = running(case, now)
        .map(|clock| duty(complaint, case, clock, policy, now))
        .collect();
    if complaint.is_open() {
        duties.extend(review::owed(case, policy, now, suspected_since));
    }
    duties.sort_by_key(|duty| (duty.due.is_none(), duty.due, duty.what));
    duties
}

fn running(case: &Case, now: Timestamp) -> impl Iterator<Item = &Clock> {
    case.clocks.iter().filter(move |clock| clock.runs_at(now))
}

fn duty(
    complaint: &Complaint,
    case: &Case,
    clock: &Clock,
    policy: &Policy,
    now: Timestamp,
) -> Duty {
    let Reading { due, status, .. } = clock.read(&case.pauses, policy, now);
    let department = clock.department(&case.intake_department, complaint.lead(), policy);
    let person = match clock.kind {
        ClockKind::Handling => clock
            .part
            .as_ref()
            .and_then(|part| part.assignee.person.clone()),
        ClockKind::Resolution
        | ClockKind::Feedback
        | ClockKind::Reply
        | ClockKind::Promise
        | ClockKind::Final => complaint.lead().and_then(|lead| lead.person.clone()),
        ClockKind::Acknowledge
        | ClockKind::FirstResponse
        | ClockKind::Assignment
        | ClockKind::Revisit => None,
    };
    Duty {
        what: task(clock),
        department: department.clone(),
        person,
        role: None,
        due,
        status,
    }
}

fn task(clock: &Clock) -> Task {
    match clock.kind {
        ClockKind::Acknowledge => Task::Acknowledge,
        ClockKind::FirstResponse => Task::Respond,
        ClockKind::Assignment => Task::Assign,
        ClockKind::Handling if clock.part.as_ref().is_some_and(|part| part.joint) => {
            Task::Contribute
        }
        ClockKind::Handling | ClockKind::Resolution => Task::Resolve,
        ClockKind::Feedback => Task::TellResult,
        ClockKind::Revisit => Task::Revisit,
        ClockKind::Reply => Task::Reply,
        ClockKind::Promise => Task::KeepPromise,
        ClockKind::Final => Task::AnswerFinally,
    }
}

/// A rung of the ladder that a clock has reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which clock.
    pub clock: ClockKind,
    /// In which cycle it started.
    pub cycle: Cycle,
    /// When it started: work that comes back to a department in the same cycle has a clock of its own.
    pub started_at: Timestamp,
    /// The department that answers for it.
    pub department: DepartmentId,
    /// The rung, in per cent of the limit.
    pub percent: u16,
    /// Who is told: whom the rung names, or the head of the department.
    pub to: Option<Assignee>,
}

/// Every rung that a running clock has reached: one notice each, lowest rung first.
///
/// Whoever sends notices remembers which it has sent; the same rung of the same clock is the same notice.
#[must_use]
pub fn notices(complaint: &Complaint, policy: &Policy, now: Timestamp) -> Vec<Notice> {
    let Some(case) = complaint.case() else {
        return Vec::new();
    };
    let mut notices = Vec::new();
    for clock in running(case, now) {
        let department = clock.department(&case.intake_department, complaint.lead(), policy);
        for rung in reached(clock, case, policy, now) {
            notices.push(Notice {
                clock: clock.kind,
                cycle: clock.cycle,
                started_at: clock.started_at,
                department: department.clone(),
                percent: rung.percent,
                to: told(rung, department, policy),
            });
        }
    }
    notices
}

/// The escalation that the ladder demands now; `None` where none is due, or where it was done already.
///
/// Of several clocks the one that calls for the highest level counts. A complaint without an owner has clocks too, and is
/// escalated like any other.
///
/// ```
/// use redress_core::{Complaint, Policy, Timestamp, duty};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert_eq!(duty::escalation(&Complaint::Absent, &Policy::standard(), now), None);
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn escalation(complaint: &Complaint, policy: &Policy, now: Timestamp) -> Option<Escalate> {
    let case = complaint.case()?;
    let called = running(case, now).flat_map(|clock| {
        reached(clock, case, policy, now).filter_map(move |rung| Some((rung.level?, clock, rung)))
    });
    let (level, clock, rung) = called
        .filter(|(level, _, _)| *level > case.level && *level <= policy.max_level)
        .max_by_key(|(level, _, rung)| (*level, rung.percent))?;
    let department = clock.department(&case.intake_department, complaint.lead(), policy);
    Some(Escalate {
        to_level: Some(level),
        to: told(rung, department, policy),
        trigger: Trigger::Clock {
            clock: clock.kind,
            percent: rung.percent,
        },
        reason: format!(
            "{} % of the time for `{}` is used",
            rung.percent,
            clock.kind.name()
        ),
    })
}

/// The rungs a clock has reached. One that stands still reaches none.
fn reached<'a>(
    clock: &'a Clock,
    case: &Case,
    policy: &'a Policy,
    now: Timestamp,
) -> impl Iterator<Item = &'a Rung> {
    let reading = clock.read(&case.pauses, policy, now);
    let used = if reading.status == Status::Paused {
        None
    } else {
        reading.used_percent()
    };
    policy.ladder.iter().filter(move |rung| {
        rung.clock.is_none_or(|kind| kind == clock.kind)
            && used.is_some_and(|used| used >= u32::from(rung.percent))
    })
}

fn told(rung: &Rung, department: &DepartmentId, policy: &Policy) -> Option<Assignee> {
    rung.to.clone().or_else(|| {
        let head = policy.departments.get(department)?.head.clone()?;
        Some(Assignee::person(department.clone(), head))
    })
}
