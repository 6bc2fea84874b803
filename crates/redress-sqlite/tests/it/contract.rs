//! The store keeps the contract, also from many threads and across reopening.

use std::sync::Mutex;

use pollster::block_on;
use redress_core::{Position, Version};
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::{append, check_all, entry, stream_id};
use redress_store::{AppendError, EventStore, ExpectedVersion};
use uuid::Uuid;

#[test]
fn the_store_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let number = Mutex::new(0);
    block_on(check_all(async || {
        let mut number = number.lock().unwrap();
        *number += 1;
        let path = folder.path().join(format!("{number}.redress"));
        SqliteStore::create(path, Uuid::from_u128(1), Options::default()).unwrap()
    }));
}

#[test]
fn sixty_four_threads_that_conflict_get_every_version_once() {
    const THREADS: u64 = 64;
    const EACH: u64 = 5;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.redress");
    let store = SqliteStore::create(path, Uuid::from_u128(1), Options::default()).unwrap();
    // Every thread appends two entries at a time at the version it believes in, and believes what a conflict tells.
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                let mut expected = ExpectedVersion::NoStream;
                for number in 0..EACH {
                    let command = u128::from(thread * EACH + number);
                    loop {
                        let entries = vec![entry(command, 1), entry(command, 2)];
                        match block_on(store.append(append(1, expected, entries))) {
                            Ok(appended) => {
                                expected = ExpectedVersion::Exact(appended.last_version);
                                break;
                            }
                            Err(AppendError::Conflict { actual }) => {
                                expected = ExpectedVersion::Exact(actual.unwrap());
                            }
                            Err(other) => panic!("{other}"),
                        }
                    }
                }
            });
        }
    });
    let all = block_on(store.read_all(Position::FIRST, usize::MAX)).unwrap();
    let stream = block_on(store.read_stream(stream_id(1), Version::FIRST, usize::MAX)).unwrap();
    assert!(all == stream, "one stream is the whole ledger");
    let expected: Vec<(u64, u64)> = (0..THREADS * EACH * 2).map(|n| (n, n + 1)).collect();
    let found: Vec<(u64, u64)> = all
        .iter()
        .map(|entry| (entry.position.get(), entry.version.get()))
        .collect();
    assert_eq!(found, expected);
    for pair in all.chunks(2) {
        assert_eq!(pair[0].content.command_id, pair[1].content.command_id);
    }
}

#[test]
fn what_was_stored_is_there_after_reopening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.redress");
    let first = append(1, ExpectedVersion::NoStream, vec![entry(1, 1), entry(1, 2)]);
    let store = SqliteStore::create(&path, Uuid::from_u128(7), Options::default()).unwrap();
    let receipt = block_on(store.append(first.clone())).unwrap();
    let before = block_on(store.read_all(Position::FIRST, 10)).unwrap();
    drop(store);

    let store = SqliteStore::open(&path, Options::default()).unwrap();
    assert_eq!(store.ledger_id(), Uuid::from_u128(7));
    assert_eq!(block_on(store.head()).unwrap(), Some(Position::new(1)));
    assert!(block_on(store.read_all(Position::FIRST, 10)).unwrap() == before);
    let again = block_on(store.append(first)).unwrap();
    assert!(again.duplicate);
    assert_eq!(again.first_position, receipt.first_position);
    // The time of recording goes on from where it was.
    let mut earlier = append(2, ExpectedVersion::Any, vec![entry(2, 1)]);
    earlier.recorded_at = redress_core::Timestamp::MIN;
    let appended = block_on(store.append(earlier)).unwrap();
    assert_eq!(appended.recorded_at, receipt.recorded_at);
    assert_eq!(appended.first_position, Position::new(2));
}

#[test]
fn dropping_the_store_finishes_what_was_queued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.redress");
    let store = SqliteStore::create(&path, Uuid::from_u128(7), Options::default()).unwrap();
    for command in 0..200 {
        let next = append(command, ExpectedVersion::Any, vec![entry(command, 1)]);
        let mut waiting = Box::pin(store.append(next));
        // Polled once, it is queued; nobody waits for the answer.
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        let _answered_or_not = waiting.as_mut().poll(context);
    }
    drop(store);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    assert_eq!(block_on(store.head()).unwrap(), Some(Position::new(199)));
}
