//! Closing, reopening, and the start of a new cycle.

use super::clocks::{cancel, end_all, end_pause, start, start_handling};
use super::{Misfit, refused};
use crate::clock::{ClockKind, Ending, Terms};
use crate::complaint::{Case, Closing, Complaint, Ownership, Progress};
use crate::event::{CloseReason, Closed};
use crate::time::Timestamp;

pub(super) fn closed(
    complaint: &mut Complaint,
    fact: &Closed,
    at: Timestamp,
) -> Result<(), Misfit> {
    let (mut case, progress) = match std::mem::take(complaint) {
        Complaint::Received { case } => (case, Progress::Unclassified),
        Complaint::Classified {
            case,
            classification,
        } => (case, Progress::Unassigned { classification }),
        Complaint::Processing {
            case,
            classification,
            ownership,
        } => (
            case,
            Progress::Handled {
                classification,
                ownership,
                resolution: None,
            },
        ),
        Complaint::Resolved {
            case,
            classification,
            ownership,
            resolution,
        }
        | Complaint::FedBack {
            case,
            classification,
            ownership,
            resolution,
            ..
        } => (
            case,
            Progress::Handled {
                classification,
                ownership,
                resolution: Some(resolution),
            },
        ),
        ended @ (Complaint::Absent | Complaint::Closed { .. }) => {
            return Err(refused(complaint, ended));
        }
    };
    let lead = match &progress {
        Progress::Unclassified | Progress::Unassigned { .. } => None,
        Progress::Handled { ownership, .. } => Some(ownership.lead.clone()),
    };
    end_pause(&mut case, at);
    let how = match fact.reason {
        CloseReason::Withdrawn | CloseReason::Refused { .. } | CloseReason::Duplicate { .. } => {
            Ending::Cancelled
        }
        CloseReason::Unreachable => {
            cancel(&mut case, ClockKind::Revisit, at, lead.as_ref());
            Ending::Lapsed
        }
        CloseReason::Satisfied | CloseReason::FinalPosition | CloseReason::Waived => Ending::Lapsed,
    };
    end_all(&mut case, at, how, lead.as_ref());
    *complaint = Complaint::Closed {
        case,
        progress,
        closing: Closing::of(fact, at),
    };
    Ok(())
}

/// Goes on where the complaint had an owner; otherwise from as far as it had come.
pub(super) fn reopened(complaint: &mut Complaint, at: Timestamp) -> Result<(), Misfit> {
    let (mut case, progress) = match std::mem::take(complaint) {
        Complaint::Closed {
            case,
            progress,
            closing,
        } if may_reopen(&closing) => (case, progress),
        other @ (Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. }) => return Err(refused(complaint, other)),
    };
    *complaint = match progress {
        Progress::Unclassified => {
            begin_cycle(&mut case, at, Terms::UNCLASSIFIED, None);
            Complaint::Received { case }
        }
        Progress::Unassigned { classification } => {
            begin_cycle(&mut case, at, Terms::from(&classification), None);
            Complaint::Classified {
                case,
                classification,
            }
        }
        Progress::Handled {
            classification,
            mut ownership,
            ..
        } => {
            ownership.joint.clear();
            begin_cycle(
                &mut case,
                at,
                Terms::from(&classification),
                Some(&ownership),
            );
            Complaint::Processing {
                case,
                classification,
                ownership,
            }
        }
    };
    Ok(())
}

fn may_reopen(closing: &Closing) -> bool {
    match closing.reason {
        CloseReason::Refused { .. } | CloseReason::Duplicate { .. } => false,
        CloseReason::Satisfied
        | CloseReason::Withdrawn
        | CloseReason::Unreachable
        | CloseReason::FinalPosition
        | CloseReason::Waived => true,
    }
}

/// A new cycle with the owner the complaint has, where it has come to a solution.
pub(super) fn begin_again(complaint: &mut Complaint, at: Timestamp) {
    let (mut case, classification, mut ownership) = match std::mem::take(complaint) {
        Complaint::Resolved {
            case,
            classification,
            ownership,
            ..
        }
        | Complaint::FedBack {
            case,
            classification,
            ownership,
            ..
        } => (case, classification, ownership),
        unsolved @ (Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Closed { .. }) => {
            *complaint = unsolved;
            return;
        }
    };
    cancel(&mut case, ClockKind::Feedback, at, Some(&ownership.lead));
    cancel(&mut case, ClockKind::Revisit, at, Some(&ownership.lead));
    ownership.joint.clear();
    begin_cycle(
        &mut case,
        at,
        Terms::from(&classification),
        Some(&ownership),
    );
    *complaint = Complaint::Processing {
        case,
        classification,
        ownership,
    };
}

pub(super) fn begin_cycle(
    case: &mut Case,
    at: Timestamp,
    terms: Terms,
    ownership: Option<&Ownership>,
) {
    case.cycle = case.cycle.next();
    // The last result was not the last word after all.
    for clock in case
        .clocks
        .iter_mut()
        .filter(|clock| clock.kind == ClockKind::Final)
    {
        clock.end = None;
        clock.terms = terms.clone();
    }
    start(case, ClockKind::Resolution, at, terms.clone());
    match ownership {
        Some(ownership) => start_handling(
            case,
            ownership.epoch,
            &ownership.lead,
            false,
            None,
            terms,
            at,
        ),
        None => start(case, ClockKind::Assignment, at, terms),
    }
}
