//! Auditing a ledger by rules from the command line.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Folder, Ran, demo_ledger, run, text};

const AT: &str = "2016-06-01T00:00:00Z";

/// Rules that an incident desk might ask of its own log.
fn desk() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/desk.rules")
}

fn audit(rules: &str, more: &[&str]) -> Ran {
    let ledger = text(demo_ledger());
    run(&[&["audit", "--rules", rules, "--at", AT, ledger], more].concat())
}

#[test]
fn real_complaints_that_broke_a_rule_are_found() {
    // Counted by a query on the same ledger that knows nothing of rules: how many facts of a kind, and how far apart.
    let counted = [
        ("assigned_in_a_day", 1),
        ("handed_on_seldom", 17),
        ("urgent_in_two_days", 7),
        ("resolved_in_thirty_days", 21),
        ("resolved_once", 21),
    ];
    let ran = audit(text(&desk()), &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["complaints"], 161);
    let rules = report["rules"].as_array().unwrap();
    assert_eq!(rules.len(), counted.len());
    for (rule, (name, broken)) in rules.iter().zip(counted) {
        assert_eq!(
            (&rule["rule"], &rule["broken"]),
            (&name.into(), &broken.into())
        );
        assert_eq!(rule["kept"], 161 - broken);
    }
    assert_eq!(report["findings"].as_array().unwrap().len(), 67);
    assert_eq!(report["faults"], Value::Array(vec![]));
}

/// The tutorial shows these rules, and what they find.
#[test]
fn the_tutorial_shows_the_rules_and_what_is_printed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = std::fs::read_to_string(root.join("docs/testing-workflows.md")).unwrap();
    let rules = std::fs::read_to_string(desk()).unwrap();
    assert!(page.contains(&format!("```text\n{rules}```\n")), "{rules}");
    let (_, rest) = page
        .split_once("$ redress audit --rules desk.rules")
        .unwrap();
    let (_, shown) = rest.split_once('\n').unwrap();
    let shown = shown.split("```").next().unwrap();
    let ran = audit(text(&desk()), &["--limit", "0"]);
    let (standing, _) = ran.out.split_once("\nBroken:").unwrap();
    assert_eq!(shown, standing);
}

#[test]
fn a_finding_leads_to_the_fact_in_the_time_line() {
    let ran = audit(text(&desk()), &["--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    // Complaints are imported side by side, so which one comes first in the ledger is not fixed.
    let findings = report["findings"].as_array().unwrap();
    let is_handed_on = |finding: &&Value| finding["rule"] == "handed_on_seldom";
    let finding = findings.iter().find(is_handed_on).unwrap();
    let id = finding["complaint"].as_str().unwrap();
    let shown = crate::program::json(&["show", text(demo_ledger()), id]);
    let facts = shown["facts"].as_array().unwrap();
    let at = |fact: &&Value| fact["position"] == finding["position"];
    let fact = facts.iter().find(at).unwrap();
    assert_eq!(fact["public"]["occurred_at"], finding["occurred_at"]);
    assert_eq!(finding["fact"], "assigned");
}

#[test]
fn the_table_is_cut_at_the_limit_and_says_so() {
    let ran = audit(text(&desk()), &["--limit", "2"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let (standing, broken) = ran
        .out
        .split_once("\nBroken: 67, of which the first 2; --limit shows more\n")
        .unwrap();
    assert!(
        standing.starts_with("5 rules, 161 complaints, 1557 facts\n"),
        "{standing}"
    );
    assert!(
        standing
            .contains("handed_on_seldom          144     0      17         0  转派不超过四次。"),
        "{standing}"
    );
    // A blank line, the headings and two findings.
    assert_eq!(broken.lines().count(), 4, "{broken}");
}

#[test]
fn rules_that_are_kept_are_0() {
    let folder = Folder::new();
    let rules = folder.write("kept.rules", "rule first \"\": init(received)");
    let ran = audit(text(&rules), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!ran.out.contains("Broken:"), "{}", ran.out);
}

#[test]
fn the_shipped_rules_are_named_standard() {
    let ran = audit("standard", &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    // The source did not record what was said to customers, so each closed complaint lacks an answer, and nothing else.
    for rule in report["rules"].as_array().unwrap() {
        let broken = if rule["rule"] == "acknowledged" {
            161
        } else {
            0
        };
        assert_eq!(rule["broken"], broken, "{rule}");
    }
}

#[test]
fn a_fault_in_the_rules_points_at_the_word() {
    let folder = Folder::new();
    let rules = folder.write(
        "ours.rules",
        "rule a \"\": absense(closed)\nrule b \"\": clsed",
    );
    let path = text(&rules);
    let ran = audit(path, &[]);
    let expected = format!(
        "redress: {path}:1:12: there is no template or kind of fact `absense`; did you mean `absence`?; and 1 more\n"
    );
    assert_eq!((ran.code, ran.out.as_str(), ran.err), (1, "", expected));
}

#[test]
fn a_calendar_that_the_policy_lacks_is_1() {
    let folder = Folder::new();
    let rules = folder.write(
        "ours.rules",
        "rule a \"\": response(received, assigned) within 2h working office",
    );
    let ran = audit(text(&rules), &[]);
    let expected = "redress: rule `a` counts the working time of calendar `office`, which there is not; \
                    name one of the policy's calendars, or leave `working` out\n";
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err.as_str()),
        (1, "", expected)
    );
}

#[test]
fn working_time_is_that_of_the_policy_and_what_it_cannot_judge_is_told() {
    let folder = Folder::new();
    let rules = folder.write(
        "ours.rules",
        "rule a \"\": response(received, assigned) within 2h working office",
    );
    let policy = folder.write(
        "ours.toml",
        "version = \"ours-1\"\nextends = \"standard\"\n\n[calendars.office]\nversion = \"1\"\nzone = \"UTC\"\n\
         first = 2020-01-01\nlast = 2020-12-31\nweek = { workdays = [\"09:00-17:00\"] }\n",
    );
    let ran = audit(
        text(&rules),
        &["--policy", text(&policy), "--format", "json"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["rules"][0]["unjudged"], 161);
    let reason = report["faults"][0]["reason"].as_str().unwrap();
    assert!(
        reason.starts_with("calendar `office` begins on 2020-01-01"),
        "{reason}"
    );
}
