//! JSON for programs: valid, and nothing beside it.

use crate::program::{Folder, demo_ledger, import, json, rows, run, text};

#[test]
fn every_command_writes_json_and_nothing_else() {
    let ledger = text(demo_ledger());
    for args in [
        vec!["show", ledger, "INC0000045"],
        vec!["sla", ledger],
        vec!["sla", ledger, "--department", "Group 70"],
        vec!["causes", ledger, "--period", "2016-03-01.."],
        vec!["causes", ledger, "--by", "product"],
        vec!["kpi", ledger],
        vec!["kpi", ledger, "--by", "department"],
        vec!["actions", ledger],
        vec!["alerts", ledger],
        vec!["archive", ledger, "code"],
        vec!["archive", ledger, "no such words at all"],
        vec!["replay", ledger],
    ] {
        assert!(json(&args).is_object(), "{args:?}");
    }
}

#[test]
fn an_import_that_refused_rows_says_so_in_json() {
    let folder = Folder::new();
    let file = folder.write("bad.csv", rows(20) + "INC1,New\n");
    let ledger = folder.path("c.redress");
    let ran = run(&[
        "import",
        "--mapping",
        "uci-incidents",
        text(&file),
        text(&ledger),
        "--format",
        "json",
    ]);
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    let summary: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["rows"]["rejected"], 1);
    let reason = &summary["reasons"][0];
    assert_eq!(
        (&reason["kind"], &reason["code"]),
        (&"rejected".into(), &"cell_count".into())
    );
    assert_eq!(
        (&reason["count"], &reason["first_line"]),
        (&1.into(), &22.into())
    );
}

#[test]
fn times_in_json_are_whole_and_for_people_to_the_second() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    assert_eq!(import(&folder.write("log.csv", rows(4)), &ledger).code, 0);
    let shown = json(&["show", text(&ledger), "INC0000045"]);
    assert_eq!(
        shown["facts"][0]["public"]["occurred_at"],
        "2016-02-29T01:16:00Z"
    );
    let shown = run(&["show", text(&ledger), "INC0000045"]).out;
    assert!(
        shown.contains("2016-02-29 01:16:00Z") && !shown.contains("2016-02-29T"),
        "{shown}"
    );
}
