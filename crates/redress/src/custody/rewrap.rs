//! Putting another secret in the place of the one that the keys of a ledger are wrapped with.
//!
//! The new secret is on disk before the key store needs it, and the old one until it is needed no more. So a program that
//! is killed at any moment leaves a secret that opens the store, and opening the ledger or rewrapping again ends what it
//! began.

use std::path::Path;

use redress_evidence::keys::{FileKeys, KeyStoreError, WrappingKey};
use redress_sqlite::{Options, SqliteStore};
use redress_store::EventStore;

use super::{Files, is_other_secret, is_there};
use crate::error::LedgerError;

/// Wraps the keys of the ledger in this file under another secret. The ledger itself is not touched, and must not be open.
///
/// `None` stands for the key file beside the ledger: `before`, for the one that is there; `after`, for one with a new key,
/// which takes its place. Where the keys are wrapped under a secret of the caller's, the key file is overwritten and
/// removed. Called again after it was killed, it comes to its end.
///
/// Whoever has a copy of the key store from before and the secret from before can still read what they could read.
///
/// # Errors
///
/// [`LedgerError::Store`] when the ledger cannot be opened, [`LedgerError::NoKeyStore`] where it has no key store,
/// [`LedgerError::Keys`] when the store does not open with `before`, is open elsewhere, or a file cannot be written.
///
/// ```
/// use redress::evidence::keys::WrappingKey;
/// use redress::{Ledger, Policy, rewrap};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("complaints.redress");
/// drop(Ledger::open(&path, Policy::standard())?);
/// assert!(path.with_extension("key").exists());
///
/// let secret = || WrappingKey::key([9; 32]);
/// rewrap(&path, None, Some(secret()))?;
/// assert!(!path.with_extension("key").exists());
/// assert!(Ledger::open(&path, Policy::standard()).is_err());
/// assert!(Ledger::open_with(&path, Policy::standard(), secret()).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn rewrap(
    ledger: impl AsRef<Path>,
    before: Option<WrappingKey>,
    after: Option<WrappingKey>,
) -> Result<(), LedgerError> {
    let ledger = ledger.as_ref();
    let id = SqliteStore::open_read_only(ledger, Options::default())?.ledger_id();
    let files = Files::beside(ledger, id);
    if !is_there(&files.keys) {
        return Err(LedgerError::NoKeyStore(files.keys));
    }
    match after {
        Some(after) => files.rewrap_under(before.as_ref(), &after, &|_| {})?,
        None => files.rewrap_under_key_file(before.as_ref(), &|_| {})?,
    }
    Ok(())
}

/// Told of each step that is done, by its name.
type Reached<'a> = &'a dyn Fn(&str);

impl Files {
    fn rewrap_under(
        &self,
        before: Option<&WrappingKey>,
        after: &WrappingKey,
        reached: Reached<'_>,
    ) -> Result<(), KeyStoreError> {
        let keys = self.open(before).or_else(|error| {
            // It was killed when the keys were wrapped already.
            if self.opens_with(after) {
                self.open(Some(after))
            } else {
                Err(error)
            }
        })?;
        keys.rewrap(after)?;
        reached("keys rewrapped");
        WrappingKey::remove(&self.key)?;
        reached("key file removed");
        Ok(())
    }

    fn rewrap_under_key_file(
        &self,
        before: Option<&WrappingKey>,
        reached: Reached<'_>,
    ) -> Result<(), KeyStoreError> {
        let keys = self.open(before).or_else(|error| {
            if is_other_secret(&error) {
                // It was killed when the key file had come into force already.
                self.open_with_key_file().map_err(|_| error)
            } else {
                Err(error)
            }
        })?;
        let after = WrappingKey::generate()?;
        after.save(&self.next)?;
        reached("next key written");
        keys.rewrap(&after)?;
        reached("keys rewrapped");
        self.settle(&after)?;
        reached("key file settled");
        Ok(())
    }

    fn opens_with(&self, secret: &WrappingKey) -> bool {
        FileKeys::open_read_only(&self.keys, self.id, secret).is_ok()
    }
}

#[cfg(test)]
mod tests;
