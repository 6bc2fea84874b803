//! Clauses as formulas in negation normal form, and the templates of Declare as formulas over finite histories.

use super::formula::{Formula, Formulas, Id};
use crate::clause::{Clause, Constraint};
use crate::pattern::Pattern;
use crate::template::Template;

/// Formulas under construction, and the patterns their literals stand for.
#[derive(Debug, Default)]
pub(super) struct Translation {
    pub(super) formulas: Formulas,
    pub(super) patterns: Vec<Pattern>,
}

impl Translation {
    /// The clause where `wanted`, otherwise its opposite.
    pub(super) fn clause(&mut self, clause: &Clause, wanted: bool) -> Id {
        match (clause, wanted) {
            (Clause::Holds(pattern), _) => self.literal(pattern, wanted),
            (Clause::Declare(constraint), _) => {
                let formula = formula_of(constraint);
                self.clause(&formula, wanted)
            }
            (Clause::Not(one), _) => self.clause(one, !wanted),
            (Clause::And(one, two), true) | (Clause::Or(one, two), false) => {
                let (one, two) = (self.clause(one, wanted), self.clause(two, wanted));
                self.formulas.add(Formula::And(one, two))
            }
            (Clause::Or(one, two), true) | (Clause::And(one, two), false) => {
                let (one, two) = (self.clause(one, wanted), self.clause(two, wanted));
                self.formulas.add(Formula::Or(one, two))
            }
            (Clause::Implies(one, two), true) => {
                let (one, two) = (self.clause(one, false), self.clause(two, true));
                self.formulas.add(Formula::Or(one, two))
            }
            (Clause::Implies(one, two), false) => {
                let (one, two) = (self.clause(one, true), self.clause(two, false));
                self.formulas.add(Formula::And(one, two))
            }
            (Clause::Next(one), _) => {
                let one = self.clause(one, wanted);
                self.formulas.add(if wanted {
                    Formula::Next(one)
                } else {
                    Formula::WeakNext(one)
                })
            }
            (Clause::Eventually(one), true) | (Clause::Always(one), false) => {
                let (anything, one) = (self.formulas.add(Formula::True), self.clause(one, wanted));
                self.formulas.add(Formula::Until(anything, one))
            }
            (Clause::Always(one), true) | (Clause::Eventually(one), false) => {
                let (nothing, one) = (self.formulas.add(Formula::False), self.clause(one, wanted));
                self.formulas.add(Formula::Release(nothing, one))
            }
            (Clause::Until(hold, goal), _) => {
                let (hold, goal) = (self.clause(hold, wanted), self.clause(goal, wanted));
                self.formulas.add(if wanted {
                    Formula::Until(hold, goal)
                } else {
                    Formula::Release(hold, goal)
                })
            }
            // No formula; whoever asks for an automaton has made sure that there is none inside.
            (Clause::Anew(one, _), _) => self.clause(one, wanted),
        }
    }

    fn literal(&mut self, pattern: &Pattern, wanted: bool) -> Id {
        let known = self.patterns.iter().position(|known| known == pattern);
        let number = known.unwrap_or_else(|| {
            self.patterns.push(pattern.clone());
            self.patterns.len() - 1
        });
        self.formulas.add(Formula::Literal(number, wanted))
    }
}

/// A template as a formula; in words in `docs/rules.md`.
fn formula_of(constraint: &Constraint) -> Clause {
    let a = || Clause::from(constraint.first.clone());
    let b = || Clause::from(constraint.second.clone());
    let some = |clause: Clause| Clause::eventually(clause);
    let response = || Clause::always(a().implies(Clause::next(some(b()))));
    let alternate_response = || Clause::always(a().implies(Clause::next((!a()).until(b()))));
    let chain_response = || Clause::always(a().implies(Clause::next(b())));
    // `weak_until(¬b, a)`: no `b` before the first `a`.
    let unless = |hold: Clause, goal: Clause| hold.clone().until(goal).or(Clause::always(hold));
    let no_b_before_a = || unless(!b(), a().and(!b()));
    let weak_next = |clause: Clause| !Clause::next(!clause);
    let precedence = no_b_before_a;
    // After a `b`, also one that is an `a` itself, the next `b` needs an `a` of its own.
    let alternate_precedence = || {
        let after = a().or(weak_next(no_b_before_a()));
        no_b_before_a().and(Clause::always(b().implies(after)))
    };
    let chain_precedence = || (!b()).and(Clause::always(Clause::next(b()).implies(a())));
    let never_after = || Clause::always(a().implies(!Clause::next(some(b()))));
    let never_right_after = || Clause::always(a().implies(!Clause::next(b())));
    let count = constraint.count;
    match constraint.template {
        Template::Init => a(),
        Template::Existence => at_least(&a(), count),
        Template::Absence => !at_least(&a(), count),
        Template::Exactly => at_least(&a(), count).and(!at_least(&a(), count.saturating_add(1))),
        Template::Choice => some(a()).or(some(b())),
        Template::ExclusiveChoice => some(a()).or(some(b())).and(!some(a()).and(some(b()))),
        Template::RespondedExistence => some(a()).implies(some(b())),
        Template::CoExistence => some(a())
            .implies(some(b()))
            .and(some(b()).implies(some(a()))),
        Template::NotRespondedExistence | Template::NotCoExistence => some(a()).implies(!some(b())),
        Template::Response => response(),
        Template::Precedence => precedence(),
        Template::Succession => response().and(precedence()),
        Template::AlternateResponse => alternate_response(),
        Template::AlternatePrecedence => alternate_precedence(),
        Template::AlternateSuccession => alternate_response().and(alternate_precedence()),
        Template::ChainResponse => chain_response(),
        Template::ChainPrecedence => chain_precedence(),
        Template::ChainSuccession => chain_response().and(chain_precedence()),
        Template::NotResponse | Template::NotPrecedence | Template::NotSuccession => never_after(),
        Template::NotChainResponse
        | Template::NotChainPrecedence
        | Template::NotChainSuccession => never_right_after(),
    }
}

/// `a` occurs at least `count` times: `F(a ∧ X F(a ∧ …))`.
fn at_least(a: &Clause, count: u32) -> Clause {
    let once = Clause::eventually(a.clone());
    (1..count).fold(once, |fewer, _| {
        Clause::eventually(a.clone().and(Clause::next(fewer)))
    })
}
