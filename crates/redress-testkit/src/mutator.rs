//! Which mistakes in a process a suite of rules would notice.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::Policy;
use redress_rules::{NoSuchCalendar, Rule};

use crate::alphabet::Alphabet;
use crate::branch::Branch;
use crate::difference::differences;
use crate::explorer::{Bounds, Exploration, Explorer, Extent};
use crate::history::{History, Step};
use crate::mutant::Mutant;
use crate::mutation::{Mutation, mutations};

/// What became of one mutant.
#[derive(Clone, Debug)]
pub enum Fate {
    /// It behaves as the policy does, proven over every history of the alphabet.
    Equivalent,
    /// No difference was found within the bounds.
    NotTold,
    /// A rule noticed it; which, and after how many steps.
    Killed {
        /// The rule.
        rule: String,
        /// How many steps its history has.
        steps: usize,
    },
    /// No rule noticed it.
    Survived(Box<Parting>),
}

/// Where a mutant and its policy part ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// One of the shortest histories after which they do.
    pub history: History,
    /// The step that one accepts and the other refuses, or that comes to something else.
    pub step: Step,
}

/// What a suite of rules notices.
#[derive(Clone, Debug)]
pub struct Score {
    /// Every mutant and what became of it.
    pub fates: Vec<(Mutation, Fate)>,
    /// Rules by which nothing was killed first.
    pub idle: Vec<String>,
    /// Whether the policy itself was explored to the end.
    pub extent: Extent,
    /// What the policy itself breaks; it cannot count against a mutant.
    pub known: Vec<String>,
}

impl Score {
    /// How many of the mutants that differ were noticed: so many of so many.
    #[must_use]
    pub fn killed(&self) -> (usize, usize) {
        let count =
            |wanted: fn(&Fate) -> bool| self.fates.iter().filter(|(_, fate)| wanted(fate)).count();
        let killed = count(|fate| matches!(fate, Fate::Killed { .. }));
        (
            killed,
            killed + count(|fate| matches!(fate, Fate::Survived(..))),
        )
    }

    /// The mutants that no rule noticed.
    pub fn survivors(&self) -> impl Iterator<Item = Mutation> {
        let survived = |fate: &Fate| matches!(fate, Fate::Survived(..));
        self.fates
            .iter()
            .filter(move |(_, fate)| survived(fate))
            .map(|(mutation, _)| *mutation)
    }
}

/// Makes every mutant of a policy, discards those that are no different, and asks the rules of the others.
///
/// # Errors
///
/// [`NoSuchCalendar`] when a rule counts the working time of a calendar that the policy does not have.
pub fn mutate(
    policy: &Policy,
    alphabet: &Alphabet,
    rules: &[Rule],
    branches: &[Branch],
    bounds: Bounds,
) -> Result<Score, NoSuchCalendar> {
    let of_policy = Explorer::new(policy)
        .alphabet(alphabet.clone())
        .rules(rules.iter().cloned());
    let own = of_policy
        .branches(branches.iter().copied())
        .bounds(bounds)
        .explore()?;
    let known: Vec<String> = own
        .findings
        .iter()
        .map(|finding| finding.rule.clone())
        .collect();
    let mutants: Vec<Mutant> = mutations(&own.coverage)
        .into_iter()
        .map(|mutation| Mutant::new(policy, mutation))
        .collect();
    let told = differences(
        policy,
        &mutants,
        alphabet,
        Bounds {
            steps: usize::MAX,
            ..bounds
        },
    );
    let mut fates = Vec::new();
    let mut kills: BTreeMap<String, usize> = BTreeMap::new();
    for (mutant, difference) in mutants.iter().zip(told.found) {
        let fate = match difference {
            None if told.extent == Extent::Exhaustive => Fate::Equivalent,
            None => Fate::NotTold,
            Some((history, step)) => {
                let parting = Parting { history, step };
                let explorer = Explorer::new(mutant)
                    .alphabet(alphabet.clone())
                    .rules(rules.iter().cloned());
                let explorer = explorer.branches(branches.iter().copied()).bounds(bounds);
                let seen = explorer
                    .knowing(known.iter().cloned())
                    .first_only()
                    .explore()?;
                killed(&seen).map_or_else(
                    || Fate::Survived(Box::new(parting)),
                    |(rule, steps)| {
                        *kills.entry(rule.clone()).or_default() += 1;
                        Fate::Killed { rule, steps }
                    },
                )
            }
        };
        fates.push((mutant.mutation(), fate));
    }
    let names: BTreeSet<&str> = rules
        .iter()
        .map(Rule::name)
        .chain(branches.iter().map(|branch| branch.name()))
        .collect();
    let idle = names
        .into_iter()
        .filter(|name| !kills.contains_key(*name))
        .map(str::to_owned)
        .collect();
    Ok(Score {
        fates,
        idle,
        extent: told.extent,
        known,
    })
}

fn killed(seen: &Exploration) -> Option<(String, usize)> {
    let finding = seen.findings.first()?;
    let steps = finding.history.steps().len() + usize::from(finding.last.is_some());
    Some((finding.rule.clone(), steps))
}
