//! The entries of a bundle as a store keeps them, to make a ledger of them again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use redress_core::Position;
use redress_store::{Entry, StoreError, StoreErrorKind};
use uuid::Uuid;

use super::check::MAX_MANIFEST_BYTES;
use super::line::{EntryLine, MAX_LINE_BYTES, PartFault};
use super::manifest::{CHECKPOINT, ENTRIES, HEADS, MANIFEST, Manifest};
use super::signed::note_bytes;
use super::source;
use crate::checkpoint::Checkpoint;
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::note::SignedNote;

/// The entries of a bundle that was checked, one by one.
///
/// What was checked may have been changed since, so every entry is hashed again, and the last thing that is told is an
/// error unless they lead to the root that was found then.
pub struct BundleReader {
    path: PathBuf,
    lines: BufReader<File>,
    ledger_id: Uuid,
    checkpoint: Option<SignedNote>,
    heads: Option<SignedNote>,
    root: Hash,
    frontier: Frontier,
    is_done: bool,
}

impl BundleReader {
    /// Opens the bundle in a folder of which [`verify`](super::verify) told this root.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::Io`] when a file cannot be read, [`StoreErrorKind::Damaged`] when it is not what was checked.
    pub fn open(folder: &Path, root: Hash) -> Result<Self, StoreError> {
        let failed = |name: &str, cause: std::io::Error| {
            let message = format!("the bundle cannot be read: {cause}");
            let error = StoreError::new(StoreErrorKind::Io, message).caused_by(cause);
            error.at_path(folder.join(name))
        };
        let read = |name: &str, most| {
            source::read(&folder, name, most).map_err(|cause| failed(name, cause))
        };
        let changed =
            |name: &str| damaged("this is not what was checked").at_path(folder.join(name));
        let manifest = Manifest::parse(&read(MANIFEST, MAX_MANIFEST_BYTES)?);
        let manifest = manifest.ok_or_else(|| changed(MANIFEST))?;
        let mut checkpoint = None;
        if !manifest.checkpoints.is_empty() {
            let told = Checkpoint::read(&read(CHECKPOINT, note_bytes())?).ok();
            let told = told.filter(|(told, _)| told.root == root);
            let (_, note) = told.ok_or_else(|| changed(CHECKPOINT))?;
            checkpoint = Some(note);
        }
        let mut heads = None;
        if manifest.stream_heads {
            let note = SignedNote::parse(&read(HEADS, note_bytes())?).ok();
            heads = Some(note.ok_or_else(|| changed(HEADS))?);
        }
        let file = source::open(folder, ENTRIES).map_err(|cause| failed(ENTRIES, cause))?;
        Ok(Self {
            path: folder.join(ENTRIES),
            lines: BufReader::new(file),
            ledger_id: manifest.ledger_id,
            checkpoint,
            heads,
            root,
            frontier: Frontier::default(),
            is_done: false,
        })
    }

    /// The newest checkpoint of the bundle, over all of its entries; `None` where nobody answers for them.
    #[must_use]
    pub const fn checkpoint(&self) -> Option<&SignedNote> {
        self.checkpoint.as_ref()
    }

    /// The signed statement of the heads of histories, where the bundle has one.
    #[must_use]
    pub const fn stream_heads(&self) -> Option<&SignedNote> {
        self.heads.as_ref()
    }

    /// The ledger of which the bundle is.
    #[must_use]
    pub const fn ledger_id(&self) -> Uuid {
        self.ledger_id
    }

    fn read(&mut self) -> Result<Option<Entry>, StoreError> {
        let mut line = Vec::new();
        let limited = &mut self.lines.by_ref().take(MAX_LINE_BYTES);
        let count = limited.read_until(b'\n', &mut line).map_err(|cause| {
            let message = format!("the bundle cannot be read: {cause}");
            StoreError::new(StoreErrorKind::Io, message).caused_by(cause)
        })?;
        if count > 0 {
            return self.take(&line).map(Some);
        }
        if self.frontier.root() == self.root {
            Ok(None)
        } else {
            Err(damaged("the bundle was changed while it was read"))
        }
    }

    fn take(&mut self, line: &[u8]) -> Result<Entry, StoreError> {
        let line = EntryLine::parse(line).ok_or_else(|| damaged("a line is no entry"))?;
        let leaf = line.leaf();
        let hash = leaf.and_then(|leaf| leaf.hash(self.ledger_id).ok());
        let hash = hash.ok_or_else(|| damaged("a line is no entry"))?;
        self.frontier.push(hash);
        if line.part_faults().any(|fault| !fault.is_missing()) {
            return Err(damaged(
                "a personal part is not the one that its entry binds",
            ));
        }
        let position = Position::new(line.position);
        line.into_entry().ok_or_else(|| {
            damaged("the public part tells no time and command").at_position(position)
        })
    }
}

impl PartFault {
    const fn is_missing(self) -> bool {
        match self {
            Self::Missing(..) => true,
            Self::Differs(_) | Self::UnknownKind(_) => false,
        }
    }
}

fn damaged(why: &str) -> StoreError {
    StoreError::new(
        StoreErrorKind::Damaged,
        format!("{why}; nothing was taken from it"),
    )
}

impl Iterator for BundleReader {
    type Item = Result<Entry, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let read = self.read().map_err(|error| error.at_path(&self.path));
        self.is_done = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}

// The entries hold personal parts.
impl std::fmt::Debug for BundleReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BundleReader")
            .field("path", &self.path)
            .field("read", &self.frontier.size())
            .finish_non_exhaustive()
    }
}
