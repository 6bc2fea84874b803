//! Which mistakes in the standard policy the shipped rules would not notice.

use redress_rules::standard;
use redress_testkit::{Alphabet, Bounds, Extent, mutate, standard_branches};

use crate::exploring::small;

/// Why each of them lives stands in docs/testing-workflows.md.
const SURVIVORS: [&str; 16] = [
    "guard `escalation_required` dropped",
    "guard `not_final` dropped",
    "guard `not_responsible` dropped",
    "guard `reopen_window_passed` dropped",
    "guard `waiver_not_allowed` dropped",
    "guard `waiver_not_allowed` of `close` negated",
    "guard `not_responsible` of `resolve` negated",
    "Cycles one more",
    "Level one more",
    "Attempts one more",
    "Days one less",
    "Days one more",
    "ReopenWindow one less",
    "ReopenWindow one more",
    "NeutralCloses the other way",
    "Waiver the other way",
];

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
    assert_eq!(survivors, SURVIVORS);
}
