//! `Amended`: a recorded fact was corrected, or checked and found right.

use serde::{Deserialize, Serialize};

use crate::event::{Cause, Contact, Demand, Emotion, Flag, Money, Occurrence, Product, Upheld};
use crate::id::Label;
use crate::intake::Warning;
use crate::personal::{Personal, redacted};

/// Recorded facts were corrected; without changes, they were checked and found right.
///
/// What a clock has used (when the complaint was received, how it was classified, who had it) cannot be changed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amended {
    /// What led to it.
    pub cause: AmendmentCause,
    /// The corrected values, later ones winning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patch: Vec<Change>,
    /// What came of the check.
    pub outcome: AmendOutcome,
    /// What is flagged after it, where that differs from before. Computed: what a command says here is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warnings: Option<Vec<Warning>>,
    /// Corrected values that tell who somebody is.
    #[serde(skip)]
    pub personal: Personal<AmendedPersonal>,
}

impl Amended {
    /// A check that changes no value: for this cause, with this outcome.
    #[must_use]
    pub const fn check(cause: AmendmentCause, outcome: AmendOutcome) -> Self {
        Self {
            cause,
            patch: Vec::new(),
            outcome,
            warnings: None,
            personal: Personal::Withheld,
        }
    }
}

/// What led to a correction or check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentCause {
    /// A supervisor's review 人工复核.
    ManualReview,
    /// The customer's own check 客户确认.
    CustomerConfirmation,
    /// Something new came to light.
    NewEvidence,
    /// A slip was found.
    Correction,
    /// The cause was looked at again.
    CauseReview,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendOutcome {
    /// All was right.
    Confirmed,
    /// It was corrected.
    Corrected,
    /// It is disputed.
    Disputed,
    /// Nobody answered.
    Unanswered,
}

/// A corrected value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// The product.
    Product(Option<Product>),
    /// When the thing complained of happened.
    Occurred(Option<Occurrence>),
    /// What the customer wants.
    Demand(Option<Demand>),
    /// How the customer felt.
    Emotion(Option<Emotion>),
    /// The customer's account.
    Account(Option<Label>),
    /// The root cause, and the causes that played a part.
    Causes {
        /// The root cause.
        primary: Cause,
        /// The others.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        contributing: Vec<Cause>,
    },
    /// Whether the complaint was right.
    Upheld(Upheld),
    /// What the handling cost.
    Cost(Option<Money>),
    /// What calls for special care.
    Flags(Vec<Flag>),
    /// The free labels.
    Tags(Vec<Label>),
    /// The customer's language.
    Language(Option<Label>),
}

/// Corrected values that tell who somebody is; what is absent stays as it was.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmendedPersonal {
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The ways to reach the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Vec<Contact>>,
    /// The matter in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The matter in the customer's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

redacted!(AmendedPersonal);
