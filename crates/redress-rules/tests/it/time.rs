//! Limits to the microsecond, and time that passes without facts.

use std::collections::BTreeMap;
use std::sync::Arc;

use redress_core::calendar::{Calendar, Hours, Schedule, Week};
use redress_core::{Label, Span, Timestamp, WorkingTime};
use redress_rules::{Calendars, Constraint, Limit, Monitor, Rule, Template, Verdict};

use crate::history::{Letter, START, at, letter, pattern, seen};
use crate::trie::{monitor, rule};

const HOUR: i64 = 3_600_000_000;

fn within(template: Template, span: Span) -> Rule {
    rule(Constraint::two(template, pattern("a"), pattern("b")).within(Limit::elapsed(span)))
}

fn step(monitor: &mut Monitor, name: char, after: i64) -> Verdict {
    let letter = Letter {
        after,
        ..letter(name)
    };
    seen(letter, |seen| monitor.step(seen)).unwrap()
}

#[test]
fn an_answer_at_the_last_microsecond_is_in_time_and_one_later_is_not() {
    let rule = within(Template::Response, Span::hours(24));
    let answered = |after: i64| {
        let mut monitor = monitor(&rule);
        step(&mut monitor, 'a', 0);
        step(&mut monitor, 'b', after)
    };
    assert_eq!(answered(24 * HOUR - 1), Verdict::PossiblySatisfied);
    assert_eq!(answered(24 * HOUR), Verdict::PossiblySatisfied);
    assert_eq!(answered(24 * HOUR + 1), Verdict::Violated);
}

#[test]
fn a_limit_passes_without_a_fact() {
    let mut monitor = monitor(&within(Template::Response, Span::hours(24)));
    assert_eq!(step(&mut monitor, 'a', 0), Verdict::PossiblyViolated);
    assert_eq!(monitor.tick(at(24 * HOUR - 1)), Verdict::PossiblyViolated);
    assert_eq!(monitor.tick(at(24 * HOUR)), Verdict::PossiblyViolated);
    assert_eq!(monitor.tick(at(24 * HOUR + 1)), Verdict::Violated);
    // Time does not go back, and a late answer does not help.
    assert_eq!(monitor.tick(at(0)), Verdict::Violated);
    assert_eq!(step(&mut monitor, 'b', HOUR), Verdict::Violated);
}

#[test]
fn an_answer_told_late_counts_unless_time_has_shown_that_it_was_missing() {
    let rule = within(Template::Response, Span::hours(2));
    let told = |shown_at: i64| {
        let mut monitor = monitor(&rule);
        step(&mut monitor, 'a', 0);
        step(&mut monitor, 'c', shown_at);
        step(&mut monitor, 'b', HOUR)
    };
    assert_eq!(told(2 * HOUR), Verdict::PossiblySatisfied);
    assert_eq!(told(2 * HOUR + 1), Verdict::Violated);
}

#[test]
fn a_forbidden_time_ends_with_the_limit() {
    let rule = within(Template::NotResponse, Span::hours(1));
    let followed = |after: i64| {
        let mut monitor = monitor(&rule);
        step(&mut monitor, 'a', 0);
        step(&mut monitor, 'b', after)
    };
    assert_eq!(followed(HOUR), Verdict::Violated);
    assert_eq!(followed(HOUR + 1), Verdict::PossiblySatisfied);
}

#[test]
fn what_came_before_counts_for_as_long_as_the_limit() {
    let rule = within(Template::Precedence, Span::hours(1));
    let preceded = |after: i64| {
        let mut monitor = monitor(&rule);
        step(&mut monitor, 'a', 0);
        step(&mut monitor, 'b', after)
    };
    assert_eq!(preceded(HOUR), Verdict::PossiblySatisfied);
    assert_eq!(preceded(HOUR + 1), Verdict::Violated);
}

#[test]
fn what_was_due_in_a_stretch_is_judged_when_the_next_one_begins() {
    let response = Constraint::two(Template::Response, pattern("a"), pattern("b"));
    let each = redress_rules::Clause::from(response).anew_at(pattern("c"));
    let mut first = monitor(&rule(each));
    assert_eq!(step(&mut first, 'a', 0), Verdict::PossiblyViolated);
    assert_eq!(step(&mut first, 'b', 1), Verdict::PossiblySatisfied);
    assert_eq!(step(&mut first, 'c', 2), Verdict::PossiblySatisfied);
    assert_eq!(step(&mut first, 'a', 3), Verdict::PossiblyViolated);
    assert_eq!(step(&mut first, 'c', 4), Verdict::Violated);
}

/// An office that works from 9 to 17 UTC on Monday to Friday in the first half of 2026.
fn office() -> WorkingTime {
    let calendar = Calendar {
        name: "office".to_owned(),
        version: "1".to_owned(),
        zone: redress_core::calendar::Tz::UTC,
        hours: Hours::Scheduled(Schedule {
            first: "2026-01-01".parse().unwrap(),
            last: "2026-06-30".parse().unwrap(),
            week: Week::monday_to_friday(&["09:00-17:00".parse().unwrap()]),
            exceptions: BTreeMap::new(),
        }),
    };
    WorkingTime::new(&calendar).unwrap()
}

fn in_office(span: Span) -> Monitor {
    let name: Label = "office".parse().unwrap();
    let limit = Limit::working(span, name.clone());
    let rule = rule(Constraint::two(Template::Response, pattern("a"), pattern("b")).within(limit));
    let calendars = Calendars::new(BTreeMap::from([(name, Arc::new(office()))]));
    Monitor::new(&rule, &Arc::new(calendars)).unwrap()
}

fn micros(text: &str) -> i64 {
    text.parse::<Timestamp>().unwrap().as_micros() - START
}

#[test]
fn working_time_is_counted_by_the_calendar() {
    // Friday 6 March 2026, 16:00; two working hours end on Monday at 10:00.
    let friday = micros("2026-03-06T16:00:00Z");
    let monday = micros("2026-03-09T10:00:00Z");
    let mut monitor = in_office(Span::hours(2));
    assert_eq!(step(&mut monitor, 'a', friday), Verdict::PossiblyViolated);
    assert_eq!(monitor.tick(at(monday)), Verdict::PossiblyViolated);
    let mut late = monitor.clone();
    assert_eq!(late.tick(at(monday + 1)), Verdict::Violated);
    assert_eq!(step(&mut monitor, 'b', monday), Verdict::PossiblySatisfied);
}

#[test]
fn beyond_the_calendar_there_is_no_verdict_and_the_monitor_stays_as_it_was() {
    let mut monitor = in_office(Span::hours(2));
    let before = monitor.clone();
    let letter = Letter {
        after: micros("2026-06-30T16:30:00Z"),
        ..letter('a')
    };
    let error = seen(letter, |seen| monitor.step(seen)).unwrap_err();
    assert!(error.is_beyond_horizon(), "{error}");
    assert_eq!(monitor, before);
}

#[test]
fn a_calendar_that_is_not_there_is_told_before_anything_is_watched() {
    let limit = Limit::working(Span::hours(2), "office".parse().unwrap());
    let rule = rule(Constraint::two(Template::Response, pattern("a"), pattern("b")).within(limit));
    let error = Monitor::new(&rule, &Arc::new(Calendars::none())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rule `tested` counts the working time of calendar `office`, which there is not; \
         name one of the policy's calendars, or leave `working` out"
    );
}

#[test]
fn limits_at_the_end_of_time_do_not_overflow() {
    let mut monitor = monitor(&within(Template::Response, Span::micros(i64::MAX)));
    assert_eq!(step(&mut monitor, 'a', 0), Verdict::PossiblyViolated);
    assert_eq!(monitor.tick(Timestamp::MAX), Verdict::PossiblyViolated);
}
