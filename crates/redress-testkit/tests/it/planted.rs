//! Planted bugs: each is found at once, by one of the shortest histories, and by the same one every time.

use std::time::{Duration, Instant};

use redress_core::{
    Command, Complaint, Context, Event, EventType, Level, Policy, Rejection, State,
};
use redress_rules::{Rule, standard};
use redress_testkit::{
    Alphabet, Branch, Explorer, Finding, History, How, Limit, Move, Mutant, Mutation, Omission,
    Process, Step, Turn, standard_branches, verdicts,
};

use crate::exploring::small;

fn rule(name: &str) -> Option<Rule> {
    standard().into_iter().find(|rule| rule.name() == name)
}

fn branch(name: &str) -> Option<Branch> {
    standard_branches()
        .into_iter()
        .find(|branch| branch.name() == name)
}

fn find<P: Process>(process: &P, name: &str) -> Finding {
    assert!(
        rule(name).is_some() || branch(name).is_some(),
        "there is no rule {name}"
    );
    let explorer = Explorer::new(process)
        .rules(rule(name))
        .branches(branch(name))
        .first_only();
    let mut seen = explorer.explore().unwrap();
    assert_eq!(seen.findings.len(), 1, "{name}");
    seen.findings.remove(0)
}

/// The number of steps is worked out by hand; where it is small, trying every history of fewer confirms it.
#[track_caller]
#[expect(
    clippy::disallowed_methods,
    reason = "how long a search takes is what is promised"
)]
fn check<P: Process>(process: &P, name: &str, how: How, steps: usize) {
    let begun = Instant::now();
    let finding = find(process, name);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!((finding.how, finding.history.steps().len()), (how, steps));
    assert_eq!(find(process, name), finding);
    if let (Some(rule), true) = (rule(name), how == How::Broken) {
        assert_eq!(
            every_history(process, &rule, 3),
            (steps <= 3).then_some(steps)
        );
    }
}

fn mutant(mutation: Mutation) -> Mutant {
    Mutant::new(&small(), mutation)
}

/// The length of the shortest history of at most so many steps, without waiting, that breaks the rule. Nothing is taken
/// together.
fn every_history<P: Process>(process: &P, rule: &Rule, most: usize) -> Option<usize> {
    let alphabet = Alphabet::of(process.policy());
    let mut histories = vec![History::default()];
    for length in 1..=most {
        let longer = |history: &History| -> Vec<History> {
            alphabet
                .moves
                .iter()
                .filter_map(|one| pushed(process, &alphabet, history, *one))
                .collect()
        };
        histories = histories.iter().flat_map(longer).collect();
        let broken = |history: &History| {
            verdicts(process, rule, history)
                .unwrap()
                .contains(&redress_rules::Verdict::Violated)
        };
        if histories.iter().any(broken) {
            return Some(length);
        }
    }
    None
}

fn pushed<P: Process>(
    process: &P,
    alphabet: &Alphabet,
    history: &History,
    one: Move,
) -> Option<History> {
    let (complaint, policy) = (history.complaint(), process.policy());
    let command = one
        .wish
        .command(&alphabet.cast, complaint, policy, history.now());
    let mut longer = history.clone();
    longer
        .push(process, Step::now(alphabet.cast.person(one.by), command))
        .ok()?;
    Some(longer)
}

#[test]
fn nothing_can_be_reopened() {
    // Received, classified, assigned, resolved, a satisfied reply, closed.
    let process = mutant(Mutation::DropTransition {
        command: "reopen",
        state: State::Closed,
    });
    check(
        &process,
        "what_ended_well_can_be_reopened",
        How::NotPermitted,
        6,
    );
}

#[test]
fn an_escalation_loses_the_owner() {
    let process = mutant(Mutation::DropEffect(Omission::OwnerAtEscalation));
    check(
        &process,
        "escalating_keeps_the_owner",
        How::WithoutEffect,
        4,
    );
}

#[test]
fn a_pause_never_ends() {
    check(
        &mutant(Mutation::DropEffect(Omission::EndOfPause)),
        "a_pause_has_an_end",
        How::WithoutEffect,
        4,
    );
}

#[test]
fn a_pause_outlives_its_resumption() {
    check(
        &mutant(Mutation::DropEffect(Omission::Resumption)),
        "resuming_ends_the_pause",
        How::WithoutEffect,
        5,
    );
}

#[test]
fn whoever_resolved_revisits() {
    // Received, classified, assigned, resolved, told, revisited.
    let process = mutant(Mutation::DropGuard {
        code: "revisit_by_resolver",
    });
    check(&process, "four_eyes", How::Broken, 6);
}

#[test]
fn no_result_is_ever_told() {
    let process = mutant(Mutation::DropTransition {
        command: "give_feedback",
        state: State::Resolved,
    });
    check(&process, "can_be_told", How::Unreachable, 0);
}

#[test]
fn two_calls_in_vain_are_enough() {
    // Five steps to be told, two calls on two days, closed.
    let process = mutant(Mutation::Shift {
        limit: Limit::Attempts,
        up: false,
    });
    check(&process, "unreachable_after_three", How::Broken, 8);
}

#[test]
fn a_satisfied_customer_does_not_end_it() {
    // Five steps to be told, a satisfied revisit, and then something other than the closing.
    let process = mutant(Mutation::DropEffect(Omission::ClosingAfterRevisit));
    check(&process, "closed_when_satisfied", How::Broken, 7);
}

#[test]
fn a_done_part_stays_open() {
    check(
        &mutant(Mutation::DropEffect(Omission::Contribution)),
        "a_part_is_settled",
        How::WithoutEffect,
        4,
    );
}

#[test]
fn a_solution_does_not_wait_for_the_other_department() {
    let process = mutant(Mutation::DropGuard {
        code: "contribution_open",
    });
    check(&process, "parts_before_resolved", How::Broken, 4);
}

#[test]
fn a_reopening_counts_no_cycle() {
    let process = mutant(Mutation::DropEffect(Omission::Cycle));
    check(
        &process,
        "reopening_opens_and_counts_a_cycle",
        How::WithoutEffect,
        3,
    );
}

#[test]
fn what_has_no_class_is_assigned() {
    let process = mutant(Mutation::AddTransition {
        command: "assign",
        state: State::Received,
    });
    check(&process, "classified_before_assigned", How::Broken, 2);
}

#[test]
fn nobody_asks_whether_the_customer_is_satisfied() {
    let process = mutant(Mutation::DropGuard {
        code: "satisfaction_unknown",
    });
    check(&process, "heard_before_satisfied", How::Broken, 2);
}

#[test]
fn a_dissatisfied_customer_changes_nothing() {
    check(
        &mutant(Mutation::DropEffect(Omission::Dissatisfaction)),
        "a_revisit_counts",
        How::WithoutEffect,
        6,
    );
}

#[test]
fn a_reopened_complaint_stays_closed() {
    let process = mutant(Mutation::Retarget {
        kind: EventType::Reopened,
        to: Turn::Nowhere,
    });
    check(
        &process,
        "reopening_opens_and_counts_a_cycle",
        How::WithoutEffect,
        3,
    );
}

/// Refuses whatever would lead out of the handling.
struct DeadEnd(Policy);

impl Process for DeadEnd {
    fn policy(&self) -> &Policy {
        &self.0
    }

    fn decide(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        let leads_out = matches!(command, Command::Resolve(_) | Command::Close(_));
        if leads_out && complaint.state() == State::Processing {
            return Err(Rejection::NotInThisState {
                command: command.name(),
                state: complaint.state(),
            });
        }
        redress_core::decide(complaint, command, context)
    }
}

#[test]
fn what_is_handled_never_ends() {
    check(&DeadEnd(small()), "can_always_end", How::DeadEnd, 3);
}

/// Asks for four eyes only while a complaint was never raised.
struct EyesClosedAbove(Policy);

impl Process for EyesClosedAbove {
    fn policy(&self) -> &Policy {
        &self.0
    }

    fn decide(
        &self,
        complaint: &Complaint,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Vec<Event>, Rejection> {
        let raised = complaint
            .case()
            .is_some_and(|case| case.level > Level::FIRST);
        let lenient = self.0.clone().for_history();
        let policy = if raised && matches!(command, Command::Revisit(_)) {
            &lenient
        } else {
            context.policy
        };
        redress_core::decide(complaint, command, &Context { policy, ..*context })
    }
}

#[test]
fn an_escalation_closes_two_eyes() {
    // As without the guard, and an escalation anywhere before.
    check(&EyesClosedAbove(small()), "four_eyes", How::Broken, 7);
}
