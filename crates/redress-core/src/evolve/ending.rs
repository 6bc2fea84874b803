//! Closing, reopening, and the start of a new cycle.

use super::clocks::{cancel, end_all, end_pause, start, start_handling};
use super::{Misfit, not_in};
use crate::clock::{ClockKind, Ending, Terms};
use crate::complaint::{Case, Closing, Complaint, Ownership, Progress, State};
use crate::event::{Classified, CloseReason, Closed};
use crate::time::Timestamp;

pub(super) fn closed(
    complaint: Complaint,
    fact: &Closed,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    let (mut case, progress) = match complaint {
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
        Complaint::Absent | Complaint::Closed { .. } => return Err(not_in(&complaint)),
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
    Ok(Complaint::Closed {
        case,
        progress,
        closing: Closing::of(fact, at),
    })
}

/// Goes on where the complaint had an owner; otherwise from as far as it had come.
pub(super) fn reopened(complaint: Complaint, at: Timestamp) -> Result<Complaint, Misfit> {
    let Complaint::Closed {
        mut case,
        progress,
        closing,
    } = complaint
    else {
        return Err(not_in(&complaint));
    };
    match closing.reason {
        CloseReason::Refused { .. } | CloseReason::Duplicate { .. } => {
            return Err(Misfit::State {
                state: State::Closed,
            });
        }
        CloseReason::Satisfied
        | CloseReason::Withdrawn
        | CloseReason::Unreachable
        | CloseReason::FinalPosition
        | CloseReason::Waived => {}
    }
    Ok(match progress {
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
    })
}

/// A new cycle with the owner the complaint has.
pub(super) fn begin_again(
    mut case: Box<Case>,
    classification: Classified,
    mut ownership: Ownership,
    at: Timestamp,
) -> Complaint {
    cancel(&mut case, ClockKind::Feedback, at, Some(&ownership.lead));
    cancel(&mut case, ClockKind::Revisit, at, Some(&ownership.lead));
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
