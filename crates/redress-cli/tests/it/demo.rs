//! The demonstration.

use std::path::Path;

use crate::program::{Folder, Ran, command, json, run};

fn demo(folder: &Folder) -> Ran {
    let output = command(&["demo"])
        .env("TMPDIR", folder.path(""))
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn the_demo_shows_its_six_parts_and_what_to_try_next() {
    let folder = Folder::new();
    let ran = demo(&folder);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let parts = [
        "UCI Machine Learning Repository, CC BY 4.0",
        "1  What was taken in, and what was not",
        "time_went_back",
        "2  The history, folded again and counted",
        "3  The department SLA board",
        "Group 70",
        "4  Root causes",
        "Cumulative",
        "5  A search",
        "6  One of them, with its whole time line",
        "customer replied, dissatisfied",
        "Try next",
    ];
    let mut rest = ran.out.as_str();
    for part in parts {
        let (_, after) = rest
            .split_once(part)
            .unwrap_or_else(|| panic!("no `{part}` in:\n{rest}"));
        rest = after;
    }
}

#[test]
fn the_demo_fits_a_terminal() {
    let folder = Folder::new();
    let ran = demo(&folder);
    let folder = folder.path("").display().to_string();
    for line in ran.out.lines().filter(|line| !line.contains(&folder)) {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn every_command_that_the_demo_proposes_works() {
    let folder = Folder::new();
    let ran = demo(&folder);
    let (_, next) = ran.out.split_once("Try next").unwrap();
    let proposed: Vec<&str> = next
        .lines()
        .filter_map(|line| line.trim().strip_prefix("redress "))
        .collect();
    assert_eq!(proposed.len(), 6, "{next}");
    for line in proposed {
        let args: Vec<&str> = line.split(' ').collect();
        let ran = run(&args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
        assert!(!ran.out.is_empty(), "{line}");
    }
}

#[test]
fn the_demo_says_the_same_to_programs() {
    let report = json(&["demo"]);
    assert_eq!(report["import"]["rows"]["read"], 1455);
    assert_eq!(report["replay"]["workload"]["complaints"], 161);
    assert_eq!(report["replay"]["facts_by_kind"]["action_opened"], 1);
    let ledger = Path::new(report["ledger"].as_str().unwrap());
    assert!(ledger.exists());
    std::fs::remove_dir_all(ledger.parent().unwrap()).unwrap();
}
