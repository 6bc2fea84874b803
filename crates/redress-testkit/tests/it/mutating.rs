//! Which mistakes in the standard policy the shipped rules would not notice.

use redress_core::Policy;
use redress_rules::standard;
use redress_testkit::{Alphabet, Bounds, Extent, Fate, limit_branches, mutate, standard_branches};

use crate::exploring::{small, small_limits};

/// Rules by which nothing is noticed first; why stands in docs/testing-workflows.md.
const IDLE: [&str; 8] = [
    "a_pause_is_not_paused",
    "can_always_end",
    "dissatisfaction_is_followed",
    "final_at_the_top",
    "pause_ends",
    "quiet_after_closing",
    "told_before_refused",
    "what_was_refused_stays_closed",
];

#[test]
fn the_shipped_rules_notice_every_mistake() {
    let policy: Policy = small();
    let rules = [standard(), small_limits()].concat();
    let branches = [standard_branches(), limit_branches()].concat();
    let bounds = Bounds::default();
    let score = mutate(&policy, &Alphabet::of(&policy), &rules, &branches, bounds).unwrap();
    assert_eq!(score.extent, Extent::Exhaustive);
    assert_eq!(score.known, Vec::<String>::new());
    let survivors: Vec<String> = score
        .survivors()
        .map(|mutation| mutation.to_string())
        .collect();
    assert_eq!(survivors, Vec::<String>::new());
    let told = |fate: &Fate| !matches!(fate, Fate::NotTold);
    assert!(score.fates.iter().all(|(_, fate)| told(fate)));
    assert_eq!(score.killed(), (107, 107));
    assert_eq!(score.idle, IDLE);
}
