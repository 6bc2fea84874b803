//! The explorer on the standard policy.

use std::collections::BTreeMap;

use redress_core::policy::Shipped;
use redress_core::{Level, Policy, State};
use redress_rules::{LIMITS, Rule, Verdict, limits, parse, standard};
use redress_testkit::{
    Alphabet, Bounds, Demanded, Explorer, Extent, History, How, Step, limit_branches,
    standard_branches, verdicts,
};

/// The standard policy with one level and one cycle before an escalation is required, so that it has few states.
pub(crate) fn small() -> Policy {
    Policy {
        max_level: Level::new(1),
        max_cycles: 1,
        ..Policy::standard()
    }
}

/// The shipped rules about numbers, for one level and one cycle.
pub(crate) fn small_limits() -> Vec<Rule> {
    let text = LIMITS
        .replace("at least 4", "at least 2")
        .replace("at most 2", "at most 0");
    parse(&text, "limits").unwrap()
}

/// All its levels, cycles and numbers, against all that is shipped.
#[test]
fn the_standard_policy_keeps_what_is_shipped() {
    let policy = Policy::standard();
    let seen = Explorer::new(&policy)
        .rules(standard())
        .rules(limits())
        .branches(standard_branches())
        .branches(limit_branches())
        .explore()
        .unwrap();
    assert_eq!(seen.extent, Extent::Exhaustive);
    assert!(seen.unanswered.is_empty());
    assert_eq!(seen.findings, []);
    seen.coverage
        .require_coverage(&[
            Demanded::State(State::Closed),
            Demanded::Accepted("reopen", State::Closed),
            Demanded::BothWays("revisit", "revisit_by_resolver"),
            Demanded::BothWays("close", "customer_not_told"),
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

/// They differ in trees, calendars and limits in time, on which no guard depends: each has the states and the ways of the
/// standard policy, so that what the mutants of that one show holds of every one.
#[test]
fn every_shipped_policy_keeps_the_shipped_rules_in_the_same_ways() {
    let explored = |shipped: Shipped| {
        let policy = Policy {
            max_level: Level::new(1),
            max_cycles: 1,
            ..shipped.policy()
        };
        let seen = Explorer::new(&policy)
            .rules(standard())
            .rules(small_limits())
            .branches(standard_branches())
            .branches(limit_branches())
            .explore()
            .unwrap();
        assert_eq!(seen.extent, Extent::Exhaustive, "{}", policy.version);
        assert_eq!(seen.findings, [], "{}", policy.version);
        (seen.states, seen.edges, seen.depth, seen.coverage)
    };
    let standard = explored(Shipped::Standard);
    for shipped in Shipped::ALL {
        assert!(explored(shipped) == standard, "{}", shipped.name());
    }
}

/// Every history of at most so many steps without waiting, nothing taken together: the length of the shortest that breaks
/// each rule.
fn every_history(process: &Policy, rules: &[Rule], most: usize) -> BTreeMap<String, usize> {
    let Alphabet { cast, moves, .. } = Alphabet::of(process);
    let mut broken = BTreeMap::new();
    let mut histories = vec![History::default()];
    for length in 1..=most {
        let mut longer = Vec::new();
        for history in &histories {
            for one in &moves {
                let now = history.now();
                let command = one.wish.command(&cast, history.complaint(), process, now);
                let mut history = history.clone();
                if history
                    .push(process, Step::now(cast.person(one.by), command))
                    .is_ok()
                {
                    longer.push(history);
                }
            }
        }
        for rule in rules
            .iter()
            .filter(|rule| !broken.contains_key(rule.name()))
            .collect::<Vec<_>>()
        {
            let breaks = |history: &History| {
                verdicts(process, rule, history).unwrap().last() == Some(&Verdict::Violated)
            };
            if longer.iter().any(breaks) {
                broken.insert(rule.name().to_owned(), length);
            }
        }
        histories = longer;
    }
    broken
}

/// History taken over is guarded by structure alone, so that short histories break many rules.
#[test]
fn taking_histories_together_changes_no_verdict() {
    let process = Policy::standard().for_history();
    let rules = [standard(), limits()].concat();
    let bounds = Bounds {
        steps: 4,
        ..Bounds::default()
    };
    let seen = Explorer::new(&process)
        .rules(rules.clone())
        .bounds(bounds)
        .explore()
        .unwrap();
    let broken = seen
        .findings
        .iter()
        .filter(|finding| finding.how == How::Broken);
    let found: BTreeMap<String, usize> = broken
        .map(|finding| (finding.rule.clone(), finding.history.steps().len()))
        .collect();
    let tried = every_history(&process, &rules, bounds.steps);
    assert_eq!(found, tried);
    assert!(tried.len() >= 6, "{tried:?}");
}
