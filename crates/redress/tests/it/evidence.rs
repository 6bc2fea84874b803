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

#[test]
fn what_was_altered_is_neither_signed_nor_proven() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    record(&path, 1);
    drop(block_on(evidence(&path).unwrap().checkpoint(&key())).unwrap());
    let connection = Connection::open(&path).unwrap();
    let altered = "UPDATE entries SET recorded_at = recorded_at - 1 WHERE position = 1";
    assert_eq!(connection.execute(altered, []).unwrap(), 1);
    drop(connection);
    let mut opened = evidence(&path).unwrap();
    let rewritten = |error: LedgerError| {
        matches!(
            error,
            LedgerError::Evidence(EvidenceError::Rewritten { size: 2 })
        )
    };
    assert!(rewritten(block_on(opened.checkpoint(&key())).unwrap_err()));
    assert!(rewritten(
        block_on(opened.prove(complaint(1))).map(drop).unwrap_err()
    ));
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
