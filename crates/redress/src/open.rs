//! Opening a ledger in a file, with its archive beside it.

use std::path::Path;

use redress_archive::Archive;
use redress_causes::Timeline;
use redress_core::Policy;
use redress_evidence::keys::WrappingKey;
use redress_sqlite::{Options, SqliteStore};
use redress_store::{EventStore, StoreError, StoreErrorKind};

use crate::blocking;
use crate::custody;
use crate::environment::{Environment, SystemEnvironment};
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::ledger_paths::{KEY, KEYS, LedgerPaths, NEXT_KEY, VIEWS};
use crate::proofs::Beside;
use crate::replay::is_source_of;
use crate::snapshots::{CAUSES, SLA, Snapshots};
use crate::vault::Vault;

impl Ledger<SqliteStore> {
    /// Opens the ledger in this file, or makes it; the archive goes beside it, with the ending `.views` in place of the
    /// ledger's own. Two ledgers in a folder need names that differ before the ending.
    ///
    /// `founding` are the rules of a ledger that has none recorded yet; one that has keeps its own (see [`Ledger::unsealed`]).
    /// Opening records nothing.
    ///
    /// The clock and randomness are the operating system's. Returns once every view is up to date. The archive is kept; the
    /// two views held in memory go on from their snapshots, with the endings `.sla` and `.causes`, which are written when
    /// the ledger is dropped (see [`Ledger::save_views`]). What does not fit, because it is damaged, or of another release, or
    /// the ledger was set back to an older copy, is folded anew from the facts; [`Ledger::rebuilt`] tells. Those of warnings are
    /// read and written only where they are asked for ([`Ledger::alerts`]).
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
        Self::open_with(path, founding, None)
    }

    /// Opens the ledger in this file, or makes it, with a secret of one's own for its key store: a passphrase, or a key
    /// from a service that keeps keys. No key file is made then.
    ///
    /// # Errors
    ///
    /// As [`Ledger::open`]; [`LedgerError::Keys`] also where the secret is not the one that the key store was made with.
    pub fn open_with(
        path: impl AsRef<Path>,
        founding: Policy,
        secret: impl Into<Option<WrappingKey>>,
    ) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        check_ending(path)?;
        let id = SystemEnvironment.random().map_err(LedgerError::Random)?;
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let store = SqliteStore::open_or_create(path, id, Options::default())?;
        pollster::block_on(Beside::of(path)?.check_not_truncated(&store))?;
        let keys = custody::open(path, &store, secret.into())?;
        let mut archive = Archive::open(LedgerPaths::of(path).views(), store.ledger_id())?;
        if !pollster::block_on(is_source_of(&store, &archive))? {
            archive.reset()?;
        }
        let snapshots = Snapshots::beside(path, store.ledger_id());
        let beside = (Some(snapshots), Vault::new(Some(Box::new(keys))));
        let ledger = Self::beside(store, archive, founding, SystemEnvironment, beside);
        pollster::block_on(ledger.check_keys())?;
        ledger.restore_views()?;
        pollster::block_on(ledger.fold_in_memory())?;
        ledger.load_archive()?;
        pollster::block_on(ledger.catch_up())?;
        Ok(ledger)
    }

    /// Folds what the archive is behind in large strokes; the other views follow when they catch up.
    fn load_archive(&self) -> Result<(), LedgerError> {
        let mut views = self.lock_views()?;
        let mut loader = views.archive.loader();
        pollster::block_on(self.replay().fold_into(&mut loader))?;
        Ok(loader.finish()?)
    }

    /// Opens a ledger to read it, also while another program writes it. Its archive is in memory, and views are folded
    /// when they are asked for.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when the file cannot be opened as a ledger, [`LedgerError::LedgerTruncated`] when it is smaller
    /// than the checkpoint signed last, [`LedgerError::Beside`] when that cannot be read, [`LedgerError::Keys`] when the key store
    /// beside it cannot. Without a key store sealed data cannot be read: [`LedgerError::Codec`] tells when they are met.
    pub fn open_read_only(
        path: impl AsRef<Path>,
        founding: Policy,
        secret: impl Into<Option<WrappingKey>>,
    ) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let store = SqliteStore::open_read_only(path, Options::default())?;
        // A ledger that bears the ending of such a file has none beside it, and can be read.
        if let Ok(beside) = Beside::of(path) {
            pollster::block_on(beside.check_not_truncated(&store))?;
        }
        let archive = Archive::in_memory(store.ledger_id())?;
        match custody::open_read_only(path, &store, secret.into())? {
            None => Ok(Self::unsealed(store, archive, founding, SystemEnvironment)),
            Some(keys) => pollster::block_on(Self::sealed(
                store,
                archive,
                founding,
                SystemEnvironment,
                keys,
            )),
        }
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

    /// See [`crate::Ledger::open_with`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::open_with`].
    pub fn open_with(
        path: impl AsRef<Path>,
        founding: Policy,
        secret: impl Into<Option<WrappingKey>>,
    ) -> Result<Self, LedgerError> {
        Ledger::open_with(path, founding, secret).map(Self::from)
    }

    /// See [`crate::Ledger::open_read_only`].
    ///
    /// # Errors
    ///
    /// As [`crate::Ledger::open_read_only`].
    pub fn open_read_only(
        path: impl AsRef<Path>,
        founding: Policy,
        secret: impl Into<Option<WrappingKey>>,
    ) -> Result<Self, LedgerError> {
        Ledger::open_read_only(path, founding, secret).map(Self::from)
    }
}

/// Refuses a ledger of a name that would take the place of what stands beside it.
pub(crate) fn check_ending(path: &Path) -> Result<(), StoreError> {
    let paths = LedgerPaths::of(path);
    let resolved = paths.ledger();
    let is_taken = [
        VIEWS,
        SLA,
        CAUSES,
        Timeline::Recorded.view_name(),
        Timeline::Occurred.view_name(),
        KEYS,
        KEY,
        NEXT_KEY,
    ]
    .into_iter()
    .any(|ending| resolved.with_extension(ending) == resolved);
    if !is_taken {
        return Ok(());
    }
    let message = "the endings .views, .sla, .causes, .alerts, .alerts-occurred, .keys, .key and .next-key are for what stands beside a ledger; \
         give the ledger another ending";
    Err(StoreError::new(StoreErrorKind::NotALedger, message).at_path(path))
}
