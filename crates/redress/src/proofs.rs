//! What proves a ledger in a file: its tree, its last checkpoint, proofs about complaints, and bundles for auditors.
//!
//! The proofs themselves are made in `redress-evidence`; here stands which files they are made from and kept in.

mod beside;
#[cfg(feature = "sqlite")]
mod restore;
mod walk;

use std::path::Path;

use redress_core::{ComplaintId, LedgerEvent};
use redress_evidence::bundle::{self, Anchors, Contents, LedgerFiles, Report};
use redress_evidence::{
    Checkpoint, EvidenceError, EvidenceLog, FileNodes, HistoryProof, MemoryNodes, SignedNote,
    SigningKey, StreamHeads, StreamProof, TlogProof, VerifierKey,
};
use redress_store::{Entry, EventStore};

pub(crate) use self::beside::Beside;
#[cfg(feature = "sqlite")]
pub use self::restore::{Restored, restore_ledger};
use self::walk::Walk;
use crate::error::LedgerError;
use crate::ledger::Ledger;

/// What proves a ledger in a file.
///
/// The tree stands beside the ledger with the ending `.tree`, the checkpoint signed last with `.checkpoint`, and the
/// statement of the heads of histories that was signed with it with `.heads`, those heads with `.histories`. While it is open
/// no other program can sign or prove. The ledger itself is only read.
///
/// ```
/// use redress::evidence::SigningKey;
/// use redress::{Evidence, Ledger, Policy};
///
/// # let folder = tempfile::tempdir()?;
/// let path = folder.path().join("complaints.redress");
/// let ledger = Ledger::open(&path, Policy::standard())?;
/// let key = SigningKey::from_seed("example.org/complaints", &[7; 32])?;
/// # pollster::block_on(async {
/// let mut evidence = Evidence::open(ledger, &path).await?;
/// let checkpoint = evidence.checkpoint(&key).await?;
/// assert!(checkpoint.text().starts_with("example.org/complaints\n0\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Evidence<S> {
    ledger: Ledger<S>,
    log: EvidenceLog<FileNodes>,
    beside: Beside,
    last: Option<(Checkpoint, SignedNote)>,
}

/// What proves that a ledger holds the facts about a complaint, and that none of them was left out.
#[derive(Clone, Debug)]
pub struct ComplaintProof {
    /// A proof for each fact that the last checkpoint covers, in their order.
    pub facts: Vec<TlogProof>,
    /// How many facts were recorded after that checkpoint, and are not proven.
    pub uncovered: usize,
    /// The proof that the history ended with the last of the proven facts.
    pub history: HistoryProof,
}

impl<S: EventStore> Evidence<S> {
    /// Opens the tree beside the ledger in this file, and brings it up to date: reads what was recorded since.
    ///
    /// A tree that does not lead to the root that was signed last is folded anew from the whole ledger; if that does not lead
    /// there either, the ledger was altered.
    ///
    /// # Errors
    ///
    /// [`LedgerError::LedgerTruncated`] when the ledger is smaller than what was signed last, [`LedgerError::Beside`] when the
    /// last checkpoint cannot be read, [`LedgerError::Store`] when ledger or tree cannot be, [`LedgerError::Evidence`] when
    /// the ledger does not follow from the tree or from the last checkpoint.
    pub async fn open(ledger: Ledger<S>, path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let beside = Beside::of(path.as_ref())?;
        let ledger_id = ledger.store().ledger_id();
        beside.check_not_truncated(ledger.store()).await?;
        let nodes = FileNodes::open(beside.tree(), ledger_id)?;
        let log = EvidenceLog::open(ledger_id, nodes)?;
        let last = beside.checkpoint()?;
        let mut evidence = Self {
            ledger,
            log,
            beside,
            last,
        };
        match evidence.log.catch_up(evidence.ledger.store()).await {
            Err(EvidenceError::TreeDamaged) => evidence.mend().await?,
            caught_up => caught_up?,
        }
        match evidence.check_last() {
            // Which of the two was altered, tree or ledger, shows when the ledger is folded anew.
            Err(EvidenceError::Rewritten { .. }) => evidence.mend().await?,
            checked => checked?,
        }
        Ok(evidence)
    }

    fn check_last(&self) -> Result<(), EvidenceError> {
        let last = self.last.as_ref();
        last.map_or(Ok(()), |(said, _)| self.log.check(said))
    }

    /// Folds the whole ledger anew, and takes that for the tree if it follows from what was signed last. Otherwise the tree
    /// stays as it is: it may tell which entry was altered.
    async fn mend(&mut self) -> Result<(), LedgerError> {
        let store = self.ledger.store();
        let mut anew = EvidenceLog::open(self.log.ledger_id(), MemoryNodes::default())?;
        anew.catch_up(store).await?;
        if let Some((said, _)) = &self.last {
            anew.check(said)?;
        }
        self.log.rebuild(store).await?;
        Ok(self.check_last()?)
    }

    /// The checkpoint that was signed last; `None` where none was.
    #[must_use]
    pub fn last_checkpoint(&self) -> Option<&SignedNote> {
        self.last.as_ref().map(|(_, note)| note)
    }

    /// Signs a checkpoint over every entry and keeps it beside the ledger. The name of the key is that of the log.
    ///
    /// What this key signed last stands for the entries it covers: each was read when it was signed, and the tree over them is
    /// compared with that root. Those recorded since are read now, each compared with the tree. So an entry that was altered
    /// after it was signed is not signed anew; it is found by [`verify_ledger`] and by [`Evidence::checkpoint_anew`]. Where this
    /// key signed nothing before, or the heads that go with it are lost, the whole ledger is read.
    ///
    /// Where nothing was recorded since the last one, that one is the answer.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Evidence`] when it would not follow from the last one or an entry is not the one that was folded,
    /// [`LedgerError::Store`] when the ledger cannot be read, [`LedgerError::Beside`] when it cannot be kept.
    pub async fn checkpoint(&mut self, key: &SigningKey) -> Result<SignedNote, LedgerError> {
        let known = self.heads_signed_by(key.verifier());
        self.sign(key, known).await
    }

    /// As [`Evidence::checkpoint`], and reads the whole ledger again, whatever was signed before.
    ///
    /// # Errors
    ///
    /// As [`Evidence::checkpoint`].
    pub async fn checkpoint_anew(&mut self, key: &SigningKey) -> Result<SignedNote, LedgerError> {
        self.sign(key, None).await
    }

    async fn sign(
        &mut self,
        key: &SigningKey,
        known: Option<Known>,
    ) -> Result<SignedNote, LedgerError> {
        let heads = match self.check_entries(known.clone()).await {
            Err(EvidenceError::TreeDamaged) => {
                self.mend().await?;
                self.check_entries(known).await?
            }
            checked => checked?,
        };
        let origin = key.verifier().name();
        let last = self.last.as_ref().map(|(said, _)| said);
        let note = self.log.checkpoint(origin, key, last)?;
        let statement = heads.statement(origin, self.log.ledger_id());
        let statement = SignedNote::sign(statement.text(), key).map_err(EvidenceError::from)?;
        // The checkpoint last: heads that no checkpoint goes with are not used.
        self.beside.keep_histories(&heads, self.log.ledger_id())?;
        self.beside.keep_heads(&statement)?;
        if let Some((said, last)) = &self.last
            && said.size == self.log.size()
            && is_signed_by(last, key.verifier())
        {
            return Ok(last.clone());
        }
        self.beside.keep_checkpoint(&note)?;
        let said = Checkpoint::parse_text(note.text()).map_err(EvidenceError::from)?;
        self.last = Some((said, note.clone()));
        Ok(note)
    }

    /// The heads as this key signed them together with the last checkpoint, and how many entries that covers.
    fn heads_signed_by(&self, key: &VerifierKey) -> Option<Known> {
        let (said, note) = self.last.as_ref()?;
        let (told, statement) = self.beside.heads().ok()??;
        let is_one = told.log_size == said.size && told.origin == said.origin;
        let is_signed = is_signed_by(note, key) && is_signed_by(&statement, key);
        let size = (is_one && is_signed).then_some(said.size)?;
        let heads = self.beside.histories(&told)?;
        Some(Known { size, heads })
    }

    /// Reads the entries that are not known, each compared with the tree; tells the heads of all.
    async fn check_entries(&self, known: Option<Known>) -> Result<StreamHeads, EvidenceError> {
        let Known { size, mut heads } = known.unwrap_or_default();
        let take = |entry: &Entry, leaf| {
            heads.push(entry, leaf);
        };
        self.log.check_from(self.ledger.store(), size, take).await?;
        Ok(heads)
    }

    /// Proves the facts about a complaint by the last checkpoint. Reads its facts alone, and the heads that were signed.
    ///
    /// # Errors
    ///
    /// [`LedgerError::NotSigned`] when there is no checkpoint with heads, [`LedgerError::Beside`] when they cannot be read,
    /// [`LedgerError::Evidence`] when no fact is covered or the ledger was altered, [`LedgerError::Store`] when it cannot be
    /// read.
    pub async fn prove(&mut self, complaint: ComplaintId) -> Result<ComplaintProof, LedgerError> {
        match self.prove_by_tree(complaint).await {
            Err(LedgerError::Evidence(EvidenceError::TreeDamaged)) => {
                self.mend().await?;
                self.prove_by_tree(complaint).await
            }
            proven => proven,
        }
    }

    async fn prove_by_tree(&self, complaint: ComplaintId) -> Result<ComplaintProof, LedgerError> {
        let not_signed = || LedgerError::NotSigned(self.beside.ledger().to_owned());
        let (said, note) = self.last.as_ref().ok_or_else(not_signed)?;
        let (told, statement) = self.beside.heads()?.ok_or_else(not_signed)?;
        let heads = match self.beside.histories(&told) {
            Some(heads) => heads,
            None => self.heads_at(said.size).await?,
        };
        let is_one = told.log_size == said.size && told.origin == said.origin;
        if !is_one || told != heads.statement(&said.origin, self.log.ledger_id()) {
            return Err(not_signed());
        }
        let mut entries = self.ledger.entries(complaint).await?;
        let total = entries.len();
        let covered = entries.partition_point(|entry| entry.position.get() < said.size);
        // Where none is covered, the first one says so.
        entries.truncate(covered.max(1));
        let facts = entries.iter().map(|entry| self.log.prove(entry, note));
        let facts = facts.collect::<Result<Vec<_>, _>>()?;
        let head = match heads.prove(complaint.into(), self.log.ledger_id())? {
            StreamProof::Present(head) => head,
            StreamProof::Absent { .. } => return Err(not_signed()),
        };
        Ok(ComplaintProof {
            facts,
            uncovered: total.saturating_sub(covered),
            history: HistoryProof { head, statement },
        })
    }

    /// The heads of histories among the first `size` entries, read from the whole ledger.
    async fn heads_at(&self, size: u64) -> Result<StreamHeads, EvidenceError> {
        let mut heads = StreamHeads::default();
        let take = |entry: &Entry, leaf| {
            if entry.position.get() < size {
                heads.push(entry, leaf);
            }
        };
        self.log.check_from(self.ledger.store(), 0, take).await?;
        Ok(heads)
    }

    /// Writes a bundle for auditors into a new folder, up to the last checkpoint, with the rules adopted until then; tells how many
    /// entries it has. Without a checkpoint it has every entry, and nobody answers for it.
    ///
    /// `keys` are those whose signatures the checkpoint carries; a bundle names them, and an auditor compares them.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when the ledger cannot be read, [`LedgerError::Beside`] when the heads
    /// cannot be, [`LedgerError::Bundle`] when the ledger was altered or the folder cannot be written.
    pub async fn export(&self, keys: &[VerifierKey], folder: &Path) -> Result<u64, LedgerError> {
        let (size, checkpoints) = match &self.last {
            Some((said, note)) => (said.size, std::slice::from_ref(note)),
            None => (self.log.size(), [].as_slice()),
        };
        let policies = self.policies(size).await?;
        let heads = self.beside.heads()?;
        let heads = heads.filter(|(told, _)| self.last.is_some() && told.log_size == size);
        let contents = Contents {
            checkpoints,
            keys,
            policies: &policies,
            stream_heads: heads.as_ref().map(|(_, note)| note),
        };
        let exported = bundle::export(self.ledger.store(), &self.log, &contents, folder);
        Ok(exported.await?)
    }

    /// The texts of the rules that were adopted among the first `size` entries.
    async fn policies(&self, size: u64) -> Result<Vec<String>, LedgerError> {
        let adoptions = self.ledger.adoptions().await?;
        let adopted = adoptions.into_iter();
        let adopted = adopted.take_while(|fact| fact.position.get() < size);
        let texts = adopted.filter_map(|fact| {
            if let LedgerEvent::PolicyAdopted(adopted) = fact.event {
                Some(adopted.text)
            } else {
                None
            }
        });
        Ok(texts.collect())
    }
}

/// What is known of a ledger's first entries.
#[derive(Clone, Default)]
struct Known {
    /// How many they are.
    size: u64,
    heads: StreamHeads,
}

fn is_signed_by(note: &SignedNote, key: &VerifierKey) -> bool {
    note.verify(std::slice::from_ref(key)).is_ok()
}

/// Checks the entries of a ledger in a file to their end, whatever is found; nothing is changed, no file beside it either.
///
/// The tree beside it tells which entry was altered, the checkpoint beside it that those are the entries that were signed.
/// Both stand where whoever can write the ledger can write them too, so bring a key and a checkpoint from elsewhere.
///
/// # Errors
///
/// [`LedgerError::Store`] when nothing tells how many entries there are, [`LedgerError::Beside`] when the checkpoint or the heads
/// beside the ledger cannot be read as a file.
pub async fn verify_ledger(
    store: &impl EventStore,
    path: impl AsRef<Path>,
    anchors: &Anchors,
) -> Result<Report, LedgerError> {
    let beside = Beside::of(path.as_ref())?;
    let ledger_id = store.ledger_id();
    let head = store.head().await?;
    let tree = FileNodes::open_read_only(beside.tree(), ledger_id)?;
    let checkpoint = beside.checkpoint_bytes()?;
    let heads = beside.heads_bytes()?;
    let (tree_path, checkpoint_path, heads_path) =
        (beside.tree(), beside.checkpoint_path(), beside.heads_path());
    let names = [beside.ledger(), &tree_path, &checkpoint_path, &heads_path].map(beside::name);
    let [name, tree_name, checkpoint_name, heads_name] = &names;
    let files = LedgerFiles {
        ledger_id,
        name,
        checkpoint: checkpoint
            .as_deref()
            .map(|bytes| (checkpoint_name.as_str(), bytes)),
        stream_heads: heads.as_deref().map(|bytes| (heads_name.as_str(), bytes)),
        tree: tree.as_ref().map(|tree| (tree_name.as_str(), tree)),
    };
    let walk = Walk::to(store, head);
    Ok(bundle::verify_ledger(&files, walk, anchors))
}
