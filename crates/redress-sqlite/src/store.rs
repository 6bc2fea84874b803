//! The store: opening and creating it, and the promises of [`EventStore`] kept by its threads.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redress_core::{CommandId, Position, Version};
use redress_store::admission::check_limits;
use redress_store::{
    Append, AppendError, Appended, Arrivals, Entry, EventStore, Remains, StoreError,
    StoreErrorKind, StreamId,
};
use rusqlite::Connection;
use uuid::Uuid;

use crate::fault::from_io;
use crate::file::{self, Found};
use crate::lock::WriterLock;
use crate::reader::{Query, Readers};
use crate::restore;
use crate::watcher::Watcher;
use crate::writer::Writer;

/// How a store works; what it stores does not depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// How many threads read at a time.
    pub readers: NonZeroUsize,
}

impl Default for Options {
    /// As many readers as the machine runs threads at a time, up to four.
    fn default() -> Self {
        let most = NonZeroUsize::MIN.saturating_add(3);
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            readers: threads.min(most),
        }
    }
}

/// A ledger in one SQLite file.
///
/// Appends that wait together are made durable together. An append whose future is dropped before it was answered may
/// be stored all the same; sending it again tells. When a write fails, the store stops: appends in flight get the
/// failure, later ones [`StoreErrorKind::Closed`]. What was acknowledged is safe, and opening the ledger again shows
/// what else was stored.
///
/// Dropping the store waits until the appends on their way are stored and its threads have ended.
///
/// ```
/// use redress_sqlite::{Options, SqliteStore};
/// use redress_store::EventStore;
/// use uuid::Uuid;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("complaints.redress");
/// let store = SqliteStore::create(&path, Uuid::from_u128(7), Options::default())?;
/// assert_eq!(store.ledger_id(), Uuid::from_u128(7));
///
/// let second = SqliteStore::open(&path, Options::default());
/// assert!(second.is_err_and(|error| error.is_locked()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SqliteStore {
    ledger_id: Uuid,
    path: PathBuf,
    arrivals: Arc<Arrivals>,
    // The order of the fields matters: the writer's connection must be the last one to close, for it tidies up.
    readers: Readers,
    access: Access,
}

/// Whether the store may write.
enum Access {
    /// It alone writes.
    Write {
        writer: Writer,
        // Given back after the writer has ended.
        _lock: WriterLock,
    },
    /// It reads what others write.
    Read { _watcher: Watcher },
}

impl SqliteStore {
    /// Creates a ledger with no entries where there is no file yet.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of kind [`StoreErrorKind::NotFound`] where there is no such folder,
    /// [`StoreErrorKind::AlreadyExists`] where there is a file, [`StoreErrorKind::ReadOnly`] where none may be made,
    /// [`StoreErrorKind::Locked`] where another program is creating it, [`StoreErrorKind::Io`] for anything else.
    pub fn create(
        path: impl AsRef<Path>,
        ledger_id: Uuid,
        options: Options,
    ) -> Result<Self, StoreError> {
        Self::create_with(path.as_ref(), ledger_id, &options, |_| Ok(()))
    }

    /// Creates a ledger of entries that were stored elsewhere, such as in a bundle, where there is no file yet: each at its
    /// position, with its version and time of recording, and what is left of parts that were erased. The file is there as
    /// a whole or not at all.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteStore::create`]; [`StoreErrorKind::Damaged`] at the first entry that cannot follow those before it or
    /// breaks a limit of the format; those of `entries` are passed on.
    pub fn restore(
        path: impl AsRef<Path>,
        ledger_id: Uuid,
        entries: impl IntoIterator<Item = Result<Entry, StoreError>>,
        options: Options,
    ) -> Result<Self, StoreError> {
        Self::create_with(path.as_ref(), ledger_id, &options, |connection| {
            restore::fill(connection, entries)
        })
    }

    fn create_with(
        path: &Path,
        ledger_id: Uuid,
        options: &Options,
        fill: impl FnOnce(&Connection) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let path = new_path(path)?;
        file::check_free(&path)?;
        let lock = WriterLock::acquire(&path)?;
        match file::create(&path, ledger_id, fill) {
            Ok(()) => Self::open_locked(path, lock, options),
            Err(error) => {
                lock.discard();
                Err(error)
            }
        }
    }

    /// Opens a ledger for reading and writing.
    ///
    /// # Errors
    ///
    /// [`StoreError`] of kind [`StoreErrorKind::NotFound`], [`StoreErrorKind::NotALedger`],
    /// [`StoreErrorKind::NewerFormat`], [`StoreErrorKind::ReadOnly`], [`StoreErrorKind::Locked`] where another store
    /// writes it, [`StoreErrorKind::Damaged`] or [`StoreErrorKind::Io`]. The file is as it was.
    pub fn open(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let path = file::resolve(path.as_ref())?;
        file::inspect(&path)?;
        if file::is_write_protected(&path) {
            return Err(read_only("the file is write-protected").at_path(path));
        }
        let lock = WriterLock::acquire(&path)?;
        Self::open_locked(path, lock, &options)
    }

    /// Opens a ledger for reading and writing, or creates it with this id where there is no file yet.
    ///
    /// # Errors
    ///
    /// Those of [`SqliteStore::open`] where there is a file, those of [`SqliteStore::create`] where there is none.
    pub fn open_or_create(
        path: impl AsRef<Path>,
        new_ledger_id: Uuid,
        options: Options,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref();
        match Self::open(path, options.clone()) {
            Err(error) if error.kind() == StoreErrorKind::NotFound => {
                Self::create(path, new_ledger_id, options)
            }
            opened => opened,
        }
    }

    /// Opens a ledger for reading, also while another process writes it. Appends get [`StoreErrorKind::ReadOnly`].
    ///
    /// # Errors
    ///
    /// [`StoreError`] of kind [`StoreErrorKind::NotFound`], [`StoreErrorKind::NotALedger`],
    /// [`StoreErrorKind::NewerFormat`], [`StoreErrorKind::Damaged`] or [`StoreErrorKind::Io`]. The file is as it was.
    pub fn open_read_only(path: impl AsRef<Path>, options: Options) -> Result<Self, StoreError> {
        let path = file::resolve(path.as_ref())?;
        file::inspect(&path)?;
        let (_connection, found) = file::open_reader(&path)?;
        let arrivals = Arc::new(Arrivals::new(found.last.map(|(position, _)| position)));
        let access = Access::Read {
            _watcher: Watcher::start(&path, Arc::clone(&arrivals))?,
        };
        Self::start(path, found, arrivals, access, &options)
    }

    fn open_locked(path: PathBuf, lock: WriterLock, options: &Options) -> Result<Self, StoreError> {
        let (connection, found) = match file::open_writer(&path) {
            Ok(opened) => opened,
            Err(error) => {
                lock.discard();
                return Err(error);
            }
        };
        Self::start_writing(path, lock, connection, found, options)
    }

    fn start_writing(
        path: PathBuf,
        lock: WriterLock,
        connection: Connection,
        found: Found,
        options: &Options,
    ) -> Result<Self, StoreError> {
        let arrivals = Arc::new(Arrivals::new(found.last.map(|(position, _)| position)));
        let access = Access::Write {
            writer: Writer::start(connection, found.last, Arc::clone(&arrivals))?,
            _lock: lock,
        };
        Self::start(path, found, arrivals, access, options)
    }

    fn start(
        path: PathBuf,
        found: Found,
        arrivals: Arc<Arrivals>,
        access: Access,
        options: &Options,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            ledger_id: found.ledger_id,
            readers: Readers::start(&path, options.readers.get())?,
            path,
            arrivals,
            access,
        })
    }

    /// The path of the ledger file, behind any links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore")
            .field("ledger_id", &self.ledger_id)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

fn new_path(path: &Path) -> Result<PathBuf, StoreError> {
    let create = |error| from_io("create the ledger", path, error);
    let absolute = std::path::absolute(path).map_err(create)?;
    match (absolute.parent(), absolute.file_name()) {
        (Some(folder), Some(name)) => Ok(folder.canonicalize().map_err(create)?.join(name)),
        (None, _) | (_, None) => Err(StoreError::new(
            StoreErrorKind::NotALedger,
            "this path names no file",
        )
        .at_path(path)),
    }
}

fn read_only(why: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::ReadOnly,
        format!("{why}; open the ledger for reading only, or let it be written"),
    )
}

impl EventStore for SqliteStore {
    fn ledger_id(&self) -> Uuid {
        self.ledger_id
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        check_limits(&append).map_err(AppendError::Invalid)?;
        match &self.access {
            Access::Write { writer, .. } => writer.append(append).await,
            Access::Read { .. } => Err(read_only("the store was opened for reading only")
                .at_path(&self.path)
                .into()),
        }
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let query = Query::Stream {
            stream,
            from,
            limit,
        };
        self.readers.read(query).await
    }

    async fn read_all(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.readers.read(Query::Ledger { from, limit }).await
    }

    async fn read_public(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.readers.read(Query::Public { from, limit }).await
    }

    async fn read_command(&self, command: CommandId) -> Result<Vec<Entry>, StoreError> {
        self.readers.read(Query::Command(command)).await
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        match &self.access {
            Access::Write { writer, .. } => writer.erase_parts(remains).await,
            Access::Read { .. } => {
                Err(read_only("the store was opened for reading only").at_path(&self.path))
            }
        }
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        match &self.access {
            Access::Write { .. } => Ok(self.arrivals.head()),
            Access::Read { .. } => {
                let last = self.readers.read(Query::Last).await?;
                Ok(last.first().map(|entry| entry.position))
            }
        }
    }

    async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        if self.head().await? >= Some(position) {
            return Ok(());
        }
        self.arrivals.wait_for(position).await
    }
}
