//! Day limits and pauses, worked by hand: 9:00–12:00 and 13:30–18:00 (7h30), Monday to Friday, in Shanghai.
//!
//! Every clock here starts on Monday 2 March 2026 at 9:00. Moments are hours and minutes after that midnight, so that Tuesday
//! 9:00 is 33 h.

use std::num::NonZeroU32;
use std::sync::Arc;

use crate::calendar::{Calendar, WorkingTime};
use crate::clock::{Clock, ClockEnd, ClockKind, Ending, Pause, Reading, Status, Target, Terms};
use crate::event::PauseReason;
use crate::{Cycle, Policy, Span, Timestamp};

/// So many hours and minutes after the midnight that begins the Monday.
fn at(hours: i64, minutes: i64) -> Timestamp {
    let midnight: Timestamp = "2026-03-02T00:00:00+08:00".parse().unwrap();
    midnight + Span::hours(hours) + Span::minutes(minutes)
}

fn office() -> Policy {
    let shifts = ["09:00-12:00", "13:30-18:00"].map(|period| period.parse().unwrap());
    let calendar = WorkingTime::new(&Calendar::china(&shifts)).unwrap();
    let name: crate::Label = "office".parse().unwrap();
    Policy {
        calendars: [(name.clone(), Arc::new(calendar))].into(),
        calendar: Some(name),
        ..Policy::standard()
    }
}

fn clock(target: Target) -> Clock {
    Clock {
        own_target: Some(target),
        ..Clock::start(
            ClockKind::Resolution,
            Cycle::FIRST,
            at(9, 0),
            Terms::UNCLASSIFIED,
        )
    }
}

fn one_working_day() -> Clock {
    clock(Target::WorkingDays(NonZeroU32::MIN))
}

fn pause(from: Timestamp, until: Timestamp) -> Pause {
    Pause {
        reason: PauseReason::AwaitingCustomer,
        from,
        until: Some(until),
        ended_at: None,
    }
}

#[track_caller]
fn check(clock: &Clock, pauses: &[Pause], now: Timestamp, status: Status, due: Option<Timestamp>) {
    let Reading {
        status: found,
        due: found_due,
        ..
    } = clock.read(pauses, &office(), now);
    assert_eq!((found, found_due), (status, due), "at {now}");
}

/// One working day from Monday: due at the end of Tuesday, 48 h. Of the 15 h of work until then 80 % are 12 h: used on Tuesday
/// at 15:00, after 7h30 + 3h00 + 1h30.
#[test]
fn a_working_day_ends_at_midnight_and_not_with_the_shift() {
    let due = Some(at(48, 0));
    check(&one_working_day(), &[], at(38, 59), Status::OnTrack, due);
    check(&one_working_day(), &[], at(39, 0), Status::AtRisk, due);
    check(&one_working_day(), &[], at(45, 0), Status::AtRisk, due);
    check(&one_working_day(), &[], at(48, 0), Status::AtRisk, due);
    check(&one_working_day(), &[], at(48, 1), Status::Overdue, due);
}

/// A pause over noon takes no working time away.
#[test]
fn a_pause_outside_working_hours_moves_nothing() {
    let noon = [pause(at(36, 0), at(37, 30))];
    check(
        &one_working_day(),
        &noon,
        at(38, 0),
        Status::OnTrack,
        Some(at(48, 0)),
    );
    let evening = [pause(at(18, 0), at(32, 0))];
    check(
        &one_working_day(),
        &evening,
        at(38, 0),
        Status::OnTrack,
        Some(at(48, 0)),
    );
}

/// Half an hour on Tuesday is made up for on Wednesday at 9:30: due at the end of Wednesday, 72 h.
#[test]
fn lost_time_moves_the_deadline_to_the_end_of_the_day_on_which_it_is_made_up() {
    let pauses = [pause(at(34, 0), at(34, 30))];
    check(
        &one_working_day(),
        &pauses,
        at(34, 10),
        Status::Paused,
        None,
    );
    check(
        &one_working_day(),
        &pauses,
        at(35, 0),
        Status::OnTrack,
        Some(at(72, 0)),
    );
}

/// On Wednesday at 10:00 the half hour is made up for, and the day has not ended. Worked by then: 7h30 + 7h00 + 1h00 = 15h30.
/// To the end of Wednesday it is 7h30 + 7h00 + 7h30 = 22h00, so 6h30 are left and 15.5 / 22 = 70 % used.
#[test]
fn nothing_is_used_up_before_it_is_due() {
    let pauses = [pause(at(34, 0), at(34, 30))];
    let reading = one_working_day().read(&pauses, &office(), at(58, 0));
    assert_eq!(reading.due, Some(at(72, 0)));
    assert_eq!(reading.elapsed, Span::minutes(15 * 60 + 30));
    assert_eq!(reading.remaining, Some(Span::minutes(6 * 60 + 30)));
    assert_eq!(reading.limit, Some(Span::hours(22)));
    assert_eq!(reading.used_percent(), Some(70));
    assert_eq!(reading.status, Status::OnTrack);
}

/// In time when the pause begins, so not late while it lasts, wherever on the last day it begins; afterwards due at the end
/// of the day on which it ended, here Thursday, 96 h.
#[test]
fn what_was_in_time_when_a_pause_began_does_not_become_late_in_it() {
    for from in [at(42, 0), at(42, 1), at(44, 0), at(47, 59), at(48, 0)] {
        let pauses = [pause(from, at(82, 0))];
        check(&one_working_day(), &pauses, at(60, 0), Status::Paused, None);
        check(
            &one_working_day(),
            &pauses,
            at(82, 0),
            Status::OnTrack,
            Some(at(96, 0)),
        );
    }
    let too_late = [pause(at(48, 1), at(82, 0))];
    check(
        &one_working_day(),
        &too_late,
        at(60, 0),
        Status::Overdue,
        Some(at(48, 0)),
    );
}

/// The first pause moves the deadline to the end of Wednesday. The second begins on that day, after the lost time was made up
/// for, and ends on Thursday.
#[test]
fn a_second_pause_on_the_moved_day_moves_it_again() {
    let pauses = [pause(at(34, 0), at(34, 30)), pause(at(62, 0), at(82, 0))];
    check(&one_working_day(), &pauses, at(72, 1), Status::Paused, None);
    check(
        &one_working_day(),
        &pauses,
        at(83, 0),
        Status::OnTrack,
        Some(at(96, 0)),
    );
}

/// One day after Monday, day and night: due at the end of Tuesday. Two hours lost are made up for by Wednesday at 2:00, a
/// deadline at the end of Wednesday.
#[test]
fn calendar_days_move_by_whole_days() {
    let clock = clock(Target::CalendarDays(NonZeroU32::MIN));
    check(&clock, &[], at(40, 0), Status::OnTrack, Some(at(48, 0)));
    let pauses = [pause(at(34, 0), at(36, 0))];
    check(&clock, &pauses, at(40, 0), Status::OnTrack, Some(at(72, 0)));
}

/// 7h30 of work from Monday 9:00 end with the shift, at 18:00. Whatever is done before the next shift has used no more than
/// that, so it is in time: the time it ran decides. A minute into Tuesday's shift it is late.
#[test]
fn work_done_between_shifts_uses_no_working_time() {
    let whole_day = clock(Target::WorkingTime(Span::minutes(450)));
    let due = Some(at(18, 0));
    check(&whole_day, &[], at(18, 0), Status::AtRisk, due);
    check(&whole_day, &[], at(20, 0), Status::AtRisk, due);
    check(&whole_day, &[], at(33, 0), Status::AtRisk, due);
    check(&whole_day, &[], at(33, 1), Status::Overdue, due);
    let reading = whole_day.read(&[], &office(), at(20, 0));
    assert_eq!(reading.remaining, Some(Span::ZERO));
    assert_eq!(reading.used_percent(), Some(100));
}

/// The calendar is published to the end of 2026; nothing is said about a deadline beyond it.
#[test]
fn beyond_the_last_published_day_nothing_is_said() {
    let start: Timestamp = "2026-12-31T10:00:00+08:00".parse().unwrap();
    let now = start + Span::hours(1);
    let mut clock = Clock {
        started_at: start,
        ..one_working_day()
    };
    let reading = clock.read(&[], &office(), now);
    assert_eq!(reading.status, Status::NotEvaluable);
    assert_eq!(
        (reading.due, reading.remaining, reading.limit),
        (None, None, None)
    );
    assert_eq!(reading.used_percent(), None);

    clock.end = Some(ClockEnd {
        at: now,
        how: Ending::Cancelled,
        lead: None,
    });
    check(&clock, &[], now, Status::Cancelled, None);
    // Without working days nothing depends on what was published.
    clock.own_target = Some(Target::CalendarDays(NonZeroU32::MIN));
    clock.end = None;
    let due = "2027-01-02T00:00:00+08:00".parse().unwrap();
    check(&clock, &[], now, Status::OnTrack, Some(due));
}
