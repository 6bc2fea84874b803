//! A store in which something happens just before an append, or before a history is read.

use std::sync::{Arc, Mutex};

use redress::store::{
    Append, AppendError, Appended, Entry, EventStore, MemoryStore, Remains, StoreError, StreamId,
};
use redress::{CommandId, Position, Version};
use uuid::Uuid;

use crate::world::LEDGER;

type Hook = Box<dyn FnMut(&Append) -> Option<AppendError> + Send>;

/// A store in memory that others share; before an append, the hook may act, or fail the append.
pub(crate) struct Meddled {
    inner: Arc<MemoryStore>,
    hook: Mutex<Hook>,
    before_reading: Mutex<Box<dyn FnMut() + Send>>,
}

impl Meddled {
    pub(crate) fn new() -> Self {
        Self {
            inner: Arc::new(MemoryStore::new(LEDGER)),
            hook: Mutex::new(Box::new(|_| None)),
            before_reading: Mutex::new(Box::new(|| {})),
        }
    }

    /// The same entries, without the hook.
    pub(crate) fn shared(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            ..Self::new()
        }
    }

    pub(crate) fn meddle(&self, hook: impl FnMut(&Append) -> Option<AppendError> + Send + 'static) {
        *self.hook.lock().unwrap() = Box::new(hook);
    }

    pub(crate) fn before_reading(&self, act: impl FnMut() + Send + 'static) {
        *self.before_reading.lock().unwrap() = Box::new(act);
    }
}

impl EventStore for Meddled {
    fn ledger_id(&self) -> Uuid {
        self.inner.ledger_id()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let failure = (self.hook.lock().unwrap())(&append);
        match failure {
            Some(error) => Err(error),
            None => self.inner.append(append).await,
        }
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        (self.before_reading.lock().unwrap())();
        self.inner.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.inner.read_all(from, limit).await
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        self.inner.erase_parts(remains).await
    }

    async fn read_command(&self, command: CommandId) -> Result<Vec<Entry>, StoreError> {
        self.inner.read_command(command).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.inner.head().await
    }

    async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        self.inner.wait_for(position).await
    }
}
