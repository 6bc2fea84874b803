//! What a store promises to those who read and wait.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed test of the store that is checked"
)]

use std::pin::Pin;

use redress_core::{Position, Version};

use super::{append, command_id, entries_of, everything, join_all, stream_id};
use crate::store::{EventStore, ExpectedVersion};

pub(super) async fn check_all<S: EventStore>(open: &impl AsyncFn() -> S) {
    an_empty_store_has_nothing(&open().await).await;
    a_stream_is_read_in_pages(&open().await).await;
    the_ledger_is_read_in_pages(&open().await).await;
    the_ledger_is_read_without_its_parts(&open().await).await;
    a_command_is_read_back(&open().await).await;
    a_wait_ends_when_the_entry_is_there(&open().await).await;
}

/// A new store has no entries and knows no stream and no command.
async fn an_empty_store_has_nothing(store: &impl EventStore) {
    assert_eq!(store.head().await.unwrap(), None);
    assert!(everything(store).await.is_empty());
    let stream = store.read_stream(stream_id(1), Version::FIRST, 10).await;
    assert!(stream.unwrap().is_empty());
    let command = store.read_command(command_id(1)).await;
    assert!(command.unwrap().is_empty());
}

/// Reading a stream starts and ends where it is told, and goes on where it left off.
async fn a_stream_is_read_in_pages(store: &impl EventStore) {
    for command in 1..=5 {
        let stream = command % 2;
        let next = append(stream, ExpectedVersion::Any, entries_of(command, 4));
        store.append(next).await.unwrap();
    }
    // Stream 1 holds 12 entries of commands 1, 3 and 5.
    let page = async |from: u64, limit| -> Vec<u64> {
        let page = store
            .read_stream(stream_id(1), Version::new(from), limit)
            .await
            .unwrap();
        assert!(page.iter().all(|entry| entry.stream == stream_id(1)));
        page.iter().map(|entry| entry.version.get()).collect()
    };
    assert_eq!(page(1, 5).await, [1, 2, 3, 4, 5]);
    assert_eq!(page(6, 5).await, [6, 7, 8, 9, 10]);
    assert_eq!(page(11, 5).await, [11, 12]);
    assert_eq!(page(12, usize::MAX).await, [12]);
    assert_eq!(page(0, 2).await, [1, 2]);
    assert!(page(1, 0).await.is_empty());
    assert!(page(13, 5).await.is_empty());
    assert!(page(u64::MAX, 5).await.is_empty());
    let unknown = store.read_stream(stream_id(9), Version::FIRST, 5).await;
    assert!(unknown.unwrap().is_empty());
}

/// Reading everything starts and ends where it is told, and goes on where it left off.
async fn the_ledger_is_read_in_pages(store: &impl EventStore) {
    for command in 1..=3 {
        let next = append(command, ExpectedVersion::NoStream, entries_of(command, 4));
        store.append(next).await.unwrap();
    }
    let page = async |from: u64, limit| -> Vec<u64> {
        let page = store.read_all(Position::new(from), limit).await.unwrap();
        page.iter().map(|entry| entry.position.get()).collect()
    };
    assert_eq!(page(0, 5).await, [0, 1, 2, 3, 4]);
    assert_eq!(page(5, 5).await, [5, 6, 7, 8, 9]);
    assert_eq!(page(10, 5).await, [10, 11]);
    assert_eq!(page(11, usize::MAX).await, [11]);
    assert!(page(0, 0).await.is_empty());
    assert!(page(12, 5).await.is_empty());
    assert!(page(u64::MAX, 5).await.is_empty());
}

/// Read without personal parts, the entries are the same but for these.
async fn the_ledger_is_read_without_its_parts(store: &impl EventStore) {
    for command in 1..=3 {
        let next = append(command, ExpectedVersion::NoStream, entries_of(command, 4));
        store.append(next).await.unwrap();
    }
    for (from, limit) in [(0, 5), (5, 5), (10, 5), (12, 5), (3, 0), (0, usize::MAX)] {
        let from = Position::new(from);
        let mut page = store.read_all(from, limit).await.unwrap();
        let had_parts = page.iter().any(|entry| !entry.content.parts.is_empty());
        assert!(had_parts || page.len() < 2, "nothing was left out");
        for entry in &mut page {
            entry.content.parts.clear();
        }
        let public = store.read_public(from, limit).await.unwrap();
        assert!(public == page, "{public:?}");
    }
}

/// The entries of a command are found by its id, in order and without those of others.
async fn a_command_is_read_back(store: &impl EventStore) {
    let first = append(1, ExpectedVersion::Any, entries_of(1, 2));
    let second = append(2, ExpectedVersion::Any, entries_of(2, 3));
    store.append(first).await.unwrap();
    store.append(second).await.unwrap();
    let found = store.read_command(command_id(2)).await.unwrap();
    assert!(found == everything(store).await[2..], "{found:?}");
    let unknown = store.read_command(command_id(3)).await;
    assert!(unknown.unwrap().is_empty());
}

/// A wait for an entry that is there ends at once; the others end when theirs is stored, however many they are.
async fn a_wait_ends_when_the_entry_is_there(store: &impl EventStore) {
    let first = append(1, ExpectedVersion::Any, entries_of(1, 2));
    store.append(first).await.unwrap();
    store.wait_for(Position::new(0)).await.unwrap();
    store.wait_for(Position::new(1)).await.unwrap();

    type Step<'a> = Pin<Box<dyn Future<Output = Option<Position>> + 'a>>;
    let mut steps: Vec<Step<'_>> = Vec::new();
    for number in 0..32 {
        steps.push(Box::pin(async move {
            store.wait_for(Position::new(2 + number % 4)).await.unwrap();
            store.head().await.unwrap()
        }));
    }
    for command in 2..=3 {
        steps.push(Box::pin(async move {
            let later = append(command, ExpectedVersion::Any, entries_of(command, 2));
            store.append(later).await.unwrap();
            None
        }));
    }
    let heads = join_all(steps).await;
    for (number, head) in (0..32).zip(heads) {
        let waited_for = Position::new(2 + number % 4);
        assert!(head >= Some(waited_for), "woken before the entry was there");
    }
}
