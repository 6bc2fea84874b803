//! What happens between the organisation and the customer: words in both directions, and revisits.

use super::clocks::{end_pause, start, stop};
use super::ending::begin_again;
use super::{Misfit, not_in, refused};
use crate::clock::{Clock, ClockKind, Target, Terms};
use crate::complaint::{Case, Complaint, Revisits, State};
use crate::event::{
    Assignee, Feedback, FeedbackKind, RevisitOutcome, Revisited, Satisfaction, Verdict,
};
use crate::time::Timestamp;

pub(super) fn feedback(
    complaint: &mut Complaint,
    fact: &Feedback,
    at: Timestamp,
) -> Result<(), Misfit> {
    let tells_result = fact.kind == FeedbackKind::Result;
    if !complaint.is_open() || (tells_result && complaint.state() != State::Resolved) {
        return Err(not_in(complaint));
    }
    let lead = complaint.lead().cloned();
    let terms = complaint.terms();
    if fact.is_outbound()
        && let Some(case) = complaint.case_mut()
    {
        tell_customer(case, fact, at, lead.as_ref(), &terms);
    }
    match fact.kind {
        FeedbackKind::Acknowledgement | FeedbackKind::Progress => Ok(()),
        FeedbackKind::Result => result_told(complaint, at),
        FeedbackKind::CustomerReply => {
            customer_replied(complaint, fact, at);
            Ok(())
        }
    }
}

/// What a word to the customer does to the clocks: any acknowledges; what was promised or asked is answered only by a person
/// who tells of progress or the result.
fn tell_customer(
    case: &mut Case,
    fact: &Feedback,
    at: Timestamp,
    lead: Option<&Assignee>,
    terms: &Terms,
) {
    stop(case, ClockKind::Acknowledge, at, lead);
    let substantive = match fact.kind {
        FeedbackKind::Progress | FeedbackKind::Result => !fact.automated,
        FeedbackKind::Acknowledgement | FeedbackKind::CustomerReply => false,
    };
    if substantive {
        for kind in [
            ClockKind::FirstResponse,
            ClockKind::Reply,
            ClockKind::Promise,
        ] {
            stop(case, kind, at, lead);
        }
    }
    if let Some(promised) = fact.promised_by {
        let mut clock = Clock::start(ClockKind::Promise, case.cycle, at, terms.clone());
        clock.own_target = Some(Target::At(promised));
        case.clocks.push(clock);
    }
}

fn result_told(complaint: &mut Complaint, at: Timestamp) -> Result<(), Misfit> {
    let taken = std::mem::take(complaint);
    let Complaint::Resolved {
        mut case,
        classification,
        ownership,
        resolution,
    } = taken
    else {
        return Err(refused(complaint, taken));
    };
    let lead = Some(&ownership.lead);
    stop(&mut case, ClockKind::Feedback, at, lead);
    stop(&mut case, ClockKind::Final, at, lead);
    let terms = Terms::from(&classification);
    start(&mut case, ClockKind::Revisit, at, terms);
    *complaint = Complaint::FedBack {
        case,
        classification,
        ownership,
        resolution,
        revisits: Revisits::default(),
    };
    Ok(())
}

fn customer_replied(complaint: &mut Complaint, fact: &Feedback, at: Timestamp) {
    let terms = complaint.terms();
    if let Some(case) = complaint.case_mut() {
        end_pause(case, at);
        // Thanks owe no answer.
        let asks = !matches!(fact.verdict, Some(Verdict::Satisfied | Verdict::Accepted));
        if asks && case.running(ClockKind::Reply).next().is_none() {
            start(case, ClockKind::Reply, at, terms);
        }
    }
    let unhappy = matches!(
        fact.verdict,
        Some(Verdict::Dissatisfied | Verdict::Rejected)
    );
    match complaint {
        Complaint::Resolved { resolution, .. } | Complaint::FedBack { resolution, .. } => {
            resolution.verdict = fact.verdict.or(resolution.verdict);
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Closed { .. } => {}
    }
    if unhappy {
        begin_again(complaint, at);
    }
}

pub(super) fn revisited(
    complaint: &mut Complaint,
    fact: &Revisited,
    at: Timestamp,
) -> Result<(), Misfit> {
    let Complaint::FedBack {
        case,
        ownership,
        revisits,
        ..
    } = complaint
    else {
        return Err(not_in(complaint));
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
            stop(case, ClockKind::Revisit, at, Some(&ownership.lead));
            if *result == Satisfaction::Dissatisfied || *residual_problem {
                begin_again(complaint, at);
            } else {
                revisits.reached = Some(*result);
            }
        }
    }
    Ok(())
}
