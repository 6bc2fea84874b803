//! How a clock stands at a moment, worked out from its facts, a policy and the moment.

use serde::Serialize;

use super::{Clock, ClockKind, Ending, Pause, Target};
use crate::calendar::{WorkingTime, WorkingTimeError};
use crate::policy::Policy;
use crate::time::{Span, Timestamp};

/// How a clock stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The verdict.
    pub status: Status,
    /// The time it ran, pauses taken out: working time where its limit counts that, otherwise day and night.
    pub elapsed: Span,
    /// The calendar of its limit ends before the moment, and the limit was used up before that: `elapsed` counts to the
    /// calendar's last date, so that the clock ran at least so long, and `remaining` is at most what it says.
    pub at_least: bool,
    /// When it is or was due; unknown while it is paused, and where there is no limit.
    pub due: Option<Timestamp>,
    /// What is left of its limit (negative: what it is over); known while it is paused too. Working time where the limit counts that.
    pub remaining: Option<Span>,
    /// The whole of its limit, from start to due without pauses. Working time where the limit counts that.
    pub limit: Option<Span>,
}

impl Reading {
    /// How much of its limit is used, in whole per cent, rounded down; `None` where there is no limit.
    ///
    /// A limit of no length, such as a promise kept at the moment it was made, is used up. Where [`Reading::at_least`] is set,
    /// so much is used at least.
    #[must_use]
    pub fn used_percent(&self) -> Option<u32> {
        let (limit, remaining) = (self.limit?.as_micros(), self.remaining?.as_micros());
        let used = i128::from(limit) - i128::from(remaining);
        let percent = if limit <= 0 {
            100
        } else {
            used * 100 / i128::from(limit)
        };
        Some(u32::try_from(percent.max(0)).unwrap_or(u32::MAX))
    }
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
    /// The calendar of its limit does not reach far enough to tell; never guessed.
    NotEvaluable,
}

impl Status {
    /// Every verdict.
    pub const ALL: [Self; 13] = [
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
        Self::NotEvaluable,
    ];

    /// Whether it counts as in time in a timeliness 及时率; `None` where it counts as neither.
    ///
    /// ```
    /// use redress_core::Status;
    ///
    /// assert_eq!(Status::Met.is_in_time(), Some(true));
    /// assert_eq!(Status::Overdue.is_in_time(), Some(false));
    /// assert_eq!(Status::Paused.is_in_time(), None);
    /// ```
    #[must_use]
    pub const fn is_in_time(self) -> Option<bool> {
        match self {
            Self::Met => Some(true),
            Self::Missed | Self::Overdue => Some(false),
            Self::OnTrack
            | Self::AtRisk
            | Self::Paused
            | Self::Early
            | Self::Cancelled
            | Self::HandedOverInTime
            | Self::HandedOverLate
            | Self::UntargetedRunning
            | Self::UntargetedEnded
            | Self::NotEvaluable => None,
        }
    }

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
            Self::NotEvaluable => "not_evaluable",
        }
    }
}

impl Clock {
    /// How it stands at `now`. An end or a pause later than `now` has not happened yet.
    ///
    /// `pauses` are those of its complaint, in order.
    ///
    /// A clock is met if and only if the time it ran is not longer than its limit. With a limit in days, or a fixed moment,
    /// it is met if and only if it ended by its deadline.
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
        let pauses: Vec<&Pause> = pauses[..begun]
            .iter()
            .filter(|pause| self.kind.pauses_for(pause.reason))
            .collect();
        let run = Run {
            start: self.started_at,
            stop,
            pauses,
        };
        let Ok(limit) = self.limit(&run, policy) else {
            return run.not_evaluable(end.map(|end| end.how));
        };
        let Some(limit) = limit else {
            return run.untargeted(end.map(|end| end.how));
        };
        let status = match end.map(|end| end.how) {
            None => limit.running_status(policy, run.is_paused()),
            Some(Ending::Cancelled) => Status::Cancelled,
            Some(Ending::Lapsed) if !limit.late => Status::Cancelled,
            Some(Ending::HandedOver) if limit.late => Status::HandedOverLate,
            Some(Ending::HandedOver) => Status::HandedOverInTime,
            Some(Ending::Stopped | Ending::Lapsed) if limit.late => Status::Missed,
            Some(Ending::Stopped | Ending::Lapsed) if self.is_early(policy, stop) => Status::Early,
            Some(Ending::Stopped | Ending::Lapsed) => Status::Met,
        };
        Reading {
            status,
            elapsed: limit.elapsed,
            at_least: limit.at_least,
            due: limit.due,
            remaining: Some(limit.remaining),
            limit: Some(limit.length),
        }
    }

    fn is_early(&self, policy: &Policy, stop: Timestamp) -> bool {
        self.kind == ClockKind::Revisit && stop.since(self.started_at) < policy.revisit_window.from
    }

    fn limit(&self, run: &Run<'_>, policy: &Policy) -> Result<Option<Limit>, WorkingTimeError> {
        let target = self
            .extended_to
            .map(Target::At)
            .or_else(|| self.target(policy));
        let calendar = self.calendar(policy);
        Ok(Some(match target {
            None | Some(Target::Unlimited) => return Ok(None),
            Some(Target::At(due)) => run.against_moment(due),
            Some(Target::Elapsed(length)) => run.against_length(Count::EveryHour, length)?,
            Some(Target::WorkingTime(length)) => {
                run.against_length(Count::Working(calendar), length)?
            }
            Some(Target::WorkingDays(days)) => {
                let due = calendar.due_working_days(run.start, days)?;
                run.against_day(Count::Working(calendar), calendar, due)?
            }
            Some(Target::CalendarDays(days)) => {
                let due = calendar.due_calendar_days(run.start, days)?;
                run.against_day(Count::EveryHour, calendar, due)?
            }
        }))
    }
}

/// What counts as time.
#[derive(Clone, Copy)]
enum Count<'a> {
    /// Day and night.
    EveryHour,
    /// The working time of a calendar.
    Working(&'a WorkingTime),
}

impl Count<'_> {
    fn elapsed(self, from: Timestamp, to: Timestamp) -> Result<Span, WorkingTimeError> {
        match self {
            Self::EveryHour => Ok(to.since(from)),
            Self::Working(calendar) => calendar.elapsed(from, to),
        }
    }

    /// Up to when time can be counted.
    const fn horizon(self) -> Timestamp {
        match self {
            Self::EveryHour => Timestamp::MAX,
            Self::Working(calendar) => calendar.horizon(),
        }
    }

    fn due(self, start: Timestamp, length: Span) -> Result<Timestamp, WorkingTimeError> {
        match self {
            Self::EveryHour => Ok(start + length),
            Self::Working(calendar) => calendar.due(start, length),
        }
    }
}

/// How far a clock has run at the moment asked about.
struct Run<'a> {
    start: Timestamp,
    /// The moment, or the clock's end if that came before.
    stop: Timestamp,
    /// The pauses that concern the clock and had begun by then, in order.
    pauses: Vec<&'a Pause>,
}

/// How long a clock ran.
#[derive(Clone, Copy)]
struct Ran {
    time: Span,
    /// The calendar does not tell the rest.
    at_least: bool,
}

/// What a run is measured against, and how it compares.
struct Limit {
    elapsed: Span,
    at_least: bool,
    /// How long the clock may run.
    length: Span,
    due: Option<Timestamp>,
    remaining: Span,
    late: bool,
    /// Whether pauses move the deadline.
    pausable: bool,
}

/// The deadline of a limit in days.
enum DayDue {
    /// Known.
    At(Timestamp),
    /// Not known while a pause holds.
    Open {
        /// The time that was left when it began.
        left: Span,
    },
}

impl Limit {
    fn running_status(&self, policy: &Policy, is_paused: bool) -> Status {
        if self.late {
            Status::Overdue
        } else if self.pausable && is_paused {
            Status::Paused
        } else if self.length - self.remaining >= self.length.percent(policy.at_risk_percent) {
            Status::AtRisk
        } else {
            Status::OnTrack
        }
    }
}

impl Run<'_> {
    fn is_paused(&self) -> bool {
        self.pauses.iter().any(|pause| pause.holds_at(self.stop))
    }

    /// The time it runs from its start to a moment, pauses taken out.
    fn active(&self, count: Count<'_>, until: Timestamp) -> Result<Span, WorkingTimeError> {
        let mut active = count.elapsed(self.start, until)?;
        for pause in &self.pauses {
            if let Some((from, to)) = pause.overlap(self.start, until) {
                active = active - count.elapsed(from, to)?;
            }
        }
        Ok(active)
    }

    /// Start plus length, the time of pauses skipped; unknown while a pause holds.
    fn due(&self, count: Count<'_>, length: Span) -> Result<Option<Timestamp>, WorkingTimeError> {
        let (mut cursor, mut left) = (self.start, length);
        for pause in &self.pauses {
            let due = count.due(cursor, left)?;
            if pause.from > due {
                return Ok(Some(due));
            }
            if pause.holds_at(self.stop) {
                return Ok(None);
            }
            let Some((from, to)) = pause.overlap(cursor, Timestamp::MAX) else {
                continue;
            };
            left = left - count.elapsed(cursor, from)?;
            cursor = to;
        }
        count.due(cursor, left).map(Some)
    }

    /// A fixed moment: pauses do not move it, and its length is the time from the start to it.
    fn against_moment(&self, due: Timestamp) -> Limit {
        let elapsed = self.active(Count::EveryHour, self.stop).unwrap_or_default();
        let remaining = due.since(self.stop);
        Limit {
            elapsed,
            at_least: false,
            length: due.since(self.start),
            due: Some(due),
            remaining,
            late: remaining.is_negative(),
            pausable: false,
        }
    }

    fn against_length(&self, count: Count<'_>, length: Span) -> Result<Limit, WorkingTimeError> {
        let due = self.due(count, length)?;
        let ran = self.ran(count)?;
        let late = (length - ran.time).is_negative();
        Ok(Limit {
            elapsed: self.told(count, ran, late)?,
            at_least: ran.at_least,
            length,
            due,
            remaining: length - ran.time,
            late,
            pausable: true,
        })
    }

    /// How long it ran, as far as the calendar reaches.
    fn ran(&self, count: Count<'_>) -> Result<Ran, WorkingTimeError> {
        let until = self.stop.min(count.horizon());
        // What stands still beyond the calendar needs no calendar.
        let day_and_night = |until| self.active(Count::EveryHour, until);
        let known = until == self.stop || day_and_night(until)? == day_and_night(self.stop)?;
        Ok(Ran {
            time: self.active(count, until)?,
            at_least: !known,
        })
    }

    /// How long it ran, or at least how long where that is enough to know that it is late. Otherwise what it did after the
    /// calendar's last date decides, and nobody knows that.
    fn told(&self, count: Count<'_>, ran: Ran, late: bool) -> Result<Span, WorkingTimeError> {
        if ran.at_least && !late {
            self.active(count, self.stop)
        } else {
            Ok(ran.time)
        }
    }

    /// The end of a day, as pauses have moved it.
    fn against_day(
        &self,
        count: Count<'_>,
        calendar: &WorkingTime,
        day_end: Timestamp,
    ) -> Result<Limit, WorkingTimeError> {
        let ran = self.ran(count)?;
        let (due, length) = match self.day_due(count, calendar, day_end)? {
            DayDue::At(due) => (Some(due), self.active(count, due)?),
            DayDue::Open { left } => (None, ran.time + left),
        };
        // Between the end of the day and the next shift no working time passes; it is late all the same.
        let late = due.is_some_and(|due| self.stop > due);
        Ok(Limit {
            elapsed: self.told(count, ran, late)?,
            at_least: ran.at_least,
            length,
            due,
            remaining: length - ran.time,
            late,
            pausable: true,
        })
    }

    /// Each pause that begins by the deadline moves it to the end of the day on which the time then left is used up, at the
    /// earliest the day on which the pause ends.
    fn day_due(
        &self,
        count: Count<'_>,
        calendar: &WorkingTime,
        day_end: Timestamp,
    ) -> Result<DayDue, WorkingTimeError> {
        let (mut cursor, mut due) = (self.start, day_end);
        let mut left = count.elapsed(cursor, due)?;
        for pause in &self.pauses {
            let Some((from, to)) = pause.overlap(cursor, Timestamp::MAX) else {
                continue;
            };
            if from > due {
                break;
            }
            left = (left - count.elapsed(cursor, from)?).max(Span::ZERO);
            if pause.holds_at(self.stop) {
                return Ok(DayDue::Open { left });
            }
            cursor = to;
            due = due.max(calendar.end_of_day(count.due(cursor, left)?)?);
        }
        Ok(DayDue::At(due))
    }

    fn untargeted(&self, how: Option<Ending>) -> Reading {
        let status = match how {
            None => Status::UntargetedRunning,
            Some(Ending::Cancelled) => Status::Cancelled,
            Some(Ending::Stopped | Ending::HandedOver | Ending::Lapsed) => Status::UntargetedEnded,
        };
        self.without_limit(status)
    }

    fn not_evaluable(&self, how: Option<Ending>) -> Reading {
        let cancelled = how == Some(Ending::Cancelled);
        self.without_limit(if cancelled {
            Status::Cancelled
        } else {
            Status::NotEvaluable
        })
    }

    fn without_limit(&self, status: Status) -> Reading {
        let elapsed = self.active(Count::EveryHour, self.stop).unwrap_or_default();
        Reading {
            status,
            elapsed,
            at_least: false,
            due: None,
            remaining: None,
            limit: None,
        }
    }
}
