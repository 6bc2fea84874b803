//! Rules of early warning.

use std::collections::BTreeMap;

use super::super::file::{FLAGS, PRIORITIES, SEVERITIES};
use super::super::warning::{Limit, Scope, Threshold, WarningRule};
use super::super::{length, share};
use super::limits::{assignee, name_of};
use super::name;
use super::text::{Text, quoted, quoted_list};
use crate::event::Channel;
use crate::id::Label;

pub(super) fn warnings(rules: &BTreeMap<Label, WarningRule>, text: &mut Text) {
    for (rule_name, rule) in rules {
        let WarningRule {
            metric,
            by,
            scope,
            window,
            served,
            min_sample,
            levels,
            cooldown,
            owner,
            procedure,
        } = rule;
        text.heading("[[warning]]");
        text.pair("name", quoted(rule_name.as_str()));
        text.pair("metric", quoted(metric.name()));
        if !by.is_empty() {
            text.pair(
                "by",
                quoted_list(by.iter().map(|dimension| dimension.name())),
            );
        }
        let fits = written_scope(scope);
        if !fits.is_empty() {
            text.pair("where", format!("{{ {} }}", fits.join(", ")));
        }
        text.pair("window", quoted(&length::write(*window)));
        if *served > 0 {
            text.pair("served", served);
        }
        if *min_sample > 0 {
            text.pair("min_sample", min_sample);
        }
        for (level, threshold) in levels {
            text.pair(level.name(), written_threshold(*threshold));
        }
        text.pair("cooldown", quoted(&length::write(*cooldown)));
        if let Some(owner) = owner {
            text.pair("owner", assignee(owner));
        }
        text.pair("procedure", name(procedure));
    }
}

/// What a scope asks for, as keys with values.
fn written_scope(scope: &Scope) -> Vec<String> {
    let Scope {
        category,
        severity,
        priority,
        channel,
        product,
        department,
        safety,
        flag,
    } = scope;
    let pair = |key: &str, value: &str| format!("{key} = {}", quoted(value));
    let severity = severity.and_then(|it| name_of(SEVERITIES, &it));
    let priority = priority.and_then(|it| name_of(PRIORITIES, &it));
    let flag = flag.and_then(|it| name_of(FLAGS, &it));
    let safety = safety.then(|| "safety = true".to_owned());
    [
        ("category", category.as_ref().map(|it| it.as_str())),
        ("severity", severity),
        ("priority", priority),
        ("channel", channel.map(Channel::code)),
        ("product", product.as_ref().map(|it| it.as_str())),
        ("department", department.as_ref().map(|it| it.as_str())),
        ("flag", flag),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some(pair(key, value?)))
    .chain(safety)
    .collect()
}

fn written_threshold(threshold: Threshold) -> String {
    match threshold {
        Threshold::AtLeast(Limit::Number(number)) => format!("{{ at_least = {number} }}"),
        Threshold::AtLeast(Limit::PerMille(per_mille)) => {
            format!("{{ at_least = \"{}\" }}", share::write(per_mille))
        }
        Threshold::AtLeast(Limit::Time(span)) => {
            format!("{{ at_least = \"{}\" }}", length::write(span))
        }
        Threshold::AtMost { per_mille } => {
            format!("{{ at_most = \"{}\" }}", share::write(per_mille))
        }
        Threshold::Sigmas { sigmas, periods } => {
            format!("{{ sigmas = {sigmas}, periods = {periods} }}")
        }
        Threshold::Growth { percent, periods } => {
            format!("{{ growth = \"{percent}%\", periods = {periods} }}")
        }
    }
}
