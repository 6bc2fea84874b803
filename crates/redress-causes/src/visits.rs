//! The revisits of one complaint, and the verdict that stands.

use redress_core::event::{RevisitOutcome, Satisfaction};
use redress_core::{Event, Timestamp};

/// The revisits of one complaint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visits {
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) verdict: Option<Verdict>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) at: Timestamp,
    pub(crate) reached: bool,
}

/// What the customer said when last reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) at: Timestamp,
    pub(crate) result: Satisfaction,
    /// It began a new cycle itself, and so is not taken back by that or a later one.
    pub(crate) begins_cycle: bool,
}

impl Visits {
    /// Takes a fact in; a verdict falls when the handling begins again for another reason.
    pub(crate) fn fold(&mut self, event: &Event, at: Timestamp, begins_cycle: bool) {
        if let Event::Revisited(fact) = event {
            let reached = match fact.outcome {
                RevisitOutcome::NotReached { .. } => false,
                RevisitOutcome::Reached { result, .. } => {
                    self.verdict = Some(Verdict {
                        at,
                        result,
                        begins_cycle,
                    });
                    true
                }
            };
            self.attempts.push(Attempt { at, reached });
        } else if begins_cycle {
            self.verdict = self.verdict.filter(|verdict| verdict.begins_cycle);
        }
    }

    /// The verdict that stands.
    pub(crate) const fn verdict(&self) -> Option<Verdict> {
        self.verdict
    }

    /// Whether the customer was reached by one of the attempts that `counts`; `None` without such an attempt.
    pub(crate) fn reached(&self, counts: impl Fn(Timestamp) -> bool) -> Option<bool> {
        let attempts = self.attempts.iter().filter(|attempt| counts(attempt.at));
        attempts
            .map(|attempt| attempt.reached)
            .reduce(|one, next| one || next)
    }

    /// Whether there was an attempt at or after an instant.
    pub(crate) fn any_since(&self, since: Timestamp) -> bool {
        self.attempts.iter().any(|attempt| attempt.at >= since)
    }
}
