//! Checks at intake 受理校验: what of a complaint is accepted, and flagged until somebody has seen to it.
//!
//! What is refused outright stands with the guards of [`decide`](crate::decide). What is owed because of a flag stands in
//! [`duty`](crate::duty).

mod checks;
mod contact;

use std::collections::BTreeSet;

use chrono::Months;
use serde::{Deserialize, Serialize};

use crate::event::{
    AmendOutcome, Amended, AmendmentCause, Change, Contact, Occurrence, Received, ReceivedPersonal,
};
use crate::language::Language;
use crate::policy::Policy;
use crate::time::Timestamp;

pub use checks::{Checks, Ground, ReviewReason};
pub(crate) use contact::{is_mainland_mobile, without_separators};

/// After how many years before the receipt an occurrence is flagged.
const OLD_AFTER_YEARS: u32 = 3;

/// What of an intake is flagged: accepted as it is, and listed until it was put right or looked at.
///
/// ```
/// use redress_core::{Language, intake::Warning};
///
/// assert_eq!(Warning::NoProduct.code(), "no_product");
/// assert_eq!(Warning::NoProduct.message(Language::Chinese), "未填写产品或服务");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A way to reach the customer is written as no such way can be.
    ContactFormat,
    /// The thing complained of is said to have happened after the complaint about it.
    OccurredAfterReceipt,
    /// The thing complained of happened more than three years before.
    OccurredLongAgo,
    /// The description is shorter than the policy asks for.
    ShortDescription,
    /// No product or service is named.
    NoProduct,
    /// Nobody has judged how urgent it is.
    PriorityAbsent,
}

impl Warning {
    /// Every warning, in the order in which they are listed.
    pub const ALL: [Self; 6] = [
        Self::ContactFormat,
        Self::OccurredAfterReceipt,
        Self::OccurredLongAgo,
        Self::ShortDescription,
        Self::NoProduct,
        Self::PriorityAbsent,
    ];

    /// The code that stands for it in stored text; never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ContactFormat => "contact_format",
            Self::OccurredAfterReceipt => "occurred_after_receipt",
            Self::OccurredLongAgo => "occurred_long_ago",
            Self::ShortDescription => "short_description",
            Self::NoProduct => "no_product",
            Self::PriorityAbsent => "priority_absent",
        }
    }

    /// What is flagged, in words for people. Quotes nothing of the complaint.
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::ContactFormat) => {
                "a telephone number or e-mail address is not written as one; ask the customer for it"
            }
            (Language::English, Self::OccurredAfterReceipt) => {
                "it is said to have happened after the complaint was received; check the time"
            }
            (Language::English, Self::OccurredLongAgo) => {
                "it happened more than three years before the complaint was received; check the time"
            }
            (Language::English, Self::ShortDescription) => {
                "the description is very short; ask the customer for more"
            }
            (Language::English, Self::NoProduct) => "no product or service is named",
            (Language::English, Self::PriorityAbsent) => "nobody has judged how urgent it is",
            (Language::Chinese, Self::ContactFormat) => "电话号码或电子邮箱格式有误，请向客户核实",
            (Language::Chinese, Self::OccurredAfterReceipt) => "发生时间晚于受理时间，请核实",
            (Language::Chinese, Self::OccurredLongAgo) => "发生时间早于受理时间三年以上，请核实",
            (Language::Chinese, Self::ShortDescription) => "投诉内容过短，请向客户补充了解",
            (Language::Chinese, Self::NoProduct) => "未填写产品或服务",
            (Language::Chinese, Self::PriorityAbsent) => "未作优先级初判",
        }
    }
}

/// What is flagged of an intake, in the order of [`Warning::ALL`].
///
/// ```
/// use redress_core::event::{Customer, Received, ReceivedPersonal};
/// use redress_core::intake::{Warning, warnings};
/// use redress_core::{Channel, Policy, SubjectId, Timestamp};
///
/// let said = ReceivedPersonal { description: "退款".into(), ..Default::default() };
/// let customer = Customer::anonymous(SubjectId::from_random([1; 16]));
/// let fact = Received::new(customer, Channel::Sms, "li.na".parse()?, "desk".parse()?, said);
/// let received_at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// assert_eq!(
///     warnings(&fact, received_at, &Policy::standard()),
///     [Warning::ShortDescription, Warning::NoProduct, Warning::PriorityAbsent],
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn warnings(fact: &Received, received_at: Timestamp, policy: &Policy) -> Vec<Warning> {
    let nothing_said = ReceivedPersonal::default();
    let said = fact.personal.known().unwrap_or(&nothing_said);
    let mut flagged = Flagged::default();
    flagged.judge_contacts(&said.contacts);
    flagged.judge_occurrence(fact.occurred, received_at);
    flagged.judge_description(&said.description, policy);
    flagged.set(Warning::NoProduct, fact.product.is_none());
    let priority = fact.initial.and_then(|initial| initial.priority);
    flagged.set(Warning::PriorityAbsent, priority.is_none());
    flagged.into_list()
}

/// What is flagged after an amendment: the values it touches are judged anew, the others stay as they were judged.
///
/// A manual review that found everything right leaves nothing flagged.
pub(crate) fn warnings_after(
    fact: &Amended,
    open: &[Warning],
    received_at: Timestamp,
    policy: &Policy,
) -> Vec<Warning> {
    if fact.cause == AmendmentCause::ManualReview && fact.outcome == AmendOutcome::Confirmed {
        return Vec::new();
    }
    let mut flagged = Flagged(open.iter().copied().collect());
    if let Some(said) = fact.personal.known() {
        if let Some(contacts) = &said.contacts {
            flagged.judge_contacts(contacts);
        }
        if let Some(description) = &said.description {
            flagged.judge_description(description, policy);
        }
    }
    for change in &fact.patch {
        match change {
            Change::Product(product) => flagged.set(Warning::NoProduct, product.is_none()),
            Change::Occurred(occurred) => flagged.judge_occurrence(*occurred, received_at),
            Change::Demand(_)
            | Change::Emotion(_)
            | Change::Account(_)
            | Change::Causes { .. }
            | Change::Upheld(_)
            | Change::Cost(_)
            | Change::Flags(_)
            | Change::Tags(_)
            | Change::Language(_) => {}
        }
    }
    flagged.into_list()
}

/// The warnings that hold so far.
#[derive(Default)]
struct Flagged(BTreeSet<Warning>);

impl Flagged {
    fn set(&mut self, warning: Warning, holds: bool) {
        if holds {
            self.0.insert(warning);
        } else {
            self.0.remove(&warning);
        }
    }

    fn judge_contacts(&mut self, contacts: &[Contact]) {
        let wrong = contacts
            .iter()
            .any(|contact| !contact::is_well_formed(contact));
        self.set(Warning::ContactFormat, wrong);
    }

    fn judge_occurrence(&mut self, occurred: Option<Occurrence>, received_at: Timestamp) {
        let at = occurred.map(|occurred| occurred.time);
        let oldest = years_before(received_at, OLD_AFTER_YEARS);
        self.set(
            Warning::OccurredAfterReceipt,
            at.is_some_and(|at| at > received_at),
        );
        self.set(Warning::OccurredLongAgo, at.is_some_and(|at| at < oldest));
    }

    fn judge_description(&mut self, description: &str, policy: &Policy) {
        let least = usize::try_from(policy.min_description_chars).unwrap_or(usize::MAX);
        let short = description.trim().chars().take(least).count() < least;
        self.set(Warning::ShortDescription, short);
    }

    fn into_list(self) -> Vec<Warning> {
        self.0.into_iter().collect()
    }
}

/// The same date and time so many years before (UTC); of 29 February, the 28th where there is no 29th.
fn years_before(instant: Timestamp, years: u32) -> Timestamp {
    instant
        .to_chrono()
        .checked_sub_months(Months::new(years.saturating_mul(12)))
        .and_then(|before| Timestamp::try_from(before).ok())
        .unwrap_or(Timestamp::MIN)
}
