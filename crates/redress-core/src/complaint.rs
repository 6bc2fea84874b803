//! Where a complaint stands.
//!
//! A state is reached by [`evolve`](crate::evolve) alone. Each variant of [`Complaint`] holds what is true in that
//! state; what is true from receipt to the end stands in [`Case`].

mod parts;

pub use parts::ComplaintParts;

use serde::{Deserialize, Serialize};

use crate::clock::{Clock, ClockKind, Pause, Terms};
use crate::event::{
    Assigned, Assignee, Classified, CloseReason, Closed, ComplainedAbout, JointTask, Linked,
    Resolved, Satisfaction, Verdict,
};
use crate::id::{ComplaintId, Cycle, DepartmentId, Epoch, Level, PersonId, SubjectId, Version};
use crate::intake::Checks;
use crate::policy::{Policy, UnreachableRule};
use crate::time::Timestamp;

/// A complaint in one of its states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Complaint {
    /// Nothing has been recorded.
    #[default]
    Absent,
    /// 已接收: taken in, not yet classified.
    #[non_exhaustive]
    Received {
        /// What holds throughout.
        case: Box<Case>,
    },
    /// 已分类: classified, without an owner.
    #[non_exhaustive]
    Classified {
        /// What holds throughout.
        case: Box<Case>,
        /// The class it has.
        classification: Classified,
    },
    /// 处理中: somebody handles it.
    #[non_exhaustive]
    Processing {
        /// What holds throughout.
        case: Box<Case>,
        /// The class it has.
        classification: Classified,
        /// Who handles it.
        ownership: Ownership,
    },
    /// 已解决: a solution was found; the customer has not been told.
    #[non_exhaustive]
    Resolved {
        /// What holds throughout.
        case: Box<Case>,
        /// The class it has.
        classification: Classified,
        /// Who handles it.
        ownership: Ownership,
        /// The solution.
        resolution: Resolution,
    },
    /// 已反馈: the customer was told the result; a revisit is owed.
    #[non_exhaustive]
    FedBack {
        /// What holds throughout.
        case: Box<Case>,
        /// The class it has.
        classification: Classified,
        /// Who handles it.
        ownership: Ownership,
        /// The solution.
        resolution: Resolution,
        /// The attempts to revisit so far.
        revisits: Revisits,
    },
    /// 已归档: closed.
    #[non_exhaustive]
    Closed {
        /// What holds throughout.
        case: Box<Case>,
        /// How far it had come.
        progress: Progress,
        /// How it ended.
        closing: Closing,
    },
}

/// What holds throughout a complaint's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Which complaint.
    pub id: ComplaintId,
    /// How many facts its history holds.
    pub version: Version,
    /// When it was received.
    pub received_at: Timestamp,
    /// When a state or a clock moved last.
    pub moved_at: Timestamp,
    /// The customer's pseudonym.
    pub subject: SubjectId,
    /// The department that took it in.
    pub intake_department: DepartmentId,
    /// The members of staff complained about, who therefore must not handle it.
    pub complained_about: Vec<PersonId>,
    /// What the checks of the record have found, and which of them were done.
    pub checks: Checks,
    /// How often the handling has begun.
    pub cycle: Cycle,
    /// How high it was escalated.
    pub level: Level,
    /// Who watches over it since it was escalated.
    pub escalated_to: Option<Assignee>,
    /// In which cycle it was escalated last.
    pub escalated_in: Option<Cycle>,
    /// Its ties to other complaints.
    pub links: Vec<Linked>,
    /// Every clock it has had, in the order they started.
    pub clocks: Vec<Clock>,
    /// Every pause it has had, in order; the last one may still hold.
    pub pauses: Vec<Pause>,
}

impl Case {
    /// The pause that holds at this instant.
    #[must_use]
    pub fn pause_at(&self, now: Timestamp) -> Option<&Pause> {
        self.pauses.last().filter(|pause| pause.holds_at(now))
    }

    /// The clocks of a kind that have not ended.
    pub fn running(&self, kind: ClockKind) -> impl Iterator<Item = &Clock> {
        self.clocks
            .iter()
            .filter(move |clock| clock.kind == kind && clock.end.is_none())
    }

    /// Whether the customer was dissatisfied so often that the next solution must come from higher up.
    ///
    /// So it is from the cycle after the policy's `max_cycles` on, until it was escalated in that cycle or has reached
    /// the top.
    #[must_use]
    pub fn must_escalate(&self, policy: &Policy) -> bool {
        let risen = self.escalated_in == Some(self.cycle) || self.level >= policy.max_level;
        self.cycle.get() > policy.max_cycles && !risen
    }

    /// Whether it is tied to another complaint as its duplicate.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        self.links
            .iter()
            .any(|link| link.relation == crate::event::Relation::DuplicateOf)
    }
}

/// Who handles a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    /// Which assignment this is.
    pub epoch: Epoch,
    /// Who answers for it.
    pub lead: Assignee,
    /// Who contributes, and how far they are.
    pub joint: Vec<JointPart>,
}

impl Ownership {
    pub(crate) fn of(assigned: &Assigned, contributed: impl Fn(&DepartmentId) -> bool) -> Self {
        let joint = assigned
            .joint
            .iter()
            .map(|task| JointPart {
                task: task.clone(),
                settled: contributed(&task.assignee.department),
            })
            .collect();
        Self {
            epoch: assigned.epoch,
            lead: assigned.lead.clone(),
            joint,
        }
    }
}

/// A contribution to the handling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointPart {
    /// What is to be done, by whom.
    pub task: JointTask,
    /// It was done or waived.
    pub settled: bool,
}

/// A solution, as far as rules depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// What was recorded, as amended since, without the words that may speak of people.
    pub fact: Box<Resolved>,
    /// What the customer last said about it.
    pub verdict: Option<Verdict>,
}

/// The attempts to revisit since a result was told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revisits {
    /// How many attempts were made.
    pub attempts: u32,
    /// When each attempt that reached nobody was made.
    pub in_vain: Vec<Timestamp>,
    /// What the last one that reached the customer found.
    pub reached: Option<Satisfaction>,
}

impl Revisits {
    /// Whether nobody was reached as often as the rule asks for.
    #[must_use]
    pub fn are_in_vain(&self, rule: UnreachableRule) -> bool {
        let made = u32::try_from(self.in_vain.len()).unwrap_or(u32::MAX);
        made >= rule.attempts && self.days_in_vain() >= rule.days && self.reached.is_none()
    }

    /// On how many different days (UTC) nobody was reached.
    #[must_use]
    pub fn days_in_vain(&self) -> u32 {
        let mut days: Vec<_> = self
            .in_vain
            .iter()
            .map(|at| at.to_chrono().date_naive())
            .collect();
        days.sort_unstable();
        days.dedup();
        u32::try_from(days.len()).unwrap_or(u32::MAX)
    }
}

/// How far a closed complaint had come, so that reopening knows where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Not even classified.
    Unclassified,
    /// Classified, never assigned.
    Unassigned {
        /// The class it has.
        classification: Classified,
    },
    /// Handled by somebody.
    Handled {
        /// The class it has.
        classification: Classified,
        /// Who handled it last.
        ownership: Ownership,
        /// The last solution of its last cycle, where there was one.
        resolution: Option<Resolution>,
    },
}

/// How a complaint ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Why.
    pub reason: CloseReason,
    /// When.
    pub at: Timestamp,
}

impl Closing {
    pub(crate) fn of(closed: &Closed, at: Timestamp) -> Self {
        Self {
            reason: closed.reason.clone(),
            at,
        }
    }
}

/// The name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    missing_docs,
    reason = "each stands for the variant of `Complaint` of the same name"
)]
pub enum State {
    Absent,
    Received,
    Classified,
    Processing,
    Resolved,
    FedBack,
    Closed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Absent,
        Self::Received,
        Self::Classified,
        Self::Processing,
        Self::Resolved,
        Self::FedBack,
        Self::Closed,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Received => "received",
            Self::Classified => "classified",
            Self::Processing => "processing",
            Self::Resolved => "resolved",
            Self::FedBack => "fed_back",
            Self::Closed => "closed",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: crate::Language) -> &'static str {
        match (language, self) {
            (crate::Language::English, Self::Absent) => "not received",
            (crate::Language::English, Self::Received) => "received",
            (crate::Language::English, Self::Classified) => "classified",
            (crate::Language::English, Self::Processing) => "in handling",
            (crate::Language::English, Self::Resolved) => "resolved",
            (crate::Language::English, Self::FedBack) => "fed back",
            (crate::Language::English, Self::Closed) => "closed",
            (crate::Language::Chinese, Self::Absent) => "未接收",
            (crate::Language::Chinese, Self::Received) => "已接收",
            (crate::Language::Chinese, Self::Classified) => "已分类",
            (crate::Language::Chinese, Self::Processing) => "处理中",
            (crate::Language::Chinese, Self::Resolved) => "已解决",
            (crate::Language::Chinese, Self::FedBack) => "已反馈",
            (crate::Language::Chinese, Self::Closed) => "已归档",
        }
    }
}

impl Complaint {
    /// The name of the state it is in.
    #[must_use]
    pub const fn state(&self) -> State {
        match self {
            Self::Absent => State::Absent,
            Self::Received { .. } => State::Received,
            Self::Classified { .. } => State::Classified,
            Self::Processing { .. } => State::Processing,
            Self::Resolved { .. } => State::Resolved,
            Self::FedBack { .. } => State::FedBack,
            Self::Closed { .. } => State::Closed,
        }
    }

    /// What holds throughout, once it was received.
    #[must_use]
    pub const fn case(&self) -> Option<&Case> {
        match self {
            Self::Absent => None,
            Self::Received { case, .. }
            | Self::Classified { case, .. }
            | Self::Processing { case, .. }
            | Self::Resolved { case, .. }
            | Self::FedBack { case, .. }
            | Self::Closed { case, .. } => Some(case),
        }
    }

    pub(crate) const fn case_mut(&mut self) -> Option<&mut Case> {
        match self {
            Self::Absent => None,
            Self::Received { case, .. }
            | Self::Classified { case, .. }
            | Self::Processing { case, .. }
            | Self::Resolved { case, .. }
            | Self::FedBack { case, .. }
            | Self::Closed { case, .. } => Some(case),
        }
    }

    /// The class it has.
    #[must_use]
    pub const fn classification(&self) -> Option<&Classified> {
        match self {
            Self::Absent | Self::Received { .. } => None,
            Self::Classified { classification, .. }
            | Self::Processing { classification, .. }
            | Self::Resolved { classification, .. }
            | Self::FedBack { classification, .. } => Some(classification),
            Self::Closed { progress, .. } => match progress {
                Progress::Unclassified => None,
                Progress::Unassigned { classification }
                | Progress::Handled { classification, .. } => Some(classification),
            },
        }
    }

    /// Who handles it, or handled it last.
    #[must_use]
    pub const fn ownership(&self) -> Option<&Ownership> {
        match self {
            Self::Absent | Self::Received { .. } | Self::Classified { .. } => None,
            Self::Processing { ownership, .. }
            | Self::Resolved { ownership, .. }
            | Self::FedBack { ownership, .. } => Some(ownership),
            Self::Closed { progress, .. } => match progress {
                Progress::Unclassified | Progress::Unassigned { .. } => None,
                Progress::Handled { ownership, .. } => Some(ownership),
            },
        }
    }

    /// Who answers for the handling.
    #[must_use]
    pub fn lead(&self) -> Option<&Assignee> {
        self.ownership().map(|ownership| &ownership.lead)
    }

    /// The solution that stands.
    #[must_use]
    pub const fn resolution(&self) -> Option<&Resolution> {
        match self {
            Self::Absent
            | Self::Received { .. }
            | Self::Classified { .. }
            | Self::Processing { .. } => None,
            Self::Resolved { resolution, .. } | Self::FedBack { resolution, .. } => {
                Some(resolution)
            }
            Self::Closed { progress, .. } => match progress {
                Progress::Unclassified | Progress::Unassigned { .. } => None,
                Progress::Handled { resolution, .. } => resolution.as_ref(),
            },
        }
    }

    /// Whether it was received and is not closed.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Absent | Self::Closed { .. } => false,
            Self::Received { .. }
            | Self::Classified { .. }
            | Self::Processing { .. }
            | Self::Resolved { .. }
            | Self::FedBack { .. } => true,
        }
    }

    /// How many facts its history holds.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.case().map(|case| case.version)
    }

    /// Whether it was closed because the same matter is handled under another number.
    #[must_use]
    pub fn is_closed_as_duplicate(&self) -> bool {
        match self {
            Self::Closed { closing, .. } => matches!(closing.reason, CloseReason::Duplicate { .. }),
            Self::Absent
            | Self::Received { .. }
            | Self::Classified { .. }
            | Self::Processing { .. }
            | Self::Resolved { .. }
            | Self::FedBack { .. } => false,
        }
    }

    /// What time limits depend on now.
    #[must_use]
    pub fn terms(&self) -> Terms {
        self.classification()
            .map_or(Terms::UNCLASSIFIED, Terms::from)
    }
}

/// The members of staff among those complained about.
pub(crate) fn staff_of(complained_about: &[ComplainedAbout]) -> Vec<PersonId> {
    complained_about
        .iter()
        .filter_map(|about| match about {
            ComplainedAbout::Department(_) => None,
            ComplainedAbout::Person(person) => Some(person.clone()),
        })
        .collect()
}
