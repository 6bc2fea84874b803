//! The organisation of the scenarios: its departments, working hours and time limits.
//!
//! | who | works |
//! |---|---|
//! | the office | Monday to Friday 09:00–12:00 and 13:30–18:00 (7h30 a day), China's holidays and make-up days |
//! | the stores | every day 08:00–20:00 |
//!
//! | clock | limit |
//! |---|---|
//! | acknowledge | 2 hours of working time |
//! | first response, assignment, reply | 4 hours of working time |
//! | handling | urgent: 8 hours of working time; otherwise 3 working days |
//! | resolution | urgent: 2 working days; otherwise 5 working days |
//! | feedback | 7h30 of working time |
//! | revisit | 3 days, not before 1 day |
//! | final | 15 calendar days |
//!
//! The rest (the ladder, the reopen window, the guards) is that of the standard policy.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use redress_core::calendar::{Exception, Hours, Schedule, Tz, Week, Weekday};
use redress_core::event::Priority;
use redress_core::policy::{Department, TargetRule};
use redress_core::{Calendar, ClockKind, Label, Policy, Span, Target, WorkingTime};

use crate::story::code;

pub(super) fn working_hours(hours: i64) -> Target {
    Target::WorkingTime(Span::hours(hours))
}

pub(super) fn working_days(days: u32) -> Target {
    Target::WorkingDays(NonZeroU32::new(days).unwrap())
}

pub(super) fn policy() -> Policy {
    let office = office_calendar(&[]);
    Policy {
        departments: departments(),
        calendars: calendars(&office),
        calendar: Some(code("office")),
        targets: targets(),
        ..Policy::standard()
    }
}

/// The same rules after somebody has made these dates days off.
pub(super) fn policy_with_days_off(dates: &[&str]) -> Policy {
    Policy {
        calendars: calendars(&office_calendar(dates)),
        ..policy()
    }
}

fn office_calendar(days_off: &[&str]) -> Calendar {
    let shifts = ["09:00-12:00", "13:30-18:00"].map(|period| period.parse().unwrap());
    let mut calendar = Calendar::china(&shifts);
    if let Hours::Scheduled(schedule) = &mut calendar.hours {
        for date in days_off {
            let date = format!("2026-{date}").parse().unwrap();
            schedule.exceptions.insert(date, Exception::Rest);
        }
    }
    calendar
}

fn calendars(office: &Calendar) -> BTreeMap<Label, Arc<WorkingTime>> {
    let ready = |calendar: &Calendar| Arc::new(WorkingTime::new(calendar).unwrap());
    [
        (code("office"), ready(office)),
        (code("stores"), ready(&stores_calendar())),
    ]
    .into()
}

fn stores_calendar() -> Calendar {
    let shift = ["08:00-20:00".parse().unwrap()];
    let week = Week::monday_to_friday(&shift)
        .with(Weekday::Sat, &shift)
        .with(Weekday::Sun, &shift);
    Calendar {
        name: "stores".to_owned(),
        version: "1".to_owned(),
        zone: Tz::Asia__Shanghai,
        hours: Hours::Scheduled(Schedule {
            first: "2026-01-01".parse().unwrap(),
            last: "2026-12-31".parse().unwrap(),
            week,
            exceptions: BTreeMap::new(),
        }),
    }
}

fn departments() -> BTreeMap<redress_core::DepartmentId, Department> {
    let department = |head: &str, calendar: Option<&str>| Department {
        name: None,
        head: Some(code(head)),
        calendar: calendar.map(code),
    };
    [
        (code("service_desk"), department("he.ping", None)),
        (code("logistics"), department("chen.jie", None)),
        (code("finance"), department("xu.lei", None)),
        (code("stores"), department("gao.yu", Some("stores"))),
        (code("quality"), department("zhao.min", None)),
    ]
    .into()
}

fn targets() -> Vec<TargetRule> {
    use ClockKind::{
        Acknowledge, Assignment, Feedback, Final, FirstResponse, Handling, Reply, Resolution,
        Revisit,
    };

    let fifteen_days = Target::CalendarDays(NonZeroU32::new(15).unwrap());
    vec![
        TargetRule::all(Acknowledge, working_hours(2)),
        TargetRule::all(FirstResponse, working_hours(4)),
        TargetRule::all(Assignment, working_hours(4)),
        TargetRule::all(Reply, working_hours(4)),
        TargetRule::priority(Handling, Priority::Urgent, working_hours(8)),
        TargetRule::all(Handling, working_days(3)),
        TargetRule::priority(Resolution, Priority::Urgent, working_days(2)),
        TargetRule::all(Resolution, working_days(5)),
        TargetRule::all(Feedback, Target::WorkingTime(Span::minutes(450))),
        TargetRule::all(Revisit, Target::Elapsed(Span::days(3))),
        TargetRule::all(Final, fifteen_days),
    ]
}
