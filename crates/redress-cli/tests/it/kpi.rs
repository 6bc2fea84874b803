//! `redress kpi` and the periods of reports: tables, CSV, and figures that a script of its own counted.

use std::collections::HashMap;

use serde_json::Value;

use crate::program::{demo_ledger, json, run, text};

const FACTS: &str = include_str!("../../../redress-interchange/tests/data/uci_facts.csv");

/// The lines of the script: one for each incident, by column.
fn incidents() -> Vec<HashMap<String, u64>> {
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    let rows = reader.deserialize::<HashMap<String, String>>();
    let numbers = |row: HashMap<String, String>| {
        row.into_iter()
            .filter_map(|(column, cell)| Some((column, cell.parse().ok()?)))
            .collect()
    };
    rows.map(|row| numbers(row.unwrap())).collect()
}

#[track_caller]
fn check(kpis: &Value, figure: &str, numerator: u64, denominator: u64) {
    let found = (&kpis[figure]["numerator"], &kpis[figure]["denominator"]);
    assert_eq!(found, (&numerator.into(), &denominator.into()), "{figure}");
}

#[test]
fn the_figures_of_the_demo_cut_are_what_the_script_counts() {
    let incidents = incidents();
    let kpis = json(&["kpi", text(demo_ledger()), "--served", "24918"]);
    let count = |which: fn(&HashMap<String, u64>) -> bool| {
        incidents.iter().filter(|incident| which(incident)).count() as u64
    };
    let again = count(|incident| incident["dissatisfied"] + incident["reopened"] > 0);
    let raised = count(|incident| incident["raised"] > 0);
    let passed: u64 = incidents
        .iter()
        .map(|incident| incident["handed_over"] + incident["to_desk"] + incident["from_desk"])
        .sum();
    check(&kpis, "complaint_rate", 161, 24918);
    check(&kpis, "rework", again, 161);
    check(&kpis, "escalation", raised, 161);
    check(&kpis, "hand_overs", passed, 161);
    check(&kpis, "satisfaction", 0, 0); // the log does not tell
    assert_eq!((again, raised), (21, 15));
    assert_eq!(kpis["backlog"]["open"], 0);
    assert_eq!(kpis["before"], Value::Null);
}

#[test]
fn a_table_shows_the_numbers_and_the_period_before() {
    let period = ["--period", "2016-03-07..2016-03-21"];
    let at = ["--at", "2016-03-21T00:00:00Z"];
    let args = [&["kpi", text(demo_ledger())][..], &period, &at].concat();
    let ran = run(&args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let heading =
        "Figures from 2016-03-07 00:00:00Z to 2016-03-21 00:00:00Z, as of 2016-03-21 00:00:00Z";
    assert_eq!(ran.out.lines().next(), Some(heading));
    let line = |name: &str| -> Vec<&str> {
        let line = ran.out.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().collect()
    };
    assert_eq!(line("Complaints resolved"), ["38", "87", "-56.3%"]);
    assert_eq!(line("Rework"), ["28.9%", "11/38", "0.0%", "(0/87)"]);
    assert_eq!(line("Satisfaction"), ["none", "none"]);

    let chinese = run(&[&args[..], &["--lang", "zh-CN"]].concat()).out;
    assert!(
        chinese.contains("返工率") && chinese.contains("11/38"),
        "{chinese}"
    );
    assert!(!chinese.contains("Rework"), "{chinese}");
}

#[test]
fn rows_by_a_dimension_add_up_and_are_csv_too() {
    let ledger = text(demo_ledger());
    let by = json(&["kpi", ledger, "--by", "department"]);
    let rows = by["rows"].as_array().unwrap();
    let resolved: u64 = rows
        .iter()
        .map(|row| row["kpis"]["resolved"].as_u64().unwrap())
        .sum();
    assert_eq!((by["by"].as_str(), resolved), (Some("department"), 161));

    let ran = run(&["kpi", ledger, "--by", "department", "--format", "csv"]);
    assert!(
        ran.out
            .starts_with("department,figure,numerator,denominator\r\n")
    );
    let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
    let lines: Vec<(String, String, i128, Option<u64>)> =
        reader.deserialize().map(Result::unwrap).collect();
    let listed = lines.iter().filter(|(_, figure, ..)| figure == "resolved");
    assert_eq!(listed.map(|(_, _, count, _)| count).sum::<i128>(), 161);
}

#[test]
fn causes_are_csv_with_their_numbers() {
    let ledger = text(demo_ledger());
    let ran = run(&["causes", ledger, "--format", "csv"]);
    let mut lines = ran.out.lines();
    let header =
        "cause,complaints,cumulative,counted,before,handling_time_us,rework,satisfied,reached";
    assert_eq!(lines.next(), Some(header));
    let first = lines.next().unwrap();
    assert!(
        first.starts_with("imported/uci-incidents/code 6,68,68,156,,"),
        "{first}"
    );
    let cross = run(&["causes", ledger, "--by", "channel", "--format", "csv"]).out;
    assert!(
        cross.contains("imported/uci-incidents/code 6,phone_hotline,68"),
        "{cross}"
    );
}

#[test]
fn a_report_of_causes_tells_trend_weeks_and_survival() {
    let ledger = text(demo_ledger());
    let period = ["--period", "2016-02-29..2016-03-14"];
    let at = ["--at", "2016-04-01T00:00:00Z"];
    let args = [&["causes", ledger][..], &period, &at].concat();
    let report = json(&args);
    let weeks = report["weeks"].as_array().unwrap();
    assert_eq!(weeks.len(), 2);
    assert_eq!(weeks[0]["monday"], "2016-02-29");
    let curve = &report["time_to_resolve"];
    let watched = curve["ended"].as_u64().unwrap() + curve["censored"].as_u64().unwrap();
    assert_eq!(watched, 161);
    assert_eq!(report["trend"][0]["complaints"]["before"], 0);
    for (language, words) in [("en", "Time to resolve"), ("zh-CN", "解决用时")] {
        let shown = run(&[&args[..], &["--lang", language]].concat()).out;
        assert!(shown.contains(words), "{shown}");
    }
}

#[test]
fn a_period_that_is_none_is_refused_with_what_to_do() {
    for (period, told) in [
        (
            "2016-03-01",
            "use FROM..TO with days such as 2026-03-01..2026-04-01",
        ),
        (
            "2016-03-01..2016-02-01",
            "the second day must come after the first",
        ),
    ] {
        let ran = run(&["kpi", text(demo_ledger()), "--period", period]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    let ran = run(&["kpi", text(demo_ledger()), "--by", "weather"]);
    assert!(
        ran.err.contains("use one of category, department"),
        "{}",
        ran.err
    );
}
