//! `Classified`: a complaint was given a category, a severity and a priority.

use serde::{Deserialize, Serialize};

use crate::id::{CategoryPath, DepartmentId};

/// A complaint was classified; again is a reclassification.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Classified {
    /// What the customer complains of.
    pub category: CategoryPath,
    /// The nature of the problem.
    pub nature: Nature,
    /// How bad it is.
    pub severity: Severity,
    /// How urgent it is.
    pub priority: Priority,
    /// Whether one department can handle it alone.
    pub complexity: Complexity,
    /// Life or health is at stake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub safety: bool,
    /// How many people it touches.
    pub impact_scope: ImpactScope,
    /// At which stage of the service it arose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_stage: Option<ServiceStage>,
    /// Which department should handle it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_department: Option<DepartmentId>,
    /// A program chose the class.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automatic: bool,
    /// How sure the program was, in per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence_percent: Option<u8>,
    /// Why this class; needed for a change. Never personal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Classified {
    /// A simple, functional matter of one customer, moderate and of normal priority, in this category.
    #[must_use]
    pub const fn new(category: CategoryPath) -> Self {
        Self {
            category,
            nature: Nature::Functional,
            severity: Severity::Moderate,
            priority: Priority::Normal,
            complexity: Complexity::Simple,
            safety: false,
            impact_scope: ImpactScope::Individual,
            service_stage: None,
            suggested_department: None,
            automatic: false,
            confidence_percent: None,
            reason: None,
        }
    }
}

/// The nature of a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Something does not work.
    Functional,
    /// It works, but badly.
    NonFunctional,
    /// Somebody was hurt in their feelings.
    Emotional,
    /// It offends against what society expects.
    Social,
}

/// How bad a matter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A nuisance.
    Minor,
    /// An ordinary complaint.
    Moderate,
    /// A great loss or a breach of duty.
    Serious,
    /// Danger or a scandal.
    Critical,
}

/// How urgent a matter is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Can wait.
    Low,
    /// In turn.
    Normal,
    /// Before others.
    High,
    /// Now.
    Urgent,
}

/// Whether one department can handle a matter alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complexity {
    /// One department can.
    Simple,
    /// Several must work together.
    Complex,
}

/// How many people a matter touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpactScope {
    /// One customer.
    Individual,
    /// A few.
    Several,
    /// Many.
    Many,
    /// The public.
    Public,
}

/// A stage of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceStage {
    /// Before the purchase.
    PreSale,
    /// The purchase.
    Purchase,
    /// Delivery.
    Delivery,
    /// Use.
    Use,
    /// After-sale service.
    AfterSale,
    /// A claim.
    Claim,
}
