//! `Resolved`: a solution was found, with its causes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{CauseCode, DepartmentId, Label};
use crate::language::Language;
use crate::personal::{Personal, redacted};
use crate::time::Timestamp;

/// A solution was found; the customer is told by a feedback.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resolved {
    /// What the customer gets; an empty list is a stated "nothing", no list is "not recorded".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedies: Option<Vec<Remedy>>,
    /// The solutions the customer could choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options_offered: Vec<SolutionOption>,
    /// What was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// The root cause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_cause: Option<Cause>,
    /// Causes that played a part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributing_causes: Vec<Cause>,
    /// Until when the cause is to be found, where it is not yet known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Timestamp>,
    /// Whether the complaint was right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upheld: Option<Upheld>,
    /// What the handling cost the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// The template of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Label>,
    /// The solution in words.
    #[serde(skip)]
    pub personal: Personal<ResolvedPersonal>,
}

/// A solution in words, which may speak of people.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolvedPersonal {
    /// The solution.
    pub solution: String,
}

redacted!(ResolvedPersonal);

/// Something a customer gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// What kind of thing.
    pub kind: RemedyKind,
    /// Worth how much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

/// What kind of thing a customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// Words of regret.
    Apology,
    /// Money for a loss.
    Compensation,
    /// The price back.
    Refund,
    /// Another piece.
    Exchange,
    /// A repair.
    Repair,
    /// The goods are taken back.
    Return,
    /// Part of the price back, or off the next one.
    Discount,
    /// Another time, place or service.
    Rearrangement,
    /// All pieces are called back.
    Recall,
    /// A promise to do better.
    Improvement,
    /// An explanation.
    Explanation,
}

impl RemedyKind {
    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Apology) => "apology",
            (Language::English, Self::Compensation) => "compensation",
            (Language::English, Self::Refund) => "refund",
            (Language::English, Self::Exchange) => "exchange",
            (Language::English, Self::Repair) => "repair",
            (Language::English, Self::Return) => "return of the goods",
            (Language::English, Self::Discount) => "discount",
            (Language::English, Self::Rearrangement) => "rearrangement",
            (Language::English, Self::Recall) => "recall",
            (Language::English, Self::Improvement) => "improvement",
            (Language::English, Self::Explanation) => "explanation",
            (Language::Chinese, Self::Apology) => "道歉",
            (Language::Chinese, Self::Compensation) => "赔偿",
            (Language::Chinese, Self::Refund) => "退款",
            (Language::Chinese, Self::Exchange) => "换货",
            (Language::Chinese, Self::Repair) => "维修",
            (Language::Chinese, Self::Return) => "退货",
            (Language::Chinese, Self::Discount) => "折扣",
            (Language::Chinese, Self::Rearrangement) => "重新安排",
            (Language::Chinese, Self::Recall) => "召回",
            (Language::Chinese, Self::Improvement) => "改进",
            (Language::Chinese, Self::Explanation) => "说明",
        }
    }
}

/// An amount of money, in the smallest unit of its currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// How many of the smallest units (fen, cents).
    pub minor_units: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// The amount in the currency's own unit, such as `12.50 CNY`.
///
/// ```
/// use redress_core::event::{Currency, Money};
///
/// let money = |minor_units, currency: &str| {
///     let currency = Currency::try_from(currency.to_owned())?;
///     Ok::<_, Box<dyn std::error::Error>>(Money { minor_units, currency }.to_string())
/// };
/// assert_eq!(money(1250, "CNY")?, "12.50 CNY");
/// assert_eq!(money(-5, "EUR")?, "-0.05 EUR");
/// assert_eq!(money(1250, "JPY")?, "1250 JPY");
/// assert_eq!(money(1250, "KWD")?, "1.250 KWD");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minor_units < 0 { "-" } else { "" };
        let units = self.minor_units.unsigned_abs();
        let currency = &self.currency.0;
        let digits = self.currency.minor_digits();
        if digits == 0 {
            return write!(f, "{sign}{units} {currency}");
        }
        let unit = 10_u64.pow(digits);
        let (whole, rest) = (units / unit, units % unit);
        let width = usize::try_from(digits).unwrap_or_default();
        write!(f, "{sign}{whole}.{rest:0width$} {currency}")
    }
}

/// A currency, by its three capital letters (ISO 4217).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(String);

/// A text that is no currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no currency code of three capital letters")]
pub struct InvalidCurrency;

impl Currency {
    /// How many digits its smallest unit takes behind the point (ISO 4217, list one: its "minor unit").
    fn minor_digits(&self) -> u32 {
        match self.0.as_str() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(Self(text))
        } else {
            Err(InvalidCurrency)
        }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.0
    }
}

/// A solution the customer could choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SolutionOption {
    /// What it is. Never personal.
    pub summary: String,
    /// What it costs the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Money>,
    /// What the customer has of it. Never personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benefit: Option<String>,
    /// The customer chose this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
}

/// What was agreed with the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The customer said so themselves.
    pub confirmed_by_customer: bool,
    /// When.
    pub at: Timestamp,
}

/// Why the thing complained of happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// The cause in the cause tree.
    pub code: CauseCode,
    /// Whether it brought the matter about itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub directness: Option<Directness>,
    /// How it was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<CauseMethod>,
    /// Who answers for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible_department: Option<DepartmentId>,
    /// What shows it. Never personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

impl Cause {
    /// A cause of which the code alone is known.
    #[must_use]
    pub const fn new(code: CauseCode) -> Self {
        Self {
            code,
            directness: None,
            method: None,
            responsible_department: None,
            evidence: None,
        }
    }
}

/// Whether a cause brought the matter about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Directness {
    /// Itself.
    Direct,
    /// Through something else.
    Indirect,
}

/// How a cause was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseMethod {
    /// From data.
    DataAnalysis,
    /// From asking customers.
    Survey,
    /// From looking on the spot.
    Observation,
    /// From a case taken apart.
    CaseStudy,
    /// From an expert.
    Expert,
}

/// Whether a complaint was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upheld {
    /// Yes.
    Upheld,
    /// In part.
    Partly,
    /// No.
    NotUpheld,
}
