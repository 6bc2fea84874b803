//! The templates of Declare against their definitions in positions, on every history up to length 6 on three letters.

use redress_rules::{Constraint, Shape, Template};

use crate::history::{Letter, letter, pattern};
use crate::trie::{Walk, rule};

/// Which positions match the first pattern, and which the second.
struct Places {
    a: Vec<bool>,
    b: Vec<bool>,
}

impl Places {
    fn all(&self) -> std::ops::Range<usize> {
        0..self.a.len()
    }

    fn count_a(&self) -> usize {
        self.a.iter().filter(|a| **a).count()
    }

    fn some(&self, of: &[bool]) -> bool {
        of.contains(&true)
    }

    /// For every `a` there is a later `b` such that `between` holds of the two positions.
    fn followed(&self, between: impl Fn(usize, usize) -> bool) -> bool {
        self.all()
            .filter(|i| self.a[*i])
            .all(|i| self.all().any(|j| i < j && self.b[j] && between(i, j)))
    }

    /// For every `b` there is an earlier `a` such that `between` holds of the two positions.
    fn preceded(&self, between: impl Fn(usize, usize) -> bool) -> bool {
        self.all()
            .filter(|j| self.b[*j])
            .all(|j| self.all().any(|i| i < j && self.a[i] && between(i, j)))
    }

    /// No `a` with a later `b` such that `between` holds.
    fn apart(&self, between: impl Fn(usize, usize) -> bool) -> bool {
        !self.all().any(|i| {
            self.all()
                .any(|j| i < j && self.a[i] && self.b[j] && between(i, j))
        })
    }

    fn none_between(of: &[bool], i: usize, j: usize) -> bool {
        !of[i + 1..j].contains(&true)
    }
}

fn reading(template: Template, count: usize, places: &Places) -> bool {
    let Places { a, b } = places;
    let (has_a, has_b) = (places.some(a), places.some(b));
    let any = |_, _| true;
    let right_after = |i: usize, j: usize| j == i + 1;
    let response = || places.followed(any);
    let precedence = || places.preceded(any);
    let alternate_response = || places.followed(|i, j| Places::none_between(a, i, j));
    let alternate_precedence = || places.preceded(|i, j| Places::none_between(b, i, j));
    let chain_response = || places.followed(right_after);
    let chain_precedence = || places.preceded(right_after);
    match template {
        Template::Init => a.first() == Some(&true),
        Template::Existence => places.count_a() >= count,
        Template::Absence => places.count_a() < count,
        Template::Exactly => places.count_a() == count,
        Template::Choice => has_a || has_b,
        Template::ExclusiveChoice => (has_a || has_b) && !(has_a && has_b),
        Template::RespondedExistence => !has_a || has_b,
        Template::CoExistence => has_a == has_b,
        Template::Response => response(),
        Template::Precedence => precedence(),
        Template::Succession => response() && precedence(),
        Template::AlternateResponse => alternate_response(),
        Template::AlternatePrecedence => alternate_precedence(),
        Template::AlternateSuccession => alternate_response() && alternate_precedence(),
        Template::ChainResponse => chain_response(),
        Template::ChainPrecedence => chain_precedence(),
        Template::ChainSuccession => chain_response() && chain_precedence(),
        Template::NotRespondedExistence | Template::NotCoExistence => !(has_a && has_b),
        Template::NotResponse | Template::NotPrecedence | Template::NotSuccession => {
            places.apart(any)
        }
        Template::NotChainResponse
        | Template::NotChainPrecedence
        | Template::NotChainSuccession => places.apart(right_after),
    }
}

#[track_caller]
fn check(constraint: Constraint, template: Template, count: usize, a: &str, b: &str) {
    let letters = ['a', 'b', 'c'].map(letter);
    let kept = |history: &[Letter]| {
        let places = |names: &str| history.iter().map(|l| names.contains(l.name)).collect();
        reading(
            template,
            count,
            &Places {
                a: places(a),
                b: places(b),
            },
        )
    };
    let walk = Walk {
        letters: &letters,
        depth: 6,
        beyond: 3,
        settles: true,
        kept,
    };
    // 1 + 3 + 9 + 27 + 81 + 243 + 729 histories.
    assert_eq!(walk.check(&rule(constraint)), 1_093);
}

#[test]
fn every_template_means_what_its_definition_says() {
    for template in Template::ALL {
        match template.shape() {
            Shape::One => check(
                Constraint::one(template, pattern("a")),
                template,
                1,
                "a",
                "a",
            ),
            Shape::Counted => {
                for count in 1..=3 {
                    let constraint = Constraint::counted(template, pattern("a"), count);
                    check(constraint, template, count as usize, "a", "a");
                }
            }
            Shape::Two | Shape::Ordered => {
                // Patterns apart, the same, overlapping, and one within the other.
                for (a, b) in [
                    ("a", "b"),
                    ("a", "a"),
                    ("ab", "bc"),
                    ("a", "abc"),
                    ("abc", "b"),
                ] {
                    let constraint = Constraint::two(template, pattern(a), pattern(b));
                    check(constraint, template, 1, a, b);
                }
            }
        }
    }
}
