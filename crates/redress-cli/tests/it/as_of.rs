//! A replay as of an instant shows what was known then, and nothing later.

use redress_interchange::demo_csv;
use serde_json::Value;

use crate::program::{Folder, import, json, rows, text};

/// When the last fact of a ledger was recorded, as `redress show` tells.
pub(crate) fn last_recorded_at(ledger: &str) -> String {
    let found = json(&["archive", ledger, "--limit", "1000"]);
    let complaints = found["complaints"].as_array().unwrap();
    let recorded = complaints.iter().flat_map(|complaint| {
        let shown = json(&["show", ledger, complaint["id"].as_str().unwrap()]);
        shown["facts"].as_array().unwrap().clone()
    });
    let instants = recorded.map(|fact| (fact["position"].as_u64(), fact["recorded_at"].clone()));
    let (_, last) = instants.max_by_key(|(position, _)| *position).unwrap();
    last.as_str().unwrap().to_owned()
}

#[test]
fn a_replay_as_of_the_time_between_two_imports_is_the_first_state() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let ledger_text = text(&ledger);
    // The rows of an incident stand together, so a cut after any row leaves one incident half told.
    let first = folder.write("first.csv", rows(150));
    assert_eq!(import(&first, &ledger).code, 0);
    let before = json(&["replay", ledger_text]);
    let between = last_recorded_at(ledger_text);
    let whole = folder.write("whole.csv", demo_csv());
    assert_eq!(import(&whole, &ledger).code, 0);
    let mut then = json(&["replay", ledger_text, "--as-of", &between]);
    let now = json(&["replay", ledger_text]);
    assert!(now["facts"].as_u64() > before["facts"].as_u64());
    assert_eq!(then["as_of"], between.as_str());
    then["as_of"] = Value::Null;
    assert_eq!(then, before);
}

#[test]
fn before_the_first_fact_there_is_nothing() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    assert_eq!(
        import(&folder.write("first.csv", rows(20)), &ledger).code,
        0
    );
    let then = json(&["replay", text(&ledger), "--as-of", "2016-12-31T00:00:00Z"]);
    assert_eq!(
        then["facts"], 0,
        "recorded today, though it happened in 2016"
    );
    assert_eq!(then["workload"]["complaints"], 0);
}
