//! An automaton made from a formula: it knows after each fact whether the formula is kept, and whether that may change.
//!
//! A formula over `n` patterns sees of a fact only which of them match. Its states are what is left of the formula after
//! some facts; from which states a kept or a broken end can be reached is worked out once, so that the four verdicts
//! are exact as far as the patterns tell which of them can match together.

mod formula;
mod minimal;
mod translate;

use std::collections::BTreeMap;

use redress_core::EventType;

use self::formula::{Formulas, Residue, TooLarge, single};
use self::minimal::minimal;
use self::translate::Translation;
use crate::clause::Clause;
use crate::observation::Observation;
use crate::pattern::Pattern;
use crate::rule::InvalidRule;
use crate::verdict::Verdict;

/// The most different patterns in one formula.
pub(crate) const MOST_PATTERNS: usize = 8;

/// The most states of an automaton.
const MOST_STATES: usize = 1_024;

/// The most steps between them, so that no file of rules takes long to read.
const MOST_STEPS: usize = 16_384;

/// A state of an automaton.
pub(crate) type State = usize;

/// An automaton over what facts match; it starts in state 0.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Automaton {
    patterns: Vec<Pattern>,
    /// What can match together: a bit for each pattern. In order.
    letters: Vec<u32>,
    /// Where each letter leads, a row for each state.
    next: Vec<Vec<State>>,
    verdicts: Vec<Verdict>,
}

impl Automaton {
    /// The automaton of a clause that is a formula.
    pub(crate) fn of(clause: &Clause) -> Result<Self, InvalidRule> {
        let mut translation = Translation::default();
        let formula = translation.clause(clause, true);
        let Translation { formulas, patterns } = translation;
        if patterns.len() > MOST_PATTERNS {
            return Err(InvalidRule::TooManyPatterns {
                found: patterns.len(),
            });
        }
        let letters = letters(&patterns);
        let explored = explore(formulas, single(formula), &letters);
        let (next, kept) = explored.map_err(|TooLarge| InvalidRule::TooLarge)?;
        let (next, verdicts) = minimal(&next, &verdicts(&next, &kept));
        Ok(Self {
            verdicts,
            patterns,
            letters,
            next,
        })
    }

    pub(crate) fn step(&self, state: State, seen: &Observation<'_>) -> State {
        let matching = self.patterns.iter().enumerate();
        let letter = matching.fold(0, |letter, (number, pattern)| {
            letter | u32::from(pattern.matches(seen)) << number
        });
        // Patterns that exclude each other never match together, so the letter is always among those there are.
        let column = self.letters.binary_search(&letter).ok();
        column
            .and_then(|column| self.next.get(state)?.get(column).copied())
            .unwrap_or(state)
    }

    pub(crate) fn verdict(&self, state: State) -> Verdict {
        self.verdicts
            .get(state)
            .copied()
            .unwrap_or(Verdict::PossiblyViolated)
    }
}

/// Which patterns can match one fact together.
fn letters(patterns: &[Pattern]) -> Vec<u32> {
    let all = 0..1_u32 << patterns.len();
    all.filter(|letter| can_occur(patterns, *letter)).collect()
}

fn can_occur(patterns: &[Pattern], letter: u32) -> bool {
    let matches = |number: usize| letter >> number & 1 == 1;
    let matching: Vec<&Pattern> = patterns
        .iter()
        .enumerate()
        .filter(|(number, _)| matches(*number))
        .map(|(_, pattern)| pattern)
        .collect();
    let excluded = matching
        .iter()
        .any(|one| matching.iter().any(|two| one.excludes(two)));
    let fits = |kind: EventType| {
        patterns.iter().enumerate().all(|(number, pattern)| {
            if matches(number) {
                pattern.means_kind(kind)
            } else {
                !pattern.means_kind(kind) || !pattern.conditions().is_empty()
            }
        })
    };
    !excluded && EventType::ALL.into_iter().any(fits)
}

type Explored = (Vec<Vec<State>>, Vec<bool>);

/// Every state that some history leads to, and whether the formula is kept where a history ends there.
fn explore(mut formulas: Formulas, start: Residue, letters: &[u32]) -> Result<Explored, TooLarge> {
    let mut numbers = BTreeMap::from([(start.clone(), 0)]);
    let mut found = vec![start];
    let mut next = Vec::new();
    while let Some(residue) = found.get(next.len()).cloned() {
        let mut row = Vec::with_capacity(letters.len());
        for letter in letters {
            let left = formulas.progress(&residue, *letter)?;
            let number = *numbers.entry(left).or_insert_with_key(|left| {
                found.push(left.clone());
                found.len() - 1
            });
            row.push(number);
        }
        if found.len() > MOST_STATES || found.len() * letters.len() > MOST_STEPS {
            return Err(TooLarge);
        }
        next.push(row);
    }
    let kept = found
        .iter()
        .map(|residue| formulas.is_kept_at_end(residue))
        .collect();
    Ok((next, kept))
}

fn verdicts(next: &[Vec<State>], kept: &[bool]) -> Vec<Verdict> {
    let may_be_kept = reaching(next, |state| kept.get(state) == Some(&true));
    let may_be_broken = reaching(next, |state| kept.get(state) == Some(&false));
    kept.iter()
        .zip(may_be_kept)
        .zip(may_be_broken)
        .map(|((kept, may_be_kept), may_be_broken)| Verdict::of(*kept, may_be_kept, may_be_broken))
        .collect()
}

/// For each state, whether it or a state that can be reached from it is wanted.
fn reaching(next: &[Vec<State>], wanted: impl Fn(State) -> bool) -> Vec<bool> {
    let mut reaches: Vec<bool> = (0..next.len()).map(wanted).collect();
    loop {
        let grown: Vec<bool> = next
            .iter()
            .zip(&reaches)
            .map(|(row, own)| *own || row.iter().any(|to| reaches.get(*to) == Some(&true)))
            .collect();
        if grown == reaches {
            return reaches;
        }
        reaches = grown;
    }
}
