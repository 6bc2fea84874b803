//! `Assigned`: a complaint was given to a department.

use serde::{Deserialize, Serialize};

use crate::clock::Target;
use crate::id::{DepartmentId, Epoch, PersonId};
use crate::personal::{Personal, redacted};

/// A complaint was given to a lead, perhaps with others beside it; again is a reassignment or a return 退单.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// Which assignment of this complaint it is.
    pub epoch: Epoch,
    /// Who answers for the handling.
    pub lead: Assignee,
    /// Who contributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joint: Vec<JointTask>,
    /// The lead's time limit; without one, the policy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Target>,
    /// Why it was assigned.
    pub reason: AssignReason,
    /// Why in words; needed for a return. Never personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// A word to the lead.
    #[serde(skip)]
    pub personal: Personal<AssignmentNote>,
}

/// Who answers for a piece of work.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignee {
    /// The department.
    pub department: DepartmentId,
    /// The person in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
}

impl Assignee {
    /// A person in a department.
    #[must_use]
    pub const fn person(department: DepartmentId, person: PersonId) -> Self {
        Self {
            department,
            person: Some(person),
        }
    }

    /// A department, before anybody in it has taken the work.
    #[must_use]
    pub const fn department(department: DepartmentId) -> Self {
        Self {
            department,
            person: None,
        }
    }
}

/// The part another department has in the handling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointTask {
    /// Who answers for the part.
    pub assignee: Assignee,
    /// What is to be done. Never personal.
    pub task: String,
    /// Its time limit; without one, the policy's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Target>,
}

/// Why a complaint was assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignReason {
    /// For the first time.
    Initial,
    /// To somebody else.
    Reassign,
    /// Back to whoever gave it out 退单.
    Returned,
    /// Again, because the customer was not satisfied.
    Rework,
    /// Because it was escalated.
    Escalation,
}

/// A word to the lead.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignmentNote {
    /// The note.
    pub note: String,
}

redacted!(AssignmentNote);
