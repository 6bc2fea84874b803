//! What the first row, the class and the owner of a case become. The expected steps are worked by hand.

use redress_core::event::{AssignReason, Priority, Severity, Trigger};
use redress_core::{ActorKind, Command, SubjectId};
use redress_interchange::FindingKind;

use crate::case::{check, command, findings, lead};
use crate::files::{Line, PLAIN, file, import, used};

#[test]
fn the_first_row_is_a_receipt_and_a_class() {
    let (outcomes, _) = check(&[PLAIN], &["receive classify"]);
    let Command::Receive(received) = command(&outcomes, 0, 0) else {
        panic!("a receipt");
    };
    assert_eq!(received.external_ref.as_ref().unwrap().as_str(), "C1");
    assert_eq!(
        received.customer.subject,
        SubjectId::of_foreign_pseudonym("desk", "Customer 1")
    );
    assert_eq!(received.receiver.as_str(), "Taker 1");
    assert_eq!(received.intake_department.as_str(), "front");
    assert_eq!(received.channel.code(), "phone_hotline");
    assert!(received.personal.known().is_none());
    let Command::Classify(class) = command(&outcomes, 0, 1) else {
        panic!("a class");
    };
    assert_eq!(class.category.as_str(), "imported/desk/Late");
    assert_eq!(
        (class.severity, class.priority),
        (Severity::Minor, Priority::Normal)
    );
    assert_eq!(class.reason, None);
    let steps = &used(&outcomes)[0].steps;
    assert_eq!(
        (steps[0].actor.kind, steps[0].actor.id.as_str()),
        (ActorKind::System, "importer")
    );
    assert_eq!(
        (steps[1].actor.kind, steps[1].actor.id.as_str()),
        (ActorKind::Human, "Agent 1")
    );
}

#[test]
fn a_row_that_tells_nothing_new_has_no_step() {
    check(
        &[PLAIN, Line { minute: 1, ..PLAIN }],
        &["receive classify", ""],
    );
}

#[test]
fn what_is_missing_has_a_stand_in() {
    let text = file(&[
        PLAIN,
        Line {
            case: "C2",
            ..PLAIN
        },
    ])
    .replace("Taker 1", "?")
    .replace("Customer 1", "")
    .replace("Agent 1", "?")
    .replace("Late", "?");
    let (outcomes, _) = import(text.as_bytes()).unwrap();
    let customers: Vec<_> = (0..2)
        .map(|row| {
            let Command::Receive(received) = command(&outcomes, row, 0) else {
                panic!("a receipt");
            };
            assert_eq!(received.receiver.as_str(), "importer");
            received.customer.clone()
        })
        .collect();
    assert!(customers[0].anonymous && customers[1].anonymous);
    assert_ne!(customers[0].subject, customers[1].subject);
    let Command::Classify(class) = command(&outcomes, 0, 1) else {
        panic!("a class");
    };
    assert_eq!(class.category.as_str(), "imported/desk/unknown");
    assert_eq!(used(&outcomes)[0].steps[1].actor.id.as_str(), "importer");
}

#[test]
fn blanks_and_slashes_in_codes() {
    let line = Line {
        case: " C  1",
        category: "Heat /  hot water",
        group: "Group  7 ",
        ..PLAIN
    };
    let (outcomes, _) = check(&[line], &["receive classify assign"]);
    let Command::Classify(class) = command(&outcomes, 0, 1) else {
        panic!("a class");
    };
    assert_eq!(class.category.as_str(), "imported/desk/Heat - hot water");
    assert_eq!(lead(&outcomes, 0, 2).0, "Group 7");
    assert_eq!(used(&outcomes)[0].case.as_str(), "C 1");
}

#[test]
fn owners_come_change_and_go() {
    let (outcomes, _) = check(
        &[
            Line {
                group: "G1",
                ..PLAIN
            },
            Line {
                group: "G1",
                person: "P1",
                ..PLAIN
            },
            Line {
                group: "G2",
                person: "P1",
                ..PLAIN
            },
            Line {
                group: "?",
                person: "P1",
                ..PLAIN
            },
            Line {
                group: "?",
                person: "?",
                ..PLAIN
            },
            Line {
                group: "G2",
                ..PLAIN
            },
        ],
        &[
            "receive classify assign",
            "assign",
            "assign",
            "assign",
            "",
            "assign",
        ],
    );
    let person = || Some("P1".to_owned());
    assert_eq!(
        lead(&outcomes, 0, 2),
        ("G1".to_owned(), None, AssignReason::Initial)
    );
    assert_eq!(
        lead(&outcomes, 1, 0),
        ("G1".to_owned(), person(), AssignReason::Reassign)
    );
    assert_eq!(
        lead(&outcomes, 2, 0),
        ("G2".to_owned(), person(), AssignReason::Reassign)
    );
    assert_eq!(
        lead(&outcomes, 3, 0),
        ("front".to_owned(), None, AssignReason::Returned)
    );
    assert_eq!(
        lead(&outcomes, 5, 0),
        ("G2".to_owned(), None, AssignReason::Reassign)
    );
}

#[test]
fn a_changed_class_has_a_reason_and_a_risen_priority_is_an_escalation() {
    let (outcomes, complaint) = check(
        &[
            PLAIN,
            Line {
                category: "Lost",
                ..PLAIN
            },
            Line {
                category: "Lost",
                priority: "2",
                ..PLAIN
            },
            Line {
                category: "Lost",
                priority: "4",
                ..PLAIN
            },
        ],
        &[
            "receive classify",
            "classify",
            "classify escalate",
            "classify",
        ],
    );
    let Command::Classify(class) = command(&outcomes, 1, 0) else {
        panic!("a class");
    };
    assert_eq!(class.reason.as_deref(), Some("changed in the source"));
    let Command::Escalate(escalate) = command(&outcomes, 2, 1) else {
        panic!("an escalation");
    };
    assert_eq!(
        escalate.reason,
        "priority raised from normal to high in the source"
    );
    assert_eq!(escalate.trigger, Trigger::Severity);
    assert_eq!(complaint.case().unwrap().level.get(), 1);
}

#[test]
fn above_the_top_level_there_is_no_escalation() {
    let priorities = ["4", "3", "4", "3", "4", "3", "4", "3"];
    let lines = priorities.map(|priority| Line { priority, ..PLAIN });
    let up = "classify escalate";
    let (outcomes, complaint) = check(
        &lines,
        &[
            "receive classify",
            up,
            "classify",
            up,
            "classify",
            up,
            "classify",
            "classify",
        ],
    );
    assert_eq!(findings(&outcomes, 7), [FindingKind::IgnoredChange]);
    assert_eq!(complaint.case().unwrap().level.get(), 3);
}

#[test]
fn rows_of_different_cases_may_be_mixed() {
    let line = |case, group| Line {
        case,
        group,
        ..PLAIN
    };
    let mixed = [
        line("C1", "?"),
        line("C2", "?"),
        line("C1", "G1"),
        line("C2", "G2"),
    ];
    let sorted = [
        line("C1", "?"),
        line("C1", "G1"),
        line("C2", "?"),
        line("C2", "G2"),
    ];
    let ids = |lines: &[Line<'_>]| {
        let (outcomes, _) = import(file(lines).as_bytes()).unwrap();
        let mut ids: Vec<_> = used(&outcomes)
            .iter()
            .flat_map(|row| &row.steps)
            .map(|step| step.command_id)
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&mixed), ids(&sorted));
}
