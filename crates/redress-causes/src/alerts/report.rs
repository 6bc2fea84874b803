//! What is told of warnings.

use redress_core::action::{Alert, AlertLevel, Opened, Origin};
use redress_core::event::Assignee;
use redress_core::policy::warning::{Metric, Unit};
use redress_core::{Dimension, Label, Name, Timestamp};
use serde::Serialize;

use super::amount::Amount;
use super::course::Episode;
use super::judgement::NotEvaluable;
use super::term::Term;

/// How the warnings of a ledger stand at an instant, and every one that was raised up to then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alerts {
    /// The instant.
    pub at: Timestamp,
    /// Every figure that the rules in force then watch, by rule and group.
    pub standings: Vec<Standing>,
    /// Every warning that was raised up to then, by when, then by rule and group.
    pub raised: Vec<Raised>,
}

/// How one figure stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The rule that watches it.
    pub rule: Label,
    /// Of which complaints it is; empty where the rule looks at all together.
    pub group: Vec<GroupValue>,
    /// The figure.
    pub figure: Measured,
    /// How grave the warning is that stands; none where none does.
    pub level: Option<AlertLevel>,
    /// When that was raised.
    pub raised_at: Option<Timestamp>,
    /// Why the figure cannot be judged; it is all right only where this and the level are none.
    pub not_evaluable: Option<NotEvaluable>,
}

/// A warning that was raised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Raised {
    /// The warning, as an action can be opened for it: as grave as it was at first.
    pub alert: Alert,
    /// Of which complaints its figure is; empty where the rule looks at all together.
    pub group: Vec<GroupValue>,
    /// The figure that raised it.
    pub figure: Measured,
    /// How grave it is, or was when it ended.
    pub level: AlertLevel,
    /// When it became graver or less grave.
    pub changes: Vec<LevelChange>,
    /// When it ended; none while it stands.
    pub ended_at: Option<Timestamp>,
    /// Who acts on it.
    pub owner: Assignee,
    /// What is to be done.
    pub procedure: Name,
}

/// A value that complaints have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct GroupValue {
    /// In which dimension.
    pub dimension: Dimension,
    /// The value.
    pub value: String,
}

/// From when on a warning was how grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LevelChange {
    /// From when on.
    pub at: Timestamp,
    /// How grave.
    pub level: AlertLevel,
}

/// A figure: so much above its line, so much below. With nothing below the line there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measured {
    /// Of what.
    pub metric: Metric,
    /// The number above the line; of a mean time the sum, in microseconds.
    pub above: u64,
    /// The number below the line; 1 of a plain count.
    pub below: u64,
}

impl Measured {
    pub(super) fn of(metric: Metric, amount: Amount) -> Self {
        let whole = |number: i128| u64::try_from(number.max(0)).unwrap_or(u64::MAX);
        // What is watched of timeliness is what lacks to all of it.
        let above = if metric == Metric::Timeliness {
            amount.below.saturating_sub(amount.above)
        } else {
            amount.above
        };
        Self {
            metric,
            above: whole(above),
            below: whole(amount.below),
        }
    }

    /// In what it is measured.
    #[must_use]
    pub const fn unit(self) -> Unit {
        self.metric.unit()
    }
}

impl Standing {
    pub(super) fn of(
        term: &Term,
        group: &[String],
        figure: Amount,
        last: Option<&Raised>,
        not_evaluable: Option<NotEvaluable>,
    ) -> Self {
        let stands = last.filter(|last| last.ended_at.is_none());
        Self {
            rule: term.name.clone(),
            group: values(term, group),
            figure: Measured::of(term.rule.metric, figure),
            level: stands.map(|raised| raised.level),
            raised_at: stands.map(|raised| raised.alert.raised_at),
            not_evaluable,
        }
    }
}

impl Raised {
    /// `None` for a warning without a level, which there is not.
    pub(super) fn of(
        term: &Term,
        group: &[String],
        episode: &Episode,
        figure: impl Fn(Timestamp) -> Amount,
    ) -> Option<Self> {
        let ((raised_at, first), changes) = episode.levels.split_first()?;
        Some(Self {
            alert: Alert {
                rule: term.name.clone(),
                level: *first,
                group: label(group),
                raised_at: *raised_at,
            },
            group: values(term, group),
            figure: Measured::of(term.rule.metric, figure(*raised_at)),
            level: changes.last().map_or(*first, |(_, level)| *level),
            changes: changes
                .iter()
                .map(|(at, level)| LevelChange {
                    at: *at,
                    level: *level,
                })
                .collect(),
            ended_at: episode.ended_at,
            owner: term.owner.clone(),
            procedure: term.rule.procedure.clone(),
        })
    }

    /// The action it asks for: what its procedure says. The same warning asks for the same, whenever it is asked.
    #[must_use]
    pub fn action(&self) -> Opened {
        let Name { zh_cn, en } = &self.procedure;
        Opened::new(Origin::Alert(self.alert.clone()), format!("{zh_cn} / {en}"))
    }
}

fn values(term: &Term, group: &[String]) -> Vec<GroupValue> {
    let values = term.rule.by.iter().zip(group);
    let values = values.map(|(dimension, value)| GroupValue {
        dimension: *dimension,
        value: value.clone(),
    });
    values.collect()
}

/// The values of a group in one; what no label can hold is cut off.
fn label(group: &[String]) -> Option<Label> {
    let whole = group.join(" + ");
    let cut: String = whole
        .chars()
        .take(redress_core::id::MAX_CODE_CHARS)
        .collect();
    Label::new(cut.trim()).ok()
}
