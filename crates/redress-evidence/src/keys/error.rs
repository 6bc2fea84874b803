//! What can go wrong with a key store.

use std::io;
use std::path::{Path, PathBuf};

use super::KeyId;

/// A key store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyStoreError {
    /// The operating system reports a failure.
    #[error("the key store {path} cannot be {what}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        #[source]
        cause: io::Error,
    },
    /// Another program holds it.
    #[error("another program holds the key store {0}; close it there and try again")]
    Locked(PathBuf),
    /// The file is no key store.
    #[error("{0} is not a key store; nothing was changed")]
    NotAKeyStore(PathBuf),
    /// It belongs to another ledger.
    #[error("the key store {0} belongs to another ledger; put this ledger's own in its place")]
    OtherLedger(PathBuf),
    /// The passphrase, or the wrapping key, is another one.
    #[error(
        "the key store {0} does not open with this passphrase or key; give the one it was made with"
    )]
    WrongKey(PathBuf),
    /// It asks for a passphrase where a key was given, or the other way round.
    #[error("the key store {path} opens with {needed}; give that")]
    OtherWrapping {
        /// The file.
        path: PathBuf,
        /// What it opens with.
        needed: &'static str,
    },
    /// It is damaged.
    #[error("the key store {path} is damaged at {place}; restore the newest copy of it")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where.
        place: String,
    },
    /// It failed before; what the disk holds is known again after opening.
    #[error("the key store {0} stopped after a failure; open the ledger again")]
    Stopped(PathBuf),
    /// The key was made before.
    #[error("the key of customer {0} was made before; a key is made once")]
    AlreadyKnown(KeyId),
    /// The key was never here.
    #[error(
        "the key store has never had the key of customer {0}; put the newest copy of the key store back"
    )]
    Unknown(KeyId),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes for a key: {0}")]
    Random(String),
    /// No wrapping key can be made of the passphrase with these costs.
    #[error("no key can be made of the passphrase: {0}")]
    Passphrase(String),
}

impl KeyStoreError {
    pub(crate) fn io(path: &Path, what: &'static str, cause: io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            what,
            cause,
        }
    }

    pub(crate) fn damaged(path: &Path, place: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_path_buf(),
            place: place.into(),
        }
    }

    /// Whether the file is damaged.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], KeyStoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| KeyStoreError::Random(error.to_string()))?;
    Ok(bytes)
}
