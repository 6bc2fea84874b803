//! Making a ledger of a bundle again.

use std::path::Path;

use redress_evidence::bundle::{self, Anchors, BundleReader, Report};
use redress_sqlite::{Options, SqliteStore};
use redress_store::{PartKind, StoreError, StoreErrorKind};

use super::beside::Beside;
use crate::error::LedgerError;
use crate::open::check_ending;

/// What became of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    /// What the check of the bundle found. Unless it is clean, nothing was written.
    pub report: Report,
    /// How many personal parts are sealed: they can be read once the key store stands beside the ledger.
    pub sealed: u64,
}

/// Makes a ledger of a bundle: the same entries byte for byte, at the same positions, with what is left of erased parts, so
/// under the same root.
///
/// The bundle is checked to its end first, by the same `anchors` as an auditor's check, and nothing is written where
/// anything is found. The ledger appears as a whole or not at all, with the bundle's newest checkpoint and heads beside it.
/// Keys are in no bundle: without the key store, which is brought by a way of its own, personal parts stay sealed.
///
/// # Errors
///
/// [`LedgerError::Store`] when there is a ledger already or something that proves one, when the bundle cannot be read, was changed
/// while it was, or holds an entry that no ledger can; [`LedgerError::Beside`] when the checkpoint cannot be kept.
pub fn restore_ledger(
    bundle: &Path,
    ledger: impl AsRef<Path>,
    anchors: &Anchors,
) -> Result<Restored, LedgerError> {
    let ledger = ledger.as_ref();
    check_ending(ledger)?;
    let beside = Beside::of(ledger)?;
    if std::fs::symlink_metadata(ledger).is_ok() {
        let message =
            "there is a file already; a bundle becomes a ledger of its own: choose another name";
        let error = StoreError::new(StoreErrorKind::AlreadyExists, message);
        return Err(error.at_path(ledger).into());
    }
    let report = bundle::verify(bundle, anchors);
    let Some(root) = report.root.filter(|_| report.is_clean()) else {
        return Ok(Restored { report, sealed: 0 });
    };
    let mut reader = BundleReader::open(bundle, root)?;
    let (checkpoint, heads) = (reader.checkpoint().cloned(), reader.stream_heads().cloned());
    beside.check_free(checkpoint.as_ref(), heads.as_ref())?;
    // Before the ledger: it is never there without the checkpoint that it came with.
    if let Some(heads) = &heads {
        beside.keep_heads(heads)?;
    }
    if let Some(checkpoint) = &checkpoint {
        beside.keep_checkpoint(checkpoint)?;
    }
    let id = reader.ledger_id();
    let mut sealed = 0_u64;
    let entries = reader.by_ref().inspect(|entry| {
        let parts = entry.iter().flat_map(|entry| &entry.content.parts);
        let here = parts.filter(|part| part.kind == PartKind::Sealed).count();
        sealed = sealed.saturating_add(u64::try_from(here).unwrap_or(u64::MAX));
    });
    match SqliteStore::restore(ledger, id, entries, Options::default()) {
        Ok(_store) => Ok(Restored { report, sealed }),
        Err(error) => {
            beside.forget();
            Err(error.into())
        }
    }
}
