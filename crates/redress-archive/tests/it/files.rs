//! The file of the archive: made, continued, started anew, and never mistaken for another.

use std::fs;
use std::path::{Path, PathBuf};

use redress_archive::{Archive, Query};
use redress_core::{Policy, Position, Recorded};
use redress_store::{Projection, ProjectionFault};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use crate::dump::dump;
use crate::histories::{History, LEDGER, as_facts, assign, classified, complaint, note, received};

fn facts() -> Vec<Recorded> {
    let mut history = History::new(Policy::standard());
    for number in 1..=3 {
        let id = complaint(number);
        history.then(id, received(number, "late parcel", "快递延迟，要求退款"));
        history.then(id, classified("delivery/delay"));
        history.then(id, assign("logistics", "ann"));
        history.then(id, note("called the driver"));
    }
    history.facts
}

/// A folder with an archive of [`facts`] in the file `views`.
fn folded() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    archive.fold(&as_facts(&facts())).unwrap();
    (folder, path)
}

fn count(archive: &Archive) -> u64 {
    archive.count(&Query::new()).unwrap()
}

fn names(folder: &TempDir) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn an_archive_is_continued_where_it_stopped() {
    let (_folder, path) = folded();
    let archive = Archive::open(&path, LEDGER).unwrap();
    assert_eq!(archive.next_position(), Position::new(12));
    assert_eq!(count(&archive), 3);
    assert_eq!(archive.name(), "archive");
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    for name in ["new", "empty"] {
        let path = folder.path().join(name);
        if name == "empty" {
            fs::write(&path, "").unwrap();
        }
        let mut archive = Archive::open(&path, LEDGER).unwrap();
        archive.fold(&as_facts(&facts())).unwrap();
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{:?}", entry.file_name());
        }
    }
}

#[track_caller]
fn check_refused(content: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine");
    fs::write(&path, content).unwrap();
    let error = Archive::open(&path, LEDGER).unwrap_err();
    assert!(error.is_foreign(), "{error}");
    assert_eq!(
        error.to_string(),
        format!(
            "not an archive of redress, and left as it is; name another file, or move this one away (file {})",
            path.display()
        )
    );
    assert_eq!(fs::read(&path).unwrap(), content);
    assert_eq!(names(&folder), ["mine"]);
}

#[test]
fn what_is_no_archive_is_refused_and_left_alone() {
    check_refused(b"dear diary");
    check_refused(b"SQLite format 3\0");
    check_refused(&[0; 4096]);
    check_refused(&[0xff; 200]);
}

#[test]
fn another_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let ledger = Connection::open(&path).unwrap();
    ledger
        .execute_batch("PRAGMA application_id = 7; CREATE TABLE entries (position INTEGER); INSERT INTO entries VALUES (1)")
        .unwrap();
    drop(ledger);
    check_refused(&fs::read(&path).unwrap());
}

#[test]
fn a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        Archive::open(folder.path(), LEDGER)
            .unwrap_err()
            .is_foreign()
    );
    let missing = folder.path().join("no").join("such").join("folder");
    assert!(!Archive::open(missing, LEDGER).unwrap_err().is_foreign());
}

/// An archive changed in this way starts anew, and folded again it is as it was.
#[track_caller]
fn check_started_anew(change: impl FnOnce(&Path)) {
    let (_folder, path) = folded();
    let before = dump(&path);
    change(&path);
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    assert_eq!(archive.next_position(), Position::FIRST);
    assert_eq!(count(&archive), 0);
    archive.fold(&as_facts(&facts())).unwrap();
    assert_eq!(dump(&path), before);
}

fn run(path: &Path, sql: &str) {
    Connection::open(path).unwrap().execute_batch(sql).unwrap();
}

#[test]
fn another_layout_starts_anew() {
    check_started_anew(|path| run(path, "PRAGMA user_version = 0"));
    check_started_anew(|path| run(path, "PRAGMA user_version = 99"));
    check_started_anew(|path| run(path, "DROP TABLE tags"));
    check_started_anew(|path| run(path, "ALTER TABLE tags ADD COLUMN more"));
    check_started_anew(|path| run(path, "DELETE FROM checkpoint"));
    check_started_anew(|path| run(path, "UPDATE checkpoint SET fact_layouts = 'received=0'"));
}

#[test]
fn another_ledger_starts_anew() {
    check_started_anew(|path| {
        let other = Archive::open(path, Uuid::from_u128(9)).unwrap();
        assert_eq!(other.next_position(), Position::FIRST);
    });
}

#[test]
fn damage_starts_anew() {
    // All pages but the first, which says what the file is.
    check_started_anew(|path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[4096..].fill(0x5a);
        fs::write(path, bytes).unwrap();
    });
    check_started_anew(|path| {
        let mut bytes = fs::read(path).unwrap();
        bytes[100..4096].fill(0x5a);
        fs::write(path, bytes).unwrap();
    });
    check_started_anew(|path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    });
    check_started_anew(|path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..100]).unwrap();
    });
}

#[cfg(unix)]
#[test]
fn a_link_is_followed_when_it_starts_anew() {
    let (folder, path) = folded();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let mut archive = Archive::open(&link, Uuid::from_u128(9)).unwrap();
    assert_eq!(count(&archive), 0);
    archive.fold(&as_facts(&facts())).unwrap();
    drop(archive);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(count(&Archive::open(&path, Uuid::from_u128(9)).unwrap()), 3);
}

#[test]
fn a_reset_archive_is_folded_again() {
    let (_folder, path) = folded();
    let before = dump(&path);
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    assert!(!archive.is_ahead_of(Some(Position::new(11))));
    assert!(archive.is_ahead_of(Some(Position::new(10))));
    assert!(archive.is_ahead_of(None));
    archive.reset().unwrap();
    assert!(!archive.is_ahead_of(None));
    assert_eq!(count(&archive), 0);
    archive.fold(&as_facts(&facts())).unwrap();
    assert_eq!(dump(&path), before);

    let mut memory = Archive::in_memory(LEDGER).unwrap();
    memory.fold(&as_facts(&facts())).unwrap();
    memory.reset().unwrap();
    assert_eq!(
        (count(&memory), memory.next_position()),
        (0, Position::FIRST)
    );
}

#[test]
fn reset_does_not_replace_what_is_no_archive() {
    let (_folder, path) = folded();
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    fs::write(&path, "somebody else's").unwrap();
    assert!(archive.reset().unwrap_err().is_foreign());
    assert_eq!(fs::read(&path).unwrap(), b"somebody else's");
}

#[test]
fn a_batch_that_fails_in_the_middle_leaves_nothing() {
    let (_whole_folder, whole) = folded();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    let facts = facts();
    archive.fold(&as_facts(&facts[..2])).unwrap();
    let before = dump(&path);
    run(
        &path,
        "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.position = 7
         BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    let error = archive.fold(&as_facts(&facts[2..])).unwrap_err();
    assert_eq!(error.position, Position::new(2));
    assert!(matches!(error.reason, ProjectionFault::Storage(..)));
    assert_eq!(
        error.to_string(),
        "the archive view stopped at position 2: the database of the archive failed"
    );
    assert_eq!(archive.next_position(), Position::new(2));
    run(&path, "DROP TRIGGER full");
    assert_eq!(dump(&path), before);
    archive.fold(&as_facts(&facts[2..])).unwrap();
    assert_eq!(dump(&path), dump(&whole));
}

#[test]
fn a_loader_that_fails_goes_back_to_what_was_committed() {
    let (_whole_folder, whole) = folded();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let mut archive = Archive::open(&path, LEDGER).unwrap();
    let facts = facts();
    archive.fold(&as_facts(&facts[..2])).unwrap();
    let before = dump(&path);
    run(
        &path,
        "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.position = 7
         BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    let mut loader = archive.loader();
    loader.fold(&as_facts(&facts[2..5])).unwrap();
    assert_eq!(loader.next_position(), Position::new(5));
    let error = loader.fold(&as_facts(&facts[5..])).unwrap_err();
    assert_eq!(error.position, Position::new(2));
    assert!(matches!(error.reason, ProjectionFault::Storage(..)));
    drop(loader);
    assert_eq!(archive.next_position(), Position::new(2));
    run(&path, "DROP TRIGGER full");
    assert_eq!(dump(&path), before);
    // Letting go of a loader commits.
    let mut loader = archive.loader();
    loader.fold(&as_facts(&facts[2..])).unwrap();
    drop(loader);
    assert_eq!(dump(&path), dump(&whole));
}

#[test]
fn a_loader_stops_at_a_fact_that_cannot_follow() {
    let mut facts = facts();
    facts[2].version = redress_core::Version::new(9);
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    let mut loader = archive.loader();
    let error = loader.fold(&as_facts(&facts)).unwrap_err();
    assert_eq!(error.position, Position::new(2));
    assert!(matches!(error.reason, ProjectionFault::OutOfOrder(_)));
    loader.finish().unwrap();
    assert_eq!(archive.next_position(), Position::new(2));
    let file = archive.file(complaint(1)).unwrap().unwrap();
    assert_eq!(file.timeline, facts[..2]);
}

#[test]
fn a_fact_that_cannot_follow_stops_the_fold_after_those_before_it() {
    let mut facts = facts();
    facts[2].version = redress_core::Version::new(9);
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    let error = archive.fold(&as_facts(&facts)).unwrap_err();
    assert_eq!(error.position, Position::new(2));
    assert!(matches!(error.reason, ProjectionFault::OutOfOrder(_)));
    assert_eq!(archive.next_position(), Position::new(2));
    let file = archive.file(complaint(1)).unwrap().unwrap();
    assert_eq!(file.timeline, facts[..2]);
    assert_eq!(file.summary.version.get(), 2);
}

#[test]
fn two_programs_on_one_file_do_not_fold_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("views");
    let facts = facts();
    let mut first = Archive::open(&path, LEDGER).unwrap();
    let mut second = Archive::open(&path, LEDGER).unwrap();
    first.fold(&as_facts(&facts[..6])).unwrap();
    let error = second.fold(&as_facts(&facts[..3])).unwrap_err();
    let expected = Position::new(6);
    assert!(matches!(error.reason, ProjectionFault::Gap { expected: at } if at == expected));
    assert_eq!(second.next_position(), expected);
    second.fold(&as_facts(&facts[6..])).unwrap();
    assert_eq!((count(&first), count(&second)), (3, 3));
}
