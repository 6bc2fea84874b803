//! The store in memory keeps the contract.

use pollster::block_on;
use redress_store::contract::{self, append, entry};
use redress_store::{EventStore, ExpectedVersion, MemoryStore};
use uuid::Uuid;

#[test]
fn the_store_in_memory_keeps_the_contract() {
    block_on(contract::check_all(async || {
        MemoryStore::new(Uuid::from_u128(1))
    }));
}

#[test]
fn threads_that_append_and_wait_meet() {
    let store = MemoryStore::new(Uuid::from_u128(1));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| block_on(store.wait_for(redress_core::Position::new(63))));
        for thread in 0..8 {
            let store = &store;
            scope.spawn(move || {
                for number in 0..8 {
                    let command = u128::from(thread * 8 + number);
                    let next = append(1, ExpectedVersion::Any, vec![entry(command, number)]);
                    block_on(store.append(next)).unwrap();
                }
            });
        }
        waiter.join().unwrap().unwrap();
    });
    let head = block_on(store.head()).unwrap();
    assert_eq!(head, Some(redress_core::Position::new(63)));
}
