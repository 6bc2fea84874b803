//! Where an action stands.
//!
//! A state is reached by [`evolve_action`](super::evolve_action) alone. Each variant of [`Action`] holds what is true in
//! that state; what is true from beginning to end stands in [`ActionCase`].

use serde::{Deserialize, Serialize};

use super::{Evaluated, Opened, Owner};
use crate::id::{ActionId, DepartmentId, PersonId, Version};
use crate::language::Language;
use crate::time::Timestamp;

/// An action in one of its states.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Nothing has been recorded.
    #[default]
    Absent,
    /// 待分派: opened, without an owner.
    #[non_exhaustive]
    Opened {
        /// What holds throughout.
        case: Box<ActionCase>,
    },
    /// 进行中: somebody carries it out.
    #[non_exhaustive]
    Assigned {
        /// What holds throughout.
        case: Box<ActionCase>,
        /// Who, until when.
        assignment: Assignment,
    },
    /// 待评估: carried out; nobody has measured whether it helped.
    #[non_exhaustive]
    Done {
        /// What holds throughout.
        case: Box<ActionCase>,
        /// Who carried it out.
        assignment: Assignment,
        /// What was done.
        completion: Completion,
    },
    /// 已评估: its effect was measured. Where it did not help in full, another round may follow.
    #[non_exhaustive]
    Evaluated {
        /// What holds throughout.
        case: Box<ActionCase>,
        /// Who carried it out.
        assignment: Assignment,
        /// What was done.
        completion: Completion,
        /// Whether it helped.
        evaluation: Box<Evaluation>,
    },
    /// 已取消: given up before it was done.
    #[non_exhaustive]
    Cancelled {
        /// What holds throughout.
        case: Box<ActionCase>,
        /// Who was to carry it out.
        assignment: Option<Assignment>,
        /// Why it was given up.
        cancellation: Cancellation,
    },
}

/// What holds of an action from beginning to end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionCase {
    /// Its id.
    pub id: ActionId,
    /// The version of its last fact.
    pub version: Version,
    /// When its last fact happened.
    pub moved_at: Timestamp,
    /// What was opened.
    pub opened: Opened,
    /// When.
    pub opened_at: Timestamp,
    /// For which department it was opened: that of whoever opened it.
    pub opened_by: Option<DepartmentId>,
}

/// Who carries an action out, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Who answers for it.
    pub owner: Owner,
    /// Until when, that instant included.
    pub due: Timestamp,
    /// When it was given to this owner, or the due time was changed.
    pub at: Timestamp,
    /// Which round it is, from 1; an evaluation that leads back begins the next.
    pub round: u32,
    /// The first due time of this round that had passed when the owner or the due time was changed.
    pub missed: Option<Timestamp>,
}

impl Assignment {
    /// Whether work that was finished at this instant was late, also where the due time was moved after it had passed.
    #[must_use]
    pub fn is_late(&self, finished_at: Timestamp) -> bool {
        self.missed.is_some() || finished_at > self.due
    }
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What was done. Never personal.
    pub result: String,
    /// When.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: PersonId,
}

/// Whether it helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// What was measured and found.
    pub fact: Evaluated,
    /// When.
    pub at: Timestamp,
    /// Who recorded it.
    pub by: PersonId,
}

/// Why an action was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// Why. Never personal.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// The name of a state of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    missing_docs,
    reason = "each stands for the variant of `Action` of the same name"
)]
pub enum ActionState {
    Absent,
    Opened,
    Assigned,
    Done,
    Evaluated,
    Cancelled,
}

impl ActionState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Absent,
        Self::Opened,
        Self::Assigned,
        Self::Done,
        Self::Evaluated,
        Self::Cancelled,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Opened => "opened",
            Self::Assigned => "assigned",
            Self::Done => "done",
            Self::Evaluated => "evaluated",
            Self::Cancelled => "cancelled",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Absent) => "not opened",
            (Language::English, Self::Opened) => "without an owner",
            (Language::English, Self::Assigned) => "in progress",
            (Language::English, Self::Done) => "done",
            (Language::English, Self::Evaluated) => "evaluated",
            (Language::English, Self::Cancelled) => "cancelled",
            (Language::Chinese, Self::Absent) => "未登记",
            (Language::Chinese, Self::Opened) => "待分派",
            (Language::Chinese, Self::Assigned) => "进行中",
            (Language::Chinese, Self::Done) => "待评估",
            (Language::Chinese, Self::Evaluated) => "已评估",
            (Language::Chinese, Self::Cancelled) => "已取消",
        }
    }
}

impl Action {
    /// The name of the state it is in.
    #[must_use]
    pub const fn state(&self) -> ActionState {
        match self {
            Self::Absent => ActionState::Absent,
            Self::Opened { .. } => ActionState::Opened,
            Self::Assigned { .. } => ActionState::Assigned,
            Self::Done { .. } => ActionState::Done,
            Self::Evaluated { .. } => ActionState::Evaluated,
            Self::Cancelled { .. } => ActionState::Cancelled,
        }
    }

    /// What holds throughout; `None` while nothing has been recorded.
    #[must_use]
    pub const fn case(&self) -> Option<&ActionCase> {
        match self {
            Self::Absent => None,
            Self::Opened { case }
            | Self::Assigned { case, .. }
            | Self::Done { case, .. }
            | Self::Evaluated { case, .. }
            | Self::Cancelled { case, .. } => Some(case),
        }
    }

    /// Who carries it out, or did so last.
    #[must_use]
    pub const fn assignment(&self) -> Option<&Assignment> {
        match self {
            Self::Absent | Self::Opened { .. } => None,
            Self::Assigned { assignment, .. }
            | Self::Done { assignment, .. }
            | Self::Evaluated { assignment, .. } => Some(assignment),
            Self::Cancelled { assignment, .. } => assignment.as_ref(),
        }
    }

    /// What was done in the present round.
    #[must_use]
    pub const fn completion(&self) -> Option<&Completion> {
        match self {
            Self::Absent | Self::Opened { .. } | Self::Assigned { .. } | Self::Cancelled { .. } => {
                None
            }
            Self::Done { completion, .. } | Self::Evaluated { completion, .. } => Some(completion),
        }
    }

    /// Whether it helped, where that was measured in the present round.
    #[must_use]
    pub const fn evaluation(&self) -> Option<&Evaluation> {
        match self {
            Self::Absent
            | Self::Opened { .. }
            | Self::Assigned { .. }
            | Self::Done { .. }
            | Self::Cancelled { .. } => None,
            Self::Evaluated { evaluation, .. } => Some(evaluation),
        }
    }

    /// Whether somebody carries it out and is late at this instant. At the due time itself nobody is.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        match self {
            Self::Assigned { assignment, .. } => now > assignment.due,
            Self::Absent
            | Self::Opened { .. }
            | Self::Done { .. }
            | Self::Evaluated { .. }
            | Self::Cancelled { .. } => false,
        }
    }
}
