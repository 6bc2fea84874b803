//! `redress sla`: groups, periods, forecasts, languages and formats, on the ledger of the demo.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{demo_ledger, json, run, text};

/// Before the log ends: some of its incidents are open.
const AT: &str = "2016-03-10T00:00:00Z";

#[track_caller]
fn shown(more: &[&str]) -> String {
    let ran = run(&[&["sla", text(demo_ledger()), "--at", AT], more].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{more:?}");
    ran.out
}

fn report(more: &[&str]) -> Value {
    json(&[&["sla", text(demo_ledger()), "--at", AT], more].concat())
}

fn counts(rows: &Value) -> u64 {
    let rows = rows.as_array().unwrap().iter();
    let counts = rows.flat_map(|row| row["counts"].as_object().unwrap().values());
    counts.map(|count| count.as_u64().unwrap()).sum()
}

#[test]
fn people_add_up_to_departments_and_departments_to_clocks() {
    let report = report(&["--by", "person"]);
    let all = counts(&report["totals"]);
    assert!(all > 161);
    assert_eq!(counts(&report["rows"]), all);
    assert_eq!(counts(&report["people"]), all);
    let named = report["people"].as_array().unwrap().iter();
    assert!(named.filter(|row| row["person"].is_string()).count() > 10);
}

/// Each clock that has ended lies in one of two periods that meet; those that run stand in both.
#[test]
fn periods_that_meet_share_what_has_ended() {
    let of = |period: &str| {
        let report = report(&["--period", period]);
        let mut sums: BTreeMap<String, u64> = BTreeMap::new();
        for total in report["totals"].as_array().unwrap() {
            for (status, count) in total["counts"].as_object().unwrap() {
                *sums.entry(status.clone()).or_default() += count.as_u64().unwrap();
            }
        }
        sums
    };
    let (before, after, all) = (of("..2016-03-06"), of("2016-03-06.."), of(".."));
    for status in ["met", "missed", "cancelled", "handed_over_in_time"] {
        assert_eq!(before[status] + after[status], all[status], "{status}");
    }
    assert!(before["met"] > 0 && after["met"] > 0);
    for status in ["on_track", "at_risk", "overdue", "paused"] {
        assert_eq!((before[status], after[status]), (all[status], all[status]));
    }
}

#[test]
fn a_forecast_begins_with_what_is_overdue_and_grows() {
    let totals = report(&[])["totals"].clone();
    let totals = totals.as_array().unwrap().iter();
    let overdue: u64 = totals
        .map(|total| total["counts"]["overdue"].as_u64().unwrap())
        .sum();
    let now = report(&["--until", AT])["clocks"].clone();
    assert_eq!(now.as_array().unwrap().len() as u64, overdue);

    // The first is due first.
    let forecast = report(&["--until", "2016-03-20T00:00:00Z"]);
    let clocks = forecast["clocks"].as_array().unwrap();
    assert!(clocks.len() as u64 > overdue);
    let due: Vec<&str> = clocks.iter().map_while(|one| one["due"].as_str()).collect();
    assert!(due.is_sorted());
    let table = shown(&["--until", "2016-03-20T00:00:00Z"]);
    let first = format!(
        "{} clocks overdue at 2016-03-20 00:00:00Z if nothing happens after 2016-03-10 00:00:00Z",
        clocks.len()
    );
    assert_eq!(table.lines().next(), Some(first.as_str()));
}

#[test]
fn spreadsheets_get_a_row_for_each_group() {
    for (by, rows) in [
        ("department", "rows"),
        ("person", "people"),
        ("clock", "totals"),
    ] {
        let text = shown(&["--by", by, "--format", "csv"]);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns = reader.headers().unwrap().clone();
        assert_eq!((columns.len(), &columns[0]), (24, "department"));
        let expected = report(&["--by", by]);
        let expected = expected[rows].as_array().unwrap();
        let met = columns.iter().position(|name| name == "met").unwrap();
        let found: Vec<u64> = reader
            .records()
            .map(|row| row.unwrap()[met].parse().unwrap())
            .collect();
        let wanted: Vec<u64> = expected
            .iter()
            .map(|row| row["counts"]["met"].as_u64().unwrap())
            .collect();
        assert_eq!(found, wanted, "{by}");
    }
    let forecast = shown(&["--until", "2016-03-20T00:00:00Z", "--format", "csv"]);
    assert!(forecast.starts_with("due,complaint,clock,cycle,joint,department,person,status,"));
}

#[test]
fn tables_speak_both_languages() {
    let english = shown(&["--by", "department"]);
    for words in [
        "handling by department",
        "Open complaints, work passed on",
        "In time",
    ] {
        assert!(english.contains(words), "{words}");
    }
    let chinese = shown(&["--lang", "zh-CN"]);
    for words in ["部门处理（按部门）", "未结投诉、流转与回访", "及时率"] {
        assert!(chinese.contains(words), "{words}");
    }
    let rows = |text: &str| text.lines().filter(|line| line.contains('%')).count();
    assert_eq!(rows(&english), rows(&chinese));
    assert!(rows(&english) > 10);
}

/// What a snapshot beside the ledger changes is the time it takes; one that is damaged is told and not believed.
#[test]
fn a_snapshot_changes_nothing_and_a_damaged_one_is_told() {
    let folder = crate::program::Folder::new();
    let ledger = folder.path("complaints.redress");
    std::fs::copy(demo_ledger(), &ledger).unwrap();
    let args = ["sla", text(&ledger), "--at", AT, "--format", "json"];
    let without = run(&args);
    assert_eq!(without.err, "");

    let opened = redress::blocking::Ledger::open(&ledger, redress::Policy::standard()).unwrap();
    opened.save_views().unwrap();
    drop(opened);
    let with = run(&args);
    assert_eq!((with.err.as_str(), &with.out), ("", &without.out));

    let snapshot = folder.path("complaints.sla");
    let mut bytes = std::fs::read(&snapshot).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&snapshot, bytes).unwrap();
    let damaged = run(&args);
    assert_eq!((damaged.code, &damaged.out), (0, &without.out));
    let told = "is not used: it is damaged; the whole ledger is read instead";
    assert!(damaged.err.contains(told), "{}", damaged.err);
    assert_eq!(damaged.err.lines().count(), 1);
}
