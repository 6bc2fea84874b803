//! `Cancelled`: an action will not be carried out.

use serde::{Deserialize, Serialize};

/// An action was given up before it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancelled {
    /// Why. Never personal.
    pub reason: String,
}
