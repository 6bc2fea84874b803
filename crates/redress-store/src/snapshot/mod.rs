//! Snapshots of views: what a view keeps of complaints, as the bytes in which it keeps them, read back instead of folding
//! again.
//!
//! A snapshot is only ever a cache. It says what it is of ([`Stamp`]), carries a SHA-256 of all of itself, and is validated
//! before anything in it is used. Where anything does not fit ([`Unfit`]), the view is folded again from the facts.
//! Nothing that has to outlive a release stands in one: another release does not read it.

mod body;
mod rules;
mod seal;

use redress_core::{EventId, Timestamp};
use uuid::Uuid;

use crate::projection::Projection;

pub use body::{read, write};
pub use rules::{adopted_anew, adoptions, rules_digest};
pub use seal::{Stamp, Unfit, digest};

/// A view that can be written down and read back.
pub trait Snapshot: Projection {
    /// Everything that was folded, as bytes.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when something cannot be written; the view is as good as before.
    fn snapshot(&self, origin: Origin) -> Result<Vec<u8>, SnapshotError>;

    /// Becomes the view that was written, in place of whatever was folded; its rules stay. The view goes on from
    /// [`Stamp::next`].
    ///
    /// `fits` judges what the snapshot is of, before any of it is read.
    ///
    /// # Errors
    ///
    /// [`Unfit`] when it is not used; nothing changed then.
    fn restore(
        &mut self,
        bytes: &[u8],
        fits: &mut dyn FnMut(&Stamp) -> Result<(), Unfit>,
    ) -> Result<(), Unfit>;
}

/// Where the facts of a view came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// From which ledger.
    pub ledger: Uuid,
    /// The id of the last fact that was folded, and when that was recorded; none where none was.
    pub last: Option<(EventId, Timestamp)>,
}

/// A view could not be written down as a snapshot.
#[derive(Debug, thiserror::Error)]
#[error("failed to write a snapshot: {0}")]
pub struct SnapshotError(pub(crate) String);
