//! Time limits and the ladder of escalation.

use super::super::file::{PRIORITIES, SEVERITIES};
use super::super::{Rung, TargetRule, length};
use super::text::{Text, quoted};
use crate::clock::Target;
use crate::event::Assignee;

pub(super) fn targets(rules: &[TargetRule], text: &mut Text) {
    for rule in rules {
        text.heading("[[target]]");
        text.pair("clock", quoted(rule.clock.name()));
        if let Some(category) = &rule.category {
            text.pair("category", quoted(category));
        }
        if let Some(severity) = rule.severity.and_then(|it| name_of(SEVERITIES, &it)) {
            text.pair("severity", quoted(severity));
        }
        if let Some(priority) = rule.priority.and_then(|it| name_of(PRIORITIES, &it)) {
            text.pair("priority", quoted(priority));
        }
        match rule.target {
            None | Some(Target::Unlimited) => text.pair("none", true),
            Some(Target::Elapsed(span)) => text.pair("elapsed", quoted(&length::write(span))),
            Some(Target::WorkingTime(span)) => {
                text.pair("working_time", quoted(&length::write(span)));
            }
            Some(Target::WorkingDays(days)) => text.pair("working_days", days),
            Some(Target::CalendarDays(days)) => text.pair("calendar_days", days),
            Some(Target::At(instant)) => text.pair("at", instant),
        }
    }
}

pub(super) fn ladder(rungs: &[Rung], text: &mut Text) {
    for rung in rungs {
        text.heading("[[ladder]]");
        if let Some(clock) = rung.clock {
            text.pair("clock", quoted(clock.name()));
        }
        text.pair("percent", rung.percent);
        if let Some(level) = rung.level {
            text.pair("level", level);
        }
        if let Some(to) = &rung.to {
            text.pair("to", assignee(to));
        }
    }
}

/// A department, and who in it.
pub(super) fn assignee(assignee: &Assignee) -> String {
    let department = quoted(assignee.department.as_str());
    let person = assignee.person.as_ref().map_or_else(String::new, |person| {
        format!(", person = {}", quoted(person.as_str()))
    });
    format!("{{ department = {department}{person} }}")
}

pub(super) fn name_of<T: PartialEq>(
    names: &[(&'static str, T)],
    value: &T,
) -> Option<&'static str> {
    let found = names.iter().find(|(_, known)| known == value);
    found.map(|(name, _)| *name)
}
