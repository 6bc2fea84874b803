//! The data keys of customers: one for each customer and epoch, kept apart from the ledger, so that destroying one
//! makes unreadable what was sealed under it.

mod error;
mod file;
mod key_file;
mod record;
mod steps;
mod wrapping;

use std::fmt;

use zeroize::Zeroizing;

use crate::hash::Hash;

pub use error::KeyStoreError;
pub use file::FileKeys;
pub use wrapping::WrappingKey;

/// What the commitment to a data key begins with.
const COMMIT_TAG: &[u8] = b"redress/data-key/v1\0";

/// Which data key: whose, and the how manieth of theirs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    /// The pseudonym of the customer.
    pub subject: [u8; 16],
    /// 1 for the customer's first key; one more each time a key of theirs was destroyed.
    pub epoch: u32,
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = uuid::Uuid::from_bytes(self.subject);
        write!(f, "{subject} epoch {}", self.epoch)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// A data key. Wiped from memory when dropped, and never printed.
#[derive(Clone)]
pub struct DataKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

impl DataKey {
    /// A key of these bytes, which must be random.
    #[must_use]
    pub fn new(id: KeyId, bytes: [u8; 32]) -> Self {
        Self {
            id,
            bytes: Zeroizing::new(bytes),
        }
    }

    /// Which key it is.
    #[must_use]
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// SHA-256("redress/data-key/v1\0" ‖ customer ‖ epoch u32 ‖ key): what a receipt of its destruction names, so that
    /// a copy that turns up later can be recognised. It tells nothing of the key.
    #[must_use]
    pub fn commitment(&self) -> Hash {
        let epoch = self.id.epoch.to_be_bytes();
        Hash::of_all(&[COMMIT_TAG, &self.id.subject, &epoch, &*self.bytes])
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey({})", self.id)
    }
}

/// What a key store knows of a key.
#[derive(Clone, Debug)]
pub enum Found {
    /// Here it is.
    Live(DataKey),
    /// It was destroyed. Its commitment is left.
    Destroyed(Hash),
    /// The store has never had it.
    Unknown,
}

/// Keeps data keys. What it promises:
///
/// - A key is durable before [`KeyStore::create`] returns it, so nothing is sealed under a key that a crash takes away.
/// - Destruction is durable before [`KeyStore::destroy`] returns, and the store never has that key again.
/// - A key is made once: a store that has lost one says so, and makes no other in its place.
///
/// Calls wait for the disk, or for the service behind them.
pub trait KeyStore: Send + Sync + 'static {
    /// Looks a key up.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError`] when the store cannot be read or is damaged.
    fn find(&self, id: KeyId) -> Result<Found, KeyStoreError>;

    /// Makes a key of random bytes.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::AlreadyKnown`] where the store has, or has had, that key; anything else when it cannot be stored.
    fn create(&self, id: KeyId) -> Result<DataKey, KeyStoreError>;

    /// Destroys a key and returns its commitment; a key that was destroyed before stays so.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Unknown`] where the store has never had that key; anything else when it cannot be written.
    fn destroy(&self, id: KeyId) -> Result<Hash, KeyStoreError>;

    /// Every key that the store has or has had, in the order of their ids.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError`] when the store cannot be read.
    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError>;
}
