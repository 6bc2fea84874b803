//! The archive: opened, folded into, and started anew.

use std::path::{Path, PathBuf};

use redress_core::{EventId, Position, Timestamp};
use redress_store::{Fact, Projection, ProjectionError, ProjectionFault, check_position};
use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use crate::batch::{Batch, Dossiers, Pending, make_room};
use crate::checkpoint::Checkpoint;
use crate::error::ArchiveError;
use crate::seal::Seal;
use crate::{file, layout};

/// How many complaints are kept folded between two batches.
pub(crate) const KEPT_DOSSIERS: usize = 1_024;

/// Every complaint's file, searchable.
///
/// It knows which ledger it is folded from and up to where. Facts go in through [`Projection::fold`]; questions are
/// answered by [`Archive::search`], [`Archive::count`] and [`Archive::file`].
///
/// ```
/// use redress_archive::{Archive, Query};
/// use redress_store::Projection;
/// # use redress_core::{event::{Customer, Received, ReceivedPersonal}, *};
/// # let complaint = ComplaintId::new(uuid::Uuid::from_u128(1));
/// # let said = ReceivedPersonal { description: "我要求退款".to_owned(), ..Default::default() };
/// # let subject = SubjectId::from_random([1; 16]);
/// # let event = Received::new(Customer::new(subject), Channel::Email, "ann".parse()?, "intake".parse()?, said).into();
/// # let command_id = CommandId::new(uuid::Uuid::from_u128(2));
/// # let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// # let received = Recorded {
/// #     event_id: EventId::derived(command_id, 0), complaint_id: complaint, version: Version::FIRST,
/// #     position: Position::FIRST, occurred_at: now, recorded_at: now,
/// #     actor: Actor::human("ann".parse()?, "agent".parse()?, "intake".parse()?),
/// #     command_id, correlation_id: None, causation_id: None, schema: 1, event,
/// # };
/// # let ledger = uuid::Uuid::from_u128(3);
/// let mut archive = Archive::in_memory(ledger)?;
/// archive.fold(&[received.into()])?; // "我要求退款", in the ledger's first fact
/// let hits = archive.search(&Query::new().text("退款"))?;
/// assert_eq!(hits.len(), 1);
/// assert_eq!(hits[0].summary.id, complaint);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Archive {
    pub(crate) connection: Connection,
    path: Option<PathBuf>,
    ledger: Uuid,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) dossiers: Dossiers,
    /// Keeps the file as it is while it is only read.
    held: Option<Seal>,
}

impl Archive {
    /// Opens the archive of a ledger, or makes one.
    ///
    /// An archive of another ledger, in another layout, or changed by anybody but an archive is started anew: fold the ledger
    /// from [`Projection::next_position`] on. A file that is no archive is left untouched. How long this takes does not
    /// depend on how large the file is.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`]: [`is_foreign`](ArchiveError::is_foreign) where the path holds something else,
    /// [`is_locked`](ArchiveError::is_locked) where another program is writing it, and whatever the system reports.
    pub fn open(path: impl AsRef<Path>, ledger: Uuid) -> Result<Self, ArchiveError> {
        let path = path.as_ref();
        let connection = file::open(path, ledger)?;
        Self::new(connection, Some(path.to_owned()), ledger)
    }

    /// Opens the archive of a ledger to read it, and changes nothing; `None` where [`Archive::open`] is needed, because there
    /// is none, it does not fit, or another program has it open.
    ///
    /// It shows what was folded before, whatever is folded into the file from now on, and folds nothing itself.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`]: whatever the system reports.
    pub fn open_read_only(
        path: impl AsRef<Path>,
        ledger: Uuid,
    ) -> Result<Option<Self>, ArchiveError> {
        let Some((connection, seal)) = file::open_read_only(path.as_ref(), ledger)? else {
            return Ok(None);
        };
        let mut archive = Self::new(connection, None, ledger)?;
        archive.held = Some(seal);
        Ok(Some(archive))
    }

    /// An archive that lives as long as the value.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when there is no memory for it.
    pub fn in_memory(ledger: Uuid) -> Result<Self, ArchiveError> {
        Self::new(in_memory(ledger)?, None, ledger)
    }

    fn new(
        connection: Connection,
        path: Option<PathBuf>,
        ledger: Uuid,
    ) -> Result<Self, ArchiveError> {
        let checkpoint = Checkpoint::read(&connection)?;
        Ok(Self {
            connection,
            path,
            ledger,
            checkpoint,
            dossiers: Dossiers::new(),
            held: None,
        })
    }

    /// Whether the archive has folded more than a ledger with this last position holds.
    ///
    /// The ledger was then set back, and the archive shows what is no longer there: [`reset`](Archive::reset) it.
    #[must_use]
    pub fn is_ahead_of(&self, head: Option<Position>) -> bool {
        self.checkpoint.next > head.map_or(Position::FIRST, Position::next)
    }

    /// The id of the fact that was folded last, and when it was recorded; `None` before the first.
    ///
    /// Where the ledger has another one there, the archive was folded from a ledger that was set back since.
    #[must_use]
    pub const fn last_fact(&self) -> Option<(EventId, Timestamp)> {
        self.checkpoint.last
    }

    /// Starts the archive anew: nothing is folded.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the file cannot be replaced, or is only read; do not use the archive then.
    pub fn reset(&mut self) -> Result<(), ArchiveError> {
        if self.held.is_some() {
            return Err(ArchiveError::read_only());
        }
        self.dossiers.clear();
        self.checkpoint = Checkpoint::START;
        // The file must not be open while it is replaced.
        self.connection = in_memory(self.ledger)?;
        // Until it was replaced, the file is not this archive's.
        if let Some(path) = self.path.take() {
            self.connection = file::recreate(&path, self.ledger)?;
            self.path = Some(path);
        }
        Ok(())
    }

    /// Folds a batch in one transaction. The inner error is of a fact; those before it are folded.
    fn fold_batch(&mut self, facts: &[Fact]) -> Result<Result<(), ProjectionError>, ArchiveError> {
        if facts.is_empty() {
            return Ok(Ok(()));
        }
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut pending, dossiers) = (Pending::default(), &mut self.dossiers);
        let folded = fold_within(&transaction, dossiers, &mut pending, self.checkpoint, facts)?;
        let purged = pending.write(&transaction, dossiers)?;
        transaction.commit()?;
        self.checkpoint = folded.checkpoint;
        make_room(&mut self.dossiers, KEPT_DOSSIERS);
        self.seal_if_due(purged)?;
        Ok(folded.outcome)
    }

    /// Seals the file where the log has become long, or something personal was removed.
    pub(crate) fn seal_if_due(&self, purged: bool) -> Result<(), ArchiveError> {
        match &self.path {
            Some(path) if purged || file::log_bytes(path) > LONG_LOG_BYTES => {
                file::seal_if_possible(path, &self.connection)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What the view says of a database that failed: the facts from the checkpoint on are not folded.
    pub(crate) fn failed(&self, error: ArchiveError) -> ProjectionError {
        let message = error.to_string();
        let reason = ProjectionFault::Storage(message, Box::new(error));
        stopped(self.checkpoint.next, reason)
    }
}

/// What came of folding facts.
pub(crate) struct Folded {
    pub(crate) checkpoint: Checkpoint,
    /// The error is of a fact; those before it are folded.
    pub(crate) outcome: Result<(), ProjectionError>,
}

/// Folds facts within the transaction that `connection` is in; what is pending then is to be written in it.
pub(crate) fn fold_within(
    connection: &Connection,
    dossiers: &mut Dossiers,
    pending: &mut Pending,
    known: Checkpoint,
    facts: &[Fact],
) -> Result<Folded, ArchiveError> {
    let mut checkpoint = Checkpoint::read(connection)?;
    if checkpoint != known {
        // Another program folded into the same file: what is kept here is behind.
        dossiers.clear();
    }
    let mut batch = Batch::new(connection, dossiers, pending);
    let mut outcome = Ok(());
    for fact in facts {
        outcome = check_position(NAME, checkpoint.next, fact);
        if outcome.is_err() {
            break;
        }
        let folded = match fact {
            Fact::Complaint(fact) => batch.take(fact)?,
            // Complaints are searched, not measures, nor what the ledger says of itself.
            Fact::Action(_) | Fact::Ledger(_) => Ok(()),
        };
        if let Err(misfit) = folded {
            outcome = Err(stopped(fact.position(), misfit.into()));
            break;
        }
        checkpoint = Checkpoint::after(fact);
    }
    checkpoint.write(connection)?;
    Ok(Folded {
        checkpoint,
        outcome,
    })
}

pub(crate) const NAME: &str = "archive";

/// How long the log may grow before it is moved into the file.
const LONG_LOG_BYTES: u64 = 16 << 20;

impl Drop for Archive {
    /// Leaves the file sealed over all that was folded. Where that fails, the log holds it.
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            drop(file::seal_if_possible(path, &self.connection));
        }
    }
}

impl Projection for Archive {
    fn name(&self) -> &'static str {
        NAME
    }

    fn next_position(&self) -> Position {
        self.checkpoint.next
    }

    /// Folds facts in one transaction.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first fact that cannot be folded; those before it were. When the database fails, the
    /// batch is undone and the error names its first fact.
    fn fold(&mut self, facts: &[Fact]) -> Result<(), ProjectionError> {
        match self.fold_batch(facts) {
            Ok(outcome) => outcome,
            Err(error) => {
                self.dossiers.clear();
                Err(self.failed(error))
            }
        }
    }
}

// What is folded is personal: nothing of it is shown.
impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive")
            .field("path", &self.path)
            .field("ledger", &self.ledger)
            .field("next", &self.checkpoint.next)
            .finish_non_exhaustive()
    }
}

fn stopped(position: Position, reason: ProjectionFault) -> ProjectionError {
    ProjectionError {
        view: NAME,
        position,
        reason,
    }
}

fn in_memory(ledger: Uuid) -> Result<Connection, ArchiveError> {
    let mut connection = Connection::open_in_memory()?;
    layout::prepare_connection(&connection)?;
    layout::create(&mut connection, ledger)?;
    Ok(connection)
}
