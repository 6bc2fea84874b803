//! Rules in a few words, for drawings and comparisons.

use super::warning::{Limit, Scope, Threshold};
use super::{Rung, TargetRule, length, share};
use crate::clock::Target;
use crate::event::{Assignee, Flag, Priority, Severity};

/// A limit, or that there is none.
pub(crate) fn limit(target: Option<Target>) -> String {
    match target {
        None | Some(Target::Unlimited) => "no limit".to_owned(),
        Some(Target::Elapsed(span)) => length::write(span),
        Some(Target::WorkingTime(span)) => format!("{} of working time", length::write(span)),
        Some(Target::WorkingDays(days)) => counted(days.get(), "working day"),
        Some(Target::CalendarDays(days)) => counted(days.get(), "calendar day"),
        Some(Target::At(instant)) => format!("by {instant}"),
    }
}

/// For which complaints a limit is.
pub(crate) fn condition(rule: &TargetRule) -> String {
    let words: Vec<&str> = [
        rule.category.as_deref(),
        rule.severity.map(severity),
        rule.priority.map(priority),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() {
        "all".to_owned()
    } else {
        words.join(" ")
    }
}

/// What happens on a rung.
pub(crate) fn rung(rung: &Rung) -> String {
    let what = rung
        .level
        .map_or_else(|| "notice".to_owned(), |level| format!("level {level}"));
    match &rung.to {
        None => what,
        Some(to) => format!("{what} to {}", assignee(to)),
    }
}

/// From when on a rule warns.
pub(crate) fn threshold(threshold: Threshold) -> String {
    match threshold {
        Threshold::AtLeast(Limit::Number(number)) => format!("from {number}"),
        Threshold::AtLeast(Limit::PerMille(per_mille)) => {
            format!("from {}", share::write(per_mille))
        }
        Threshold::AtLeast(Limit::Time(span)) => format!("from {}", length::write(span)),
        Threshold::AtMost { per_mille } => format!("from {} down", share::write(per_mille)),
        Threshold::Sigmas { sigmas, periods } => {
            format!("from {sigmas} sigma above the mean of {periods} windows")
        }
        Threshold::Growth { percent, periods } => {
            format!("from {percent}% more than in {periods} windows")
        }
    }
}

/// What calls for special care.
pub(crate) const fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Vulnerable => "vulnerable",
        Flag::PublicityRisk => "publicity risk",
        Flag::Group => "group",
    }
}

/// Which complaints a rule watches.
pub(crate) fn scope(scope: &Scope) -> String {
    let words: Vec<&str> = [
        scope.category.as_ref().map(|it| it.as_str()),
        scope.severity.map(severity),
        scope.priority.map(priority),
        scope.channel.map(|it| it.code()),
        scope.product.as_ref().map(|it| it.as_str()),
        scope.department.as_ref().map(|it| it.as_str()),
        scope.safety.then_some("safety"),
        scope.flag.map(flag),
    ]
    .into_iter()
    .flatten()
    .collect();
    if words.is_empty() {
        "all".to_owned()
    } else {
        words.join(" ")
    }
}

/// A department, and who in it.
pub(crate) fn assignee(assignee: &Assignee) -> String {
    match &assignee.person {
        None => assignee.department.to_string(),
        Some(person) => format!("{person} of {}", assignee.department),
    }
}

/// A number of things.
pub(crate) fn counted(number: u32, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "minor",
        Severity::Moderate => "moderate",
        Severity::Serious => "serious",
        Severity::Critical => "critical",
    }
}

const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Low => "low",
        Priority::Normal => "normal",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    }
}
