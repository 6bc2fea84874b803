//! The files beside a ledger that guard its personal data: the key store, and the key file that opens it.

mod rewrap;

use std::path::{Path, PathBuf};

use redress_core::Position;
use redress_evidence::keys::{FileKeys, KeyStoreError, WrappingKey};
use redress_sqlite::SqliteStore;
use redress_store::{EventStore, PartKind};
use uuid::Uuid;

use crate::error::LedgerError;
use crate::ledger_paths::LedgerPaths;
use crate::replay::PAGE;

pub use rewrap::rewrap;

/// Opens the key store beside a ledger, or makes it where nothing was sealed yet.
///
/// Without a secret the key file beside it is taken, and made where neither it nor the key store is there.
pub(crate) fn open(
    ledger: &Path,
    store: &SqliteStore,
    secret: Option<WrappingKey>,
) -> Result<FileKeys, LedgerError> {
    let files = Files::beside(ledger, store.ledger_id());
    if is_there(&files.keys) {
        return Ok(files.open(secret.as_ref())?);
    }
    if pollster::block_on(has_sealed_parts(store))? {
        return Err(LedgerError::NoKeyStore(files.keys));
    }
    let secret = match secret {
        Some(secret) => secret,
        None if is_there(&files.key) => WrappingKey::load(&files.key)?,
        None => {
            let secret = WrappingKey::generate()?;
            secret.save(&files.key)?;
            secret
        }
    };
    Ok(FileKeys::create(files.keys, store.ledger_id(), &secret)?)
}

/// Opens the key store beside a ledger for reading; `None` where there is none.
pub(crate) fn open_read_only(
    ledger: &Path,
    store: &SqliteStore,
    secret: Option<WrappingKey>,
) -> Result<Option<FileKeys>, LedgerError> {
    let files = Files::beside(ledger, store.ledger_id());
    if !is_there(&files.keys) {
        return Ok(None);
    }
    let open = |secret: &WrappingKey| FileKeys::open_read_only(&files.keys, files.id, secret);
    let opened = match secret {
        Some(secret) => open(&secret)?,
        None => match files.next_key()?.map(|next| open(&next)) {
            Some(Err(error)) if !is_other_secret(&error) => return Err(error.into()),
            Some(Ok(keys)) => keys,
            Some(Err(_)) | None => open(&WrappingKey::load(&files.key)?)?,
        },
    };
    Ok(Some(opened))
}

/// The key store beside a ledger, and the files that may hold what opens it.
struct Files {
    id: Uuid,
    keys: PathBuf,
    key: PathBuf,
    next: PathBuf,
}

impl Files {
    fn beside(ledger: &Path, id: Uuid) -> Self {
        let paths = LedgerPaths::of(ledger);
        Self {
            id,
            keys: paths.keys(),
            key: paths.key(),
            next: paths.next_key(),
        }
    }

    /// Opens the key store with this secret, or with the key file, and ends what a rotation that was killed has left.
    fn open(&self, secret: Option<&WrappingKey>) -> Result<FileKeys, KeyStoreError> {
        let Some(secret) = secret else {
            return self.open_with_key_file();
        };
        let keys = FileKeys::open(&self.keys, self.id, secret)?;
        // It opens with something else, so the next key file never came into force.
        WrappingKey::remove(&self.next)?;
        Ok(keys)
    }

    fn open_with_key_file(&self) -> Result<FileKeys, KeyStoreError> {
        if let Some(next) = self.next_key()? {
            match FileKeys::open(&self.keys, self.id, &next) {
                Ok(keys) => {
                    self.settle(&next)?;
                    return Ok(keys);
                }
                Err(error) if is_other_secret(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.open(Some(&WrappingKey::load(&self.key)?))
    }

    /// The key that is to take the place of the other one; `None` also where it was overwritten already to be removed, which
    /// happens only once the other file holds the same key, durably.
    fn next_key(&self) -> Result<Option<WrappingKey>, KeyStoreError> {
        if !is_there(&self.next) {
            return Ok(None);
        }
        match WrappingKey::load(&self.next) {
            Err(KeyStoreError::Damaged { .. }) if is_there(&self.key) => Ok(None),
            loaded => loaded.map(Some),
        }
    }

    /// Makes the next key file the one that is read.
    fn settle(&self, next: &WrappingKey) -> Result<(), KeyStoreError> {
        next.save(&self.key)?;
        WrappingKey::remove(&self.next)
    }
}

/// Whether a key store is as it should be, and opens with something else.
const fn is_other_secret(error: &KeyStoreError) -> bool {
    matches!(
        error,
        KeyStoreError::WrongKey(_) | KeyStoreError::OtherWrapping { .. }
    )
}

// What cannot be looked at is there: nothing may be made in its place.
fn is_there(path: &Path) -> bool {
    path.try_exists().unwrap_or(true)
}

async fn has_sealed_parts(store: &impl EventStore) -> Result<bool, LedgerError> {
    let mut next = Position::FIRST;
    loop {
        let entries = store.read_all(next, PAGE).await?;
        let mut parts = entries.iter().flat_map(|entry| &entry.content.parts);
        if parts.any(|part| part.kind != PartKind::Plain) {
            return Ok(true);
        }
        match entries.last() {
            Some(last) => next = last.position.next(),
            None => return Ok(false),
        }
    }
}
