//! What of a complaint its future depends on.
//!
//! Two complaints with the same key accept the same commands from now on and lead to complaints with the same key.
//! Numbers that only count on (versions, assignments, times gone by) are left out, and counts stop at the limit that a
//! policy sets on them; time is kept as what is left until something changes.

use redress_core::event::{Assignee, CloseReason, Relation, Satisfaction, Verdict};
use redress_core::{
    Case, CategoryPath, ClockKind, Complaint, ComplaintId, PersonId, Policy, Progress, Span, State,
    Terms, Timestamp,
};

/// What of a complaint its future depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    state: State,
    cycle: u32,
    level: u8,
    escalated_to: Option<Assignee>,
    escalated_now: bool,
    links: Vec<(Relation, ComplaintId)>,
    terms: Option<CategoryPath>,
    urgency: (
        Option<redress_core::event::Severity>,
        Option<redress_core::event::Priority>,
    ),
    lead: Option<Assignee>,
    joint: Vec<(Assignee, bool)>,
    solution: Option<(PersonId, Option<Verdict>)>,
    revisits: Option<(usize, u32, bool, Option<Satisfaction>)>,
    closing: Option<(u8, bool)>,
    /// Whether somebody was told before the handling; later nothing depends on it.
    told: bool,
    left: Vec<Span>,
}

/// What of a complaint at `now` its future under a policy depends on.
pub(crate) fn key(
    complaint: &Complaint,
    policy: &Policy,
    now: Timestamp,
    with_clocks: bool,
) -> Key {
    let case = complaint.case();
    let Terms {
        category,
        severity,
        priority,
    } = complaint.terms();
    let ownership = complaint.ownership();
    Key {
        state: complaint.state(),
        cycle: case
            .map_or(0, |case| case.cycle.get())
            .min(policy.max_cycles.saturating_add(1)),
        level: case.map_or(0, |case| case.level.get()),
        escalated_to: case.and_then(|case| case.escalated_to.clone()),
        escalated_now: case.is_some_and(|case| case.escalated_in == Some(case.cycle)),
        links: case.map_or_else(Vec::new, |case| {
            case.links
                .iter()
                .map(|link| (link.relation, link.target))
                .collect()
        }),
        terms: category,
        urgency: (severity, priority),
        lead: ownership.map(|ownership| ownership.lead.clone()),
        joint: ownership.map_or_else(Vec::new, |ownership| {
            let parts = ownership.joint.iter();
            parts
                .map(|part| (part.task.assignee.clone(), part.settled))
                .collect()
        }),
        solution: complaint
            .resolution()
            .map(|one| (one.by.clone(), one.verdict)),
        revisits: revisits(complaint, policy, now),
        closing: closing(complaint),
        told: ownership.is_none()
            && case.is_some_and(|case| case.running(ClockKind::FirstResponse).next().is_none()),
        left: left(complaint, policy, now, with_clocks),
    }
}

/// The complaint without clocks that have ended for good and pauses that are over, which grow with its history.
///
/// No guard asks for them where no command asks for deadlines. The last clock of a complaint as a whole may run again.
pub(crate) fn without_past(mut complaint: Complaint) -> Complaint {
    if let Some(case) = case_mut(&mut complaint) {
        case.clocks
            .retain(|clock| clock.end.is_none() || clock.kind == ClockKind::Final);
        let last = case.pauses.len().saturating_sub(1);
        case.pauses.drain(..last);
    }
    complaint
}

/// What holds throughout, to be changed.
pub(crate) const fn case_mut(complaint: &mut Complaint) -> Option<&mut Case> {
    match complaint {
        Complaint::Absent => None,
        Complaint::Received { case, .. }
        | Complaint::Classified { case, .. }
        | Complaint::Processing { case, .. }
        | Complaint::Resolved { case, .. }
        | Complaint::FedBack { case, .. }
        | Complaint::Closed { case, .. } => Some(case),
    }
}

fn revisits(
    complaint: &Complaint,
    policy: &Policy,
    now: Timestamp,
) -> Option<(usize, u32, bool, Option<Satisfaction>)> {
    let Complaint::FedBack { revisits, .. } = complaint else {
        return None;
    };
    let rule = policy.unreachable;
    let enough = usize::try_from(rule.attempts).unwrap_or(usize::MAX);
    let today = revisits
        .in_vain
        .last()
        .is_some_and(|last| day(*last) == day(now));
    let days = revisits.days_in_vain().min(rule.days);
    Some((
        revisits.in_vain.len().min(enough),
        days,
        today,
        revisits.reached,
    ))
}

fn closing(complaint: &Complaint) -> Option<(u8, bool)> {
    let Complaint::Closed {
        closing, progress, ..
    } = complaint
    else {
        return None;
    };
    let reason = match closing.reason {
        CloseReason::Satisfied => 0,
        CloseReason::Withdrawn => 1,
        CloseReason::Refused { .. } => 2,
        CloseReason::Duplicate { .. } => 3,
        CloseReason::Unreachable => 4,
        CloseReason::FinalPosition => 5,
        CloseReason::Waived => 6,
    };
    let handled = match progress {
        Progress::Unclassified | Progress::Unassigned { .. } => false,
        Progress::Handled { .. } => true,
    };
    Some((reason, handled))
}

/// The instants still to come at which something changes that a guard asks for, the nearest first.
///
/// The end of a pause, the end of the time to reopen, and the next day (UTC) where calls in vain are counted by days;
/// also when each clock is due where commands may ask for that.
pub(crate) fn deadlines(
    complaint: &Complaint,
    policy: &Policy,
    now: Timestamp,
    with_clocks: bool,
) -> Vec<Timestamp> {
    let mut found = Vec::new();
    if let Some(case) = complaint.case() {
        found.extend(case.pause_at(now).and_then(redress_core::Pause::end));
        if with_clocks {
            let running = case.clocks.iter().filter(|clock| clock.end.is_none());
            found.extend(running.filter_map(|clock| clock.read(&case.pauses, policy, now).due));
        }
    }
    if let Complaint::Closed { closing, .. } = complaint {
        found.push(closing.at + policy.reopen_window);
    }
    if let Complaint::FedBack { revisits, .. } = complaint
        && !revisits.in_vain.is_empty()
    {
        found.push(next_day(now));
    }
    found.retain(|at| *at >= now);
    found.sort_unstable();
    found.dedup();
    found
}

/// How long until each of the deadlines. The next day is left out: it comes every day.
fn left(complaint: &Complaint, policy: &Policy, now: Timestamp, with_clocks: bool) -> Vec<Span> {
    match complaint {
        Complaint::FedBack { .. } if !with_clocks => Vec::new(),
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => {
            let deadlines = deadlines(complaint, policy, now, with_clocks).into_iter();
            deadlines.map(|at| at.since(now)).collect()
        }
    }
}

const DAY_US: i64 = 86_400_000_000;

const fn day(at: Timestamp) -> i64 {
    at.as_micros().div_euclid(DAY_US)
}

fn next_day(now: Timestamp) -> Timestamp {
    now + Span::micros(DAY_US - now.as_micros().rem_euclid(DAY_US))
}
