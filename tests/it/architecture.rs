//! Which crates there are, who may know whom, and what a crate looks like.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

use serde_json::Value;

use crate::files::{below, root, shown, text};

/// What the core may use from elsewhere: the crate, whether with its default features, and with which others.
///
/// Nothing here reads a clock, draws random numbers, starts a thread or touches a file.
const CORE_MAY_USE: &[(&str, bool, &[&str])] = &[
    ("chrono", false, &["std", "serde"]),
    ("chrono-tz", false, &["std"]),
    ("serde", true, &["derive"]),
    ("serde_json", true, &["raw_value"]),
    ("sha2", false, &[]),
    ("thiserror", true, &[]),
    ("toml", true, &[]),
    ("uuid", true, &["serde", "v5"]),
];

/// Below this many lines of code a crate is a placeholder.
const LEAST_LINES: usize = 60;

/// Above this many bytes a source file holds more than one idea.
const MOST_BYTES: u64 = 40_000;

struct Package {
    name: String,
    folder: PathBuf,
    dependencies: Vec<Value>,
}

impl Package {
    /// In `crates/`, and so part of the product or its chores.
    fn is_crate(&self) -> bool {
        self.folder.starts_with(root().join("crates"))
    }

    /// The names of what it needs beyond its tests.
    fn needs(&self) -> impl Iterator<Item = &Value> {
        self.dependencies
            .iter()
            .filter(|dependency| dependency["kind"] != "dev")
    }
}

fn packages() -> Vec<Package> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| Package {
            name: package["name"].as_str().unwrap().to_owned(),
            folder: Path::new(package["manifest_path"].as_str().unwrap())
                .parent()
                .unwrap()
                .to_owned(),
            dependencies: package["dependencies"].as_array().unwrap().clone(),
        })
        .collect()
}

fn crates() -> Vec<Package> {
    let crates: Vec<Package> = packages().into_iter().filter(Package::is_crate).collect();
    assert!(crates.len() > 2, "the crates were not found");
    crates
}

/// The code map of docs/architecture.md: each crate, and the crates it may know.
fn code_map() -> BTreeMap<String, Vec<String>> {
    let names = |cell: &str| -> Vec<String> {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect()
    };
    let page = text("docs/architecture.md");
    let map: BTreeMap<String, Vec<String>> = page
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            (names(cells[1]).remove(0), names(cells[2]))
        })
        .collect();
    assert!(map.len() > 5, "the code map was not found");
    map
}

#[test]
fn crates_know_only_whom_they_may_know() {
    let all = packages();
    let map = code_map();
    let mut wrong = Vec::new();
    for package in all.iter().filter(|package| package.is_crate()) {
        let Some(allowed) = map.get(&package.name) else {
            wrong.push(format!("{} stands in no row", package.name));
            continue;
        };
        let ours = package
            .needs()
            .filter_map(|dependency| dependency["name"].as_str())
            .filter(|known| all.iter().any(|other| other.name == *known));
        for known in ours.filter(|known| !allowed.iter().any(|name| name == known)) {
            wrong.push(format!("{} -> {known}", package.name));
        }
    }
    assert!(
        wrong.is_empty(),
        "not in the code map of docs/architecture.md:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_code_map_has_no_circle() {
    let mut left = code_map();
    while !left.is_empty() {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, known)| known.iter().all(|name| !left.contains_key(name)))
            .map(|(name, _)| name.clone())
            .collect();
        assert!(
            !free.is_empty(),
            "these know each other in a circle: {:?}",
            left.keys()
        );
        left.retain(|name, _| !free.contains(name));
    }
}

#[test]
fn the_core_uses_nothing_that_acts() {
    let crates = crates();
    let core = crates
        .iter()
        .find(|package| package.name == "redress-core")
        .unwrap();
    let mut wrong = Vec::new();
    for dependency in core.needs() {
        let name = dependency["name"].as_str().unwrap();
        let Some((_, defaults, features)) =
            CORE_MAY_USE.iter().find(|(known, _, _)| *known == name)
        else {
            wrong.push(name.to_owned());
            continue;
        };
        if dependency["uses_default_features"] == true && !defaults {
            wrong.push(format!("{name} with its default features"));
        }
        let wanted = dependency["features"].as_array().unwrap();
        for feature in wanted.iter().filter_map(Value::as_str) {
            if !features.contains(&feature) {
                wrong.push(format!("{name} with feature {feature}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "redress-core must stay pure, but uses:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn a_crate_lies_in_a_folder_of_its_name() {
    for package in crates() {
        assert_eq!(
            package.folder,
            root().join("crates").join(&package.name),
            "the folder of {}",
            package.name
        );
    }
}

#[test]
fn every_member_keeps_the_lints_of_the_workspace() {
    for package in packages() {
        let manifest = fs::read_to_string(package.folder.join("Cargo.toml")).unwrap();
        let kept = manifest
            .split("[lints]")
            .nth(1)
            .and_then(|rest| rest.trim_start().lines().next())
            .is_some_and(|line| line.trim() == "workspace = true");
        assert!(
            kept,
            "{} lacks `[lints]` with `workspace = true`",
            package.name
        );
    }
}

#[test]
fn no_crate_is_a_placeholder() {
    for package in crates() {
        let lines: usize = below(&package.folder.join("src"), ".rs")
            .iter()
            .map(|file| lines_of_code(&fs::read_to_string(file).unwrap()))
            .sum();
        assert!(
            lines >= LEAST_LINES,
            "{} has {lines} lines of code; add it when there is something in it",
            package.name
        );
    }
}

/// Lines that are neither empty nor a comment.
fn lines_of_code(text: &str) -> usize {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}

#[test]
fn lines_of_code_leave_comments_out() {
    assert_eq!(
        lines_of_code("//! Doc.\n\nfn main() {\n    // Why.\n}\n"),
        2
    );
}

#[test]
fn no_source_file_grows_too_large() {
    let large: Vec<String> = below(&root().join("crates"), ".rs")
        .iter()
        .filter(|file| fs::metadata(file).unwrap().len() > MOST_BYTES)
        .map(|file| shown(file))
        .collect();
    assert!(
        large.is_empty(),
        "more than {MOST_BYTES} bytes; split by idea:\n{}",
        large.join("\n")
    );
}

#[test]
fn every_source_file_says_what_lives_in_it() {
    let silent: Vec<String> = ["crates", "tests"]
        .iter()
        .flat_map(|folder| below(&root().join(folder), ".rs"))
        .filter(|file| !fs::read_to_string(file).unwrap().contains("//! "))
        .map(|file| shown(&file))
        .collect();
    assert!(silent.is_empty(), "no `//!` line:\n{}", silent.join("\n"));
}
