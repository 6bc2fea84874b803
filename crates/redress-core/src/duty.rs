//! What is owed about a complaint: what must be done next, by whom, until when; and what the ladder of escalation asks.
//!
//! Everything here is worked out from the complaint, the rules and `now`: how a clock stands from the rules in force when it
//! started, what the ladder asks for and who is told from those in force now. Nothing is stored: asked again, the same
//! question gives the same answer, and what was done meanwhile is not asked for again.

mod guide;
mod overlay;
mod review;

use crate::clock::{Clock, ClockKind, Reading, Status};
use crate::command::Escalate;
use crate::complaint::{Case, Complaint};
use crate::event::{Assignee, Trigger};
use crate::id::{CommandId, ComplaintId, Cycle, DepartmentId, Level, PersonId, Role};
use crate::policy::{Policy, Rung};
use crate::rulebook::Rulebook;
use crate::time::Timestamp;

/// Something that must be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// What is owed.
    pub what: Task,
    /// The step that can be taken towards it now; what is owed itself, where nothing must come before it.
    pub next: Task,
    /// In which department.
    pub department: DepartmentId,
    /// By whom: whoever is named, or else the head of the department.
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
    /// Give the complaint a class. Never owed for itself, but the step before an owner.
    Classify,
    /// Give the complaint a class and an owner.
    Assign,
    /// Do a joint department's part.
    Contribute,
    /// End the pause, once what was waited for is there.
    EndPause,
    /// Raise it: the customer was dissatisfied so often that the next level must have a say in the solution.
    Escalate,
    /// Find a solution.
    Resolve,
    /// Tell the customer the result.
    TellResult,
    /// Ask the customer how it went.
    Revisit,
    /// Bring it to an end after an answer to a revisit that closed nothing.
    Conclude,
    /// Close it: the customer could not be reached as often as the policy asks for.
    CloseUnreachable,
    /// Close it: the top level has said its last word, and was told.
    CloseFinally,
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

/// What must be done about a complaint, what is due first on top; what has no deadline comes last.
///
/// An open complaint owes at least one thing, and a closed one nothing. Whatever is owed, its [next](Duty::next) step is a
/// command that can be accepted now, from somebody who may give it.
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
    duties_beside(complaint, &[], rules, now)
}

/// What must be done about a complaint that others may be duplicates of, or that may be one itself.
///
/// `suspected_since` says for each such suspicion since when it stands. A suspicion counts as a warning; it is known from
/// other complaints, so that the complaint itself cannot tell of it.
#[must_use]
pub fn duties_beside(
    complaint: &Complaint,
    suspected_since: &[Timestamp],
    rules: &Rulebook,
    now: Timestamp,
) -> Vec<Duty> {
    let Some(case) = complaint.case() else {
        return Vec::new();
    };
    let mut duties: Vec<Duty> = running(case, now)
        .map(|clock| of_clock(complaint, case, clock, rules, now))
        .collect();
    duties.extend(overlay::duties(complaint, case, rules, now));
    if complaint.is_open() {
        let policy = rules.in_force_at(now);
        duties.extend(review::owed(case, policy, now, suspected_since));
    }
    duties.sort_by_key(|duty| (duty.due.is_none(), duty.due, duty.what));
    duties
}

fn running(case: &Case, now: Timestamp) -> impl Iterator<Item = &Clock> {
    case.clocks.iter().filter(move |clock| clock.runs_at(now))
}

fn of_clock(
    complaint: &Complaint,
    case: &Case,
    clock: &Clock,
    rules: &Rulebook,
    now: Timestamp,
) -> Duty {
    let Reading { due, status, .. } = rules.read(clock, &case.pauses, now);
    let policy = rules.in_force_at(now);
    let what = match clock.kind {
        ClockKind::Revisit => overlay::instead_of_revisit(complaint, case, policy),
        ClockKind::Acknowledge => Task::Acknowledge,
        ClockKind::FirstResponse => Task::Respond,
        ClockKind::Assignment => Task::Assign,
        ClockKind::Handling if clock.part.as_ref().is_some_and(|part| part.joint) => {
            Task::Contribute
        }
        ClockKind::Handling | ClockKind::Resolution => Task::Resolve,
        ClockKind::Feedback => Task::TellResult,
        ClockKind::Reply => Task::Reply,
        ClockKind::Promise => Task::KeepPromise,
        ClockKind::Final => Task::AnswerFinally,
    };
    let department = clock.department(
        &case.intake_department,
        complaint.lead(),
        rules.of_clock(clock),
    );
    let named = match clock.kind {
        ClockKind::Handling => clock.part.as_ref().map(|part| &part.assignee),
        ClockKind::Resolution
        | ClockKind::Feedback
        | ClockKind::Reply
        | ClockKind::Promise
        | ClockKind::Final => complaint.lead(),
        ClockKind::Acknowledge
        | ClockKind::FirstResponse
        | ClockKind::Assignment
        | ClockKind::Revisit => None,
    };
    let person = named.and_then(|assignee| assignee.person.clone());
    Duty {
        what,
        next: overlay::step(what, complaint, case, policy),
        department: department.clone(),
        person: person.or_else(|| head(department, policy)),
        role: None,
        due,
        status,
    }
}

fn head(department: &DepartmentId, policy: &Policy) -> Option<PersonId> {
    policy.departments.get(department)?.head.clone()
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

/// An escalation that the ladder demands, and which rung of which clock calls for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The escalation.
    pub command: Escalate,
    /// Which clock.
    pub clock: ClockKind,
    /// In which cycle it started.
    pub cycle: Cycle,
    /// When it started.
    pub started_at: Timestamp,
    /// The department that answers for it.
    pub department: DepartmentId,
    /// The rung, in per cent of the limit.
    pub percent: u16,
    /// The level it calls for.
    pub level: Level,
}

impl Demand {
    /// The id of the command that meets it: the same whoever asks, so that several who oversee record it once.
    #[must_use]
    pub fn command_id(&self, complaint: ComplaintId) -> CommandId {
        let Self {
            clock,
            cycle,
            started_at,
            department,
            percent,
            level,
            ..
        } = self;
        let (clock, started_us) = (clock.name(), started_at.as_micros());
        let name =
            format!("escalate\0{clock}\0{cycle}\0{started_us}\0{department}\0{percent}\0{level}");
        CommandId::derived(complaint, &name)
    }
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
pub fn escalation(complaint: &Complaint, rules: &Rulebook, now: Timestamp) -> Option<Demand> {
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
    let command = Escalate {
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
    };
    Some(Demand {
        command,
        clock: clock.kind,
        cycle: clock.cycle,
        started_at: clock.started_at,
        department: department.clone(),
        percent: rung.percent,
        level,
    })
}

/// The rungs a clock has reached. One that stands still reaches none.
///
/// The working time of a limit in days is used up with the last shift, the deadline is the end of that day: a rung of 100 % or
/// more is reached at the deadline, never before.
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
            && (rung.percent < 100 || reading.due.is_none_or(|due| due <= now))
    })
}

fn told(rung: &Rung, department: &DepartmentId, policy: &Policy) -> Option<Assignee> {
    rung.to
        .clone()
        .or_else(|| head(department, policy).map(|head| Assignee::person(department.clone(), head)))
}
