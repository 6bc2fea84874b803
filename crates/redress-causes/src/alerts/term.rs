//! A rule while it is in force, and what complaints added to its figures.

use std::collections::BTreeMap;

use redress_core::event::Assignee;
use redress_core::policy::WarningRule;
use redress_core::policy::warning::Metric;
use redress_core::{Label, Policy, Timestamp};

use super::amount::Amount;
use super::course::Watch;
use super::marks::Group;
use super::stairs::{Changes, Stairs};
use super::watched::Stint;

/// A rule while it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) name: Label,
    pub(super) rule: WarningRule,
    pub(super) owner: Assignee,
    /// From when on it is in force.
    pub(super) from: Timestamp,
    /// Until just before when it is.
    pub(super) until: Option<Timestamp>,
    /// From when on its figures are known.
    pub(super) known_from: Timestamp,
    pub(super) stints: Vec<Stint>,
}

impl Term {
    /// The rules of a policy that begin to hold.
    pub(super) fn of(
        policy: &Policy,
        (from, known_from): (Timestamp, Timestamp),
    ) -> impl Iterator<Item = Self> {
        policy.warnings.iter().map(move |(name, rule)| Self {
            name: name.clone(),
            rule: rule.clone(),
            owner: owner(rule, policy),
            from,
            until: None,
            known_from,
            stints: Vec::new(),
        })
    }

    /// Whether a policy says the same under its name.
    pub(super) fn goes_on_in(&self, policy: &Policy) -> bool {
        let rule = policy.warnings.get(&self.name);
        rule.is_some_and(|rule| *rule == self.rule && owner(rule, policy) == self.owner)
    }

    pub(super) fn is_over(&self, at: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= at)
    }

    /// Its figures over time, by group, as far as there are groups at `now`. One that groups by nothing always has its
    /// figure.
    pub(super) fn figures(&self, now: Timestamp) -> BTreeMap<Group, Stairs> {
        let mut changes: BTreeMap<Group, Changes> = BTreeMap::new();
        let mut whole = Changes::default();
        if self.rule.by.is_empty() {
            changes.insert(Group::new(), Changes::default());
        }
        for stint in &self.stints {
            let group = changes.entry(stint.mark.group.clone()).or_default();
            group.add(stint);
            whole.add(stint);
        }
        // A group is known from when on anything counts in it, also where that was planned before.
        changes.retain(|group, changes| {
            group.is_empty() || changes.begin().is_some_and(|begin| begin <= now)
        });
        let figures = changes.into_iter().map(|(group, mut changes)| {
            if self.rule.metric == Metric::Share {
                changes.set_against(&whole);
            }
            (group, changes.into_stairs(self.base()))
        });
        figures.collect()
    }

    /// What stands below the line whatever happens.
    fn base(&self) -> Amount {
        let below = match self.rule.metric {
            Metric::Count | Metric::Overdue | Metric::EscalationCount | Metric::CauseCount => 1,
            Metric::Rate => i128::from(self.rule.served),
            Metric::Share
            | Metric::Timeliness
            | Metric::Dissatisfaction
            | Metric::RepeatRate
            | Metric::Aht => 0,
        };
        Amount {
            below,
            ..Amount::default()
        }
    }

    /// One of its figures as it is watched, in a ledger whose first complaint counts from `begun` on.
    pub(super) fn watch<'a>(&'a self, stairs: &'a Stairs, begun: Timestamp) -> Watch<'a> {
        Watch {
            rule: &self.rule,
            stairs,
            from: self.from,
            until: self.until,
            horizon: (begun + self.rule.window).max(self.known_from),
        }
    }
}

fn owner(rule: &WarningRule, policy: &Policy) -> Assignee {
    let quality = || Assignee::department(policy.quality_department.clone());
    rule.owner.clone().unwrap_or_else(quality)
}
