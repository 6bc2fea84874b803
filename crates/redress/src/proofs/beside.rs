//! The files that prove a ledger, which stand beside it under its name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use redress_evidence::{Checkpoint, HeadsStatement, MAX_NOTE_BYTES, SignedNote, StreamHeads};
use redress_store::file;
use redress_store::{EventStore, StoreError, StoreErrorKind};
use uuid::Uuid;

use crate::error::LedgerError;
use crate::ledger_paths::{CHECKPOINT, HEADS, HISTORIES, LedgerPaths, TREE};

/// Where the files of a ledger stand.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    paths: LedgerPaths,
}

/// The name of a file, for messages.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

impl Beside {
    /// # Errors
    ///
    /// [`LedgerError::Store`] when the ledger itself has one of the endings: it would be taken for a derived file.
    pub(crate) fn of(ledger: &Path) -> Result<Self, LedgerError> {
        let paths = LedgerPaths::of(ledger);
        if [TREE, CHECKPOINT, HEADS, HISTORIES]
            .iter()
            .any(|ending| paths.ledger().with_extension(ending) == paths.ledger())
        {
            let message = "the endings .tree, .checkpoint, .heads and .histories are for what proves a ledger; give the ledger another \
                 ending";
            let error = StoreError::new(StoreErrorKind::NotALedger, message);
            return Err(error.at_path(ledger).into());
        }
        Ok(Self { paths })
    }

    pub(super) fn ledger(&self) -> &Path {
        self.paths.ledger()
    }

    pub(super) fn tree(&self) -> PathBuf {
        self.paths.tree()
    }

    pub(super) fn checkpoint_path(&self) -> PathBuf {
        self.paths.checkpoint()
    }

    /// Refuses a ledger that has fewer entries than were signed.
    pub(crate) async fn check_not_truncated(
        &self,
        store: &impl EventStore,
    ) -> Result<(), LedgerError> {
        let Some((said, _)) = self.checkpoint()? else {
            return Ok(());
        };
        let head = store.head().await?;
        let actual = head.map_or(0, |head| head.next().get());
        if actual < said.size {
            return Err(LedgerError::LedgerTruncated {
                path: self.paths.ledger().to_owned(),
                signed: said.size,
                actual,
            });
        }
        Ok(())
    }

    /// The checkpoint that was signed last.
    pub(super) fn checkpoint(&self) -> Result<Option<(Checkpoint, SignedNote)>, LedgerError> {
        let Some(bytes) = self.checkpoint_bytes()? else {
            return Ok(None);
        };
        let read = Checkpoint::read(&bytes);
        let damaged = |why| self.damaged(self.checkpoint_path(), why);
        read.map(Some).map_err(|why| damaged(why.to_string()))
    }

    pub(super) fn checkpoint_bytes(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        self.read(self.checkpoint_path())
    }

    pub(super) fn heads_path(&self) -> PathBuf {
        self.paths.heads()
    }

    pub(super) fn heads_bytes(&self) -> Result<Option<Vec<u8>>, LedgerError> {
        self.read(self.heads_path())
    }

    /// Refuses to put a new ledger beside what proves another one, unless that is the checkpoint and the heads that come
    /// with it.
    #[cfg(feature = "sqlite")]
    pub(super) fn check_free(
        &self,
        checkpoint: Option<&SignedNote>,
        heads: Option<&SignedNote>,
    ) -> Result<(), LedgerError> {
        let text = |note: Option<&SignedNote>| note.map(|note| note.to_string().into_bytes());
        let known = [
            (self.checkpoint_path(), text(checkpoint)),
            (self.heads_path(), text(heads)),
            (self.tree(), None),
            (self.paths.histories(), None),
        ];
        for (path, expected) in known {
            if fs::symlink_metadata(&path).is_err()
                || (expected.is_some() && file::read_plain(&path).ok() == expected)
            {
                continue;
            }
            let message = "this proves another ledger, or one that was here before; move it away, and bring its checkpoint to \
                 compare with, if it is one";
            let error = StoreError::new(StoreErrorKind::AlreadyExists, message);
            return Err(error.at_path(path).into());
        }
        Ok(())
    }

    /// The statement of heads that was signed last.
    pub(super) fn heads(&self) -> Result<Option<(HeadsStatement, SignedNote)>, LedgerError> {
        let path = self.heads_path();
        let Some(bytes) = self.heads_bytes()? else {
            return Ok(None);
        };
        let note = SignedNote::parse(&bytes).ok();
        let read = note.and_then(|note| Some((HeadsStatement::parse_text(note.text())?, note)));
        let damaged = || self.damaged(path, "it is no signed statement of heads".to_owned());
        read.map(Some).ok_or_else(damaged)
    }

    pub(super) fn keep_checkpoint(&self, note: &SignedNote) -> Result<(), LedgerError> {
        self.keep(self.checkpoint_path(), note.to_string().as_bytes())
    }

    pub(super) fn keep_heads(&self, note: &SignedNote) -> Result<(), LedgerError> {
        self.keep(self.heads_path(), note.to_string().as_bytes())
    }

    /// The heads that this statement was made of; `None` where they are not there, or are others.
    ///
    /// They are derived, so whatever is wrong with the file they are read from the ledger instead.
    pub(super) fn histories(&self, told: &HeadsStatement) -> Option<StreamHeads> {
        let bytes = file::read_plain(&self.paths.histories()).ok()?;
        let heads = StreamHeads::from_bytes(&bytes, told.ledger_id)?;
        (heads.statement(&told.origin, told.ledger_id) == *told).then_some(heads)
    }

    pub(super) fn keep_histories(
        &self,
        heads: &StreamHeads,
        ledger_id: Uuid,
    ) -> Result<(), LedgerError> {
        let path = self.paths.histories();
        self.keep(path, &heads.to_bytes(ledger_id))
    }

    /// Removes checkpoint and heads of a ledger that was not made after all.
    #[cfg(feature = "sqlite")]
    pub(super) fn forget(&self) {
        for path in [self.checkpoint_path(), self.heads_path()] {
            // What stays behind is refused or found equal the next time.
            fs::remove_file(path).ok();
        }
    }

    fn read(&self, path: PathBuf) -> Result<Option<Vec<u8>>, LedgerError> {
        match fs::metadata(&path).map(|found| found.len()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(length) if usize::try_from(length).is_ok_and(|length| length <= MAX_NOTE_BYTES) => {}
            Ok(_) => return Err(self.damaged(path, "it is too long".to_owned())),
            Err(error) => return Err(self.damaged(path, error.to_string())),
        }
        match file::read_plain(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => Err(self.damaged(path, error.to_string())),
        }
    }

    /// Writes a file whole or not at all: what was signed last must not get lost in a crash.
    fn keep(&self, path: PathBuf, bytes: &[u8]) -> Result<(), LedgerError> {
        file::put_in_place(&path, bytes).map_err(|error| self.damaged(path, error.to_string()))
    }

    fn damaged(&self, path: PathBuf, why: String) -> LedgerError {
        LedgerError::Beside { path, why }
    }
}
