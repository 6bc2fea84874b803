//! Working calendars, with every date that differs spelled out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::file::WEEKDAYS;
use super::text::{Text, long_list, quoted, quoted_list};
use crate::calendar::{Exception, Hours, Period, Schedule, Week, WorkingTime};
use crate::id::Label;

pub(super) fn write(calendars: &BTreeMap<Label, Arc<WorkingTime>>, text: &mut Text) {
    for (name, calendar) in calendars {
        let source = calendar.source();
        text.heading(format!("[calendars.{}]", quoted(name.as_str())));
        text.pair("version", quoted(&source.version));
        text.pair("zone", quoted(source.zone.name()));
        match &source.hours {
            Hours::Always => text.pair("always", true),
            Hours::Scheduled(schedule) => write_schedule(schedule, text),
        }
    }
}

fn write_schedule(schedule: &Schedule, text: &mut Text) {
    text.pair("first", schedule.first);
    text.pair("last", schedule.last);
    text.pair("week", week(&schedule.week));
    let (mut rest, mut work) = (Vec::new(), Vec::new());
    for (date, exception) in &schedule.exceptions {
        match exception {
            Exception::Rest => rest.push(date.to_string()),
            Exception::Work(worked) => work.push(format!(
                "{{ date = {date}, periods = {} }}",
                periods(worked)
            )),
        }
    }
    if !rest.is_empty() {
        text.pair("rest", long_list(rest));
    }
    if !work.is_empty() {
        text.pair("work", long_list(work));
    }
}

/// The days that are worked.
fn week(week: &Week) -> String {
    let days: Vec<String> = WEEKDAYS
        .iter()
        .map(|(name, day)| (name, week.periods(*day)))
        .filter(|(_, worked)| !worked.is_empty())
        .map(|(name, worked)| format!("{name} = {}", periods(worked)))
        .collect();
    format!("{{ {} }}", days.join(", "))
}

fn periods(periods: &[Period]) -> String {
    let written: Vec<String> = periods.iter().map(Period::to_string).collect();
    quoted_list(written.iter().map(String::as_str))
}
