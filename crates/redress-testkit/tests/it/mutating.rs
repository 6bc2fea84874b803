//! Which mistakes in the standard policy the shipped rules would not notice.

use redress_rules::{parse, standard};
use redress_testkit::{
    Alphabet, Bounds, Explorer, Extent, Limit, Mutant, Mutation, mutate, standard_branches,
};

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

/// A rule that the policy keeps and each of these breaks.
#[track_caller]
fn check_house_rule(rule: &str, noticed: &[Mutation]) {
    let policy = small();
    let bounds = Bounds {
        steps: 6,
        ..Bounds::default()
    };
    let rules = parse(&format!("rule ours \"\": {rule}"), "ours").unwrap();
    let own = Explorer::new(&policy)
        .rules(rules.clone())
        .bounds(bounds)
        .explore()
        .unwrap();
    assert_eq!(own.findings, []);
    for mutation in noticed {
        let mutant = Mutant::new(&policy, *mutation);
        let seen = Explorer::new(&mutant)
            .rules(rules.clone())
            .bounds(bounds)
            .first_only()
            .explore()
            .unwrap();
        assert_eq!(seen.findings.len(), 1, "{mutation}");
    }
}

#[test]
fn rules_of_the_house_notice_what_the_shipped_ones_leave_to_them() {
    let up = |limit| Mutation::Shift { limit, up: true };
    let guard = |code| Mutation::DropGuard { code };
    check_house_rule(
        "absence(resolved[cycle is at least 2, level is 0])",
        &[guard("escalation_required"), up(Limit::Cycles)],
    );
    check_house_rule(
        "absence(closed[reason is final_position, state_before is not fed_back])",
        &[guard("not_final")],
    );
    check_house_rule(
        "precedence(closed, reopened) within 10d",
        &[guard("reopen_window_passed"), up(Limit::ReopenWindow)],
    );
    let negated = Mutation::NegateGuard {
        command: "close",
        code: "waiver_not_allowed",
    };
    check_house_rule(
        "absence(closed[reason is waived])",
        &[guard("waiver_not_allowed"), negated, up(Limit::Waiver)],
    );
    check_house_rule(
        "absence(escalated[level is at least 2])",
        &[up(Limit::Level)],
    );
}
