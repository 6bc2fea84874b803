//! Clocks by the minute: slow, and too simple to be wrong.
//!
//! A month is one yes or no for each minute. A clock walks through it; a pause is a stretch it does not count.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use crate::calendar::{
    Calendar, Exception, Hours, NaiveDate, Period, Schedule, Tz, Week, WorkingTime,
};
use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Reading, Status, Target, Terms};
use crate::event::PauseReason;
use crate::{Cycle, Policy, Span, Timestamp};

pub(super) const DAYS: usize = 20;
pub(super) const DAY: usize = 24 * 60;
/// The minute after the last published one.
pub(super) const HORIZON: usize = DAYS * DAY;

/// A month of work: for each day its periods, in minutes of the day.
#[derive(Clone, Debug)]
pub(super) struct Month(pub(super) Vec<Vec<(u16, u16)>>);

/// A pause from a minute up to a minute, or without an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Still {
    pub(super) from: usize,
    pub(super) to: Option<usize>,
}

/// A clock with all that happens to it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) month: Month,
    pub(super) start: usize,
    pub(super) limit: Length,
    pub(super) pauses: Vec<Still>,
    pub(super) end: Option<usize>,
    pub(super) now: usize,
}

/// A limit, in minutes or days.
#[derive(Clone, Copy, Debug)]
pub(super) enum Length {
    Elapsed(usize),
    Working(usize),
    WorkingDays(u32),
    CalendarDays(u32),
}

/// What the model finds, in minutes; nothing where the calendar ends too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) status: Status,
    pub(super) elapsed: i64,
    pub(super) due: Option<usize>,
    pub(super) remaining: i64,
}

pub(super) fn moment(minute: usize) -> Timestamp {
    let first: Timestamp = "2026-03-01T00:00:00+08:00".parse().unwrap();
    first + Span::minutes(i64::try_from(minute).unwrap())
}

impl Month {
    pub(super) fn policy(&self) -> Policy {
        let first: NaiveDate = "2026-03-01".parse().unwrap();
        let period = |(from, to): &(u16, u16)| -> Period {
            let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
            format!("{}-{}", clock(*from), clock(*to)).parse().unwrap()
        };
        let exceptions: BTreeMap<NaiveDate, Exception> = first
            .iter_days()
            .zip(&self.0)
            .map(|(date, periods)| {
                let periods: Vec<Period> = periods.iter().map(period).collect();
                let exception = if periods.is_empty() {
                    Exception::Rest
                } else {
                    Exception::Work(periods)
                };
                (date, exception)
            })
            .collect();
        let calendar = Calendar {
            name: "month".to_owned(),
            version: "1".to_owned(),
            zone: Tz::Asia__Shanghai,
            hours: Hours::Scheduled(Schedule {
                first,
                last: *exceptions.keys().last().unwrap(),
                // Every date differs, so that no ordinary day is ever looked at.
                week: Week::monday_to_friday(&["09:00-17:00".parse().unwrap()]),
                exceptions,
            }),
        };
        let name: crate::Label = "month".parse().unwrap();
        let counted = Arc::new(WorkingTime::new(&calendar).unwrap());
        Policy {
            calendars: [(name.clone(), counted)].into(),
            calendar: Some(name),
            ..Policy::standard()
        }
    }

    fn works(&self, minute: usize) -> bool {
        // Nothing is known of what lies beyond; nothing of it counts.
        let day = self.0.get(minute / DAY);
        day.into_iter()
            .flatten()
            .any(|(from, to)| (usize::from(*from)..usize::from(*to)).contains(&(minute % DAY)))
    }
}

impl Case {
    /// What the clock itself says.
    pub(super) fn read(&self) -> Reading {
        let (clock, pauses) = self.facts();
        clock.read(&pauses, &self.month.policy(), moment(self.now))
    }

    pub(super) fn facts(&self) -> (Clock, Vec<Pause>) {
        let days = |days| NonZeroU32::new(days).unwrap();
        let minutes = |minutes| Span::minutes(i64::try_from(minutes).unwrap());
        let target = match self.limit {
            Length::Elapsed(length) => Target::Elapsed(minutes(length)),
            Length::Working(length) => Target::WorkingTime(minutes(length)),
            Length::WorkingDays(count) => Target::WorkingDays(days(count)),
            Length::CalendarDays(count) => Target::CalendarDays(days(count)),
        };
        let end = self.end.map(|end| ClockEnd {
            at: moment(end),
            how: Ending::Stopped,
            lead: None,
        });
        let clock = Clock {
            own_target: Some(target),
            end,
            ..Clock::start(
                ClockKind::Resolution,
                Cycle::FIRST,
                moment(self.start),
                Terms::UNCLASSIFIED,
            )
        };
        let pauses = self.pauses.iter().map(|still| Pause {
            reason: PauseReason::AwaitingCustomer,
            from: moment(still.from),
            until: still.to.map(moment),
            ended_at: None,
        });
        (clock, pauses.collect())
    }

    /// The moment the reading is about: now, or the end if that came before.
    pub(super) fn stop(&self) -> usize {
        self.end.map_or(self.now, |end| end.min(self.now))
    }

    pub(super) fn has_ended(&self) -> bool {
        self.end.is_some_and(|end| end <= self.now)
    }

    /// The pauses that had begun; of facts at one moment the end of a clock comes before a pause.
    fn begun(&self) -> impl Iterator<Item = Still> + '_ {
        self.pauses.iter().copied().filter(|still| {
            let begun = if self.has_ended() {
                still.from < self.stop()
            } else {
                still.from <= self.now
            };
            begun && still.to.is_none_or(|to| to > still.from)
        })
    }

    fn pause_in(&self, minute: usize) -> Option<Still> {
        self.begun()
            .find(|still| still.from <= minute && still.to.is_none_or(|to| minute < to))
    }

    pub(super) fn is_paused(&self) -> bool {
        self.pause_in(self.stop()).is_some()
    }

    fn counts(&self, minute: usize) -> bool {
        match self.limit {
            Length::Elapsed(_) | Length::CalendarDays(_) => true,
            Length::Working(_) | Length::WorkingDays(_) => self.month.works(minute),
        }
    }

    fn ends_with_the_calendar(&self) -> bool {
        match self.limit {
            Length::Elapsed(_) | Length::CalendarDays(_) => false,
            Length::Working(_) | Length::WorkingDays(_) => true,
        }
    }

    /// The minutes counted from one moment to another, pauses taken out.
    pub(super) fn active(&self, from: usize, to: usize) -> usize {
        (from..to)
            .filter(|minute| self.counts(*minute) && self.pause_in(*minute).is_none())
            .count()
    }

    /// Walks from a moment until so many minutes are counted, through pauses or not; nothing past the calendar.
    fn walk(&self, from: usize, mut left: usize) -> Option<usize> {
        let mut minute = from;
        while left > 0 {
            if self.ends_with_the_calendar() && minute >= HORIZON {
                return None;
            }
            left -= usize::from(self.counts(minute));
            minute += 1;
        }
        Some(minute)
    }

    pub(super) fn found(&self) -> Option<Found> {
        let found = self.found_as_far_as_known()?;
        let late = matches!(found.status, Status::Missed | Status::Overdue);
        (late || !self.is_at_least()).then_some(found)
    }

    /// Whether it ran on where the calendar says nothing any more.
    pub(super) fn is_at_least(&self) -> bool {
        self.ends_with_the_calendar()
            && (HORIZON..self.stop()).any(|minute| self.pause_in(minute).is_none())
    }

    fn found_as_far_as_known(&self) -> Option<Found> {
        if self.ends_with_the_calendar() && self.start > HORIZON {
            return None;
        }
        match self.limit {
            Length::Elapsed(length) | Length::Working(length) => self.found_by_length(length),
            Length::WorkingDays(days) => {
                let today = self.start / DAY;
                let day = (today + 1..DAYS)
                    .filter(|day| !self.month.0[*day].is_empty())
                    .nth(usize::try_from(days).unwrap() - 1)?;
                self.found_by_day((day + 1) * DAY)
            }
            Length::CalendarDays(days) => {
                let day = self.start / DAY + usize::try_from(days).unwrap();
                self.found_by_day((day + 1) * DAY)
            }
        }
    }

    /// Due when so many minutes are counted. A pause that begins by then is waited for.
    fn found_by_length(&self, length: usize) -> Option<Found> {
        let (mut minute, mut left) = (self.start, length);
        let due = loop {
            if let Some(still) = self.pause_in(minute) {
                // Also while it stands still: is it due within the calendar, if it goes on at once?
                self.walk(minute, left)?;
                match still.to.filter(|to| *to <= self.stop()) {
                    Some(to) => minute = to,
                    None => break None,
                }
            } else if left == 0 {
                break Some(minute);
            } else if self.ends_with_the_calendar() && minute >= HORIZON {
                return None;
            } else {
                left -= usize::from(self.counts(minute));
                minute += 1;
            }
        };
        let elapsed = self.active(self.start, self.stop());
        Some(self.judged(elapsed, length, due, elapsed > length))
    }

    /// Due at the end of a day. A pause that begins by then leaves what is left for afterwards.
    fn found_by_day(&self, day_end: usize) -> Option<Found> {
        let elapsed = self.active(self.start, self.stop());
        let mut due = day_end;
        for still in self
            .begun()
            .filter(|still| still.to.is_none_or(|to| to > self.start))
        {
            if still.from > due {
                break;
            }
            let used = self.active(self.start, still.from.max(self.start));
            let first_length = (self.start..day_end)
                .filter(|minute| self.counts(*minute))
                .count();
            let left = first_length.saturating_sub(used);
            let Some(to) = still.to.filter(|to| *to <= self.stop()) else {
                return Some(self.judged(elapsed, elapsed + left, None, false));
            };
            let made_up = self.walk(to, left)?;
            due = due.max(made_up.div_ceil(DAY) * DAY);
        }
        let length = self.active(self.start, due);
        Some(self.judged(elapsed, length, Some(due), self.stop() > due))
    }

    fn judged(&self, elapsed: usize, length: usize, due: Option<usize>, late: bool) -> Found {
        let status = match (self.has_ended(), late) {
            (true, true) => Status::Missed,
            (true, false) => Status::Met,
            (false, true) => Status::Overdue,
            (false, false) if self.is_paused() => Status::Paused,
            (false, false) if elapsed * 100 >= length * 80 => Status::AtRisk,
            (false, false) => Status::OnTrack,
        };
        let signed = |minutes: usize| i64::try_from(minutes).unwrap();
        Found {
            status,
            elapsed: signed(elapsed),
            due,
            remaining: signed(length) - signed(elapsed),
        }
    }
}
