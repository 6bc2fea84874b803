//! Importing again, and importing the rest.

use redress_interchange::demo_csv;

use crate::program::{Folder, demo_ledger, import, json, text, views};

#[test]
fn a_second_import_adds_nothing() {
    let folder = Folder::new();
    let (file, ledger) = (
        folder.write("log.csv", demo_csv()),
        folder.path("c.redress"),
    );
    assert_eq!(import(&file, &ledger).code, 0);
    let before = views(&ledger);
    let again = json(&[
        "import",
        "--mapping",
        "uci-incidents",
        text(&file),
        text(&ledger),
    ]);
    assert_eq!(again["facts_recorded"], 0);
    assert_eq!(again["complaints_changed"], 0);
    assert_eq!(again["steps_refused"], 0);
    // All but the founding rules, which no row of the file asks for.
    let facts = before[0]["facts"].as_u64().unwrap();
    assert_eq!(again["steps_known"], facts - 1);
    assert_eq!(views(&ledger), before);
}

#[test]
fn an_import_that_broke_off_is_completed_by_the_whole_file() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let middle = demo_csv().len() / 2;
    let half = folder.write("half.csv", demo_csv().get(..middle).unwrap());
    let whole = folder.write("whole.csv", demo_csv());
    // The last row is cut off in the middle: too few cells.
    let ran = import(&half, &ledger);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.out.contains("cell_count"), "{}", ran.out);
    let so_far = json(&["replay", text(&ledger)]);
    assert!(so_far["facts"].as_u64() > Some(500), "{so_far}");
    assert_eq!(import(&whole, &ledger).code, 0);
    assert_eq!(views(&ledger), views(demo_ledger()));
}
