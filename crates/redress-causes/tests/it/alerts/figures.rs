//! Each figure that can be watched, by hand, on both sides of its threshold.

use redress_causes::{Measured, NotEvaluable};
use redress_core::action::AlertLevel::{self, Orange, Red};
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, Change, CloseReason, FeedbackKind, Flag, Priority,
    Product, Received, RevisitOutcome, Satisfaction, Trigger,
};
use redress_core::policy::warning::Metric;
use redress_core::{Channel, Command, Escalate, Level, Policy, Span};

use super::{folded, only, policy, rule};
use crate::ledger::{
    Ledger, assign, classify, close, department, h, receive, resolve, revisit, tell,
};

const SLOW: &str = "service/slow_response";

fn history(policy: &Policy, complaints: usize) -> Ledger {
    Ledger::new(policy.clone().for_history(), complaints)
}

/// The only figure and its level in an hour.
#[track_caller]
fn told(policy: &Policy, ledger: &Ledger, hour: i64) -> (u64, u64, Option<AlertLevel>) {
    let alerts = folded(policy, &ledger.facts).alerts(h(hour));
    let standing = only(&alerts);
    let Measured { above, below, .. } = standing.figure;
    (above, below, standing.level)
}

/// Received, classified, assigned and resolved in given hours.
fn resolved(ledger: &mut Ledger, index: usize, (from, to): (i64, i64)) {
    ledger
        .at(from, index, receive("service", Channel::Email))
        .at(from, index, classify("delivery/delay", Priority::Normal))
        .at(from, index, assign("logistics", "p1"))
        .at(to, index, resolve(SLOW));
}

#[test]
fn count() {
    let policy = rule("metric = \"count\"\nwindow = \"1d\"\nred = { at_least = 2 }");
    let mut ledger = history(&policy, 2);
    ledger.at(0, 0, receive("service", Channel::Email)).at(
        5,
        1,
        receive("service", Channel::Email),
    );
    assert_eq!(told(&policy, &ledger, 4), (1, 1, None));
    assert_eq!(told(&policy, &ledger, 5), (2, 1, Some(Red)));
    // The first leaves the window a day after it came: 1 is below 0.8 × 2.
    assert_eq!(told(&policy, &ledger, 23), (2, 1, Some(Red)));
    assert_eq!(told(&policy, &ledger, 24), (1, 1, None));
}

#[test]
fn a_flag_is_watched_as_it_is_corrected() {
    let keys = "metric = \"count\"\nwindow = \"7d\"\nwhere = { flag = \"publicity_risk\" }\nred = { at_least = 1 }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 3);
    let flagged = Received {
        flags: vec![Flag::Group, Flag::PublicityRisk],
        ..receive("service", Channel::Email)
    };
    let correct = |flags: Vec<Flag>| Amended {
        patch: vec![Change::Flags(flags)],
        ..Amended::check(AmendmentCause::Correction, AmendOutcome::Corrected)
    };
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(1, 1, flagged)
        .at(5, 0, correct(vec![Flag::PublicityRisk]))
        .at(9, 1, correct(vec![Flag::Group]));
    assert_eq!(told(&policy, &ledger, 0), (0, 1, None));
    assert_eq!(told(&policy, &ledger, 1), (1, 1, Some(Red)));
    assert_eq!(told(&policy, &ledger, 5), (2, 1, Some(Red)));
    assert_eq!(told(&policy, &ledger, 9), (1, 1, Some(Red)));
}

#[test]
fn rate() {
    let keys = "metric = \"rate\"\nwindow = \"1d\"\nserved = 1000\nred = { at_least = \"0.2%\" }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 2);
    ledger.at(0, 0, receive("service", Channel::Email)).at(
        5,
        1,
        receive("service", Channel::Email),
    );
    assert_eq!(told(&policy, &ledger, 4), (1, 1_000, None));
    assert_eq!(told(&policy, &ledger, 5), (2, 1_000, Some(Red)));
}

#[test]
fn share() {
    let keys = "metric = \"share\"\nby = [\"channel\"]\nwindow = \"1d\"\nmin_sample = 4\n\
        red = { at_least = \"60%\" }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 5);
    let channels = [
        Channel::Email,
        Channel::Post,
        Channel::Post,
        Channel::Email,
        Channel::Email,
    ];
    for (index, channel) in channels.into_iter().enumerate() {
        let hour = i64::try_from(index).unwrap();
        ledger.at(hour, index, receive("service", channel));
    }
    let standing = |hour, channel: &str| {
        let alerts = folded(&policy, &ledger.facts).alerts(h(hour));
        let mut standings = alerts.standings.into_iter();
        standings.find(|one| one.group[0].value == channel).unwrap()
    };
    // 2 of 3 is more than 60 %, but of three nobody can judge.
    assert_eq!(
        standing(2, "post").not_evaluable,
        Some(NotEvaluable::BelowMinSample)
    );
    let email = standing(3, "email");
    assert_eq!(
        (email.figure.above, email.figure.below, email.level),
        (2, 4, None)
    );
    let email = standing(4, "email");
    assert_eq!(
        (email.figure.above, email.figure.below, email.level),
        (3, 5, Some(Red))
    );
    assert_eq!(standing(4, "post").level, None);
}

/// Acknowledge and assign have 24 hours each, and are overdue the instant after.
#[test]
fn overdue() {
    let keys =
        "metric = \"overdue\"\nby = [\"department\"]\nwindow = \"1d\"\nred = { at_least = 2 }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 1);
    ledger.at(0, 0, receive("service", Channel::Email)).at(
        30,
        0,
        tell(FeedbackKind::Acknowledgement),
    );
    let view = folded(&policy, &ledger.facts);
    let alerts = |at| view.alerts(at).raised;
    assert!(alerts(h(24)).is_empty());
    let late = h(24) + Span::micros(1);
    let raised = &alerts(late)[0];
    assert_eq!((raised.alert.raised_at, raised.figure.above), (late, 2));
    assert_eq!(raised.group[0].value, "service");
    assert_eq!(alerts(h(29))[0].ended_at, None);
    // One is acknowledged, one is overdue still.
    assert_eq!(alerts(h(30))[0].ended_at, Some(h(30)));
    assert_eq!(told(&policy, &ledger, 30), (1, 1, None));
}

/// The clocks of two complaints: acknowledged in time or not, within a window of ten hours.
#[test]
fn timeliness() {
    let keys = "metric = \"timeliness\"\nwhere = { channel = \"email\" }\nwindow = \"10h\"\nred = { at_most = \"50%\" }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 2);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 1, receive("service", Channel::Post))
        .at(20, 0, tell(FeedbackKind::Acknowledgement));
    assert_eq!(told(&policy, &ledger, 19), (0, 0, None));
    assert_eq!(told(&policy, &ledger, 20), (1, 1, None));
    assert_eq!(told(&policy, &ledger, 24), (1, 1, None));
    // Nobody is assigned by hour 24: one of two is in time from the instant after on.
    assert_eq!(told(&policy, &ledger, 25), (1, 2, Some(Red)));
    // The acknowledgement leaves in hour 30, and with the clock that was due in hour 24 the figure is gone in hour 34. That a
    // warning is over is shown by nothing then.
    assert_eq!(told(&policy, &ledger, 30), (0, 1, Some(Red)));
    assert_eq!(told(&policy, &ledger, 34), (0, 0, Some(Red)));
}

#[test]
fn dissatisfaction() {
    let keys = "metric = \"dissatisfaction\"\nwindow = \"1d\"\nmin_sample = 2\norange = { at_least = \"50%\" }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 3);
    let answers = [
        Satisfaction::Dissatisfied,
        Satisfaction::Satisfied,
        Satisfaction::Satisfied,
    ];
    for (index, result) in answers.into_iter().enumerate() {
        resolved(&mut ledger, index, (0, 10));
        let hour = 20 + i64::try_from(index).unwrap();
        let reached = RevisitOutcome::Reached {
            result,
            process: result,
            score: None,
            residual_problem: false,
            would_recommend: None,
            survey: None,
        };
        ledger
            .at(11, index, tell(FeedbackKind::Result))
            .at(hour, index, revisit(reached));
    }
    let view = folded(&policy, &ledger.facts);
    let standing = |hour| only(&view.alerts(h(hour))).clone();
    assert_eq!(
        standing(19).not_evaluable,
        Some(NotEvaluable::NoDenominator)
    );
    assert_eq!(
        standing(20).not_evaluable,
        Some(NotEvaluable::BelowMinSample)
    );
    assert_eq!(told(&policy, &ledger, 20), (1, 1, None));
    assert_eq!(told(&policy, &ledger, 21), (1, 2, Some(Orange)));
    // 33 % is below 0.8 × 50 %.
    assert_eq!(told(&policy, &ledger, 22), (1, 3, None));
}

/// Two complaints of one customer about one category: the second repeats the first.
#[test]
fn repeat_rate() {
    let keys = "metric = \"repeat_rate\"\nwindow = \"2d\"\nred = { at_least = \"50%\" }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 2);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("delivery/delay", Priority::Normal))
        .at(5, 1, receive("service", Channel::Email))
        .at(6, 1, classify("delivery/delay", Priority::Normal));
    assert_eq!(told(&policy, &ledger, 5), (0, 2, None));
    assert_eq!(told(&policy, &ledger, 6), (1, 2, Some(Red)));
}

#[test]
fn escalation_count() {
    let keys = "metric = \"escalation_count\"\nwindow = \"1d\"\nred = { at_least = 2 }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 1);
    let escalate = |level| {
        Command::from(Escalate {
            to_level: Some(Level::new(level)),
            to: None,
            trigger: Trigger::Manual,
            reason: "the press asks".to_owned(),
        })
    };
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("delivery/delay", Priority::Normal))
        .at(0, 0, assign("logistics", "p1"))
        .at(3, 0, escalate(1))
        .at(4, 0, escalate(2));
    assert_eq!(told(&policy, &ledger, 3), (1, 1, None));
    assert_eq!(told(&policy, &ledger, 4), (2, 1, Some(Red)));
    assert_eq!(told(&policy, &ledger, 27), (1, 1, None));
}

/// One took 8 hours and one 12: 10 on average.
#[test]
fn mean_handling_time() {
    let hours = |hours: i64| u64::try_from(Span::hours(hours).as_micros()).unwrap();
    for (took, is_red) in [(12, true), (11, false)] {
        let policy =
            rule("metric = \"aht\"\nwindow = \"1d\"\nmin_sample = 2\nred = { at_least = \"10h\" }");
        let mut ledger = history(&policy, 2);
        resolved(&mut ledger, 0, (0, 8));
        resolved(&mut ledger, 1, (8, 8 + took));
        assert_eq!(told(&policy, &ledger, 8), (hours(8), 1, None));
        let level = is_red.then_some(Red);
        let whole = hours(8) + u64::try_from(took).unwrap() * hours(1);
        assert_eq!(told(&policy, &ledger, 8 + took), (whole, 2, level));
    }
}

/// Three complaints about a lamp were slow, one about a chair.
#[test]
fn cause_count_of_a_product_and_a_cause() {
    let keys = "metric = \"cause_count\"\nby = [\"product\", \"cause\"]\nwindow = \"7d\"\norange = { at_least = 3 }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 4);
    for (index, product) in ["lamp", "lamp", "chair", "lamp"].into_iter().enumerate() {
        let mut received = receive("service", Channel::Email);
        received.product = Some(Product {
            code: product.parse().unwrap(),
            model: None,
            batch: None,
            order_ref: None,
        });
        let hour = 10 + i64::try_from(index).unwrap();
        ledger
            .at(0, index, received)
            .at(0, index, classify("delivery/delay", Priority::Normal))
            .at(0, index, assign("logistics", "p1"))
            .at(hour, index, resolve(SLOW));
    }
    let view = folded(&policy, &ledger.facts);
    assert!(view.alerts(h(12)).raised.is_empty());
    let raised = view.alerts(h(13)).raised;
    assert_eq!(raised.len(), 1);
    let group = raised[0].alert.group.as_ref().unwrap();
    assert_eq!(group.as_str(), "lamp + service/slow_response");
    assert_eq!(
        (raised[0].alert.raised_at, raised[0].figure.above),
        (h(13), 3)
    );
}

#[test]
fn a_complaint_about_safety_is_red_at_once_by_the_standard_rules() {
    let policy = Policy::standard();
    let mut ledger = history(&policy, 1);
    let mut class = classify("product_quality/safety_hazard", Priority::Urgent);
    class.safety = true;
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(2, 0, class);
    let view = folded(&policy, &ledger.facts);
    assert!(view.alerts(h(1)).raised.is_empty());
    let raised = view.alerts(h(2)).raised;
    assert_eq!(raised.len(), 1);
    assert_eq!(
        (raised[0].alert.rule.as_str(), raised[0].level),
        ("safety", Red)
    );
    let rules: Vec<&str> = policy.warnings.keys().map(|name| name.as_str()).collect();
    assert_eq!(
        rules,
        [
            "dissatisfaction",
            "overdue",
            "safety",
            "same_product_and_cause"
        ]
    );
}

/// A duplicate counts until it is closed as one, and a rule watches what it names alone.
#[test]
fn what_is_outside_the_scope_does_not_count() {
    let keys = "metric = \"count\"\nwhere = { category = \"delivery\", department = \"logistics\" }\n\
        window = \"1d\"\nred = { at_least = 1 }";
    let policy = rule(keys);
    let mut ledger = history(&policy, 2);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(1, 0, classify("delivery/delay", Priority::Normal))
        .at(2, 0, assign("logistics", "p1"))
        .at(0, 1, receive("service", Channel::Email))
        .at(1, 1, classify("price/refund", Priority::Normal))
        .at(2, 1, assign("logistics", "p1"))
        .at(3, 0, close(CloseReason::Withdrawn));
    assert_eq!(told(&policy, &ledger, 1), (0, 1, None));
    assert_eq!(told(&policy, &ledger, 2), (1, 1, Some(Red)));
    let everywhere = department("logistics");
    assert_eq!(
        policy.warnings.values().next().unwrap().scope.department,
        Some(everywhere)
    );
}

#[test]
fn no_rules_watch_nothing() {
    let policy = policy("");
    let mut ledger = history(&policy, 1);
    ledger.at(0, 0, receive("service", Channel::Email));
    let alerts = folded(&policy, &ledger.facts).alerts(h(1));
    assert!(alerts.standings.is_empty() && alerts.raised.is_empty());
    assert_eq!(Metric::ALL.len(), 10);
}
