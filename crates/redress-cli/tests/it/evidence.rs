//! Signing, proving, exporting and verifying from the command line, with real files.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use redress::evidence::{HistoryProof, Leaf, TlogProof, VerifierKey};
use rusqlite::Connection;
use serde_json::Value;

use crate::program::{Folder, Ran, import, json, rows, run, text};

/// A ledger of a few real complaints, and a key to sign it with.
pub(crate) struct Signed {
    pub(crate) folder: Folder,
    pub(crate) ledger: PathBuf,
    pub(crate) key: PathBuf,
    pub(crate) public: String,
}

impl Signed {
    /// A ledger with its first checkpoint.
    pub(crate) fn new() -> Self {
        let folder = Folder::new();
        let ledger = folder.path("c.redress");
        let log = folder.write("log.csv", rows(20));
        assert_eq!(import(&log, &ledger).code, 0);
        let key = folder.path("signing.key");
        let ran = run(&["key", "new", text(&key), "--name", "example.org/c"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let signed = Self {
            folder,
            ledger,
            key,
            public: ran.out.trim_end().to_owned(),
        };
        assert_eq!(signed.checkpoint("first.checkpoint").code, 0);
        signed
    }

    pub(crate) fn checkpoint(&self, out: &str) -> Ran {
        let out = self.folder.path(out);
        let (ledger, key) = (text(&self.ledger), text(&self.key));
        run(&["checkpoint", ledger, "--key", key, "--out", text(&out)])
    }

    pub(crate) fn export(&self, name: &str) -> PathBuf {
        let bundle = self.folder.path(name);
        let exported = json(&["export", text(&self.ledger), "--bundle", text(&bundle)]);
        assert_eq!(exported["signed"], true);
        bundle
    }

    /// What is told of a target, by the key and by the first checkpoint.
    #[track_caller]
    pub(crate) fn verify(&self, target: &Path, code: i32) -> Value {
        let kept = self.folder.path("first.checkpoint");
        let ran = run(&[
            "verify",
            text(target),
            "--key",
            &self.public,
            "--checkpoint",
            text(&kept),
            "--format",
            "json",
        ]);
        assert_eq!((ran.code, ran.err.as_str()), (code, ""), "{}", ran.out);
        serde_json::from_str(&ran.out).unwrap()
    }

    pub(crate) fn sql(&self, statement: &str) {
        let connection = Connection::open(&self.ledger).unwrap();
        assert!(connection.execute(statement, []).unwrap() > 0);
    }

    fn number(&self, question: &str) -> i64 {
        let connection = Connection::open(&self.ledger).unwrap();
        connection
            .query_row(question, [], |row| row.get(0))
            .unwrap()
    }

    /// More complaints, imported after the first checkpoint.
    pub(crate) fn grow(&self) {
        let log = self.folder.write("more.csv", rows(40));
        assert_eq!(import(&log, &self.ledger).code, 0);
    }

    pub(crate) fn entries(&self) -> u64 {
        let connection = Connection::open(&self.ledger).unwrap();
        let count = connection.query_row("SELECT count(*) FROM entries", [], |row| row.get(0));
        let count: i64 = count.unwrap();
        u64::try_from(count).unwrap()
    }
}

pub(crate) fn found<'a>(verified: &'a Value, file: &str) -> Vec<&'a Value> {
    let findings = verified["findings"].as_array().unwrap();
    findings.iter().filter(|one| one["file"] == file).collect()
}

pub(crate) fn has(list: &Value, words: &str) -> bool {
    let lines = list.as_array().unwrap();
    lines
        .iter()
        .any(|line| line.as_str().unwrap().contains(words))
}

#[test]
fn a_ledger_and_its_bundle_are_what_was_signed() {
    let signed = Signed::new();
    signed.grow();
    assert_eq!(signed.checkpoint("second.checkpoint").code, 0);
    let before = fs::read(&signed.ledger).unwrap();
    let bundle = signed.export("bundle");
    let entries = signed.entries();
    for target in [&signed.ledger, &bundle] {
        let verified = signed.verify(target, 0);
        assert_eq!(verified["entries"], entries);
        assert_eq!(verified["findings"], Value::Array(Vec::new()));
        let shown = &verified["shown"];
        assert!(has(shown, "example.org/c that example.org/c"), "{shown}");
        assert!(
            has(shown, "it rests on the key that you brought"),
            "{shown}"
        );
        assert!(
            has(shown, "since the checkpoint that you brought"),
            "{shown}"
        );
        assert!(has(&verified["not_checked"], "no witness"));
    }
    assert!(has(&signed.verify(&bundle, 0)["shown"], "heads of all"));
    assert!(
        fs::read(bundle.join("policies/000.toml"))
            .unwrap()
            .starts_with(b"version")
    );
    assert_eq!(fs::read(&signed.ledger).unwrap(), before);
}

#[test]
fn without_anchors_it_says_what_nobody_answers_for() {
    let signed = Signed::new();
    let ran = run(&["verify", text(&signed.ledger)]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let (_, not_checked) = ran.out.split_once("\nNot checked\n").unwrap();
    for words in [
        "no signature of a known key",
        "you brought no earlier checkpoint",
        "no witness whose key you brought",
    ] {
        assert!(not_checked.contains(words), "{}", ran.out);
    }
    assert!(!ran.out.to_lowercase().contains("verified"));
}

#[test]
fn verifying_changes_no_file() {
    let signed = Signed::new();
    let content = || {
        let mut content = signed.folder.content();
        // What SQLite keeps to share a ledger among programs.
        content.retain(|name, _| !name.ends_with("-shm") && !name.ends_with("-wal"));
        content
    };
    let before = content();
    signed.verify(&signed.ledger, 0);
    assert_eq!(content(), before);
}

#[test]
fn a_bit_flipped_in_a_bundle_is_found_with_its_position() {
    let signed = Signed::new();
    let entries = signed.export("bundle").join("entries.ndjson");
    let mut bytes = fs::read(&entries).unwrap();
    let lines: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'\n').collect();
    // In the public part of the entry at position 3, the fourth line: its last line end is the fourth.
    let line = lines[2] + 1..lines[3];
    let place = line.start
        + bytes[line]
            .windows(9)
            .position(|at| at == b"\"public\":")
            .unwrap()
        + 14;
    bytes[place] ^= 1;
    fs::write(&entries, bytes).unwrap();
    let verified = signed.verify(&signed.folder.path("bundle"), 6);
    let at: Vec<_> = found(&verified, "entries.ndjson");
    assert!(at.iter().any(|one| one["position"] == 3), "{verified}");
}

#[test]
fn an_entry_changed_in_the_ledger_is_found_with_its_position() {
    let signed = Signed::new();
    // Not the last of its history: of that one the heads would tell, too.
    let position = signed.number(
        "SELECT min(one.position) FROM entries one JOIN entries next USING (stream_id) WHERE next.version > one.version",
    );
    signed.sql(&format!(
        "UPDATE entries SET public = public || ' ' WHERE position = {position}"
    ));
    let verified = signed.verify(&signed.ledger, 6);
    let found_here = found(&verified, "c.redress");
    assert_eq!(found_here[0]["position"], position, "{verified}");
    let words = "not the one whose hash the tree holds";
    assert!(found_here[0]["what"].as_str().unwrap().contains(words));
    // No signature and no checkpoint speaks for it any more.
    assert_eq!(found(&verified, "c.checkpoint").len(), 1);
    assert_eq!(found(&verified, "c.heads").len(), 0, "{verified}");
    assert!(!has(&verified["shown"], "signed;"), "{verified}");
    assert!(
        !has(&verified["shown"], "nothing in the first"),
        "{verified}"
    );
    // Nor is another one made over what stands there now: the last one stands for what it was signed over.
    let ledger = text(&signed.ledger);
    let ran = run(&["checkpoint", ledger, "--key", text(&signed.key), "--anew"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("the ledger was altered"), "{}", ran.err);
    let ran = signed.checkpoint("again.checkpoint");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let kept = fs::read(signed.folder.path("first.checkpoint")).unwrap();
    assert_eq!(ran.out.as_bytes(), kept);
}

#[test]
fn every_entry_that_cannot_be_read_is_told_and_none_hides_the_next() {
    let signed = Signed::new();
    signed.sql("UPDATE entries SET actor = x'00' WHERE position IN (4, 9)");
    signed.sql("UPDATE entries SET public = replace(public, '2016', '2017') WHERE position = 11");
    let verified = signed.verify(&signed.ledger, 6);
    let positions: Vec<_> = found(&verified, "c.redress")
        .iter()
        .filter_map(|one| one["position"].as_u64())
        .collect();
    for position in [4, 9, 11] {
        assert!(positions.contains(&position), "{verified}");
    }
}

#[test]
fn a_truncated_ledger_is_refused() {
    let signed = Signed::new();
    let last = signed.entries() - 1;
    signed.sql(&format!("DELETE FROM entries WHERE position = {last}"));
    let words = format!("has {last} entries, but {} were signed", last + 1);
    let log = signed.folder.path("log.csv");
    for ran in [signed.checkpoint("x"), import(&log, &signed.ledger)] {
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(&words), "{}", ran.err);
    }
    let verified = signed.verify(&signed.ledger, 6);
    assert_eq!(found(&verified, "c.tree").len(), 1);
    assert_eq!(found(&verified, "c.checkpoint").len(), 1);
    // The checkpoint that was kept elsewhere says so even where those beside the ledger were removed.
    fs::remove_file(signed.ledger.with_extension("tree")).unwrap();
    fs::remove_file(signed.ledger.with_extension("checkpoint")).unwrap();
    let verified = signed.verify(&signed.ledger, 6);
    assert!(has(&verified["not_checked"], "no tree that fits"));
    let says = |words| {
        let found = found(&verified, "c.redress");
        found
            .iter()
            .any(|one| one["what"].as_str().unwrap().contains(words))
    };
    assert!(says("checkpoint that you brought"), "{verified}");
    assert!(says("has signed nothing of this"), "{verified}");
}

#[test]
fn a_history_written_anew_and_signed_again_is_found_by_an_earlier_checkpoint() {
    let signed = Signed::new();
    signed.sql("UPDATE entries SET public = public || ' ' WHERE position = 7");
    for ending in ["tree", "checkpoint", "heads"] {
        fs::remove_file(signed.ledger.with_extension(ending)).unwrap();
    }
    // The operator has the key, and nothing beside the ledger tells of what was signed before.
    assert_eq!(signed.checkpoint("anew.checkpoint").code, 0);
    let bundle = signed.export("bundle");
    for target in [&signed.ledger, &bundle] {
        let ran = run(&["verify", text(target), "--key", &signed.public]);
        assert_eq!(ran.code, 0, "{}", ran.out);
        assert!(ran.out.contains("you brought no earlier checkpoint"));
        let verified = signed.verify(target, 6);
        let findings = &verified["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 1, "{verified}");
        let what = findings[0]["what"].as_str().unwrap();
        assert!(what.contains("checkpoint that you brought"), "{what}");
    }
}

#[test]
fn a_complaint_is_proven_without_the_ledger() {
    let signed = Signed::new();
    let folder = signed.folder.path("proofs");
    let ledger = text(&signed.ledger);
    let proven = json(&["prove", ledger, "INC0000045", "--out", text(&folder)]);
    let shown = json(&["show", ledger, "INC0000045"]);
    let facts = shown["facts"].as_array().unwrap();
    assert_eq!(proven["facts"], facts.len());
    assert_eq!(proven["not_covered"], 0);
    let keys = [VerifierKey::parse(&signed.public).unwrap()];
    let files = proven["files"].as_array().unwrap();
    assert_eq!(files.len(), facts.len() + 1);
    let read = |name: &Value| fs::read(folder.join(name.as_str().unwrap())).unwrap();
    let mut last = None;
    for (name, fact) in files.iter().zip(facts) {
        let proof = TlogProof::parse(&read(name)).unwrap();
        let preimage = proof.extra.clone().unwrap();
        let leaf = redress::evidence::Hash::leaf(&preimage);
        proof.verify(&leaf, "example.org/c", &keys).unwrap();
        let (_, told) = Leaf::from_preimage(&preimage).unwrap();
        assert_eq!(told.position.get(), fact["position"].as_u64().unwrap());
        last = Some((told, leaf));
    }
    let history = HistoryProof::parse(&read(files.last().unwrap())).unwrap();
    let said = history.verify(&keys).unwrap();
    assert_eq!(said.log_size, signed.entries());
    let (told, leaf) = last.unwrap();
    let head = history.head.head;
    assert_eq!(
        (head.stream, head.version, head.leaf),
        (told.stream, told.version, leaf)
    );
    // A history that is told to end sooner is not the one that was signed.
    let mut shorter = history.clone();
    shorter.head.head.version = redress::Version::FIRST;
    assert!(shorter.verify(&keys).is_err());
    assert_eq!(
        HistoryProof::parse(history.to_text().as_bytes()),
        Ok(history)
    );
}

#[test]
fn nothing_is_proven_before_it_is_signed() {
    let folder = Folder::new();
    let ledger = folder.path("c.redress");
    assert_eq!(import(&folder.write("log.csv", rows(20)), &ledger).code, 0);
    let ran = run(&["prove", text(&ledger), "INC0000045"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("sign one first"), "{}", ran.err);
    let ran = run(&["prove", text(&ledger), "INC9999999"]);
    assert_eq!(ran.code, 4);
    let bundle = folder.path("bundle");
    let ran = run(&["export", text(&ledger), "--bundle", text(&bundle)]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("nobody answers for them"), "{}", ran.out);
}

#[test]
fn a_key_is_secret_new_and_never_written_over() {
    let signed = Signed::new();
    let secret = fs::read_to_string(&signed.key).unwrap();
    assert!(secret.starts_with("PRIVATE+KEY+example.org/c+"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&signed.key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let ran = run(&["key", "new", text(&signed.key)]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(fs::read_to_string(&signed.key).unwrap(), secret);
    // Another log's key signs nothing after this one's.
    let other = signed.folder.path("other.key");
    assert_eq!(run(&["key", "new", text(&other)]).code, 0);
    let ran = run(&["checkpoint", text(&signed.ledger), "--key", text(&other)]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err
            .contains("is of the log example.org/c, not of other"),
        "{}",
        ran.err
    );
    let ran = run(&[
        "checkpoint",
        text(&signed.ledger),
        "--key",
        text(&signed.ledger),
    ]);
    assert_eq!(ran.code, 1);
    assert!(!ran.err.contains("PRIVATE"));
}

#[test]
fn a_ledger_is_never_taken_for_a_file_beside_it() {
    let signed = Signed::new();
    let tree = signed.folder.path("copy.tree");
    fs::copy(&signed.ledger, &tree).unwrap();
    let before = fs::read(&tree).unwrap();
    let ran = run(&["checkpoint", text(&tree), "--key", text(&signed.key)]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("give the ledger another ending"),
        "{}",
        ran.err
    );
    assert_eq!(fs::read(&tree).unwrap(), before);
}

#[test]
fn the_verifier_in_python_accepts_what_was_exported() {
    let signed = Signed::new();
    let bundle = signed.export("bundle");
    let proofs = signed.folder.path("proofs");
    let proven = json(&[
        "prove",
        text(&signed.ledger),
        "INC0000045",
        "--out",
        text(&proofs),
    ]);
    let first = proofs.join(proven["files"][0].as_str().unwrap());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/verify_bundle.py");
    for (target, words) in [
        (bundle, "entries lead to the root"),
        (first, "is among the"),
    ] {
        let mut command = Command::new("python3");
        let Ok(output) = command
            .arg(&script)
            .arg(target)
            .arg(&signed.public)
            .output()
        else {
            // Past the capture of the test's output, for whoever looks at a run that passed.
            let told = b"NOT TESTED: there is no python3 to run docs/verify_bundle.py with\n";
            std::io::stderr().write_all(told).unwrap();
            return;
        };
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains(words), "{said}");
    }
}
