//! Shrinking random histories that break a rule.

use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use redress_core::event::{Priority, Satisfaction};
use redress_core::{Policy, Span};
use redress_rules::{Rule, Verdict, parse, standard};
use redress_testkit::{Cast, History, Step, Wish, check_laws, shrink, valid_history, verdicts};

fn is_broken(process: &Policy, rule: &Rule, history: &History) -> bool {
    verdicts(process, rule, history)
        .unwrap()
        .contains(&Verdict::Violated)
}

/// History taken over is not guarded, so that random histories break rules; the longest kept here has thirty steps.
#[test]
fn a_thousand_failing_histories_shrink_to_what_breaks_the_same_rule_and_cannot_be_shorter() {
    let process = Policy::standard().for_history();
    let histories = valid_history(Arc::new(process.clone()), 30);
    let rules = standard();
    let mut runner = TestRunner::deterministic();
    let (mut failing, mut broken) = (0_usize, std::collections::BTreeMap::new());
    while failing < 1_000 {
        let history = histories.new_tree(&mut runner).unwrap().current();
        let of_history: Vec<&Rule> = rules
            .iter()
            .filter(|rule| is_broken(&process, rule, &history))
            .collect();
        // One of the rules it breaks, in turn, so that rare ones are not left out.
        let Some(turn) = failing.checked_rem(of_history.len()) else {
            continue;
        };
        let rule = of_history[turn];
        failing += 1;
        *broken.entry(rule.name()).or_insert(0) += 1;
        check(&process, rule, &history);
    }
    assert!(broken.len() >= 5, "{broken:?}");
}

fn check(process: &Policy, rule: &Rule, history: &History) {
    let short = shrink(process, rule, history).unwrap().unwrap();
    assert!(is_broken(process, rule, &short));
    assert!(short.steps().len() <= history.steps().len());
    // Playing it again comes to the same: it is a history of this process.
    assert_eq!(
        History::play(process, short.steps().iter().cloned()).as_ref(),
        Ok(&short)
    );
    for gone in 0..short.steps().len() {
        let mut fewer = short.steps().to_vec();
        fewer.remove(gone);
        let fewer = History::play(process, fewer);
        assert!(
            !fewer.is_ok_and(|fewer| is_broken(process, rule, &fewer)),
            "{} without {gone}",
            rule.name()
        );
    }
    check_laws(process, &short).unwrap();
}

/// Solved, told and found dissatisfied, solved again: nothing can be taken out, but a dissatisfied reply leads to the second
/// solution in one step where telling and asking take two.
#[test]
fn a_stretch_gives_way_to_one_step() {
    let policy = Policy::standard();
    let cast = Cast::of(&policy);
    let wishes = [
        Wish::Receive,
        Wish::Classify(Priority::Normal),
        Wish::Assign {
            lead: 0,
            joint: false,
        },
        Wish::Resolve,
        Wish::TellResult,
        Wish::Reached {
            agent: 1,
            result: Satisfaction::Dissatisfied,
        },
        Wish::Resolve,
    ];
    let mut history = History::default();
    for wish in wishes {
        let command = wish.command(&cast, history.complaint(), &policy, history.now());
        let step = Step::after(Span::hours(1), cast.person(0), command);
        history.push(&policy, step).unwrap();
    }
    let rules = parse("rule once \"\": absence(resolved, 2)", "ours").unwrap();
    let short = shrink(&policy, &rules[0], &history).unwrap().unwrap();
    let commands: Vec<_> = short
        .steps()
        .iter()
        .map(|step| step.command.name())
        .collect();
    assert_eq!(
        commands,
        [
            "receive",
            "classify",
            "assign",
            "resolve",
            "give_feedback",
            "resolve"
        ]
    );
}

#[test]
fn what_breaks_nothing_is_not_shrunk() {
    let process = Policy::standard();
    assert_eq!(
        shrink(&process, &standard()[0], &History::default()),
        Ok(None)
    );
}
