//! `Paused` and `Resumed`: an interval in which the clocks that may pause stand still.

use serde::{Deserialize, Serialize};

use crate::personal::Personal;
use crate::time::Timestamp;

/// The clocks that may pause stand still from here on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paused {
    /// What is being waited for.
    pub reason: PauseReason,
    /// When the pause ends of itself; not recorded in histories of systems that know no such end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// More about it.
    #[serde(skip)]
    pub personal: Personal<PauseNote>,
}

/// What is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// An answer of the customer.
    AwaitingCustomer,
    /// Somebody outside, such as a supplier.
    AwaitingThirdParty,
    /// A test or an expert's finding.
    Appraisal,
    /// A legal matter.
    Legal,
    /// What nobody could foresee or prevent.
    ForceMajeure,
}

/// More about a pause.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseNote {
    /// The note.
    pub note: String,
}

/// The clocks run again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resumed {
    /// What ended the pause.
    pub cause: ResumeCause,
}

/// What ended a pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResumeCause {
    /// What was waited for arrived.
    Arrived,
    /// It will not arrive, or is no longer needed.
    GivenUp,
}
