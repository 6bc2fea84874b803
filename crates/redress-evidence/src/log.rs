//! The tree of a ledger: a fold over its entries that signs checkpoints and proves.

use redress_core::Position;
use redress_store::{
    Entry, EventStore, ProjectionError, ProjectionFault, StoreError, StoreErrorKind,
};
use uuid::Uuid;

use crate::checkpoint::{Checkpoint, InvalidCheckpoint};
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::key::SigningKey;
use crate::leaf::{Leaf, TooManyParts};
use crate::nodes::{NodeStore, Nodes, frontier, frontier_at};
use crate::note::{InvalidNote, SignedNote};
use crate::proof::{consistency, inclusion, root_at};
use crate::tlog_proof::TlogProof;
use crate::verify::verify_inclusion;
use crate::witness::WitnessRequest;

/// How many entries are read at a time.
const BATCH: usize = 1_000;
/// The name of the fold, in messages.
const NAME: &str = "evidence";

/// The Merkle tree over the entries of a ledger.
///
/// It keeps what every view does: it knows up to where it has folded, refuses a gap, and rebuilt from nothing equals
/// itself kept up to date. It folds entries, not facts: what it does not understand it can still prove.
#[derive(Debug)]
pub struct EvidenceLog<N> {
    ledger_id: Uuid,
    frontier: Frontier,
    nodes: N,
}

/// Why the tree cannot do what is asked of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// The ledger or the nodes cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry could not be folded.
    #[error(transparent)]
    Fold(#[from] ProjectionError),
    /// The ledger has lost entries.
    #[error(
        "the ledger has {actual} entries, but {known} were known before; it was truncated or an old copy was put back: find the newer one"
    )]
    Truncated {
        /// How many there were.
        known: u64,
        /// How many there are.
        actual: u64,
    },
    /// The ledger holds other entries than before.
    #[error(
        "the first {size} entries are not those that were known before; the ledger was altered: compare it with a copy"
    )]
    Rewritten {
        /// How many entries were known.
        size: u64,
    },
    /// The nodes of the tree do not fit together: the file of the tree is damaged, not the ledger.
    #[error("the file of the tree is damaged; remove it, and it is folded anew from the ledger")]
    TreeDamaged,
    /// The last checkpoint is of another log.
    #[error("the last checkpoint is of the log {last}, not of {origin}")]
    OtherLog {
        /// The log of the last checkpoint.
        last: String,
        /// The log that was to be signed.
        origin: String,
    },
    /// The checkpoint does not reach as far as the entry.
    #[error(
        "the entry at position {position} came after the checkpoint over {size} entries; sign a new checkpoint"
    )]
    NotCovered {
        /// Where the entry stands.
        position: Position,
        /// The size of the checkpoint.
        size: u64,
    },
    /// A checkpoint cannot be written or read.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
}

impl From<InvalidNote> for EvidenceError {
    fn from(invalid: InvalidNote) -> Self {
        Self::Checkpoint(invalid.into())
    }
}

impl<N: NodeStore> EvidenceLog<N> {
    /// Goes on with the nodes of a tree, or starts with none. Reads one node for each bit of the size.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the nodes cannot be read.
    pub fn open(ledger_id: Uuid, nodes: N) -> Result<Self, StoreError> {
        let frontier = frontier(&nodes)?;
        Ok(Self {
            ledger_id,
            frontier,
            nodes,
        })
    }

    /// Folds entries that follow each other without a gap, from [`EvidenceLog::next_position`] on.
    ///
    /// # Errors
    ///
    /// [`ProjectionError`] at the first entry that is not the next one, or where the nodes cannot be kept; nothing was
    /// folded then.
    pub fn fold(&mut self, entries: &[Entry]) -> Result<(), ProjectionError> {
        let mut frontier = self.frontier.clone();
        let mut nodes = Vec::new();
        for entry in entries {
            let expected = Position::new(frontier.size());
            if entry.position != expected {
                return Err(stopped(entry.position, ProjectionFault::Gap { expected }));
            }
            let leaf = self
                .leaf(entry)
                .map_err(|error| stopped(entry.position, storage(error)))?;
            frontier.push_with(leaf, |node| nodes.push(node));
        }
        let kept = self.nodes.extend(&nodes);
        kept.map_err(|error| stopped(self.next_position(), storage(error)))?;
        self.frontier = frontier;
        Ok(())
    }

    /// Folds what a ledger has beyond, and keeps it.
    ///
    /// Before that, the last entry that was folded is compared with the ledger's: a ledger that was replaced is found.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Store`], [`EvidenceError::Truncated`], [`EvidenceError::Rewritten`], [`EvidenceError::TreeDamaged`],
    /// [`EvidenceError::Fold`], in this order.
    pub async fn catch_up(&mut self, store: &impl EventStore) -> Result<(), EvidenceError> {
        self.check_last(store).await?;
        let before = self.frontier.size();
        loop {
            let entries = store.read_all(self.next_position(), BATCH).await?;
            self.fold(&entries)?;
            if entries.len() < BATCH {
                break;
            }
        }
        if self.frontier.size() > before {
            self.nodes.sync()?;
        }
        Ok(())
    }

    /// Throws the tree away and folds the whole ledger.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Store`], [`EvidenceError::Fold`], in this order.
    pub async fn rebuild(&mut self, store: &impl EventStore) -> Result<(), EvidenceError> {
        self.nodes.clear()?;
        self.frontier = Frontier::default();
        self.catch_up(store).await
    }

    async fn check_last(&self, store: &impl EventStore) -> Result<(), EvidenceError> {
        let known = self.frontier.size();
        let Some(last) = known.checked_sub(1) else {
            return Ok(());
        };
        let entries = store.read_all(Position::new(last), 1).await?;
        let Some(entry) = entries.first() else {
            let head = store.head().await?;
            let actual = head.map_or(0, |head| head.next().get());
            return Err(EvidenceError::Truncated { known, actual });
        };
        let leaf = self.leaf(entry).map_err(unhashable)?;
        self.check_leaf(&leaf, last)
    }
}

impl<N: Nodes> EvidenceLog<N> {
    /// The ledger whose tree it is.
    #[must_use]
    pub const fn ledger_id(&self) -> Uuid {
        self.ledger_id
    }

    /// The position of the next entry it needs.
    #[must_use]
    pub const fn next_position(&self) -> Position {
        Position::new(self.frontier.size())
    }

    /// How many entries are folded.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all of them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The nodes, for tiles and proofs.
    #[must_use]
    pub const fn nodes(&self) -> &N {
        &self.nodes
    }

    /// The hash of an entry's leaf in this ledger.
    ///
    /// # Errors
    ///
    /// [`TooManyParts`]: no store takes such an entry.
    pub fn leaf(&self, entry: &Entry) -> Result<Hash, TooManyParts> {
        Leaf::of(entry).hash(self.ledger_id)
    }

    /// Reads the entries from `from` on again, and checks that the tree over all of them is the one that is kept; hands
    /// over each entry with the hash of its leaf.
    ///
    /// The tree over the entries before `from` is taken as it is kept: compare it with what was signed over them, by
    /// [`EvidenceLog::check`]. From 0 on it is compared with every entry. Costs a node for each bit of the size, and what
    /// reading those entries costs.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Store`], [`EvidenceError::Truncated`], [`EvidenceError::Rewritten`], [`EvidenceError::TreeDamaged`], in
    /// this order.
    pub async fn check_from(
        &self,
        store: &impl EventStore,
        from: u64,
        mut take: impl FnMut(&Entry, Hash),
    ) -> Result<(), EvidenceError> {
        let known = self.size();
        let mut frontier = frontier_at(&self.nodes, from)?;
        while frontier.size() < known {
            let next = frontier.size();
            let mut entries = store.read_all(Position::new(next), BATCH).await?;
            entries.truncate(usize::try_from(known - next).unwrap_or(usize::MAX));
            if entries.is_empty() {
                let actual = next;
                return Err(EvidenceError::Truncated { known, actual });
            }
            for entry in &entries {
                let leaf = self.leaf(entry).map_err(unhashable)?;
                self.check_leaf(&leaf, frontier.size())?;
                frontier.push(leaf);
                take(entry, leaf);
            }
        }
        if frontier.root() == self.root() {
            Ok(())
        } else {
            Err(EvidenceError::TreeDamaged)
        }
    }

    /// Compares a leaf with the one that the tree keeps; where they differ, tells whether ledger or tree was altered.
    pub(crate) fn check_leaf(&self, leaf: &Hash, index: u64) -> Result<(), EvidenceError> {
        let kept = self.nodes.node(0, index)?;
        if kept == *leaf {
            return Ok(());
        }
        let size = self.size();
        let proof = inclusion(&self.nodes, index, size)?;
        match verify_inclusion(&kept, index, size, &proof, &self.root()) {
            Ok(()) => Err(EvidenceError::Rewritten {
                size: index.saturating_add(1),
            }),
            Err(_) => Err(EvidenceError::TreeDamaged),
        }
    }

    /// Checks that the ledger still begins with what was signed before.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Truncated`], [`EvidenceError::Store`], [`EvidenceError::Rewritten`], in this order.
    pub fn check(&self, signed: &Checkpoint) -> Result<(), EvidenceError> {
        if self.size() < signed.size {
            return Err(EvidenceError::Truncated {
                known: signed.size,
                actual: self.size(),
            });
        }
        if root_at(&self.nodes, signed.size)? != signed.root {
            return Err(EvidenceError::Rewritten { size: signed.size });
        }
        Ok(())
    }

    /// Signs a checkpoint over all entries, if it follows from the one that was signed last.
    ///
    /// The caller keeps what was signed last where the ledger's disk does not decide about it, and brings it here.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::OtherLog`], then as [`EvidenceLog::check`], then [`EvidenceError::Checkpoint`]; nothing is signed.
    pub fn checkpoint(
        &self,
        origin: &str,
        key: &SigningKey,
        last: Option<&Checkpoint>,
    ) -> Result<SignedNote, EvidenceError> {
        if let Some(last) = last {
            if last.origin != origin {
                return Err(EvidenceError::OtherLog {
                    last: last.origin.clone(),
                    origin: origin.to_owned(),
                });
            }
            self.check(last)?;
        }
        Ok(Checkpoint::new(origin, self.size(), self.root())?.sign(key)?)
    }

    /// Proves that the ledger held an entry when a checkpoint was signed: a file for whoever submitted it.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Checkpoint`], [`EvidenceError::NotCovered`], then as [`EvidenceLog::check`];
    /// [`EvidenceError::Rewritten`] also when the entry is not the one that was folded, [`EvidenceError::TreeDamaged`] when
    /// the nodes do not lead from it to the root.
    pub fn prove(
        &self,
        entry: &Entry,
        checkpoint: &SignedNote,
    ) -> Result<TlogProof, EvidenceError> {
        let signed = Checkpoint::parse_text(checkpoint.text())?;
        let index = entry.position.get();
        if index >= signed.size {
            return Err(EvidenceError::NotCovered {
                position: entry.position,
                size: signed.size,
            });
        }
        self.check(&signed)?;
        let preimage = Leaf::of(entry)
            .preimage(self.ledger_id)
            .map_err(unhashable)?;
        let leaf = Hash::leaf(&preimage);
        self.check_leaf(&leaf, index)?;
        let proof = inclusion(&self.nodes, index, signed.size)?;
        verify_inclusion(&leaf, index, signed.size, &proof, &signed.root)
            .map_err(|_| EvidenceError::TreeDamaged)?;
        Ok(TlogProof {
            extra: Some(preimage),
            index,
            proof,
            checkpoint: checkpoint.clone(),
        })
    }

    /// Asks a witness, who signed a checkpoint of `old_size` entries last (0: none), to sign this one.
    ///
    /// # Errors
    ///
    /// [`EvidenceError::Checkpoint`], then as [`EvidenceLog::check`], then [`EvidenceError::Truncated`] when the witness
    /// has seen a larger log.
    pub fn witness_request(
        &self,
        old_size: u64,
        checkpoint: &SignedNote,
    ) -> Result<WitnessRequest, EvidenceError> {
        let signed = Checkpoint::parse_text(checkpoint.text())?;
        self.check(&signed)?;
        if old_size > signed.size {
            return Err(EvidenceError::Truncated {
                known: old_size,
                actual: signed.size,
            });
        }
        let proof = match old_size {
            0 => Vec::new(),
            1.. => consistency(&self.nodes, old_size, signed.size)?,
        };
        Ok(WitnessRequest {
            old_size,
            proof,
            checkpoint: checkpoint.clone(),
        })
    }
}

fn stopped(position: Position, reason: ProjectionFault) -> ProjectionError {
    ProjectionError {
        view: NAME,
        position,
        reason,
    }
}

fn storage(error: impl std::error::Error + Send + Sync + 'static) -> ProjectionFault {
    ProjectionFault::Storage(error.to_string(), Box::new(error))
}

fn unhashable(error: TooManyParts) -> StoreError {
    StoreError::new(StoreErrorKind::Damaged, error.to_string()).caused_by(error)
}
