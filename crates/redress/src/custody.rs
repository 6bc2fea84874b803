//! The files beside a ledger that guard its personal data: the key store, and the key that opens it.

use std::path::Path;

use redress_core::Position;
use redress_evidence::keys::{FileKeys, WrappingKey};
use redress_sqlite::SqliteStore;
use redress_store::{EventStore, PartKind};

use crate::error::LedgerError;
use crate::replay::PAGE;

/// The ending of the key store.
pub(crate) const KEYS: &str = "keys";
/// The ending of the key file.
pub(crate) const KEY: &str = "key";

/// Opens the key store beside a ledger, or makes it where nothing was sealed yet.
///
/// Without a secret the key file beside it is taken, and made where neither it nor the key store is there.
pub(crate) fn open(
    ledger: &Path,
    store: &SqliteStore,
    secret: Option<WrappingKey>,
) -> Result<FileKeys, LedgerError> {
    let path = ledger.with_extension(KEYS);
    let key_file = ledger.with_extension(KEY);
    let id = store.ledger_id();
    if is_there(&path) {
        let secret = secret.map_or_else(|| WrappingKey::load(&key_file), Ok)?;
        return Ok(FileKeys::open(path, id, &secret)?);
    }
    if pollster::block_on(has_sealed_parts(store))? {
        return Err(LedgerError::NoKeyStore(path));
    }
    let secret = match secret {
        Some(secret) => secret,
        None if is_there(&key_file) => WrappingKey::load(&key_file)?,
        None => {
            let secret = WrappingKey::generate()?;
            secret.save(&key_file)?;
            secret
        }
    };
    Ok(FileKeys::create(path, id, &secret)?)
}

/// Opens the key store beside a ledger for reading; `None` where there is none.
pub(crate) fn open_read_only(
    ledger: &Path,
    store: &SqliteStore,
    secret: Option<WrappingKey>,
) -> Result<Option<FileKeys>, LedgerError> {
    let path = ledger.with_extension(KEYS);
    if !is_there(&path) {
        return Ok(None);
    }
    let secret = secret.map_or_else(|| WrappingKey::load(&ledger.with_extension(KEY)), Ok)?;
    let keys = FileKeys::open_read_only(path, store.ledger_id(), &secret)?;
    Ok(Some(keys))
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
