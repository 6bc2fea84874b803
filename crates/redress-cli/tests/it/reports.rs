//! What the five reports have in common: period, group, moment, what was recorded when, formats, and both languages.

use std::fs;
use std::path::Path;

use redress_interchange::demo_csv;

use crate::as_of::last_recorded_at;
use crate::program::{Folder, Ran, command, demo_ledger, import, json, rows, run, text};
use crate::whole_cases::imported;

const REPORTS: [&str; 5] = ["sla", "causes", "kpi", "alerts", "archive"];
const AT: &str = "2016-03-10T00:00:00Z";

/// Each report as it was reviewed, with a group of its own or none.
const REVIEWED: [(&str, &[&str]); 9] = [
    ("sla", &["sla", "--by", "clock"]),
    (
        "sla_person",
        &["sla", "--by", "person", "--person", "Resolver 125"],
    ),
    ("sla_work", &["sla", "--by", "work"]),
    ("causes", &["causes", "--period", "2016-03-01..2016-03-08"]),
    ("kpi", &["kpi", "--period", "2016-03-01..2016-03-08"]),
    ("kpi_by", &["kpi", "--by", "channel"]),
    ("alerts", &["alerts", "--occurred"]),
    ("archive", &["archive", "--limit", "3"]),
    ("archive_by", &["archive", "--by", "priority"]),
];

fn report(args: &[&str], more: &[&str]) -> Ran {
    let (name, args) = args.split_first().unwrap();
    run(&[&[*name, text(demo_ledger()), "--at", AT], args, more].concat())
}

/// The table of a report is what stands in `tests/data/reports`.
#[track_caller]
fn check(name: &str, args: &[&str], language: &str) {
    let ran = report(args, &["--lang", language]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
    let path = format!("tests/data/reports/{name}.{language}.txt");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    assert_eq!(ran.out, fs::read_to_string(&path).unwrap(), "{name}");
}

#[test]
fn tables_read_as_they_were_reviewed_in_english() {
    for (name, args) in REVIEWED {
        check(name, args, "en");
    }
}

#[test]
fn tables_read_as_they_were_reviewed_in_chinese() {
    for (name, args) in REVIEWED {
        check(name, args, "zh-CN");
    }
}

/// The environment tells the language where nobody does, and JSON and CSV have none.
#[test]
fn the_environment_tells_the_language() {
    for name in REPORTS {
        let shown = |locale: &str, more: &[&str]| {
            let args = [&[name, text(demo_ledger()), "--at", AT], more].concat();
            let output = command(&args).env("LC_ALL", locale).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let english = shown("en_GB.UTF-8", &[]);
        let chinese = shown("zh_CN.UTF-8", &[]);
        assert_ne!(english, chinese, "{name}");
        assert_eq!(chinese, shown("C", &["--lang", "zh-CN"]), "{name}");
        assert_eq!(english, shown("zh_CN.UTF-8", &["--lang", "en"]), "{name}");
        for format in ["json", "csv"] {
            let of = |locale: &str| shown(locale, &["--format", format]);
            assert_eq!(of("C"), of("zh_CN.UTF-8"), "{name} {format}");
        }
    }
}

#[test]
fn every_report_takes_a_period_a_group_and_a_format() {
    for (name, by) in [
        ("sla", "person"),
        ("causes", "channel"),
        ("kpi", "channel"),
        ("alerts", "rule"),
        ("archive", "channel"),
    ] {
        for format in ["table", "json", "csv"] {
            let more = [
                "--period",
                "2016-03-01..2016-03-08",
                "--by",
                by,
                "--format",
                format,
            ];
            let ran = report(&[name], &more);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name} {format}");
            assert!(!ran.out.is_empty());
        }
    }
}

/// A report as of an instant is what it was when no more had been recorded, in whichever form.
#[test]
fn as_of_the_time_between_two_imports_every_report_is_the_first_one() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let shown = |name: &str, format: &str, as_of: &[&str]| {
        let args = [name, text(&ledger), "--at", AT, "--format", format];
        let ran = run(&[&args, as_of].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
        // What it is as of is told, and that alone is new.
        let lines = ran.out.lines().filter(|line| {
            !line.contains("as_of") && !line.starts_with("By what had been recorded at")
        });
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let all = |as_of: &[&str]| {
        let mut all = Vec::new();
        for name in REPORTS {
            for format in ["table", "json", "csv"] {
                all.push(shown(name, format, as_of));
            }
        }
        all
    };
    assert_eq!(
        import(&folder.write("first.csv", rows(150)), &ledger).code,
        0
    );
    let before = all(&[]);
    let between = last_recorded_at(text(&ledger));
    let whole = folder.write("whole.csv", demo_csv());
    assert_eq!(import(&whole, &ledger).code, 0);
    assert_ne!(all(&[]), before);
    assert_eq!(all(&["--as-of", &between]), before);
}

#[test]
fn the_clocks_of_a_person_are_those_of_their_row() {
    let by = json(&["sla", text(demo_ledger()), "--at", AT, "--by", "person"]);
    let people = by["people"].as_array().unwrap();
    let named = people.iter().find(|row| row["person"].is_string()).unwrap();
    let person = named["person"].as_str().unwrap();
    let own = json(&["sla", text(demo_ledger()), "--at", AT, "--person", person]);
    let rows = own["rows"].as_array().unwrap();
    let expected: Vec<_> = people
        .iter()
        .filter(|row| row["person"] == person)
        .collect();
    assert_eq!(rows.len(), expected.len());
    for (row, expected) in rows.iter().zip(expected) {
        assert_eq!(row["counts"], expected["counts"]);
    }
    assert!(own.get("departments").is_none());
}

#[test]
fn limits_of_their_own_and_the_policys_are_all() {
    // Some of Boston's requests bring a limit along.
    let folder = Folder::new();
    let ledger = imported(&folder, "boston-311", "boston_311_cut.csv");
    let total = |limits: &str| {
        let report = json(&[
            "sla",
            text(&ledger),
            "--at",
            "2022-06-01T00:00:00Z",
            "--limits",
            limits,
        ]);
        let totals = report["totals"].as_array().unwrap().clone();
        let counts = totals.iter().flat_map(|total| {
            let counts = total["counts"].as_object().unwrap().values();
            counts
                .map(|count| count.as_u64().unwrap())
                .collect::<Vec<_>>()
        });
        counts.sum::<u64>()
    };
    assert_eq!(total("own") + total("policy"), total("any"));
    assert!(total("own") > 0 && total("policy") > 0);
}

#[test]
fn the_work_of_departments_is_csv_too() {
    let report = json(&["sla", text(demo_ledger()), "--at", AT]);
    let csv = self::report(&["sla"], &["--by", "work", "--format", "csv"]).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let place = |name: &str| headers.iter().position(|one| one == name).unwrap();
    let departments = report["departments"].as_array().unwrap();
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), departments.len());
    for (record, department) in records.iter().zip(departments) {
        assert_eq!(&record[0], department["department"].as_str().unwrap());
        for (column, value) in [
            ("open_over_7_days", &department["open"]["over_7_days"]),
            ("handed_over_in", &department["handed_over_in"]),
            ("rework_cycles", &department["rework_cycles"]),
            ("taken_back", &department["revisits"]["taken_back"]),
        ] {
            assert_eq!(record[place(column)], value.to_string(), "{column}");
        }
    }
}

#[test]
fn the_work_of_departments_is_not_that_of_one_person() {
    let ran = report(&["sla"], &["--by", "work", "--person", "p"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("leave out `--person`"), "{}", ran.err);
}

#[test]
fn warnings_of_a_period_and_by_rule_are_those_that_are_listed() {
    let all = json(&["alerts", text(demo_ledger()), "--at", AT, "--occurred"]);
    let raised = all["raised"].as_array().unwrap();
    let by = json(&[
        "alerts",
        text(demo_ledger()),
        "--at",
        AT,
        "--occurred",
        "--by",
        "rule",
    ]);
    for row in by["rows"].as_array().unwrap() {
        let own = raised
            .iter()
            .filter(|one| one["alert"]["rule"] == row["value"]);
        let (mut count, mut standing) = (0, 0);
        for one in own {
            count += 1;
            standing += u64::from(one["ended_at"].is_null());
        }
        assert_eq!(
            (row["raised"].as_u64(), row["standing"].as_u64()),
            (Some(count), Some(standing))
        );
    }
    let none = ["--period", "2015-01-01..2015-02-01"];
    let none = json(
        &[
            &["alerts", text(demo_ledger()), "--at", AT, "--occurred"][..],
            &none,
        ]
        .concat(),
    );
    assert_eq!(none["raised"].as_array().map(Vec::len), Some(0));
    assert_eq!(none["standings"], all["standings"]);
}
