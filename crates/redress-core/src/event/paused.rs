//! `Paused` and `Resumed`: an interval in which the clocks that may pause stand still.

use serde::{Deserialize, Serialize};

use crate::language::Language;
use crate::personal::{Personal, redacted};
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

impl PauseReason {
    /// Its name for people.
    ///
    /// ```
    /// use redress_core::Language;
    /// use redress_core::event::PauseReason;
    ///
    /// assert_eq!(PauseReason::AwaitingCustomer.label(Language::Chinese), "等待客户答复");
    /// ```
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::AwaitingCustomer) => "an answer of the customer",
            (Language::English, Self::AwaitingThirdParty) => "a third party",
            (Language::English, Self::Appraisal) => "an appraisal",
            (Language::English, Self::Legal) => "a legal matter",
            (Language::English, Self::ForceMajeure) => "force majeure",
            (Language::Chinese, Self::AwaitingCustomer) => "等待客户答复",
            (Language::Chinese, Self::AwaitingThirdParty) => "等待第三方",
            (Language::Chinese, Self::Appraisal) => "检测鉴定",
            (Language::Chinese, Self::Legal) => "法律事务",
            (Language::Chinese, Self::ForceMajeure) => "不可抗力",
        }
    }
}

/// More about a pause.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseNote {
    /// The note.
    pub note: String,
}

redacted!(PauseNote);

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
