//! `redress verify` of what `redress prove` writes, where the ledger is not; and checkpoints that do not follow.

use std::fs;
use std::path::PathBuf;

use crate::evidence::{Signed, found, has};
use crate::program::{Folder, import, json, rows, run, text};

/// The folder of the proofs about a complaint, moved away from the ledger.
fn proofs(signed: &Signed) -> (Folder, PathBuf) {
    let away = Folder::new();
    let folder = away.path("proofs");
    let ledger = text(&signed.ledger);
    json(&["prove", ledger, "INC0000045", "--out", text(&folder)]);
    (away, folder)
}

fn names(folder: &std::path::Path) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    names
}

#[test]
fn proofs_are_checked_by_the_key_alone() {
    let signed = Signed::new();
    let (_away, folder) = proofs(&signed);
    let files = names(&folder);
    let all = signed.verify(&folder, 0);
    assert_eq!(all["proofs"], files.len());
    assert!(
        has(
            &all["shown"],
            &format!("these are all {} facts", files.len() - 1)
        ),
        "{all}"
    );
    assert!(has(&all["shown"], "it rests on the keys that you brought"));
    assert!(has(&all["shown"], "by the checkpoint over"), "{all}");
    assert!(has(&all["not_checked"], "what the facts say"));
    assert!(has(&all["not_checked"], "no witness"));
    for file in &files {
        let one = signed.verify(file, 0);
        assert_eq!(one["proofs"], 1);
        assert!(!has(&one["shown"], "these are all"), "{one}");
        let ran = run(&["verify", text(file), "--key", &signed.public]);
        assert!(!ran.out.to_lowercase().contains("verified"), "{}", ran.out);
    }
}

#[test]
fn a_proof_without_the_key_shows_nothing_and_is_no_success() {
    let signed = Signed::new();
    let (_away, folder) = proofs(&signed);
    for target in [folder.clone(), names(&folder)[0].clone()] {
        let ran = run(&["verify", text(&target)]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""));
        assert!(
            ran.err.contains("without the log's public key"),
            "{}",
            ran.err
        );
    }
    let stranger = signed.folder.path("stranger.key");
    let key = run(&["key", "new", text(&stranger)]).out;
    let ran = run(&["verify", text(&folder), "--key", key.trim_end()]);
    assert_eq!(ran.code, 6);
    assert!(!ran.out.contains("Shown"), "{}", ran.out);
}

#[test]
fn every_proof_is_looked_at_whatever_is_wrong_with_the_others() {
    let signed = Signed::new();
    let (_away, folder) = proofs(&signed);
    let files = names(&folder);
    for file in [&files[0], &files[2]] {
        let mut bytes = fs::read(file).unwrap();
        let last = bytes.len() - 20;
        bytes[last] ^= 2;
        fs::write(file, bytes).unwrap();
    }
    let verified = signed.verify(&folder, 6);
    assert_eq!(
        verified["findings"].as_array().unwrap().len(),
        2,
        "{verified}"
    );
    for file in [&files[0], &files[2]] {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert_eq!(found(&verified, name).len(), 1, "{verified}");
    }
    let versions = "no proof here is about version 1, 3";
    assert!(has(&verified["not_checked"], versions), "{verified}");
    fs::write(&files[1], "Dear Sir or Madam").unwrap();
    let verified = signed.verify(&files[1], 6);
    assert!(
        verified["findings"][0]["what"]
            .as_str()
            .unwrap()
            .contains("first line")
    );
}

#[test]
fn the_heads_beside_a_ledger_are_checked_and_what_nobody_signed_is_told() {
    let signed = Signed::new();
    let heads = signed.ledger.with_extension("heads");
    let good = fs::read(&heads).unwrap();
    let shown = |verified: &serde_json::Value| has(&verified["shown"], "the signed heads of all");
    assert!(shown(&signed.verify(&signed.ledger, 0)));
    // Without a key it is told that nobody answers for them.
    let ran = run(&["verify", text(&signed.ledger), "--format", "json"]);
    let verified: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(!shown(&verified));
    assert!(
        has(&verified["not_checked"], "the heads that are stated of"),
        "{verified}"
    );
    // Heads that were signed over what another ledger holds.
    let other = Signed::new();
    fs::copy(other.ledger.with_extension("heads"), &heads).unwrap();
    assert_eq!(found(&signed.verify(&signed.ledger, 6), "c.heads").len(), 1);
    for place in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[place] ^= 1;
        fs::write(&heads, bad).unwrap();
        let verified = signed.verify(&signed.ledger, 6);
        assert_eq!(found(&verified, "c.heads").len(), 1, "{place}: {verified}");
    }
    fs::write(&heads, &good).unwrap();
    // What was recorded since is not covered, and said not to be.
    let before = signed.entries();
    signed.grow();
    let more = signed.entries() - before;
    let verified = signed.verify(&signed.ledger, 0);
    assert!(shown(&verified));
    let uncovered = format!("{more} entries, from position {before} on, came after");
    assert!(has(&verified["not_checked"], &uncovered), "{verified}");
}

#[test]
fn a_time_that_the_store_tells_otherwise_than_the_entry_is_found() {
    let signed = Signed::new();
    signed.sql("UPDATE entries SET occurred_at = occurred_at + 1 WHERE position = 5");
    let verified = signed.verify(&signed.ledger, 6);
    let here = found(&verified, "c.redress");
    assert_eq!(here[0]["position"], 5, "{verified}");
}

/// A ledger that begins as another one and goes on otherwise, beside that one's checkpoint.
fn fork(signed: &Signed, rows_taken: usize) -> PathBuf {
    let fork = signed.folder.path("fork.redress");
    for ending in ["redress", "keys", "key"] {
        fs::copy(
            signed.ledger.with_extension(ending),
            fork.with_extension(ending),
        )
        .unwrap();
    }
    if rows_taken > 0 {
        let log = signed.folder.write("other.csv", other_rows(rows_taken));
        assert_eq!(import(&log, &fork).code, 0);
    }
    fork
}

/// Rows that the other ledger never saw.
fn other_rows(count: usize) -> String {
    rows(count).replace("INC00", "INC77")
}

#[track_caller]
fn check_not_signed(signed: &Signed, ledger: &std::path::Path, words: &str) {
    let kept = fs::read(ledger.with_extension("checkpoint")).unwrap();
    for anew in [&[][..], &["--anew"]] {
        let args = ["checkpoint", text(ledger), "--key", text(&signed.key)];
        let ran = run(&[&args, anew].concat());
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert_eq!(fs::read(ledger.with_extension("checkpoint")).unwrap(), kept);
}

#[test]
fn a_checkpoint_that_does_not_follow_is_never_signed() {
    let signed = Signed::new();
    // Over as many entries, with another root.
    let same_size = fork(&signed, 0);
    let connection = rusqlite::Connection::open(&same_size).unwrap();
    let altered = "UPDATE entries SET recorded_at = recorded_at - 1 WHERE position = 0";
    assert_eq!(connection.execute(altered, []).unwrap(), 1);
    drop(connection);
    let put = |ledger: &PathBuf| {
        fs::copy(
            signed.ledger.with_extension("checkpoint"),
            ledger.with_extension("checkpoint"),
        )
        .unwrap();
    };
    put(&same_size);
    check_not_signed(&signed, &same_size, "the ledger was altered");
}

#[test]
fn a_fork_is_never_signed_whichever_of_the_two_is_larger() {
    for (grown, words) in [(3, "entries, but"), (40, "the ledger was altered")] {
        let signed = Signed::new();
        let fork = fork(&signed, grown);
        signed.grow();
        assert_eq!(signed.checkpoint("second.checkpoint").code, 0);
        fs::copy(
            signed.ledger.with_extension("checkpoint"),
            fork.with_extension("checkpoint"),
        )
        .unwrap();
        check_not_signed(&signed, &fork, words);
        // Whoever holds the other's checkpoint finds it as well.
        let brought = signed.folder.path("second.checkpoint");
        let ran = run(&["verify", text(&fork), "--checkpoint", text(&brought)]);
        assert_eq!(ran.code, 6, "{}", ran.out);
    }
}

#[test]
fn a_file_that_is_no_tree_is_not_emptied() {
    let signed = Signed::new();
    let tree = signed.ledger.with_extension("tree");
    fs::write(&tree, "oaks and beeches").unwrap();
    let ran = signed.checkpoint("x");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("move it away"), "{}", ran.err);
    assert_eq!(fs::read(&tree).unwrap(), b"oaks and beeches");
}
