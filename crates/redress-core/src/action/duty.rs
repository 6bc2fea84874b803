//! What is owed about an action: worked out from its state and `now`, never stored.

use super::Action;
use crate::id::{DepartmentId, PersonId};
use crate::policy::Policy;
use crate::time::Timestamp;

/// Something that must be done about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionDuty {
    /// What.
    pub what: ActionTask,
    /// In which department; `None` where the action was opened for none.
    pub department: Option<DepartmentId>,
    /// By whom, where somebody is named.
    pub person: Option<PersonId>,
    /// Until when, where that was said.
    pub due: Option<Timestamp>,
    /// Whether that has passed.
    pub is_overdue: bool,
}

/// What must be done about an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActionTask {
    /// Give it to an owner.
    Assign,
    /// Carry it out.
    Complete,
    /// Measure whether it helped.
    Evaluate,
}

/// What must be done about an action at `now`; `None` where nothing is.
///
/// An action without an owner is owed by the department it was opened for, its execution by the owner, its evaluation
/// by the quality department. An action that was evaluated or cancelled owes nothing: whether another round follows is a
/// decision, not a duty.
///
/// ```
/// use redress_core::action::{Action, duty};
/// use redress_core::{Policy, Timestamp};
///
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert_eq!(duty(&Action::Absent, &Policy::standard(), now), None);
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[must_use]
pub fn duty(action: &Action, policy: &Policy, now: Timestamp) -> Option<ActionDuty> {
    let without_limit = |what, department| ActionDuty {
        what,
        department,
        person: None,
        due: None,
        is_overdue: false,
    };
    match action {
        Action::Opened { case } => Some(without_limit(ActionTask::Assign, case.opened_by.clone())),
        Action::Assigned { assignment, .. } => Some(ActionDuty {
            what: ActionTask::Complete,
            department: Some(assignment.owner.department.clone()),
            person: Some(assignment.owner.person.clone()),
            due: Some(assignment.due),
            is_overdue: action.is_overdue(now),
        }),
        Action::Done { .. } => Some(without_limit(
            ActionTask::Evaluate,
            Some(policy.quality_department.clone()),
        )),
        Action::Absent | Action::Evaluated { .. } | Action::Cancelled { .. } => None,
    }
}
