//! What can go wrong with a ledger, besides a rejection.

use std::path::PathBuf;

use redress_archive::ArchiveError;
use redress_core::{
    ActionId, ActionOutOfOrder, AdoptionFault, ComplaintId, OutOfOrder, Position, SubjectId,
};
use redress_evidence::EvidenceError;
use redress_evidence::bundle::BundleError;
use redress_evidence::keys::KeyStoreError;
use redress_evidence::seal::SealError;
use redress_store::codec::CodecError;
use redress_store::{AppendError, ProjectionError, StoreError};

use crate::parts::PartFault;

/// The ledger failed.
///
/// After [`LedgerError::Store`] it is open whether a command was recorded: hand it in again under the same command id
/// to know.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store failed, or is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store does not take such entries, which are too many or too large for its format; none of them is stored.
    ///
    /// Or a refusal cannot be recorded, because another command was recorded under the id that is derived for it.
    #[error(transparent)]
    Append(AppendError),
    /// A recorded fact cannot be read, or a new one cannot be written.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A recorded fact cannot follow what was recorded before it.
    #[error("the history of a complaint is damaged: {0}")]
    History(#[from] OutOfOrder),
    /// A recorded fact of an action cannot follow what was recorded before it.
    #[error("the history of an action is damaged: {0}")]
    ActionHistory(#[from] ActionOutOfOrder),
    /// Recorded rules cannot be followed, or no policy file can say those that are to be adopted.
    #[error(transparent)]
    Rules(#[from] AdoptionFault),
    /// A view cannot be kept up to date; the ledger itself is whole.
    #[error(transparent)]
    View(#[from] ProjectionError),
    /// The archive beside the ledger cannot be opened.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The key store cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyStoreError),
    /// Personal data cannot be sealed.
    #[error("personal data cannot be sealed: {0}")]
    Seal(#[from] SealError),
    /// Recorded personal data cannot be read, and were not erased.
    #[error("the personal data at position {position} cannot be read: {why}")]
    Personal {
        /// Where.
        position: Position,
        /// Why.
        why: PartFault,
    },
    /// The key store has a key again that was destroyed: an older copy of it was put back.
    #[error(
        "the key store holds a key of customer {0} that this ledger says was destroyed: it is an older copy; put the \
         newest one back"
    )]
    KeyRestored(SubjectId),
    /// The ledger has sealed personal data, and no key store stands beside it.
    #[error(
        "there is no key store {0}, and the ledger holds sealed personal data; put the newest copy of it back"
    )]
    NoKeyStore(PathBuf),
    /// The customer's keys are destroyed, but this complaint has no tombstone, as its rules changed meanwhile.
    #[error(
        "the customer's keys are destroyed, but a rule keeps complaint {0} from its tombstone; erase again as somebody who may"
    )]
    NoTombstone(ComplaintId),
    /// A snapshot of a view cannot be written; view and ledger are whole, and the next opening takes longer.
    #[error("failed to write the snapshot {}: {reason}", .path.display())]
    Snapshot {
        /// Where it was to stand.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The ledger has fewer entries than were signed.
    #[error(
        "{path} has {actual} entries, but {signed} were signed: it was truncated or an old copy was put back; put the newest copy back",
        path = .path.display()
    )]
    LedgerTruncated {
        /// The ledger.
        path: PathBuf,
        /// How many were signed.
        signed: u64,
        /// How many there are.
        actual: u64,
    },
    /// A file that proves the ledger, beside it, cannot be read or written.
    #[error("{path} cannot be used: {why}; put its newest copy back", path = .path.display())]
    Beside {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// There is no checkpoint yet, or none with the heads of histories.
    #[error("no checkpoint of {} that covers this was signed; sign one first", .0.display())]
    NotSigned(PathBuf),
    /// The ledger does not follow from what was known or signed before, or a checkpoint cannot be made.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A bundle cannot be written.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The id is that of an action or of a stream of the ledger's own, not of a complaint; nothing was recorded.
    #[error(
        "{0} is the id of an action or of a stream of the ledger's own; give the id of a complaint"
    )]
    NotAComplaint(ComplaintId),
    /// The id is that of a complaint or of a stream of the ledger's own, not of an action; nothing was recorded.
    #[error(
        "{0} is the id of a complaint or of a stream of the ledger's own; give the id of an action"
    )]
    NotAnAction(ActionId),
    /// Others kept changing the complaint or the action; try again.
    #[error(
        "the history was changed by others {attempts} times while this was being decided; try again"
    )]
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
    /// A thread panicked while it held the views; open the ledger again.
    #[error("the views were left in the middle of a change; open the ledger again")]
    ViewsPoisoned,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes for an id: {0}")]
    Random(String),
}

impl From<AppendError> for LedgerError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Store(error) => Self::Store(error),
            AppendError::Invalid(_)
            | AppendError::CommandReused { .. }
            | AppendError::Conflict { .. }
            | _ => Self::Append(error),
        }
    }
}
