//! Folding recorded facts into a complaint.
//!
//! There are no rules here, only consequences: whatever [`decide`](crate::decide) lets through can be folded, under
//! any policy. A fact that cannot follow is reported, never skipped: it is what an audit looks for.

mod clocks;
mod customer;
mod ending;
mod handling;

use crate::clock::{Clock, ClockKind, Terms};
use crate::complaint::{Case, Complaint, Progress, State, staff_of};
use crate::event::{
    Amended, Change, Classified, Escalated, Event, EventType, Linked, Received, Recorded, Resolved,
};
use crate::id::{Cycle, Level, Version};
use crate::intake::Checks;
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
        Event::Classified(fact) => classified(complaint, fact, at)?,
        Event::Assigned(fact) => handling::assigned(complaint, fact, at)?,
        Event::Escalated(fact) => escalated(complaint, fact)?,
        Event::Resolved(fact) => handling::resolved(complaint, fact, recorded)?,
        Event::Feedback(fact) => customer::feedback(complaint, fact, at)?,
        Event::Revisited(fact) => customer::revisited(complaint, fact, at)?,
        Event::Paused(fact) => handling::paused(complaint, fact, at)?,
        Event::Resumed(_) => handling::resumed(complaint, at)?,
        Event::Noted(fact) => handling::noted(complaint, fact, at)?,
        Event::Amended(fact) => amended(complaint, fact, at)?,
        Event::Linked(fact) => linked(complaint, *fact)?,
        Event::Extended(fact) => handling::extended(complaint, fact)?,
        Event::Closed(fact) => ending::closed(complaint, fact, at)?,
        Event::Reopened(_) => ending::reopened(complaint, at)?,
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
            checks: Checks::of(fact, at),
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

fn classified(complaint: Complaint, fact: &Classified, at: Timestamp) -> Result<Complaint, Misfit> {
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
        case.checks.classified(fact, at);
        // A clock that has ended keeps the terms it ended under.
        for clock in case.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.terms = terms.clone();
        }
    }
    Ok(next)
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

fn amended(mut complaint: Complaint, fact: &Amended, at: Timestamp) -> Result<Complaint, Misfit> {
    if let Some(case) = complaint.case_mut() {
        case.checks.amended(fact, at);
    }
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
