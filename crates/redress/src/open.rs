//! Opening a ledger in a file, with its archive beside it.

use std::path::Path;

use redress_archive::Archive;
use redress_core::Policy;
use redress_sqlite::{Options, SqliteStore};
use redress_store::{EventStore, StoreError, StoreErrorKind};

use crate::blocking;
use crate::environment::{Environment, SystemEnvironment};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::proofs::Beside;
use crate::replay::Replay;
use crate::snapshots::Snapshots;

/// The ending of the file in which the archive is kept.
const VIEWS: &str = "views";

impl Ledger<SqliteStore> {
    /// Opens the ledger in this file, or makes it; the archive goes beside it, with the ending `.views` in place of the
    /// ledger's own. Two ledgers in a folder need names that differ before the ending.
    ///
    /// `founding` are the rules of a ledger that has none recorded yet; one that has keeps its own (see [`Ledger::with`]).
    /// Opening records nothing.
    ///
    /// The clock and randomness are the operating system's. Returns once every view is up to date. The archive is kept; the
    /// two views held in memory go on from their snapshots, with the endings `.sla` and `.causes`, which are written when
    /// the ledger is dropped (see [`Ledger::save_views`]). What does not fit, because it is damaged, or of another release, or
    /// the ledger was set back to an older copy, is folded anew from the facts; [`Ledger::rebuilt`] tells.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when the file cannot be opened as a ledger, [`LedgerError::LedgerTruncated`] when it is smaller
    /// than the checkpoint signed last, [`LedgerError::Beside`] when that cannot be read, [`LedgerError::Archive`] when the archive
    /// beside it cannot, [`LedgerError::Codec`] when a fact cannot be read, [`LedgerError::View`] when a view cannot
    /// fold one.
    ///
    /// ```
    /// use redress::{Ledger, Policy};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let ledger = Ledger::open(folder.path().join("complaints.redress"), Policy::standard())?;
    /// assert!(folder.path().join("complaints.views").exists());
    /// # drop(ledger);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>, founding: Policy) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let beside = path.with_extension(VIEWS);
        if beside == path || Snapshots::take_the_place_of(path) {
            return Err(taken_by_views(path).into());
        }
        let id = SystemEnvironment.random().map_err(LedgerError::Random)?;
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let store = SqliteStore::open_or_create(path, id, Options::default())?;
        pollster::block_on(Beside::of(path)?.check_not_truncated(&store))?;
        let mut archive = Archive::open(beside, store.ledger_id())?;
        if !pollster::block_on(Replay::new(&store).is_source_of(&archive))? {
            archive.reset()?;
        }
        let snapshots = Snapshots::beside(path, store.ledger_id());
        let ledger = Self::beside(store, archive, founding, SystemEnvironment, Some(snapshots));
        ledger.restore_views()?;
        pollster::block_on(ledger.catch_up())?;
        Ok(ledger)
    }
}

impl blocking::Ledger<SqliteStore> {
    /// See [`crate::Ledger::open`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::open`].
    pub fn open(path: impl AsRef<Path>, founding: Policy) -> Result<Self, LedgerError> {
        Ledger::open(path, founding).map(Self::from)
    }
}

fn taken_by_views(path: &Path) -> StoreError {
    StoreError::new(
        StoreErrorKind::NotALedger,
        "the endings .views, .sla and .causes are for what stands beside a ledger; give the ledger another ending",
    )
    .at_path(path)
}
