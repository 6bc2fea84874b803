//! A ledger to try things on: a store in memory with entries of several streams.

use pollster::block_on;
use redress_core::Position;
use redress_evidence::{EvidenceLog, MemoryNodes, SigningKey, VerifierKey};
use redress_store::contract::{append, entry};
use redress_store::{Entry, EventStore, ExpectedVersion, MemoryStore};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "example.org/complaints";

/// A store with so many entries, in seven streams, some with a personal part.
pub(crate) fn store(size: u32) -> MemoryStore {
    let store = MemoryStore::new(Uuid::from_u128(0x1ed6e7));
    extend(&store, 0, size);
    store
}

/// Adds entries, numbered from `from` up to `to`.
pub(crate) fn extend(store: &MemoryStore, from: u32, to: u32) {
    for number in from..to {
        let stream = u128::from(number % 7) + 1;
        let entries = vec![entry(u128::from(number) + 1, number)];
        block_on(store.append(append(stream, ExpectedVersion::Any, entries))).unwrap();
    }
}

pub(crate) fn entries(store: &MemoryStore) -> Vec<Entry> {
    block_on(store.read_all(Position::FIRST, usize::MAX)).unwrap()
}

/// The tree of a store.
pub(crate) fn log(store: &MemoryStore) -> EvidenceLog<MemoryNodes> {
    let mut log = EvidenceLog::open(store.ledger_id(), MemoryNodes::default()).unwrap();
    block_on(log.catch_up(store)).unwrap();
    log
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

pub(crate) fn verifiers() -> Vec<VerifierKey> {
    vec![key().verifier().clone()]
}
