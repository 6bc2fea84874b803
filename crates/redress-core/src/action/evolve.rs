//! Folding recorded facts into an action.
//!
//! There are no rules here, only consequences: whatever [`decide_action`](super::decide_action) lets through can be
//! folded, under any policy.

use super::{
    Action, ActionCase, ActionEvent, ActionEventType, ActionRecorded, ActionState, Assigned,
    Assignment, Cancellation, Cancelled, Completion, Done, Effective, Evaluated, Evaluation,
    Opened,
};
use crate::id::{Position, Version};
use crate::time::Timestamp;

/// A recorded fact of an action that cannot follow what was recorded before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fact {version} ({}) at position {position} cannot follow: {misfit}", .event_type.name())]
pub struct ActionOutOfOrder {
    /// Where it stands in the ledger.
    pub position: Position,
    /// Where it stands in its history.
    pub version: Version,
    /// What kind of fact it is.
    pub event_type: ActionEventType,
    /// Why it cannot follow.
    pub misfit: ActionMisfit,
}

/// Why a fact of an action cannot follow what was recorded before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActionMisfit {
    /// It belongs to another action.
    #[error("it belongs to another action")]
    OtherAction,
    /// A fact before it is missing, or it stands here twice.
    #[error("version {expected} was expected")]
    Version {
        /// The version that was expected.
        expected: Version,
    },
    /// It lies before the fact before it.
    #[error("it happened before the fact of {moved_at}")]
    TimeWentBack {
        /// When that fact happened.
        moved_at: Timestamp,
    },
    /// It cannot happen in this state.
    #[error("it cannot happen in state {}", .state.name())]
    State {
        /// The state.
        state: ActionState,
    },
    /// It was due before it was assigned.
    #[error("it was due before it was assigned")]
    Due,
    /// Its figures cannot be compared, or their periods do not follow each other.
    #[error("its figures before and after cannot be compared")]
    Figures,
}

/// Folds one recorded fact into an action.
///
/// # Errors
///
/// [`ActionOutOfOrder`] when the fact cannot follow, with the first [`ActionMisfit`] in the order of its variants.
pub fn evolve_action(
    action: Action,
    recorded: &ActionRecorded,
) -> Result<Action, ActionOutOfOrder> {
    step(action, recorded).map_err(|misfit| ActionOutOfOrder {
        position: recorded.position,
        version: recorded.version,
        event_type: recorded.event.event_type(),
        misfit,
    })
}

fn step(action: Action, recorded: &ActionRecorded) -> Result<Action, ActionMisfit> {
    check_envelope(&action, recorded)?;
    let at = recorded.occurred_at;
    let mut next = match &recorded.event {
        ActionEvent::Opened(fact) => opened(&action, fact, recorded)?,
        ActionEvent::Assigned(fact) => assigned(action, fact, at)?,
        ActionEvent::Done(fact) => done(action, fact, recorded)?,
        ActionEvent::Evaluated(fact) => evaluated(action, fact, recorded)?,
        ActionEvent::Cancelled(fact) => cancelled(action, fact, at)?,
    };
    if let Some(case) = next.case_mut() {
        case.version = recorded.version;
        case.moved_at = at;
    }
    Ok(next)
}

fn check_envelope(action: &Action, recorded: &ActionRecorded) -> Result<(), ActionMisfit> {
    let case = action.case();
    if case.is_some_and(|case| case.id != recorded.action_id) {
        return Err(ActionMisfit::OtherAction);
    }
    let expected = case.map_or(Version::FIRST, |case| case.version.next());
    if recorded.version != expected {
        return Err(ActionMisfit::Version { expected });
    }
    match case {
        Some(case) if recorded.occurred_at < case.moved_at => Err(ActionMisfit::TimeWentBack {
            moved_at: case.moved_at,
        }),
        Some(_) | None => Ok(()),
    }
}

fn opened(
    action: &Action,
    fact: &Opened,
    recorded: &ActionRecorded,
) -> Result<Action, ActionMisfit> {
    if action.case().is_some() {
        return Err(not_in(action));
    }
    Ok(Action::Opened {
        case: Box::new(ActionCase {
            id: recorded.action_id,
            version: recorded.version,
            moved_at: recorded.occurred_at,
            opened: fact.clone(),
            opened_at: recorded.occurred_at,
            opened_by: recorded.actor.department.clone(),
        }),
    })
}

fn assigned(action: Action, fact: &Assigned, at: Timestamp) -> Result<Action, ActionMisfit> {
    let (case, round, missed) = match action {
        Action::Opened { case } => (case, 1, None),
        Action::Assigned { case, assignment } => {
            let passed = (at > assignment.due).then_some(assignment.due);
            (case, assignment.round, assignment.missed.or(passed))
        }
        Action::Evaluated {
            case,
            assignment,
            evaluation,
            ..
        } if evaluation.fact.effective != Effective::Yes => {
            (case, assignment.round.saturating_add(1), None)
        }
        Action::Absent
        | Action::Done { .. }
        | Action::Evaluated { .. }
        | Action::Cancelled { .. } => return Err(not_in(&action)),
    };
    if fact.due <= at {
        return Err(ActionMisfit::Due);
    }
    let assignment = Assignment {
        owner: fact.owner.clone(),
        due: fact.due,
        at,
        round,
        missed,
    };
    Ok(Action::Assigned { case, assignment })
}

fn done(action: Action, fact: &Done, recorded: &ActionRecorded) -> Result<Action, ActionMisfit> {
    let Action::Assigned { case, assignment } = action else {
        return Err(not_in(&action));
    };
    let completion = Completion {
        result: fact.result.clone(),
        at: recorded.occurred_at,
        by: recorded.actor.id.clone(),
    };
    Ok(Action::Done {
        case,
        assignment,
        completion,
    })
}

fn evaluated(
    action: Action,
    fact: &Evaluated,
    recorded: &ActionRecorded,
) -> Result<Action, ActionMisfit> {
    let Action::Done {
        case,
        assignment,
        completion,
    } = action
    else {
        return Err(not_in(&action));
    };
    if !fact.is_comparable() || !fact.periods_follow(recorded.occurred_at) {
        return Err(ActionMisfit::Figures);
    }
    let evaluation = Box::new(Evaluation {
        fact: fact.clone(),
        at: recorded.occurred_at,
        by: recorded.actor.id.clone(),
    });
    Ok(Action::Evaluated {
        case,
        assignment,
        completion,
        evaluation,
    })
}

fn cancelled(action: Action, fact: &Cancelled, at: Timestamp) -> Result<Action, ActionMisfit> {
    let (case, assignment) = match action {
        Action::Opened { case } => (case, None),
        Action::Assigned { case, assignment } => (case, Some(assignment)),
        Action::Absent
        | Action::Done { .. }
        | Action::Evaluated { .. }
        | Action::Cancelled { .. } => return Err(not_in(&action)),
    };
    let cancellation = Cancellation {
        reason: fact.reason.clone(),
        at,
    };
    Ok(Action::Cancelled {
        case,
        assignment,
        cancellation,
    })
}

fn not_in(action: &Action) -> ActionMisfit {
    ActionMisfit::State {
        state: action.state(),
    }
}

impl Action {
    fn case_mut(&mut self) -> Option<&mut ActionCase> {
        match self {
            Self::Absent => None,
            Self::Opened { case }
            | Self::Assigned { case, .. }
            | Self::Done { case, .. }
            | Self::Evaluated { case, .. }
            | Self::Cancelled { case, .. } => Some(case),
        }
    }
}
