//! `Assigned`: somebody answers for an action, until a given time.

use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, PersonId};
use crate::time::Timestamp;

/// An action was given to an owner; again is a change of owner or of the due time, or a new round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assigned {
    /// Who answers for it.
    pub owner: Owner,
    /// Until when it must be done, that instant included.
    pub due: Timestamp,
}

/// Who answers for an action: always a person, never a department alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The department.
    pub department: DepartmentId,
    /// The person in it.
    pub person: PersonId,
}
