//! Rules adopted in a ledger from the command line.

use crate::program::{Folder, import, json, rows, run, text};

const OURS: &str = "version = \"ours\"\nextends = \"standard\"\nmax_cycles = 2\n";

#[test]
fn rules_are_adopted_listed_and_shown() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let ours = folder.write("ours.toml", OURS);
    assert_eq!(import(&folder.write("log.csv", rows(8)), &ledger).code, 0);
    let (path, ours) = (text(&ledger), text(&ours));

    let adopted = run(&["policy", "adopt", path, ours]);
    assert_eq!((adopted.code, adopted.err.as_str()), (0, ""));
    assert!(
        adopted.out.starts_with("ours is adopted, in force from 20"),
        "{}",
        adopted.out
    );
    let change = adopted
        .out
        .lines()
        .any(|line| line.split_whitespace().collect::<Vec<_>>() == ["max_cycles", "3", "2"]);
    assert!(change, "{}", adopted.out);
    let again = run(&["policy", "adopt", path, ours]);
    assert_eq!(
        again.out,
        "nothing is adopted: ours is in force then already\n"
    );

    let listed = json(&["policy", "list", path]);
    let versions: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["version"])
        .collect();
    assert_eq!(versions, ["standard-1", "ours"]);
    assert_eq!(listed[0]["in_force_from"], serde_json::Value::Null);
    assert_eq!(listed[1]["by"], "redress-cli");
    let digest = listed[1]["digest"].as_str().unwrap();
    assert_eq!(digest.len(), 64);
    assert!(run(&["policy", "list", path]).out.contains(digest));

    // What is shown is the text that was adopted, and can be adopted again.
    let shown = run(&["policy", "show", path]).out;
    assert!(shown.starts_with("version = \"ours\"\n"), "{shown}");
    assert_eq!(run(&["policy", "show", path, "ours"]).out, shown);
    let copy = folder.write("copy.toml", &shown);
    let other = folder.path("other.redress");
    let founded = run(&["policy", "adopt", text(&other), text(&copy)]);
    assert_eq!(
        founded.out,
        "ours are the founding rules of the new ledger\n"
    );
    assert_eq!(json(&["policy", "list", text(&other)])[0]["digest"], digest);
}

#[test]
fn rules_of_a_later_day_wait_and_those_of_an_earlier_one_are_refused() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let ours = folder.write("ours.toml", OURS);
    assert_eq!(import(&folder.write("log.csv", rows(8)), &ledger).code, 0);
    let (path, ours) = (text(&ledger), text(&ours));
    let past = run(&[
        "policy",
        "adopt",
        path,
        ours,
        "--from",
        "2020-01-01T00:00:00Z",
    ]);
    assert_eq!((past.code, past.out.as_str()), (1, ""));
    assert!(
        past.err.contains("rules are adopted from now on or later"),
        "{}",
        past.err
    );
    let later = run(&[
        "policy",
        "adopt",
        path,
        ours,
        "--from",
        "2999-01-01T00:00:00Z",
    ]);
    assert!(
        later
            .out
            .starts_with("ours is adopted, in force from 2999-01-01 00:00:00Z\n"),
        "{}",
        later.out
    );
    assert!(
        run(&["policy", "show", path])
            .out
            .starts_with("version = \"standard-1\"")
    );
    let unknown = run(&["policy", "show", path, "theirs"]);
    assert_eq!(unknown.code, 1);
    assert!(
        unknown.err.contains("has no rules `theirs`"),
        "{}",
        unknown.err
    );
}

#[test]
fn an_import_founds_a_ledger_and_leaves_a_founded_one_its_rules() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    let (log, ours) = (
        folder.write("log.csv", rows(8)),
        folder.write("ours.toml", OURS),
    );
    let founding = [
        "import",
        "--mapping",
        "uci-incidents",
        "--policy",
        text(&ours),
        text(&log),
        text(&ledger),
    ];
    assert_eq!(run(&founding).code, 0);
    let listed = json(&["policy", "list", text(&ledger)]);
    assert_eq!(
        (&listed[0]["version"], listed.as_array().unwrap().len()),
        (&"ours".into(), 1)
    );
    let again = run(&founding);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("has rules already"), "{}", again.err);
    assert_eq!(import(&log, &ledger).code, 0);
}

/// Reading writes nothing, so a ledger without rules is read by the standard ones, and that is said once.
#[test]
fn a_ledger_without_rules_is_read_by_the_standard_ones() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    drop(redress::blocking::Ledger::open(&ledger, redress::Policy::standard()).unwrap());
    let before = folder.content();
    for args in [
        vec!["sla", text(&ledger)],
        vec!["policy", "show", text(&ledger)],
    ] {
        let ran = run(&args);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(
            ran.err
                .matches("this ledger has no rules of its own yet")
                .count(),
            1
        );
    }
    assert_eq!(folder.content(), before);
}
