//! Monitors as values: equal ones say the same for ever, and there are few of them.

use std::collections::HashMap;

use redress_core::Span;
use redress_rules::{Constraint, Limit, Monitor, Person, Rule, Shape, Template, Verdict, Who};

use crate::history::{Letter, pattern, seen};
use crate::trie::{monitor, rule};

fn letters() -> Vec<Letter> {
    [('a', 'x'), ('a', 'y'), ('b', 'x'), ('b', 'y'), ('c', 'x')]
        .map(|(name, by)| Letter { name, by, after: 0 })
        .to_vec()
}

fn after(monitor: &Monitor, letter: Letter) -> Monitor {
    let mut next = monitor.clone();
    seen(letter, |seen| next.step(seen)).unwrap();
    next
}

/// Every verdict on every continuation of two facts.
fn future(monitor: &Monitor) -> Vec<Verdict> {
    let mut verdicts = vec![monitor.verdict()];
    for one in letters() {
        let next = after(monitor, one);
        verdicts.push(next.verdict());
        verdicts.extend(letters().into_iter().map(|two| after(&next, two).verdict()));
    }
    verdicts
}

/// How many different monitors there are after histories of up to five facts; equal ones must agree on what follows.
#[track_caller]
fn states(rule: &Rule) -> usize {
    let mut known: HashMap<Monitor, Vec<Verdict>> = HashMap::new();
    let mut layer = vec![monitor(rule)];
    for _ in 0..=5 {
        let mut next = Vec::new();
        for monitor in layer {
            let future = future(&monitor);
            if let Some(before) = known.get(&monitor) {
                assert_eq!(*before, future, "{rule}");
                continue;
            }
            next.extend(letters().into_iter().map(|letter| after(&monitor, letter)));
            known.insert(monitor, future);
        }
        layer = next;
    }
    known.len()
}

fn two(template: Template) -> Constraint {
    Constraint::two(template, pattern("a"), pattern("b"))
}

#[test]
fn a_template_has_as_many_states_as_its_automaton() {
    // Nothing owed, and owed.
    assert_eq!(states(&rule(two(Template::Response))), 2);
    // No `a` yet, an `a` came, and a `b` without one.
    assert_eq!(states(&rule(two(Template::Precedence))), 3);
    // None, one, two, and three or more.
    let thrice = Constraint::counted(Template::Existence, pattern("a"), 3);
    assert_eq!(states(&rule(thrice)), 4);
}

#[test]
fn people_and_limits_add_few_states() {
    let other = Who::differs_from(Person::Actor, Person::Actor);
    // Who owes: nobody, one of two people, or both.
    assert_eq!(states(&rule(two(Template::Response).by_actor(other))), 4);
    for template in Template::ALL {
        if template.shape() == Shape::Ordered {
            let limit = Limit::elapsed(Span::hours(1));
            let timed = two(template).by_actor(other).within(limit);
            assert!(states(&rule(timed)) <= 64, "{template:?}");
        }
    }
}

#[test]
fn equal_rules_have_equal_monitors_and_different_ones_have_not() {
    let response = monitor(&rule(two(Template::Response)));
    assert_eq!(response, monitor(&rule(two(Template::Response))));
    assert_ne!(response, monitor(&rule(two(Template::Precedence))));
}
