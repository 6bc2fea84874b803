//! Who did something.

use serde::{Deserialize, Serialize};

use crate::id::{DepartmentId, PersonId, Role};

/// Whoever brought a fact about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The person or program, by an id of the organisation's own; for a customer, the pseudonym.
    pub id: PersonId,
    /// In which role.
    pub role: Role,
    /// For which department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<DepartmentId>,
    /// Whether a person or a program acted.
    pub kind: ActorKind,
}

/// What kind of actor it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A member of staff.
    Human,
    /// A program.
    System,
    /// The customer, or somebody on their behalf.
    Customer,
}

impl Actor {
    /// A member of staff, acting for a department.
    #[must_use]
    pub const fn human(id: PersonId, role: Role, department: DepartmentId) -> Self {
        Self {
            id,
            role,
            department: Some(department),
            kind: ActorKind::Human,
        }
    }

    /// A program.
    #[must_use]
    pub const fn system(id: PersonId, role: Role) -> Self {
        Self {
            id,
            role,
            department: None,
            kind: ActorKind::System,
        }
    }

    /// The ledger itself, which records its founding rules: the program `redress` in the role `ledger`.
    #[must_use]
    pub fn ledger() -> Self {
        Self::system(
            crate::id::built_in("redress"),
            crate::id::built_in("ledger"),
        )
    }
}
