//! The values that recur among complaints.

use redress_core::event::{
    Assignee, Channel, Classified, Currency, PauseReason, Relation, Satisfaction, Upheld, Verdict,
};
use redress_core::intake::{ReviewReason, Warning};
use redress_core::{CauseCode, ClockKind, DepartmentId, Ending, Label, PersonId, Terms};
use serde::{Deserialize, Serialize};

use super::interned::Interned;

/// The values that recur among complaints, each kept once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Symbols {
    /// Departments: that took it in, that are to blame.
    pub departments: Interned<DepartmentId>,
    /// People: complained about, who found the solution.
    pub people: Interned<PersonId>,
    /// Who handles, or watches over it.
    pub assignees: Interned<Assignee>,
    /// Texts: of joint tasks.
    pub texts: Interned<String>,
    /// Labels: grounds of a refusal.
    pub labels: Interned<Label>,
    pub(super) terms: Interned<Terms>,
    pub(super) classes: Interned<Classified>,
    pub(super) causes: Interned<CauseCode>,
    pub(super) currencies: Interned<Currency>,
    /// Channels: through which it came.
    pub channels: Interned<Channel>,
    /// What customers said in revisits.
    pub satisfactions: Interned<Satisfaction>,
    pub(super) clocks: Interned<ClockKind>,
    pub(super) endings: Interned<Ending>,
    pub(super) pauses: Interned<PauseReason>,
    pub(super) relations: Interned<Relation>,
    pub(super) reviews: Interned<ReviewReason>,
    pub(super) upheld: Interned<Upheld>,
    pub(super) verdicts: Interned<Verdict>,
    pub(super) warnings: Interned<Warning>,
}
