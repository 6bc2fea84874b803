//! Working calendars: worked by hand, by a slow model, by laws, and by other people's programs.

mod faults;
mod import;
mod laws;
mod model;
mod oracles;
mod worked;
mod zones;

use redress_core::Timestamp;
use redress_core::calendar::{
    Calendar, Exception, Hours, NaiveDate, Period, Schedule, Tz, Week, WorkingTime,
};

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn periods(texts: &[&str]) -> Vec<Period> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// A schedule for every date of a range, without exceptions.
pub(crate) fn schedule(first: &str, last: &str, week: Week) -> Schedule {
    Schedule {
        first: date(first),
        last: date(last),
        week,
        exceptions: [].into(),
    }
}

pub(crate) fn calendar(zone: Tz, schedule: Schedule) -> Calendar {
    Calendar {
        name: "test".to_owned(),
        version: "1".to_owned(),
        zone,
        hours: Hours::Scheduled(schedule),
    }
}

/// Every day the same periods.
pub(crate) fn daily(texts: &[&str]) -> Week {
    use redress_core::calendar::Weekday::{Sat, Sun};

    let periods = periods(texts);
    Week::monday_to_friday(&periods)
        .with(Sat, &periods)
        .with(Sun, &periods)
}

pub(crate) fn with(mut schedule: Schedule, exceptions: &[(&str, Exception)]) -> Schedule {
    for (day, exception) in exceptions {
        schedule.exceptions.insert(date(day), exception.clone());
    }
    schedule
}

pub(crate) fn counted(zone: Tz, schedule: Schedule) -> WorkingTime {
    WorkingTime::new(&calendar(zone, schedule)).unwrap()
}
