//! Opening a ledger where it cannot be opened: the right error, and nothing changed.

use std::fs;
use std::path::Path;

use redress::blocking::Ledger;
use redress::sqlite::SqliteStore;
use redress::store::StoreErrorKind;
use redress::{LedgerError, Policy};

use crate::wishes::{agent, receive};

fn open(path: &Path) -> Result<Ledger<SqliteStore>, LedgerError> {
    Ledger::open(path, Policy::standard())
}

/// The names and contents of what lies in a folder.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap_or_default())
        })
        .collect();
    files.sort();
    files
}

#[track_caller]
fn check_refused(folder: &Path, path: &Path, kind: StoreErrorKind, words: &str) {
    let before = contents(folder);
    let error = open(path).map(drop).unwrap_err();
    let LedgerError::Store(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.kind(), kind, "{error}");
    let message = error.to_string();
    assert!(message.contains(words), "{message}");
    assert!(message.contains(path.to_str().unwrap()), "{message}");
    assert_eq!(contents(folder), before);
}

#[test]
fn what_is_no_ledger_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder.redress")).unwrap();
    fs::write(at("letter.redress"), "Dear sir or madam").unwrap();
    let not_a_ledger = StoreErrorKind::NotALedger;
    check_refused(
        folder.path(),
        &at("folder.redress"),
        not_a_ledger,
        "a folder",
    );
    check_refused(
        folder.path(),
        &at("letter.redress"),
        not_a_ledger,
        "not a redress ledger",
    );
    let nowhere = at("nowhere").join("complaints.redress");
    check_refused(
        folder.path(),
        &nowhere,
        StoreErrorKind::NotFound,
        "no such file or folder",
    );
}

#[test]
fn the_endings_of_what_stands_beside_it_are_not_for_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    for ending in [
        "views",
        "sla",
        "causes",
        "alerts",
        "alerts-occurred",
        "keys",
        "key",
    ] {
        check_refused(
            folder.path(),
            &folder.path().join("complaints").with_extension(ending),
            StoreErrorKind::NotALedger,
            "endings .views, .sla, .causes, .alerts, .alerts-occurred, .keys, .key and .next-key",
        );
    }
}

#[test]
fn a_ledger_is_open_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let first = open(&path).unwrap();
    let error = open(&path).map(drop).unwrap_err();
    assert!(
        matches!(&error, LedgerError::Store(error) if error.is_locked()),
        "{error}"
    );
    first.receive(receive(), &agent()).unwrap().unwrap();
    drop(first);
    assert_eq!(open(&path).unwrap().head().unwrap().unwrap().get(), 1);
}

/// A clone of it is the same ledger; the last one to go closes the file.
#[test]
fn a_clone_keeps_it_open() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let first = open(&path).unwrap();
    let clone = first.clone();
    drop(first);
    assert!(open(&path).is_err());
    let id = clone.receive(receive(), &agent()).unwrap().unwrap();
    drop(clone);
    let again = open(&path).unwrap();
    assert_eq!(again.history(id.complaint_id).unwrap().len(), 1);
}
