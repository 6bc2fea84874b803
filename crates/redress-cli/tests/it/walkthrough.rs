//! The auditor's way through in `docs/evidence.md`, run as it stands there.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use redress_interchange::demo_csv;

use crate::program::Folder;

/// A command of the document, and what is shown under it.
struct Step {
    command: String,
    shown: Vec<String>,
}

/// The blocks of commands in a document, in their order.
fn steps(document: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut is_inside = false;
    for line in document.lines() {
        match (line, line.strip_prefix("$ ")) {
            ("```console", _) => is_inside = true,
            ("```", _) => is_inside = false,
            (_, Some(command)) if is_inside => steps.push(Step {
                command: command.to_owned(),
                shown: Vec::new(),
            }),
            _ if is_inside => steps.last_mut().unwrap().shown.push(line.to_owned()),
            _ => {}
        }
    }
    steps
}

/// Whether a printed line is as shown, `…` standing for anything.
fn fits(shown: &str, printed: &str) -> bool {
    let mut pieces = shown.split('…');
    let Some(mut rest) = printed.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut is_open = false;
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
        is_open = piece.is_empty();
    }
    rest.is_empty() || is_open
}

#[test]
fn dots_stand_for_anything_and_nothing_else_does() {
    assert!(fits("a … c", "a b c") && fits("a …", "a b") && fits("a", "a"));
    assert!(!fits("a … c", "a b d") && !fits("a", "a b") && !fits("b", "a b"));
}

/// Runs the commands of a document in this folder, each of which must print the lines that are shown under it.
#[cfg(unix)]
#[track_caller]
fn walk(document: &str, folder: &Folder, min_steps: usize) {
    let program = Path::new(env!("CARGO_BIN_EXE_redress")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.display());
    let has_python = Command::new("python3").arg("--version").output().is_ok();
    let steps = steps(document);
    assert!(steps.len() >= min_steps, "{}", steps.len());
    for step in steps {
        if step.command.starts_with("python3") && !has_python {
            let told = b"NOT TESTED: there is no python3 to run docs/verify_bundle.py with\n";
            std::io::stderr().write_all(told).unwrap();
            continue;
        }
        let mut shell = Command::new("sh");
        shell.args(["-c", &step.command]).env("PATH", &path);
        let ran = shell.current_dir(folder.path("")).output().unwrap();
        let said = String::from_utf8(ran.stdout).unwrap();
        assert!(ran.status.success(), "{}: {said}", step.command);
        let mut printed = said.lines();
        for line in &step.shown {
            let found = printed.any(|printed| fits(line, printed));
            assert!(found, "{}: no line `{line}` in\n{said}", step.command);
        }
    }
}

#[test]
#[cfg(unix)]
fn the_auditors_way_through_is_as_the_document_tells() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let document = fs::read_to_string(root.join("docs/evidence.md")).unwrap();
    let folder = Folder::new();
    folder.write("incidents.csv", demo_csv());
    fs::create_dir(folder.path("docs")).unwrap();
    let script = fs::read(root.join("docs/verify_bundle.py")).unwrap();
    folder.write("docs/verify_bundle.py", script);
    walk(&document, &folder, 14);
}

/// The file is written in GB18030, with line ends of Windows and one between quotation marks.
#[test]
#[cfg(unix)]
fn a_mapping_of_your_own_does_what_the_document_tells() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("../../docs/import.md")).unwrap();
    let folder = Folder::new();
    let data = root.join("tests/data/import");
    let mapping = fs::read_to_string(data.join("service_desk.toml")).unwrap();
    assert!(document.contains(&format!("```toml\n{mapping}```")));
    folder.write("service_desk.toml", mapping);
    let policy = fs::read_to_string(data.join("imported.toml")).unwrap();
    assert!(document.contains(&format!("```toml\n{policy}```")));
    folder.write("imported.toml", policy);
    let rows = fs::read(data.join("service_desk.csv")).unwrap();
    folder.write("service_desk.csv", rows);
    walk(&document, &folder, 6);
}
