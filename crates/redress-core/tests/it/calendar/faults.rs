//! Calendars that are refused, each with its exact message.

use redress_core::calendar::{
    Calendar, Exception, InvalidPeriod, MAX_PUBLISHED_DAYS, Period, Schedule, Tz, Week, Weekday,
    WorkingTime,
};

use super::{calendar, daily, periods, schedule, with};

#[track_caller]
fn check(schedule: Schedule, faults: &[&str]) {
    let error = WorkingTime::new(&calendar(Tz::Asia__Shanghai, schedule)).unwrap_err();
    let said: Vec<_> = error.faults.iter().map(ToString::to_string).collect();
    assert_eq!(said, faults);
}

fn march(week: Week) -> Schedule {
    schedule("2024-03-01", "2024-03-31", week)
}

fn office() -> Schedule {
    march(Week::monday_to_friday(&periods(&["09:00-17:00"])))
}

fn minutes(from_minute: u16, to_minute: u16) -> Period {
    Period {
        from_minute,
        to_minute,
    }
}

#[test]
fn an_empty_week() {
    check(
        march(Week::new()),
        &["no weekday has a working period; give at least one"],
    );
}

#[test]
fn periods_that_overlap() {
    check(
        march(Week::new().with(
            Weekday::Tue,
            &periods(&["13:00-17:00", "09:00-13:01", "16:00-18:00"]),
        )),
        &[
            "Tuesday: 09:00-13:01 overlaps 13:00-17:00 of Tuesday; close the first no later than the second opens",
            "Tuesday: 13:00-17:00 overlaps 16:00-18:00 of Tuesday; close the first no later than the second opens",
        ],
    );
    // One long period overlaps both that come after it.
    check(
        march(Week::new().with(
            Weekday::Tue,
            &periods(&["09:00-17:00", "10:00-11:00", "12:00-13:00"]),
        )),
        &[
            "Tuesday: 09:00-17:00 overlaps 10:00-11:00 of Tuesday; close the first no later than the second opens",
            "Tuesday: 09:00-17:00 overlaps 12:00-13:00 of Tuesday; close the first no later than the second opens",
        ],
    );
}

#[test]
fn a_night_shift_that_runs_into_the_next_day() {
    // From Sunday into Monday, round the end of the week.
    check(
        march(
            Week::new()
                .with(Weekday::Sun, &periods(&["22:00-06:00"]))
                .with(Weekday::Mon, &periods(&["05:30-12:00", "13:00-14:00"])),
        ),
        &[
            "Sunday: 22:00-06:00 overlaps 05:30-12:00 of Monday; close the first no later than the second opens",
        ],
    );
    // Into an exception, and out of one. 5 March 2024 is a Tuesday.
    let worked = |texts: &[&str]| Exception::Work(periods(texts));
    check(
        with(
            march(daily(&["22:00-06:00"])),
            &[("2024-03-05", worked(&["05:00-07:00"]))],
        ),
        &[
            "2024-03-04: 22:00-06:00 overlaps 05:00-07:00 of 2024-03-05; close the first no later than the second opens",
        ],
    );
    check(
        with(
            march(daily(&["06:00-14:00"])),
            &[("2024-03-05", worked(&["22:00-07:00"]))],
        ),
        &[
            "2024-03-05: 22:00-07:00 overlaps 06:00-14:00 of 2024-03-06; close the first no later than the second opens",
        ],
    );
    // Between two exceptions it is said once.
    check(
        with(
            march(daily(&["08:00-14:00"])),
            &[
                ("2024-03-05", worked(&["22:00-07:00"])),
                ("2024-03-06", worked(&["06:00-14:00"])),
            ],
        ),
        &[
            "2024-03-05: 22:00-07:00 overlaps 06:00-14:00 of 2024-03-06; close the first no later than the second opens",
        ],
    );
}

#[test]
fn shifts_that_only_meet_are_accepted() {
    let meeting = march(daily(&["22:00-06:00", "06:00-14:00", "14:00-22:00"]));
    assert!(WorkingTime::new(&calendar(Tz::UTC, meeting)).is_ok());
    let whole = march(Week::new().with(Weekday::Mon, &[minutes(8 * 60, 32 * 60)]));
    assert!(WorkingTime::new(&calendar(Tz::UTC, whole)).is_ok());
}

#[test]
fn periods_of_no_length_or_too_much() {
    let strange = [
        minutes(9 * 60, 9 * 60),
        minutes(10 * 60, 9 * 60),
        minutes(24 * 60, 25 * 60),
        minutes(8 * 60, 32 * 60 + 1),
        minutes(u16::MAX, 0),
        minutes(0, u16::MAX),
    ];
    check(
        march(Week::new().with(Weekday::Wed, &strange)),
        &[
            "Wednesday: 09:00-09:00 closes no later than it opens; a whole day is 00:00-24:00",
            "Wednesday: 10:00-09:00 closes no later than it opens; a whole day is 00:00-24:00",
            "Wednesday: 24:00-01:00 opens at 24:00 or later; give it to the day on which it opens",
            "Wednesday: 08:00-32:01 is longer than 24 hours; divide it among the days",
            "Wednesday: 1092:15-00:00 opens at 24:00 or later; give it to the day on which it opens",
            "Wednesday: 00:00-1092:15 is longer than 24 hours; divide it among the days",
        ],
    );
    check(
        with(
            office(),
            &[
                ("2024-03-09", Exception::Work(periods(&["09:00-09:00"]))),
                ("2024-03-10", Exception::Work(vec![])),
            ],
        ),
        &[
            "2024-03-09: 09:00-09:00 closes no later than it opens; a whole day is 00:00-24:00",
            "2024-03-10 is to be worked but has no period; give one, or make it a day of rest",
        ],
    );
}

#[test]
fn exceptions_outside_the_published_dates() {
    check(
        with(
            office(),
            &[
                ("2024-02-29", Exception::Rest),
                ("2024-04-01", Exception::Rest),
            ],
        ),
        &[
            "2024-02-29 is an exception outside the published dates 2024-03-01 to 2024-03-31; leave it out or publish more",
            "2024-04-01 is an exception outside the published dates 2024-03-01 to 2024-03-31; leave it out or publish more",
        ],
    );
}

#[test]
fn ranges_that_cannot_be() {
    let week = || Week::monday_to_friday(&periods(&["09:00-17:00"]));
    check(
        schedule("2024-03-31", "2024-03-01", week()),
        &[
            "its last date 2024-03-01 lies before its first date 2024-03-31; give the earlier date as the first",
        ],
    );
    check(
        schedule("1900-01-01", "2100-01-01", week()),
        &[
            "it runs from 1900-01-01 to 2100-01-01, longer than 36525 days; give dates that were published",
        ],
    );
    check(
        schedule("0001-12-31", "0002-01-01", week()),
        &["0001-12-31 lies outside the years 2 to 9998; give a date that was published"],
    );
    // A century to the day is accepted.
    let mut century = schedule("1950-01-01", "1950-01-01", week());
    century.last = century
        .first
        .iter_days()
        .nth(usize::try_from(MAX_PUBLISHED_DAYS - 1).unwrap())
        .unwrap();
    assert!(WorkingTime::new(&calendar(Tz::UTC, century)).is_ok());
}

#[test]
fn all_faults_are_told_at_once() {
    let mut bad = calendar(Tz::UTC, schedule("2024-03-31", "2024-03-01", Week::new()));
    bad.name = "late shift".to_owned();
    assert_eq!(
        WorkingTime::new(&bad).unwrap_err().to_string(),
        "calendar `late shift` cannot be used: \
         its last date 2024-03-01 lies before its first date 2024-03-31; give the earlier date as the first; \
         no weekday has a working period; give at least one"
    );
    assert!(Calendar::always().check().is_ok());
}

#[test]
fn texts_that_are_no_periods() {
    for text in [
        "",
        "-",
        "9-17",
        "9:00-17:00",
        "09:00",
        "09:00-17:60",
        "09:00–17:00",
        "09:00-17:00-",
        " 09:00-17:00",
        "+9:00-17:00",
        "09:00-١٧:00",
        "100:00-110:00",
    ] {
        assert_eq!(text.parse::<Period>(), Err(InvalidPeriod), "{text:?}");
    }
    assert_eq!(
        InvalidPeriod.to_string(),
        "is no period; write it like 09:00-17:30, or 22:00-06:00 for a shift past midnight"
    );
}
