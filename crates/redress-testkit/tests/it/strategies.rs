//! The strategies reach what they are for, and what they make keeps the laws.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use redress_core::{
    Complaint, Context, EventType, Policy, Recorded, Rulebook, Span, State, decide, evolve,
};
use redress_rules::{Calendars, Monitor, Observation, parse};
use redress_testkit::{
    Coverage, Demanded, check_laws, history_reaching, hostile_commands, interleavings,
    valid_history,
};

fn policy() -> Arc<Policy> {
    Arc::new(Policy::standard())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_histories_keep_the_laws(history in valid_history(policy(), 20)) {
        prop_assert_eq!(check_laws(&*policy(), &history), Ok(()));
        prop_assert!(history.steps().len() <= 20);
    }

    #[test]
    fn a_state_asked_for_is_reached(history in prop::sample::select(State::ALL[1..].to_vec())
        .prop_flat_map(|state| (Just(state), history_reaching(policy(), state, 6)))) {
        let (state, history) = history;
        prop_assert_eq!(history.complaint().state(), state);
        prop_assert_eq!(check_laws(&*policy(), &history), Ok(()));
    }

    /// Positions have no gap, and each complaint's facts fold by themselves as if there were no other.
    #[test]
    fn interleaved_histories_fold_each_by_itself(facts in interleavings(policy(), 3, 6)) {
        let mut complaints = std::collections::BTreeMap::<_, Complaint>::new();
        for (number, fact) in facts.iter().enumerate() {
            prop_assert_eq!(fact.position.get(), number as u64);
            let complaint = complaints.entry(fact.complaint_id).or_default();
            *complaint = evolve(std::mem::take(complaint), fact).unwrap();
        }
        let ids: BTreeSet<_> = facts.iter().map(|fact| fact.event_id).collect();
        prop_assert_eq!(ids.len(), facts.len());
    }

    /// A history that happened at another time is remembered alike, so that an explorer may keep what is left of a limit.
    #[test]
    fn what_a_rule_remembers_can_be_moved_in_time(history in valid_history(policy(), 12), days in -400_i64..400) {
        let text = "rule a \"\": (not_response(resolved, revisited) by agent same as actor within 3d or precedence(received, closed) within 5d) anew at reopened";
        let rule = parse(text, "ours").unwrap().remove(0);
        let mut here = Monitor::new(&rule, &Arc::new(Calendars::none())).unwrap();
        let mut there = here.clone();
        for (before, fact, after) in history.transitions() {
            let moved = Recorded { occurred_at: fact.occurred_at + Span::days(days), ..fact.clone() };
            let said = here.step(&Observation { recorded: fact, before, after });
            prop_assert_eq!(said, there.step(&Observation { recorded: &moved, before, after }));
        }
        there.shift(Span::days(-days));
        prop_assert_eq!(here, there);
    }

    /// Whatever is handed in, `decide` answers, and what it accepts can be folded.
    #[test]
    fn hostile_commands_do_no_harm(attempt in valid_history(policy(), 8)
        .prop_flat_map(|history| (hostile_commands(&policy(), &history), Just(history)))) {
        let (attempt, history) = attempt;
        let now = history.now() + attempt.step.wait;
        let occurred_at = now + (redress_core::Span::ZERO - attempt.told_late);
        let policy = policy();
        let context = Context { now, occurred_at, actor: &attempt.step.actor, policy: &policy,
                rules: &Rulebook::fixed(Arc::clone(&policy)), target: None };
        if decide(history.complaint(), &attempt.step.command, &context).is_ok() && attempt.told_late == redress_core::Span::ZERO {
            let mut longer = history.clone();
            prop_assert!(longer.push(&*policy, attempt.step.clone()).is_ok());
            prop_assert_eq!(check_laws(&*policy, &longer), Ok(()));
        }
    }
}

/// A strategy that never reaches something proves nothing about it.
#[test]
fn random_histories_reach_every_state_and_kind_of_fact() {
    let histories = valid_history(policy(), 25);
    let mut runner = TestRunner::deterministic();
    let (mut coverage, mut kinds) = (Coverage::default(), BTreeSet::new());
    for _ in 0..150 {
        let history = histories.new_tree(&mut runner).unwrap().current();
        coverage.add(&history);
        kinds.extend(history.facts().iter().map(|fact| fact.event.event_type()));
    }
    let states = State::ALL[1..].iter().map(|state| Demanded::State(*state));
    let demanded: Vec<_> = states
        .chain([Demanded::Accepted("reopen", State::Closed)])
        .collect();
    coverage.require_coverage(&demanded).unwrap();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), EventType::ALL);
}

#[test]
fn hostile_commands_are_refused_for_many_reasons() {
    let mut runner = TestRunner::deterministic();
    let histories = valid_history(policy(), 8);
    let (mut codes, mut waits) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..60 {
        let history = histories.new_tree(&mut runner).unwrap().current();
        let attempts = hostile_commands(&policy(), &history);
        for _ in 0..20 {
            let attempt = attempts.new_tree(&mut runner).unwrap().current();
            waits.insert(attempt.step.wait.as_micros().signum());
            let now = history.now() + attempt.step.wait;
            let occurred_at = now + (redress_core::Span::ZERO - attempt.told_late);
            let policy = policy();
            let context = Context {
                now,
                occurred_at,
                actor: &attempt.step.actor,
                policy: &policy,
                rules: &Rulebook::fixed(Arc::clone(&policy)),
                target: None,
            };
            codes.extend(
                decide(history.complaint(), &attempt.step.command, &context)
                    .err()
                    .map(|why| why.code()),
            );
        }
    }
    assert_eq!(waits.into_iter().collect::<Vec<_>>(), [-1, 0, 1]);
    for code in [
        "occurred_in_future",
        "back_dated_too_far",
        "occurred_before_previous",
        "not_in_this_state",
    ] {
        assert!(codes.contains(code), "{codes:?}");
    }
    assert!(codes.len() >= 12, "{codes:?}");
}
