//! What happens between the organisation and the customer: words in both directions, and revisits.

use super::clocks::{end_pause, start, stop};
use super::ending::begin_again;
use super::{Misfit, not_in};
use crate::clock::{Clock, ClockKind, Target, Terms};
use crate::complaint::{Case, Complaint, Revisits};
use crate::event::{
    Assignee, Feedback, FeedbackKind, RevisitOutcome, Revisited, Satisfaction, Verdict,
};
use crate::time::Timestamp;

pub(super) fn feedback(
    mut complaint: Complaint,
    fact: &Feedback,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    if !complaint.is_open() {
        return Err(not_in(&complaint));
    }
    let lead = complaint.lead().cloned();
    let terms = complaint.terms();
    if fact.is_outbound()
        && let Some(case) = complaint.case_mut()
    {
        tell_customer(case, fact, at, lead.as_ref(), &terms);
    }
    match fact.kind {
        FeedbackKind::Acknowledgement | FeedbackKind::Progress => Ok(complaint),
        FeedbackKind::Result => result_told(complaint, at),
        FeedbackKind::CustomerReply => customer_replied(complaint, fact, at),
    }
}

/// What any word to the customer does to the clocks.
fn tell_customer(
    case: &mut Case,
    fact: &Feedback,
    at: Timestamp,
    lead: Option<&Assignee>,
    terms: &Terms,
) {
    stop(case, ClockKind::Acknowledge, at, lead);
    stop(case, ClockKind::Reply, at, lead);
    stop(case, ClockKind::Promise, at, lead);
    let substantive = match fact.kind {
        FeedbackKind::Progress | FeedbackKind::Result => !fact.automated,
        FeedbackKind::Acknowledgement | FeedbackKind::CustomerReply => false,
    };
    if substantive {
        stop(case, ClockKind::FirstResponse, at, lead);
    }
    if let Some(promised) = fact.promised_by {
        let mut clock = Clock::start(ClockKind::Promise, case.cycle, at, terms.clone());
        clock.own_target = Some(Target::At(promised));
        case.clocks.push(clock);
    }
}

fn result_told(complaint: Complaint, at: Timestamp) -> Result<Complaint, Misfit> {
    let Complaint::Resolved {
        mut case,
        classification,
        ownership,
        resolution,
    } = complaint
    else {
        return Err(not_in(&complaint));
    };
    let lead = Some(&ownership.lead);
    stop(&mut case, ClockKind::Feedback, at, lead);
    stop(&mut case, ClockKind::Final, at, lead);
    let terms = Terms::from(&classification);
    start(&mut case, ClockKind::Revisit, at, terms);
    Ok(Complaint::FedBack {
        case,
        classification,
        ownership,
        resolution,
        revisits: Revisits::default(),
    })
}

fn customer_replied(
    mut complaint: Complaint,
    fact: &Feedback,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    let terms = complaint.terms();
    if let Some(case) = complaint.case_mut() {
        end_pause(case, at);
        if case.running(ClockKind::Reply).next().is_none() {
            start(case, ClockKind::Reply, at, terms);
        }
    }
    let unhappy = matches!(
        fact.verdict,
        Some(Verdict::Dissatisfied | Verdict::Rejected)
    );
    match &mut complaint {
        Complaint::Resolved { resolution, .. } | Complaint::FedBack { resolution, .. } => {
            resolution.verdict = fact.verdict.or(resolution.verdict);
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Closed { .. } => {}
    }
    match complaint {
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
        } if unhappy => Ok(begin_again(case, classification, ownership, at)),
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => Ok(complaint),
    }
}

pub(super) fn revisited(
    complaint: Complaint,
    fact: &Revisited,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    let Complaint::FedBack {
        mut case,
        classification,
        ownership,
        resolution,
        mut revisits,
    } = complaint
    else {
        return Err(not_in(&complaint));
    };
    if fact.attempt != revisits.attempts.saturating_add(1) {
        return Err(Misfit::Numbering);
    }
    revisits.attempts = fact.attempt;
    match &fact.outcome {
        RevisitOutcome::NotReached { .. } => revisits.in_vain.push(at),
        RevisitOutcome::Reached {
            result,
            residual_problem,
            ..
        } => {
            stop(&mut case, ClockKind::Revisit, at, Some(&ownership.lead));
            if *result == Satisfaction::Dissatisfied || *residual_problem {
                return Ok(begin_again(case, classification, ownership, at));
            }
            revisits.reached = Some(*result);
        }
    }
    Ok(Complaint::FedBack {
        case,
        classification,
        ownership,
        resolution,
        revisits,
    })
}
