//! A ledger made of entries that were stored elsewhere: the same in every column, or not at all.

use std::path::Path;

use pollster::block_on;
use proptest::prelude::*;
use redress_core::{Position, Timestamp, Version};
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::{append, entry, stream_id};
use redress_store::{
    Entry, EventStore, ExpectedVersion, MAX_PART_BYTES, MemoryStore, Part, PartKind, Remains,
    StoreError, StoreErrorKind,
};
use uuid::Uuid;

const LEDGER: Uuid = Uuid::from_u128(0x1ed6e7);

/// Entries of a store in memory: of these streams, in this order; every third one has an erased part.
fn entries(streams: &[u8]) -> Vec<Entry> {
    let store = MemoryStore::new(LEDGER);
    for (number, stream) in (0_u32..).zip(streams) {
        let new = entry(u128::from(number) + 1, number);
        let append = append(u128::from(*stream), ExpectedVersion::Any, vec![new]);
        block_on(store.append(append)).unwrap();
    }
    let remains = (0..u64::try_from(streams.len()).unwrap())
        .step_by(3)
        .map(|position| Remains {
            position: Position::new(position),
            number: 0,
            part: Part {
                kind: PartKind::Erased,
                bytes: vec![7; 53],
            },
        });
    block_on(store.erase_parts(remains.collect())).unwrap();
    all(&store)
}

fn all(store: &impl EventStore) -> Vec<Entry> {
    block_on(store.read_all(Position::FIRST, 10_000)).unwrap()
}

fn restore(
    path: &Path,
    entries: impl IntoIterator<Item = Result<Entry, StoreError>>,
) -> Result<SqliteStore, StoreError> {
    SqliteStore::restore(path, LEDGER, entries, Options::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_holds_the_same_entries_and_goes_on_from_there(streams in prop::collection::vec(1_u8..6, 0..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.redress");
        let entries = entries(&streams);
        let store = restore(&path, entries.iter().cloned().map(Ok)).unwrap();
        prop_assert_eq!(store.ledger_id(), LEDGER);
        prop_assert!(all(&store) == entries);
        for stream in 1..6_u8 {
            let read = store.read_stream(stream_id(u128::from(stream)), Version::FIRST, 100);
            let theirs = entries.iter().filter(|entry| entry.stream == stream_id(u128::from(stream)));
            prop_assert!(block_on(read).unwrap().iter().eq(theirs));
        }
        // A command that was carried out is known, and the next one comes behind all.
        if let Some(first) = entries.first() {
            let again = block_on(store.read_command(first.content.command_id)).unwrap();
            prop_assert!(again == entries[..1]);
        }
        let next = append(9, ExpectedVersion::NoStream, vec![entry(1_000, 3)]);
        let appended = block_on(store.append(next)).unwrap();
        prop_assert_eq!(appended.first_position, Position::new(u64::try_from(entries.len()).unwrap()));
        drop(store);
        let reopened = SqliteStore::open(&path, Options::default()).unwrap();
        prop_assert!(all(&reopened)[..entries.len()] == entries);
    }
}

/// What is done to entries that would follow each other.
type Change = fn(&mut Vec<Entry>);

#[test]
fn what_cannot_follow_leaves_nothing_behind() {
    let good = entries(&[1, 1, 2, 1]);
    let changes: [(&str, Change); 7] = [
        ("another position", |entries| drop(entries.remove(1))),
        ("another position", |entries| entries.swap(1, 2)),
        ("another position", |entries| {
            entries.insert(1, entries[0].clone())
        }),
        ("its version", |entries| {
            entries[3].version = Version::new(2)
        }),
        ("its version", |entries| {
            entries[3].version = Version::new(4)
        }),
        ("recorded before", |entries| {
            entries[3].recorded_at = Timestamp::MIN;
        }),
        ("larger than", |entries| {
            entries[2].content.public = vec![b' '; MAX_PART_BYTES + 1];
        }),
    ];
    for (words, change) in changes {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.redress");
        let mut bad = good.clone();
        change(&mut bad);
        let refused = restore(&path, bad.into_iter().map(Ok))
            .map(drop)
            .unwrap_err();
        assert!(refused.is_damage(), "{refused}");
        assert!(refused.to_string().contains(words), "{words}: {refused}");
        check_nothing_left(folder.path());
    }
}

#[test]
fn an_error_of_the_source_is_passed_on_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redress");
    let broken = StoreError::new(StoreErrorKind::Io, "the stick was pulled out");
    let source = entries(&[1, 2]).into_iter().map(Ok).chain([Err(broken)]);
    let refused = restore(&path, source).map(drop).unwrap_err();
    assert!(refused.to_string().contains("pulled out"), "{refused}");
    check_nothing_left(folder.path());
}

#[test]
fn a_file_that_is_there_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.redress");
    std::fs::write(&path, "mine").unwrap();
    let refused = restore(&path, entries(&[1]).into_iter().map(Ok))
        .map(drop)
        .unwrap_err();
    assert_eq!(refused.kind(), StoreErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&path).unwrap(), b"mine");
}

#[track_caller]
fn check_nothing_left(folder: &Path) {
    let left: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(left.is_empty(), "{left:?}");
}
