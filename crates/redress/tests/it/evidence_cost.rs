//! What signing and proving read of a ledger: what is new, not the whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pollster::block_on;
use redress::archive::Archive;
use redress::evidence::SigningKey;
use redress::store::{
    Append, AppendError, Appended, Entry, EventStore, MemoryStore, Remains, StoreError, StreamId,
};
use redress::{CommandId, Evidence, Ledger, Policy, Position, SystemEnvironment, Version};
use uuid::Uuid;

use crate::wishes::{complaint, note, receive, wish};

/// A store that counts the entries that are read from it.
#[derive(Clone)]
struct Counted {
    store: Arc<MemoryStore>,
    read: Arc<AtomicUsize>,
}

impl Counted {
    fn count(&self, entries: Result<Vec<Entry>, StoreError>) -> Result<Vec<Entry>, StoreError> {
        if let Ok(entries) = &entries {
            self.read.fetch_add(entries.len(), Ordering::Relaxed);
        }
        entries
    }

    /// How many were read since this was asked last.
    fn taken(&self) -> usize {
        self.read.swap(0, Ordering::Relaxed)
    }
}

impl EventStore for Counted {
    fn ledger_id(&self) -> Uuid {
        self.store.ledger_id()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.store.append(append).await
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.count(self.store.read_stream(stream, from, limit).await)
    }

    async fn read_all(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        // As a page of a database: what is asked for, not all there is.
        self.count(self.store.read_all(from, limit).await)
    }

    async fn read_command(&self, command: CommandId) -> Result<Vec<Entry>, StoreError> {
        self.store.read_command(command).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.store.head().await
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        self.store.erase_parts(remains).await
    }

    async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        self.store.wait_for(position).await
    }
}

#[test]
fn signing_reads_what_is_new_and_proving_what_is_proven() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let key = SigningKey::from_seed("example.org/complaints", &[7; 32]).unwrap();
    let store = Counted {
        store: Arc::new(MemoryStore::new(Uuid::from_u128(1))),
        read: Arc::default(),
    };
    let archive = Archive::in_memory(store.ledger_id()).unwrap();
    let environment = SystemEnvironment;
    let ledger = Ledger::unsealed(store.clone(), archive, Policy::standard(), environment);
    let record = |numbers: std::ops::Range<u128>| {
        for number in numbers {
            let wishes = [
                wish(number * 2, receive()),
                wish(number * 2 + 1, note("seen")),
            ];
            for wish in wishes {
                block_on(ledger.submit(complaint(number), wish))
                    .unwrap()
                    .unwrap();
            }
        }
    };
    let opened = || block_on(Evidence::open(ledger.clone(), &path)).unwrap();

    record(1..201);
    store.taken();
    block_on(opened().checkpoint(&key)).unwrap();
    // The first one folds all, the rules among them, and reads all again before it is signed.
    assert_eq!(store.taken(), 2 * 401);
    record(201..203);
    store.taken();
    let second = block_on(opened().checkpoint(&key)).unwrap();
    assert!(second.text().starts_with("example.org/complaints\n405\n"));
    // The last one that was folded, the four new ones folded, and read again before they are signed.
    assert_eq!(store.taken(), 1 + 4 + 4);
    let proof = block_on(opened().prove(complaint(7))).unwrap();
    assert_eq!(proof.facts.len(), 2);
    assert_eq!(store.taken(), 1 + 2);
    // Another key has signed nothing yet.
    let other = SigningKey::from_seed("example.org/complaints", &[8; 32]).unwrap();
    block_on(opened().checkpoint(&other)).unwrap();
    assert_eq!(store.taken(), 1 + 405);
}
