//! Folding a long history into an archive, in large strokes.

use redress_core::Position;
use redress_store::{Fact, Projection, ProjectionError};

use crate::archive::{Archive, NAME, fold_within};
use crate::batch::{Pending, make_room};
use crate::checkpoint::Checkpoint;
use crate::error::ArchiveError;

/// How many facts are committed together.
const STROKE: usize = 1 << 17;

/// How many complaints are kept folded between two batches; about four kilobytes each.
const KEPT_DOSSIERS: usize = 1 << 15;

/// An archive that a long history is folded into: the same archive in the end, several times as fast.
///
/// What lies together is written together, once for a hundred thousand facts and not once for each batch. Meanwhile nobody
/// else can fold into the archive's file. Memory is used for 128 MiB of its pages, for up to 32,768 complaints, and for the words
/// of the facts that are not written yet: some 400 MB in all, whatever the length of the history. A crash undoes what is not
/// committed; the archive goes on from there.
///
/// ```
/// use redress_archive::Archive;
/// use redress_store::Projection;
/// # let batches: Vec<Vec<redress_store::Fact>> = Vec::new();
/// let mut archive = Archive::in_memory(uuid::Uuid::from_u128(3))?;
/// let mut loader = archive.loader();
/// for batch in &batches {
///     loader.fold(batch)?;
/// }
/// loader.finish()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Loader<'a> {
    archive: &'a mut Archive,
    pending: Pending,
    /// How many facts the open transaction holds; without any there is none.
    uncommitted: usize,
    /// A batch was begun and not ended: what is uncommitted must not be committed.
    is_folding: bool,
}

impl Archive {
    /// Folds a long history, in large strokes.
    #[must_use]
    pub fn loader(&mut self) -> Loader<'_> {
        Loader {
            archive: self,
            pending: Pending::default(),
            uncommitted: 0,
            is_folding: false,
        }
    }
}

impl Loader<'_> {
    /// Commits what is not committed yet. Letting go of the loader does the same and tells no error.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the database fails: what was not committed is undone, and
    /// [`next_position`](Projection::next_position) tells where to go on.
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        self.commit()
    }

    fn commit(&mut self) -> Result<(), ArchiveError> {
        if self.uncommitted == 0 {
            return Ok(());
        }
        match self.write_and_commit() {
            Ok(purged) => {
                self.uncommitted = 0;
                self.archive.seal_if_due(purged)
            }
            Err(error) => {
                self.undo();
                Err(error)
            }
        }
    }

    fn write_and_commit(&mut self) -> Result<bool, ArchiveError> {
        let archive = &mut *self.archive;
        let purged = self
            .pending
            .write(&archive.connection, &mut archive.dossiers)?;
        archive.connection.execute_batch("COMMIT")?;
        Ok(purged)
    }

    fn fold_batch(&mut self, facts: &[Fact]) -> Result<Result<(), ProjectionError>, ArchiveError> {
        if facts.is_empty() {
            return Ok(Ok(()));
        }
        let archive = &mut *self.archive;
        if self.uncommitted == 0 {
            archive.connection.execute_batch("BEGIN IMMEDIATE")?;
        }
        self.uncommitted += facts.len();
        self.is_folding = true;
        let (connection, dossiers) = (&archive.connection, &mut archive.dossiers);
        let pending = &mut self.pending;
        let folded = fold_within(connection, dossiers, pending, archive.checkpoint, facts)?;
        archive.checkpoint = folded.checkpoint;
        self.is_folding = false;
        let is_crowded = archive.dossiers.len() > KEPT_DOSSIERS;
        // A complaint is let go of only once the tables know it.
        let is_due = self.uncommitted >= STROKE || is_crowded || self.pending.has_purged();
        if is_due || folded.outcome.is_err() {
            self.commit()?;
        }
        make_room(&mut self.archive.dossiers, KEPT_DOSSIERS);
        Ok(folded.outcome)
    }

    /// Goes back to what was committed last.
    fn undo(&mut self) {
        self.uncommitted = 0;
        self.pending = Pending::default();
        self.is_folding = false;
        self.archive.dossiers.clear();
        // Where the database has undone it already, there is nothing left to undo.
        drop(self.archive.connection.execute_batch("ROLLBACK"));
        // Where even that cannot be read, the next fold tells.
        if let Ok(checkpoint) = Checkpoint::read(&self.archive.connection) {
            self.archive.checkpoint = checkpoint;
        }
    }
}

impl Drop for Loader<'_> {
    fn drop(&mut self) {
        if self.is_folding {
            self.undo();
        }
        drop(self.commit());
        make_room(&mut self.archive.dossiers, crate::archive::KEPT_DOSSIERS);
    }
}

impl Projection for Loader<'_> {
    fn name(&self) -> &'static str {
        NAME
    }

    fn next_position(&self) -> Position {
        self.archive.next_position()
    }

    /// Folds facts; they are committed with those that follow.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first fact that cannot be folded; those before it were. When the database fails, what was
    /// not committed is undone, and the error names its first fact.
    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        match self.fold_batch(facts) {
            Ok(outcome) => outcome,
            Err(error) => {
                self.undo();
                Err(self.archive.failed(error))
            }
        }
    }
}

// What is pending is personal: nothing of it is shown.
impl std::fmt::Debug for Loader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loader")
            .field("archive", &self.archive)
            .field("uncommitted", &self.uncommitted)
            .finish_non_exhaustive()
    }
}
