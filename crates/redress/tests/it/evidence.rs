//! What proves a ledger, from inside a service.

use std::fs;
use std::path::Path;

use pollster::block_on;
use redress::evidence::{EvidenceError, SigningKey};
use redress::{Evidence, Ledger, LedgerError, Policy, blocking};
use rusqlite::Connection;

use crate::wishes::{complaint, note, receive, wish};

fn key() -> SigningKey {
    SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap()
}

/// Takes in one more complaint, and notes something about it.
fn record(path: &Path, number: u128) {
    let ledger = blocking::Ledger::open(path, Policy::standard()).unwrap();
    for (command, id) in [(number * 2, true), (number * 2 + 1, false)] {
        let command = if id {
            wish(command, receive())
        } else {
            wish(command, note("seen"))
        };
        ledger.submit(complaint(number), command).unwrap().unwrap();
    }
}

fn evidence(path: &Path) -> Result<Evidence<redress::sqlite::SqliteStore>, LedgerError> {
    let ledger = Ledger::open(path, Policy::standard())?;
    block_on(Evidence::open(ledger, path))
}

#[test]
fn a_checkpoint_covers_what_was_recorded_and_nothing_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    let first = block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap();
    // The founding rules, the complaint and the note.
    assert!(first.text().starts_with("example.org/complaints\n3\n"));
    let ledger = blocking::Ledger::open(&path, Policy::standard()).unwrap();
    let more = wish(99, note("called back"));
    ledger.submit(complaint(1), more).unwrap().unwrap();
    drop(ledger);
    let mut opened = evidence(&path).unwrap();
    assert_eq!(opened.last_checkpoint(), Some(&first));
    let proven = block_on(opened.prove(complaint(1))).unwrap();
    assert_eq!((proven.facts.len(), proven.uncovered), (2, 1));
    let second = block_on(opened.checkpoint(&key())).unwrap();
    assert!(second.text().starts_with("example.org/complaints\n4\n"));
    let proven = block_on(opened.prove(complaint(1))).unwrap();
    assert_eq!((proven.facts.len(), proven.uncovered), (3, 0));
    // Nothing recorded since: the same again.
    assert_eq!(block_on(opened.checkpoint(&key())).unwrap(), second);
}

#[test]
fn an_older_copy_of_a_signed_ledger_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    let old = fs::read(&path).unwrap();
    record(&path, 2);
    drop(block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap());
    for entry in fs::read_dir(folder.path()).unwrap() {
        let name = entry.unwrap().path();
        let name = name.to_string_lossy();
        if name.ends_with("-wal") || name.ends_with("-shm") {
            fs::remove_file(&*name).unwrap();
        }
    }
    fs::write(&path, old).unwrap();
    let refused = Ledger::open(&path, Policy::standard())
        .map(drop)
        .unwrap_err();
    let LedgerError::LedgerTruncated { signed, actual, .. } = refused else {
        unreachable!("{refused:?}")
    };
    assert_eq!((signed, actual), (5, 3));
}

fn is_rewritten(error: &LedgerError) -> bool {
    matches!(
        error,
        LedgerError::Evidence(EvidenceError::Rewritten { size: 2 })
    )
}

fn alter(path: &Path) {
    let connection = Connection::open(path).unwrap();
    let altered = "UPDATE entries SET recorded_at = recorded_at - 1 WHERE position = 1";
    assert_eq!(connection.execute(altered, []).unwrap(), 1);
}

#[test]
fn what_was_altered_is_neither_signed_nor_proven() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    let first = block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap();
    alter(&path);
    let mut opened = evidence(&path).unwrap();
    assert!(is_rewritten(
        &block_on(opened.checkpoint_anew(&key())).unwrap_err()
    ));
    assert!(is_rewritten(
        &block_on(opened.prove(complaint(1))).map(drop).unwrap_err()
    ));
    // What was signed stands for what it covers: the next one is still over the entry as it was.
    assert_eq!(block_on(opened.checkpoint(&key())).unwrap(), first);
    drop(opened);
    record(&path, 2);
    let mut opened = evidence(&path).unwrap();
    let second = block_on(opened.checkpoint(&key())).unwrap();
    assert!(second.text().starts_with("example.org/complaints\n5\n"));
    drop(opened);
    let connection = Connection::open(&path).unwrap();
    let restored = "UPDATE entries SET recorded_at = recorded_at + 1 WHERE position = 1";
    assert_eq!(connection.execute(restored, []).unwrap(), 1);
    drop(connection);
    let mut opened = evidence(&path).unwrap();
    assert_eq!(block_on(opened.checkpoint_anew(&key())).unwrap(), second);
}

#[test]
fn what_was_altered_since_it_was_folded_is_not_signed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    // Folded, and not signed.
    drop(evidence(&path).unwrap());
    alter(&path);
    let mut opened = evidence(&path).unwrap();
    assert!(is_rewritten(
        &block_on(opened.checkpoint(&key())).unwrap_err()
    ));
    // Nor is a checkpoint of another key taken for a reason not to read.
    assert!(!path.with_extension("checkpoint").exists());
}

/// The files that prove a ledger, by their endings.
fn proving_files(path: &Path) -> Vec<Vec<u8>> {
    ["tree", "checkpoint", "heads", "histories"]
        .iter()
        .map(|ending| fs::read(path.with_extension(ending)).unwrap())
        .collect()
}

/// A copy of a ledger and its keys alone, with nothing that proves it.
fn copy(path: &Path, folder: &Path) -> std::path::PathBuf {
    let copy = folder.join("complaints.redress");
    for ending in ["redress", "keys", "key"] {
        fs::copy(path.with_extension(ending), copy.with_extension(ending)).unwrap();
    }
    copy
}

#[test]
fn a_checkpoint_upon_another_is_the_one_over_the_whole_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let mut next = 1;
    for step in [1, 1, 2, 3, 0, 5, 1] {
        for _ in 0..step {
            record(&path, next);
            next += 1;
        }
        let upon = block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap();
        let other = tempfile::tempdir().unwrap();
        let copy = copy(&path, other.path());
        let whole = block_on(evidence(&copy).unwrap().checkpoint_anew(&key())).unwrap();
        assert_eq!(upon, whole);
        assert_eq!(proving_files(&path), proving_files(&copy));
    }
}

#[test]
fn a_damaged_tree_is_folded_anew_and_signs_and_proves_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    drop(block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap());
    record(&path, 2);
    let signed = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let from = entry.unwrap().path();
        fs::copy(&from, signed.path().join(from.file_name().unwrap())).unwrap();
    }
    let next = block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap();
    let whole = proving_files(&path);
    let proof = |opened: &mut Evidence<_>| {
        let proof = block_on(opened.prove(complaint(1))).unwrap();
        let facts = proof.facts.iter().map(|fact| fact.to_text());
        facts.chain([proof.history.to_text()]).collect::<Vec<_>>()
    };
    let proven = proof(&mut evidence(&path).unwrap());
    // The derived files, as the first checkpoint left them and as the second one did.
    for start in [signed.path(), folder.path()] {
        for ending in ["tree", "histories"] {
            let name = Path::new("complaints.redress").with_extension(ending);
            let good = fs::read(start.join(name)).unwrap();
            for place in (0..good.len()).step_by(5) {
                let work = tempfile::tempdir().unwrap();
                let copy = copy(&path, work.path());
                for ending in ["tree", "histories", "checkpoint", "heads"] {
                    let name = Path::new("complaints.redress").with_extension(ending);
                    fs::copy(start.join(name), copy.with_extension(ending)).unwrap();
                }
                let mut bad = good.clone();
                bad[place] ^= 0x10;
                fs::write(copy.with_extension(ending), bad).unwrap();
                let mut opened = evidence(&copy).unwrap();
                let again = block_on(opened.checkpoint(&key())).unwrap();
                assert_eq!(again, next, "{ending} {place}");
                assert_eq!(proof(&mut opened), proven, "{ending} {place}");
                drop(opened);
                let kept = proving_files(&copy);
                assert_eq!(kept[1..], whole[1..], "{ending} {place}");
            }
        }
    }
}

#[test]
fn a_last_checkpoint_that_cannot_be_read_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    fs::write(path.with_extension("checkpoint"), "nonsense").unwrap();
    let refused = Ledger::open(&path, Policy::standard())
        .map(drop)
        .unwrap_err();
    let message = refused.to_string();
    assert!(message.contains("complaints.checkpoint"), "{message}");
}
