//! What differs between two policies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use super::{Policy, length, wording};
use crate::calendar::WorkingTime;
use crate::clock::ClockKind;
use crate::event::Channel;
use crate::id::{DepartmentId, Label};
use crate::taxonomy::Taxonomy;
use crate::time::Span;

/// One thing that two policies say differently.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// What it is about, such as `pause.longest` or `target.resolution urgent`.
    pub key: String,
    /// What the first one says, if it says anything.
    pub before: Option<String>,
    /// What the second one says, if it says anything.
    pub after: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "{key}: {before} -> {after}"),
            (Some(before), None) => write!(f, "{key}: {before} -> nothing"),
            (None, Some(after)) => write!(f, "{key}: nothing -> {after}"),
            (None, None) => write!(f, "{key}: nothing"),
        }
    }
}

/// Everything two policies say differently, in the order of the keys; nothing if they say the same.
///
/// ```
/// use redress_core::Policy;
/// use redress_core::policy::compare;
///
/// let before = Policy::standard();
/// let mut after = before.clone();
/// after.max_cycles = 2;
/// let differences: Vec<String> = compare(&before, &after).iter().map(ToString::to_string).collect();
/// assert_eq!(differences, ["max_cycles: 3 -> 2"]);
/// ```
#[must_use]
pub fn compare(before: &Policy, after: &Policy) -> Vec<Difference> {
    let (first, second) = (sayings(before), sayings(after));
    let keys: BTreeSet<&String> = first.keys().chain(second.keys()).collect();
    let mut differences: Vec<Difference> = keys
        .into_iter()
        .filter(|key| first.get(*key) != second.get(*key))
        .map(|key| Difference {
            key: key.clone(),
            before: first.get(key).cloned(),
            after: second.get(key).cloned(),
        })
        .collect();
    differences.extend(calendars(before, after));
    differences.extend(
        ClockKind::ALL
            .into_iter()
            .filter_map(|clock| order(clock, before, after)),
    );
    differences.sort_by(|a, b| a.key.cmp(&b.key));
    differences
}

type Sayings = BTreeMap<String, String>;

/// All that a policy says, except for its calendars.
fn sayings(policy: &Policy) -> Sayings {
    let mut said = Sayings::new();
    settings(policy, &mut said);
    organisation(policy, &mut said);
    tree("categories", &policy.categories, &mut said);
    tree("causes", &policy.causes, &mut said);
    limits(policy, &mut said);
    words(policy, &mut said);
    warnings(policy, &mut said);
    said
}

fn settings(policy: &Policy, said: &mut Sayings) {
    let reasons = policy.pause.reasons.iter();
    let reasons = reasons.map(|reason| reason.label(crate::Language::English));
    let mut put = |key: &str, value: String| {
        said.insert(key.to_owned(), value);
    };
    put("version", policy.version.to_string());
    let conduct = if policy.guards_conduct() {
        "guarded"
    } else {
        "historical"
    };
    put("conduct", conduct.to_owned());
    put("at_risk_percent", policy.at_risk_percent.to_string());
    put(
        "revisit_window.from",
        length::write(policy.revisit_window.from),
    );
    put("revisit_window.to", length::write(policy.revisit_window.to));
    put("quality_department", policy.quality_department.to_string());
    put("max_level", policy.max_level.to_string());
    put("max_cycles", policy.max_cycles.to_string());
    put("reopen_window", length::write(policy.reopen_window));
    put("back_dating", length::write(policy.back_dating));
    put("pause.reasons", listed(reasons));
    put("pause.longest", length::write(policy.pause.longest));
    put(
        "unreachable.attempts",
        policy.unreachable.attempts.to_string(),
    );
    put("unreachable.days", policy.unreachable.days.to_string());
    put("neutral_closes", policy.neutral_closes.to_string());
    put("waiver", policy.waiver.to_string());
    put("max_extensions", policy.max_extensions.to_string());
    put(
        "min_description_chars",
        policy.min_description_chars.to_string(),
    );
    put("review.role", policy.review.role.to_string());
    put("review.within", limit(policy.review.within));
    let channels = policy.confirmation.channels.iter();
    put(
        "confirmation.channels",
        listed(channels.map(|channel| channel.code())),
    );
    put("confirmation.within", limit(policy.confirmation.within));
    put("duplicates.within", length::write(policy.duplicates.within));
    if let Some(calendar) = &policy.calendar {
        put("calendar", calendar.to_string());
    }
}

fn limit(within: Option<Span>) -> String {
    within.map_or_else(|| "no limit".to_owned(), length::write)
}

fn organisation(policy: &Policy, said: &mut Sayings) {
    for (id, department) in &policy.departments {
        let key = format!("departments.{id}");
        said.insert(key.clone(), "listed".to_owned());
        if let Some(name) = &department.name {
            said.insert(format!("{key}.name"), format!("{} {}", name.zh_cn, name.en));
        }
        if let Some(head) = &department.head {
            said.insert(format!("{key}.head"), head.to_string());
        }
        if let Some(calendar) = &department.calendar {
            said.insert(format!("{key}.calendar"), calendar.to_string());
        }
    }
    for route in &policy.routing {
        let key = format!("route.{}", route.category);
        said.insert(key, route.department.to_string());
    }
    for authority in &policy.authority {
        let mut key = format!("authority.{}", authority.role);
        if let Some(departments) = &authority.departments {
            let departments = departments.iter().map(DepartmentId::as_str);
            key = format!("{key} in {}", listed(departments));
        }
        let mut commands: Vec<&str> = authority.commands.iter().map(String::as_str).collect();
        commands.sort_unstable();
        add(said, key, listed(commands));
    }
}

fn tree(name: &str, tree: &Taxonomy, said: &mut Sayings) {
    for (path, label) in tree.iter() {
        let value = format!("{} {}", label.zh_cn, label.en);
        said.insert(format!("{name}.{path}"), value);
    }
}

fn limits(policy: &Policy, said: &mut Sayings) {
    for rule in &policy.targets {
        let key = format!("target.{} {}", rule.clock.name(), wording::condition(rule));
        add(said, key, wording::limit(rule.target));
    }
    for rung in &policy.ladder {
        let clock = rung.clock.map_or("every clock", ClockKind::name);
        let key = format!("ladder.{clock} {:>4} %", rung.percent);
        add(said, key, wording::rung(rung));
    }
}

fn words(policy: &Policy, said: &mut Sayings) {
    for rule in &policy.intake {
        let channel = rule.channel.map_or("every channel", Channel::code);
        let fields = rule.required.iter().map(|field| field.name());
        add(said, format!("intake.{channel}"), listed(fields));
    }
    for (name, template) in &policy.templates {
        let key = format!("templates.{name}");
        let channels = template.channels.iter().map(|channel| channel.code());
        said.insert(format!("{key}.channels"), listed(channels));
        said.insert(format!("{key}.en"), template.text.en.clone());
        said.insert(format!("{key}.zh_cn"), template.text.zh_cn.clone());
    }
}

fn warnings(policy: &Policy, said: &mut Sayings) {
    for (name, rule) in &policy.warnings {
        let mut put = |key: &str, value: String| {
            said.insert(format!("warning.{name}.{key}"), value);
        };
        put("metric", rule.metric.name().to_owned());
        put("by", listed(rule.by.iter().map(|by| by.name())));
        put("where", wording::scope(&rule.scope));
        put("window", length::write(rule.window));
        put("served", rule.served.to_string());
        put("min_sample", rule.min_sample.to_string());
        for (level, threshold) in &rule.levels {
            put(level.name(), wording::threshold(*threshold));
        }
        put("cooldown", length::write(rule.cooldown));
        let owner = rule.owner.as_ref();
        put(
            "owner",
            owner.map_or_else(|| "the quality department".to_owned(), wording::assignee),
        );
        put("procedure.zh_cn", rule.procedure.zh_cn.clone());
        put("procedure.en", rule.procedure.en.clone());
    }
}

/// Puts a value beside those that stand under the same key already.
fn add(said: &mut Sayings, key: String, value: String) {
    said.entry(key)
        .and_modify(|values| *values = format!("{values}; {value}"))
        .or_insert(value);
}

fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

/// The first rule that matches counts, so the order of the rules both policies have is something they say.
fn order(clock: ClockKind, before: &Policy, after: &Policy) -> Option<Difference> {
    let conditions = |policy: &Policy| -> Vec<String> {
        let rules = policy.targets.iter().filter(|rule| rule.clock == clock);
        rules.map(wording::condition).collect()
    };
    let (first, second) = (conditions(before), conditions(after));
    let common = |own: &[String], other: &[String]| {
        let both: Vec<&str> = own
            .iter()
            .filter(|condition| other.contains(condition))
            .map(String::as_str)
            .collect();
        both.join(" < ")
    };
    let (was, is) = (common(&first, &second), common(&second, &first));
    (was != is).then(|| Difference {
        key: format!("target.{} (order)", clock.name()),
        before: Some(was),
        after: Some(is),
    })
}

/// Calendars are compared as a whole: what matters is which hours count.
fn calendars(before: &Policy, after: &Policy) -> Vec<Difference> {
    let names: BTreeSet<&Label> = before
        .calendars
        .keys()
        .chain(after.calendars.keys())
        .collect();
    let differ = names
        .into_iter()
        .filter(|name| !alike(before.calendars.get(*name), after.calendars.get(*name)));
    let differences = differ.map(|name| {
        let both = before.calendars.contains_key(name) && after.calendars.contains_key(name);
        let hours = |policy: &Policy, words: &str| {
            policy
                .calendars
                .contains_key(name)
                .then(|| words.to_owned())
        };
        Difference {
            key: format!("calendars.{name}"),
            before: hours(before, "some hours"),
            after: hours(after, if both { "other hours" } else { "some hours" }),
        }
    });
    differences.collect()
}

fn alike(before: Option<&Arc<WorkingTime>>, after: Option<&Arc<WorkingTime>>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => before.counts_like(after),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}
