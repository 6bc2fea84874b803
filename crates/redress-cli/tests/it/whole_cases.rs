//! Files whose rows are whole cases, imported and asked as a department head would.
//!
//! The wanted figures are those that the files' own columns give, counted by
//! `redress-interchange/tests/oracles/cut_cases.py`.

use std::path::Path;

use serde_json::Value;

use crate::program::{Folder, json, run, text};

pub(crate) fn imported(folder: &Folder, mapping: &str, cut: &str) -> std::path::PathBuf {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../redress-interchange/tests/data");
    let ledger = folder.path("ledger.redress");
    run(&[
        "import",
        "--mapping",
        mapping,
        text(&data.join(cut)),
        text(&ledger),
    ]);
    ledger
}

/// The counts of handling clocks of all departments.
fn handling(ledger: &Path, at: &str, status: &str) -> u64 {
    let board = json(&["sla", text(ledger), "--at", at]);
    let rows = board["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["clock"] == "handling")
        .map(|row| row["counts"][status].as_u64().unwrap())
        .sum()
}

#[test]
fn new_york_closed_52_of_486_requests_late() {
    let folder = Folder::new();
    let ledger = imported(&folder, "nyc-311", "nyc_311_cut.csv");
    let count = |status| handling(&ledger, "2026-01-01T00:00:00Z", status);
    assert_eq!(count("missed"), 52);
    assert_eq!(count("met") + count("missed") + count("overdue"), 486);
    // The deadlines of the file alone, without those of the policy.
    let own = json(&[
        "sla",
        text(&ledger),
        "--limits",
        "own",
        "--at",
        "2026-01-01T00:00:00Z",
    ]);
    let clocks: Vec<&Value> = own["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["clock"])
        .collect();
    assert!(clocks.iter().all(|clock| *clock == "handling"));
    assert_eq!(
        count("untargeted_ended") + count("untargeted_running"),
        1000 - 486
    );
}

/// The customer's words are sealed; a second import must know them again without adding anything.
#[test]
fn words_of_a_file_are_recorded_once() {
    let folder = Folder::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/import");
    let ledger = folder.path("desk.redress");
    let (mapping, rows) = (
        data.join("service_desk.toml"),
        data.join("service_desk.csv"),
    );
    let args = [
        "import",
        "--mapping",
        text(&mapping),
        text(&rows),
        text(&ledger),
        "--format",
        "json",
    ];
    for (facts, known) in [(23, 0), (0, 23)] {
        let ran = run(&args);
        let summary: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(
            (ran.code, summary["rows"]["rejected"].as_u64()),
            (3, Some(1))
        );
        assert_eq!(summary["facts_recorded"].as_u64(), Some(facts));
        assert_eq!(summary["steps_known"].as_u64(), Some(known));
    }
    let stored = std::fs::read(&ledger).unwrap();
    let words = "要求退款".as_bytes();
    assert!(!stored.windows(words.len()).any(|bytes| bytes == words));
}

/// What changed in a later file of whole cases is told where an end is added.
#[test]
fn a_newer_file_adds_ends_and_tells_other_changes() {
    let folder = Folder::new();
    let header = "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,subject,reason,type,department,source";
    let row = |id: u32, due: &str, closed: &str, status: &str| {
        format!("{id},2022-01-01 10:00:00,{due},{closed},,{status},S,R,T,PWDx,Self Service\n")
    };
    let due = "2022-01-05 10:00:00";
    let (closed, later) = ("2022-01-03 10:00:00", "2022-01-09 10:00:00");
    let first = format!(
        "{header}\n{}{}",
        row(1, due, "", "Open"),
        row(2, due, "", "Open")
    );
    let newer = format!(
        "{header}\n{}{}",
        row(1, due, closed, "Closed"),
        row(2, later, "", "Open")
    );
    let ledger = folder.path("ledger.redress");
    let import = |file: &str, name: &str| {
        let file = folder.write(name, file);
        run(&[
            "import",
            "--mapping",
            "boston-311",
            text(&file),
            text(&ledger),
        ])
    };
    assert_eq!(import(&first, "first.csv").code, 0);
    assert_eq!(import(&newer, "newer.csv").code, 3);
    let rejects = std::fs::read_to_string(folder.path("ledger.rejects.csv")).unwrap();
    assert_eq!(
        rejects,
        "line,column,kind,code,message\r\n3,,refused,command_reused,\"assign: an earlier import recorded another value here, which stays\"\r\n",
    );
    assert_eq!(
        json(&["replay", text(&ledger)])["workload"]["closed"].as_u64(),
        Some(1)
    );
}

#[test]
fn boston_closed_5_requests_late_and_12_were_overdue() {
    let folder = Folder::new();
    let ledger = imported(&folder, "boston-311", "boston_311_cut.csv");
    let count = |status| handling(&ledger, "2022-06-01T00:00:00Z", status);
    assert_eq!((count("missed"), count("overdue")), (5, 12));
}

#[test]
fn of_349_complaints_69_were_in_progress_and_41_disputed() {
    let folder = Folder::new();
    let ledger = imported(&folder, "cfpb", "cfpb_cut.csv");
    let replay: Value = json(&["replay", text(&ledger)]);
    let count = |pointer: &str| replay.pointer(pointer).and_then(Value::as_u64).unwrap();
    assert_eq!(count("/workload/complaints"), 349);
    assert_eq!(count("/workload/reopenings/complaints"), 41);
    assert_eq!(count("/workload/open"), 69 + 41);
}
