//! What the checks of one complaint have found so far, and which of them were done.

use serde::{Deserialize, Serialize};

use super::Warning;
use crate::event::{
    AmendOutcome, Amended, AmendmentCause, Change, Channel, Classified, Flag, Received, Severity,
};
use crate::time::Timestamp;

/// What the checks of a complaint have found so far, and which of them were done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checks {
    /// Through which channel it came; some channels call for the customer's confirmation.
    pub channel: Channel,
    /// What is flagged and not yet put right, in the order of [`Warning::ALL`].
    pub warnings: Vec<Warning>,
    /// Why a person must look at it, in the order in which the grounds arose.
    pub grounds: Vec<Ground>,
    /// When the customer last answered whether the record is right 客户确认.
    pub confirmed_at: Option<Timestamp>,
}

/// Something that calls for a manual review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// What.
    pub reason: ReviewReason,
    /// Since when it holds.
    pub since: Timestamp,
    /// A manual review was recorded after it arose.
    pub reviewed: bool,
}

/// Why a person must look at a record 人工复核.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ReviewReason {
    /// The matter is serious or critical.
    Severity,
    /// Life or health is at stake.
    Safety,
    /// The matter may spread in public.
    PublicityRisk,
    /// The customer is vulnerable.
    Vulnerable,
    /// Several customers complain together.
    Group,
    /// Two things or more are flagged.
    Warnings,
}

impl ReviewReason {
    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Safety => "safety",
            Self::PublicityRisk => "publicity_risk",
            Self::Vulnerable => "vulnerable",
            Self::Group => "group",
            Self::Warnings => "warnings",
        }
    }
}

impl Checks {
    pub(crate) fn of(fact: &Received, at: Timestamp) -> Self {
        let mut checks = Self {
            channel: fact.channel,
            warnings: fact.warnings.clone(),
            grounds: Vec::new(),
            confirmed_at: None,
        };
        checks.hold_flags(&fact.flags, at);
        checks.hold_warnings(at);
        checks
    }

    pub(crate) fn classified(&mut self, class: &Classified, at: Timestamp) {
        self.hold(
            ReviewReason::Severity,
            class.severity >= Severity::Serious,
            at,
        );
        self.hold(ReviewReason::Safety, class.safety, at);
        // The class says how urgent it is.
        self.warnings
            .retain(|warning| *warning != Warning::PriorityAbsent);
        self.hold_warnings(at);
    }

    pub(crate) fn amended(&mut self, fact: &Amended, at: Timestamp) {
        let flags = fact.patch.iter().rev().find_map(|change| match change {
            Change::Flags(flags) => Some(flags),
            Change::Product(_)
            | Change::Occurred(_)
            | Change::Demand(_)
            | Change::Emotion(_)
            | Change::Account(_)
            | Change::Causes { .. }
            | Change::Upheld(_)
            | Change::Cost(_)
            | Change::Tags(_)
            | Change::Language(_) => None,
        });
        if let Some(flags) = flags {
            self.hold_flags(flags, at);
        }
        if let Some(warnings) = &fact.warnings {
            self.warnings.clone_from(warnings);
            self.hold_warnings(at);
        }
        match fact.cause {
            AmendmentCause::ManualReview => {
                for ground in &mut self.grounds {
                    ground.reviewed = true;
                }
            }
            AmendmentCause::CustomerConfirmation if fact.outcome != AmendOutcome::Unanswered => {
                self.confirmed_at = Some(at);
            }
            AmendmentCause::CustomerConfirmation
            | AmendmentCause::NewEvidence
            | AmendmentCause::Correction
            | AmendmentCause::CauseReview => {}
        }
    }

    fn hold_flags(&mut self, flags: &[Flag], at: Timestamp) {
        for (reason, flag) in [
            (ReviewReason::PublicityRisk, Flag::PublicityRisk),
            (ReviewReason::Vulnerable, Flag::Vulnerable),
            (ReviewReason::Group, Flag::Group),
        ] {
            self.hold(reason, flags.contains(&flag), at);
        }
    }

    fn hold_warnings(&mut self, at: Timestamp) {
        self.hold(ReviewReason::Warnings, self.warnings.len() >= 2, at);
    }

    /// A ground that holds already keeps its beginning, and stays reviewed if it was.
    fn hold(&mut self, reason: ReviewReason, holds: bool, at: Timestamp) {
        let known = self.grounds.iter().any(|ground| ground.reason == reason);
        if !holds {
            self.grounds.retain(|ground| ground.reason != reason);
        } else if !known {
            self.grounds.push(Ground {
                reason,
                since: at,
                reviewed: false,
            });
        }
    }
}
