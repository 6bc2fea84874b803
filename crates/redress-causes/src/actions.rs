//! Improvement actions: what is done against causes and warnings, how it stands at a moment, and whether it helped.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::action::{Action, ActionState, Effective, Evaluated, Origin, Owner};
use redress_core::{ActionId, CauseCode, ComplaintId, DepartmentId, Name, Timestamp};
use serde::Serialize;

use crate::view::CauseView;

/// An action as it stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// Its id.
    pub id: ActionId,
    /// The state it is in.
    pub state: ActionState,
    /// What led to it.
    pub origin: Origin,
    /// What is to be done.
    pub measure: String,
    /// The cause it works against.
    pub cause: Option<CauseCode>,
    /// The complaints it is about.
    pub complaints: BTreeSet<ComplaintId>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// For which department it was opened.
    pub opened_by: Option<DepartmentId>,
    /// Who carries it out, or did so last.
    pub owner: Option<Owner>,
    /// Until when, that instant included.
    pub due: Option<Timestamp>,
    /// Which round it is in: 0 before it is assigned, 1 from then on, one more after each evaluation that led back.
    pub round: u32,
    /// It is in progress, and the due time has passed.
    pub is_overdue: bool,
    /// When it was done in this round.
    pub done_at: Option<Timestamp>,
    /// It was done after it was due, or after a due time that was moved when it had passed.
    pub was_late: bool,
    /// Whether it helped, and the figures that show it.
    pub effect: Option<Evaluated>,
}

/// How many actions stand how. Each action is counted by one of its states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ActionCounts {
    /// Opened, without an owner.
    pub opened: u64,
    /// In progress.
    pub assigned: u64,
    /// Of those in progress: past the due time.
    pub overdue: u64,
    /// Done, not evaluated.
    pub done: u64,
    /// Evaluated: it helped.
    pub effective: u64,
    /// Evaluated: it helped in part.
    pub partly: u64,
    /// Evaluated: it did not help.
    pub ineffective: u64,
    /// Of those done or evaluated: done late.
    pub late: u64,
    /// Given up.
    pub cancelled: u64,
}

/// What actions can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionGroup {
    /// The department of whoever carries it out, or did so last.
    OwnerDepartment,
    /// The cause it works against.
    Cause,
}

/// The actions with one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CountedActions {
    /// The value; none for those that have none.
    pub value: Option<String>,
    /// Its name for people; the code itself where it has no name.
    pub label: Option<Name>,
    /// How they stand.
    #[serde(flatten)]
    pub counts: ActionCounts,
}

impl ActionRow {
    /// How an action stands at `now`; `None` for one of which nothing was recorded.
    fn of(action: &Action, now: Timestamp) -> Option<Self> {
        let case = action.case()?;
        let assignment = action.assignment();
        let done_at = action.completion().map(|completion| completion.at);
        Some(Self {
            id: case.id,
            state: action.state(),
            origin: case.opened.origin.clone(),
            measure: case.opened.measure.clone(),
            cause: case.opened.cause.clone(),
            complaints: case.opened.complaints.clone(),
            opened_at: case.opened_at,
            opened_by: case.opened_by.clone(),
            owner: assignment.map(|assignment| assignment.owner.clone()),
            due: assignment.map(|assignment| assignment.due),
            round: assignment.map_or(0, |assignment| assignment.round),
            is_overdue: action.is_overdue(now),
            done_at,
            was_late: assignment
                .zip(done_at)
                .is_some_and(|(assignment, done_at)| assignment.is_late(done_at)),
            effect: action.evaluation().map(|it| it.fact.clone()),
        })
    }

    /// The value of a group that it has.
    fn value(&self, group: ActionGroup) -> Option<&str> {
        match group {
            ActionGroup::OwnerDepartment => {
                let owner = self.owner.as_ref();
                owner.map(|owner| owner.department.as_str())
            }
            ActionGroup::Cause => self.cause.as_ref().map(CauseCode::as_str),
        }
    }
}

impl ActionCounts {
    fn add(&mut self, row: &ActionRow) {
        let count = match (row.state, &row.effect) {
            (ActionState::Opened, _) => &mut self.opened,
            (ActionState::Assigned, _) => &mut self.assigned,
            (ActionState::Done, _) => &mut self.done,
            (ActionState::Evaluated, Some(effect)) => match effect.effective {
                Effective::Yes => &mut self.effective,
                Effective::Partly => &mut self.partly,
                Effective::No => &mut self.ineffective,
            },
            (ActionState::Cancelled, _) => &mut self.cancelled,
            // No row is without facts, and none is evaluated without an effect.
            (ActionState::Absent, _) | (ActionState::Evaluated, None) => return,
        };
        *count += 1;
        self.overdue += u64::from(row.is_overdue);
        self.late += u64::from(row.was_late);
    }

    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        let Self {
            opened,
            assigned,
            done,
            effective,
            partly,
            ineffective,
            cancelled,
            // Among the others.
            overdue: _,
            late: _,
        } = *self;
        opened + assigned + done + effective + partly + ineffective + cancelled
    }
}

impl CauseView {
    /// Every action as it stands at `now`: by state in the order of the work, then what is due first, then the oldest.
    #[must_use]
    pub fn actions(&self, now: Timestamp) -> Vec<ActionRow> {
        let rows = self.action_states();
        let mut rows: Vec<ActionRow> = rows
            .filter_map(|action| ActionRow::of(action, now))
            .collect();
        rows.sort_by_key(|row| (row.state, row.due, row.opened_at, row.id));
        rows
    }

    /// How all actions stand at `now`, together.
    #[must_use]
    pub fn action_totals(&self, now: Timestamp) -> ActionCounts {
        let mut counts = ActionCounts::default();
        self.actions(now).iter().for_each(|row| counts.add(row));
        counts
    }

    /// How actions stand at `now`, by owner's department or by cause: those that have no value first, then by value.
    ///
    /// By cause this is the tie of measures to causes: what is done against each, and what of it helped.
    #[must_use]
    pub fn action_counts(&self, group: ActionGroup, now: Timestamp) -> Vec<CountedActions> {
        let rows = self.actions(now);
        let mut counts: BTreeMap<Option<&str>, ActionCounts> = BTreeMap::new();
        for row in &rows {
            counts.entry(row.value(group)).or_default().add(row);
        }
        let counted = counts.into_iter().map(|(value, counts)| CountedActions {
            value: value.map(str::to_owned),
            label: value.map(|value| self.action_label(group, value)),
            counts,
        });
        counted.collect()
    }

    fn action_label(&self, group: ActionGroup, value: &str) -> Name {
        match group {
            ActionGroup::Cause => self.rules().cause_name(value),
            ActionGroup::OwnerDepartment => self.rules().department_name(value),
        }
    }
}
