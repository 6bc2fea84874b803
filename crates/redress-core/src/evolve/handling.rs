//! What happens between departments: assignment, pauses, contributions, deadlines moved, resolution.

use super::clocks::{end_pause, end_where, start, start_handling, stop};
use super::{Misfit, existing, not_in, refused};
use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Target, Terms};
use crate::complaint::{Case, Complaint, Ownership, Resolution};
use crate::event::{
    Assigned, Assignee, Classified, Extended, NoteKind, Noted, Paused, Recorded, Resolved,
};
use crate::id::{DepartmentId, Epoch};
use crate::personal::Personal;
use crate::time::Timestamp;

pub(super) fn assigned(
    complaint: &mut Complaint,
    fact: &Assigned,
    at: Timestamp,
) -> Result<(), Misfit> {
    let expected = complaint
        .ownership()
        .map_or(Epoch::FIRST, |ownership| ownership.epoch.next());
    if complaint.is_open() && fact.epoch != expected {
        return Err(Misfit::Numbering);
    }
    *complaint = match std::mem::take(complaint) {
        Complaint::Classified {
            case,
            classification,
        } => {
            let ownership = Ownership::of(fact, |_| false);
            taken_over(case, classification, ownership, fact.limit, at)
        }
        Complaint::Processing {
            case,
            classification,
            ownership: before,
        } => {
            let ownership = Ownership::of(fact, |department| is_settled(&before, department));
            taken_over(case, classification, ownership, fact.limit, at)
        }
        // The work is done: only who answers for what remains changes.
        Complaint::Resolved {
            case,
            classification,
            resolution,
            ..
        } => Complaint::Resolved {
            case,
            classification,
            ownership: Ownership::of(fact, |_| true),
            resolution,
        },
        Complaint::FedBack {
            case,
            classification,
            resolution,
            revisits,
            ..
        } => Complaint::FedBack {
            case,
            classification,
            ownership: Ownership::of(fact, |_| true),
            resolution,
            revisits,
        },
        other @ (Complaint::Absent | Complaint::Received { .. } | Complaint::Closed { .. }) => {
            return Err(refused(complaint, other));
        }
    };
    Ok(())
}

fn taken_over(
    mut case: Box<Case>,
    classification: Classified,
    ownership: Ownership,
    limit: Option<Target>,
    at: Timestamp,
) -> Complaint {
    let terms = Terms::from(&classification);
    take_over(&mut case, &ownership, limit, &terms, at);
    Complaint::Processing {
        case,
        classification,
        ownership,
    }
}

fn is_settled(ownership: &Ownership, department: &DepartmentId) -> bool {
    ownership
        .joint
        .iter()
        .any(|part| part.settled && part.task.assignee.department == *department)
}

/// Moves the handling clocks to whoever has the work now.
///
/// A department that keeps its part keeps its clock: passing work on inside a department must not hide its lateness.
fn take_over(
    case: &mut Case,
    ownership: &Ownership,
    limit: Option<Target>,
    terms: &Terms,
    at: Timestamp,
) {
    end_pause(case, at);
    stop(case, ClockKind::Assignment, at, Some(&ownership.lead));
    let lead = (&ownership.lead, limit, false);
    let joint = ownership
        .joint
        .iter()
        .filter(|part| !part.settled)
        .map(|part| (&part.task.assignee, part.task.limit, true));
    let mut parts: Vec<(&Assignee, Option<Target>, bool)> =
        std::iter::once(lead).chain(joint).collect();
    for clock in case
        .clocks
        .iter_mut()
        .filter(|clock| clock.kind == ClockKind::Handling && clock.end.is_none())
    {
        let Some(part) = clock.part.as_mut() else {
            continue;
        };
        let kept = parts.iter().position(|(assignee, _, joint)| {
            assignee.department == part.assignee.department && *joint == part.joint
        });
        match kept {
            Some(index) => {
                let (assignee, limit, _) = parts.remove(index);
                part.assignee = assignee.clone();
                clock.own_target = limit.or(clock.own_target);
            }
            None => {
                clock.end = Some(ClockEnd {
                    at,
                    how: Ending::HandedOver,
                    lead: Some(ownership.lead.clone()),
                });
            }
        }
    }
    for (assignee, limit, joint) in parts {
        start_handling(
            case,
            ownership.epoch,
            assignee,
            joint,
            limit,
            terms.clone(),
            at,
        );
    }
}

pub(super) fn resolved(
    complaint: &mut Complaint,
    fact: &Resolved,
    recorded: &Recorded,
) -> Result<(), Misfit> {
    let at = recorded.occurred_at;
    let taken = std::mem::take(complaint);
    let Complaint::Processing {
        mut case,
        classification,
        ownership,
    } = taken
    else {
        return Err(refused(complaint, taken));
    };
    let lead = Some(&ownership.lead);
    end_pause(&mut case, at);
    stop(&mut case, ClockKind::Handling, at, lead);
    stop(&mut case, ClockKind::Resolution, at, lead);
    let terms = Terms::from(&classification);
    start(&mut case, ClockKind::Feedback, at, terms);
    let resolution = Resolution {
        by: recorded.actor.id.clone(),
        at,
        // No rule needs the words, and what the state does not hold nobody has to erase from it.
        fact: Box::new(Resolved {
            personal: Personal::Withheld,
            ..fact.clone()
        }),
        verdict: None,
    };
    *complaint = Complaint::Resolved {
        case,
        classification,
        ownership,
        resolution,
    };
    Ok(())
}

pub(super) fn paused(
    complaint: &mut Complaint,
    fact: &Paused,
    at: Timestamp,
) -> Result<(), Misfit> {
    let Complaint::Processing { case, .. } = complaint else {
        return Err(not_in(complaint));
    };
    if case.pause_at(at).is_some() {
        return Err(Misfit::Pause);
    }
    case.pauses.push(Pause {
        reason: fact.reason,
        from: at,
        until: fact.until,
        ended_at: None,
    });
    Ok(())
}

pub(super) fn resumed(complaint: &mut Complaint, at: Timestamp) -> Result<(), Misfit> {
    let Complaint::Processing { case, .. } = complaint else {
        return Err(not_in(complaint));
    };
    if case.pause_at(at).is_none() {
        return Err(Misfit::Pause);
    }
    end_pause(case, at);
    Ok(())
}

pub(super) fn noted(complaint: &mut Complaint, fact: &Noted, at: Timestamp) -> Result<(), Misfit> {
    match &fact.kind {
        NoteKind::Contribution { department, done } => {
            existing(complaint)?;
            if let Complaint::Processing {
                case, ownership, ..
            } = complaint
            {
                contributed(case, ownership, department, *done, at);
            }
            Ok(())
        }
        NoteKind::Investigation
        | NoteKind::Negotiation
        | NoteKind::Coordination
        | NoteKind::Internal
        | NoteKind::SourceRecord { .. } => existing(complaint),
    }
}

fn contributed(
    case: &mut Case,
    ownership: &mut Ownership,
    department: &DepartmentId,
    done: bool,
    at: Timestamp,
) {
    let how = if done {
        Ending::Stopped
    } else {
        Ending::Cancelled
    };
    let theirs = |clock: &Clock| {
        clock
            .part
            .as_ref()
            .is_some_and(|part| part.joint && part.assignee.department == *department)
    };
    end_where(case, theirs, at, how, Some(&ownership.lead));
    for part in ownership
        .joint
        .iter_mut()
        .filter(|part| part.task.assignee.department == *department)
    {
        part.settled = true;
    }
}

pub(super) fn extended(complaint: &mut Complaint, fact: &Extended) -> Result<(), Misfit> {
    if !complaint.is_open() {
        return Err(not_in(complaint));
    }
    let clock = complaint
        .case_mut()
        .and_then(|case| latest_running(case, fact.clock))
        .ok_or(Misfit::Clock)?;
    clock.extended_to = Some(fact.new_due);
    clock.extensions = clock.extensions.saturating_add(1);
    Ok(())
}

/// The clock an extension means: of several of a kind, the lead's before a joint one, and the latest.
fn latest_running(case: &mut Case, kind: ClockKind) -> Option<&mut Clock> {
    case.clocks
        .iter_mut()
        .rev()
        .filter(|clock| clock.kind == kind && clock.end.is_none())
        .min_by_key(|clock| clock.part.as_ref().is_some_and(|part| part.joint))
}
