//! What a calendar must be before anything is counted by it.

use std::fmt;

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::period::{DAY_MINUTES, Period};
use super::{Calendar, Exception, Hours, Schedule, Week};

/// The longest range of dates a calendar can speak of: a century.
pub const MAX_PUBLISHED_DAYS: i64 = 36_525;

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// A calendar that cannot be counted by, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidCalendar {
    /// The calendar's name.
    pub calendar: String,
    /// What is wrong: first the range, then the week from Monday on, then the exceptions by date. Never empty.
    pub faults: Vec<CalendarFault>,
}

impl std::error::Error for InvalidCalendar {}

impl fmt::Display for InvalidCalendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "calendar `{}` cannot be used", self.calendar)?;
        self.faults
            .iter()
            .enumerate()
            .try_for_each(|(index, fault)| {
                write!(f, "{} {fault}", if index == 0 { ":" } else { ";" })
            })
    }
}

/// Which day a fault was found on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// A day of the ordinary week.
    Weekday(Weekday),
    /// A date that differs, or one beside it.
    Date(NaiveDate),
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekday(Weekday::Mon) => f.write_str("Monday"),
            Self::Weekday(Weekday::Tue) => f.write_str("Tuesday"),
            Self::Weekday(Weekday::Wed) => f.write_str("Wednesday"),
            Self::Weekday(Weekday::Thu) => f.write_str("Thursday"),
            Self::Weekday(Weekday::Fri) => f.write_str("Friday"),
            Self::Weekday(Weekday::Sat) => f.write_str("Saturday"),
            Self::Weekday(Weekday::Sun) => f.write_str("Sunday"),
            Self::Date(date) => date.fmt(f),
        }
    }
}

/// One thing that is wrong with a calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarFault {
    /// The last date lies before the first.
    #[error(
        "its last date {last} lies before its first date {first}; give the earlier date as the first"
    )]
    RangeInverted {
        /// The first date.
        first: NaiveDate,
        /// The last date.
        last: NaiveDate,
    },
    /// It speaks of more than a century.
    #[error(
        "it runs from {first} to {last}, longer than {MAX_PUBLISHED_DAYS} days; give dates that were published"
    )]
    RangeTooLong {
        /// The first date.
        first: NaiveDate,
        /// The last date.
        last: NaiveDate,
    },
    /// A first or last date that no instant can be written for.
    #[error("{date} lies outside the years 2 to 9998; give a date that was published")]
    YearOutOfRange {
        /// The date.
        date: NaiveDate,
    },
    /// No weekday is ever worked.
    #[error("no weekday has a working period; give at least one")]
    EmptyWeek,
    /// A period that opens at 24:00 or later.
    #[error("{day}: {period} opens at 24:00 or later; give it to the day on which it opens")]
    OpensTooLate {
        /// The day.
        day: Day,
        /// The period.
        period: Period,
    },
    /// A period that closes when it opens, or before.
    #[error("{day}: {period} closes no later than it opens; a whole day is 00:00-24:00")]
    NoLength {
        /// The day.
        day: Day,
        /// The period.
        period: Period,
    },
    /// A period longer than a day.
    #[error("{day}: {period} is longer than 24 hours; divide it among the days")]
    LongerThanADay {
        /// The day.
        day: Day,
        /// The period.
        period: Period,
    },
    /// Two periods of one day, or of two days in a row, that share time.
    #[error(
        "{day}: {period} overlaps {other} of {other_day}; close the first no later than the second opens"
    )]
    Overlap {
        /// The day of the earlier period.
        day: Day,
        /// The earlier period.
        period: Period,
        /// The day of the later period.
        other_day: Day,
        /// The later period.
        other: Period,
    },
    /// A date that differs, but that the calendar does not speak of.
    #[error(
        "{date} is an exception outside the published dates {first} to {last}; leave it out or publish more"
    )]
    ExceptionOutside {
        /// The exception's date.
        date: NaiveDate,
        /// The first published date.
        first: NaiveDate,
        /// The last published date.
        last: NaiveDate,
    },
    /// A date said to be worked, without any period.
    #[error("{date} is to be worked but has no period; give one, or make it a day of rest")]
    WorkWithoutPeriod {
        /// The date.
        date: NaiveDate,
    },
}

impl Calendar {
    /// Everything that is wrong with it; nothing if it can be counted by.
    ///
    /// # Errors
    ///
    /// [`InvalidCalendar`] with all faults.
    pub fn check(&self) -> Result<(), InvalidCalendar> {
        let faults = match &self.hours {
            Hours::Always => Vec::new(),
            Hours::Scheduled(schedule) => schedule.faults(),
        };
        if faults.is_empty() {
            return Ok(());
        }
        Err(InvalidCalendar {
            calendar: self.name.clone(),
            faults,
        })
    }
}

impl Schedule {
    fn faults(&self) -> Vec<CalendarFault> {
        let mut faults = Vec::new();
        self.check_range(&mut faults);
        self.week.check(&mut faults);
        for (date, exception) in &self.exceptions {
            self.check_exception(*date, exception, &mut faults);
        }
        faults
    }

    fn check_range(&self, faults: &mut Vec<CalendarFault>) {
        let (first, last) = (self.first, self.last);
        let unwritable = [first, last]
            .into_iter()
            .filter(|date| !(2..=9998).contains(&date.year()));
        faults.extend(unwritable.map(|date| CalendarFault::YearOutOfRange { date }));
        if last < first {
            faults.push(CalendarFault::RangeInverted { first, last });
        } else if (last - first).num_days() >= MAX_PUBLISHED_DAYS {
            faults.push(CalendarFault::RangeTooLong { first, last });
        }
    }

    fn check_exception(
        &self,
        date: NaiveDate,
        exception: &Exception,
        faults: &mut Vec<CalendarFault>,
    ) {
        let (first, last) = (self.first, self.last);
        if first <= last && !(first..=last).contains(&date) {
            faults.push(CalendarFault::ExceptionOutside { date, first, last });
            return;
        }
        if let Exception::Work(periods) = exception {
            if periods.is_empty() {
                faults.push(CalendarFault::WorkWithoutPeriod { date });
            }
            check_day(Day::Date(date), periods, faults);
        }
        let published = |date: &NaiveDate| (first..=last).contains(date);
        if let Some(eve) = date.pred_opt().filter(published) {
            self.check_midnight(eve, date, faults);
        }
        // The other midnight of a run of exceptions is checked when the next one comes.
        let next = date.succ_opt().filter(published);
        if let Some(next) = next.filter(|next| !self.exceptions.contains_key(next)) {
            self.check_midnight(date, next, faults);
        }
    }

    fn check_midnight(&self, eve: NaiveDate, next: NaiveDate, faults: &mut Vec<CalendarFault>) {
        let evening = (Day::Date(eve), self.periods_on(eve));
        let morning = (Day::Date(next), self.periods_on(next));
        faults.extend(overlap_at_midnight(evening, morning));
    }
}

impl Week {
    fn check(&self, faults: &mut Vec<CalendarFault>) {
        if WEEKDAYS.iter().all(|day| self.periods(*day).is_empty()) {
            faults.push(CalendarFault::EmptyWeek);
        }
        for day in WEEKDAYS {
            let next = day.succ();
            check_day(Day::Weekday(day), self.periods(day), faults);
            let evening = (Day::Weekday(day), self.periods(day));
            let morning = (Day::Weekday(next), self.periods(next));
            faults.extend(overlap_at_midnight(evening, morning));
        }
    }
}

fn check_day(day: Day, periods: &[Period], faults: &mut Vec<CalendarFault>) {
    faults.extend(periods.iter().filter_map(|period| unsound(day, *period)));
    let mut sound = sound_periods(periods);
    sound.sort_unstable();
    let mut latest: Option<Period> = None;
    for other in sound {
        if let Some(period) = latest.filter(|period| other.from_minute < period.to_minute) {
            faults.push(CalendarFault::Overlap {
                day,
                period,
                other_day: day,
                other,
            });
        }
        latest = latest
            .filter(|period| period.to_minute > other.to_minute)
            .or(Some(other));
    }
}

fn unsound(day: Day, period: Period) -> Option<CalendarFault> {
    if period.from_minute >= DAY_MINUTES {
        Some(CalendarFault::OpensTooLate { day, period })
    } else if period.to_minute <= period.from_minute {
        Some(CalendarFault::NoLength { day, period })
    } else if period.to_minute - period.from_minute > DAY_MINUTES {
        Some(CalendarFault::LongerThanADay { day, period })
    } else {
        None
    }
}

fn sound_periods(periods: &[Period]) -> Vec<Period> {
    // On which day a period lies makes no difference to whether it is sound.
    let any_day = Day::Weekday(Weekday::Mon);
    periods
        .iter()
        .copied()
        .filter(|period| unsound(any_day, *period).is_none())
        .collect()
}

/// A shift that ends past midnight against the first one of the next day.
fn overlap_at_midnight(
    (day, evening): (Day, &[Period]),
    (other_day, morning): (Day, &[Period]),
) -> Option<CalendarFault> {
    let last = sound_periods(evening)
        .into_iter()
        .max_by_key(|period| period.to_minute)?;
    let first = sound_periods(morning).into_iter().min()?;
    let shared = first.from_minute + DAY_MINUTES < last.to_minute;
    shared.then_some(CalendarFault::Overlap {
        day,
        period: last,
        other_day,
        other: first,
    })
}
