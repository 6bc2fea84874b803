//! Folding recorded facts into a complaint.
//!
//! There are no rules here, only consequences: whatever [`decide`](crate::decide) lets through can be folded, under
//! any policy. A fact that cannot follow is reported, never skipped: it is what an audit looks for.

use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Target, Terms};
use crate::complaint::{
    Case, Closing, Complaint, Ownership, Progress, Resolution, Revisits, State, staff_of,
};
use crate::event::EventType;
use crate::event::{
    Amended, Assigned, Assignee, Change, Classified, CloseReason, Closed, Escalated, Event,
    Extended, Feedback, FeedbackKind, Linked, NoteKind, Noted, Paused, Received, Recorded,
    Resolved, RevisitOutcome, Revisited, Satisfaction, Verdict,
};
use crate::id::{Cycle, DepartmentId, Epoch, Level, Version};
use crate::time::Timestamp;

/// A recorded fact that cannot follow what was recorded before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fact {version} ({}) at position {position} cannot follow: {misfit}", .event_type.name())]
pub struct OutOfOrder {
    /// Where it stands in the ledger.
    pub position: crate::Position,
    /// Where it stands in its history.
    pub version: Version,
    /// What kind of fact it is.
    pub event_type: EventType,
    /// Why it cannot follow.
    pub misfit: Misfit,
}

/// Why a fact cannot follow what was recorded before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misfit {
    /// It belongs to another complaint.
    #[error("it belongs to another complaint")]
    OtherComplaint,
    /// A fact before it is missing, or it stands here twice.
    #[error("version {expected} was expected")]
    Version {
        /// The version that was expected.
        expected: Version,
    },
    /// It lies before the fact that moved a state or a clock last.
    #[error("it happened before the fact of {moved_at}")]
    TimeWentBack {
        /// When that fact happened.
        moved_at: Timestamp,
    },
    /// It cannot happen in this state.
    #[error("it cannot happen in state {}", .state.name())]
    State {
        /// The state.
        state: State,
    },
    /// Its number of assignment, level or attempt does not follow the one before.
    #[error("its own number does not follow the one before")]
    Numbering,
    /// There is a pause already, or none to end.
    #[error("the pause it starts or ends does not fit the one before")]
    Pause,
    /// The deadline it moves does not run.
    #[error("the clock it concerns does not run")]
    Clock,
}

/// Folds one recorded fact into a complaint.
///
/// # Errors
///
/// [`OutOfOrder`] when the fact cannot follow, with the first [`Misfit`] in the order of its variants.
pub fn evolve(complaint: Complaint, recorded: &Recorded) -> Result<Complaint, OutOfOrder> {
    step(complaint, recorded).map_err(|misfit| OutOfOrder {
        position: recorded.position,
        version: recorded.version,
        event_type: recorded.event.event_type(),
        misfit,
    })
}

fn step(complaint: Complaint, recorded: &Recorded) -> Result<Complaint, Misfit> {
    check_envelope(&complaint, recorded)?;
    let at = recorded.occurred_at;
    let mut next = match &recorded.event {
        Event::Received(fact) => received(&complaint, fact, recorded)?,
        Event::Classified(fact) => classified(complaint, fact)?,
        Event::Assigned(fact) => assigned(complaint, fact, at)?,
        Event::Escalated(fact) => escalated(complaint, fact)?,
        Event::Resolved(fact) => resolved(complaint, fact, recorded)?,
        Event::Feedback(fact) => feedback(complaint, fact, at)?,
        Event::Revisited(fact) => revisited(complaint, fact, at)?,
        Event::Paused(fact) => paused(complaint, fact, at)?,
        Event::Resumed(_) => resumed(complaint, at)?,
        Event::Noted(fact) => noted(complaint, fact, at)?,
        Event::Amended(fact) => amended(complaint, fact)?,
        Event::Linked(fact) => linked(complaint, *fact)?,
        Event::Extended(fact) => extended(complaint, fact)?,
        Event::Closed(fact) => closed(complaint, fact, at)?,
        Event::Reopened(_) => reopened(complaint, at)?,
        Event::Erased(_) => existing(complaint)?,
    };
    if let Some(case) = next.case_mut() {
        case.version = recorded.version;
        if recorded.event.moves_state() {
            case.moved_at = at;
        }
    }
    Ok(next)
}

fn check_envelope(complaint: &Complaint, recorded: &Recorded) -> Result<(), Misfit> {
    let case = complaint.case();
    if case.is_some_and(|case| case.id != recorded.complaint_id) {
        return Err(Misfit::OtherComplaint);
    }
    let expected = case.map_or(Version::FIRST, |case| case.version.next());
    if recorded.version != expected {
        return Err(Misfit::Version { expected });
    }
    match case {
        Some(case) if recorded.event.moves_state() && recorded.occurred_at < case.moved_at => {
            Err(Misfit::TimeWentBack {
                moved_at: case.moved_at,
            })
        }
        Some(_) | None => Ok(()),
    }
}

fn not_in(complaint: &Complaint) -> Misfit {
    Misfit::State {
        state: complaint.state(),
    }
}

fn existing(complaint: Complaint) -> Result<Complaint, Misfit> {
    if complaint == Complaint::Absent {
        Err(not_in(&complaint))
    } else {
        Ok(complaint)
    }
}

fn received(
    complaint: &Complaint,
    fact: &Received,
    recorded: &Recorded,
) -> Result<Complaint, Misfit> {
    if *complaint != Complaint::Absent {
        return Err(not_in(complaint));
    }
    let at = recorded.occurred_at;
    let clocks = [
        ClockKind::Acknowledge,
        ClockKind::FirstResponse,
        ClockKind::Assignment,
        ClockKind::Resolution,
        ClockKind::Final,
    ]
    .map(|kind| Clock::start(kind, Cycle::FIRST, at, Terms::UNCLASSIFIED));
    Ok(Complaint::Received {
        case: Box::new(Case {
            id: recorded.complaint_id,
            version: recorded.version,
            received_at: at,
            moved_at: at,
            subject: fact.customer.subject,
            intake_department: fact.intake_department.clone(),
            complained_about: staff_of(&fact.complained_about),
            cycle: Cycle::FIRST,
            level: Level::FIRST,
            escalated_to: None,
            escalated_in: None,
            links: Vec::new(),
            clocks: Vec::from(clocks),
            pauses: Vec::new(),
        }),
    })
}

fn classified(complaint: Complaint, fact: &Classified) -> Result<Complaint, Misfit> {
    let classification = fact.clone();
    let mut next = match complaint {
        Complaint::Received { case } | Complaint::Classified { case, .. } => {
            Complaint::Classified {
                case,
                classification,
            }
        }
        Complaint::Processing {
            case, ownership, ..
        } => Complaint::Processing {
            case,
            classification,
            ownership,
        },
        Complaint::Resolved {
            case,
            ownership,
            resolution,
            ..
        } => Complaint::Resolved {
            case,
            classification,
            ownership,
            resolution,
        },
        Complaint::FedBack {
            case,
            ownership,
            resolution,
            revisits,
            ..
        } => Complaint::FedBack {
            case,
            classification,
            ownership,
            resolution,
            revisits,
        },
        Complaint::Absent | Complaint::Closed { .. } => return Err(not_in(&complaint)),
    };
    let terms = Terms::from(fact);
    if let Some(case) = next.case_mut() {
        // A clock that has ended keeps the terms it ended under.
        for clock in case.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.terms = terms.clone();
        }
    }
    Ok(next)
}

fn assigned(complaint: Complaint, fact: &Assigned, at: Timestamp) -> Result<Complaint, Misfit> {
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

fn start_handling(
    case: &mut Case,
    epoch: Epoch,
    assignee: &Assignee,
    joint: bool,
    limit: Option<Target>,
    terms: Terms,
    at: Timestamp,
) {
    let mut clock = Clock::start(ClockKind::Handling, case.cycle, at, terms);
    clock.part = Some(crate::clock::Part {
        epoch,
        assignee: assignee.clone(),
        joint,
    });
    clock.own_target = limit;
    case.clocks.push(clock);
}

fn escalated(mut complaint: Complaint, fact: &Escalated) -> Result<Complaint, Misfit> {
    if !complaint.is_open() {
        return Err(not_in(&complaint));
    }
    if let Some(case) = complaint.case_mut() {
        if fact.from_level != case.level || fact.to_level <= case.level {
            return Err(Misfit::Numbering);
        }
        case.level = fact.to_level;
        case.escalated_to.clone_from(&fact.to);
        case.escalated_in = Some(case.cycle);
    }
    Ok(complaint)
}

fn resolved(
    complaint: Complaint,
    fact: &Resolved,
    recorded: &Recorded,
) -> Result<Complaint, Misfit> {
    let at = recorded.occurred_at;
    match complaint {
        Complaint::Processing {
            mut case,
            classification,
            ownership,
        } => {
            let lead = Some(&ownership.lead);
            end_pause(&mut case, at);
            stop(&mut case, ClockKind::Handling, at, lead);
            stop(&mut case, ClockKind::Resolution, at, lead);
            let terms = Terms::from(&classification);
            start(&mut case, ClockKind::Feedback, at, terms);
            let resolution = Resolution {
                by: recorded.actor.id.clone(),
                at,
                fact: Box::new(fact.clone()),
                verdict: None,
            };
            Ok(Complaint::Resolved {
                case,
                classification,
                ownership,
                resolution,
            })
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => Err(not_in(&complaint)),
    }
}

fn feedback(mut complaint: Complaint, fact: &Feedback, at: Timestamp) -> Result<Complaint, Misfit> {
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
    match complaint {
        Complaint::Resolved {
            mut case,
            classification,
            ownership,
            resolution,
        } => {
            let lead = Some(&ownership.lead);
            stop(&mut case, ClockKind::Feedback, at, lead);
            stop(&mut case, ClockKind::Final, at, lead);
            start(
                &mut case,
                ClockKind::Revisit,
                at,
                Terms::from(&classification),
            );
            let revisits = Revisits::default();
            Ok(Complaint::FedBack {
                case,
                classification,
                ownership,
                resolution,
                revisits,
            })
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => Err(not_in(&complaint)),
    }
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
        Complaint::Resolved {
            case,
            classification,
            ownership,
            mut resolution,
        } => {
            resolution.verdict = fact.verdict.or(resolution.verdict);
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
            ownership,
            mut resolution,
            revisits,
        } => {
            resolution.verdict = fact.verdict.or(resolution.verdict);
            Ok(Complaint::FedBack {
                case,
                classification,
                ownership,
                resolution,
                revisits,
            })
        }
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Closed { .. } => Ok(complaint),
    }
}

/// A new cycle with the owner the complaint has.
fn begin_again(
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

fn begin_cycle(case: &mut Case, at: Timestamp, terms: Terms, ownership: Option<&Ownership>) {
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

fn revisited(complaint: Complaint, fact: &Revisited, at: Timestamp) -> Result<Complaint, Misfit> {
    match complaint {
        Complaint::FedBack {
            mut case,
            classification,
            ownership,
            resolution,
            mut revisits,
        } => {
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
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Resolved { .. }
        | Complaint::Closed { .. } => Err(not_in(&complaint)),
    }
}

fn processing(complaint: Complaint) -> Result<(Box<Case>, Classified, Ownership), Misfit> {
    match complaint {
        Complaint::Processing {
            case,
            classification,
            ownership,
        } => Ok((case, classification, ownership)),
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Resolved { .. }
        | Complaint::FedBack { .. }
        | Complaint::Closed { .. } => Err(not_in(&complaint)),
    }
}

fn paused(complaint: Complaint, fact: &Paused, at: Timestamp) -> Result<Complaint, Misfit> {
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

fn resumed(complaint: Complaint, at: Timestamp) -> Result<Complaint, Misfit> {
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

fn noted(complaint: Complaint, fact: &Noted, at: Timestamp) -> Result<Complaint, Misfit> {
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

fn amended(mut complaint: Complaint, fact: &Amended) -> Result<Complaint, Misfit> {
    let resolution = match &mut complaint {
        Complaint::Absent => return Err(not_in(&complaint)),
        Complaint::Resolved { resolution, .. } | Complaint::FedBack { resolution, .. } => {
            Some(resolution)
        }
        Complaint::Closed {
            progress: Progress::Handled { resolution, .. },
            ..
        } => resolution.as_mut(),
        Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Closed {
            progress: Progress::Unclassified | Progress::Unassigned { .. },
            ..
        } => None,
    };
    if let Some(resolution) = resolution {
        for change in &fact.patch {
            amend_resolution(&mut resolution.fact, change);
        }
    }
    Ok(complaint)
}

fn amend_resolution(resolved: &mut Resolved, change: &Change) {
    match change {
        Change::Causes {
            primary,
            contributing,
        } => {
            resolved.primary_cause = Some(primary.clone());
            resolved.contributing_causes.clone_from(contributing);
        }
        Change::Upheld(upheld) => resolved.upheld = Some(*upheld),
        Change::Cost(cost) => resolved.cost.clone_from(cost),
        Change::Product(_)
        | Change::Occurred(_)
        | Change::Demand(_)
        | Change::Emotion(_)
        | Change::Account(_)
        | Change::Flags(_)
        | Change::Tags(_)
        | Change::Language(_) => {}
    }
}

fn linked(mut complaint: Complaint, fact: Linked) -> Result<Complaint, Misfit> {
    let Some(case) = complaint.case_mut() else {
        return Err(not_in(&complaint));
    };
    case.links
        .retain(|link| link.target != fact.target || link.relation != fact.relation);
    if !fact.unlink {
        case.links.push(fact);
    }
    Ok(complaint)
}

fn extended(mut complaint: Complaint, fact: &Extended) -> Result<Complaint, Misfit> {
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

fn closed(complaint: Complaint, fact: &Closed, at: Timestamp) -> Result<Complaint, Misfit> {
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
fn reopened(complaint: Complaint, at: Timestamp) -> Result<Complaint, Misfit> {
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

fn start(case: &mut Case, kind: ClockKind, at: Timestamp, terms: Terms) {
    case.clocks.push(Clock::start(kind, case.cycle, at, terms));
}

fn stop(case: &mut Case, kind: ClockKind, at: Timestamp, lead: Option<&Assignee>) {
    end_where(case, |clock| clock.kind == kind, at, Ending::Stopped, lead);
}

fn cancel(case: &mut Case, kind: ClockKind, at: Timestamp, lead: Option<&Assignee>) {
    end_where(
        case,
        |clock| clock.kind == kind,
        at,
        Ending::Cancelled,
        lead,
    );
}

fn end_where(
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
fn end_all(case: &mut Case, at: Timestamp, how: Ending, lead: Option<&Assignee>) {
    for clock in case.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
        clock.end = Some(ClockEnd {
            at: at.max(clock.started_at),
            how,
            lead: lead.cloned(),
        });
    }
}

fn end_pause(case: &mut Case, at: Timestamp) {
    if let Some(pause) = case.pauses.last_mut().filter(|pause| pause.holds_at(at)) {
        pause.ended_at = Some(at);
    }
}
