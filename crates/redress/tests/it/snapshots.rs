//! Snapshots beside a ledger file: gone on with where they fit, and folded anew where they do not.

use std::fs;
use std::path::PathBuf;

use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::sla::SlaView;
use redress::sqlite::SqliteStore;
use redress::store::Projection;
use redress::store::snapshot::Unfit;
use redress::{LedgerError, Policy, Rebuilt};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::wishes::{agent, note, receive};

pub(crate) struct Files(pub(crate) TempDir);

impl Files {
    /// A ledger of three complaints, each with a note, and its views written beside it.
    pub(crate) fn new() -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        let ledger = files.open();
        take_in(&ledger, 3);
        ledger.save_views().unwrap();
        files
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn open(&self) -> Ledger<SqliteStore> {
        Ledger::open(self.at("complaints.redress"), Policy::standard()).unwrap()
    }
}

pub(crate) fn take_in(ledger: &Ledger<SqliteStore>, complaints: usize) {
    for _ in 0..complaints {
        let filed = ledger.receive(receive(), &agent()).unwrap().unwrap();
        let noted = ledger.execute(filed.complaint_id, note("seen"), &agent());
        noted.unwrap().unwrap();
    }
}

/// Checks that the views are the ones that a full replay makes.
#[track_caller]
fn check(ledger: &Ledger<SqliteStore>) {
    let mut sla = SlaView::new(Policy::standard());
    let mut causes = CauseView::new(Policy::standard());
    ledger.replay_into(&mut sla).unwrap();
    ledger.replay_into(&mut causes).unwrap();
    let views = ledger.views().unwrap();
    assert!(!sla.rules().adoptions().is_empty());
    assert_eq!(views.sla, sla);
    assert_eq!(views.causes, causes);
}

pub(crate) fn rebuilt(ledger: &Ledger<SqliteStore>) -> Vec<(&'static str, Unfit)> {
    let rebuilt = ledger.as_async().rebuilt();
    rebuilt
        .into_iter()
        .map(|Rebuilt { view, why }| (view, why))
        .collect()
}

#[test]
fn views_go_on_from_their_snapshots() {
    let files = Files::new();
    let ledger = files.open();
    assert_eq!(rebuilt(&ledger), []);
    check(&ledger);
    take_in(&ledger, 2);
    check(&ledger);
    drop(ledger);
    // What came since is folded from the facts.
    let ledger = files.open();
    assert_eq!(rebuilt(&ledger), []);
    check(&ledger);
}

/// An entry in the middle that nobody could read is not read.
#[test]
fn opening_reads_nothing_that_the_snapshots_hold() {
    let files = Files::new();
    let spoil = Connection::open(files.at("complaints.redress")).unwrap();
    let spoilt = spoil.execute("UPDATE entries SET public = 'x' WHERE position = 3", []);
    assert_eq!(spoilt.unwrap(), 1);
    drop(spoil);
    let ledger = files.open();
    assert_eq!(ledger.views().unwrap().sla.next_position().get(), 7);
    drop(ledger);

    fs::remove_file(files.at("complaints.sla")).unwrap();
    let opened = Ledger::open(files.at("complaints.redress"), Policy::standard());
    assert!(matches!(opened.map(drop), Err(LedgerError::Codec(_))));
}

#[test]
fn a_damaged_snapshot_is_told_and_folded_anew() {
    let files = Files::new();
    for (name, view) in [("complaints.sla", "sla"), ("complaints.causes", "causes")] {
        let mut bytes = fs::read(files.at(name)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(files.at(name), bytes).unwrap();
        let ledger = files.open();
        assert_eq!(rebuilt(&ledger), [(view, Unfit::Damaged)]);
        check(&ledger);
        ledger.save_views().unwrap();
        drop(ledger);
        assert_eq!(rebuilt(&files.open()), []);
    }
    fs::write(files.at("complaints.sla"), "Dear sir or madam").unwrap();
    assert_eq!(rebuilt(&files.open()), [("sla", Unfit::NoSnapshot)]);
}

#[test]
fn a_snapshot_of_another_ledger_or_view_is_folded_anew() {
    let (files, others) = (Files::new(), Files::new());
    fs::copy(others.at("complaints.sla"), files.at("complaints.sla")).unwrap();
    fs::copy(files.at("complaints.sla"), files.at("complaints.causes")).unwrap();
    let ledger = files.open();
    let expected = [("sla", Unfit::OtherLedger), ("causes", Unfit::OtherKind)];
    assert_eq!(rebuilt(&ledger), expected);
    check(&ledger);
}

/// Set back to an older copy, whether it has grown as far as the snapshots since or not.
#[test]
fn snapshots_of_what_a_restored_ledger_never_had_are_folded_anew() {
    for grow in [0, 2, 3] {
        let files = Files::new();
        fs::copy(files.at("complaints.redress"), files.at("backup")).unwrap();
        let ledger = files.open();
        take_in(&ledger, 2);
        ledger.save_views().unwrap();
        drop(ledger);
        let (sla, causes) = (files.at("complaints.sla"), files.at("complaints.causes"));
        fs::rename(&sla, files.at("kept.1")).unwrap();
        fs::rename(&causes, files.at("kept.2")).unwrap();
        fs::copy(files.at("backup"), files.at("complaints.redress")).unwrap();
        let ledger = files.open();
        take_in(&ledger, grow);
        drop(ledger);
        fs::rename(files.at("kept.1"), &sla).unwrap();
        fs::rename(files.at("kept.2"), &causes).unwrap();

        let ledger = files.open();
        let expected = ["sla", "causes"].map(|view| (view, Unfit::OtherHistory));
        assert_eq!(rebuilt(&ledger), expected, "{grow}");
        check(&ledger);
    }
}

#[test]
fn dropping_a_ledger_writes_what_is_worth_it() {
    let files = Files(tempfile::tempdir().unwrap());
    let ledger = files.open();
    take_in(&ledger, 1);
    drop(ledger.views().unwrap());
    drop(ledger);
    assert!(!files.at("complaints.sla").exists());

    // The founding rules, and two facts of each complaint.
    let ledger = files.open();
    take_in(&ledger, 499);
    drop(ledger.views().unwrap());
    drop(ledger);
    assert!(files.at("complaints.sla").exists());
    assert!(files.at("complaints.causes").exists());
    assert!(!files.at("complaints.sla.new").exists());
    check(&files.open());
}

#[test]
fn a_running_ledger_writes_now_and_then() {
    let files = Files(tempfile::tempdir().unwrap());
    let ledger = files.open();
    ledger.save_views_every(4);
    let is_there = || files.at("complaints.sla").exists() && files.at("complaints.causes").exists();
    // The founding rules, and two facts of one complaint.
    take_in(&ledger, 1);
    drop(ledger.views().unwrap());
    assert!(!is_there());
    take_in(&ledger, 1);
    drop(ledger.views().unwrap());
    assert!(is_there());
    let first = fs::read(files.at("complaints.sla")).unwrap();

    // Two more facts are too few; two after them are not.
    take_in(&ledger, 1);
    drop(ledger.views().unwrap());
    assert_eq!(fs::read(files.at("complaints.sla")).unwrap(), first);
    take_in(&ledger, 1);
    drop(ledger.views().unwrap());
    assert_ne!(fs::read(files.at("complaints.sla")).unwrap(), first);

    // As after a crash: what it wrote while it ran is gone on from.
    let other = tempfile::tempdir().unwrap();
    for name in ["complaints.sla", "complaints.causes"] {
        fs::copy(files.at(name), other.path().join(name)).unwrap();
    }
    drop(ledger);
    for name in ["complaints.sla", "complaints.causes"] {
        fs::copy(other.path().join(name), files.at(name)).unwrap();
    }
    let ledger = files.open();
    assert_eq!(rebuilt(&ledger), []);
    check(&ledger);
}

/// A folder in the way: nothing is told, nothing else suffers, and it is not tried again at every turn.
#[test]
fn what_a_running_ledger_cannot_write_is_left() {
    let files = Files(tempfile::tempdir().unwrap());
    let ledger = files.open();
    ledger.save_views_every(1);
    fs::create_dir(files.at("complaints.sla.new")).unwrap();
    take_in(&ledger, 2);
    check(&ledger);
    assert!(!files.at("complaints.sla").exists());
    fs::remove_dir(files.at("complaints.sla.new")).unwrap();
    check(&ledger);
    assert!(!files.at("complaints.sla").exists());
    take_in(&ledger, 1);
    check(&ledger);
    assert!(files.at("complaints.sla").exists());
}

#[test]
fn a_snapshot_that_cannot_be_written_leaves_the_one_before() {
    let files = Files::new();
    let before = fs::read(files.at("complaints.sla")).unwrap();
    let ledger = files.open();
    take_in(&ledger, 1);
    fs::create_dir(files.at("complaints.sla.new")).unwrap();
    let error = ledger.save_views().unwrap_err();
    assert!(matches!(error, LedgerError::Snapshot { .. }));
    assert!(error.to_string().contains("complaints.sla"), "{error}");
    assert_eq!(fs::read(files.at("complaints.sla")).unwrap(), before);
    check(&ledger);
}

#[test]
fn views_folded_anew_beside_the_shown_ones_are_the_same() {
    let files = Files::new();
    let ledger = files.open();
    take_in(&ledger, 2);
    ledger.rebuild_views().unwrap();
    check(&ledger);
}

/// More than a page of facts, all of which are folded anew.
#[test]
fn opening_without_snapshots_shows_the_same() {
    let files = Files(tempfile::tempdir().unwrap());
    let ledger = files.open();
    take_in(&ledger, 600);
    ledger.save_views().unwrap();
    drop(ledger);
    fs::remove_file(files.at("complaints.sla")).unwrap();
    fs::remove_file(files.at("complaints.causes")).unwrap();
    let ledger = files.open();
    assert_eq!(ledger.views().unwrap().sla.next_position().get(), 1_201);
    check(&ledger);
}

#[test]
fn a_fact_that_cannot_be_read_stops_the_opening_where_it_stands() {
    let files = Files::new();
    let spoil = Connection::open(files.at("complaints.redress")).unwrap();
    let spoilt = spoil.execute("UPDATE entries SET public = 'x' WHERE position = 3", []);
    assert_eq!(spoilt.unwrap(), 1);
    drop(spoil);
    fs::remove_file(files.at("complaints.sla")).unwrap();
    let path = files.at("complaints.redress");
    let error = Ledger::open(path, Policy::standard())
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("position 3"), "{error}");
}
