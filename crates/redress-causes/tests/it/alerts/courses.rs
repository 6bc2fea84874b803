//! How warnings go over time, by hand: complaints received in given hours, and a window of ten hours.

use redress_causes::{AlertView, NotEvaluable, Timeline};
use redress_core::action::AlertLevel::{Orange, Red, Yellow};
use redress_core::event::Channel;
use redress_core::{Policy, Span};
use redress_store::Projection;

use super::{among_adoptions, course, folded, only, rule};
use crate::ledger::{Ledger, as_facts, h, receive};

/// Complaints received in these hours.
fn received(policy: &Policy, hours: &[i64]) -> Ledger {
    let mut ledger = Ledger::new(policy.clone(), hours.len());
    for (index, hour) in hours.iter().enumerate() {
        ledger.at(*hour, index, receive("service", Channel::Email));
    }
    ledger
}

type Course = (Vec<(i64, redress_core::action::AlertLevel)>, Option<i64>);

#[track_caller]
fn check(keys: &str, hours: &[i64], now: i64, expected: &[Course]) {
    let policy = rule(keys);
    let ledger = received(&policy, hours);
    let alerts = folded(&policy, &ledger.facts).alerts(h(now));
    let courses: Vec<Course> = alerts.raised.iter().map(course).collect();
    assert_eq!(courses, expected);
}

const COUNT: &str = "metric = \"count\"\nwindow = \"10h\"\n";

/// 3 in hour 2, 5 in hour 4. Each leaves after ten hours: 4 from hour 10 on, which is 0.8 of 5; 3 from hour 11 on, below
/// it but enough for yellow; 2 from hour 12 on, below 2.4.
#[test]
fn a_level_goes_on_down_to_four_fifths() {
    let keys = format!("{COUNT}yellow = {{ at_least = 3 }}\norange = {{ at_least = 5 }}");
    let hours = [0, 1, 2, 3, 4];
    let whole = (vec![(2, Yellow), (4, Orange), (11, Yellow)], Some(12));
    check(&keys, &hours, 1, &[]);
    check(&keys, &hours, 3, &[(vec![(2, Yellow)], None)]);
    check(&keys, &hours, 10, &[(vec![(2, Yellow), (4, Orange)], None)]);
    check(&keys, &hours, 12, std::slice::from_ref(&whole));
    check(&keys, &hours, 1_000, &[whole]);
}

/// Ended in hour 12 as above; the window holds 3 again from hour 15 on, but nothing is raised before hour 18.
#[test]
fn nothing_is_raised_again_while_it_is_quiet() {
    let keys = format!("{COUNT}yellow = {{ at_least = 3 }}\ncooldown = \"6h\"");
    let hours = [0, 1, 2, 13, 14, 15];
    let first = (vec![(2, Yellow)], Some(10));
    // 2 of 3 is below 2.4, so it ends in hour 10 and is quiet until hour 16.
    check(&keys, &hours, 15, std::slice::from_ref(&first));
    check(
        &keys,
        &hours,
        16,
        &[first.clone(), (vec![(16, Yellow)], None)],
    );
    check(&keys, &hours, 24, &[first, (vec![(16, Yellow)], Some(23))]);
}

/// It was yellow at most, so red is raised although yellow would be quiet until hour 20.
#[test]
fn what_is_graver_is_raised_at_once() {
    let keys =
        format!("{COUNT}yellow = {{ at_least = 2 }}\nred = {{ at_least = 4 }}\ncooldown = \"10h\"");
    let hours = [0, 1, 12, 13, 14, 15];
    check(
        &keys,
        &hours,
        15,
        &[(vec![(1, Yellow)], Some(10)), (vec![(15, Red)], None)],
    );
}

/// Without complaints from hour 10 to hour 20 a quiet time that ends there raises nothing.
#[test]
fn a_quiet_time_that_ends_raises_nothing_of_itself() {
    let keys = format!("{COUNT}yellow = {{ at_least = 2 }}\ncooldown = \"10h\"");
    check(&keys, &[0, 1], 40, &[(vec![(1, Yellow)], Some(10))]);
}

/// One complaint in each window of ten hours up to hour 40, then two: growth by half asks for 1.5. Before hour 40 not all
/// three windows before lie behind the first complaint.
#[test]
fn growth_is_measured_against_the_windows_before() {
    let keys = format!("{COUNT}red = {{ growth = \"50%\", periods = 3 }}");
    let hours = [0, 10, 20, 30, 40, 41];
    let policy = rule(&keys);
    let view = folded(&policy, &received(&policy, &hours).facts);
    let told = |hour| only(&view.alerts(h(hour))).not_evaluable;
    assert_eq!(told(39), Some(NotEvaluable::NoBaseline));
    assert_eq!(told(40), None);
    // From hour 41 on 2 against (1 + 1 + 1) / 3; from hour 50 on 1, below 0.8 × 1.5 = 1.2.
    check(&keys, &hours, 49, &[(vec![(41, Red)], None)]);
    check(&keys, &hours, 50, &[(vec![(41, Red)], Some(50))]);
}

/// In the windows that end in hours 31, 21, 11 and 1: 3, 1, 3, 1 complaints. Their mean is 2 and their standard deviation 1,
/// so that two of them above the mean is 4.
#[test]
fn sigmas_are_measured_against_the_windows_before() {
    let keys = format!("{COUNT}red = {{ sigmas = 2, periods = 4 }}");
    // The first complaint begins the record ten hours before the first window that counts.
    let before = [-9, 1, 2, 3, 4, 12, 22, 23, 24];
    let counts = |last: &[i64]| [&before[..], last].concat();
    // Windows (-9, 1], (1, 11], (11, 21] and (21, 31] hold 1, 3, 1 and 3; (31, 41] holds 4 or 3.
    check(
        &keys,
        &counts(&[32, 33, 34, 41]),
        41,
        &[(vec![(41, Red)], None)],
    );
    check(&keys, &counts(&[32, 33, 41]), 41, &[]);
}

#[test]
fn rules_that_change_end_their_warnings_and_those_that_stay_go_on() {
    let keys = format!("{COUNT}yellow = {{ at_least = 2 }}");
    let founding = rule(&keys);
    let mut same = founding.clone();
    same.version = "same".parse().unwrap();
    let mut stricter = rule(&format!("{COUNT}red = {{ at_least = 2 }}"));
    stricter.version = "stricter".parse().unwrap();
    let facts = received(&founding, &[0, 1]).facts;
    let adoptions = [
        (0, None, &founding),
        (2, Some(h(5)), &same),
        (2, Some(h(7)), &stricter),
    ];
    let history = among_adoptions(&facts, &adoptions);
    let mut view = AlertView::new(Policy::standard(), Timeline::Recorded);
    view.fold(&history).unwrap();
    let courses: Vec<Course> = view.alerts(h(30)).raised.iter().map(course).collect();
    // The window holds both complaints until hour 10.
    assert_eq!(
        courses,
        [(vec![(1, Yellow)], Some(7)), (vec![(7, Red)], Some(10))]
    );
    assert_eq!(view.alerts(h(6)).standings.len(), 1);
}

/// Received in hours 0 and 1, and recorded ten hours later: nobody could know before.
#[test]
fn a_warning_shows_what_was_known_unless_asked_as_if_it_had_been() {
    let policy = rule(&format!("{COUNT}yellow = {{ at_least = 2 }}"));
    let mut facts = received(&policy, &[0, 1]).facts;
    for fact in &mut facts {
        fact.recorded_at = h(8);
    }
    let on = |timeline| {
        let mut view = AlertView::new(policy.clone(), timeline);
        view.fold(&as_facts(&facts)).unwrap();
        let raised = view.alerts(h(100)).raised;
        raised.iter().map(course).collect::<Vec<Course>>()
    };
    assert_eq!(on(Timeline::Recorded), [(vec![(8, Yellow)], Some(10))]);
    assert_eq!(on(Timeline::Occurred), [(vec![(1, Yellow)], Some(10))]);
}

#[test]
fn the_action_of_a_warning_stays_the_same_while_it_stands() {
    let keys = format!("{COUNT}yellow = {{ at_least = 2 }}\nred = {{ at_least = 3 }}");
    let policy = rule(&keys);
    let view = folded(&policy, &received(&policy, &[0, 1, 2]).facts);
    let action = |hour| view.alerts(h(hour)).raised[0].action();
    assert_eq!(action(1), action(9));
    assert_eq!(action(1).measure, "核实 / Look into it");
    let raised = &view.alerts(h(1) + Span::minutes(5)).raised[0];
    assert_eq!(raised.owner.department.as_str(), "quality");
}
