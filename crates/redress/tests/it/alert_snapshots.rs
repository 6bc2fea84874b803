//! Snapshots of warnings beside a ledger file: only where warnings were asked for, and believed only where they fit.

use std::fs;

use redress::blocking::Ledger;
use redress::causes::{AlertView, Alerts, Timeline};
use redress::sqlite::SqliteStore;
use redress::store::snapshot::Unfit;
use redress::{LedgerError, Policy, Span};
use rusqlite::Connection;

use crate::snapshots::{Files, rebuilt, take_in};

fn asked(ledger: &Ledger<SqliteStore>, timeline: Timeline) -> Alerts {
    let now = ledger.as_async().now();
    ledger.alerts(now + Span::days(3), timeline).unwrap()
}

/// Checks that the warnings are those that a full replay tells.
#[track_caller]
fn check(ledger: &Ledger<SqliteStore>) {
    for timeline in Timeline::ALL {
        let mut anew = AlertView::new(Policy::standard(), timeline);
        ledger.replay_into(&mut anew).unwrap();
        let told = asked(ledger, timeline);
        assert!(!told.standings.is_empty());
        assert_eq!(told, anew.alerts(told.at));
    }
}

/// A ledger with snapshots of all views, of warnings on both timelines.
fn with_both() -> Files {
    let files = Files::new();
    let ledger = files.open();
    check(&ledger);
    ledger.save_views().unwrap();
    files
}

#[test]
fn they_are_written_only_where_they_were_asked_for() {
    let files = Files::new();
    let is_there = |name: &str| files.at(name).exists();
    let ledger = files.open();
    ledger.save_views().unwrap();
    assert!(!is_there("complaints.alerts"));
    asked(&ledger, Timeline::Recorded);
    ledger.save_views().unwrap();
    assert!(is_there("complaints.alerts") && !is_there("complaints.alerts-occurred"));
    asked(&ledger, Timeline::Occurred);
    ledger.save_views().unwrap();
    assert!(is_there("complaints.alerts-occurred"));
    assert_eq!(rebuilt(&ledger), []);
}

#[test]
fn warnings_go_on_from_their_snapshots() {
    let files = with_both();
    let ledger = files.open();
    check(&ledger);
    take_in(&ledger, 2);
    check(&ledger);
    drop(ledger);
    let ledger = files.open();
    check(&ledger);
    assert_eq!(rebuilt(&ledger), []);
}

/// An entry in the middle that nobody could read is not read.
#[test]
fn asking_reads_nothing_that_the_snapshots_hold() {
    let files = with_both();
    let spoil = Connection::open(files.at("complaints.redress")).unwrap();
    let spoilt = spoil.execute("UPDATE entries SET public = 'x' WHERE position = 3", []);
    assert_eq!(spoilt.unwrap(), 1);
    drop(spoil);
    let ledger = files.open();
    for timeline in Timeline::ALL {
        asked(&ledger, timeline);
    }
    drop(ledger);
    fs::remove_file(files.at("complaints.alerts")).unwrap();
    let ledger = files.open();
    let failed = ledger.alerts(ledger.as_async().now(), Timeline::Recorded);
    assert!(matches!(failed, Err(LedgerError::Codec(_))));
}

#[test]
fn what_does_not_fit_is_told_and_folded_anew() {
    let files = with_both();
    let recorded = fs::read(files.at("complaints.alerts")).unwrap();
    let mut damaged = recorded.clone();
    damaged[recorded.len() / 2] ^= 1;
    let others = fs::read(with_both().at("complaints.alerts")).unwrap();
    let expected = [
        (damaged, Unfit::Damaged),
        (b"Dear sir or madam".to_vec(), Unfit::NoSnapshot),
        (others, Unfit::OtherLedger),
        (
            fs::read(files.at("complaints.sla")).unwrap(),
            Unfit::OtherKind,
        ),
        (
            fs::read(files.at("complaints.alerts-occurred")).unwrap(),
            Unfit::OtherKind,
        ),
    ];
    for (bytes, why) in expected {
        fs::write(files.at("complaints.alerts"), bytes).unwrap();
        let ledger = files.open();
        assert_eq!(rebuilt(&ledger), []);
        check(&ledger);
        // Asked once more, nothing more is told.
        check(&ledger);
        assert_eq!(rebuilt(&ledger), [("alerts", why)]);
    }
    let ledger = files.open();
    check(&ledger);
    ledger.save_views().unwrap();
    drop(ledger);
    let ledger = files.open();
    check(&ledger);
    assert_eq!(rebuilt(&ledger), []);
}

/// Set back to an older copy, whether it has grown as far as the snapshots since or not.
#[test]
fn those_of_what_a_restored_ledger_never_had_are_folded_anew() {
    for grow in [0, 2, 3] {
        let files = Files::new();
        fs::copy(files.at("complaints.redress"), files.at("backup")).unwrap();
        let ledger = files.open();
        take_in(&ledger, 2);
        check(&ledger);
        ledger.save_views().unwrap();
        drop(ledger);
        for name in ["complaints.sla", "complaints.causes"] {
            fs::remove_file(files.at(name)).unwrap();
        }
        fs::copy(files.at("backup"), files.at("complaints.redress")).unwrap();
        let ledger = files.open();
        take_in(&ledger, grow);
        check(&ledger);
        let views = ["alerts", "alerts-occurred"];
        let expected = views.map(|view| (view, Unfit::OtherHistory));
        assert_eq!(rebuilt(&ledger), expected, "{grow}");
    }
}

#[test]
fn dropping_a_ledger_writes_those_that_are_worth_it() {
    let files = Files::new();
    let ledger = files.open();
    asked(&ledger, Timeline::Recorded);
    drop(ledger);
    assert!(!files.at("complaints.alerts").exists());

    // Two facts of each complaint.
    let ledger = files.open();
    take_in(&ledger, 500);
    asked(&ledger, Timeline::Recorded);
    drop(ledger);
    assert!(files.at("complaints.alerts").exists());
    assert!(!files.at("complaints.alerts.new").exists());
    assert!(!files.at("complaints.alerts-occurred").exists());
    let ledger = files.open();
    check(&ledger);
    assert_eq!(rebuilt(&ledger), []);
}

#[test]
fn a_running_ledger_writes_them_now_and_then() {
    let files = Files::new();
    let ledger = files.open();
    let path = files.at("complaints.alerts");
    // The founding rules, and two facts of three complaints.
    ledger.save_views_every(7);
    // A folder in the way: nothing is told, and it is not tried again at every turn.
    fs::create_dir(files.at("complaints.alerts.new")).unwrap();
    check(&ledger);
    fs::remove_dir(files.at("complaints.alerts.new")).unwrap();
    check(&ledger);
    assert!(!path.exists());
    take_in(&ledger, 4);
    check(&ledger);
    let first = fs::read(&path).unwrap();
    take_in(&ledger, 3);
    check(&ledger);
    assert_eq!(fs::read(&path).unwrap(), first);
    take_in(&ledger, 1);
    check(&ledger);
    assert_ne!(fs::read(&path).unwrap(), first);
}

/// Warnings show nobody's name.
#[test]
fn no_key_is_needed_to_tell_them() {
    let files = Files::new();
    let ledger = files.open();
    let expected = asked(&ledger, Timeline::Recorded);
    drop(ledger);
    for name in ["complaints.keys", "complaints.key"] {
        fs::remove_file(files.at(name)).unwrap();
    }
    let path = files.at("complaints.redress");
    let ledger = Ledger::open_read_only(path, Policy::standard(), None).unwrap();
    assert!(ledger.views().is_err());
    let told = ledger.alerts(expected.at, Timeline::Recorded).unwrap();
    assert_eq!(told, expected);
}

#[test]
fn one_that_cannot_be_written_leaves_the_one_before() {
    let files = with_both();
    let before = fs::read(files.at("complaints.alerts")).unwrap();
    let ledger = files.open();
    check(&ledger);
    take_in(&ledger, 1);
    fs::create_dir(files.at("complaints.alerts.new")).unwrap();
    let error = ledger.save_views().unwrap_err();
    assert!(matches!(error, LedgerError::Snapshot { .. }));
    assert!(error.to_string().contains("complaints.alerts"), "{error}");
    assert_eq!(fs::read(files.at("complaints.alerts")).unwrap(), before);
    check(&ledger);
}
