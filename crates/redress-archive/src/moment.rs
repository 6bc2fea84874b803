//! The rules and the moment that clocks are read by.

use std::sync::Arc;

use redress_core::{Rulebook, Timestamp};

/// The rules and the moment that clocks are read by.
///
/// The archive keeps the facts of each clock and no verdict: whether one is overdue depends on who asks when, and under
/// which rules. A question about clocks therefore brings both along.
#[derive(Clone, Debug)]
pub struct Moment {
    rules: Arc<Rulebook>,
    at: Timestamp,
}

impl Moment {
    /// This instant, under these rules.
    #[must_use]
    pub fn new(rules: impl Into<Rulebook>, at: Timestamp) -> Self {
        let rules = Arc::new(rules.into());
        Self { rules, at }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rulebook {
        &self.rules
    }

    /// The instant.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }
}
