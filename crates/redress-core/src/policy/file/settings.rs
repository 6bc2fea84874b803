//! The single settings of a policy file.

use super::intake;
use super::node::{Fields, Node};
use super::organisation::calendar;
use crate::event::PauseReason;
use crate::id::Level;
use crate::policy::{PauseRule, Policy, RevisitWindow, UnreachableRule};

pub(crate) const PAUSE_REASONS: &[(&str, PauseReason)] = &[
    ("awaiting_customer", PauseReason::AwaitingCustomer),
    ("awaiting_third_party", PauseReason::AwaitingThirdParty),
    ("appraisal", PauseReason::Appraisal),
    ("legal", PauseReason::Legal),
    ("force_majeure", PauseReason::ForceMajeure),
];

/// More than anybody needs of cycles, attempts, days or extensions.
const MOST: i64 = 1_000;

/// Where settings are taken from and put.
struct Settings<'a, 'f> {
    fields: &'a Fields<'f>,
    /// There is a policy below, so that nothing needs to be said again.
    complete: bool,
}

impl<'f> Settings<'_, 'f> {
    /// Takes a setting from the file; `example` shows one where it is missing.
    fn take<T>(
        &self,
        name: &str,
        example: &str,
        setting: &mut T,
        read: impl FnOnce(&Node<'f>) -> Option<T>,
    ) {
        let node = self.fields.get(name);
        if node.is_none() && !self.complete {
            self.fields.missing_at_the_bottom(name, example);
        }
        if let Some(value) = node.and_then(|node| read(&node)) {
            *setting = value;
        }
    }
}

pub(super) fn read(fields: &Fields<'_>, complete: bool, policy: &mut Policy) {
    let settings = Settings { fields, complete };
    if let Some(node) = fields.get("calendar") {
        policy.calendar = calendar(&node, policy);
    }
    settings.take(
        "at_risk_percent",
        "80",
        &mut policy.at_risk_percent,
        |node| node.number(1, 100),
    );
    settings.take(
        "revisit_window",
        "{ from = \"1d\", to = \"3d\" }",
        &mut policy.revisit_window,
        revisit_window,
    );
    settings.take("max_level", "3", &mut policy.max_level, |node| {
        node.number(1, i64::from(u8::MAX)).map(Level::new)
    });
    settings.take("max_cycles", "3", &mut policy.max_cycles, |node| {
        node.number(1, MOST)
    });
    settings.take(
        "reopen_window",
        "\"10d\"",
        &mut policy.reopen_window,
        Node::span,
    );
    settings.take(
        "back_dating",
        "\"72h\"",
        &mut policy.back_dating,
        Node::span,
    );
    settings.take(
        "pause",
        "{ reasons = [\"awaiting_customer\"], longest = \"30d\" }",
        &mut policy.pause,
        pause,
    );
    settings.take(
        "unreachable",
        "{ attempts = 3, days = 2 }",
        &mut policy.unreachable,
        unreachable,
    );
    settings.take(
        "neutral_closes",
        "false",
        &mut policy.neutral_closes,
        Node::flag,
    );
    settings.take("waiver", "false", &mut policy.waiver, Node::flag);
    settings.take("max_extensions", "1", &mut policy.max_extensions, |node| {
        node.number(0, MOST)
    });
    checks(&settings, policy);
}

/// What is flagged of an intake, and what is owed for it.
fn checks(settings: &Settings<'_, '_>, policy: &mut Policy) {
    settings.take(
        "min_description_chars",
        "10",
        &mut policy.min_description_chars,
        |node| node.number(0, MOST),
    );
    let mut review = policy.review.clone();
    settings.take(
        "review",
        "{ role = \"supervisor\", within = \"24h\" }",
        &mut review,
        |node| intake::review(node, policy),
    );
    policy.review = review;
    if let (Some(node), None) = (
        settings.fields.get("authority"),
        settings.fields.get("review"),
    ) {
        intake::check_inherited_review(&node, policy);
    }
    settings.take(
        "confirmation",
        "{ channels = [\"phone_hotline\"], within = \"3d\" }",
        &mut policy.confirmation,
        intake::confirmation,
    );
    settings.take(
        "duplicates",
        "{ within = \"7d\" }",
        &mut policy.duplicates,
        intake::duplicates,
    );
}

fn revisit_window(node: &Node<'_>) -> Option<RevisitWindow> {
    let fields = node.fields(&["from", "to"])?;
    let from = fields.need("from", "\"1d\"").and_then(|node| node.span());
    let to = fields.need("to", "\"3d\"");
    let end = to.as_ref().and_then(Node::positive_span);
    let window = RevisitWindow {
        from: from?,
        to: end?,
    };
    if window.to < window.from {
        to?.refuse("the window ends before it begins; write the longer time as `to`");
        return None;
    }
    Some(window)
}

fn pause(node: &Node<'_>) -> Option<PauseRule> {
    let fields = node.fields(&["reasons", "longest"])?;
    let reasons = fields
        .need("reasons", "[\"awaiting_customer\"]")
        .map(|node| {
            node.set("a list of reasons", |item| {
                item.choice("reason to pause", PAUSE_REASONS)
            })
        });
    let longest = fields
        .need("longest", "\"30d\"")
        .and_then(|node| node.positive_span());
    Some(PauseRule {
        reasons: reasons?,
        longest: longest?,
    })
}

fn unreachable(node: &Node<'_>) -> Option<UnreachableRule> {
    let fields = node.fields(&["attempts", "days"])?;
    let attempts = fields
        .need("attempts", "3")
        .and_then(|node| node.number(1, MOST));
    let days = fields.need("days", "2");
    let different = days.as_ref().and_then(|node| node.number(1, MOST));
    let rule = UnreachableRule {
        attempts: attempts?,
        days: different?,
    };
    if rule.days > rule.attempts {
        days?.refuse(format!(
            "{} attempts cannot fall on {} days; write at most {}",
            rule.attempts, rule.days, rule.attempts
        ));
        return None;
    }
    Some(rule)
}
