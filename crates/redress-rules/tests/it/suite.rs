//! The shipped rules: what the standard policy keeps, and what breaks them where it does not decide.

use proptest::prelude::*;
use redress_core::event::{CloseReason, FeedbackKind, Satisfaction, Verdict};
use redress_core::{Command, Policy};
use redress_rules::audit::How;
use redress_rules::{limits, standard};

use crate::world::{
    World, assign, call_in_vain, classify, close, contribution, escalate, found, pause, receive,
    reopen, reply, resolve, resume, revisit, tell,
};

fn told(policy: Policy) -> World {
    World::new(policy)
        .at(0, "li", receive())
        .at(1, "li", tell(FeedbackKind::Acknowledgement))
        .at(2, "li", classify())
        .at(3, "li", assign(false))
        .at(4, "wang", resolve())
        .at(5, "wang", tell(FeedbackKind::Result))
}

fn historical() -> Policy {
    Policy::standard().for_history()
}

#[test]
fn the_smooth_way_keeps_every_rule() {
    let world = told(Policy::standard()).at(30, "li", revisit("li", Satisfaction::Satisfied));
    let report = world.audit(standard(), 31);
    assert_eq!(found(&report), []);
    for rule in &report.rules {
        assert_eq!((rule.kept, rule.owed), (1, 0), "{}", rule.rule);
    }
}

#[test]
fn whoever_found_the_solution_asks_how_it_went() {
    let world = told(historical()).at(30, "wang", revisit("wang", Satisfaction::Satisfied));
    let report = world.audit(standard(), 31);
    // Positions count from 0; the revisit is the seventh fact. The closing that follows it breaks nothing.
    assert_eq!(found(&report), [("four_eyes", 6, How::Fact)]);
}

#[test]
fn another_solution_by_somebody_else_frees_the_first_one() {
    let world = told(historical())
        .at(6, "li", reply(Verdict::Dissatisfied))
        .at(7, "zhao", resolve())
        .at(8, "zhao", tell(FeedbackKind::Result))
        .at(30, "wang", revisit("wang", Satisfaction::Satisfied));
    assert_eq!(found(&world.audit(standard(), 31)), []);
}

#[test]
fn a_complaint_closed_without_a_word_to_the_customer_is_found_at_its_closing() {
    let closed = |reason| {
        let world = World::new(historical()).at(0, "li", receive());
        world.at(1, "li", close(reason)).audit(standard(), 2)
    };
    assert_eq!(
        found(&closed(CloseReason::Waived)),
        [("acknowledged", 1, How::Closed)]
    );
    let ground = "no_complaint".parse().unwrap();
    assert_eq!(
        found(&closed(CloseReason::Refused { ground })),
        [
            ("acknowledged", 1, How::Closed),
            ("told_before_refused", 1, How::Closed)
        ]
    );
    // Whoever took it back waits for no answer.
    assert_eq!(found(&closed(CloseReason::Withdrawn)), []);
}

#[test]
fn what_an_open_complaint_owes_is_counted_and_not_found() {
    let report = World::new(Policy::standard())
        .at(0, "li", receive())
        .audit(standard(), 1_000);
    assert_eq!(found(&report), []);
    let owed: Vec<&str> = report
        .rules
        .iter()
        .filter(|rule| rule.owed == 1)
        .map(|rule| rule.rule.as_str())
        .collect();
    assert_eq!(owed, ["acknowledged"]);
}

#[test]
fn a_pause_that_no_one_ends_is_owed() {
    let world = World::new(Policy::standard())
        .at(0, "li", receive())
        .at(1, "li", classify())
        .at(2, "li", assign(false))
        .at(3, "wang", pause());
    let owes = |world: &World| {
        let report = world.audit(standard(), 5);
        let rule = report.rules.iter().find(|rule| rule.rule == "pause_ends");
        rule.unwrap().owed
    };
    assert_eq!(owes(&world), 1);
    assert_eq!(owes(&world.at(4, "wang", resume())), 0);
}

/// One wish: what, when and by whom.
type Wish = (usize, i64, &'static str);

fn command(which: usize) -> Command {
    match which % 18 {
        0 => receive().into(),
        1 | 2 => classify().into(),
        3 => assign(false).into(),
        4 => assign(true).into(),
        5 => contribution().into(),
        6 | 7 => resolve().into(),
        8 | 9 => tell(FeedbackKind::Result).into(),
        10 => reply(Verdict::Dissatisfied).into(),
        11 => revisit("li", Satisfaction::Satisfied).into(),
        12 => revisit("wang", Satisfaction::Dissatisfied).into(),
        13 => call_in_vain("zhao").into(),
        14 => close(CloseReason::Unreachable).into(),
        15 => reopen().into(),
        16 => escalate().into(),
        _ if which < 36 => pause().into(),
        _ => close(CloseReason::Satisfied).into(),
    }
}

fn wishes() -> impl Strategy<Value = Vec<Wish>> {
    let by = prop::sample::select(vec!["li", "wang", "zhao"]);
    prop::collection::vec((0_usize..72, 0_i64..30, by), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is asked of it, the standard policy lets nothing happen that breaks a shipped rule.
    #[test]
    fn the_standard_policy_keeps_the_shipped_rules(wishes in wishes()) {
        let mut world = World::new(Policy::standard()).at(0, "li", receive());
        let mut now = 0;
        for (which, gap, by) in wishes {
            now += gap;
            // A refusal leaves the history as it was.
            let _ = world.execute(0, now, by, command(which));
        }
        let report = world.audit([standard(), limits()].concat(), now);
        let by_fact: Vec<_> = found(&report).into_iter().filter(|(_, _, how)| *how == How::Fact).collect();
        prop_assert!(by_fact.is_empty(), "{:?}", by_fact);
        prop_assert!(report.faults.is_empty());
    }
}
