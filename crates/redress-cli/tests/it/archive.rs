//! `redress archive`: filters, groups, lessons, pages, formats and languages, on the demo cut.

use std::fs;

use crate::program::{Folder, demo_ledger, import, json, rows, run, text};

fn archive(args: &[&str]) -> String {
    let ran = run(&[&["archive", text(demo_ledger())], args].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    ran.out
}

#[test]
fn groups_add_up_to_what_is_found() {
    let ledger = text(demo_ledger());
    let groups = json(&["archive", ledger, "--by", "state"]);
    let found = json(&["archive", ledger, "--is", "state=closed", "--limit", "1"]);
    let rows = groups["rows"].as_array().unwrap();
    let closed = rows.iter().find(|row| row["value"] == "closed").unwrap();
    assert_eq!(closed["complaints"], found["total"]);
    assert_eq!(
        closed["share"]["denominator"],
        groups["total"]["complaints"]
    );
    let sum: u64 = rows
        .iter()
        .map(|row| row["complaints"].as_u64().unwrap())
        .sum();
    assert_eq!(groups["total"]["complaints"], sum);
}

#[test]
fn a_list_goes_on_where_it_stopped() {
    let ledger = text(demo_ledger());
    let whole = json(&["archive", ledger, "--limit", "7", "--sort", "severity"]);
    let first = json(&["archive", ledger, "--limit", "4", "--sort", "severity"]);
    let next = first["next"].as_str().unwrap();
    let second = json(&[
        "archive", ledger, "--limit", "3", "--sort", "severity", "--after", next,
    ]);
    let ids = |page: &serde_json::Value| {
        let page = page["complaints"].as_array().unwrap().iter();
        page.map(|found| found["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&whole));
    let other = run(&["archive", ledger, "--after", next]);
    assert_eq!(other.code, 1);
    assert!(
        other.err.contains("belongs to another question"),
        "{}",
        other.err
    );
}

#[test]
fn tables_speak_both_languages_and_csv_is_exact() {
    let english = archive(&["--by", "state"]);
    assert!(english.starts_with("State "), "{english}");
    assert!(
        english.lines().last().unwrap().starts_with("total "),
        "{english}"
    );
    let chinese = archive(&["--by", "state", "--lang", "zh-CN"]);
    assert!(
        chinese.contains("已归档") && chinese.contains("合计"),
        "{chinese}"
    );
    assert!(archive(&["--lang", "zh-CN", "--limit", "1"]).contains("主办部门"));
    let csv = archive(&["--by", "state", "--format", "csv"]);
    let heading =
        "state,complaints,of,handled,handling_total_us,met,judged,satisfied,reached,asked";
    assert_eq!(csv.lines().next(), Some(heading));
    let listed = archive(&["--limit", "5", "--format", "csv"]);
    assert_eq!(listed.lines().count(), 6);
}

#[test]
fn clocks_are_read_at_the_moment_that_is_asked_about() {
    let overdue = |at: &str| {
        let args = [
            "archive",
            text(demo_ledger()),
            "--clock-status",
            "overdue",
            "--at",
            at,
            "--limit",
            "1",
        ];
        json(&args)["total"].as_u64().unwrap()
    };
    assert_eq!(overdue("2016-02-01T00:00:00Z"), 0);
    assert!(overdue("2016-03-10T00:00:00Z") > 0);
    let due = json(&[
        "archive",
        text(demo_ledger()),
        "--sort",
        "due",
        "--at",
        "2016-03-10T00:00:00Z",
        "--limit",
        "2",
    ]);
    let due: Vec<&str> = due["complaints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["due"].as_str().unwrap())
        .collect();
    assert!(due.is_sorted(), "{due:?}");
}

#[test]
fn what_no_complaint_can_be_is_refused() {
    for (args, message) in [
        (["--is", "outcome=lost"], "use one of satisfied, withdrawn"),
        (["--is", "remedy=gold"], "expected one of `apology`"),
        (["--is", "outcome"], "DIMENSION=VALUE"),
        (["--by", "colour"], "use one of state, cycle"),
        (["--clock-status", "late"], "use one of on_track"),
        (["--after", "00"], "is no cursor"),
    ] {
        let ran = run(&[&["archive", text(demo_ledger())], &args[..]].concat());
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains(message), "{}", ran.err);
    }
    let nobody = "00000000-0000-0000-0000-000000000009";
    let ran = run(&["archive", text(demo_ledger()), "--similar-to", nobody]);
    assert_eq!(ran.code, 4);
}

#[test]
fn lessons_are_closed_and_not_the_complaint_itself() {
    let ledger = text(demo_ledger());
    let asked = json(&["archive", ledger, "--limit", "1"])["complaints"][0]["id"].clone();
    let lessons = json(&[
        "archive",
        ledger,
        "--similar-to",
        asked.as_str().unwrap(),
        "--limit",
        "5",
    ]);
    let lessons = lessons["complaints"].as_array().unwrap();
    assert!(!lessons.is_empty());
    let scores: Vec<u64> = lessons
        .iter()
        .map(|lesson| lesson["score"].as_u64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|one, next| one >= next));
    for lesson in lessons {
        assert_eq!(lesson["state"], "closed");
        assert_ne!(lesson["id"], asked);
    }
}

/// The old name of the command is another way to type the new one.
#[test]
fn search_is_archive() {
    let ledger = text(demo_ledger());
    assert_eq!(run(&["search", ledger, "code"]).out, archive(&["code"]));
}

/// The archive beside the ledger is used as it is, brought up to date once where it is behind, and done without where it
/// cannot be had.
#[test]
fn the_archive_beside_the_ledger_is_used_or_made() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    assert_eq!(import(&folder.write("log.csv", rows(40)), &ledger).code, 0);
    let args = ["archive", text(&ledger), "--by", "state"];
    let first = run(&args);
    assert_eq!((first.code, first.err.as_str()), (0, ""));
    let views = folder.path("c.views");
    let bytes = fs::read(&views).unwrap();
    // Changed by somebody, gone, and not an archive at all.
    fs::write(&views, &bytes).unwrap();
    let again = run(&args);
    assert_eq!(again.out, first.out);
    assert!(
        again.err.starts_with("redress: bringing the archive "),
        "{}",
        again.err
    );
    assert_eq!(again.err.lines().count(), 1);
    assert_eq!(run(&args).err, "");
    fs::remove_file(&views).unwrap();
    assert_eq!(run(&args).out, first.out);
    assert_eq!(run(&args).err, "");
    fs::write(&views, "dear diary").unwrap();
    let without = run(&args);
    assert_eq!((without.code, &without.out), (0, &first.out));
    assert!(
        without.err.contains("the whole ledger is read instead"),
        "{}",
        without.err
    );
    assert_eq!(fs::read(&views).unwrap(), b"dear diary");
}
