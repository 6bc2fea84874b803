//! The explorer on the standard policy.

use redress_core::policy::Shipped;
use redress_core::{Level, Policy, State};
use redress_rules::{parse, standard};
use redress_testkit::{Bounds, Demanded, Explorer, Extent, How, standard_branches};

/// The standard policy with one level and one cycle before an escalation is required, so that it has few states.
pub(crate) fn small() -> Policy {
    Policy {
        max_level: Level::new(1),
        max_cycles: 1,
        ..Policy::standard()
    }
}

/// What the shipped rules say of the standard policy, whose levels and cycles only repeat themselves.
#[test]
fn the_standard_policy_keeps_what_is_shipped_but_for_one_rule() {
    let policy = small();
    let explorer = Explorer::new(&policy)
        .rules(standard())
        .branches(standard_branches());
    let seen = explorer.explore().unwrap();
    assert_eq!(seen.extent, Extent::Exhaustive);
    assert!(seen.unanswered.is_empty());
    // A complaint may be refused without a word to the customer, and what was refused stays closed.
    let found: Vec<_> = seen
        .findings
        .iter()
        .map(|finding| (finding.rule.as_str(), finding.how))
        .collect();
    assert_eq!(found, [("acknowledged", How::Lost)]);
    let commands: Vec<_> = seen.findings[0]
        .history
        .steps()
        .iter()
        .map(|step| step.command.name())
        .collect();
    assert_eq!(commands, ["receive", "close"]);
    seen.coverage
        .require_coverage(&[
            Demanded::State(State::Closed),
            Demanded::Accepted("reopen", State::Closed),
            Demanded::BothWays("revisit", "revisit_by_resolver"),
            Demanded::BothWays("close", "too_few_attempts"),
            Demanded::BothWays("reopen", "reopen_window_passed"),
            Demanded::BothWays("resolve", "escalation_required"),
            Demanded::Rejected("already_paused"),
        ])
        .unwrap();
}

#[test]
fn a_cut_is_told() {
    let policy = small();
    for bounds in [
        Bounds {
            states: 50,
            ..Bounds::default()
        },
        Bounds {
            steps: 3,
            ..Bounds::default()
        },
    ] {
        let seen = Explorer::new(&policy).bounds(bounds).explore().unwrap();
        assert_eq!(seen.extent, Extent::Cut);
        assert!(seen.states <= bounds.states && seen.depth <= bounds.steps);
    }
}

#[test]
fn limits_in_time_are_waited_for_and_passed() {
    let policy = small();
    let rules = parse(
        "rule at_once \"\": response(received, classified | closed) within 2h",
        "ours",
    )
    .unwrap();
    let bounds = Bounds {
        steps: 3,
        ..Bounds::default()
    };
    let seen = Explorer::new(&policy)
        .rules(rules)
        .bounds(bounds)
        .explore()
        .unwrap();
    let finding = &seen.findings[0];
    assert_eq!(finding.how, How::Broken);
    // Received, and then anything else a microsecond too late.
    let waits: Vec<_> = finding
        .history
        .steps()
        .iter()
        .map(|step| step.wait.as_micros())
        .collect();
    assert_eq!(waits, [0, 7_200_000_001]);
}

#[test]
fn what_is_missing_in_the_coverage_is_named() {
    let policy = small();
    let seen = Explorer::new(&policy)
        .bounds(Bounds {
            steps: 2,
            ..Bounds::default()
        })
        .explore()
        .unwrap();
    let missing = [
        Demanded::State(State::FedBack),
        Demanded::Rejected("revisit_by_resolver"),
    ];
    let error = seen.coverage.require_coverage(&missing).unwrap_err();
    assert_eq!(error.missing, missing);
    assert_eq!(
        error.to_string(),
        "never reached: State(FedBack), Rejected(\"revisit_by_resolver\")"
    );
}

/// Within six steps: far enough to be told and revisited. What was refused without a word is the one thing they all allow.
#[test]
fn every_shipped_policy_keeps_the_shipped_rules() {
    for shipped in Shipped::ALL {
        let policy = shipped.policy();
        let bounds = Bounds {
            steps: 6,
            ..Bounds::default()
        };
        let explorer = Explorer::new(&policy)
            .rules(standard())
            .branches(standard_branches());
        let seen = explorer.bounds(bounds).explore().unwrap();
        let found: Vec<_> = seen
            .findings
            .iter()
            .map(|finding| (finding.rule.as_str(), finding.how))
            .collect();
        assert_eq!(found, [("acknowledged", How::Lost)], "{}", policy.version);
        let told = Demanded::Accepted("give_feedback", State::Resolved);
        seen.coverage.require_coverage(&[told]).unwrap();
    }
}
