//! What an intake must tell, and prepared words to customers, in a policy file.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Fields, Node};
use super::source::shown;
use crate::event::Channel;
use crate::id::{Label, is_unprintable};
use crate::language::Name;
use crate::policy::template::{Piece, pieces};
use crate::policy::{IntakeField, IntakeRule, Placeholder, Policy, Template};

pub(super) fn read(fields: &Fields<'_>, policy: &mut Policy) {
    intake(fields, policy);
    templates(fields, policy);
}

pub(super) fn channel(node: &Node<'_>) -> Option<Channel> {
    let known = Channel::ALL.map(|channel| (channel.code(), channel));
    node.choice("channel", &known)
}

fn intake(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(node) = fields.get("intake") else {
        return;
    };
    let rules = node.each("a list of tables, each headed by [[intake]]", intake_rule);
    let mut lines: BTreeMap<Option<Channel>, usize> = BTreeMap::new();
    for (node, rule) in &rules {
        if let Some(line) = lines.get(&rule.channel) {
            node.refuse(format!(
                "the rule on line {line} is for the same channel; make one of the two"
            ));
        }
        lines.entry(rule.channel).or_insert(node.line());
    }
    policy.intake = rules.into_iter().map(|(_, rule)| rule).collect();
}

fn intake_rule(node: &Node<'_>) -> Option<IntakeRule> {
    let fields = node.fields(&["channel", "required"])?;
    let channel = match fields.get("channel") {
        None => Some(None),
        Some(node) => channel(&node).map(Some),
    };
    let required = fields.need("required", "[\"contact\"]")?;
    let wanted = "a list of fields";
    if required.list(wanted)?.is_empty() {
        required.refuse(
            "the list is empty, so the rule says nothing; name a field, or leave the rule out",
        );
    }
    let known = IntakeField::ALL.map(|field| (field.name(), field));
    let required = required.set(wanted, |item| item.choice("field of an intake", &known));
    Some(IntakeRule {
        channel: channel?,
        required,
    })
}

fn templates(fields: &Fields<'_>, policy: &mut Policy) {
    let Some(table) = fields
        .get("templates")
        .and_then(|node| node.table("a table of templates by their names"))
    else {
        return;
    };
    for (name, node) in table.named::<Label>() {
        if let Some(template) = template(&node) {
            policy.templates.insert(name, template);
        }
    }
}

fn template(node: &Node<'_>) -> Option<Template> {
    let fields = node.fields(&["channels", "zh_cn", "en"])?;
    let channels = fields
        .get("channels")
        .map(|node| node.set("a list of channels", channel))
        .unwrap_or_default();
    let zh_cn = fields
        .need("zh_cn", "\"您的投诉 {complaint} 已受理。\"")
        .and_then(|node| wording(&node));
    let en = fields
        .need("en", "\"We have received your complaint {complaint}.\"")
        .and_then(|node| wording(&node));
    let ((zh_cn, chinese), (en, english)) = (zh_cn?, en?);
    if let Some(only) = chinese.symmetric_difference(&english).next() {
        node.refuse(format!(
            "`{{{only}}}` stands in one language only; give both the same places"
        ));
    }
    Some(Template {
        channels,
        text: Name { zh_cn, en },
    })
}

/// Words to a customer, and the places in them.
fn wording(node: &Node<'_>) -> Option<(String, BTreeSet<&'static str>)> {
    let text = node.text("the words in quotes")?;
    if text.trim().is_empty() {
        node.refuse("there are no words; write some");
        return None;
    }
    if text.chars().any(|c| c != '\n' && is_unprintable(c)) {
        node.refuse("the words hold a control or text-direction character; take it out");
        return None;
    }
    let mut places = BTreeSet::new();
    for piece in pieces(text) {
        match piece {
            Piece::Words(_) => {}
            Piece::Place(name) => {
                places.insert(place(node, name)?.name());
            }
            Piece::LoneBrace(_) => {
                node.refuse(
                    "a brace stands alone; write places as {complaint}, and no other braces",
                );
                return None;
            }
        }
    }
    Some((text.to_owned(), places))
}

fn place(node: &Node<'_>, name: &str) -> Option<Placeholder> {
    let known = Placeholder::named(name);
    if known.is_none() {
        let (name, names) = (shown(name), Placeholder::ALL.map(Placeholder::name));
        node.unknown("value for the place", &format!("{{{name}}}"), names);
    }
    known
}
