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
    assert_eq!(
        count("untargeted_ended") + count("untargeted_running"),
        1000 - 486
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
