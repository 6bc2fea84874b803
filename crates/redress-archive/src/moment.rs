//! The rules and the moment that clocks are read by.

use std::sync::Arc;

use redress_core::{Policy, Timestamp};

/// The rules and the moment that clocks are read by.
///
/// The archive keeps the facts of each clock and no verdict: whether one is overdue depends on who asks when, and under
/// which rules. A question about clocks therefore brings both along.
#[derive(Clone, Debug)]
pub struct Moment {
    policy: Arc<Policy>,
    at: Timestamp,
}

impl Moment {
    /// This instant under this policy.
    #[must_use]
    pub fn new(policy: impl Into<Arc<Policy>>, at: Timestamp) -> Self {
        let policy = policy.into();
        Self { policy, at }
    }

    /// The rules.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The instant.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}
