//! The demo cut, imported and replayed, against facts counted by a script of its own.
//!
//! The script is `redress-interchange/tests/oracles/uci_facts.py`: the standard library of Python, no importer.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::program::{demo_ledger, json, text};

const FACTS: &str = include_str!("../../../redress-interchange/tests/data/uci_facts.csv");

/// The lines of the script: one for each incident, by column.
fn incidents() -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    let rows: Vec<HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 161, "incidents counted by the script");
    rows
}

fn number(incident: &HashMap<String, String>, column: &str) -> u64 {
    incident[column].parse().unwrap()
}

fn sum(column: &str) -> u64 {
    incidents()
        .iter()
        .map(|incident| number(incident, column))
        .sum()
}

#[track_caller]
fn check(found: &Value, pointer: &str, wanted: u64) {
    let value = found.pointer(pointer).and_then(Value::as_u64);
    assert_eq!(value, Some(wanted), "{pointer}");
}

#[test]
fn a_replay_of_the_demo_cut_counts_what_the_script_counts() {
    let replay = json(&["replay", text(demo_ledger())]);
    let again = |incident: &HashMap<String, String>| {
        number(incident, "dissatisfied") + number(incident, "reopened")
    };
    let reopened = incidents()
        .iter()
        .filter(|incident| again(incident) > 0)
        .count();
    let reopenings: u64 = incidents().iter().map(again).sum();
    assert_eq!((reopenings, reopened), (26, 21));
    check(&replay, "/workload/complaints", 161);
    check(&replay, "/workload/closed", 161);
    check(&replay, "/workload/open", 0);
    check(&replay, "/workload/reopenings/total", 26);
    check(&replay, "/workload/reopenings/complaints", 21);
    check(
        &replay,
        "/workload/reopenings/by_reply",
        sum("dissatisfied"),
    );
    check(&replay, "/workload/reopenings/from_closed", sum("reopened"));
    check(
        &replay,
        "/workload/assignments/hand_overs",
        sum("handed_over"),
    );
    check(&replay, "/workload/assignments/returns", sum("to_desk"));
    check(
        &replay,
        "/workload/assignments/dispatches",
        sum("from_desk"),
    );
    check(&replay, "/workload/priority_raised", sum("raised"));
    check(&replay, "/workload/escalations", sum("raised"));
}

#[test]
fn the_archive_finds_what_the_source_had_recorded() {
    let late = sum("late");
    let recorded = "uci-incidents:made_sla=false";
    let args = [
        "archive",
        text(demo_ledger()),
        "--recorded",
        recorded,
        "--limit",
        "1",
        "--count",
    ];
    let found = json(&args)["total"].as_u64();
    assert_eq!(found, Some(late));
    let wrong = crate::program::run(&[
        "archive",
        text(demo_ledger()),
        "--recorded",
        "made_sla=false",
    ]);
    assert_eq!(wrong.code, 2);
    assert!(
        wrong.err.contains("write it as SYSTEM:FIELD=VALUE"),
        "{}",
        wrong.err
    );
}

#[test]
fn a_replay_of_the_demo_cut_finds_every_kind_of_fact_as_often_as_the_script() {
    let replay = json(&["replay", text(demo_ledger())]);
    let kinds = [
        ("received", 161),
        ("classified", sum("classified")),
        ("assigned", sum("assigned") + sum("implied")),
        ("escalated", sum("raised")),
        ("paused", sum("paused")),
        ("resumed", sum("resumed")),
        ("resolved", sum("resolved")),
        ("feedback", sum("dissatisfied")),
        ("closed", sum("closed")),
        ("reopened", sum("reopened")),
        ("noted", sum("recorded")),
        // The founding rules.
        ("policy_adopted", 1),
    ];
    for (kind, wanted) in kinds {
        check(&replay, &format!("/facts_by_kind/{kind}"), wanted);
    }
    check(
        &replay,
        "/facts",
        kinds.iter().map(|(_, count)| count).sum(),
    );
}

#[test]
fn the_verdict_of_the_source_stands_beside_our_own() {
    let replay = json(&["replay", text(demo_ledger())]);
    let counted = replay["recorded_by_sources"].as_array().unwrap();
    let counted: BTreeMap<&str, u64> = counted
        .iter()
        .map(|count| {
            (
                count["value"].as_str().unwrap(),
                count["complaints"].as_u64().unwrap(),
            )
        })
        .collect();
    let late = sum("late");
    assert_eq!(
        counted,
        BTreeMap::from([("false", late), ("true", 161 - late)])
    );
}

#[test]
fn the_causes_are_those_that_the_script_finds() {
    let causes = json(&["causes", text(demo_ledger())]);
    let found: BTreeMap<String, u64> = causes["causes"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["code"].as_str().unwrap().to_owned(),
                row["count"].as_u64().unwrap(),
            )
        })
        .collect();
    let mut wanted = BTreeMap::new();
    for incident in incidents() {
        if incident["cause"] != "?" {
            *wanted
                .entry(format!("imported/uci-incidents/{}", incident["cause"]))
                .or_insert(0) += 1;
        }
    }
    assert_eq!(found, wanted);
}

#[test]
fn the_sums_of_a_board_are_the_sums_of_its_rows() {
    let board = json(&["sla", text(demo_ledger()), "--at", "2016-03-10T00:00:00Z"]);
    let mut sums: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut add = |row: &Value, sign: bool| {
        for (status, count) in row["counts"].as_object().unwrap() {
            let key = (row["clock"].as_str().unwrap().to_owned(), status.clone());
            let sum = sums.entry(key).or_default();
            let count = count.as_u64().unwrap();
            *sum = if sign {
                *sum + count
            } else {
                sum.checked_sub(count).unwrap()
            };
        }
    };
    let (rows, totals) = (&board["rows"], &board["totals"]);
    rows.as_array()
        .unwrap()
        .iter()
        .for_each(|row| add(row, true));
    totals
        .as_array()
        .unwrap()
        .iter()
        .for_each(|total| add(total, false));
    assert!(sums.len() > 50, "{sums:?}");
    assert!(sums.values().all(|rest| *rest == 0), "{sums:?}");
}
