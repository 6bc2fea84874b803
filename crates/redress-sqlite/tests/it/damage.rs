//! Damage that shows only when it is read: told as damage, with its position.

use std::fs;
use std::path::Path;

use pollster::block_on;
use redress_core::{Position, Version};
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::{append, command_id, entry, stream_id};
use redress_store::{AppendError, EventStore, ExpectedVersion, StoreError, StoreErrorKind};
use rusqlite::Connection;

use crate::open::{fill, ledger};

/// Changes the ledger behind the store's back.
fn change(path: &Path, sql: &str) {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(&format!("PRAGMA ignore_check_constraints = 1; {sql}"))
        .unwrap();
}

#[track_caller]
fn check_damage(error: &StoreError, position: u64, words: &str) {
    assert_eq!(error.kind(), StoreErrorKind::Damaged, "{error}");
    assert_eq!(error.position(), Some(Position::new(position)), "{error}");
    let message = error.to_string();
    assert!(message.contains(words), "{message}");
    assert!(!message.contains("王芳") && !message.contains("退款"));
}

#[test]
fn what_was_never_written_is_damage_at_its_position() {
    for (sql, position, words) in [
        (
            "DELETE FROM entries WHERE position = 1",
            1,
            "no entry at this position",
        ),
        (
            "DELETE FROM entries WHERE position = 0",
            0,
            "no entry at this position",
        ),
        (
            "UPDATE entries SET event_type = -1 WHERE position = 1",
            1,
            "event_type",
        ),
        (
            "UPDATE entries SET schema = 70000 WHERE position = 1",
            1,
            "schema",
        ),
        (
            "UPDATE entries SET occurred_at = 9223372036854775807 WHERE position = 0",
            0,
            "occurred_at",
        ),
        (
            "UPDATE entries SET actor = x'01' WHERE position = 2",
            2,
            "actor",
        ),
        (
            "UPDATE entries SET command_id = x'' WHERE position = 2",
            2,
            "command_id",
        ),
        (
            "UPDATE entries SET stream_id = x'00' WHERE position = 2",
            2,
            "stream_id",
        ),
        (
            "UPDATE entries SET version = -4 WHERE position = 1",
            1,
            "version",
        ),
        (
            "UPDATE entries SET part_count = 2 WHERE position = 2",
            2,
            "part is missing",
        ),
        ("DELETE FROM parts WHERE position = 2", 2, "part is missing"),
        (
            "UPDATE parts SET number = 1 WHERE position = 0",
            0,
            "part is missing",
        ),
        (
            "UPDATE parts SET kind = 9 WHERE position = 2",
            2,
            "unknown kind",
        ),
        (
            "INSERT INTO parts VALUES (1, 0, 0, x'7b7d')",
            1,
            "one too many",
        ),
    ] {
        let (_folder, path) = ledger();
        change(&path, sql);
        let store = SqliteStore::open_read_only(&path, Options::default()).unwrap();
        let error = block_on(store.read_all(Position::FIRST, 10)).unwrap_err();
        check_damage(&error, position, words);
    }
}

#[test]
fn without_personal_parts_their_damage_is_not_noticed_and_any_other_is() {
    for (sql, damaged) in [
        ("DELETE FROM parts", None),
        ("UPDATE parts SET kind = 9", None),
        ("DELETE FROM entries WHERE position = 1", Some(1)),
        (
            "UPDATE entries SET schema = 70000 WHERE position = 2",
            Some(2),
        ),
        (
            "UPDATE entries SET part_count = -1 WHERE position = 2",
            Some(2),
        ),
    ] {
        let (_folder, path) = ledger();
        change(&path, sql);
        let store = SqliteStore::open_read_only(&path, Options::default()).unwrap();
        let read = block_on(store.read_public(Position::FIRST, 10));
        match damaged {
            None => assert_eq!(read.unwrap().len(), 3, "{sql}"),
            Some(position) => check_damage(&read.unwrap_err(), position, ""),
        }
    }
}

#[test]
fn a_gap_in_a_stream_is_damage_at_the_entry_behind_it() {
    let (_folder, path) = ledger();
    change(&path, "UPDATE entries SET version = 4 WHERE position = 2");
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let error = block_on(store.read_stream(stream_id(1), Version::FIRST, 10)).unwrap_err();
    check_damage(&error, 2, "version 3 of its stream is missing");
}

#[test]
fn damage_in_a_known_command_stops_the_writer() {
    let (_folder, path) = ledger();
    change(&path, "UPDATE entries SET actor = x'01' WHERE position = 1");
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let error = block_on(store.read_command(command_id(2))).unwrap_err();
    check_damage(&error, 1, "actor");

    let again = append(1, ExpectedVersion::Any, vec![entry(2, 1)]);
    for (next, kind) in [
        (again, StoreErrorKind::Damaged),
        (
            append(1, ExpectedVersion::Any, vec![entry(50, 1)]),
            StoreErrorKind::Closed,
        ),
    ] {
        match block_on(store.append(next)) {
            Err(AppendError::Store(error)) => assert_eq!(error.kind(), kind, "{error}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_page_of_garbage_is_damage_and_never_a_panic() {
    let (_folder, path) = ledger();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    fill(&store, 100, 200);
    drop(store);
    let whole = fs::read(&path).unwrap();
    let garbage: Vec<u8> = (0..4096_u32)
        .map(|n| u8::try_from(n * 37 % 256).unwrap())
        .collect();
    let mut found = 0;
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096..][..4096].copy_from_slice(&garbage);
        fs::write(&path, &bytes).unwrap();
        let read = SqliteStore::open(&path, Options::default()).and_then(|store| {
            block_on(store.read_all(Position::FIRST, usize::MAX))?;
            block_on(store.read_stream(stream_id(1), Version::FIRST, usize::MAX))?;
            block_on(store.read_command(command_id(1)))
        });
        if let Err(error) = read {
            found += 1;
            let kind = if page == 0 {
                StoreErrorKind::NotALedger
            } else {
                StoreErrorKind::Damaged
            };
            assert_eq!(error.kind(), kind, "page {page}: {error}");
        }
    }
    // Of the pages, only some of the index by command are not needed to read all this.
    let pages = whole.len() / 4096;
    assert!(found > pages / 2, "{found} of {pages} pages");
}
