//! The working calendars that rules may name.

use std::collections::BTreeMap;
use std::sync::Arc;

use redress_core::{Label, Policy, Timestamp, WorkingTime, WorkingTimeError};

use crate::clause::Limit;

/// The working calendars that rules may name, such as those of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars(BTreeMap<Label, Arc<WorkingTime>>);

impl Calendars {
    /// None: rules count every hour of the day.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// These, by name.
    #[must_use]
    pub const fn new(calendars: BTreeMap<Label, Arc<WorkingTime>>) -> Self {
        Self(calendars)
    }

    pub(crate) fn knows(&self, name: &Label) -> bool {
        self.0.contains_key(name)
    }

    /// The last instant at which a limit that begins at `from` is kept.
    pub(crate) fn due(
        &self,
        limit: &Limit,
        from: Timestamp,
    ) -> Result<Timestamp, WorkingTimeError> {
        let calendar = limit.calendar.as_ref().and_then(|name| self.0.get(name));
        match calendar {
            Some(calendar) => calendar.due(from, limit.span),
            None => Ok(from + limit.span),
        }
    }
}

impl From<&Policy> for Calendars {
    fn from(policy: &Policy) -> Self {
        Self(policy.calendars.clone())
    }
}
