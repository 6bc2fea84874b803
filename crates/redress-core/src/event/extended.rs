//! `Extended`: a deadline was moved, with approval, before it was due.

use serde::{Deserialize, Serialize};

use crate::clock::ClockKind;
use crate::id::PersonId;
use crate::time::Timestamp;

/// A deadline was moved, with approval, before it was due. Whoever recorded it asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extended {
    /// Which clock.
    pub clock: ClockKind,
    /// The new deadline.
    pub new_due: Timestamp,
    /// Why. Never personal.
    pub reason: String,
    /// Who approved it.
    pub approved_by: PersonId,
    /// The customer was told.
    pub customer_told: bool,
}
