//! What the program says of itself, and what the documents say of it.

use std::fs;
use std::path::Path;

use crate::program::{Folder, command, run};

const COMMANDS: [&str; 23] = [
    "demo",
    "import",
    "show",
    "duties",
    "oversee",
    "letter",
    "sla",
    "causes",
    "kpi",
    "actions",
    "alerts",
    "archive",
    "replay",
    "audit",
    "checkpoint",
    "prove",
    "verify",
    "export",
    "key",
    "erase",
    "hold",
    "rewrap",
    "policy",
];

fn text(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// The help of a command is what stands in `tests/data/help`; without a command, that of the program.
#[track_caller]
fn check_help(name: &str, args: &[&str]) {
    let ran = run(args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let path = format!("crates/redress-cli/tests/data/help/{name}.txt");
    assert_eq!(ran.out, text(&path), "{path}");
}

#[test]
fn help_reads_as_it_was_reviewed() {
    check_help("redress", &["--help"]);
    for command in COMMANDS {
        check_help(command, &[command, "--help"]);
    }
}

#[test]
fn help_lists_exactly_the_commands_that_are_checked_here() {
    let help = run(&["--help"]).out;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let listed: Vec<&str> = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert_eq!(listed, COMMANDS);
}

#[test]
fn both_readmes_tell_every_command_and_exit_code() {
    for page in ["README.md", "docs/README.zh-CN.md"] {
        let readme = text(page);
        for command in COMMANDS {
            let row = readme
                .lines()
                .any(|line| line.starts_with(&format!("| `redress {command}")));
            assert!(row, "{page} has no row for `redress {command}`");
        }
        for code in 0..=6 {
            let row = readme
                .lines()
                .any(|line| line.starts_with(&format!("| {code} |")));
            assert!(row, "{page} has no row for exit code {code}");
        }
    }
}

/// The first block of code in a document that is marked so.
fn block<'a>(document: &'a str, language: &str) -> &'a str {
    let (_, rest) = document.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_output_in_both_readmes_is_what_the_demo_prints() {
    let folder = Folder::new();
    let demo = command(&["demo"])
        .env("TMPDIR", folder.path(""))
        .output()
        .unwrap();
    let printed = String::from_utf8(demo.stdout).unwrap();
    for page in ["README.md", "docs/README.zh-CN.md"] {
        let readme = text(page);
        let shown = block(&readme, "text")
            .lines()
            .filter(|line| !line.is_empty());
        assert_eq!(shown.clone().count(), 10, "{page}");
        for line in shown {
            assert!(
                printed.lines().any(|printed| printed == line),
                "{page}: {line}"
            );
        }
    }
}

#[test]
fn both_readmes_show_the_example_that_is_compiled_and_run() {
    let example = text("examples/first.rs");
    let (_, shown) = example.split_once("use redress").unwrap();
    let shown = format!("use redress{shown}");
    for page in ["README.md", "docs/README.zh-CN.md"] {
        assert_eq!(block(&text(page), "rust"), shown, "{page}");
    }
}
