//! China's statutory holidays with their make-up workdays 调休, as the State Council published them.

use chrono::NaiveDate;
use serde::Deserialize;

use super::period::Period;
use super::published::{DayKind, PublishedDay};
use super::{Calendar, Hours, Schedule, Week};

const DATA: &str = include_str!("../../data/china_holidays.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    first: NaiveDate,
    last: NaiveDate,
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    #[serde(rename = "year")]
    _year: i32,
    #[serde(rename = "notice")]
    _notices: Vec<Notice>,
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    #[serde(rename = "title")]
    _title: String,
    #[serde(rename = "number")]
    _number: String,
    #[serde(rename = "dated")]
    _dated: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    #[serde(default)]
    work: Vec<NaiveDate>,
}

/// The days off and the make-up days of China's statutory holidays from 2016 to 2026, in order.
///
/// ```
/// use redress_core::calendar::{DayKind, china_days};
///
/// let days = china_days();
/// let of_2026 = days.iter().filter(|day| day.date.to_string().starts_with("2026"));
/// let (off, worked): (Vec<_>, Vec<_>) = of_2026.partition(|day| day.kind == DayKind::Rest);
/// assert_eq!((off.len(), worked.len()), (33, 6));
/// ```
#[must_use]
pub fn china_days() -> Vec<PublishedDay> {
    days(&file())
}

pub(crate) fn calendar(periods: &[Period]) -> Calendar {
    let file = file();
    let exceptions = days(&file)
        .into_iter()
        .map(|day| (day.date, day.exception(periods)))
        .collect();
    Calendar {
        name: "china".to_owned(),
        version: file.version,
        zone: chrono_tz::Asia::Shanghai,
        hours: Hours::Scheduled(Schedule {
            first: file.first,
            last: file.last,
            week: Week::monday_to_friday(periods),
            exceptions,
        }),
    }
}

fn days(file: &File) -> Vec<PublishedDay> {
    let mut days: Vec<_> = file
        .year
        .iter()
        .flat_map(|year| year.holiday.iter().flat_map(Holiday::days))
        .collect();
    days.sort_unstable_by_key(|day| day.date);
    days
}

impl Holiday {
    fn days(&self) -> impl Iterator<Item = PublishedDay> {
        let off = self.from.iter_days().take_while(|date| *date <= self.to);
        let worked = self.work.iter().copied();
        off.map(|date| self.day(date, DayKind::Rest))
            .chain(worked.map(|date| self.day(date, DayKind::Work)))
    }

    fn day(&self, date: NaiveDate, kind: DayKind) -> PublishedDay {
        PublishedDay {
            date,
            name: self.name.clone(),
            kind,
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "a constant of this crate, read by every test that uses the calendar"
)]
fn file() -> File {
    toml::from_str(DATA).expect("the built-in list of holidays is well formed")
}
