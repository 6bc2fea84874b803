//! A calendar made ready to count: working time between two instants, and where so much of it ends.
//!
//! Working time is kept as segments of UTC, each with the working time up to its end. Every question is then a binary
//! search and a few additions.

use std::num::NonZeroU32;

use chrono::{Days, NaiveDate, NaiveTime};

use super::check::InvalidCalendar;
use super::{Calendar, Hours, Schedule, local};
use crate::language::Language;
use crate::time::{Span, Timestamp};

/// A checked calendar, ready to count.
///
/// Intervals are half-open: a period from 9:00 to 17:00 ends before the stroke of five. Whole microseconds are counted;
/// nothing is rounded.
///
/// Two are equal when they were made from the same version of the same hours, whatever they are called.
#[derive(Clone, Debug)]
pub struct WorkingTime {
    pub(super) source: Calendar,
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) begin: Timestamp,
    pub(super) end: Timestamp,
    pub(super) segments: Segments,
    pub(super) days: WorkingDays,
}

/// Stretches of working time in order, apart from each other, none of them empty; in microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Segments {
    open: Vec<i64>,
    close: Vec<i64>,
    /// The working time of all segments up to and with this one.
    through: Vec<i64>,
}

/// The dates on which work begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WorkingDays {
    Every,
    Listed(Vec<NaiveDate>),
}

/// Why working time cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkingTimeError {
    /// The end of an interval lies before its start.
    #[error(
        "the interval ends at {to}, before it starts at {from}; give the earlier instant first"
    )]
    Reversed {
        /// The start.
        from: Timestamp,
        /// The end.
        to: Timestamp,
    },
    /// A deadline was asked for that lies before its start.
    #[error("a working time of {span} is less than nothing; give a positive one")]
    NegativeSpan {
        /// The length asked for.
        span: Span,
    },
    /// The answer depends on days before the calendar begins.
    #[error(
        "calendar `{calendar}` begins on {first} and says nothing about {at}; use one that reaches further back"
    )]
    BeforeFirst {
        /// The calendar's name.
        calendar: String,
        /// Its first date.
        first: NaiveDate,
        /// The instant asked about.
        at: Timestamp,
    },
    /// The answer depends on days after the last published one.
    #[error(
        "calendar `{calendar}` is published up to {last} and the answer lies beyond; add the days that follow"
    )]
    AfterLast {
        /// The calendar's name.
        calendar: String,
        /// Its last date.
        last: NaiveDate,
    },
}

impl WorkingTimeError {
    /// Whether the calendar does not reach far enough, while the question makes sense.
    #[must_use]
    pub const fn is_beyond_horizon(&self) -> bool {
        match self {
            Self::BeforeFirst { .. } | Self::AfterLast { .. } => true,
            Self::Reversed { .. } | Self::NegativeSpan { .. } => false,
        }
    }
}

impl WorkingTime {
    /// Checks a calendar and makes it ready to count.
    ///
    /// What a shift works after midnight of the last date, or worked from the eve of the first, is not counted: those
    /// dates are not published.
    ///
    /// # Errors
    ///
    /// [`InvalidCalendar`] with everything that is wrong with it.
    pub fn new(calendar: &Calendar) -> Result<Self, InvalidCalendar> {
        calendar.check()?;
        Ok(match &calendar.hours {
            Hours::Always => Self::always(calendar.clone()),
            Hours::Scheduled(schedule) => Self::scheduled(calendar.clone(), schedule),
        })
    }

    /// The calendar it was made from.
    #[must_use]
    pub const fn source(&self) -> &Calendar {
        &self.source
    }

    /// The end of the last date it speaks of; nothing is told beyond it.
    #[must_use]
    pub const fn horizon(&self) -> Timestamp {
        self.end
    }

    /// Day and night, every day; its days are those of UTC.
    #[must_use]
    pub fn every_hour() -> Self {
        Self::always(Calendar::always())
    }

    /// An instant as people of its zone write it, to the minute; where the zone is UTC, that is said.
    pub(crate) fn local_text(&self, at: Timestamp, language: Language) -> String {
        let local = at
            .to_chrono()
            .with_timezone(&self.source.zone)
            .naive_local();
        self.written(local.date(), &local.format("%H:%M").to_string(), language)
    }

    /// The same for a deadline: midnight is the end of a day, and not the begin of the next one.
    pub(crate) fn deadline_text(&self, at: Timestamp, language: Language) -> String {
        let local = at
            .to_chrono()
            .with_timezone(&self.source.zone)
            .naive_local();
        match local.date().pred_opt() {
            Some(day) if local.time() == NaiveTime::MIN => self.written(day, "24:00", language),
            Some(_) | None => self.local_text(at, language),
        }
    }

    fn written(&self, date: NaiveDate, time: &str, language: Language) -> String {
        let form = match language {
            Language::English => "%-d %B %Y,",
            Language::Chinese => "%Y年%-m月%-d日",
        };
        let zone = if self.source.zone == chrono_tz::Tz::UTC {
            " UTC"
        } else {
            ""
        };
        format!("{} {time}{zone}", date.format(form))
    }

    /// The date that its zone shows at an instant; told beyond its last date too.
    #[must_use]
    pub fn date_at(&self, at: Timestamp) -> NaiveDate {
        local::date_at(self.source.zone, at)
    }

    /// When a date begins in its zone; `None` outside the years 1 to 9999.
    ///
    /// ```
    /// use redress_core::WorkingTime;
    /// use redress_core::calendar::{Calendar, Hours, Tz};
    ///
    /// let calendar = Calendar {
    ///     name: "office".into(),
    ///     version: "2026".into(),
    ///     zone: Tz::Asia__Shanghai,
    ///     hours: Hours::Always,
    /// };
    /// let time = WorkingTime::new(&calendar)?;
    /// let start = "2026-03-01T16:00:00Z".parse()?;
    /// assert_eq!(time.date_at(start).to_string(), "2026-03-02");
    /// assert_eq!(time.start_of_day(time.date_at(start)), Some(start));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn start_of_day(&self, date: NaiveDate) -> Option<Timestamp> {
        local::start_of_day(self.source.zone, date)
    }

    fn always(source: Calendar) -> Self {
        let zone = source.zone;
        let (begin, end) = (Timestamp::MIN, Timestamp::MAX);
        let mut segments = Segments::default();
        segments.push(begin.as_micros(), end.as_micros());
        Self {
            source,
            first: local::date_at(zone, begin),
            last: local::date_at(zone, end),
            begin,
            end,
            segments,
            days: WorkingDays::Every,
        }
    }

    fn scheduled(source: Calendar, schedule: &Schedule) -> Self {
        let zone = source.zone;
        // The check keeps the range where every day begins and ends at an instant.
        let begin = local::start_of_day(zone, schedule.first).unwrap_or(Timestamp::MIN);
        let end = local::end_of_day(zone, schedule.last).unwrap_or(Timestamp::MAX);
        let mut segments = Segments::default();
        let mut days = Vec::new();
        let dates = schedule
            .first
            .iter_days()
            .take_while(|date| *date <= schedule.last);
        for date in dates {
            let mut periods = schedule.periods_on(date).to_vec();
            periods.sort_unstable();
            let mut worked = false;
            for period in periods {
                let Some((open, close)) = local::bounds(zone, date, period) else {
                    continue;
                };
                worked |= segments.push(open.as_micros(), close.min(end).as_micros());
            }
            if worked {
                days.push(date);
            }
        }
        Self {
            source,
            first: schedule.first,
            last: schedule.last,
            begin,
            end,
            segments,
            days: WorkingDays::Listed(days),
        }
    }

    /// The working time from one instant to a later one.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError::Reversed`] when `to` lies before `from`, [`WorkingTimeError::BeforeFirst`] or
    /// [`WorkingTimeError::AfterLast`] when either lies outside what is published.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> Result<Span, WorkingTimeError> {
        if to < from {
            return Err(WorkingTimeError::Reversed { from, to });
        }
        self.covers(from)?;
        self.covers(to)?;
        let worked = self.segments.worked_until(to.as_micros())
            - self.segments.worked_until(from.as_micros());
        Ok(Span::micros(worked))
    }

    /// The first instant by which so much working time has passed since `start`.
    ///
    /// A deadline that falls on the end of a shift is that end, not the next opening. From outside working time the
    /// clock begins at the next opening. No working time at all is due at once, at `start`.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError::NegativeSpan`], [`WorkingTimeError::BeforeFirst`] when the start lies before the calendar
    /// begins, [`WorkingTimeError::AfterLast`] when the start or the answer lies after the last published date.
    pub fn due(&self, start: Timestamp, span: Span) -> Result<Timestamp, WorkingTimeError> {
        if span.is_negative() {
            return Err(WorkingTimeError::NegativeSpan { span });
        }
        self.covers(start)?;
        if span == Span::ZERO {
            return Ok(start);
        }
        self.segments
            .worked_until(start.as_micros())
            .checked_add(span.as_micros())
            .and_then(|goal| self.segments.instant_of(goal))
            .and_then(|micros| Timestamp::from_micros(micros).ok())
            .ok_or_else(|| self.after_last())
    }

    /// The end of the n-th working day after the day of `start`, by the calendar's zone.
    ///
    /// The day of `start` is not counted, whether it is worked or not. A working day is a date on which a period
    /// begins. Its end is midnight, also when the shift ends earlier or later.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError::BeforeFirst`] when the start lies before the calendar begins,
    /// [`WorkingTimeError::AfterLast`] when the start or the n-th day lies after the last published date.
    pub fn due_working_days(
        &self,
        start: Timestamp,
        days: NonZeroU32,
    ) -> Result<Timestamp, WorkingTimeError> {
        self.covers(start)?;
        match &self.days {
            WorkingDays::Every => self.due_calendar_days(start, days),
            WorkingDays::Listed(dates) => {
                let today = local::date_at(self.source.zone, start);
                let before = dates.partition_point(|date| *date <= today);
                usize::try_from(days.get() - 1)
                    .ok()
                    .and_then(|further| dates.get(before.checked_add(further)?))
                    .and_then(|date| local::end_of_day(self.source.zone, *date))
                    .ok_or_else(|| self.after_last())
            }
        }
    }

    /// The end of the n-th day after the day of `start`, worked or not, by the calendar's zone.
    ///
    /// The day of `start` is not counted. The zone alone answers, so days that were not published count as well.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError::AfterLast`] when the n-th day lies after the year 9999.
    pub fn due_calendar_days(
        &self,
        start: Timestamp,
        days: NonZeroU32,
    ) -> Result<Timestamp, WorkingTimeError> {
        local::date_at(self.source.zone, start)
            .checked_add_days(Days::new(u64::from(days.get())))
            .and_then(|date| local::end_of_day(self.source.zone, date))
            .ok_or_else(|| WorkingTimeError::AfterLast {
                calendar: self.source.name.clone(),
                last: local::date_at(self.source.zone, Timestamp::MAX),
            })
    }

    /// The end of the day, by the calendar's zone, that an instant lies in; midnight is the end of the day before it.
    ///
    /// # Errors
    ///
    /// [`WorkingTimeError::AfterLast`] when the day ends after the year 9999.
    pub fn end_of_day(&self, at: Timestamp) -> Result<Timestamp, WorkingTimeError> {
        let date = local::date_at(self.source.zone, at + Span::micros(-1));
        local::end_of_day(self.source.zone, date).ok_or_else(|| self.after_last())
    }

    fn covers(&self, at: Timestamp) -> Result<(), WorkingTimeError> {
        if at < self.begin {
            return Err(WorkingTimeError::BeforeFirst {
                calendar: self.source.name.clone(),
                first: self.first,
                at,
            });
        }
        if at > self.end {
            return Err(self.after_last());
        }
        Ok(())
    }

    fn after_last(&self) -> WorkingTimeError {
        WorkingTimeError::AfterLast {
            calendar: self.source.name.clone(),
            last: self.last,
        }
    }
}

impl Segments {
    /// Adds a stretch that opens no earlier than the ones before; whether it had any length.
    ///
    /// Where clocks are put back, a shift may open by the first of two equal hours while the one before closes by the
    /// second. What they share is counted once.
    pub(super) fn push(&mut self, open: i64, close: i64) -> bool {
        if close <= open {
            return false;
        }
        match self.close.last_mut() {
            Some(last) if open <= *last => {
                let more = close.saturating_sub(*last).max(0);
                *last += more;
                if let Some(through) = self.through.last_mut() {
                    *through += more;
                }
            }
            Some(_) | None => {
                let before = self.through.last().copied().unwrap_or(0);
                self.open.push(open);
                self.close.push(close);
                self.through.push(before + (close - open));
            }
        }
        true
    }

    /// Each with its opening and closing.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i64, i64)> {
        self.open.iter().copied().zip(self.close.iter().copied())
    }

    /// Whether there is work up to this instant, and no longer.
    pub(super) fn ends_at(&self, at: i64) -> bool {
        self.close.last() == Some(&at)
    }

    /// The working time before an instant.
    fn worked_until(&self, at: i64) -> i64 {
        let begun = self.open.partition_point(|open| *open <= at);
        match begun.checked_sub(1) {
            None => 0,
            Some(last) => self.through[last] - (self.close[last] - at).max(0),
        }
    }

    /// The first instant before which so much time was worked, more than nothing; `None` if there is never so much.
    fn instant_of(&self, worked: i64) -> Option<i64> {
        let segment = self.through.partition_point(|through| *through < worked);
        let through = self.through.get(segment)?;
        Some(self.close[segment] - (through - worked))
    }
}
