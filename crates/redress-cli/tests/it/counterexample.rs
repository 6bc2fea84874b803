//! A counterexample that the testkit found, replayed by the program.

use redress::Policy;
use redress::core::Span;
use redress::core::policy::Shipped;
use redress_rules::{Rule, parse, standard};
use redress_testkit::{Alphabet, Counterexample, Explorer, History, Mutant, Mutation, Process};
use serde_json::Value;

use crate::program::{Folder, Ran, run, text};

fn find<P: Process>(process: &P, rule: &Rule) -> History {
    let alphabet = Alphabet::of(process.policy()).with_wait(Span::days(2));
    let explorer = Explorer::new(process).alphabet(alphabet).first_only();
    let mut seen = explorer.rules([rule.clone()]).explore().unwrap();
    seen.findings.remove(0).history
}

/// Closed as satisfied although nobody has asked the customer: two facts.
fn unheard() -> (Mutant, Rule) {
    let dropped = Mutation::DropGuard {
        code: "satisfaction_unknown",
    };
    let mut rules = standard().into_iter();
    let rule = rules.find(|rule| rule.name() == "heard_before_satisfied");
    (Mutant::new(&Policy::standard(), dropped), rule.unwrap())
}

fn written() -> String {
    let (process, rule) = unheard();
    let history = find(&process, &rule);
    let shown = Counterexample::of(&process, &rule, &history).unwrap();
    shown.ndjson().unwrap()
}

fn replay(content: &str, more: &[&str]) -> Ran {
    let folder = Folder::new();
    let file = folder.write("found.ndjson", content);
    run(&[&["replay", text(&file)], more].concat())
}

#[test]
fn what_was_found_is_shown_with_its_end_and_the_broken_rule() {
    let (process, rule) = unheard();
    let history = find(&process, &rule);
    let shown = Counterexample::of(&process, &rule, &history).unwrap();
    let ran = replay(&shown.ndjson().unwrap(), &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["rule"], "heard_before_satisfied");
    assert_eq!(told["clause"], rule.clause().to_string());
    assert_eq!(told["state"], history.complaint().state().name());
    assert_eq!(
        (&told["state"], &told["verdict"]),
        (&"closed".into(), &"violated".into())
    );
    let facts = told["facts"].as_array().unwrap();
    let verdicts = facts.iter().map(|fact| fact["verdict"].as_str().unwrap());
    let expected = shown.verdicts().iter().map(|verdict| verdict.name());
    assert_eq!(verdicts.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    assert_eq!(facts[1]["fact"], "closed");
    assert_eq!(told["broken_by"], facts[1]["version"]);
}

#[test]
fn the_story_is_a_table_for_people() {
    let ran = replay(&written(), &[]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let (head, line) = ran.out.split_once("\nTime line\n").unwrap();
    let has = |name: &str, value: &str| {
        let row = head.lines().find(|row| row.starts_with(name));
        assert!(
            row.is_some_and(|row| row.ends_with(value)),
            "{name}: {head}"
        );
    };
    has("rule", "heard_before_satisfied");
    has("state", "closed");
    has("verdict", "violated");
    has("broken by", "fact 2");
    let rows: Vec<&str> = line.lines().filter(|row| row.contains("ann")).collect();
    assert_eq!(rows.len(), 2, "{line}");
    assert!(rows[0].ends_with("received  possibly_satisfied"), "{line}");
    assert!(rows[1].ends_with("closed    violated"), "{line}");
}

#[test]
fn working_time_is_counted_by_the_policy_that_goes_with_it() {
    let policy = Shipped::ExampleCnHotline.policy();
    let text = "rule soon \"\": response(received, assigned) within 1h working hotline";
    let rule = parse(text, "ours").unwrap().remove(0);
    let history = find(&policy, &rule);
    let shown = Counterexample::of(&policy, &rule, &history).unwrap();
    let ran = replay(&shown.ndjson().unwrap(), &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (5, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["verdict"], "violated");
}

#[test]
fn a_history_that_keeps_its_rule_is_0() {
    let kept = written().replacen("closed[reason is satisfied]", "closed[reason is waived]", 9);
    let ran = replay(&kept, &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["broken_by"], Value::Null);
}

#[test]
fn only_what_had_been_recorded_is_shown() {
    let ran = replay(
        &written(),
        &["--as-of", "2026-03-01T00:00:00Z", "--format", "json"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&told["state"], &told["facts"]),
        (&"absent".into(), &Value::Array(vec![]))
    );
}

#[track_caller]
fn refused(content: &str, expected: &str) {
    let ran = replay(content, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
    assert!(ran.err.ends_with(&format!("{expected}\n")), "{}", ran.err);
}

#[test]
fn what_cannot_be_replayed_is_told_by_its_line() {
    let good = written();
    refused(
        "{\"rules\":1}\n",
        ":1: the first line holds the rule, such as {\"rule\":\"rule told \\\"\\\": existence(feedback)\"} (column 8)",
    );
    refused(
        "{\"rule\":\"rule a \\\"\\\": clsed\"}\n",
        "there is no template or kind of fact `clsed`; did you mean `closed`?",
    );
    refused(
        "{\"rule\":\"rule a \\\"\\\": closed rule b \\\"\\\": closed\"}\n",
        ":1: the first line holds several rules; leave one",
    );
    refused(
        &good.replacen("\"type\":\"closed\"", "\"type\":\"opened\"", 1),
        ":3: there is no such kind of fact; a newer version may know it",
    );
    let lines: Vec<&str> = good.lines().collect();
    refused(
        &format!("{}\n{}\n", lines[0], lines[2]),
        ":2: fact 2 (closed) at position 1 cannot follow: version 1 was expected; a line is missing, or it was found in a process that allows what redress cannot fold",
    );
    refused(
        &format!("{}\nnothing\n", lines[0]),
        ":2: this is no stored fact with its place (column 2)",
    );
}
