//! What is owed about a complaint: what must be done next, by whom, until when; and what the ladder of escalation asks.
//!
//! Everything here is worked out from the complaint, the rules and `now`: how a clock stands from the rules in force when it
//! started, what the ladder asks for and who is told from those in force now. Nothing is stored: asked again, the same
//! question gives the same answer, and what was done meanwhile is not asked for again.

use crate::clock::{Clock, ClockKind, Reading, Status};
use crate::command::Escalate;
use crate::complaint::{Case, Complaint};
use crate::event::{Assignee, Trigger};
use crate::id::{Cycle, DepartmentId, PersonId};
use crate::policy::{Policy, Rung};
use crate::rulebook::Rulebook;
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
    /// Until when; `None` while it is paused, and where no limit is set.
    pub due: Option<Timestamp>,
    /// How its clock stands.
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
}

/// What must be done about a complaint, what is due first on top; what has no deadline comes last.
///
/// ```
/// use redress_core::{Complaint, Policy, Rulebook, Timestamp, duty};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert!(duty::duties(&Complaint::Absent, &Rulebook::new(Policy::standard()), now).is_empty());
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn duties(complaint: &Complaint, rules: &Rulebook, now: Timestamp) -> Vec<Duty> {
    let Some(case) = complaint.case() else {
        return Vec::new();
    };
    let mut duties: Vec<Duty> = running(case, now)
        .map(|clock| duty(complaint, case, clock, rules, now))
        .collect();
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
    rules: &Rulebook,
    now: Timestamp,
) -> Duty {
    let Reading { due, status, .. } = rules.read(clock, &case.pauses, now);
    let department = clock.department(
        &case.intake_department,
        complaint.lead(),
        rules.of_clock(clock),
    );
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
pub fn notices(complaint: &Complaint, rules: &Rulebook, now: Timestamp) -> Vec<Notice> {
    let Some(case) = complaint.case() else {
        return Vec::new();
    };
    let mut notices = Vec::new();
    for clock in running(case, now) {
        let department = clock.department(
            &case.intake_department,
            complaint.lead(),
            rules.of_clock(clock),
        );
        for rung in reached(clock, case, rules, now) {
            notices.push(Notice {
                clock: clock.kind,
                cycle: clock.cycle,
                started_at: clock.started_at,
                department: department.clone(),
                percent: rung.percent,
                to: told(rung, department, rules.in_force_at(now)),
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
/// use redress_core::{Complaint, Policy, Rulebook, Timestamp, duty};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert_eq!(duty::escalation(&Complaint::Absent, &Rulebook::new(Policy::standard()), now), None);
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn escalation(complaint: &Complaint, rules: &Rulebook, now: Timestamp) -> Option<Escalate> {
    let case = complaint.case()?;
    let policy = rules.in_force_at(now);
    let called = running(case, now).flat_map(|clock| {
        reached(clock, case, rules, now).filter_map(move |rung| Some((rung.level?, clock, rung)))
    });
    let (level, clock, rung) = called
        .filter(|(level, _, _)| *level > case.level && *level <= policy.max_level)
        .max_by_key(|(level, _, rung)| (*level, rung.percent))?;
    let department = clock.department(
        &case.intake_department,
        complaint.lead(),
        rules.of_clock(clock),
    );
    Some(Escalate {
        to_level: Some(level),
        to: told(rung, department, rules.in_force_at(now)),
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
    rules: &'a Rulebook,
    now: Timestamp,
) -> impl Iterator<Item = &'a Rung> {
    let reading = rules.read(clock, &case.pauses, now);
    let used = if reading.status == Status::Paused {
        None
    } else {
        reading.used_percent()
    };
    rules.in_force_at(now).ladder.iter().filter(move |rung| {
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
