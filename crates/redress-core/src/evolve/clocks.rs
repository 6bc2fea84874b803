//! Starting and ending the clocks and pauses of a complaint.

use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Part, Target, Terms};
use crate::complaint::Case;
use crate::event::Assignee;
use crate::id::Epoch;
use crate::time::Timestamp;

pub(super) fn start(case: &mut Case, kind: ClockKind, at: Timestamp, terms: Terms) {
    case.clocks.push(Clock::start(kind, case.cycle, at, terms));
}

pub(super) fn start_handling(
    case: &mut Case,
    epoch: Epoch,
    assignee: &Assignee,
    joint: bool,
    limit: Option<Target>,
    terms: Terms,
    at: Timestamp,
) {
    let mut clock = Clock::start(ClockKind::Handling, case.cycle, at, terms);
    clock.part = Some(Part {
        epoch,
        assignee: assignee.clone(),
        joint,
    });
    clock.own_target = limit;
    case.clocks.push(clock);
}

pub(super) fn stop(case: &mut Case, kind: ClockKind, at: Timestamp, lead: Option<&Assignee>) {
    end_where(case, |clock| clock.kind == kind, at, Ending::Stopped, lead);
}

pub(super) fn cancel(case: &mut Case, kind: ClockKind, at: Timestamp, lead: Option<&Assignee>) {
    end_where(
        case,
        |clock| clock.kind == kind,
        at,
        Ending::Cancelled,
        lead,
    );
}

pub(super) fn end_where(
    case: &mut Case,
    which: impl Fn(&Clock) -> bool,
    at: Timestamp,
    how: Ending,
    lead: Option<&Assignee>,
) {
    // A fact told late may lie before the start of a clock; it cannot be what that clock waits for.
    let running = case
        .clocks
        .iter_mut()
        .filter(|clock| clock.end.is_none() && clock.started_at <= at);
    for clock in running.filter(|clock| which(clock)) {
        clock.end = Some(ClockEnd {
            at,
            how,
            lead: lead.cloned(),
        });
    }
}

/// Ends whatever runs. A clock that a fact told earlier started later ends as it starts: nothing runs in a closed
/// complaint.
pub(super) fn end_all(case: &mut Case, at: Timestamp, how: Ending, lead: Option<&Assignee>) {
    for clock in case.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
        clock.end = Some(ClockEnd {
            at: at.max(clock.started_at),
            how,
            lead: lead.cloned(),
        });
    }
}

pub(super) fn end_pause(case: &mut Case, at: Timestamp) {
    if let Some(pause) = case.pauses.last_mut().filter(|pause| pause.holds_at(at)) {
        pause.ended_at = Some(at);
    }
}
