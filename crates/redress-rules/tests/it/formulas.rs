//! Temporal operators against a direct reading of LTLf, on every history up to length 6.

use proptest::prelude::*;
use redress_rules::Clause;

use crate::history::{Letter, letter, pattern};
use crate::trie::{Walk, rule};

/// A formula of the tests, read by recursion.
#[derive(Clone, Debug)]
enum Formula {
    Is(&'static str),
    Not(Box<Formula>),
    And(Box<Formula>, Box<Formula>),
    Or(Box<Formula>, Box<Formula>),
    Implies(Box<Formula>, Box<Formula>),
    Next(Box<Formula>),
    Always(Box<Formula>),
    Eventually(Box<Formula>),
    Until(Box<Formula>, Box<Formula>),
}

impl Formula {
    /// Whether it holds at place `i` of a history; place `len` is past the end.
    fn holds(&self, history: &[Letter], i: usize) -> bool {
        let end = history.len();
        match self {
            Self::Is(names) => i < end && names.contains(history[i].name),
            Self::Not(one) => !one.holds(history, i),
            Self::And(one, two) => one.holds(history, i) && two.holds(history, i),
            Self::Or(one, two) => one.holds(history, i) || two.holds(history, i),
            Self::Implies(one, two) => !one.holds(history, i) || two.holds(history, i),
            Self::Next(one) => i + 1 < end && one.holds(history, i + 1),
            Self::Always(one) => (i..end).all(|j| one.holds(history, j)),
            Self::Eventually(one) => (i..end).any(|j| one.holds(history, j)),
            Self::Until(one, two) => {
                (i..end).any(|j| two.holds(history, j) && (i..j).all(|k| one.holds(history, k)))
            }
        }
    }

    fn clause(&self) -> Clause {
        match self {
            Self::Is(names) => pattern(names).into(),
            Self::Not(one) => !one.clause(),
            Self::And(one, two) => one.clause().and(two.clause()),
            Self::Or(one, two) => one.clause().or(two.clause()),
            Self::Implies(one, two) => one.clause().implies(two.clause()),
            Self::Next(one) => Clause::next(one.clause()),
            Self::Always(one) => Clause::always(one.clause()),
            Self::Eventually(one) => Clause::eventually(one.clause()),
            Self::Until(one, two) => one.clause().until(two.clause()),
        }
    }
}

type Unary = fn(Box<Formula>) -> Formula;
type Binary = fn(Box<Formula>, Box<Formula>) -> Formula;

const UNARY: [Unary; 4] = [
    Formula::Not,
    Formula::Next,
    Formula::Always,
    Formula::Eventually,
];
const BINARY: [Binary; 4] = [Formula::And, Formula::Or, Formula::Implies, Formula::Until];

/// Every formula with at most one operator over another.
fn small() -> Vec<Formula> {
    let atoms = || ["a", "ab"].map(Formula::Is).into_iter();
    let mut once: Vec<Formula> = atoms().collect();
    for unary in UNARY {
        once.extend(atoms().map(|atom| unary(Box::new(atom))));
    }
    for binary in BINARY {
        once.push(binary(
            Box::new(Formula::Is("a")),
            Box::new(Formula::Is("b")),
        ));
    }
    let mut all = once.clone();
    for unary in UNARY {
        all.extend(once.iter().cloned().map(|one| unary(Box::new(one))));
    }
    for binary in BINARY {
        for one in &once {
            let b = || Box::new(Formula::Is("b"));
            all.push(binary(Box::new(one.clone()), b()));
            all.push(binary(b(), Box::new(one.clone())));
        }
    }
    all
}

#[test]
fn every_small_formula_means_what_it_says() {
    let letters = ['a', 'b', 'c'].map(letter);
    for formula in small() {
        let walk = Walk {
            letters: &letters,
            depth: 6,
            beyond: 2,
            settles: true,
            kept: |history: &[Letter]| formula.holds(history, 0),
        };
        assert_eq!(walk.check(&rule(formula.clause())), 1_093);
    }
}

fn formula() -> impl Strategy<Value = Formula> {
    let atom = prop::sample::select(vec!["a", "b", "ab", "c"]).prop_map(Formula::Is);
    atom.prop_recursive(3, 10, 2, |inner| {
        prop_oneof![
            (prop::sample::select(UNARY.to_vec()), inner.clone())
                .prop_map(|(unary, one)| unary(Box::new(one))),
            (prop::sample::select(BINARY.to_vec()), inner.clone(), inner)
                .prop_map(|(binary, one, two)| binary(Box::new(one), Box::new(two))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_formula_means_what_it_says(formula in formula()) {
        let letters = ['a', 'b', 'c'].map(letter);
        let walk = Walk {
            letters: &letters,
            depth: 4,
            beyond: 4,
            settles: true,
            kept: |history: &[Letter]| formula.holds(history, 0),
        };
        walk.check(&rule(formula.clause()));
    }
}
