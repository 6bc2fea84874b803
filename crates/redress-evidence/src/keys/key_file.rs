//! A wrapping key in a file of its own: 64 hexadecimal digits, readable by its owner alone.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use redress_store::file::{open_plain, sync_folder};
use zeroize::Zeroizing;

use super::error::KeyStoreError;
use super::file::{remove_leftover, replace, wipe};
use super::wrapping::WrappingKey;

/// More than a key file holds, so that reading one leaves no copy of a key behind in memory.
const KEY_FILE_BYTES: usize = 256;

impl WrappingKey {
    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`] when it cannot be read, [`KeyStoreError::Damaged`] when it does not hold a key.
    pub fn load(path: &Path) -> Result<Self, KeyStoreError> {
        let mut text = Zeroizing::new(String::with_capacity(KEY_FILE_BYTES));
        open_plain(path)
            .and_then(|mut file| file.read_to_string(&mut text))
            .map_err(|cause| KeyStoreError::io(path, "read", cause))?;
        Self::from_text(&text)
            .ok_or_else(|| KeyStoreError::damaged(path, "its one line, which is no key"))
    }

    /// Writes a key file in the place of whatever stands there, durably.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`] when it cannot be written, or for a passphrase, which is not to be kept in a file.
    pub fn save(&self, path: &Path) -> Result<(), KeyStoreError> {
        let refused = || {
            let cause = io::Error::from(io::ErrorKind::Unsupported);
            KeyStoreError::io(path, "written", cause)
        };
        let text = self.to_text().ok_or_else(refused)?;
        replace(path, text.as_bytes()).map(drop)
    }

    /// Removes a key file, overwritten before, and what was left of writing it; durable when this returns. That there is
    /// none is fine.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`] when it cannot be removed.
    pub fn remove(path: &Path) -> Result<(), KeyStoreError> {
        remove_leftover(path)?;
        let removed = OpenOptions::new()
            .write(true)
            .open(path)
            .and_then(|file| wipe(&file))
            .and_then(|()| fs::remove_file(path))
            .and_then(|()| sync_folder(path));
        match removed {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                Err(KeyStoreError::io(path, "removed", cause))
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
