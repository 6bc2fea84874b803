//! Opening a ledger to read it, beside whoever writes it.

use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::sqlite::{Options, SqliteStore};
use redress::store::EventStore;
use redress::{Policy, SystemEnvironment};

use crate::error::Failure;

/// A ledger that is only read. Its own views stay empty; a command folds the view it needs.
pub(crate) fn open(path: &Path) -> Result<Ledger<SqliteStore>, Failure> {
    let store = SqliteStore::open_read_only(path, Options::default())?;
    let archive = Archive::in_memory(store.ledger_id())?;
    Ok(redress::Ledger::with(store, archive, Policy::standard(), SystemEnvironment).into())
}

/// The archive of a ledger: the one beside it where that can be used, otherwise one made anew in memory.
pub(crate) fn archive(path: &Path, ledger: &Ledger<SqliteStore>) -> Result<Archive, Failure> {
    let id = ledger.as_async().store().ledger_id();
    let beside = path.with_extension("views");
    let kept = if beside.exists() {
        Archive::open(&beside, id).ok()
    } else {
        None
    };
    if let Some(mut archive) = kept
        && !archive.is_ahead_of(ledger.head()?)
        && ledger.replay_into(&mut archive).is_ok()
    {
        return Ok(archive);
    }
    let mut archive = Archive::in_memory(id)?;
    ledger.replay_into(&mut archive)?;
    Ok(archive)
}
