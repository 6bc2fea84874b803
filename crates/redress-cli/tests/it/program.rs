//! Running the program, and what a test needs around it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use redress_interchange::demo_csv;
use serde_json::Value;
use tempfile::TempDir;

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The program with these arguments, its output not a terminal.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
    command
        .args(args)
        .env_remove("COLUMNS")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs the program to its end.
pub(crate) fn run(args: &[&str]) -> Ran {
    let output = command(args).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the program and takes its JSON.
#[track_caller]
pub(crate) fn json(args: &[&str]) -> Value {
    let ran = run(&[args, &["--format", "json"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{args:?}");
    serde_json::from_str(&ran.out).unwrap()
}

/// Runs an import with the shipped mapping.
pub(crate) fn import(file: &Path, ledger: &Path) -> Ran {
    run(&[
        "import",
        "--mapping",
        "uci-incidents",
        text(file),
        text(ledger),
    ])
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A folder for one test.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Where a file of this name stands, or would.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// Every file with its bytes.
    pub(crate) fn content(&self) -> BTreeMap<String, Vec<u8>> {
        fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let name = entry.file_name().to_string_lossy().into_owned();
                (name, fs::read(entry.path()).unwrap())
            })
            .collect()
    }
}

/// The demo cut, imported once for all tests that only read.
pub(crate) fn demo_ledger() -> &'static Path {
    static LEDGER: OnceLock<(Folder, PathBuf)> = OnceLock::new();
    let (_, ledger) = LEDGER.get_or_init(|| {
        let folder = Folder::new();
        let ledger = folder.path("demo.redress");
        let ran = import(&folder.write("demo.csv", demo_csv()), &ledger);
        assert_eq!(ran.code, 0, "{}", ran.err);
        (folder, ledger)
    });
    ledger
}

/// The header and the first rows of the demo cut.
pub(crate) fn rows(count: usize) -> String {
    demo_csv().split_inclusive('\n').take(count + 1).collect()
}

/// What the views say of a ledger, at an instant of the demo cut.
pub(crate) fn views(ledger: &Path) -> Vec<Value> {
    let ledger = text(ledger);
    vec![
        json(&["replay", ledger]),
        json(&["sla", ledger, "--at", "2016-03-10T00:00:00Z"]),
        json(&["causes", ledger, "--at", "2016-03-10T00:00:00Z"]),
        json(&["kpi", ledger, "--at", "2016-03-10T00:00:00Z"]),
        json(&["archive", ledger, "--limit", "1000"]),
    ]
}
