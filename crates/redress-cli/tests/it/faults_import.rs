//! Files that an import once took for something else than they say. Each stands in a folder of `tests/data/faults`.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Folder, Ran, json, run, text};

fn fault(folder: &str, file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/data/faults")
        .join(folder)
        .join(file)
}

fn import(mapping: &Path, file: &Path, ledger: &Path) -> Ran {
    run(&[
        "import",
        "--mapping",
        text(mapping),
        text(file),
        text(ledger),
    ])
}

/// The ledger that a file of a folder leads to, and what the import said.
fn imported(at: &Folder, fault_name: &str, mapping: &str, file: &str) -> (PathBuf, Ran) {
    let ledger = at.path("x.redress");
    let ran = import(
        &fault(fault_name, mapping),
        &fault(fault_name, file),
        &ledger,
    );
    (ledger, ran)
}

/// Kind and code of each line of the reject file.
fn rejects(ledger: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(ledger.with_extension("rejects.csv")).unwrap();
    let cells = |line: &str| line.splitn(5, ',').take(4).collect::<Vec<_>>().join(",");
    text.lines().skip(1).map(cells).collect()
}

#[test]
fn one_odd_cell_is_one_finding() {
    let folder = Folder::new();
    let (ledger, ran) = imported(&folder, "told-twice", "mapping.toml", "one.csv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(rejects(&ledger), ["2,Opened (2),adjusted,time_in_gap"]);
}

#[test]
fn an_assignment_before_the_receipt_is_reported() {
    let folder = Folder::new();
    let ledger = folder.path("x.redress");
    let file = fault("assigned-before-received-silent", "f.csv");
    run(&["import", "--mapping", "cfpb", text(&file), text(&ledger)]);
    let found = rejects(&ledger);
    let moved: Vec<_> = found
        .iter()
        .filter(|line| line.contains("time_went_back"))
        .collect();
    assert_eq!(
        moved,
        ["2,Date sent to company (6),adjusted,time_went_back"]
    );
}

#[test]
fn an_empty_cell_keeps_what_was_where_the_mapping_says_so() {
    let folder = Folder::new();
    let (ledger, ran) = imported(&folder, "empty-cell-becomes-unknown", "m.toml", "f.csv");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let by = run(&["archive", text(&ledger), "--by", "category"]).out;
    assert!(by.contains("parking") && by.contains("speeding"), "{by}");
    assert!(!by.contains("unknown"), "{by}");
}

#[test]
fn rows_out_of_the_order_of_time_are_refused_with_advice_or_sorted() {
    let folder = Folder::new();
    let (ledger, ran) = imported(&folder, "unsorted-log", "m.toml", "f.csv");
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("order = \"time\""), "{}", ran.out);
    let wanted: Vec<_> = (3..6)
        .map(|line| format!("{line},at (2),rejected,out_of_order"))
        .collect();
    assert_eq!(rejects(&ledger), wanted);

    let folder = Folder::new();
    let (ledger, ran) = imported(&folder, "unsorted-log", "sorted.toml", "f.csv");
    assert_eq!(ran.code, 0, "{}", ran.out);
    let replay = json(&["replay", text(&ledger)]);
    assert_eq!(replay["workload"]["reopenings"]["total"], 0);
    assert_eq!(replay["workload"]["closed"], 1);
    let shown = run(&["show", text(&ledger), "I1"]).out;
    for day in ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"] {
        assert!(shown.contains(day), "{day}: {shown}");
    }
}

#[test]
fn a_dry_run_counts_and_records_nothing() {
    let folder = Folder::new();
    let (mapping, file) = (
        fault("unsorted-log", "sorted.toml"),
        fault("unsorted-log", "f.csv"),
    );
    let ledger = folder.path("x.redress");
    let args = [
        "import",
        "--mapping",
        text(&mapping),
        text(&file),
        text(&ledger),
    ];
    let counted = json(&[&args[..], &["--dry-run"]].concat());
    let left: Vec<_> = folder.content().into_keys().collect();
    assert_eq!(left, ["x.dry-run.rejects.csv"]);
    let made: Value = json(&args);
    assert_eq!(counted["facts_recorded"], made["facts_recorded"]);
    assert_eq!(counted["rows"], made["rows"]);
    assert_ne!(made["facts_recorded"], 0);
}

#[test]
fn a_newer_file_that_opens_what_was_closed_is_reported() {
    let folder = Folder::new();
    let name = "reopened-in-newer-file-silent";
    let (ledger, ran) = imported(&folder, name, "m.toml", "f1.csv");
    assert_eq!(ran.code, 0, "{}", ran.out);
    let (_, again) = imported(&folder, name, "m.toml", "f1.csv");
    assert_eq!((again.code, rejects(&ledger)), (0, vec![]));
    let (_, newer) = imported(&folder, name, "m.toml", "f2.csv");
    assert_eq!(newer.code, 3, "{}", newer.out);
    assert_eq!(rejects(&ledger), ["2,state (6),ignored_state,end_gone"]);
}
