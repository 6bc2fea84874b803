//! Laws of counting, on random calendars and to the microsecond.

use std::cell::Cell;
use std::num::NonZeroU32;

use proptest::prelude::*;
use redress_core::calendar::{
    Calendar, Exception, Hours, NaiveDate, Period, Schedule, Tz, Week, Weekday, all_day_icalendar,
    yearly_json,
};
use redress_core::{Span, Timestamp, WorkingTime};

use super::{at, counted, daily, date, periods, schedule};

/// Calendars of all sorts, each published for at least January to December 2024.
fn calendars() -> Vec<WorkingTime> {
    let year = |week| schedule("2024-01-01", "2024-12-31", week);
    vec![
        WorkingTime::new(&Calendar::always()).unwrap(),
        WorkingTime::new(&Calendar::china(&periods(&["09:00-12:00", "13:30-18:00"]))).unwrap(),
        counted(Tz::Europe__London, year(daily(&["22:00-06:00"]))),
        counted(
            Tz::America__New_York,
            year(daily(&["00:00-01:30", "01:30-08:00", "16:00-24:00"])),
        ),
        counted(
            Tz::Australia__Lord_Howe,
            year(Week::new().with(Weekday::Sun, &periods(&["01:45-02:15"]))),
        ),
    ]
}

/// Instants of 2024, some of them exactly on a minute.
fn instants() -> impl Strategy<Value = Timestamp> {
    let minute = 60_000_000_i64;
    let second_day = at("2024-01-02T00:00:00Z");
    let length = 363 * 24 * 60;
    prop_oneof![
        (0..length).prop_map(move |minutes| second_day + Span::minutes(minutes)),
        (0..length * minute).prop_map(move |micros| second_day + Span::micros(micros)),
    ]
}

fn which() -> impl Strategy<Value = usize> {
    0..calendars().len()
}

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Whether the microsecond before an instant is worked: inside working time, or at the end of it.
fn worked_until(working_time: &WorkingTime, instant: Timestamp) -> bool {
    let tick = Span::micros(1);
    working_time.elapsed(instant + Span::micros(-1), instant) == Ok(tick)
}

#[test]
fn what_is_due_has_elapsed_then_and_not_before() {
    let calendars = calendars();
    let spans = prop_oneof![0_i64..200, 0..400 * 3_600_000_000_i64];
    proptest!(cases(5_000), |(which in which(), start in instants(), micros in spans)| {
        let working_time = &calendars[which];
        let span = Span::micros(micros);
        let due = match working_time.due(start, span) {
            Ok(due) => due,
            Err(error) => {
                // Only where less than that is left.
                prop_assert!(error.is_beyond_horizon());
                let left = working_time.elapsed(start, at("2024-12-31T12:00:00Z"));
                prop_assert!(left.unwrap() < span);
                return Ok(());
            }
        };
        prop_assert_eq!(working_time.elapsed(start, due), Ok(span));
        if span > Span::ZERO {
            prop_assert!(worked_until(working_time, due));
        } else {
            prop_assert_eq!(due, start);
        }
    });
}

#[test]
fn what_has_elapsed_is_due_then_wherever_it_was_worked() {
    let calendars = calendars();
    proptest!(cases(5_000), |(which in which(), one in instants(), other in instants())| {
        let working_time = &calendars[which];
        let (start, end) = (one.min(other), one.max(other));
        let span = working_time.elapsed(start, end).unwrap();
        let due = working_time.due(start, span).unwrap();
        if worked_until(working_time, end) {
            prop_assert_eq!(due, end);
        } else {
            prop_assert!(due <= end);
            prop_assert_eq!(working_time.elapsed(due, end), Ok(Span::ZERO));
        }
    });
}

#[test]
fn intervals_add_up_and_never_exceed_the_clock() {
    let calendars = calendars();
    proptest!(cases(5_000), |(which in which(), mut three in prop::array::uniform3(instants()))| {
        let working_time = &calendars[which];
        three.sort_unstable();
        let [start, middle, end] = three;
        let elapsed = |from, to| working_time.elapsed(from, to).unwrap();
        prop_assert_eq!(elapsed(start, middle) + elapsed(middle, end), elapsed(start, end));
        prop_assert!(elapsed(start, end) >= Span::ZERO);
        prop_assert!(elapsed(start, end) <= end.since(start));
    });
}

#[test]
fn working_days_follow_each_other() {
    let calendars = calendars();
    proptest!(cases(2_000), |(which in which(), start in instants(), n in 1_u32..40, m in 1_u32..40)| {
        let working_time = &calendars[which];
        let days = |count| NonZeroU32::new(count).unwrap();
        let (Ok(first), Ok(both)) = (
            working_time.due_working_days(start, days(n)),
            working_time.due_working_days(start, days(n + m)),
        ) else {
            return Ok(());
        };
        prop_assert!(first > start);
        // The end of a day is the first instant of the next, so a microsecond earlier still belongs to it.
        prop_assert_eq!(working_time.due_working_days(first + Span::micros(-1), days(m)), Ok(both));
        prop_assert!(working_time.due_calendar_days(start, days(n)).unwrap() <= first);
    });
}

fn any_period() -> impl Strategy<Value = Period> {
    let usual = (0_u16..1200, 1_u16..240).prop_map(|(from, length)| (from, from + length));
    prop_oneof![30 => usual, 2 => (0_u16..1500, 0_u16..3000), 1 => any::<(u16, u16)>()].prop_map(
        |(from_minute, to_minute)| Period {
            from_minute,
            to_minute,
        },
    )
}

fn any_date() -> impl Strategy<Value = NaiveDate> {
    let near = (0_usize..800).prop_map(|days| date("2023-06-01").iter_days().nth(days).unwrap());
    prop_oneof![20 => near, 1 => prop::sample::select(vec![NaiveDate::MIN, NaiveDate::MAX])]
}

#[test]
fn no_calendar_makes_it_panic() {
    let exceptions =
        prop::collection::btree_map(any_date(), prop::collection::vec(any_period(), 0..3), 0..4);
    let week = prop::collection::vec(prop::collection::vec(any_period(), 0..2), 7);
    let zones = prop::sample::select(vec![Tz::UTC, Tz::Pacific__Apia, Tz::America__Havana]);
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    proptest!(cases(2_000), |(first in any_date(), last in any_date(), week in week,
                              exceptions in exceptions, zone in zones, when in any::<i64>())| {
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        let schedule = Schedule {
            first,
            last,
            week: days.into_iter().zip(&week).fold(Week::new(), |week, (day, periods)| week.with(day, periods)),
            exceptions: exceptions
                .into_iter()
                .map(|(date, periods)| (date, Exception::Work(periods)))
                .collect(),
        };
        let calendar = Calendar {
            name: "any".to_owned(),
            version: "1".to_owned(),
            zone,
            hours: Hours::Scheduled(schedule),
        };
        match WorkingTime::new(&calendar) {
            Ok(working_time) => {
                accepted.set(accepted.get() + 1);
                let when = Timestamp::from_micros(when).unwrap_or(Timestamp::MAX);
                let _ = working_time.due(when, Span::micros(i64::MAX));
                let _ = working_time.due(at("2024-06-01T00:00:00Z"), Span::hours(1));
                let _ = working_time.elapsed(Timestamp::MIN, when);
                let _ = working_time.due_working_days(when, NonZeroU32::MAX);
                let _ = working_time.due_calendar_days(when, NonZeroU32::MAX);
            }
            Err(error) => {
                refused.set(refused.get() + 1);
                prop_assert!(!error.faults.is_empty());
            }
        }
    });
    assert!(
        refused.get() > 100 && accepted.get() > 100,
        "{accepted:?} accepted, {refused:?} refused"
    );
}

#[test]
fn periods_survive_being_written() {
    proptest!(cases(2_000), |(from_minute in 0_u16..1440, length in 1_u16..=1440)| {
        let period = Period { from_minute, to_minute: from_minute + length };
        prop_assert_eq!(period.to_string().parse(), Ok(period));
    });
}

#[test]
fn no_text_makes_an_import_panic() {
    const WORDS: &[&str] = &[
        "BEGIN:VCALENDAR\n",
        "END:VCALENDAR\n",
        "BEGIN:VEVENT\n",
        "END:VEVENT\n",
        "BEGIN:VALARM\n",
        "BEGIN:VTIMEZONE\n",
        "SUMMARY:休\n",
        " folded\n",
        "DTSTART;VALUE=DATE:20240101\n",
        "DTEND;VALUE=DATE:99991231\n",
        "DTEND;VALUE=DATE:20240104\n",
        "\r",
        ":",
        "é",
        "\n",
        "{\"year\": 2024, \"days\": [",
        "{\"name\": \"\", \"date\": \"2024-01-01\", \"isOffDay\": true}",
        ",",
        "]}",
    ];
    let texts = prop::collection::vec(prop::sample::select(WORDS), 0..12);
    proptest!(cases(5_000), |(words in texts, junk in any::<String>())| {
        let text = words.concat();
        for text in [&text, &junk] {
            for error in [all_day_icalendar(text).err(), yearly_json(text).err()].into_iter().flatten() {
                prop_assert!(error.line >= 1 && error.line <= text.split('\n').count());
            }
        }
    });
}
