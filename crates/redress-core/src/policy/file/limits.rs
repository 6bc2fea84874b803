//! Time limits and the ladder of escalation in a policy file.

use std::num::NonZeroU32;

use super::node::{Fields, Node};
use super::organisation::{known_category, known_department};

use crate::clock::{ClockKind, Target};
use crate::event::{Assignee, Priority, Severity};
use crate::id::{Level, is_path_within};
use crate::policy::{Policy, Rung, TargetRule};

pub(crate) const SEVERITIES: &[(&str, Severity)] = &[
    ("minor", Severity::Minor),
    ("moderate", Severity::Moderate),
    ("serious", Severity::Serious),
    ("critical", Severity::Critical),
];

pub(crate) const PRIORITIES: &[(&str, Priority)] = &[
    ("low", Priority::Low),
    ("normal", Priority::Normal),
    ("high", Priority::High),
    ("urgent", Priority::Urgent),
];

/// The ways to write a limit, of which a rule has exactly one.
const LIMITS: [&str; 6] = [
    "elapsed",
    "working_time",
    "working_days",
    "calendar_days",
    "at",
    "none",
];

pub(super) fn read(fields: &Fields<'_>, policy: &mut Policy) {
    targets(fields, policy);
    ladder(fields, policy);
}

fn targets(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("target") else {
        return;
    };
    let read = node.each("a list of tables, each headed by [[target]]", |item| {
        target(item, policy)
    });
    let mut rules: Vec<(usize, TargetRule)> = Vec::new();
    for (node, rule) in read {
        let first = rules.iter().find(|(_, earlier)| covers(earlier, &rule));
        if let Some((line, _)) = first {
            node.refuse(format!(
                "this never counts: the rule on line {line} comes first and is for all that this one is for; put the narrower rule first, or leave one out"
            ));
        }
        rules.push((node.line(), rule));
    }
    // The first rule that matches counts, so what a file says goes before what it extends, and what never counts goes.
    let own: Vec<TargetRule> = rules.into_iter().map(|(_, rule)| rule).collect();
    policy
        .targets
        .retain(|base| !own.iter().any(|rule| covers(rule, base)));
    policy.targets.splice(0..0, own);
}

/// Whether every complaint of the later rule is one of the earlier rule.
fn covers(earlier: &TargetRule, later: &TargetRule) -> bool {
    let wider = earlier.category.as_deref().is_none_or(|ancestor| {
        let below = later.category.as_deref();
        below.is_some_and(|category| is_path_within(category, ancestor))
    });
    earlier.clock == later.clock
        && wider
        && (earlier.severity.is_none() || earlier.severity == later.severity)
        && (earlier.priority.is_none() || earlier.priority == later.priority)
}

fn target(node: &Node<'_>, policy: &Policy) -> Option<TargetRule> {
    let mut known = vec!["clock", "category", "severity", "priority"];
    known.extend(LIMITS);
    let fields = node.fields(&known)?;
    let clock = fields
        .need("clock", "\"resolution\"")
        .and_then(|node| limited_clock(&node));
    let category = optional(&fields, "category", |node| known_category(node, policy));
    let severity = optional(&fields, "severity", |node| {
        node.choice("severity", SEVERITIES)
    });
    let priority = optional(&fields, "priority", |node| {
        node.choice("priority", PRIORITIES)
    });
    let target = limit(&fields);
    Some(TargetRule {
        clock: clock?,
        category: category?.map(String::from),
        severity: severity?,
        priority: priority?,
        target: target?,
    })
}

/// Reads a key that may be left out; a wrong value makes the whole unreadable, a missing one does not.
pub(super) fn optional<'f, T>(
    fields: &Fields<'f>,
    name: &str,
    read: impl FnOnce(&Node<'f>) -> Option<T>,
) -> Option<Option<T>> {
    match fields.get(name) {
        None => Some(None),
        Some(node) => read(&node).map(Some),
    }
}

fn clock(node: &Node<'_>) -> Option<ClockKind> {
    node.choice("clock", &ClockKind::ALL.map(|kind| (kind.name(), kind)))
}

fn limited_clock(node: &Node<'_>) -> Option<ClockKind> {
    let clock = clock(node)?;
    if clock == ClockKind::Promise {
        node.refuse("a promise is its own limit; leave this rule out");
        return None;
    }
    Some(clock)
}

/// The one limit of a rule; `Some(None)` states that there is none.
fn limit(fields: &Fields<'_>) -> Option<Option<Target>> {
    let given: Vec<(&str, Node<'_>)> = LIMITS
        .into_iter()
        .filter_map(|name| Some((name, fields.get(name)?)))
        .collect();
    let [(name, node)] = given.as_slice() else {
        return wrong_number(fields, &given);
    };
    match *name {
        "elapsed" => node.positive_span().map(|span| Some(Target::Elapsed(span))),
        "working_time" => node
            .positive_span()
            .map(|span| Some(Target::WorkingTime(span))),
        "working_days" => days(node).map(|days| Some(Target::WorkingDays(days))),
        "calendar_days" => days(node).map(|days| Some(Target::CalendarDays(days))),
        "at" => node.instant().map(|instant| Some(Target::At(instant))),
        _ => without_limit(node),
    }
}

fn wrong_number<T>(fields: &Fields<'_>, given: &[(&str, Node<'_>)]) -> Option<T> {
    match given {
        [(first, _), (_, second), ..] => second.refuse(format!(
            "the rule has a limit already, `{first}`; leave one out"
        )),
        [] | [_] => fields.refuse(format!(
            "the rule has no limit; add one of {}, or none = true",
            LIMITS[..5].join(", ")
        )),
    }
    None
}

fn days(node: &Node<'_>) -> Option<NonZeroU32> {
    node.number(1, 36_525)
        .and_then(|days: u32| NonZeroU32::new(days))
}

fn without_limit<T>(node: &Node<'_>) -> Option<Option<T>> {
    if node.flag()? {
        return Some(None);
    }
    node.refuse("this says nothing; write true where there is no limit, else leave it out");
    None
}

fn ladder(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("ladder") else {
        check_levels(fields, policy);
        return;
    };
    let rungs = node.each("a list of tables, each headed by [[ladder]]", |item| {
        rung(item, policy)
    });
    for (index, (node, rung)) in rungs.iter().enumerate() {
        let below = rungs[..index].iter().map(|(_, below)| below);
        check_rung(node, rung, below.filter(|below| below.clock == rung.clock));
    }
    policy.ladder = rungs.into_iter().map(|(_, rung)| rung).collect();
}

/// A lower top may leave the ladder of what is extended standing above it.
fn check_levels(fields: &Fields<'_>, policy: &Policy) {
    let highest = policy.ladder.iter().filter_map(|rung| rung.level).max();
    if let Some(node) = fields.get("max_level")
        && let Some(level) = highest.filter(|level| *level > policy.max_level)
    {
        node.refuse(format!(
            "the ladder of the policy this one extends goes up to level {level}; write {level} or more, or a ladder of your own"
        ));
    }
}

fn rung(node: &Node<'_>, policy: &Policy) -> Option<Rung> {
    let fields = node.fields(&["clock", "percent", "level", "to"])?;
    let clock = optional(&fields, "clock", clock);
    let percent = fields
        .need("percent", "80")
        .and_then(|node| node.number(1, 1_000));
    let level = optional(&fields, "level", |node| level(node, policy));
    let to = optional(&fields, "to", |node| assignee(node, policy));
    Some(Rung {
        clock: clock?,
        percent: percent?,
        level: level?,
        to: to?,
    })
}

fn level(node: &Node<'_>, policy: &Policy) -> Option<Level> {
    let level = Level::new(node.number(1, i64::from(u8::MAX))?);
    if level <= policy.max_level {
        return Some(level);
    }
    let top = policy.max_level;
    node.refuse(format!(
        "level {level} is above the top, {top}; write at most {top}, or raise `max_level`"
    ));
    None
}

pub(super) fn assignee(node: &Node<'_>, policy: &Policy) -> Option<Assignee> {
    let fields = node.fields(&["department", "person"])?;
    let department = fields
        .need("department", "\"management\"")
        .and_then(|node| known_department(&node, policy));
    let person = optional(&fields, "person", Node::code);
    Some(Assignee {
        department: department?,
        person: person?,
    })
}

/// Checks a rung against those below it on the same ladder.
fn check_rung<'a>(node: &Node<'_>, rung: &Rung, below: impl Iterator<Item = &'a Rung>) {
    let (mut percent, mut level) = (None, None);
    for rung in below {
        percent = percent.max(Some(rung.percent));
        level = level.max(rung.level);
    }
    if let Some(percent) = percent.filter(|percent| *percent >= rung.percent) {
        node.refuse(format!(
            "a rung at {} % follows one at {percent} %; write the rungs of a clock from low to high, each once",
            rung.percent
        ));
    }
    if let (Some(lower), Some(own)) = (level, rung.level)
        && own < lower
    {
        node.refuse(format!(
            "the ladder leads down from level {lower} to {own}; write level {lower} or more"
        ));
    }
}
