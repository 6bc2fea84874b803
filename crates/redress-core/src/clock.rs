//! Clocks: what is timed, from when to when, and how it stands at any moment.
//!
//! A complaint keeps the facts of its clocks (started, ended, how, under which terms). Nothing that depends on the
//! passing of time is kept: [`Clock::read`] works it out from those facts, a policy and `now`.
//!
//! Intervals are half-open: a pause from 9:00 to 10:00 ends before the stroke of ten.

mod reading;

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

pub use reading::{Reading, Status};

use crate::calendar::WorkingTime;

use crate::event::{Assignee, Classified, PauseReason, Priority, Severity};
use crate::id::{CategoryPath, Cycle, DepartmentId, Epoch};
use crate::policy::Policy;
use crate::time::{Span, Timestamp};

/// What is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// 受理确认: from receipt to the first word to the customer, automatic ones included.
    Acknowledge,
    /// 首次响应: from receipt to the first substantive word by a person.
    FirstResponse,
    /// 分派: from receipt, or from a new cycle without an owner, to the first assignment of the cycle.
    Assignment,
    /// 部门处理: from assignment to resolution, for the lead and for each joint department.
    Handling,
    /// 解决: from receipt, or from the start of a later cycle, to resolution.
    Resolution,
    /// 结果反馈: from resolution to telling the result.
    Feedback,
    /// 回访: from telling the result to the first revisit that reached the customer.
    Revisit,
    /// 回复: from a customer's reply to the next word to them.
    Reply,
    /// 承诺: from a promise to the next word to the customer.
    Promise,
    /// 最终答复: from receipt, never restarted, to the last result.
    Final,
}

impl ClockKind {
    /// Every kind, in the order of a complaint's life.
    pub const ALL: [Self; 10] = [
        Self::Acknowledge,
        Self::FirstResponse,
        Self::Assignment,
        Self::Handling,
        Self::Resolution,
        Self::Feedback,
        Self::Revisit,
        Self::Reply,
        Self::Promise,
        Self::Final,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::FirstResponse => "first_response",
            Self::Assignment => "assignment",
            Self::Handling => "handling",
            Self::Resolution => "resolution",
            Self::Feedback => "feedback",
            Self::Revisit => "revisit",
            Self::Reply => "reply",
            Self::Promise => "promise",
            Self::Final => "final",
        }
    }

    /// Whether a pause for this reason stops it.
    #[must_use]
    pub const fn pauses_for(self, reason: PauseReason) -> bool {
        match self {
            Self::Handling | Self::Resolution => true,
            Self::Final => matches!(reason, PauseReason::Appraisal),
            Self::Acknowledge
            | Self::FirstResponse
            | Self::Assignment
            | Self::Feedback
            | Self::Revisit
            | Self::Reply
            | Self::Promise => false,
        }
    }
}

/// A time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// So much time, day and night, in microseconds.
    #[serde(rename = "elapsed_us")]
    Elapsed(Span),
    /// So much working time by the calendar of whoever answers for the clock, in microseconds.
    #[serde(rename = "working_us")]
    WorkingTime(Span),
    /// The end of the n-th working day after the day of the start.
    WorkingDays(NonZeroU32),
    /// The end of the n-th day after the day of the start, worked or not.
    CalendarDays(NonZeroU32),
    /// A fixed moment, whatever happens in between.
    At(Timestamp),
    /// No limit, whatever the rules say: history of a system that set none for this complaint.
    Unlimited,
}

/// What a time limit depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Terms {
    /// What the complaint is about, once it is classified.
    pub category: Option<CategoryPath>,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// How urgent it is.
    pub priority: Option<Priority>,
}

impl Terms {
    /// Before anybody has classified the complaint.
    pub const UNCLASSIFIED: Self = Self {
        category: None,
        severity: None,
        priority: None,
    };
}

impl From<&Classified> for Terms {
    fn from(classified: &Classified) -> Self {
        Self {
            category: Some(classified.category.clone()),
            severity: Some(classified.severity),
            priority: Some(classified.priority),
        }
    }
}

/// The facts of one clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// What is timed.
    pub kind: ClockKind,
    /// In which cycle it started.
    pub cycle: Cycle,
    /// Whose part is timed, for [`ClockKind::Handling`].
    pub part: Option<Part>,
    /// From when.
    pub started_at: Timestamp,
    /// What its limit depends on; follows a reclassification while it runs, and never after.
    pub terms: Terms,
    /// A limit given to this clock itself, which goes before the policy's.
    pub own_target: Option<Target>,
    /// Where the deadline was moved to.
    pub extended_to: Option<Timestamp>,
    /// How often it was moved.
    pub extensions: u32,
    /// How it ended.
    pub end: Option<ClockEnd>,
}

/// Whose part of the handling is timed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// In which assignment it began.
    pub epoch: Epoch,
    /// Who answers for it.
    pub assignee: Assignee,
    /// Beside the lead, not as the lead.
    pub joint: bool,
}

/// How a clock ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockEnd {
    /// When.
    pub at: Timestamp,
    /// How.
    pub how: Ending,
    /// Who led the handling then.
    pub lead: Option<Assignee>,
}

/// How a clock ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ending {
    /// What was timed was done.
    Stopped,
    /// The work went to another department.
    HandedOver,
    /// What was timed is not owed any more.
    Cancelled,
    /// The complaint was closed while it ran: owed if the time was used up by then, else not.
    Lapsed,
}

/// An interval in which clocks stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// What was waited for.
    pub reason: PauseReason,
    /// From when.
    pub from: Timestamp,
    /// When it ends of itself.
    pub until: Option<Timestamp>,
    /// When something ended it.
    pub ended_at: Option<Timestamp>,
}

impl Pause {
    /// When it ended or will end, as far as that is known.
    #[must_use]
    pub fn end(&self) -> Option<Timestamp> {
        match (self.until, self.ended_at) {
            (Some(until), Some(ended)) => Some(until.min(ended)),
            (until, ended) => until.or(ended),
        }
    }

    /// Whether it holds at this instant.
    #[must_use]
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.end().is_none_or(|end| now < end)
    }

    /// What of `[from, to)` it covers, if anything.
    fn overlap(&self, from: Timestamp, to: Timestamp) -> Option<(Timestamp, Timestamp)> {
        let start = self.from.max(from);
        let end = self.end().map_or(to, |end| end.min(to));
        (end > start).then_some((start, end))
    }
}

impl Clock {
    /// Whether it had started and not ended at this instant.
    #[must_use]
    pub fn runs_at(&self, now: Timestamp) -> bool {
        self.started_at <= now && self.end.as_ref().is_none_or(|end| now < end.at)
    }

    /// The limit it is measured against.
    #[must_use]
    pub fn target(&self, policy: &Policy) -> Option<Target> {
        self.own_target
            .or_else(|| policy.target(self.kind, &self.terms))
    }

    /// The calendar it is measured by: that of the department for handling, of the quality department for revisits, of
    /// the organisation for the rest.
    #[must_use]
    pub fn calendar<'a>(&self, policy: &'a Policy) -> &'a WorkingTime {
        policy.calendar_of(match self.kind {
            ClockKind::Handling => self.part.as_ref().map(|part| &part.assignee.department),
            ClockKind::Revisit => Some(&policy.quality_department),
            ClockKind::Acknowledge
            | ClockKind::FirstResponse
            | ClockKind::Assignment
            | ClockKind::Resolution
            | ClockKind::Feedback
            | ClockKind::Reply
            | ClockKind::Promise
            | ClockKind::Final => None,
        })
    }

    /// Which department answers for it: its own for handling, the quality department for revisits, intake for what
    /// precedes the handling, and the lead for the rest.
    #[must_use]
    pub fn department<'a>(
        &'a self,
        intake: &'a DepartmentId,
        lead_now: Option<&'a Assignee>,
        policy: &'a Policy,
    ) -> &'a DepartmentId {
        match self.kind {
            ClockKind::Acknowledge | ClockKind::FirstResponse | ClockKind::Assignment => intake,
            ClockKind::Handling => self
                .part
                .as_ref()
                .map_or(intake, |part| &part.assignee.department),
            ClockKind::Revisit => &policy.quality_department,
            ClockKind::Resolution
            | ClockKind::Feedback
            | ClockKind::Reply
            | ClockKind::Promise
            | ClockKind::Final => {
                let lead = self.end.as_ref().map_or(lead_now, |end| end.lead.as_ref());
                lead.map_or(intake, |lead| &lead.department)
            }
        }
    }

    /// A clock that starts now and has not ended.
    #[must_use]
    pub const fn start(kind: ClockKind, cycle: Cycle, started_at: Timestamp, terms: Terms) -> Self {
        Self {
            kind,
            cycle,
            part: None,
            started_at,
            terms,
            own_target: None,
            extended_to: None,
            extensions: 0,
            end: None,
        }
    }
}

#[cfg(test)]
mod tests;
