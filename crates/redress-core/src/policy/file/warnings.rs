//! Rules of early warning in a policy file.

use std::collections::BTreeMap;

use super::limits::{PRIORITIES, SEVERITIES, assignee, optional};
use super::node::{Fields, Node};
use super::organisation::{known_category, known_department};
use super::source::shown;
use super::trees::name;
use super::words::channel;
use crate::action::AlertLevel;
use crate::dimension::Dimension;
use crate::event::Flag;
use crate::id::Label;
use crate::policy::warning::{Limit, Metric, Scope, Threshold, Unit, WarningRule};
use crate::policy::{Policy, share};
use crate::time::Span;

const KEYS: &[&str] = &[
    "name",
    "metric",
    "by",
    "where",
    "window",
    "served",
    "min_sample",
    "yellow",
    "orange",
    "red",
    "cooldown",
    "owner",
    "procedure",
    "off",
];

const LEVELS: [AlertLevel; 3] = [AlertLevel::Yellow, AlertLevel::Orange, AlertLevel::Red];

/// The ways to write a threshold, of which a level has exactly one.
const THRESHOLDS: [&str; 4] = ["at_least", "at_most", "sigmas", "growth"];

/// More windows before the present one than anybody needs.
const MOST_PERIODS: i64 = 100;

pub(super) fn read(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("warning") else {
        return;
    };
    let rules = node.each("a list of tables, each headed by [[warning]]", |item| {
        warning(item, policy)
    });
    let mut lines: BTreeMap<Label, usize> = BTreeMap::new();
    for (node, (name, rule)) in rules {
        if let Some(line) = lines.get(&name) {
            node.refuse(format!(
                "the warning on line {line} is called `{}` too; give one of them another name",
                shown(name.as_str())
            ));
            continue;
        }
        lines.insert(name.clone(), node.line());
        match rule {
            Some(rule) => {
                policy.warnings.insert(name, rule);
            }
            None => switch_off(&node, &name, policy),
        }
    }
}

fn switch_off(node: &Node<'_>, name: &Label, policy: &mut Policy) {
    if policy.warnings.remove(name).is_none() {
        let known = policy.warnings.keys().map(Label::as_str);
        node.unknown("warning to switch off called", name.as_str(), known);
    }
}

/// The name of a rule, and what it says; nothing where it is switched off.
fn warning(node: &Node<'_>, policy: &Policy) -> Option<(Label, Option<WarningRule>)> {
    let fields = node.fields(KEYS)?;
    let name = fields
        .need("name", "\"late_work\"")
        .and_then(|node| node.code());
    if let Some(off) = fields.get("off") {
        if off.flag()? {
            return Some((name?, None));
        }
        off.refuse("this says nothing; write true to switch the warning off, else leave it out");
        return None;
    }
    let rule = rule(&fields, policy);
    Some((name?, Some(rule?)))
}

fn rule(fields: &Fields<'_>, policy: &Policy) -> Option<WarningRule> {
    let known = Metric::ALL.map(|metric| (metric.name(), metric));
    let metric = fields
        .need("metric", "\"count\"")
        .and_then(|node| node.choice("metric", &known));
    let scope = optional(fields, "where", |node| scope(node, policy));
    let window = fields
        .need("window", "\"7d\"")
        .and_then(|node| node.positive_span());
    let owner = optional(fields, "owner", |node| assignee(node, policy));
    let cooldown = optional(fields, "cooldown", Node::span);
    let procedure = fields
        .need(
            "procedure",
            "{ zh_cn = \"负责人当日核实\", en = \"The owner looks into it today\" }",
        )
        .and_then(|node| name(&node));
    // What the other keys may say depends on the metric.
    let metric = metric?;
    let by = by(fields, metric);
    let served = served(fields, metric);
    let min_sample = min_sample(fields, metric);
    let levels = levels(fields, metric);
    Some(WarningRule {
        metric,
        by: by?,
        scope: scope?.unwrap_or_default(),
        window: window?,
        served: served?,
        min_sample: min_sample?,
        levels: levels?,
        cooldown: cooldown?.unwrap_or(Span::ZERO),
        owner: owner?,
        procedure: procedure?,
    })
}

fn by(fields: &Fields<'_>, metric: Metric) -> Option<Vec<Dimension>> {
    let known = Dimension::ALL.map(|dimension| (dimension.name(), dimension));
    let by = optional(fields, "by", |node| {
        Some(node.set("a list of dimensions", |item| {
            item.choice("dimension", &known)
        }))
    })?
    .unwrap_or_default();
    if metric == Metric::Share && by.is_empty() {
        fields.refuse("the share of all complaints in all complaints is always 100 %; add what to group by, for instance by = [\"product\"]");
        return None;
    }
    Some(by)
}

fn served(fields: &Fields<'_>, metric: Metric) -> Option<u64> {
    match (fields.get("served"), metric == Metric::Rate) {
        (None, false) => Some(0),
        (None, true) => {
            fields.missing("served", "100000");
            None
        }
        (Some(node), true) => node.number(1, i64::MAX),
        (Some(node), false) => {
            node.refuse("only the metric `rate` asks how many customers are served; leave it out");
            None
        }
    }
}

fn min_sample(fields: &Fields<'_>, metric: Metric) -> Option<u64> {
    let Some(node) = fields.get("min_sample") else {
        return Some(0);
    };
    if metric.has_sample() {
        return node.number(1, i64::MAX);
    }
    node.refuse(format!(
        "the metric `{}` needs no sample to be judged; leave it out",
        metric.name()
    ));
    None
}

fn scope(node: &Node<'_>, policy: &Policy) -> Option<Scope> {
    let fields = node.fields(&[
        "category",
        "severity",
        "priority",
        "channel",
        "product",
        "department",
        "safety",
        "flag",
    ])?;
    let category = optional(&fields, "category", |node| known_category(node, policy));
    let severity = optional(&fields, "severity", |node| {
        node.choice("severity", SEVERITIES)
    });
    let priority = optional(&fields, "priority", |node| {
        node.choice("priority", PRIORITIES)
    });
    let channel = optional(&fields, "channel", channel);
    let product = optional(&fields, "product", Node::code);
    let department = optional(&fields, "department", |node| known_department(node, policy));
    let safety = optional(&fields, "safety", safety);
    let flag = optional(&fields, "flag", |node| node.choice("flag", FLAGS));
    Some(Scope {
        category: category?,
        severity: severity?,
        priority: priority?,
        channel: channel?,
        product: product?,
        department: department?,
        safety: safety?.unwrap_or(false),
        flag: flag?,
    })
}

pub(crate) const FLAGS: &[(&str, Flag)] = &[
    ("vulnerable", Flag::Vulnerable),
    ("publicity_risk", Flag::PublicityRisk),
    ("group", Flag::Group),
];

fn safety(node: &Node<'_>) -> Option<bool> {
    if node.flag()? {
        return Some(true);
    }
    node.refuse(
        "this says nothing; write true for complaints about safety alone, else leave it out",
    );
    None
}

fn levels(fields: &Fields<'_>, metric: Metric) -> Option<BTreeMap<AlertLevel, Threshold>> {
    let mut levels: BTreeMap<AlertLevel, Threshold> = BTreeMap::new();
    let mut is_read = true;
    for level in LEVELS {
        let Some(node) = fields.get(level.name()) else {
            continue;
        };
        match threshold(&node, metric) {
            Some(threshold) => {
                let below = levels.values().next_back();
                is_read &= below.is_none_or(|below| is_graver(&node, *below, threshold));
                levels.insert(level, threshold);
            }
            None => is_read = false,
        }
    }
    if is_read && levels.is_empty() {
        fields.refuse("the warning has no level; add yellow, orange or red, for instance red = { at_least = 5 }");
        return None;
    }
    is_read.then_some(levels)
}

/// Whether a level asks for more than the one below it, where the two can be compared.
fn is_graver(node: &Node<'_>, below: Threshold, own: Threshold) -> bool {
    let is_graver = match (below, own) {
        (Threshold::AtLeast(below), Threshold::AtLeast(own)) => below < own,
        (Threshold::AtMost { per_mille: below }, Threshold::AtMost { per_mille: own }) => {
            own < below
        }
        (
            Threshold::Sigmas {
                sigmas: below,
                periods,
            },
            Threshold::Sigmas {
                sigmas: own,
                periods: others,
            },
        ) => periods != others || below < own,
        (
            Threshold::Growth {
                percent: below,
                periods,
            },
            Threshold::Growth {
                percent: own,
                periods: others,
            },
        ) => periods != others || below < own,
        (
            Threshold::AtLeast(_)
            | Threshold::AtMost { .. }
            | Threshold::Sigmas { .. }
            | Threshold::Growth { .. },
            _,
        ) => true,
    };
    if !is_graver {
        node.refuse("the level below it asks for as much or more; let each level ask for more than the one before");
    }
    is_graver
}

fn threshold(node: &Node<'_>, metric: Metric) -> Option<Threshold> {
    let mut known = Vec::from(THRESHOLDS);
    known.push("periods");
    let fields = node.fields(&known)?;
    let given: Vec<(&str, Node<'_>)> = THRESHOLDS
        .into_iter()
        .filter_map(|name| Some((name, fields.get(name)?)))
        .collect();
    let [(name, value)] = given.as_slice() else {
        match given.as_slice() {
            [(first, _), (_, second), ..] => second.refuse(format!(
                "the level has a threshold already, `{first}`; leave one out"
            )),
            [] | [_] => fields.refuse(format!(
                "the level has no threshold; add one of {}",
                THRESHOLDS.join(", ")
            )),
        }
        return None;
    };
    if let (Some(periods), "at_least" | "at_most") = (fields.get("periods"), *name) {
        periods.refuse("a fixed threshold looks at no windows before; leave it out");
        return None;
    }
    match *name {
        "at_least" => at_least(value, metric),
        "at_most" => at_most(value, metric),
        "sigmas" => {
            let sigmas = value.number(1, 10);
            let periods = periods(&fields, 2);
            Some(Threshold::Sigmas {
                sigmas: sigmas?,
                periods: periods?,
            })
        }
        _ => {
            let percent = per_mille(value, "a growth in quotes, such as \"50%\"", 1_000_000);
            let periods = periods(&fields, 1);
            let percent = percent?;
            if !percent.is_multiple_of(10) {
                value
                    .refuse("growth is told in whole per cent; leave out what is behind the point");
                return None;
            }
            Some(Threshold::Growth {
                percent: percent / 10,
                periods: periods?,
            })
        }
    }
}

fn periods(fields: &Fields<'_>, least: i64) -> Option<u32> {
    fields
        .need("periods", "8")
        .and_then(|node| node.number(least, MOST_PERIODS))
}

fn at_least(node: &Node<'_>, metric: Metric) -> Option<Threshold> {
    if metric == Metric::Timeliness {
        node.refuse("timeliness warns when it is low; write at_most");
        return None;
    }
    let limit = match metric.unit() {
        Unit::Number => Limit::Number(node.number(1, i64::MAX)?),
        Unit::Share => Limit::PerMille(per_mille(node, A_SHARE, 1_000)?),
        Unit::Time => Limit::Time(node.positive_span()?),
    };
    Some(Threshold::AtLeast(limit))
}

fn at_most(node: &Node<'_>, metric: Metric) -> Option<Threshold> {
    if metric != Metric::Timeliness {
        node.refuse(format!(
            "the metric `{}` warns when it is high; write at_least",
            metric.name()
        ));
        return None;
    }
    let per_mille = per_mille(node, A_SHARE, 1_000)?;
    if per_mille == 1_000 {
        node.refuse("timeliness is never above 100 %, so this always warns; write less");
        return None;
    }
    Some(Threshold::AtMost { per_mille })
}

const A_SHARE: &str = "a share in quotes, such as \"20%\" or \"0.5%\"";

/// A share that is not nothing, in thousandths.
fn per_mille(node: &Node<'_>, wanted: &str, most: u32) -> Option<u32> {
    let text = node.text(wanted)?;
    let share = share::parse(text).filter(|share| (1..=most).contains(share));
    if share.is_none() {
        node.refuse(format!("`{}` cannot be used; write {wanted}", shown(text)));
    }
    share
}
