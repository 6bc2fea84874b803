//! The archive beside a ledger file: kept, and folded anew where it does not fit.

use std::fs;
use std::path::{Path, PathBuf};

use redress::archive::{Archive, Query};
use redress::blocking::Ledger;
use redress::event::{NoteKind, NoteText, Noted};
use redress::sqlite::SqliteStore;
use redress::store::{EventStore, Projection};
use redress::{ComplaintId, LedgerError, Personal, Policy, Position, Span};
use tempfile::TempDir;

use crate::wishes::{agent, note, receive};
use crate::world::Clock;

struct Files {
    folder: TempDir,
}

impl Files {
    /// A ledger of three complaints, each with a note, and its archive.
    fn new() -> Self {
        let files = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let ledger = files.open();
        for _ in 0..3 {
            take_in(&ledger, "first");
        }
        assert_eq!(files.check_views(&ledger), 6);
        drop(ledger);
        files
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn ledger_path(&self) -> PathBuf {
        self.at("complaints.redress")
    }

    fn views_path(&self) -> PathBuf {
        self.at("complaints.views")
    }

    fn open(&self) -> Ledger<SqliteStore> {
        Ledger::open(self.ledger_path(), Policy::standard()).unwrap()
    }

    /// Checks that the views are those of this very ledger; gives how many facts they hold.
    #[track_caller]
    fn check_views(&self, ledger: &Ledger<SqliteStore>) -> usize {
        let id = ledger.as_async().store().ledger_id();
        let mut anew = Archive::in_memory(id).unwrap();
        ledger.replay_into(&mut anew).unwrap();
        let views = ledger.views().unwrap();
        let all = Query::new().limit(usize::MAX);
        let hits = views.archive.search(&all).unwrap();
        assert_eq!(hits, anew.search(&all).unwrap());
        let mut facts = 0;
        for hit in &hits {
            let file = views.archive.file(hit.summary.id).unwrap().unwrap();
            assert_eq!(Some(&file), anew.file(hit.summary.id).unwrap().as_ref());
            facts += file.timeline.len();
        }
        let next = ledger
            .head()
            .unwrap()
            .map_or(Position::FIRST, Position::next);
        assert_eq!(views.next_position(), next);
        assert_eq!(views.sla.next_position(), next);
        facts
    }
}

fn take_in(ledger: &Ledger<SqliteStore>, text: &str) -> ComplaintId {
    let id = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = id.complaint_id;
    ledger.execute(id, note(text), &agent()).unwrap().unwrap();
    id
}

/// The archive's file as it is now: held open, so that no other file can be taken for it.
fn hold(path: &Path) -> fs::File {
    fs::File::open(path).unwrap()
}

/// Whether the archive was gone on with, and not folded anew: its file is the same one.
fn is_kept(held: &fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    held.metadata().unwrap().ino() == fs::metadata(path).unwrap().ino()
}

#[test]
fn an_archive_that_fits_is_kept() {
    let files = Files::new();
    let held = hold(&files.views_path());
    let ledger = files.open();
    take_in(&ledger, "second");
    assert_eq!(files.check_views(&ledger), 8);
    drop(ledger);
    assert!(is_kept(&held, &files.views_path()));
}

#[test]
fn an_archive_that_was_deleted_is_folded_anew() {
    let files = Files::new();
    fs::remove_file(files.views_path()).unwrap();
    assert_eq!(files.check_views(&files.open()), 6);
    assert!(files.views_path().exists());
}

#[test]
fn an_archive_that_is_damaged_is_folded_anew() {
    let files = Files::new();
    let mut bytes = fs::read(files.views_path()).unwrap();
    let middle = bytes.len() / 2;
    bytes[4096..middle].fill(0xa5);
    fs::write(files.views_path(), bytes).unwrap();
    assert_eq!(files.check_views(&files.open()), 6);
}

#[test]
fn an_archive_of_another_ledger_is_folded_anew() {
    let (files, others) = (Files::new(), Files::new());
    let ledger = others.open();
    take_in(&ledger, "elsewhere");
    assert_eq!(others.check_views(&ledger), 8);
    drop(ledger);
    fs::copy(others.views_path(), files.views_path()).unwrap();
    assert_eq!(files.check_views(&files.open()), 6);
}

#[test]
fn a_file_that_is_no_archive_is_left_as_it_is() {
    let files = Files::new();
    let letter = "Dear sir or madam";
    fs::write(files.views_path(), letter).unwrap();
    let opened = Ledger::open(files.ledger_path(), Policy::standard());
    let error = opened.map(drop).unwrap_err();
    assert!(matches!(&error, LedgerError::Archive(error) if error.is_foreign()));
    let message = error.to_string();
    assert!(message.contains("left as it is"), "{message}");
    assert!(message.contains("complaints.views"), "{message}");
    assert_eq!(fs::read_to_string(files.views_path()).unwrap(), letter);
    // It was let go of again.
    fs::remove_file(files.views_path()).unwrap();
    assert_eq!(files.check_views(&files.open()), 6);
}

/// Copies the ledger as it is, at rest, and runs it on.
fn restored(grow: usize) -> (Files, fs::File) {
    let files = Files::new();
    fs::copy(files.ledger_path(), files.at("backup")).unwrap();
    let ledger = files.open();
    for _ in 0..2 {
        take_in(&ledger, "lost again");
    }
    assert_eq!(files.check_views(&ledger), 10);
    drop(ledger);
    fs::copy(files.at("backup"), files.ledger_path()).unwrap();
    let held = hold(&files.views_path());
    // It may go on under programs that do not look at the archive.
    let clock = Clock::new();
    clock.advance(Span::days(365));
    let store = SqliteStore::open(files.ledger_path(), redress::sqlite::Options::default());
    let store = store.unwrap();
    let ledger = crate::world::ledger_on(store, Policy::standard(), &clock);
    for _ in 0..grow {
        take_in(&ledger, "after the restore");
    }
    drop(ledger);
    (files, held)
}

#[test]
fn an_archive_ahead_of_a_restored_ledger_is_folded_anew() {
    let (files, held) = restored(0);
    assert_eq!(files.check_views(&files.open()), 6);
    assert!(!is_kept(&held, &files.views_path()));
}

/// The restored ledger has as many facts as the archive, or more: only their ids tell that they are others.
#[test]
fn an_archive_of_what_a_restored_ledger_never_had_is_folded_anew() {
    for grow in [2, 3] {
        let (files, held) = restored(grow);
        let ledger = files.open();
        assert_eq!(files.check_views(&ledger), 6 + 2 * grow);
        let lost = Query::new().text("lost again");
        assert_eq!(ledger.views().unwrap().archive.count(&lost).unwrap(), 0);
        drop(ledger);
        assert!(!is_kept(&held, &files.views_path()));
    }
}

#[test]
fn an_archive_whose_last_fact_was_a_refusal_is_kept() {
    let files = Files::new();
    let ledger = files.open();
    let id = take_in(&ledger, "second");
    let refused = ledger.execute(id, crate::wishes::assign(), &agent());
    assert!(refused.unwrap().is_err());
    assert_eq!(files.check_views(&ledger), 8);
    drop(ledger);
    let held = hold(&files.views_path());
    assert_eq!(files.check_views(&files.open()), 8);
    assert!(is_kept(&held, &files.views_path()));
}

/// The facts of complaints are the same in number and place; only what follows them tells.
#[test]
fn an_archive_that_folded_a_refusal_the_restored_ledger_never_had_is_folded_anew() {
    let files = Files::new();
    fs::copy(files.ledger_path(), files.at("backup")).unwrap();
    let ledger = files.open();
    let id = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let refuse = |ledger: &Ledger<SqliteStore>| {
        let refused = ledger.execute(id.complaint_id, crate::wishes::assign(), &agent());
        assert!(refused.unwrap().is_err());
    };
    refuse(&ledger);
    assert_eq!(files.check_views(&ledger), 7);
    drop(ledger);
    fs::copy(files.at("backup"), files.ledger_path()).unwrap();
    let held = hold(&files.views_path());
    let store = SqliteStore::open(files.ledger_path(), redress::sqlite::Options::default());
    let ledger = crate::world::ledger_on(store.unwrap(), Policy::standard(), &Clock::new());
    refuse(&ledger);
    refuse(&ledger);
    drop(ledger);
    assert_eq!(files.check_views(&files.open()), 6);
    assert!(!is_kept(&held, &files.views_path()));
}

/// Another program that reads the ledger may fold into the same archive file.
#[test]
fn an_archive_that_another_program_folded_into_is_gone_on_with() {
    let files = Files::new();
    let ledger = files.open();
    assert_eq!(files.check_views(&ledger), 6);
    take_in(&ledger, "second");
    let id = ledger.as_async().store().ledger_id();
    let mut other = Archive::open(files.views_path(), id).unwrap();
    ledger.replay_into(&mut other).unwrap();
    assert_eq!(other.next_position().get(), 9);
    drop(other);
    take_in(&ledger, "third");
    assert_eq!(files.check_views(&ledger), 10);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_archive() {
    use std::os::unix::fs::PermissionsExt;
    let files = Files::new();
    let mode = fs::metadata(files.views_path())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn words_are_found_after_opening_again() {
    let files = Files::new();
    let ledger = files.open();
    let said = Noted {
        kind: NoteKind::Negotiation,
        evidence: Vec::new(),
        personal: Personal::Known(NoteText {
            text: "客户同意换货".to_owned(),
        }),
    };
    let id = take_in(&ledger, "second");
    ledger.execute(id, said, &agent()).unwrap().unwrap();
    drop(ledger);
    let ledger = files.open();
    let views = ledger.views().unwrap();
    let hits = views.archive.search(&Query::new().text("换货")).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].summary.id, id);
}
