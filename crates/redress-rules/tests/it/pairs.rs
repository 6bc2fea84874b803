//! Who did two things and how much time lay between them, against a direct reading of every short history.

use proptest::prelude::*;
use redress_core::Span;
use redress_rules::{Constraint, Limit, Monitor, Person, Shape, Template, Verdict, Who};

use crate::history::{Letter, pattern, seen};
use crate::trie::{Walk, monitor, rule};

/// What is asked of a pair besides its order.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// The same person, or another one.
    same: Option<bool>,
    /// The longest time between, in microseconds.
    limit: Option<i64>,
}

impl Pair {
    fn fits(self, first: Letter, second: Letter) -> bool {
        self.same.is_none_or(|same| (first.by == second.by) == same)
            && self
                .limit
                .is_none_or(|limit| second.after - first.after <= limit)
    }

    fn constraint(self, template: Template, a: &str, b: &str) -> Constraint {
        let mut constraint = Constraint::two(template, pattern(a), pattern(b));
        if let Some(same) = self.same {
            constraint = constraint.by_actor(if same {
                Who::same_as(Person::Actor, Person::Actor)
            } else {
                Who::differs_from(Person::Actor, Person::Actor)
            });
        }
        if let Some(limit) = self.limit {
            constraint = constraint.within(Limit::elapsed(Span::micros(limit)));
        }
        constraint
    }
}

fn kept(template: Template, pair: Pair, a: &str, b: &str, history: &[Letter]) -> bool {
    let is = |names: &str, i: usize| names.contains(history[i].name);
    let all = 0..history.len();
    let fits = |i: usize, j: usize| pair.fits(history[i], history[j]);
    let none_between = |names: &str, i: usize, j: usize| !(i + 1..j).any(|k| is(names, k));
    let followed = |between: &dyn Fn(usize, usize) -> bool| {
        all.clone()
            .filter(|i| is(a, *i))
            .all(|i| (i + 1..history.len()).any(|j| is(b, j) && fits(i, j) && between(i, j)))
    };
    let preceded = |between: &dyn Fn(usize, usize) -> bool| {
        all.clone()
            .filter(|j| is(b, *j))
            .all(|j| (0..j).any(|i| is(a, i) && fits(i, j) && between(i, j)))
    };
    let apart = |between: &dyn Fn(usize, usize) -> bool| {
        !all.clone().any(|i| {
            (i + 1..history.len()).any(|j| is(a, i) && is(b, j) && fits(i, j) && between(i, j))
        })
    };
    let any = |_: usize, _: usize| true;
    let right_after = |i: usize, j: usize| j == i + 1;
    let no_a = |i: usize, j: usize| none_between(a, i, j);
    let no_b = |i: usize, j: usize| none_between(b, i, j);
    match template {
        Template::Response => followed(&any),
        Template::Precedence => preceded(&any),
        Template::Succession => followed(&any) && preceded(&any),
        Template::AlternateResponse => followed(&no_a),
        Template::AlternatePrecedence => preceded(&no_b),
        Template::AlternateSuccession => followed(&no_a) && preceded(&no_b),
        Template::ChainResponse => followed(&right_after),
        Template::ChainPrecedence => preceded(&right_after),
        Template::ChainSuccession => followed(&right_after) && preceded(&right_after),
        Template::NotResponse | Template::NotPrecedence | Template::NotSuccession => apart(&any),
        Template::NotChainResponse
        | Template::NotChainPrecedence
        | Template::NotChainSuccession => apart(&right_after),
        Template::Init
        | Template::Existence
        | Template::Absence
        | Template::Exactly
        | Template::Choice
        | Template::ExclusiveChoice
        | Template::RespondedExistence
        | Template::CoExistence
        | Template::NotRespondedExistence
        | Template::NotCoExistence => unreachable!("{template:?} speaks of no order"),
    }
}

fn ordered() -> impl Iterator<Item = Template> {
    Template::ALL
        .into_iter()
        .filter(|template| template.shape() == Shape::Ordered)
}

#[track_caller]
fn check(letters: &[Letter], depth: usize, beyond: usize, pair: Pair) {
    for template in ordered() {
        let walk = Walk {
            letters,
            depth,
            beyond,
            settles: false,
            kept: |history: &[Letter]| kept(template, pair, "a", "b", history),
        };
        walk.check(&rule(pair.constraint(template, "a", "b")));
    }
}

#[test]
fn who_did_it_is_told_apart() {
    let letters: Vec<Letter> = [('a', 'x'), ('a', 'y'), ('b', 'x'), ('b', 'y'), ('c', 'x')]
        .map(|(name, by)| Letter { name, by, after: 0 })
        .to_vec();
    for same in [true, false] {
        let pair = Pair {
            same: Some(same),
            limit: None,
        };
        check(&letters, 4, 2, pair);
    }
    // Six facts long, on fewer letters.
    let pair = Pair {
        same: Some(false),
        limit: None,
    };
    check(&letters[1..4], 6, 2, pair);
}

#[test]
fn how_much_time_lay_between_is_counted() {
    let letters: Vec<Letter> = [('a', 0), ('a', 1), ('b', 0), ('b', 1), ('c', 0)]
        .map(|(name, after)| Letter {
            name,
            by: 'x',
            after,
        })
        .to_vec();
    let pair = Pair {
        same: None,
        limit: Some(1),
    };
    check(&letters, 4, 3, pair);
    check(&letters[1..4], 6, 2, pair);
}

fn letter() -> impl Strategy<Value = Letter> {
    let name = prop::sample::select(vec!['a', 'b', 'c']);
    let by = prop::sample::select(vec!['x', 'y', 'z']);
    (name, by, 0_i64..4).prop_map(|(name, by, after)| Letter { name, by, after })
}

fn watched(rule: &redress_rules::Rule, history: &[Letter]) -> Monitor {
    let mut monitor = monitor(rule);
    for letter in history {
        seen(*letter, |seen| monitor.step(seen)).unwrap();
    }
    monitor
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn pairs_of_any_pattern_are_found_in_any_history(
        steps in prop::collection::vec(letter(), 0..12),
        which in 0_usize..15,
        same in prop::option::of(any::<bool>()),
        limit in 1_i64..6,
        (a, b) in prop::sample::select(vec![("a", "b"), ("a", "a"), ("ab", "bc"), ("a", "abc"), ("abc", "b")]),
    ) {
        let mut history = steps;
        let mut now = 0;
        for letter in &mut history {
            now += letter.after;
            letter.after = now;
        }
        let template = ordered().nth(which).unwrap();
        let pair = Pair { same, limit: Some(limit) };
        let rule = rule(pair.constraint(template, a, b));
        let mut violated = false;
        for length in 0..=history.len() {
            let monitor = watched(&rule, &history[..length]);
            let expected = kept(template, pair, a, b, &history[..length]);
            prop_assert_eq!(monitor.end() == Verdict::Satisfied, expected, "{} after {:?}", rule, &history[..length]);
            // What is violated stays so.
            violated |= monitor.verdict() == Verdict::Violated;
            prop_assert_eq!(violated, monitor.verdict() == Verdict::Violated);
        }
    }
}
