//! `Opened`: something is to be improved.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{CauseCode, ComplaintId, Label};
use crate::time::Timestamp;

/// An action was opened: what is to be done, and what led to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// What led to it.
    pub origin: Origin,
    /// What is to be done. Never personal.
    pub measure: String,
    /// The cause it works against; needed where the origin is a cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseCode>,
    /// The complaints it is about; at least one where the origin is a complaint.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub complaints: BTreeSet<ComplaintId>,
}

impl Opened {
    /// An action of this origin, without cause and complaints.
    #[must_use]
    pub fn new(origin: Origin, measure: impl Into<String>) -> Self {
        Self {
            origin,
            measure: measure.into(),
            cause: None,
            complaints: BTreeSet::new(),
        }
    }

    /// An action against a cause.
    #[must_use]
    pub fn against(cause: CauseCode, measure: impl Into<String>) -> Self {
        Self {
            cause: Some(cause),
            ..Self::new(Origin::Cause, measure)
        }
    }
}

/// What led to an action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A warning was raised.
    Alert(Alert),
    /// A cause came up too often.
    Cause,
    /// A review of the handling, such as an audit or a meeting.
    Review,
    /// A single complaint.
    Complaint,
}

impl Origin {
    /// Its name in output for programs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Alert(_) => "alert",
            Self::Cause => "cause",
            Self::Review => "review",
            Self::Complaint => "complaint",
        }
    }
}

/// A warning that was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The rule that raised it.
    pub rule: Label,
    /// How grave it was.
    pub level: AlertLevel,
    /// Which group of complaints it was about, such as a product; none where the rule looks at all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Label>,
    /// When it was raised.
    pub raised_at: Timestamp,
}

/// How grave a warning is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertLevel {
    /// 黄色: worth a look.
    Yellow,
    /// 橙色: to be dealt with.
    Orange,
    /// 红色: to be dealt with at once.
    Red,
}

impl AlertLevel {
    /// Its name in stored text and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }
}
