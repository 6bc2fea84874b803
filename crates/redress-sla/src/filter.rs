//! Which complaints and clocks a question is about.

use redress_core::{ClockKind, DepartmentId, Duplicates, Period, PersonId};

use crate::track::Standing;

/// What a board shows; by default everything but duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// The clocks of this department alone.
    pub department: Option<DepartmentId>,
    /// The clocks of this person alone.
    pub person: Option<PersonId>,
    /// The clocks of this kind alone.
    pub clock: Option<ClockKind>,
    /// Of the clocks that have ended, those that ended in this time. One that has not ended stands on every board.
    pub period: Period,
    /// Whose limit they are measured against.
    pub limits: Limits,
    /// Whether duplicates count.
    pub duplicates: Duplicates,
}

impl BoardFilter {
    pub(crate) fn shows(&self, standing: &Standing<'_>) -> bool {
        let wanted = |filter: &Option<DepartmentId>| {
            filter.as_ref().is_none_or(|id| id == standing.department)
        };
        wanted(&self.department)
            && (self.person.is_none() || self.person.as_ref() == standing.person())
            && self.clock.is_none_or(|kind| kind == standing.clock.kind)
            && (standing.ended_at()).is_none_or(|at| self.period.contains(at))
            && self.limits.hold(standing)
    }
}

/// Whose limit a clock is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limits {
    /// Whoever set it.
    #[default]
    Any,
    /// A limit given to the clock itself: by an assignment, a promise, or the system it was imported from.
    Own,
    /// The policy's, or none.
    Policy,
}

impl Limits {
    const fn hold(self, standing: &Standing<'_>) -> bool {
        match self {
            Self::Any => true,
            Self::Own => standing.clock.own_target.is_some(),
            Self::Policy => standing.clock.own_target.is_none(),
        }
    }
}
