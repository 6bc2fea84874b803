//! The same questions answered by other people's programs; `tests/oracles` at the root says how.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use redress_core::calendar::{Calendar, DayKind, NaiveDate, Weekday, WorkingTime, china_days};
use redress_core::{Span, Timestamp};

use super::{at, date, periods};

const DAYS: &str = include_str!("../../data/calendar_china_days.csv");
const BUSINESS_HOURS: &str = include_str!("../../data/calendar_business_hours.csv");
const BUSINESS_DAYS: &str = include_str!("../../data/calendar_business_days.csv");

fn rows<const COLUMNS: usize>(text: &'static str) -> Vec<[&'static str; COLUMNS]> {
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<_> = line.split(',').collect();
            cells.try_into().unwrap()
        })
        .collect()
}

fn in_china(local: &str) -> Timestamp {
    at(&format!("{local}+08:00"))
}

fn china(shift: &[&str]) -> WorkingTime {
    WorkingTime::new(&Calendar::china(&periods(shift))).unwrap()
}

#[test]
fn every_day_from_2016_to_2026_is_as_two_published_packages_say() {
    use redress_core::calendar::{Hours, Week};

    let published: BTreeMap<NaiveDate, DayKind> = china_days()
        .into_iter()
        .map(|day| (day.date, day.kind))
        .collect();
    let week = Week::monday_to_friday(&periods(&["09:00-17:00"]));
    let Hours::Scheduled(schedule) = Calendar::china(&periods(&["09:00-17:00"])).hours else {
        panic!("China's calendar is published for a range of dates");
    };
    let rows = rows::<3>(DAYS);
    assert_eq!(rows.len(), 4018);
    for [day, chinese_calendar, holidays] in rows {
        let day = date(day);
        let worked = match published.get(&day) {
            Some(kind) => *kind == DayKind::Work,
            None => !week.periods(weekday(day)).is_empty(),
        };
        assert_eq!(chinese_calendar == "1", worked, "{day} by chinesecalendar");
        assert_eq!(holidays == "1", worked, "{day} by holidays");
        assert_eq!(
            !schedule.periods_on(day).is_empty(),
            worked,
            "{day} in the calendar"
        );
    }
}

fn weekday(day: NaiveDate) -> Weekday {
    use redress_core::calendar::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

    // 1 January 2016 was a Friday.
    let after = day.signed_duration_since(date("2016-01-01")).num_days();
    [Fri, Sat, Sun, Mon, Tue, Wed, Thu][usize::try_from(after.rem_euclid(7)).unwrap()]
}

#[test]
fn the_list_of_holidays_names_each_day_once_and_only_where_it_matters() {
    let days = china_days();
    assert!(days.windows(2).all(|pair| pair[0].date < pair[1].date));
    for day in &days {
        let weekend = matches!(weekday(day.date), Weekday::Sat | Weekday::Sun);
        assert!(
            weekend || day.kind == DayKind::Rest,
            "{} is a make-up day on a weekday",
            day.date
        );
    }
}

#[test]
fn deadlines_agree_with_pandas() {
    let shifts: BTreeMap<&str, WorkingTime> = [
        ("office", china(&["09:00-12:00", "13:30-18:00"])),
        ("night", china(&["22:00-06:00"])),
        ("evening", china(&["16:00-24:00"])),
    ]
    .into();
    let (mut same, mut at_an_opening) = (0, 0);
    for [shift, start, hours, due] in rows::<4>(BUSINESS_HOURS) {
        let working_time = &shifts[shift];
        let span = Span::hours(hours.parse().unwrap());
        let (start, theirs) = (in_china(start), in_china(due));
        let ours = working_time.due(start, span).unwrap();
        assert_eq!(
            working_time.elapsed(start, theirs),
            Ok(span),
            "{shift} {start} {hours} h"
        );
        if ours == theirs {
            same += 1;
            continue;
        }
        // Where the time is used up with the end of a shift, pandas names the next opening.
        at_an_opening += 1;
        assert!(ours < theirs);
        assert_eq!(working_time.elapsed(ours, theirs), Ok(Span::ZERO));
        let next = theirs + Span::micros(1);
        assert_eq!(working_time.elapsed(theirs, next), Ok(Span::micros(1)));
    }
    assert_eq!(same + at_an_opening, 2000);
    assert!(same > 1500, "only {same} deadlines were the same");
}

#[test]
fn working_days_agree_with_numpy() {
    let working_time = china(&["09:00-17:00"]);
    let rows = rows::<5>(BUSINESS_DAYS);
    assert_eq!(rows.len(), 2000);
    for [start, end, between, days, due] in rows {
        let midnight = |day: &str| in_china(&format!("{day}T00:00:00"));
        let noon = in_china(&format!("{start}T12:00:00"));
        let eight_hours: i64 = between.parse().unwrap();
        assert_eq!(
            working_time.elapsed(midnight(start), midnight(end)),
            Ok(Span::hours(8 * eight_hours)),
            "{start} to {end}"
        );
        let days: NonZeroU32 = days.parse().unwrap();
        assert_eq!(
            working_time.due_working_days(noon, days),
            Ok(midnight(due) + Span::days(1)),
            "{days} working days after {start}"
        );
    }
}
