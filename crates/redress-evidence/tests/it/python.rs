//! The verifier in Python, which shares no code with this library, agrees with it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use pollster::block_on;
use redress_evidence::bundle::{Contents, export};

use crate::erased::{Case, sealed_bundle};
use crate::ledger::{ORIGIN, entries, key, log, store, verifiers};

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_bundle.py")
}

/// What the script says; `None`, loudly, where there is no Python.
fn run(target: &Path, key: Option<&str>) -> Option<Output> {
    let mut command = Command::new("python3");
    let output = command.arg(script()).arg(target).args(key).output();
    if output.is_err() {
        // Past the capture of the test's output, for whoever looks at a run that passed.
        let words = b"NOT TESTED: there is no python3 to run docs/verify_bundle.py with\n";
        std::io::stderr().write_all(words).unwrap();
    }
    output.ok()
}

#[track_caller]
fn check_says(output: &Output, good: bool, words: &str) {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert_eq!(output.status.success(), good, "{text}");
    assert!(text.contains(words), "no {words:?} in {text}");
}

#[test]
fn it_is_short_enough_to_be_read() {
    let text = fs::read_to_string(script()).unwrap();
    assert!(text.lines().count() <= 150);
}

#[test]
fn it_recomputes_the_root_of_a_bundle_and_finds_what_was_altered() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(300);
    let log = log(&store);
    let note = log.checkpoint(ORIGIN, &key(), None).unwrap();
    let bundle = folder.path().join("bundle");
    let contents = Contents {
        checkpoints: &[note],
        keys: &verifiers(),
        ..Contents::default()
    };
    block_on(export(&store, &log, &contents, &bundle)).unwrap();
    let public = key().verifier().to_string();
    let Some(output) = run(&bundle, Some(&public)) else {
        return;
    };
    check_says(&output, true, "300 entries lead to the root");
    check_says(&output, true, "signed by the key you gave");
    let output = run(&bundle, None).unwrap();
    check_says(&output, true, "NO SIGNATURE CHECKED");
    let other = redress_evidence::SigningKey::from_seed(ORIGIN, &[8; 32]).unwrap();
    let output = run(&bundle, Some(&other.verifier().to_string())).unwrap();
    check_says(&output, false, "has not signed");

    let check_altered = |file: &str, from: &str, to: &str, words: &str| {
        let path = bundle.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let altered = text.replacen(from, to, 1);
        assert_ne!(altered, text);
        fs::write(&path, altered).unwrap();
        check_says(&run(&bundle, Some(&public)).unwrap(), false, words);
        fs::write(&path, text).unwrap();
    };
    check_altered("entries.ndjson", "\"version\":7", "\"version\":8", "root");
    check_altered("entries.ndjson", "退款", "退货", "root");
    check_altered(
        "entries.ndjson",
        "\"bytes\":\"eyJ",
        "\"bytes\":\"eyK",
        "entry 0",
    );
    check_altered(
        "entries.ndjson",
        "\"position\":9",
        "\"position\":8",
        "entry 9",
    );
    check_altered("checkpoint", "\n300\n", "\n301\n", "signature");
}

#[test]
fn it_checks_sealed_parts_without_keys_and_asks_for_receipts() {
    let folder = tempfile::tempdir().unwrap();
    for (case, good, words) in [
        (Case::Sealed, true, "0 personal parts are gone"),
        (Case::Altered, false, "a personal part was altered"),
        (
            Case::Erased,
            true,
            "1 personal parts are gone, each with a receipt",
        ),
        (Case::Missing, false, "a personal part is missing"),
    ] {
        let bundle = folder.path().join(format!("{case:?}"));
        sealed_bundle(case, &bundle);
        let Some(output) = run(&bundle, None) else {
            return;
        };
        check_says(&output, good, words);
    }
}

#[test]
fn it_checks_a_proof() {
    let folder = tempfile::tempdir().unwrap();
    let public = key().verifier().to_string();
    for (size, index) in [(1, 0), (2, 1), (13, 0), (13, 7), (13, 12), (64, 33)] {
        let store = store(size);
        let log = log(&store);
        let note = log.checkpoint(ORIGIN, &key(), None).unwrap();
        let proof = log.prove(&entries(&store)[index], &note).unwrap();
        let path = folder.path().join("entry.tlog-proof");
        fs::write(&path, proof.to_text()).unwrap();
        let Some(output) = run(&path, Some(&public)) else {
            return;
        };
        check_says(
            &output,
            true,
            &format!("entry {index} is among the {size} entries"),
        );
        let mut other = proof.clone();
        if let Some(byte) = other.extra.as_mut().and_then(|extra| extra.last_mut()) {
            *byte ^= 1;
        }
        fs::write(&path, other.to_text()).unwrap();
        check_says(&run(&path, Some(&public)).unwrap(), false, "root");
        let mut longer = proof.clone();
        longer.proof.push(log.root());
        fs::write(&path, longer.to_text()).unwrap();
        check_says(&run(&path, Some(&public)).unwrap(), false, "too long");
    }
}
