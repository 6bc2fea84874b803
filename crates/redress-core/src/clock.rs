//! Clocks: what is timed, from when to when, and how it stands at any moment.
//!
//! A complaint keeps the facts of its clocks (started, ended, how, under which terms). Nothing that depends on the
//! passing of time is kept: [`Clock::read`] works it out from those facts, a policy and `now`.
//!
//! Intervals are half-open: a pause from 9:00 to 10:00 ends before the stroke of ten.

use serde::{Deserialize, Serialize};

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
    /// A fixed moment, whatever happens in between.
    At(Timestamp),
}

/// What a time limit depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// How much of `[from, to)` it covers.
    fn overlap(&self, from: Timestamp, to: Timestamp) -> Span {
        let start = self.from.max(from);
        let end = self.end().map_or(to, |end| end.min(to));
        if end > start {
            end.since(start)
        } else {
            Span::ZERO
        }
    }
}

/// How a clock stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The verdict.
    pub status: Status,
    /// The time it ran, pauses taken out.
    pub elapsed: Span,
    /// When it is or was due; unknown while it is paused, and where there is no limit.
    pub due: Option<Timestamp>,
    /// What is left of its limit (negative: what it is over); known while it is paused too.
    pub remaining: Option<Span>,
}

/// The verdict on a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Runs, with time in hand.
    OnTrack,
    /// Runs, and little time is left.
    AtRisk,
    /// Runs, and its time is used up.
    Overdue,
    /// Stands still.
    Paused,
    /// Ended in time.
    Met,
    /// Ended too late; this stays so.
    Missed,
    /// A revisit before its window.
    Early,
    /// Not owed any more.
    Cancelled,
    /// Went to another department within its time.
    HandedOverInTime,
    /// Went to another department after its time.
    HandedOverLate,
    /// Runs, and no limit is set.
    UntargetedRunning,
    /// Ended, and no limit was set: neither met nor missed.
    UntargetedEnded,
}

impl Status {
    /// Every verdict.
    pub const ALL: [Self; 12] = [
        Self::OnTrack,
        Self::AtRisk,
        Self::Overdue,
        Self::Paused,
        Self::Met,
        Self::Missed,
        Self::Early,
        Self::Cancelled,
        Self::HandedOverInTime,
        Self::HandedOverLate,
        Self::UntargetedRunning,
        Self::UntargetedEnded,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OnTrack => "on_track",
            Self::AtRisk => "at_risk",
            Self::Overdue => "overdue",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Early => "early",
            Self::Cancelled => "cancelled",
            Self::HandedOverInTime => "handed_over_in_time",
            Self::HandedOverLate => "handed_over_late",
            Self::UntargetedRunning => "untargeted_running",
            Self::UntargetedEnded => "untargeted_ended",
        }
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

    /// How it stands at `now`. An end or a pause later than `now` has not happened yet.
    ///
    /// `pauses` are those of its complaint, in order.
    ///
    /// A clock is met if and only if the time it ran is not longer than its limit.
    ///
    /// ```
    /// # use redress_core::{Clock, ClockKind, Cycle, Policy, Span, Status, Terms, Timestamp};
    /// let clock = Clock::start(ClockKind::Acknowledge, Cycle::FIRST, "2026-03-02T09:00:00Z".parse()?, Terms::UNCLASSIFIED);
    /// let policy = Policy::standard(); // 24 hours to acknowledge, at risk from 80 %
    ///
    /// let at = |time: &str| time.parse::<Timestamp>().map(|now| clock.read(&[], &policy, now).status);
    /// assert_eq!(at("2026-03-03T04:11:59Z")?, Status::OnTrack);
    /// assert_eq!(at("2026-03-03T04:12:00Z")?, Status::AtRisk);
    /// assert_eq!(at("2026-03-03T09:00:00Z")?, Status::AtRisk);
    /// assert_eq!(at("2026-03-03T09:00:01Z")?, Status::Overdue);
    /// # Ok::<(), redress_core::InvalidTimestamp>(())
    /// ```
    #[must_use]
    pub fn read(&self, pauses: &[Pause], policy: &Policy, now: Timestamp) -> Reading {
        let end = self.end.as_ref().filter(|end| end.at <= now);
        let stop = end.map_or(now, |end| end.at);
        // What began later cannot move a deadline; of facts at one instant, an end comes before a pause.
        let begun = pauses.partition_point(|pause| match end {
            Some(end) => pause.from < end.at,
            None => pause.from <= now,
        });
        let pauses = &pauses[..begun];
        let elapsed = self.active(pauses, stop);
        let limit = self.limit(pauses, policy, stop);
        let late = limit
            .as_ref()
            .is_some_and(|limit| limit.remaining.is_negative());
        let status = match end.map(|end| end.how) {
            None => self.running_status(pauses, policy, now, limit.as_ref()),
            Some(Ending::Cancelled) => Status::Cancelled,
            Some(Ending::Lapsed) if late => Status::Missed,
            Some(Ending::Lapsed) if limit.is_some() => Status::Cancelled,
            Some(Ending::Stopped | Ending::HandedOver | Ending::Lapsed) if limit.is_none() => {
                Status::UntargetedEnded
            }
            Some(Ending::HandedOver) if late => Status::HandedOverLate,
            Some(Ending::HandedOver) => Status::HandedOverInTime,
            Some(Ending::Stopped | Ending::Lapsed) if late => Status::Missed,
            Some(Ending::Stopped | Ending::Lapsed) if self.is_early(policy, elapsed) => {
                Status::Early
            }
            Some(Ending::Stopped | Ending::Lapsed) => Status::Met,
        };
        Reading {
            status,
            elapsed,
            due: limit.as_ref().and_then(|limit| limit.due),
            remaining: limit.map(|limit| limit.remaining),
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

    fn is_early(&self, policy: &Policy, elapsed: Span) -> bool {
        self.kind == ClockKind::Revisit && elapsed < policy.revisit_window.from
    }

    fn running_status(
        &self,
        pauses: &[Pause],
        policy: &Policy,
        now: Timestamp,
        limit: Option<&Limit>,
    ) -> Status {
        let Some(limit) = limit else {
            return Status::UntargetedRunning;
        };
        if limit.remaining.is_negative() {
            Status::Overdue
        } else if limit.length.is_some() && self.pauses(pauses).any(|pause| pause.holds_at(now)) {
            Status::Paused
        } else if self.is_at_risk(policy, now, limit) {
            Status::AtRisk
        } else {
            Status::OnTrack
        }
    }

    fn is_at_risk(&self, policy: &Policy, now: Timestamp, limit: &Limit) -> bool {
        // A deadline at a fixed moment has no length of its own: it is the time from the start to it.
        let length = limit
            .length
            .or_else(|| limit.due.map(|due| due.since(self.started_at)));
        length.is_some_and(|length| {
            let used = if limit.length.is_some() {
                length - limit.remaining
            } else {
                now.since(self.started_at)
            };
            used >= length.percent(policy.at_risk_percent)
        })
    }

    fn pauses<'a>(&self, pauses: &'a [Pause]) -> impl Iterator<Item = &'a Pause> {
        let kind = self.kind;
        pauses
            .iter()
            .filter(move |pause| kind.pauses_for(pause.reason))
    }

    /// The time it ran from its start to `stop`, pauses taken out.
    fn active(&self, pauses: &[Pause], stop: Timestamp) -> Span {
        let stood_still: Span = self
            .pauses(pauses)
            .map(|pause| pause.overlap(self.started_at, stop))
            .sum();
        stop.since(self.started_at) - stood_still
    }

    fn limit(&self, pauses: &[Pause], policy: &Policy, stop: Timestamp) -> Option<Limit> {
        let target = self
            .extended_to
            .map(Target::At)
            .or_else(|| self.target(policy))?;
        Some(match target {
            Target::At(due) => Limit {
                length: None,
                due: Some(due),
                remaining: due.since(stop),
            },
            Target::Elapsed(length) => Limit {
                length: Some(length),
                due: self.due(pauses, length, stop),
                remaining: length - self.active(pauses, stop),
            },
        })
    }

    /// Start plus limit, the time of pauses skipped; unknown while a pause holds at `stop`.
    fn due(&self, pauses: &[Pause], length: Span, stop: Timestamp) -> Option<Timestamp> {
        let mut due = self.started_at + length;
        for pause in self.pauses(pauses) {
            if pause.from > due {
                break;
            }
            if pause.holds_at(stop) {
                return None;
            }
            due = due + pause.overlap(self.started_at, Timestamp::MAX);
        }
        Some(due)
    }
}

/// What a clock is measured against, at one moment.
struct Limit {
    /// How long it may run; a fixed moment has no length.
    length: Option<Span>,
    due: Option<Timestamp>,
    remaining: Span,
}

#[cfg(test)]
mod tests;
