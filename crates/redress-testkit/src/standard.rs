//! What must be possible, and what each fact must do, under the standard policy and any that extends it.

use redress_core::event::{
    CloseReason, Event, FeedbackKind, NoteKind, RevisitOutcome, Satisfaction, Verdict,
};
use redress_core::{Complaint, Cycle, EventType, Level, Span, State};
use redress_rules::Observation;

use crate::branch::Branch;

/// The rules about what is possible that are shipped beside [`redress_rules::standard`].
#[must_use]
pub fn standard_branches() -> Vec<Branch> {
    let mut all = ways();
    all.extend(effects());
    all
}

/// What the numbers of the standard policy amount to, beside [`redress_rules::limits`]: what must be possible up to the
/// limit, and what happens only beyond it.
#[must_use]
pub fn limit_branches() -> Vec<Branch> {
    vec![
        Branch::effect("unreachable_after_two_days", EventType::Closed, |seen| {
            !is_unreachable(seen) || days_in_vain(seen.before) >= 2
        }),
        Branch::happens(
            "three_calls_on_two_days_are_enough",
            EventType::Closed,
            |seen| {
                let calls = (in_vain(seen.before), days_in_vain(seen.before));
                is_unreachable(seen) && calls == (3, 2)
            },
        ),
        Branch::effect("reopened_within_ten_days", EventType::Reopened, |seen| {
            closed_for(seen).is_some_and(|closed_for| closed_for <= Span::days(10))
        }),
        Branch::happens("reopened_on_the_tenth_day", EventType::Reopened, |seen| {
            closed_for(seen) == Some(Span::days(10))
        }),
    ]
}

/// How long it was closed when it was reopened.
fn closed_for(seen: &Observation<'_>) -> Option<Span> {
    if let Complaint::Closed { closing, .. } = seen.before {
        Some(seen.recorded.occurred_at.since(closing.at))
    } else {
        None
    }
}

fn is_unreachable(seen: &Observation<'_>) -> bool {
    ended(seen.after) == Some(&CloseReason::Unreachable)
}

fn days_in_vain(complaint: &Complaint) -> u32 {
    if let Complaint::FedBack { revisits, .. } = complaint {
        revisits.days_in_vain()
    } else {
        0
    }
}

fn ways() -> Vec<Branch> {
    vec![
        Branch::possible("can_be_told", State::FedBack),
        Branch::always_possible("can_always_end", State::Closed),
        Branch::permits("close").whenever("can_be_withdrawn", Complaint::is_open),
        Branch::permits("give_feedback").whenever("can_be_talked_about", Complaint::is_open),
        Branch::permits("assign").whenever("can_change_hands", |complaint| {
            complaint.is_open() && complaint.classification().is_some()
        }),
        Branch::permits("escalate").whenever("can_be_raised", |complaint| {
            complaint.is_open() && level(complaint) == Some(Level::FIRST)
        }),
        Branch::permits("pause").whenever("can_be_paused", |complaint| {
            complaint.state() == State::Processing && !is_paused(complaint)
        }),
        Branch::permits("resume").whenever("a_pause_can_be_ended", is_paused),
        Branch::permits("note").whenever("a_part_can_be_settled", |complaint| {
            complaint.state() == State::Processing && has_open_part(complaint)
        }),
        Branch::permits("resolve").whenever("can_be_solved", |complaint| {
            let first = complaint
                .case()
                .is_some_and(|case| case.cycle == Cycle::FIRST);
            first && complaint.state() == State::Processing && !has_open_part(complaint)
        }),
        Branch::permits("revisit").whenever("can_be_revisited", |complaint| {
            complaint.state() == State::FedBack
        }),
        Branch::permits("reopen").whenever("what_ended_well_can_be_reopened", |complaint| {
            ended(complaint) == Some(&CloseReason::Satisfied)
        }),
        Branch::refuses("reopen").whenever("what_was_refused_stays_closed", |complaint| {
            matches!(
                ended(complaint),
                Some(CloseReason::Refused { .. } | CloseReason::Duplicate { .. })
            )
        }),
        Branch::refuses("pause").whenever("a_pause_is_not_paused", is_paused),
    ]
}

fn effects() -> Vec<Branch> {
    vec![
        Branch::effect("classifying_gives_a_class", EventType::Classified, |seen| {
            seen.after.classification().is_some() && cycle(seen.after) == cycle(seen.before)
        }),
        Branch::effect("assigning_gives_a_lead", EventType::Assigned, |seen| {
            seen.after.lead().is_some() && cycle(seen.after) == cycle(seen.before)
        }),
        Branch::effect(
            "escalating_raises_the_level",
            EventType::Escalated,
            |seen| level(seen.after) > level(seen.before),
        ),
        Branch::effect("escalating_keeps_the_owner", EventType::Escalated, |seen| {
            seen.before.lead() == seen.after.lead()
        }),
        Branch::effect("resolving_gives_a_solution", EventType::Resolved, |seen| {
            let by = seen.after.resolution().map(|resolution| &resolution.by);
            seen.after.state() == State::Resolved && by == Some(&seen.recorded.actor.id)
        }),
        Branch::effect(
            "only_who_answers_for_it_resolves",
            EventType::Resolved,
            is_resolved_by_a_handler,
        ),
        Branch::effect("feedback_leads_on", EventType::Feedback, feedback_leads_on),
        Branch::effect("a_revisit_counts", EventType::Revisited, revisit_counts),
        Branch::effect("pausing_pauses", EventType::Paused, |seen| {
            is_paused(seen.after)
        }),
        Branch::effect("a_pause_has_an_end", EventType::Paused, |seen| {
            let pause = seen.after.case().and_then(|case| case.pauses.last());
            pause.is_some_and(|pause| pause.until.is_some())
        }),
        Branch::effect("resuming_ends_the_pause", EventType::Resumed, |seen| {
            !is_paused(seen.after)
        }),
        Branch::effect("a_part_is_settled", EventType::Noted, |seen| {
            let Event::Noted(noted) = &seen.recorded.event else {
                return true;
            };
            !matches!(noted.kind, NoteKind::Contribution { .. }) || !has_open_part(seen.after)
        }),
        Branch::effect("closing_closes", EventType::Closed, |seen| {
            seen.after.state() == State::Closed
        }),
        Branch::effect(
            "reopening_opens_and_counts_a_cycle",
            EventType::Reopened,
            |seen| seen.after.is_open() && begins_again(seen),
        ),
    ]
}

/// By the lead, somebody of a joint department, or whoever watches over it since it was escalated.
fn is_resolved_by_a_handler(seen: &Observation<'_>) -> bool {
    let actor = &seen.recorded.actor;
    let ownership = seen.before.ownership();
    let lead = ownership.map(|ownership| &ownership.lead);
    let joint = ownership.map_or(&[][..], |ownership| &ownership.joint);
    let above = seen
        .before
        .case()
        .and_then(|case| case.escalated_to.as_ref());
    lead.into_iter()
        .chain(joint.iter().map(|part| &part.task.assignee))
        .chain(above)
        .any(|assignee| match &assignee.person {
            Some(person) => *person == actor.id,
            None => Some(&assignee.department) == actor.department.as_ref(),
        })
}

fn feedback_leads_on(seen: &Observation<'_>) -> bool {
    let Event::Feedback(feedback) = &seen.recorded.event else {
        return true;
    };
    let unhappy = matches!(
        feedback.verdict,
        Some(Verdict::Dissatisfied | Verdict::Rejected)
    );
    match (feedback.kind, seen.before.state()) {
        (FeedbackKind::Result, _) => seen.after.state() == State::FedBack,
        (FeedbackKind::CustomerReply, State::Resolved | State::FedBack) if unhappy => {
            begins_again(seen)
        }
        (FeedbackKind::CustomerReply, _) => {
            !is_paused(seen.after) && seen.before.state() == seen.after.state()
        }
        (FeedbackKind::Acknowledgement | FeedbackKind::Progress, state) => {
            state == seen.after.state()
        }
    }
}

fn revisit_counts(seen: &Observation<'_>) -> bool {
    let Event::Revisited(revisited) = &seen.recorded.event else {
        return true;
    };
    match &revisited.outcome {
        RevisitOutcome::NotReached { .. } => in_vain(seen.after) == in_vain(seen.before) + 1,
        RevisitOutcome::Reached {
            result: Satisfaction::Dissatisfied,
            ..
        }
        | RevisitOutcome::Reached {
            residual_problem: true,
            ..
        } => begins_again(seen),
        RevisitOutcome::Reached { .. } => seen.after.state() == State::FedBack,
    }
}

fn begins_again(seen: &Observation<'_>) -> bool {
    cycle(seen.after) == cycle(seen.before).map(Cycle::next)
}

fn level(complaint: &Complaint) -> Option<Level> {
    complaint.case().map(|case| case.level)
}

fn cycle(complaint: &Complaint) -> Option<Cycle> {
    complaint.case().map(|case| case.cycle)
}

/// At the instant its last state or clock moved.
fn is_paused(complaint: &Complaint) -> bool {
    complaint
        .case()
        .is_some_and(|case| case.pause_at(case.moved_at).is_some())
}

fn has_open_part(complaint: &Complaint) -> bool {
    complaint
        .ownership()
        .is_some_and(|ownership| ownership.joint.iter().any(|part| !part.settled))
}

fn in_vain(complaint: &Complaint) -> usize {
    if let Complaint::FedBack { revisits, .. } = complaint {
        revisits.in_vain.len()
    } else {
        0
    }
}

fn ended(complaint: &Complaint) -> Option<&CloseReason> {
    if let Complaint::Closed { closing, .. } = complaint {
        Some(&closing.reason)
    } else {
        None
    }
}
