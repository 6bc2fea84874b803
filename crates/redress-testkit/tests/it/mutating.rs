//! Which mistakes in the standard policy the shipped rules would not notice.

use redress_rules::standard;
use redress_testkit::{Alphabet, Bounds, Extent, Fate, mutate, standard_branches};

use crate::exploring::small;

/// Why each of them lives stands in docs/testing-workflows.md.
const SURVIVORS: [&str; 0] = [];

#[test]
fn the_shipped_rules_notice_every_mistake_but_these() {
    let policy = small();
    let bounds = Bounds {
        steps: 8,
        ..Bounds::default()
    };
    let alphabet = Alphabet::of(&policy);
    let score = mutate(
        &policy,
        &alphabet,
        &standard(),
        &standard_branches(),
        bounds,
    )
    .unwrap();
    assert_eq!(score.extent, Extent::Exhaustive);
    let survivors: Vec<String> = score
        .survivors()
        .map(|mutation| mutation.to_string())
        .collect();
    println!("{:?} {:?}", score.killed(), score.idle);
    for (m, f) in &score.fates {
        if matches!(f, Fate::Equivalent | Fate::NotTold) {
            println!("{m} {f:?}")
        }
    }
    assert_eq!(survivors, SURVIVORS);
}
