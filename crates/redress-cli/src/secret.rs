//! The passphrases of a key store, which come from the environment and are never arguments: arguments are seen by all.

use redress::evidence::keys::WrappingKey;

/// The variable that holds the passphrase.
pub(crate) const PASSPHRASE: &str = "REDRESS_PASSPHRASE";

/// The passphrase, where one is set; otherwise the key file beside the ledger opens its key store.
pub(crate) fn from_environment() -> Option<WrappingKey> {
    std::env::var(PASSPHRASE).ok().map(WrappingKey::passphrase)
}

/// The variable that holds the passphrase that is to take the place of the one before.
pub(crate) const NEW_PASSPHRASE: &str = "REDRESS_NEW_PASSPHRASE";

/// The passphrase to come, where one is set that is not empty.
pub(crate) fn new_from_environment() -> Option<WrappingKey> {
    let told = std::env::var(NEW_PASSPHRASE).ok();
    told.filter(|text| !text.is_empty())
        .map(WrappingKey::passphrase)
}
