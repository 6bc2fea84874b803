//! Auditing many complaints at once.

use proptest::prelude::*;
use redress_core::event::FeedbackKind;
use redress_core::{Command, Policy, Version};
use redress_rules::audit::{Audit, How};
use redress_rules::{Calendars, Rule, parse, standard};

use crate::world::{World, assign, classify, found, hour, id, receive, resolve, tell};

fn rules(text: &str) -> Vec<Rule> {
    parse(text, "test").unwrap()
}

fn two_complaints() -> World {
    let mut world = World::new(Policy::standard());
    let steps: [(usize, i64, Command); 6] = [
        (0, 0, receive().into()),
        (1, 1, receive().into()),
        (0, 2, classify().into()),
        (1, 3, classify().into()),
        (0, 24, assign(false).into()),
        (1, 30, assign(false).into()),
    ];
    for (index, at, command) in steps {
        world.execute(index, at, "li", command).unwrap();
    }
    world
}

#[test]
fn a_finding_names_the_rule_the_complaint_and_the_fact() {
    let report = two_complaints().audit(
        rules("rule in_a_day \"一天内分派\": response(received, assigned) within 1d"),
        31,
    );
    assert_eq!((report.facts, report.complaints), (6, 2));
    // The first was assigned after 24 hours, the second after 29.
    assert_eq!(found(&report), [("in_a_day", 5, How::Time)]);
    let finding = &report.findings[0];
    assert_eq!((finding.complaint, finding.fact), (id(1), "assigned"));
    assert_eq!(finding.occurred_at, hour(30));
    let standing = &report.rules[0];
    assert_eq!((standing.kept, standing.owed, standing.broken), (1, 0, 1));
    assert_eq!(standing.words, "一天内分派");
}

#[test]
fn time_that_passed_since_the_last_fact_is_found_at_that_fact() {
    let text = "rule told \"\": response(assigned, feedback) within 10h";
    let world = two_complaints();
    // Due at 34 and at 40 hours.
    assert_eq!(found(&world.audit(rules(text), 34)), []);
    assert_eq!(
        found(&world.audit(rules(text), 35)),
        [("told", 4, How::Time)]
    );
    assert_eq!(
        found(&world.audit(rules(text), 41)),
        [("told", 4, How::Time), ("told", 5, How::Time)]
    );
}

#[test]
fn a_history_with_a_hole_is_told_and_no_longer_judged() {
    let mut world = two_complaints();
    for fact in world
        .facts
        .iter_mut()
        .filter(|fact| fact.complaint_id == id(0))
    {
        if fact.version > Version::FIRST {
            fact.version = fact.version.next();
        }
    }
    let text = "rule never_assigned \"\": absence(assigned)";
    let report = world.audit(rules(text), 31);
    assert_eq!(found(&report), [("never_assigned", 5, How::Fact)]);
    assert_eq!(report.faults.len(), 1);
    let fault = &report.faults[0];
    assert_eq!((fault.complaint, fault.position.get()), (id(0), 2));
    assert_eq!(
        fault.reason,
        "fact 3 (classified) at position 2 cannot follow: version 2 was expected"
    );
    assert_eq!((report.rules[0].broken, report.rules[0].unjudged), (1, 1));
}

#[test]
fn conditions_ask_the_complaint_around_the_fact() {
    let world = two_complaints();
    let broken = |text: &str| found(&world.audit(rules(text), 31)).len();
    assert_eq!(
        broken("rule r \"\": absence(assigned[category is delivery])"),
        2
    );
    assert_eq!(
        broken("rule r \"\": absence(assigned[category is deliver])"),
        0
    );
    assert_eq!(
        broken("rule r \"\": absence(assigned[state_before is classified])"),
        2
    );
    assert_eq!(
        broken("rule r \"\": absence(assigned[state_after is classified])"),
        0
    );
    assert_eq!(
        broken("rule r \"\": absence(any[priority is not urgent])"),
        2
    );
    assert_eq!(broken("rule r \"\": absence(any[priority is urgent])"), 0);
    assert_eq!(broken("rule r \"\": absence(any[cycle is at least 2])"), 0);
    assert_eq!(broken("rule r \"\": absence(any[cycle is at most 1])"), 2);
    assert_eq!(broken("rule r \"\": absence(any[actor is li])"), 2);
    assert_eq!(broken("rule r \"\": absence(any[role is not agent])"), 0);
    assert_eq!(broken("rule r \"\": absence(any[actor_kind is human])"), 2);
    assert_eq!(
        broken("rule r \"\": absence(received[channel is email])"),
        2
    );
    assert_eq!(
        broken("rule r \"\": absence(assigned[reason is initial])"),
        2
    );
    assert_eq!(broken("rule r \"\": absence(assigned[paused is yes])"), 0);
}

#[test]
fn the_words_of_a_field_are_those_of_the_domain() {
    let world = two_complaints();
    let mut world = world;
    for (at, command) in [
        (31, Command::from(resolve())),
        (32, tell(FeedbackKind::Result).into()),
    ] {
        world.execute(0, at, "wang", command).unwrap();
    }
    let broken = |text: &str| found(&world.audit(rules(text), 40)).len();
    assert_eq!(
        broken("rule r \"\": absence(resolved[upheld is upheld])"),
        1
    );
    assert_eq!(
        broken("rule r \"\": absence(feedback[kind is result, automated is no])"),
        1
    );
    assert_eq!(
        broken("rule r \"\": absence(feedback[kind is result, automated is yes])"),
        0
    );
    assert_eq!(
        broken("rule r \"\": absence(feedback[verdict is not satisfied])"),
        0
    );
}

proptest! {
    /// Complaints in one order are judged as each by itself.
    #[test]
    fn complaints_are_judged_apart(order in prop::collection::vec(0_usize..3, 0..30)) {
        let mut world = World::new(Policy::standard());
        let steps = |number: usize| -> Command {
            match number {
                0 => receive().into(),
                1 => classify().into(),
                2 => assign(true).into(),
                3 => assign(false).into(),
                4 => resolve().into(),
                _ => tell(FeedbackKind::Result).into(),
            }
        };
        let mut done = [0_usize; 3];
        for (hour, index) in order.into_iter().enumerate() {
            let _ = world.execute(index, i64::try_from(hour).unwrap(), "li", steps(done[index]));
            done[index] += 1;
        }
        let together = world.audit(standard(), 100);
        let mut apart = Vec::new();
        for index in 0..3 {
            let mut audit = Audit::new(standard(), Calendars::none()).unwrap();
            for fact in world.facts.iter().filter(|fact| fact.complaint_id == id(index)) {
                audit.fold(fact);
            }
            apart.extend(audit.report(hour(100)).findings);
        }
        apart.sort_by_key(|finding| finding.position);
        prop_assert_eq!(together.findings, apart);
    }
}
