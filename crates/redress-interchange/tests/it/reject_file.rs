//! The reject file.

use redress_interchange::{Column, Finding, Problem, RejectFile, RowOutcome};

use crate::files::{Line, PLAIN, file, import};

fn written<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let mut file = RejectFile::new(Vec::new()).unwrap();
    for finding in findings {
        file.write(finding).unwrap();
    }
    String::from_utf8(file.finish().unwrap()).unwrap()
}

#[test]
fn it_lists_what_was_rejected_adjusted_ignored_and_implied() {
    let text = file(&[
        Line {
            minute: 9,
            state: "Wait",
            ..PLAIN
        },
        Line {
            minute: 5,
            state: "-100",
            group: "G1",
            ..PLAIN
        },
        Line {
            minute: 9,
            priority: "=1+1",
            ..PLAIN
        },
        Line {
            minute: 9,
            state: "Filed",
            ..PLAIN
        },
        Line {
            minute: 9,
            state: "Filed",
            category: "Early",
            ..PLAIN
        },
    ]);
    let (outcomes, _) = import(text.as_bytes()).unwrap();
    let findings: Vec<_> = outcomes
        .iter()
        .flat_map(|outcome| match outcome {
            RowOutcome::Used(row) => row.findings.clone(),
            RowOutcome::Rejected(finding) => vec![finding.clone()],
        })
        .collect();
    let lines = [
        "line,column,kind,code,message",
        "2,group (11),implied,owner_implied,the case never had an owner and now needs one; the intake department is taken",
        "3,state (13),ignored_state,unlisted_state,\"the state \"\"-999\"\" is not in the mapping; the state before it goes on\"",
        "3,at (6),adjusted,time_went_back,\"the time 2026-01-05T09:05:00Z lies before 2026-01-05T09:09:00Z, which the case has reached; 2026-01-05T09:09:00Z is used\"",
        "4,priority (10),rejected,unlisted_value,\"the value \"\"=9+9\"\" is not in the mapping\"",
        "6,category (8),ignored_change,change_after_close,the case is closed; the new value is used when it is reopened",
        "",
    ];
    assert_eq!(written(&findings), lines.join("\r\n"));
}

#[test]
fn no_cell_is_a_formula() {
    for name in ["=cmd", "+1", "-1", "@x"] {
        let finding = Finding {
            line: 2,
            column: Some(Column {
                number: 1,
                name: name.to_owned(),
            }),
            problem: Problem::Missing,
        };
        assert!(
            written([&finding]).contains(&format!("\r\n2,'{name} (1),")),
            "{name}"
        );
    }
}

#[test]
fn a_time_that_looks_like_a_formula_is_quoted() {
    let problem = Problem::UnreadableTime {
        value: "=1+1".to_owned(),
        formats: vec!["%Y".to_owned()],
    };
    let finding = Finding {
        line: 2,
        column: None,
        problem,
    };
    assert_eq!(
        written([&finding]).lines().nth(1).unwrap(),
        "2,,rejected,unreadable_time,\"\"\"=9+9\"\" is no time of the form \"\"%Y\"\"\""
    );
}
