//! The passphrases of a key store, which come from the environment and are never arguments: arguments are seen by all.

use redress::evidence::keys::WrappingKey;

use crate::error::Failure;

/// The variable that holds the passphrase.
pub(crate) const PASSPHRASE: &str = "REDRESS_PASSPHRASE";

/// The variable that holds the passphrase that is to take the place of the one before.
pub(crate) const NEW_PASSPHRASE: &str = "REDRESS_NEW_PASSPHRASE";

/// The passphrase, where one is set; otherwise the key file beside the ledger opens its key store.
pub(crate) fn from_environment() -> Result<Option<WrappingKey>, Failure> {
    read(PASSPHRASE)
}

/// The passphrase to come, where one is set.
pub(crate) fn new_from_environment() -> Result<Option<WrappingKey>, Failure> {
    read(NEW_PASSPHRASE)
}

/// What a variable is set to. A passphrase that cannot be one is never passed over: the key file would be taken in its place,
/// and the keys of a new ledger lie open beside it.
fn read(variable: &'static str) -> Result<Option<WrappingKey>, Failure> {
    let Some(value) = std::env::var_os(variable) else {
        return Ok(None);
    };
    let refused = |why| Failure::Passphrase { variable, why };
    let text = value.into_string();
    let text = text.map_err(|_| refused("is not UTF-8 text"))?;
    if text.is_empty() {
        return Err(refused("is empty"));
    }
    Ok(Some(WrappingKey::passphrase(text)))
}
