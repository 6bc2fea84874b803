//! Deadlines and intervals worked out by hand.

use std::num::NonZeroU32;

use redress_core::calendar::{Calendar, Exception, Tz, Week, Weekday};
use redress_core::{Span, Timestamp, WorkingTime, WorkingTimeError};

use super::{at, counted, daily, date, periods, schedule, with};

/// 9 to 12 and 13:30 to 18, seven and a half hours a day, in China.
fn office() -> WorkingTime {
    WorkingTime::new(&Calendar::china(&periods(&["09:00-12:00", "13:30-18:00"]))).unwrap()
}

fn days(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap()
}

#[track_caller]
fn check(working_time: &WorkingTime, start: &str, span: Span, due: &str) {
    assert_eq!(working_time.due(at(start), span), Ok(at(due)));
    assert_eq!(working_time.elapsed(at(start), at(due)), Ok(span));
}

#[test]
fn a_lunch_break_is_not_counted() {
    // 11:00 to 12:00 is one hour, 13:30 to 15:00 the other one and a half.
    check(
        &office(),
        "2024-03-04T11:00:00+08:00",
        Span::minutes(150),
        "2024-03-04T15:00:00+08:00",
    );
}

#[test]
fn a_deadline_at_the_end_of_a_shift_is_that_end() {
    let office = office();
    check(
        &office,
        "2024-03-04T11:00:00+08:00",
        Span::hours(1),
        "2024-03-04T12:00:00+08:00",
    );
    check(
        &office,
        "2024-03-04T16:00:00+08:00",
        Span::hours(2),
        "2024-03-04T18:00:00+08:00",
    );
    // A microsecond more is the first of the next opening.
    check(
        &office,
        "2024-03-04T16:00:00+08:00",
        Span::hours(2) + Span::micros(1),
        "2024-03-05T09:00:00.000001+08:00",
    );
}

#[test]
fn outside_working_time_the_clock_begins_at_the_next_opening() {
    let office = office();
    // Saturday 2 March 2024, noon: Monday 9:00 is the opening.
    check(
        &office,
        "2024-03-02T12:00:00+08:00",
        Span::minutes(30),
        "2024-03-04T09:30:00+08:00",
    );
    // The stroke of six is outside.
    check(
        &office,
        "2024-03-04T18:00:00+08:00",
        Span::minutes(30),
        "2024-03-05T09:30:00+08:00",
    );
}

#[test]
fn nothing_is_due_at_once() {
    let saturday = at("2024-03-02T12:00:00+08:00");
    assert_eq!(office().due(saturday, Span::ZERO), Ok(saturday));
    assert_eq!(office().elapsed(saturday, saturday), Ok(Span::ZERO));
}

#[test]
fn the_spring_festival_of_2024_with_its_make_up_sundays() {
    // February 2024: Sunday 4 worked, 10 (Saturday) to 17 (Saturday) off, Sunday 18 worked.
    // Worked from Saturday 3: Sun 4, Mon 5 to Fri 9, Sun 18, Mon 19, ...
    let office = office();
    // From Friday 2, 17:00: 1 h on Friday, 7.5 h on Sunday 4, half an hour on Monday 5.
    check(
        &office,
        "2024-02-02T17:00:00+08:00",
        Span::hours(9),
        "2024-02-05T09:30:00+08:00",
    );
    // From Friday 9, 17:00: 1 h on Friday, 7.5 h on Sunday 18, 1.5 h on Monday 19.
    check(
        &office,
        "2024-02-09T17:00:00+08:00",
        Span::hours(10),
        "2024-02-19T10:30:00+08:00",
    );
    // The first working day after Friday 9 is Sunday 18, due at its end; the second is Monday 19.
    let friday = at("2024-02-09T10:00:00+08:00");
    assert_eq!(
        office.due_working_days(friday, days(1)),
        Ok(at("2024-02-19T00:00:00+08:00"))
    );
    assert_eq!(
        office.due_working_days(friday, days(2)),
        Ok(at("2024-02-20T00:00:00+08:00"))
    );
    // Calendar days run on: the first is Saturday 10.
    assert_eq!(
        office.due_calendar_days(friday, days(1)),
        Ok(at("2024-02-11T00:00:00+08:00"))
    );
    // The whole of February: Thu 1, Fri 2, Sun 4, 5 to 9, 18, 19 to 23, 26 to 29: 2 + 1 + 5 + 1 + 5 + 4 = 18 days.
    let february = office.elapsed(
        at("2024-02-01T00:00:00+08:00"),
        at("2024-03-01T00:00:00+08:00"),
    );
    assert_eq!(february, Ok(Span::minutes(18 * 450)));
}

#[test]
fn the_spring_festival_of_2020_was_lengthened() {
    // Off from Friday 24 January to Sunday 2 February; Saturday 1 February, first to be worked, was off as well.
    check(
        &office(),
        "2020-01-23T17:00:00+08:00",
        Span::hours(2),
        "2020-02-03T10:00:00+08:00",
    );
    // Sunday 19 January was worked: the day after Friday 17.
    assert_eq!(
        office().due_working_days(at("2020-01-17T20:00:00+08:00"), days(1)),
        Ok(at("2020-01-20T00:00:00+08:00"))
    );
}

#[test]
fn the_day_of_the_start_is_not_counted_even_before_its_opening() {
    let office = office();
    // Monday 4 March 2024, one minute past midnight and one to midnight: both are due at the end of Tuesday.
    for start in ["2024-03-04T00:01:00+08:00", "2024-03-04T23:59:00+08:00"] {
        assert_eq!(
            office.due_working_days(at(start), days(1)),
            Ok(at("2024-03-06T00:00:00+08:00"))
        );
    }
    // From a Saturday the first working day is Monday.
    assert_eq!(
        office.due_working_days(at("2024-03-02T12:00:00+08:00"), days(1)),
        Ok(at("2024-03-05T00:00:00+08:00"))
    );
}

#[test]
fn a_night_shift_belongs_to_the_day_it_starts_on() {
    // Monday to Friday 22:00 to 06:00. 4 March 2024 is a Monday.
    let week = Week::monday_to_friday(&periods(&["22:00-06:00"]));
    let night = counted(
        Tz::Asia__Shanghai,
        schedule("2024-03-01", "2024-03-31", week),
    );
    check(
        &night,
        "2024-03-04T23:00:00+08:00",
        Span::hours(8),
        "2024-03-05T23:00:00+08:00",
    );
    // Friday's shift goes on into Saturday until six, then comes Monday's.
    check(
        &night,
        "2024-03-09T05:00:00+08:00",
        Span::hours(1),
        "2024-03-09T06:00:00+08:00",
    );
    check(
        &night,
        "2024-03-09T05:00:00+08:00",
        Span::hours(2),
        "2024-03-11T23:00:00+08:00",
    );
    // Saturday is no working day, though work ends on it.
    assert_eq!(
        night.due_working_days(at("2024-03-08T12:00:00+08:00"), days(1)),
        Ok(at("2024-03-12T00:00:00+08:00"))
    );
}

#[test]
fn a_night_shift_joined_past_midnight_before_a_weekend() {
    // Friday 25 March 2016, 04:02: 1:58 until six, eight hours of Friday's shift, 2:02 of Monday's from 22:00.
    let night = WorkingTime::new(&Calendar::china(&periods(&["22:00-06:00"]))).unwrap();
    check(
        &night,
        "2016-03-25T04:02:00+08:00",
        Span::hours(12),
        "2016-03-29T00:02:00+08:00",
    );
}

#[test]
fn rest_on_a_date_leaves_the_shift_of_its_eve_alone() {
    let shifts = schedule("2024-03-01", "2024-03-31", daily(&["22:00-06:00"]));
    let night = counted(Tz::UTC, with(shifts, &[("2024-03-05", Exception::Rest)]));
    // The shift of Monday 4 ends on Tuesday 5 at six; Tuesday's own is off; Wednesday's opens at 22:00.
    check(
        &night,
        "2024-03-04T22:00:00Z",
        Span::hours(8),
        "2024-03-05T06:00:00Z",
    );
    check(
        &night,
        "2024-03-04T22:00:00Z",
        Span::hours(9),
        "2024-03-06T23:00:00Z",
    );
}

#[test]
fn shifts_that_meet_at_midnight_are_one_stretch() {
    let round = counted(
        Tz::UTC,
        schedule(
            "2024-03-01",
            "2024-03-31",
            daily(&["00:00-08:00", "16:00-24:00"]),
        ),
    );
    check(
        &round,
        "2024-03-04T16:00:00Z",
        Span::hours(8),
        "2024-03-05T00:00:00Z",
    );
    check(
        &round,
        "2024-03-04T16:00:00Z",
        Span::hours(9),
        "2024-03-05T01:00:00Z",
    );
}

#[test]
fn an_exception_changes_the_hours_of_its_date() {
    let shifts = schedule(
        "2024-03-01",
        "2024-03-31",
        Week::new().with(Weekday::Mon, &periods(&["09:00-17:00"])),
    );
    let half_day = Exception::Work(periods(&["09:00-12:00"]));
    let short = counted(
        Tz::UTC,
        with(
            shifts,
            &[("2024-03-11", half_day.clone()), ("2024-03-13", half_day)],
        ),
    );
    // Monday 4: 8 h, Monday 11: 3 h, Wednesday 13: 3 h.
    check(
        &short,
        "2024-03-04T00:00:00Z",
        Span::hours(13),
        "2024-03-13T11:00:00Z",
    );
}

#[test]
fn beyond_the_published_dates_there_is_no_answer() {
    let office = office();
    let after = WorkingTimeError::AfterLast {
        calendar: "china".to_owned(),
        last: date("2026-12-31"),
    };
    // 31 December 2026 is a Thursday; its last hour ends at 18:00, and the calendar at midnight.
    let last_hour = at("2026-12-31T17:00:00+08:00");
    let end = at("2027-01-01T00:00:00+08:00");
    assert_eq!(
        office.due(last_hour, Span::hours(1)),
        Ok(at("2026-12-31T18:00:00+08:00"))
    );
    assert_eq!(office.due(last_hour, Span::minutes(61)), Err(after.clone()));
    assert_eq!(office.elapsed(last_hour, end), Ok(Span::hours(1)));
    assert_eq!(
        office.elapsed(last_hour, end + Span::micros(1)),
        Err(after.clone())
    );
    assert_eq!(
        office.due(end + Span::micros(1), Span::ZERO),
        Err(after.clone())
    );
    assert_eq!(
        office.due_working_days(last_hour, days(1)),
        Err(after.clone())
    );
    assert_eq!(
        after.to_string(),
        "calendar `china` is published up to 2026-12-31 and the answer lies beyond; add the days that follow"
    );
    assert!(after.is_beyond_horizon());

    let before = at("2015-12-31T23:59:59+08:00");
    let error = office.due(before, Span::hours(1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "calendar `china` begins on 2016-01-01 and says nothing about 2015-12-31T15:59:59Z; \
         use one that reaches further back"
    );
    assert_eq!(office.elapsed(before, last_hour), Err(error.clone()));
    assert_eq!(office.due_working_days(before, days(1)), Err(error));
}

#[test]
fn calendar_days_need_no_publication() {
    // 30 days after 20 December 2026 is 19 January 2027.
    assert_eq!(
        office().due_calendar_days(at("2026-12-20T10:00:00+08:00"), days(30)),
        Ok(at("2027-01-20T00:00:00+08:00"))
    );
}

#[test]
fn questions_without_sense_are_refused() {
    let (early, late) = (at("2024-03-04T10:00:00Z"), at("2024-03-04T11:00:00Z"));
    let reversed = office().elapsed(late, early).unwrap_err();
    assert_eq!(
        reversed.to_string(),
        "the interval ends at 2024-03-04T10:00:00Z, before it starts at 2024-03-04T11:00:00Z; \
         give the earlier instant first"
    );
    assert!(!reversed.is_beyond_horizon());
    let negative = office().due(early, Span::hours(-1)).unwrap_err();
    assert_eq!(
        negative.to_string(),
        "a working time of -1h is less than nothing; give a positive one"
    );
}

#[test]
fn always_counts_every_microsecond_and_every_day() {
    let always = WorkingTime::new(&Calendar::always()).unwrap();
    let start = at("2026-12-31T23:00:00Z");
    assert_eq!(
        always.due(start, Span::days(400)),
        Ok(start + Span::days(400))
    );
    assert_eq!(
        always.elapsed(Timestamp::MIN, Timestamp::MAX),
        Ok(Timestamp::MAX.since(Timestamp::MIN))
    );
    assert_eq!(
        always.due_working_days(start, days(1)),
        Ok(at("2027-01-02T00:00:00Z"))
    );
    // Time itself ends with the year 9999.
    for beyond in [
        always.due(start, Span::micros(i64::MAX)),
        always.due_working_days(start, NonZeroU32::MAX),
        always.due_calendar_days(Timestamp::MAX, days(1)),
    ] {
        assert!(beyond.unwrap_err().is_beyond_horizon());
    }
}
