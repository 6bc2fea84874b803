//! The view folded share by share.

use redress_core::Position;
use redress_store::{Between, Fact, ProjectionError, Shares};

use crate::view::{CauseView, Until};

impl Shares for CauseView {
    fn emptied(&self) -> Self {
        let mut rules = self.rules.clone();
        rules.forget();
        let until = self.until.as_ref().map(|until| Until::new(until.at));
        Self {
            until,
            ..Self::new(rules)
        }
    }

    fn step_over(&mut self, next: Position) {
        self.next_position = self.next_position.max(next);
    }

    fn fold_among(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        self.take(facts, Between::OtherShares)
    }

    fn merge(&mut self, shares: Vec<Self>) {
        *self = self.emptied();
        for share in shares {
            self.next_position = self.next_position.max(share.next_position);
            // Each has folded all that was adopted.
            self.rules = share.rules;
            if self.tracks.absorb(share.tracks).is_err() {
                // Never of what was folded here; if it were, all of it is to be folded again.
                *self = self.emptied();
                return;
            }
            self.actions.extend(share.actions);
        }
    }
}
