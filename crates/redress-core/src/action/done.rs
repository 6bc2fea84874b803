//! `Done`: an action was carried out.

use serde::{Deserialize, Serialize};

/// An action was carried out; whether it helped is still to be measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// What was done. Never personal.
    pub result: String,
}
