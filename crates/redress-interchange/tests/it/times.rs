//! Times: zones, gaps, overlaps, and times that go back.

use redress_interchange::FindingKind;

use crate::files::{Line, PLAIN, commands, file, import, used};

#[track_caller]
fn check(local: &str, used_at: &str, message: &str, counts: (u64, u64)) {
    let text = file(&[PLAIN])
        .replace("C1,2026-01-05 10:00:00", "C1,2026-01-01 00:00:00")
        .replace("2026-01-05 10:00:00,Agent", &format!("{local},Agent"));
    let (outcomes, report) = import(text.as_bytes()).unwrap();
    let rows = used(&outcomes);
    assert_eq!(
        rows[0].steps[0].occurred_at.to_string(),
        "2025-12-31T23:00:00Z"
    );
    assert_eq!(rows[0].steps[1].occurred_at.to_string(), used_at);
    let told: Vec<_> = rows[0].findings.iter().map(ToString::to_string).collect();
    assert_eq!(told.concat(), message);
    assert_eq!((report.times_in_gap, report.times_in_overlap), counts);
}

#[test]
fn summer_time_begins_and_ends() {
    // Berlin goes from 02:00 to 03:00 on 29 March 2026 (01:00 UTC) and back from 03:00 to 02:00 on 25 October (01:00 UTC).
    check("2026-03-29 01:59:59", "2026-03-29T00:59:59Z", "", (0, 0));
    check(
        "2026-03-29 02:15:00",
        "2026-03-29T01:00:00Z",
        "line 2, column at (6): there is no local time \"2026-03-29 02:15:00\": the clock was put forward; 2026-03-29T01:00:00Z is used",
        (1, 0),
    );
    check("2026-03-29 03:00:00", "2026-03-29T01:00:00Z", "", (0, 0));
    check(
        "2026-10-25 02:15:00",
        "2026-10-25T00:15:00Z",
        "line 2, column at (6): the local time \"2026-10-25 02:15:00\" came twice: the clock was put back; 2026-10-25T00:15:00Z, the earlier, is used, for the rows of the case do not tell which is meant",
        (0, 1),
    );
    check("2026-10-25 03:00:00", "2026-10-25T02:00:00Z", "", (0, 0));
}

#[test]
fn the_order_of_the_rows_tells_which_of_two_times_is_meant() {
    // Summer time ends on 25 October at 03:00, which is 01:00 UTC: 02:50 and then 02:10 can only be both sides of it.
    let row = |time: &str, group: &str| {
        let line = Line { group, ..PLAIN };
        let text = file(&[line]).replace("C1,2026-01-05 10:00:00", "C1,2026-01-01 00:00:00");
        let text = text.replace(
            "2026-01-05 10:00:00,Agent",
            &format!("2026-10-25 {time}:00,Agent"),
        );
        text.lines().nth(1).unwrap().to_owned()
    };
    let header = file(&[]);
    let rows = [row("02:50", "G1"), row("02:10", "G2"), row("03:05", "G3")].join("\n");
    let text = format!("{}\n{rows}\n", header.trim_end());
    let (outcomes, report) = import(text.as_bytes()).unwrap();
    let times: Vec<_> = (used(&outcomes).iter())
        .map(|row| row.steps.last().unwrap().occurred_at.to_string())
        .collect();
    assert_eq!(
        times,
        [
            "2026-10-25T00:50:00Z",
            "2026-10-25T01:10:00Z",
            "2026-10-25T02:05:00Z"
        ]
    );
    // Which 02:50 is meant stays open when its row is read.
    assert_eq!((report.times_in_overlap, report.times_adjusted), (1, 0));
}

#[test]
fn a_time_that_goes_back_keeps_its_place() {
    let (outcomes, report) = import(
        file(&[
            Line {
                minute: 20,
                ..PLAIN
            },
            Line {
                minute: 10,
                group: "G1",
                ..PLAIN
            },
            Line {
                minute: 15,
                group: "G2",
                ..PLAIN
            },
            Line {
                minute: 20,
                group: "G3",
                ..PLAIN
            },
            Line {
                minute: 30,
                group: "G4",
                ..PLAIN
            },
        ])
        .as_bytes(),
    )
    .unwrap();
    assert_eq!(
        commands(&outcomes),
        ["receive classify", "assign", "assign", "assign", "assign"]
    );
    let rows = used(&outcomes);
    let at: Vec<_> = rows[1..]
        .iter()
        .map(|row| row.steps[0].occurred_at.to_string())
        .collect();
    let moved = "2026-01-05T09:20:00Z";
    assert_eq!(at, [moved, moved, moved, "2026-01-05T09:30:00Z"]);
    assert_eq!(report.times_adjusted, 2);
    assert_eq!(
        rows[1].findings[0].to_string(),
        "line 3, column at (6): the time 2026-01-05T09:10:00Z lies before 2026-01-05T09:20:00Z, which the case has reached; 2026-01-05T09:20:00Z is used"
    );
    assert_eq!(rows[1].findings[0].problem.kind(), FindingKind::Adjusted);
    assert!(rows[3].findings.is_empty());
}

#[test]
fn an_update_before_the_receipt_happens_at_the_receipt() {
    let text = file(&[PLAIN]).replace("2026-01-05 10:00:00,Agent", "2026-01-05 09:00:00,Agent");
    let (outcomes, report) = import(text.as_bytes()).unwrap();
    let times: Vec<_> = used(&outcomes)[0]
        .steps
        .iter()
        .map(|step| step.occurred_at.to_string())
        .collect();
    assert_eq!(times, ["2026-01-05T09:00:00Z"; 2]);
    assert_eq!(report.times_adjusted, 1);
}
