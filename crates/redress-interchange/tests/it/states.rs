//! What the states of a case become. The expected steps are worked by hand.

use redress_core::Command;
use redress_core::event::{AssignReason, CloseReason, NoteKind, PauseReason, Requester, Verdict};
use redress_interchange::FindingKind;

use crate::case::{check, command, findings, lead};
use crate::files::{Line, PLAIN, used};

#[test]
fn waiting_is_a_pause_until_it_ends() {
    let wait = || Line {
        state: "Wait",
        group: "G1",
        ..PLAIN
    };
    let (outcomes, complaint) = check(
        &[
            wait(),
            Line {
                priority: "2",
                ..wait()
            },
            Line {
                priority: "2",
                state: "Vendor",
                ..wait()
            },
            Line {
                priority: "2",
                state: "Vendor",
                person: "P1",
                ..wait()
            },
            Line {
                priority: "2",
                state: "New",
                person: "P1",
                ..wait()
            },
            Line {
                priority: "2",
                person: "P1",
                ..wait()
            },
            Line {
                priority: "2",
                state: "Done",
                group: "G2",
                ..wait()
            },
        ],
        &[
            "receive classify assign pause",
            "classify escalate",
            "resume pause",
            "assign pause",
            "resume",
            "pause",
            "assign resolve",
        ],
    );
    let reasons: Vec<_> = complaint
        .case()
        .unwrap()
        .pauses
        .iter()
        .map(|pause| pause.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            PauseReason::AwaitingCustomer,
            PauseReason::AwaitingThirdParty,
            PauseReason::AwaitingThirdParty,
            PauseReason::AwaitingCustomer
        ]
    );
    assert!(findings(&outcomes, 0).is_empty());
}

#[test]
fn who_waits_or_solves_must_have_an_owner() {
    for state in ["Wait", "Done"] {
        let step = if state == "Wait" { "pause" } else { "resolve" };
        let (outcomes, _) = check(
            &[Line { state, ..PLAIN }, Line { state, ..PLAIN }],
            &[&format!("receive classify assign {step}"), ""],
        );
        assert_eq!(
            lead(&outcomes, 0, 2),
            ("front".to_owned(), None, AssignReason::Initial)
        );
        assert_eq!(used(&outcomes)[0].steps[2].actor.id.as_str(), "importer");
        assert_eq!(findings(&outcomes, 0), [FindingKind::Implied]);
    }
}

#[test]
fn a_solution_has_the_cause_of_the_row_that_brings_it() {
    let done = || Line {
        state: "Done",
        group: "G1",
        ..PLAIN
    };
    let (outcomes, _) = check(
        &[
            Line {
                code: "early/1",
                ..PLAIN
            },
            Line {
                code: "late/2",
                ..done()
            },
            Line {
                code: "later/3",
                ..done()
            },
            Line {
                person: "P1",
                ..done()
            },
        ],
        &["receive classify", "assign resolve", "", "assign"],
    );
    let Command::Resolve(resolved) = command(&outcomes, 1, 1) else {
        panic!("a solution");
    };
    let cause = resolved.primary_cause.as_ref().unwrap();
    assert_eq!(cause.code.as_str(), "imported/desk/late-2");
    assert_eq!((&resolved.remedies, resolved.upheld), (&None, None));
}

#[test]
fn leaving_a_solution_is_dissatisfaction() {
    let (outcomes, complaint) = check(
        &[
            Line {
                state: "Done",
                group: "G1",
                ..PLAIN
            },
            Line {
                group: "G1",
                ..PLAIN
            },
            Line {
                state: "Done",
                group: "G1",
                ..PLAIN
            },
            Line {
                state: "Wait",
                group: "G2",
                priority: "1",
                ..PLAIN
            },
        ],
        &[
            "receive classify assign resolve",
            "give_feedback",
            "resolve",
            "give_feedback classify escalate assign pause",
        ],
    );
    let Command::GiveFeedback(reply) = command(&outcomes, 1, 0) else {
        panic!("a reply");
    };
    assert_eq!(reply.verdict, Some(Verdict::Dissatisfied));
    assert!(reply.personal.known().is_none());
    assert_eq!(complaint.case().unwrap().cycle.get(), 3);
}

#[test]
fn closing_keeps_what_the_source_recorded() {
    let filed = || Line {
        state: "Filed",
        group: "G1",
        ..PLAIN
    };
    let (outcomes, _) = check(
        &[
            Line {
                in_time: "no",
                group: "G1",
                ..PLAIN
            },
            filed(),
            filed(),
            Line {
                in_time: "no",
                ..filed()
            },
            Line {
                in_time: "?",
                ..filed()
            },
        ],
        &["receive classify assign", "close note", "", "note", ""],
    );
    let Command::Close(closed) = command(&outcomes, 1, 0) else {
        panic!("a closing");
    };
    assert_eq!(closed.reason, CloseReason::Waived);
    let Command::Note(noted) = command(&outcomes, 3, 0) else {
        panic!("a note");
    };
    let NoteKind::SourceRecord { system, facts } = &noted.kind else {
        panic!("a record of the source");
    };
    assert_eq!((system.as_str(), facts["in time"].as_str()), ("desk", "no"));
}

#[test]
fn leaving_the_end_is_a_reopening() {
    let (outcomes, complaint) = check(
        &[
            Line {
                state: "Filed",
                ..PLAIN
            },
            Line {
                category: "Lost",
                state: "Filed",
                group: "G1",
                ..PLAIN
            },
            Line {
                category: "Lost",
                group: "G1",
                ..PLAIN
            },
            Line {
                category: "Lost",
                state: "Filed",
                group: "G1",
                ..PLAIN
            },
            Line {
                category: "Lost",
                state: "Done",
                group: "G1",
                ..PLAIN
            },
        ],
        &[
            "receive classify close note",
            "",
            "reopen classify assign",
            "close note",
            "reopen resolve",
        ],
    );
    assert_eq!(findings(&outcomes, 1), [FindingKind::IgnoredChange; 2]);
    let Command::Reopen(reopened) = command(&outcomes, 2, 0) else {
        panic!("a reopening");
    };
    assert_eq!(reopened.reason, "reopened in the source");
    assert_eq!(reopened.requested_by, Requester::Unrecorded);
    assert_eq!(complaint.case().unwrap().cycle.get(), 3);
}

#[test]
fn an_unlisted_state_is_left_out_and_the_rest_is_used() {
    let (outcomes, _) = check(
        &[
            Line {
                state: "-100",
                ..PLAIN
            },
            Line {
                state: "Wait",
                group: "G1",
                ..PLAIN
            },
            Line {
                state: "",
                group: "G2",
                ..PLAIN
            },
            Line {
                state: "-100",
                group: "G2",
                ..PLAIN
            },
            Line {
                state: "New",
                group: "G2",
                ..PLAIN
            },
        ],
        &[
            "receive classify",
            "assign pause",
            "assign pause",
            "",
            "resume",
        ],
    );
    for row in [0, 2, 3] {
        assert_eq!(findings(&outcomes, row), [FindingKind::IgnoredState]);
    }
}
