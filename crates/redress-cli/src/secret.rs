//! The passphrase of a key store, which comes from the environment and is never an argument: arguments are seen by all.

use redress::evidence::keys::WrappingKey;

/// The variable that holds the passphrase.
pub(crate) const PASSPHRASE: &str = "REDRESS_PASSPHRASE";

/// The passphrase, where one is set; otherwise the key file beside the ledger opens its key store.
pub(crate) fn from_environment() -> Option<WrappingKey> {
    std::env::var(PASSPHRASE).ok().map(WrappingKey::passphrase)
}
