//! What differs between two policies.

use redress_core::policy::{Department, Shipped, compare};
use redress_core::{Channel, Policy, Span};

use super::{BASE, base};
use crate::story::code;

/// Changes lines of the good file and compares what it says with what it said.
#[track_caller]
fn check(changes: &[(&str, &str)], expected: &[&str]) {
    let changed = changes.iter().fold(BASE.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "{from:?}");
        text.replace(from, to)
    });
    let after = Policy::parse(&changed, "after.toml").unwrap();
    let told: Vec<String> = compare(&base(), &after)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn nothing() {
    check(&[], &[]);
    check(&[("\"72h\"", "\"3d\"")], &[]);
    check(
        &[("[\"resolve\", \"note\"]", "[\"note\", \"resolve\"]")],
        &[],
    );
}

#[test]
fn settings() {
    check(
        &[
            ("max_cycles = 3", "max_cycles = 2"),
            ("to = \"3d\" }", "to = \"3d 1s\" }"),
        ],
        &["max_cycles: 3 -> 2", "revisit_window.to: 3d -> 3d 1s"],
    );
}

#[test]
fn checks_at_intake() {
    let mut after = base();
    after.min_description_chars = 20;
    after.review.role = code("auditor");
    after.review.within = None;
    after.confirmation.channels = vec![Channel::Email, Channel::Sms];
    after.confirmation.within = Some(Span::days(3));
    after.duplicates.within = Span::days(14);
    let told: Vec<String> = compare(&base(), &after)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "confirmation.channels: none -> email, sms",
            "confirmation.within: no limit -> 3d",
            "duplicates.within: 7d -> 14d",
            "min_description_chars: 10 -> 20",
            "review.role: supervisor -> auditor",
            "review.within: 1d -> no limit",
        ]
    );
}

#[test]
fn limits() {
    check(
        &[("calendar_days = 30", "working_days = 1")],
        &["target.final all: 30 calendar days -> 1 working day"],
    );
    check(
        &[("priority = \"high\"\n", "")],
        &[
            "target.resolution shop: nothing -> 5 working days",
            "target.resolution shop high: 5 working days -> nothing",
        ],
    );
}

#[test]
fn the_order_of_limits() {
    let first = "severity = \"critical\"\nworking_time = \"4h\"";
    let second = "priority = \"high\"\nworking_days = 5";
    check(
        &[(first, "FIRST"), (second, first), ("FIRST", second)],
        &[
            "target.resolution (order): shop critical < shop high < urgent < high < normal < low < all -> shop high < shop critical < urgent < high < normal < low < all",
        ],
    );
}

#[test]
fn the_organisation() {
    check(
        &[
            ("head = \"li.na\"", "head = \"wang.fang\""),
            ("category = \"delivery\"", "category = \"price\""),
        ],
        &[
            "departments.logistics.head: li.na -> wang.fang",
            "route.delivery: logistics -> nothing",
            "route.price: nothing -> logistics",
        ],
    );
}

#[test]
fn calendars() {
    check(
        &[("saturday = [\"09:00-12:00\"]\n", "")],
        &["calendars.office: some hours -> other hours"],
    );
}

#[test]
fn the_ladder_and_words() {
    check(
        &[
            ("[[ladder]]\npercent = 80", "[[ladder]]\npercent = 90"),
            (
                "required = [\"contact\"]",
                "required = [\"contact\", \"account\"]",
            ),
            ("channels = [\"email\", \"sms\"]", "channels = [\"email\"]"),
        ],
        &[
            "intake.every channel: contact -> contact, account",
            "ladder.every clock   80 %: notice -> nothing",
            "ladder.every clock   90 %: nothing -> notice",
            "templates.received.channels: email, sms -> email",
        ],
    );
}

#[test]
fn a_comparison_read_backwards_tells_the_same() {
    for (one, other) in [
        (Shipped::Standard, Shipped::Bank),
        (Shipped::ExampleCnBank, Shipped::ExampleCnHotline),
        (Shipped::ExampleUkDisp, Shipped::Travel),
    ] {
        let forth = compare(&one.policy(), &other.policy());
        let mut back = compare(&other.policy(), &one.policy());
        for difference in &mut back {
            std::mem::swap(&mut difference.before, &mut difference.after);
        }
        let calendars = |key: &str| key.starts_with("calendars.");
        assert!(
            forth
                .iter()
                .all(|difference| difference.before != difference.after
                    || calendars(&difference.key))
        );
        assert_eq!(forth, back);
    }
}

#[test]
fn a_department_without_anything_is_told() {
    let mut after = base();
    after
        .departments
        .insert(code("audit"), Department::default());
    after.back_dating = Span::days(1);
    let told: Vec<String> = compare(&base(), &after)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "back_dating: 3d -> 1d",
            "departments.audit: nothing -> listed"
        ]
    );
}

#[test]
fn warnings() {
    check(
        &[
            ("yellow = { at_least = 2 }\n", ""),
            (
                "orange = { at_most = \"90%\" }",
                "orange = { at_most = \"92.5%\" }",
            ),
            ("served = 20_000", "served = 30_000"),
            (", person = \"wang.fang\" }\nprocedure", " }\nprocedure"),
        ],
        &[
            "warning.late_work.owner: wang.fang of desk -> desk",
            "warning.late_work.yellow: from 2 -> nothing",
            "warning.many_for_our_size.served: 20000 -> 30000",
            "warning.slow.orange: from 90% down -> from 92.5% down",
        ],
    );
}
