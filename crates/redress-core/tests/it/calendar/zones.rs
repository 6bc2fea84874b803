//! Where clocks are put forward and back, worked out by hand.

use std::num::NonZeroU32;

use redress_core::calendar::{Tz, Week, Weekday};
use redress_core::{Span, WorkingTime};

use super::{at, counted, daily, periods, schedule};

/// These periods on every day of a short range.
fn around(zone: Tz, first: &str, last: &str, periods: &[&str]) -> WorkingTime {
    counted(zone, schedule(first, last, daily(periods)))
}

/// From inside working time to its end.
#[track_caller]
fn check(working_time: &WorkingTime, from: &str, to: &str, expected: Span) {
    assert_eq!(working_time.elapsed(at(from), at(to)), Ok(expected));
    assert_eq!(working_time.due(at(from), expected), Ok(at(to)));
    let after = working_time.elapsed(at(to), at(to) + Span::minutes(1));
    assert!(!after.is_ok_and(|more| more > Span::ZERO), "work goes on");
}

#[test]
fn london_a_night_shift_loses_and_gains_an_hour() {
    // Forward on 31 March 2024 at 01:00 GMT: 22:00 GMT to 06:00 BST is seven hours.
    let night = around(
        Tz::Europe__London,
        "2024-03-29",
        "2024-04-02",
        &["22:00-06:00"],
    );
    check(
        &night,
        "2024-03-30T22:00:00Z",
        "2024-03-31T05:00:00Z",
        Span::hours(7),
    );
    // Back on 27 October 2024 at 01:00 GMT: 22:00 BST to 06:00 GMT is nine.
    let night = around(
        Tz::Europe__London,
        "2024-10-25",
        "2024-10-29",
        &["22:00-06:00"],
    );
    check(
        &night,
        "2024-10-26T21:00:00Z",
        "2024-10-27T06:00:00Z",
        Span::hours(9),
    );
}

#[test]
fn london_a_boundary_in_the_gap_moves_to_its_end() {
    // 01:30 does not exist on 31 March 2024; the clock goes from 01:00 GMT to 02:00 BST, which is 01:00 UTC.
    let opens = around(
        Tz::Europe__London,
        "2024-03-31",
        "2024-03-31",
        &["01:30-03:00"],
    );
    check(
        &opens,
        "2024-03-31T01:00:00Z",
        "2024-03-31T02:00:00Z",
        Span::hours(1),
    );
    let closes = around(
        Tz::Europe__London,
        "2024-03-31",
        "2024-03-31",
        &["00:00-01:30"],
    );
    check(
        &closes,
        "2024-03-31T00:00:00Z",
        "2024-03-31T01:00:00Z",
        Span::hours(1),
    );
    // A period inside the gap is not worked, and its day is no working day.
    let inside = around(
        Tz::Europe__London,
        "2024-03-30",
        "2024-04-01",
        &["01:15-01:45"],
    );
    assert_eq!(
        inside.elapsed(at("2024-03-30T12:00:00Z"), at("2024-03-31T12:00:00Z")),
        Ok(Span::ZERO)
    );
    assert_eq!(
        inside.due_working_days(at("2024-03-30T12:00:00Z"), NonZeroU32::MIN),
        Ok(at("2024-04-01T23:00:00Z"))
    );
}

#[test]
fn london_of_two_equal_times_the_earlier_opens_and_the_later_closes() {
    // On 27 October 2024 01:30 comes twice: 00:30 and 01:30 UTC.
    let opens = around(
        Tz::Europe__London,
        "2024-10-27",
        "2024-10-27",
        &["01:30-03:00"],
    );
    check(
        &opens,
        "2024-10-27T00:30:00Z",
        "2024-10-27T03:00:00Z",
        Span::minutes(150),
    );
    let closes = around(
        Tz::Europe__London,
        "2024-10-27",
        "2024-10-27",
        &["00:00-01:30"],
    );
    check(
        &closes,
        "2024-10-26T23:00:00Z",
        "2024-10-27T01:30:00Z",
        Span::minutes(150),
    );
    // At 01:00 the clock has not been put back yet, and later it never shows less: a shift until one ends with the
    // first one o'clock.
    let until_one = around(
        Tz::Europe__London,
        "2024-10-27",
        "2024-10-27",
        &["00:00-01:00"],
    );
    check(
        &until_one,
        "2024-10-26T23:00:00Z",
        "2024-10-27T00:00:00Z",
        Span::hours(1),
    );
    // Two periods that meet at 01:30 share the repeated hour; it is counted once: 00:00 BST to 03:00 GMT is 4 hours.
    let meet = around(
        Tz::Europe__London,
        "2024-10-27",
        "2024-10-27",
        &["00:00-01:30", "01:30-03:00"],
    );
    check(
        &meet,
        "2024-10-26T23:00:00Z",
        "2024-10-27T03:00:00Z",
        Span::hours(4),
    );
}

#[test]
fn new_york_days_of_23_and_25_hours() {
    // 10 March 2024 is an hour short, 3 November 2024 an hour long.
    let whole = |day: &str| around(Tz::America__New_York, day, day, &["00:00-24:00"]);
    check(
        &whole("2024-03-10"),
        "2024-03-10T05:00:00Z",
        "2024-03-11T04:00:00Z",
        Span::hours(23),
    );
    check(
        &whole("2024-11-03"),
        "2024-11-03T04:00:00Z",
        "2024-11-04T05:00:00Z",
        Span::hours(25),
    );
    // The end of the next day, across the short one: midnight of 11 March in New York is 04:00 UTC.
    let office = counted(
        Tz::America__New_York,
        schedule(
            "2024-03-01",
            "2024-03-31",
            Week::new().with(Weekday::Sun, &periods(&["09:00-17:00"])),
        ),
    );
    for due in [
        office.due_working_days(at("2024-03-09T12:00:00-05:00"), NonZeroU32::MIN),
        office.due_calendar_days(at("2024-03-09T12:00:00-05:00"), NonZeroU32::MIN),
    ] {
        assert_eq!(due, Ok(at("2024-03-11T04:00:00Z")));
    }
}

#[test]
fn lord_howe_moves_by_half_an_hour() {
    // Back on 7 April 2024 at 02:00 (+11:00) to 01:30 (+10:30); forward on 6 October 2024 at 02:00 to 02:30.
    let back = around(
        Tz::Australia__Lord_Howe,
        "2024-04-07",
        "2024-04-07",
        &["00:00-03:00"],
    );
    check(
        &back,
        "2024-04-07T00:00:00+11:00",
        "2024-04-07T03:00:00+10:30",
        Span::minutes(210),
    );
    let forward = around(
        Tz::Australia__Lord_Howe,
        "2024-10-06",
        "2024-10-06",
        &["00:00-02:15"],
    );
    check(
        &forward,
        "2024-10-06T00:00:00+10:30",
        "2024-10-06T02:30:00+11:00",
        Span::hours(2),
    );
}

#[test]
fn shanghai_had_summer_time_until_1991() {
    // Forward on 4 May 1986 at 02:00 and on 14 April 1991 at 02:00; back on 15 September 1991 at 02:00.
    let night = around(
        Tz::Asia__Shanghai,
        "1986-05-02",
        "1986-05-06",
        &["22:00-06:00"],
    );
    check(
        &night,
        "1986-05-03T22:00:00+08:00",
        "1986-05-04T06:00:00+09:00",
        Span::hours(7),
    );
    let night = around(
        Tz::Asia__Shanghai,
        "1991-09-13",
        "1991-09-17",
        &["22:00-06:00"],
    );
    check(
        &night,
        "1991-09-14T22:00:00+09:00",
        "1991-09-15T06:00:00+08:00",
        Span::hours(9),
    );
    // In summer nine o'clock was 00:00 UTC, since then it is 01:00 UTC.
    let office = around(
        Tz::Asia__Shanghai,
        "1991-07-01",
        "1991-07-01",
        &["09:00-17:00"],
    );
    check(
        &office,
        "1991-07-01T00:00:00Z",
        "1991-07-01T08:00:00Z",
        Span::hours(8),
    );
}

#[test]
fn midnights_that_come_twice_or_never() {
    // Havana goes back from 01:00 to 00:00 on 3 November 2024: midnight comes twice, the day ends at the first.
    let havana = around(
        Tz::America__Havana,
        "2024-11-02",
        "2024-11-03",
        &["16:00-24:00"],
    );
    check(
        &havana,
        "2024-11-02T16:00:00-04:00",
        "2024-11-03T00:00:00-04:00",
        Span::hours(8),
    );
    // Beirut goes forward from 00:00 to 01:00 on 31 March 2024: there is no midnight, the day ends at one o'clock.
    let beirut = around(
        Tz::Asia__Beirut,
        "2024-03-30",
        "2024-03-31",
        &["16:00-24:00"],
    );
    check(
        &beirut,
        "2024-03-30T16:00:00+02:00",
        "2024-03-31T01:00:00+03:00",
        Span::hours(8),
    );
    // Samoa left out 30 December 2011 whole: the working day after the 29th is the 31st.
    let apia = around(
        Tz::Pacific__Apia,
        "2011-12-28",
        "2011-12-31",
        &["09:00-17:00"],
    );
    assert_eq!(
        apia.due_working_days(at("2011-12-29T12:00:00-10:00"), NonZeroU32::MIN),
        Ok(at("2012-01-01T00:00:00+14:00"))
    );
}
