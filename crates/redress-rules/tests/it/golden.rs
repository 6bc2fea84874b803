//! Templates against the answers of pm4py, on all 363 traces of one to five letters.
//!
//! `tests/oracles/rules_declare.py` writes the file again.

use redress_rules::{Constraint, Shape, Template, Verdict};

use crate::history::{letter, pattern, seen};
use crate::trie::{monitor, rule};

const GOLDEN: &str = include_str!("../data/declare_pm4py.csv");

fn constraint(template: Template) -> Constraint {
    match template.shape() {
        Shape::One | Shape::Counted => Constraint::one(template, pattern("a")),
        Shape::Two | Shape::Ordered => Constraint::two(template, pattern("a"), pattern("b")),
    }
}

#[test]
fn templates_agree_with_pm4py() {
    let mut lines = GOLDEN.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    // `absence` with one is pm4py's: never.
    let rules: Vec<_> = header
        .iter()
        .map(|name| {
            let template = Template::ALL
                .into_iter()
                .find(|template| template.name() == *name)
                .unwrap();
            rule(constraint(template))
        })
        .collect();
    let mut compared = 0;
    for line in lines {
        let (trace, kept) = line.split_once(',').unwrap();
        for (rule, kept) in rules.iter().zip(kept.split(',')) {
            let mut monitor = monitor(rule);
            for name in trace.chars() {
                seen(letter(name), |seen| monitor.step(seen)).unwrap();
            }
            let ours = monitor.end() == Verdict::Satisfied;
            assert_eq!(ours, kept == "1", "{rule} on {trace}");
            compared += 1;
        }
    }
    assert_eq!(compared, 363 * 16);
}
