//! A rule while it is in force, and its figures.

use std::collections::BTreeMap;

use redress_core::event::Assignee;
use redress_core::policy::WarningRule;
use redress_core::policy::warning::Metric;
use redress_core::{Label, Policy, Timestamp};

use super::amount::Amount;
use super::changes::{Changes, together};
use super::course::Watch;
use super::marks::Group;
use super::stairs::Stairs;
use super::watched::Stint;

/// A rule while it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) name: Label,
    /// By which adoption it came, the first being 0.
    pub(super) adoption: usize,
    pub(super) rule: WarningRule,
    pub(super) owner: Assignee,
    /// From when on it is in force.
    pub(super) from: Timestamp,
    /// Until just before when it is.
    pub(super) until: Option<Timestamp>,
    /// From when on its figures are known.
    pub(super) known_from: Timestamp,
    /// What complaints add and take back, by group; none is empty.
    pub(super) figures: BTreeMap<Group, Changes>,
}

impl Term {
    /// The rules of a policy that begin to hold, by an adoption and from when on.
    pub(super) fn of(
        policy: &Policy,
        adoption: usize,
        (from, known_from): (Timestamp, Timestamp),
    ) -> impl Iterator<Item = Self> {
        policy.warnings.iter().map(move |(name, rule)| Self {
            name: name.clone(),
            adoption,
            rule: rule.clone(),
            owner: owner(rule, policy),
            from,
            until: None,
            known_from,
            figures: BTreeMap::new(),
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

    /// Whether its figure depends on which complaints repeat others.
    pub(super) fn asks_for_repeats(&self) -> bool {
        self.rule.metric == Metric::RepeatRate
    }

    /// Counts what a complaint adds.
    pub(super) fn begin(&mut self, stint: &Stint) {
        self.count(stint, stint.from, stint.mark.adds.amount());
    }

    /// Takes back what a complaint would have added from an instant on.
    pub(super) fn end(&mut self, stint: &Stint, at: Timestamp) {
        let taken = Amount::NOTHING.minus(stint.mark.adds.amount());
        self.count(stint, stint.from.max(at), taken);
    }

    fn count(&mut self, stint: &Stint, from: Timestamp, amount: Amount) {
        let mark = &stint.mark;
        if from >= mark.until {
            return;
        }
        let figure = match self.figures.get_mut(&mark.group) {
            Some(figure) => figure,
            None => self.figures.entry(mark.group.clone()).or_default(),
        };
        figure.add(from, amount);
        figure.add(mark.until, Amount::NOTHING.minus(amount));
        if figure.begin().is_none() {
            self.figures.remove(&mark.group);
        }
    }

    /// Its figures up to `now`, by group, as far as there are groups then. One that groups by nothing always has its figure.
    pub(super) fn stairs(&self, now: Timestamp) -> BTreeMap<&[String], Stairs> {
        let (base, below) = (self.base(), self.below(now));
        let below = || below.iter().map(|(at, amount)| (*at, *amount));
        let figures = self.known(now).map(|(group, changes)| {
            let changes = changes.take_while(|(at, _)| *at <= now);
            (group, Stairs::of(together(changes, below()), base))
        });
        let mut stairs: BTreeMap<&[String], Stairs> = figures.collect();
        if self.rule.by.is_empty() {
            let nothing = || Stairs::of(std::iter::empty(), base);
            stairs.entry(&[]).or_insert_with(nothing);
        }
        stairs
    }

    /// The groups that are known at `now`: those in which anything counts, also where that was planned before.
    fn known(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (&[String], impl Iterator<Item = (Timestamp, Amount)>)> {
        let figures = self.figures.iter();
        let known = figures.filter(move |(_, changes)| changes.begin() <= Some(now));
        known.map(|(group, changes)| (group.as_slice(), changes.iter()))
    }

    /// Of a share, what stands above the line of all groups together, which stands below the line of each.
    fn below(&self, now: Timestamp) -> BTreeMap<Timestamp, Amount> {
        let mut below: BTreeMap<Timestamp, Amount> = BTreeMap::new();
        if self.rule.metric == Metric::Share {
            for (at, amount) in self.known(now).flat_map(|(_, changes)| changes) {
                let change = below.entry(at).or_default();
                change.below = change.below.saturating_add(amount.above);
            }
            below.retain(|at, _| *at <= now);
        }
        below
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
            ..Amount::NOTHING
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

pub(super) fn owner(rule: &WarningRule, policy: &Policy) -> Assignee {
    let quality = || Assignee::department(policy.quality_department.clone());
    rule.owner.clone().unwrap_or_else(quality)
}
