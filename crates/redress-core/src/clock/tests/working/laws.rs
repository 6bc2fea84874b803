//! Laws of clocks in working time and in days, on random months, pauses and moments.

use std::cell::RefCell;

use proptest::prelude::*;

use super::model::{Case, DAY, DAYS, HORIZON, Length, Month, Still, moment};
use crate::clock::{Ending, Status};
use crate::{Span, Timestamp};

fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Days off, office days with a break, long days, days that end at midnight.
fn months() -> impl Strategy<Value = Month> {
    let any_day = (0_u16..700, 1_u16..300, 1_u16..200, 1_u16..240).prop_map(
        |(open, morning, rest, afternoon)| {
            let noon = open + morning;
            vec![(open, noon), (noon + rest, noon + rest + afternoon)]
        },
    );
    let day = prop_oneof![
        2 => Just(vec![]),
        3 => Just(vec![(540, 720), (810, 1080)]),
        1 => Just(vec![(480, 1440)]),
        1 => Just(vec![(0, 60), (1380, 1440)]),
        2 => any_day,
    ];
    prop::collection::vec(day, DAYS).prop_map(Month)
}

fn limits() -> impl Strategy<Value = Length> {
    prop_oneof![
        (0_usize..8 * DAY).prop_map(Length::Elapsed),
        prop_oneof![0_usize..3_000, Just(450), Just(900)].prop_map(Length::Working),
        (1_u32..6).prop_map(Length::WorkingDays),
        (1_u32..6).prop_map(Length::CalendarDays),
    ]
}

/// Pauses one after another, some of no length, some touching; the last may have no end.
fn pauses() -> impl Strategy<Value = Vec<Still>> {
    // Often at the stroke of an hour, where shifts and days begin and end.
    let gap = || {
        prop_oneof![
            Just(0),
            0_usize..4_000,
            (0_usize..80).prop_map(|hours| hours * 60)
        ]
    };
    (prop::collection::vec((gap(), gap()), 0..5), any::<bool>()).prop_map(|(gaps, endless)| {
        let mut pauses = Vec::new();
        let mut minute = 0;
        for (before, length) in gaps {
            let from = minute + before;
            minute = from + length;
            pauses.push(Still {
                from,
                to: Some(minute),
            });
        }
        if let (true, Some(last)) = (endless, pauses.last_mut()) {
            last.to = None;
        }
        pauses
    })
}

fn any_case() -> impl Strategy<Value = Case> {
    let minutes = || {
        prop_oneof![
            0_usize..HORIZON,
            (0..DAYS * 24).prop_map(|hours| hours * 60)
        ]
    };
    let later = || {
        prop_oneof![
            0_usize..HORIZON,
            0_usize..6_000,
            (0_usize..200).prop_map(|hours| hours * 60)
        ]
    };
    (
        months(),
        minutes(),
        limits(),
        pauses(),
        prop::option::of(later()),
        later(),
    )
        .prop_map(|(month, start, limit, pauses, end, now)| Case {
            month,
            start,
            limit,
            pauses,
            end: end.map(|end| start + end),
            now: start + now,
        })
}

#[test]
fn a_clock_reads_as_if_walked_minute_by_minute() {
    let seen = RefCell::new(Vec::new());
    proptest!(cases(2_000), |(case in any_case())| {
        let reading = case.read();
        seen.borrow_mut().push(reading.status.name());
        let Some(found) = case.found() else {
            prop_assert_eq!(reading.status, Status::NotEvaluable);
            prop_assert_eq!((reading.due, reading.remaining, reading.limit), (None, None, None));
            return Ok(());
        };
        prop_assert_eq!(reading.status, found.status);
        prop_assert_eq!(reading.elapsed, Span::minutes(found.elapsed));
        prop_assert_eq!(reading.at_least, case.is_at_least());
        prop_assert_eq!(reading.due, found.due.map(moment));
        prop_assert_eq!(reading.remaining, Some(Span::minutes(found.remaining)));
        let limit = Span::minutes(found.elapsed + found.remaining);
        prop_assert_eq!(reading.limit, Some(limit));
    });
    let mut seen = seen.into_inner();
    seen.sort_unstable();
    seen.dedup();
    let all = [
        "at_risk",
        "met",
        "missed",
        "not_evaluable",
        "on_track",
        "overdue",
        "paused",
    ];
    assert_eq!(seen, all);
}

fn minute_of(at: Timestamp) -> usize {
    usize::try_from(at.since(moment(0)).as_seconds() / 60).unwrap()
}

fn is_late(status: Status) -> bool {
    matches!(status, Status::Overdue | Status::Missed)
}

/// By the deadline nothing is late; after it everything is, unless no minute that counts has passed since.
#[test]
fn late_means_after_the_deadline() {
    proptest!(cases(500), |(case in any_case())| {
        let reading = case.read();
        let (Some(due), stop) = (reading.due, moment(case.stop())) else {
            prop_assert!(!is_late(reading.status));
            return Ok(());
        };
        if stop <= due {
            prop_assert!(!is_late(reading.status));
            return Ok(());
        }
        let since = minute_of(due);
        let in_days = matches!(case.limit, Length::WorkingDays(_) | Length::CalendarDays(_));
        let expected = in_days || case.active(since, case.stop()) > 0;
        prop_assert_eq!(is_late(reading.status), expected);
    });
}

/// Asked later, and after any pauses that came later, an ended clock says the same.
#[test]
fn a_verdict_never_changes() {
    proptest!(cases(500), |(case in any_case(), later in 0_usize..HORIZON, more in pauses())| {
        let Some(end) = case.end else {
            return Ok(());
        };
        let at_the_end = Case { now: end, ..case.clone() };
        let mut afterwards = Case { now: end + later, ..at_the_end.clone() };
        afterwards.pauses.retain(|still| still.from < end);
        let after = end.max(afterwards.pauses.last().map_or(0, |still| still.to.unwrap_or(usize::MAX)));
        if after < usize::MAX {
            let moved = more.iter().map(|still| Still { from: still.from + after, to: still.to.map(|to| to + after) });
            afterwards.pauses.extend(moved);
        }
        prop_assert_eq!(afterwards.read(), at_the_end.read());
    });
}

/// What is overdue stays so until it ends, also when the calendar does.
#[test]
fn time_passing_makes_nothing_better() {
    proptest!(cases(1_000), |(case in any_case(), later in 0_usize..2_000)| {
        let now = Case { end: None, ..case };
        let then = Case { now: now.now + later, ..now.clone() };
        let (before, after) = (now.read().status, then.read().status);
        if before == Status::Overdue {
            prop_assert_eq!(after, Status::Overdue);
        }
        if before == Status::NotEvaluable {
            prop_assert_eq!(after, Status::NotEvaluable);
        }
    });
}

/// Whatever is in time when a pause begins, up to the deadline itself, does not become late in it.
#[test]
fn a_pause_begun_in_time_keeps_it_in_time() {
    let back = prop_oneof![Just(0), 0_usize..900];
    proptest!(cases(1_500), |(case in any_case(), back in back, later in 0_usize..5_000)| {
        let mut case = Case { end: None, ..case };
        let reading = case.read();
        let (Status::OnTrack | Status::AtRisk, Some(due)) = (reading.status, reading.due) else {
            return Ok(());
        };
        case.pauses.retain(|still| still.from <= case.now);
        let from = minute_of(due).saturating_sub(back).max(case.now);
        if from > minute_of(due) {
            return Ok(());
        }
        case.pauses.push(Still { from, to: None });
        case.now = from + later;
        let status = case.read().status;
        prop_assert!(matches!(status, Status::Paused | Status::NotEvaluable), "{status:?}");
    });
}

/// Cancelled is cancelled, in time or late, within the calendar or beyond it.
#[test]
fn what_is_cancelled_stays_cancelled() {
    proptest!(cases(300), |(case in any_case())| {
        let (mut clock, pauses) = case.facts();
        let Some(mut end) = clock.end.take() else {
            return Ok(());
        };
        let at = end.at;
        end.how = Ending::Cancelled;
        clock.end = Some(end);
        for now in [at, at + Span::days(1), at + Span::days(400)] {
            let reading = clock.read(&pauses, &case.month.policy(), now);
            prop_assert_eq!(reading.status, Status::Cancelled);
        }
    });
}
