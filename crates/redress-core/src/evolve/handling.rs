//! What happens between departments: assignment, pauses, contributions, deadlines moved, resolution.

use super::clocks::{end_pause, end_where, start, start_handling, stop};
use super::{Misfit, existing, not_in};
use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Target, Terms};
use crate::complaint::{Case, Complaint, Ownership, Resolution};
use crate::event::{
    Assigned, Assignee, Classified, Extended, NoteKind, Noted, Paused, Recorded, Resolved,
};
use crate::id::{DepartmentId, Epoch};
use crate::personal::Personal;
use crate::time::Timestamp;

pub(super) fn assigned(
    complaint: Complaint,
    fact: &Assigned,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    let expected = complaint
        .ownership()
        .map_or(Epoch::FIRST, |ownership| ownership.epoch.next());
    if complaint.is_open() && fact.epoch != expected {
        return Err(Misfit::Numbering);
    }
    match complaint {
        Complaint::Classified {
            mut case,
            classification,
        } => {
            let ownership = Ownership::of(fact, |_| false);
            take_over(
                &mut case,
                &ownership,
                fact.limit,
                &Terms::from(&classification),
                at,
            );
            Ok(Complaint::Processing {
                case,
                classification,
                ownership,
            })
        }
        Complaint::Processing {
            mut case,
            classification,
            ownership: before,
        } => {
            let ownership = Ownership::of(fact, |department| is_settled(&before, department));
            take_over(
                &mut case,
                &ownership,
                fact.limit,
                &Terms::from(&classification),
                at,
            );
            Ok(Complaint::Processing {
                case,
                classification,
                ownership,
            })
        }
        // The work is done: only who answers for what remains changes.
        Complaint::Resolved {
            case,
            classification,
            resolution,
            ..
        } => {
            let ownership = Ownership::of(fact, |_| true);
            Ok(Complaint::Resolved {
                case,
                classification,
                ownership,
                resolution,
            })
        }
        Complaint::FedBack {
            case,
            classification,
            resolution,
            revisits,
            ..
        } => {
            let ownership = Ownership::of(fact, |_| true);
            Ok(Complaint::FedBack {
                case,
                classification,
                ownership,
                resolution,
                revisits,
            })
        }
        Complaint::Absent | Complaint::Received { .. } | Complaint::Closed { .. } => {
            Err(not_in(&complaint))
        }
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
    complaint: Complaint,
    fact: &Resolved,
    recorded: &Recorded,
) -> Result<Complaint, Misfit> {
    let at = recorded.occurred_at;
    let (mut case, classification, ownership) = processing(complaint)?;
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
    Ok(Complaint::Resolved {
        case,
        classification,
        ownership,
        resolution,
    })
}

fn processing(complaint: Complaint) -> Result<(Box<Case>, Classified, Ownership), Misfit> {
    let Complaint::Processing {
        case,
        classification,
        ownership,
    } = complaint
    else {
        return Err(not_in(&complaint));
    };
    Ok((case, classification, ownership))
}

pub(super) fn paused(
    complaint: Complaint,
    fact: &Paused,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    let (mut case, classification, ownership) = processing(complaint)?;
    if case.pause_at(at).is_some() {
        return Err(Misfit::Pause);
    }
    case.pauses.push(Pause {
        reason: fact.reason,
        from: at,
        until: fact.until,
        ended_at: None,
    });
    Ok(Complaint::Processing {
        case,
        classification,
        ownership,
    })
}

pub(super) fn resumed(complaint: Complaint, at: Timestamp) -> Result<Complaint, Misfit> {
    let (mut case, classification, ownership) = processing(complaint)?;
    if case.pause_at(at).is_none() {
        return Err(Misfit::Pause);
    }
    end_pause(&mut case, at);
    Ok(Complaint::Processing {
        case,
        classification,
        ownership,
    })
}

pub(super) fn noted(
    complaint: Complaint,
    fact: &Noted,
    at: Timestamp,
) -> Result<Complaint, Misfit> {
    match (&fact.kind, complaint) {
        (
            NoteKind::Contribution { department, done },
            Complaint::Processing {
                mut case,
                classification,
                mut ownership,
            },
        ) => {
            let how = if *done {
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
            end_where(&mut case, theirs, at, how, Some(&ownership.lead));
            for part in ownership
                .joint
                .iter_mut()
                .filter(|part| part.task.assignee.department == *department)
            {
                part.settled = true;
            }
            Ok(Complaint::Processing {
                case,
                classification,
                ownership,
            })
        }
        (
            NoteKind::Investigation
            | NoteKind::Negotiation
            | NoteKind::Coordination
            | NoteKind::Contribution { .. }
            | NoteKind::Internal
            | NoteKind::SourceRecord { .. },
            complaint,
        ) => existing(complaint),
    }
}

pub(super) fn extended(mut complaint: Complaint, fact: &Extended) -> Result<Complaint, Misfit> {
    if !complaint.is_open() {
        return Err(not_in(&complaint));
    }
    let clock = complaint
        .case_mut()
        .and_then(|case| latest_running(case, fact.clock))
        .ok_or(Misfit::Clock)?;
    clock.extended_to = Some(fact.new_due);
    clock.extensions = clock.extensions.saturating_add(1);
    Ok(complaint)
}

/// The clock an extension means: of several of a kind, the lead's before a joint one, and the latest.
fn latest_running(case: &mut Case, kind: ClockKind) -> Option<&mut Clock> {
    case.clocks
        .iter_mut()
        .rev()
        .filter(|clock| clock.kind == kind && clock.end.is_none())
        .min_by_key(|clock| clock.part.as_ref().is_some_and(|part| part.joint))
}
