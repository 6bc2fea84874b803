//! Small inputs that once gave a wrong answer, each in a folder of its own under `tests/data/faults`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::program::{Folder, json, run, text};

/// What a folder must lead to.
type Check = fn(&Path);

/// What each folder asks; one without a check fails.
const CHECKS: [(&str, Check); 4] = [
    ("archive-page-two-refused", pages_go_on),
    ("kpi-at-mixes", figures_agree_at_a_moment),
    ("nelson-on-zeros", zeros_give_no_signal),
    ("search-mixed-digits", scripts_are_searched_in_one_piece),
];

fn faults() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/faults")
}

#[test]
fn each_folder_of_faults_gives_what_it_asks() {
    let mut folders: Vec<PathBuf> = fs::read_dir(faults())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert_eq!(folders.len(), CHECKS.len());
    for folder in folders {
        let name = folder.file_name().unwrap().to_str().unwrap();
        let check = CHECKS.iter().find(|(known, _)| *known == name);
        let (_, check) = check.unwrap_or_else(|| panic!("{name} has no check"));
        let place = Folder::new();
        let ledger = place.path("x.redress");
        let ran = run(&[
            "import",
            "--mapping",
            text(&folder.join("m.toml")),
            text(&folder.join("f.csv")),
            text(&ledger),
        ]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        check(&ledger);
    }
}

fn pages_go_on(ledger: &Path) {
    for asked in [
        ["--sort", "due"],
        ["--clock-status", "overdue"],
        ["--due-to", "2100-01-01T00:00:00Z"],
    ] {
        let mut seen: Vec<Value> = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut args = vec!["archive", text(ledger), "--limit", "1", asked[0]];
            args.push(asked[1]);
            if let Some(cursor) = &after {
                args.extend(["--after", cursor]);
            }
            let page = json(&args);
            let hits = page["complaints"].as_array().unwrap();
            seen.extend(hits.iter().map(|hit| hit["id"].clone()));
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => {
                    assert_eq!(page["total"].as_u64(), u64::try_from(seen.len()).ok());
                    break;
                }
            }
        }
        let mut once: Vec<String> = seen.iter().map(ToString::to_string).collect();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), seen.len(), "{asked:?}");
        if asked[0] == "--sort" {
            assert_eq!(seen.len(), 3);
        }
    }
}

fn figures_agree_at_a_moment(ledger: &Path) {
    let kpis = json(&["kpi", text(ledger), "--at", "2024-01-05T00:00:00Z"]);
    let figures = [&kpis["received"], &kpis["closed"], &kpis["backlog"]["open"]];
    assert_eq!(figures, [2, 1, 1]);
}

fn zeros_give_no_signal(ledger: &Path) {
    let causes = json(&["causes", text(ledger)]);
    let rework = &causes["weekly_rework"];
    assert_eq!(rework["signals"], Value::Array(Vec::new()));
    let shown = run(&["causes", text(ledger), "--lang", "en"]).out;
    assert!(shown.contains(", the last 10 of 20 weeks"), "{shown}");
}

fn scripts_are_searched_in_one_piece(ledger: &Path) {
    let found = |words: &str| json(&["archive", text(ledger), words])["total"].clone();
    assert_eq!([found("地铁3号线"), found("A市")], [0, 0]);
    // What does stand in one piece is found.
    assert_eq!([found("地铁1号线"), found("B市"), found("3天")], [1, 1, 2]);
}
