//! A store that lives in memory, for tests, trials and derived ledgers.

use std::collections::HashMap;
use std::sync::RwLock;

use redress_core::{CommandId, Position, Timestamp, Version};
use uuid::Uuid;

use crate::admission::{check_limits, check_version, find_duplicate};
use crate::arrivals::Arrivals;
use crate::entry::{Entry, PartKind, StreamId};
use crate::error::{AppendError, StoreError, StoreErrorKind};
use crate::store::{Append, Appended, EventStore, Remains};

/// A store in memory: it keeps every promise but the one to outlive the process.
///
/// ```
/// use redress_store::{EventStore, MemoryStore};
/// use uuid::Uuid;
///
/// let store = MemoryStore::new(Uuid::from_u128(7));
/// assert_eq!(store.ledger_id(), Uuid::from_u128(7));
/// assert_eq!(pollster::block_on(store.head()).unwrap(), None);
/// ```
#[derive(Debug)]
pub struct MemoryStore {
    ledger_id: Uuid,
    ledger: RwLock<Ledger>,
    arrivals: Arrivals,
}

/// Every entry, with the places of those of a stream and of a command.
#[derive(Debug, Default)]
struct Ledger {
    entries: Vec<Entry>,
    streams: HashMap<StreamId, Vec<usize>>,
    commands: HashMap<CommandId, Vec<usize>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new(ledger_id: Uuid) -> Self {
        Self {
            ledger_id,
            ledger: RwLock::default(),
            arrivals: Arrivals::new(None),
        }
    }

    fn append_now(&self, append: Append) -> Result<Appended, AppendError> {
        check_limits(&append).map_err(AppendError::Invalid)?;
        let mut ledger = self.ledger.write().map_err(|_| half_written())?;
        if let Some(first) =
            find_duplicate(&append, |command| Ok(ledger.command(command).collect()))?
        {
            return Ok(first);
        }
        let actual = ledger.last_version(append.stream);
        check_version(&append, actual)?;
        let appended = ledger.push(append, actual);
        let head = ledger.head();
        drop(ledger);
        if let Some(head) = head {
            self.arrivals.announce(head);
        }
        Ok(appended)
    }

    /// Entries from the ledger as it is now.
    fn read(&self, select: impl FnOnce(&Ledger) -> Vec<Entry>) -> Result<Vec<Entry>, StoreError> {
        let ledger = self.ledger.read().map_err(|_| half_written())?;
        Ok(select(&ledger))
    }
}

/// A panic while entries were being added (out of memory) may have left some of them behind.
fn half_written() -> StoreError {
    StoreError::new(
        StoreErrorKind::Closed,
        "the store in memory stopped after a failed append",
    )
}

impl Ledger {
    fn head(&self) -> Option<Position> {
        self.entries.last().map(|entry| entry.position)
    }

    fn last_version(&self, stream: StreamId) -> Option<Version> {
        let place = self.streams.get(&stream)?.last()?;
        Some(self.entries.get(*place)?.version)
    }

    fn command(&self, command: CommandId) -> impl Iterator<Item = Entry> {
        self.at(self.commands.get(&command).map(Vec::as_slice))
    }

    fn at(&self, places: Option<&[usize]>) -> impl Iterator<Item = Entry> {
        places
            .into_iter()
            .flatten()
            .filter_map(|place| self.entries.get(*place).cloned())
    }

    fn push(&mut self, append: Append, actual: Option<Version>) -> Appended {
        let last_recorded = self.entries.last().map(|entry| entry.recorded_at);
        let recorded_at: Timestamp = append
            .recorded_at
            .max(last_recorded.unwrap_or(append.recorded_at));
        let first_position = self.head().map_or(Position::FIRST, Position::next);
        let mut version = actual;
        let mut position = first_position;
        let count = append.entries.len();
        for content in append.entries {
            let next = version.map_or(Version::FIRST, Version::next);
            let place = self.entries.len();
            self.streams.entry(append.stream).or_default().push(place);
            self.commands
                .entry(content.command_id)
                .or_default()
                .push(place);
            self.entries.push(Entry {
                position,
                stream: append.stream,
                version: next,
                recorded_at,
                content,
            });
            version = Some(next);
            position = position.next();
        }
        Appended {
            first_position,
            last_version: version.unwrap_or(Version::FIRST),
            count,
            recorded_at,
            duplicate: false,
        }
    }
}

impl EventStore for MemoryStore {
    fn ledger_id(&self) -> Uuid {
        self.ledger_id
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.append_now(append)
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        // Versions have no gaps, so the first place wanted is known without a search.
        let start = from.get().saturating_sub(Version::FIRST.get());
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        self.read(|ledger| {
            let places = ledger.streams.get(&stream).map(Vec::as_slice);
            let wanted = places.and_then(|places| places.get(start..));
            ledger.at(wanted).take(limit).collect()
        })
    }

    async fn read_all(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let start = usize::try_from(from.get()).unwrap_or(usize::MAX);
        self.read(|ledger| {
            let entries = ledger.entries.iter();
            entries.skip(start).take(limit).cloned().collect()
        })
    }

    async fn read_command(&self, command: CommandId) -> Result<Vec<Entry>, StoreError> {
        self.read(|ledger| ledger.command(command).collect())
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        let mut ledger = self.ledger.write().map_err(|_| half_written())?;
        let mut erased = 0;
        for left in remains {
            let place = usize::try_from(left.position.get()).unwrap_or(usize::MAX);
            let entry = ledger.entries.get_mut(place);
            let part = entry.and_then(|entry| entry.content.parts.get_mut(left.number));
            if let Some(part) = part.filter(|part| part.kind != PartKind::Erased) {
                *part = left.part;
                erased += 1;
            }
        }
        Ok(erased)
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        let ledger = self.ledger.read().map_err(|_| half_written())?;
        Ok(ledger.head())
    }

    async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        self.arrivals.wait_for(position).await
    }
}
