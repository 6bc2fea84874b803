//! A row that is a whole case: received, classed, given to its owner, and how it ended if it did.
//!
//! Such a row says what a case is, not when it became so. Its class and its owner count from the beginning, unless the
//! file says since when it has its owner. An end without a time is a closing at the latest time that the row tells, and
//! no solution: no limit is judged by a time that nobody recorded.

use redress_core::event::{CloseReason, Closed, Reopened, Requester};
use redress_core::{Assign, Target, Timestamp};

use super::{Phase, RowOfCase};
use crate::finding::{Finding, Problem};
use crate::mapping::StateMeaning;
use crate::snapshot::{Update, Whole};

impl RowOfCase<'_, '_> {
    pub(super) fn take_whole(&mut self, update: Update) -> Result<(), Finding> {
        let whole = self.snapshot.whole(self.at)?;
        self.classify(update.class.clone());
        self.assigned_at(whole.assigned_at);
        self.assign_until(&update, &whole);
        match (whole.ended_at, update.state) {
            (Some(at), state) => self.end_at(at, state)?,
            (None, Some(StateMeaning::Resolved | StateMeaning::Closed)) => self.end_undated(),
            (None, Some(StateMeaning::Pause(reason))) => self.enter(Phase::Waiting(reason))?,
            (None, Some(StateMeaning::Open) | None) => {}
        }
        if self.case.phase == Phase::Closed {
            self.record_changed()?;
            self.dispute(&whole);
        }
        self.case.latest = self.at;
        Ok(())
    }

    /// Moves on to the time of the assignment, which cannot lie before the receipt.
    fn assigned_at(&mut self, given: Option<Timestamp>) {
        let Some(given) = given else {
            return;
        };
        let used = self.at.max(given);
        if let Some(column) = (self.rules.layout.assigned_at.as_ref()).filter(|_| used != given) {
            self.snapshot
                .note(column, Problem::TimeWentBack { given, used });
        }
        self.at = used;
    }

    /// Gives the case to its owner; where nobody is named and there is more to tell, to the intake department.
    fn assign_until(&mut self, update: &Update, whole: &Whole) {
        let waits = matches!(update.state, Some(StateMeaning::Pause(_)));
        let assign = match self.new_owner(update.owner.as_ref()) {
            Some(assign) => assign,
            None if waits || whole.due.is_some() || whole.ended_at.is_some() => {
                let limit = self.limit(whole.due);
                return self.imply_owner(limit);
            }
            None => return,
        };
        let limit = self.limit(whole.due);
        self.case.owner = Some(assign.lead.clone());
        self.add("assign", Assign { limit, ..assign }.into());
    }

    /// The limit of an assignment; `None` where the source sets no deadlines, and the policy's hold.
    fn limit(&mut self, due: Option<Timestamp>) -> Option<Target> {
        let assigned = self.rules.mapping.assigned.as_ref();
        assigned.filter(|rules| rules.due.is_some())?;
        let limit = due.filter(|due| *due > self.at);
        let too_early = due.filter(|_| limit.is_none());
        if let Some((given, column)) = too_early.zip(self.rules.layout.due.as_ref()) {
            self.snapshot.note(column, Problem::DueTooEarly { given });
        }
        // A case without a deadline has none: today's rules are not held against it.
        Some(limit.map_or(Target::Unlimited, Target::At))
    }

    fn end_at(&mut self, given: Timestamp, state: Option<StateMeaning>) -> Result<(), Finding> {
        let layout = self.rules.layout;
        let used = self.at.max(given);
        if let Some(column) = layout.ended_at.as_ref().filter(|_| used != given) {
            self.snapshot
                .note(column, Problem::TimeWentBack { given, used });
        }
        let is_open = matches!(state, Some(StateMeaning::Open | StateMeaning::Pause(_)));
        if let Some(column) = layout.state.as_ref().filter(|_| is_open) {
            self.snapshot.note(column, Problem::EndedAnyway);
        }
        self.at = used;
        self.enter(Phase::Resolved)?;
        self.enter(Phase::Closed)
    }

    fn end_undated(&mut self) {
        let layout = self.rules.layout;
        let column = layout.ended_at.as_ref().or(layout.state.as_ref());
        self.snapshot.note(
            column.unwrap_or(&layout.key),
            Problem::UndatedEnd { used: self.at },
        );
        self.add("close", Closed::new(CloseReason::Waived).into());
        self.case.phase = Phase::Closed;
    }

    fn dispute(&mut self, whole: &Whole) {
        if !whole.disputed {
            return;
        }
        let reopened = Reopened {
            reason: "disputed by the customer in the source".to_owned(),
            requested_by: Requester::Customer,
        };
        self.add("reopen", reopened.into());
        self.case.phase = Phase::Open;
    }
}
