//! `Linked`: a complaint was tied to another one.

use serde::{Deserialize, Serialize};

use crate::id::ComplaintId;

/// A complaint was tied to another one, or the tie was undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// What this complaint is to the other.
    pub relation: Relation,
    /// The other.
    pub target: ComplaintId,
    /// The tie is undone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unlink: bool,
}

/// What a complaint is to another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The same matter, brought twice.
    DuplicateOf,
    /// The same problem again, after the other was dealt with.
    RepeatOf,
    /// Something to be seen together.
    Related,
    /// One of a group.
    PartOf,
}
