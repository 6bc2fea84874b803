//! From when on a running clock is overdue, if nothing else happens to its complaint.

use redress_core::{Case, Clock, Rulebook, Span, Status, Timestamp};

/// From when on a running clock is not in time any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// It is overdue from this instant on, and was due then.
    Overdue { from: Timestamp, due: Timestamp },
    /// From this instant on nobody can tell, for its calendar ends.
    Unknown { from: Timestamp },
}

/// No limit is further away.
const FURTHEST: Span = Span::days(36_525);
const INSTANT: Span = Span::micros(1);

/// When a clock that runs at `at` will be late; `None` where it has no limit, or stands still until something is recorded.
pub(super) fn late(clock: &Clock, case: &Case, rules: &Rulebook, at: Timestamp) -> Option<Late> {
    let reading = rules.read(clock, &case.pauses, at);
    let status = |at| rules.read(clock, &case.pauses, at).status;
    let first = match reading.status {
        Status::NotEvaluable => return Some(Late::Unknown { from: at }),
        Status::Overdue => reading.due.map_or(at, |due| due + INSTANT),
        Status::OnTrack | Status::AtRisk | Status::Paused => {
            first_settled(reading.due.map_or(at, |due| due.max(at)), status)?
        }
        Status::UntargetedRunning
        | Status::Met
        | Status::Missed
        | Status::Early
        | Status::Cancelled
        | Status::HandedOverInTime
        | Status::HandedOverLate
        | Status::UntargetedEnded => return None,
    };
    let settled = rules.read(clock, &case.pauses, first.max(at));
    Some(if settled.status == Status::NotEvaluable {
        Late::Unknown { from: first }
    } else {
        Late::Overdue {
            from: first,
            due: settled.due.unwrap_or(first),
        }
    })
}

/// The first instant after `before` at which a clock is overdue or cannot be read.
///
/// Mostly the very next one. Where no working time passes then, or a pause ends of itself, it is searched for: a clock
/// that is overdue stays so.
fn first_settled(before: Timestamp, status: impl Fn(Timestamp) -> Status) -> Option<Timestamp> {
    let is_settled = |at| matches!(status(at), Status::Overdue | Status::NotEvaluable);
    let (mut unsettled, mut step) = (before, INSTANT);
    while !is_settled(before + step) {
        if step > FURTHEST {
            return None;
        }
        unsettled = before + step;
        step = step + step;
    }
    let mut settled = before + step;
    while settled.since(unsettled) > INSTANT {
        let half = Span::micros(settled.since(unsettled).as_micros() / 2);
        let middle = unsettled + half;
        if is_settled(middle) {
            settled = middle;
        } else {
            unsettled = middle;
        }
    }
    Some(settled)
}
