//! Working calendars: when an organisation works, and what counts as working time.
//!
//! A [`Calendar`] is plain data: a zone, the hours of a week, dates that differ, and from when to when all this was
//! published. [`WorkingTime`] is made from it and does the arithmetic; whoever holds one holds a calendar that was
//! checked. Beyond the last published date there is no answer, only an error: nobody's holidays are guessed.
//!
//! A period belongs to the day it starts on, also when it ends past midnight. A date that differs replaces the periods
//! that start on it, and leaves alone the end of a shift that began the evening before.
//!
//! Where clocks are put forward or back, a period opens at the first instant at which the local clock shows its opening
//! time or later, and closes at the first instant after which the local clock never again shows less than its closing
//! time. So an opening or a closing that is skipped moves to the first instant after the gap, and of two that come
//! twice the earlier one opens and the later one closes.
//!
//! Lists of holidays as they are published are read by [`yearly_json`] and [`all_day_icalendar`].

mod check;
mod china;
mod continued;
mod icalendar;
mod import;
mod local;
mod period;
mod published;
mod working_time;
mod yearly_json;

use std::collections::BTreeMap;

pub use chrono::{NaiveDate, Weekday};
pub use chrono_tz::Tz;

pub use check::{CalendarFault, Day, InvalidCalendar, MAX_PUBLISHED_DAYS};
pub use china::china_days;
pub use icalendar::all_day_icalendar;
pub use import::ImportError;
pub use period::{InvalidPeriod, Period};
pub use published::{DayKind, PublishedDay};
pub use working_time::{WorkingTime, WorkingTimeError};
pub use yearly_json::yearly_json;

/// When an organisation works. Unchecked; [`WorkingTime::new`] checks it.
///
/// ```
/// use redress_core::calendar::{Calendar, WorkingTime};
/// use redress_core::{Span, Timestamp};
///
/// // The last working day before the Spring Festival of 2024 was Friday 9 February; Sunday 18 February was worked.
/// let office = Calendar::china(&["09:00-12:00".parse()?, "13:30-18:00".parse()?]);
/// let working_time = WorkingTime::new(&office)?;
/// let received: Timestamp = "2024-02-09T17:00:00+08:00".parse()?;
/// let due = working_time.due(received, Span::hours(2))?;
/// assert_eq!(due, "2024-02-18T10:00:00+08:00".parse()?);
/// assert_eq!(working_time.elapsed(received, due)?, Span::hours(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// Which version of it this is; verdicts remember under which they were made.
    pub version: String,
    /// Where its days begin and end.
    pub zone: Tz,
    /// When there is work.
    pub hours: Hours,
}

/// When there is work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hours {
    /// Day and night, every day, for ever.
    Always,
    /// As published.
    Scheduled(Schedule),
}

/// Working hours as published for a range of dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// The first date it speaks of.
    pub first: NaiveDate,
    /// The last date it speaks of.
    pub last: NaiveDate,
    /// An ordinary week.
    pub week: Week,
    /// The dates that differ from an ordinary week.
    pub exceptions: BTreeMap<NaiveDate, Exception>,
}

/// How a date differs from its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exception {
    /// No work starts on it.
    Rest,
    /// It is worked, in these periods; a make-up day 调休 for instance.
    Work(Vec<Period>),
}

/// The working periods of an ordinary week.
///
/// ```
/// use redress_core::calendar::{Week, Weekday};
///
/// let office = Week::monday_to_friday(&["09:00-17:30".parse()?]).with(Weekday::Sat, &["09:00-12:00".parse()?]);
/// assert_eq!(office.periods(Weekday::Sat).len(), 1);
/// assert!(office.periods(Weekday::Sun).is_empty());
/// # Ok::<(), redress_core::calendar::InvalidPeriod>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    from_monday: [Vec<Period>; 7],
}

impl Calendar {
    /// Day and night, every day, without a last date; its days are those of UTC.
    #[must_use]
    pub fn always() -> Self {
        Self {
            name: "always".to_owned(),
            version: "1".to_owned(),
            zone: Tz::UTC,
            hours: Hours::Always,
        }
    }

    /// Monday to Friday in these periods, with China's statutory holidays and make-up days from 2016 to 2026.
    #[must_use]
    pub fn china(periods: &[Period]) -> Self {
        china::calendar(periods)
    }
}

impl Schedule {
    /// The periods that start on a date.
    #[must_use]
    pub fn periods_on(&self, date: NaiveDate) -> &[Period] {
        use chrono::Datelike as _;

        match self.exceptions.get(&date) {
            Some(Exception::Rest) => &[],
            Some(Exception::Work(periods)) => periods,
            None => self.week.periods(date.weekday()),
        }
    }
}

impl Week {
    /// A week without any work, to be filled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The same periods from Monday to Friday, and a weekend off.
    #[must_use]
    pub fn monday_to_friday(periods: &[Period]) -> Self {
        [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
        ]
        .into_iter()
        .fold(Self::new(), |week, day| week.with(day, periods))
    }

    /// The same week with other periods on one day.
    #[must_use]
    pub fn with(mut self, day: Weekday, periods: &[Period]) -> Self {
        self.from_monday[day.num_days_from_monday() as usize] = periods.to_vec();
        self
    }

    /// The periods that start on this day.
    #[must_use]
    pub fn periods(&self, day: Weekday) -> &[Period] {
        &self.from_monday[day.num_days_from_monday() as usize]
    }
}
