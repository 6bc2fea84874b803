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
/// As [`apply`].
pub fn evolve(mut complaint: Complaint, recorded: &Recorded) -> Result<Complaint, OutOfOrder> {
    apply(&mut complaint, recorded)?;
    Ok(complaint)
}

/// Folds one recorded fact into a complaint where it stands; one that cannot follow changes nothing.
///
/// # Errors
///
/// [`OutOfOrder`] when the fact cannot follow, with the first [`Misfit`] in the order of its variants.
///
/// ```
/// use redress_core::{Complaint, Recorded, apply};
///
/// fn fold(complaint: &mut Complaint, history: &[Recorded]) -> usize {
///     history.iter().filter(|fact| apply(complaint, fact).is_ok()).count()
/// }
/// let mut complaint = Complaint::Absent;
/// assert_eq!(fold(&mut complaint, &[]), 0);
/// ```
pub fn apply(complaint: &mut Complaint, recorded: &Recorded) -> Result<(), OutOfOrder> {
    step(complaint, recorded).map_err(|misfit| OutOfOrder {
        position: recorded.position,
        version: recorded.version,
        event_type: recorded.event.event_type(),
        misfit,
    })
}

/// Whatever can be refused is checked before the first change, here and in what it calls.
fn step(complaint: &mut Complaint, recorded: &Recorded) -> Result<(), Misfit> {
    check_envelope(complaint, recorded)?;
    let at = recorded.occurred_at;
    match &recorded.event {
        Event::Received(fact) => received(complaint, fact, recorded)?,
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
    }
    if let Some(case) = complaint.case_mut() {
        case.version = recorded.version;
        if recorded.event.moves_state() {
            case.moved_at = at;
        }
    }
    Ok(())
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

/// Puts back what was taken out of `place` for a fact that cannot happen in its state.
fn refused(place: &mut Complaint, complaint: Complaint) -> Misfit {
    *place = complaint;
    not_in(place)
}

fn existing(complaint: &Complaint) -> Result<(), Misfit> {
    complaint
        .case()
        .map(|_| ())
        .ok_or_else(|| not_in(complaint))
}

fn received(complaint: &mut Complaint, fact: &Received, recorded: &Recorded) -> Result<(), Misfit> {
    if complaint.case().is_some() {
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
    *complaint = Complaint::Received {
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
    };
    Ok(())
}

fn classified(complaint: &mut Complaint, fact: &Classified, at: Timestamp) -> Result<(), Misfit> {
    match complaint {
        Complaint::Received { .. } => become_classified(complaint, fact),
        Complaint::Classified { classification, .. }
        | Complaint::Processing { classification, .. }
        | Complaint::Resolved { classification, .. }
        | Complaint::FedBack { classification, .. } => classification.clone_from(fact),
        Complaint::Absent | Complaint::Closed { .. } => return Err(not_in(complaint)),
    }
    let terms = Terms::from(fact);
    if let Some(case) = complaint.case_mut() {
        case.checks.classified(fact, at);
        // A clock that has ended keeps the terms it ended under.
        for clock in case.clocks.iter_mut().filter(|clock| clock.end.is_none()) {
            clock.terms = terms.clone();
        }
    }
    Ok(())
}

fn become_classified(complaint: &mut Complaint, fact: &Classified) {
    if let Complaint::Received { case } = std::mem::take(complaint) {
        *complaint = Complaint::Classified {
            case,
            classification: fact.clone(),
        };
    }
}

fn escalated(complaint: &mut Complaint, fact: &Escalated) -> Result<(), Misfit> {
    if !complaint.is_open() {
        return Err(not_in(complaint));
    }
    if let Some(case) = complaint.case_mut() {
        if fact.from_level != case.level || fact.to_level <= case.level {
            return Err(Misfit::Numbering);
        }
        case.level = fact.to_level;
        case.escalated_to.clone_from(&fact.to);
        case.escalated_in = Some(case.cycle);
    }
    Ok(())
}

fn amended(complaint: &mut Complaint, fact: &Amended, at: Timestamp) -> Result<(), Misfit> {
    if let Some(case) = complaint.case_mut() {
        case.checks.amended(fact, at);
    }
    let resolution = match complaint {
        Complaint::Absent => return Err(not_in(complaint)),
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
    Ok(())
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

fn linked(complaint: &mut Complaint, fact: Linked) -> Result<(), Misfit> {
    existing(complaint)?;
    let Some(case) = complaint.case_mut() else {
        return Ok(());
    };
    case.links
        .retain(|link| link.target != fact.target || link.relation != fact.relation);
    if !fact.unlink {
        case.links.push(fact);
    }
    Ok(())
}
