//! The last entry of every stream, in the order of their ids, under one root: what shows that a stream is complete, or
//! that there is none.
//!
//! Each head is a leaf of a tree of its own, hashed as RFC 6962 does. Whoever has the statement of its root can be shown
//! that the history of a complaint ends with a certain version, or, by the two neighbours between which it would stand,
//! that there is no such history. That the heads are sorted and none is left out is checked by whoever has all entries,
//! and is the log's word to whoever has not.

use std::collections::BTreeMap;

use redress_core::{Position, Version};
use redress_store::{Entry, StoreError, StreamId};
use uuid::Uuid;

use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::nodes::{MemoryNodes, NodeStore};
use crate::number;
use crate::proof::inclusion;
use crate::verify::{ProofError, verify_inclusion};

/// What the preimage of a head begins with.
const HEAD_TAG: &[u8] = b"redress/stream-head/v1\0";
/// What the file of heads begins with.
const FILE_MAGIC: &[u8; 16] = b"redress/heads/1\0";
/// The first line of a statement; the line after it is no number, so that no statement passes for a checkpoint.
const STATEMENT: &str = "redress/stream-heads/v1";

/// The last entry of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// Which stream.
    pub stream: StreamId,
    /// The version of its last entry, which is how many it has.
    pub version: Version,
    /// Where that entry stands in the ledger.
    pub position: Position,
    /// The hash of that entry's leaf.
    pub leaf: Hash,
}

impl StreamHead {
    /// The hash of this head: of tag ‖ ledger id ‖ log size u64 ‖ stream ‖ version u64 ‖ position u64 ‖ leaf.
    #[must_use]
    pub fn hash(&self, ledger_id: Uuid, log_size: u64) -> Hash {
        let mut bytes = HEAD_TAG.to_vec();
        bytes.extend_from_slice(ledger_id.as_bytes());
        bytes.extend_from_slice(&log_size.to_be_bytes());
        bytes.extend_from_slice(self.stream.0.as_bytes());
        bytes.extend_from_slice(&self.version.get().to_be_bytes());
        bytes.extend_from_slice(&self.position.get().to_be_bytes());
        bytes.extend_from_slice(self.leaf.as_bytes());
        Hash::leaf(&bytes)
    }
}

/// The heads of all streams of a log, folded from its entries.
#[derive(Clone, Debug, Default)]
pub struct StreamHeads {
    heads: BTreeMap<StreamId, StreamHead>,
    log_size: u64,
}

impl StreamHeads {
    /// Takes the next entry, with the hash of its leaf; tells the head that its stream had before.
    pub fn push(&mut self, entry: &Entry, leaf: Hash) -> Option<StreamHead> {
        self.push_head(StreamHead {
            stream: entry.stream,
            version: entry.version,
            position: entry.position,
            leaf,
        })
    }

    pub(crate) fn push_head(&mut self, head: StreamHead) -> Option<StreamHead> {
        self.log_size = head.position.get().saturating_add(1);
        self.heads.insert(head.stream, head)
    }

    /// The bytes of a file of heads: magic ‖ ledger id ‖ log size u64 ‖ (stream ‖ version u64 ‖ position u64 ‖ leaf) of each
    /// stream, in the order of their ids.
    ///
    /// ```
    /// use redress_evidence::StreamHeads;
    /// use uuid::Uuid;
    ///
    /// let ledger = Uuid::from_u128(7);
    /// let bytes = StreamHeads::default().to_bytes(ledger);
    /// let read = StreamHeads::from_bytes(&bytes, ledger).unwrap();
    /// assert_eq!(read.statement("log", ledger), StreamHeads::default().statement("log", ledger));
    /// assert!(StreamHeads::from_bytes(&bytes, Uuid::nil()).is_none());
    /// ```
    #[must_use]
    pub fn to_bytes(&self, ledger_id: Uuid) -> Vec<u8> {
        let mut bytes = FILE_MAGIC.to_vec();
        bytes.extend_from_slice(ledger_id.as_bytes());
        bytes.extend_from_slice(&self.log_size.to_be_bytes());
        for head in self.heads.values() {
            bytes.extend_from_slice(head.stream.0.as_bytes());
            bytes.extend_from_slice(&head.version.get().to_be_bytes());
            bytes.extend_from_slice(&head.position.get().to_be_bytes());
            bytes.extend_from_slice(head.leaf.as_bytes());
        }
        bytes
    }

    /// Reads what [`StreamHeads::to_bytes`] writes of this ledger; `None` for anything else. What it tells is to be compared
    /// with a signed statement before it is believed.
    #[must_use]
    pub fn from_bytes(bytes: &[u8], ledger_id: Uuid) -> Option<Self> {
        let rest = bytes.strip_prefix(FILE_MAGIC)?;
        let mut rest = rest.strip_prefix(ledger_id.as_bytes())?;
        let log_size = u64::from_be_bytes(take(&mut rest)?);
        let mut heads = BTreeMap::new();
        while !rest.is_empty() {
            let head = StreamHead {
                stream: StreamId(Uuid::from_bytes(take(&mut rest)?)),
                version: Version::new(u64::from_be_bytes(take(&mut rest)?)),
                position: Position::new(u64::from_be_bytes(take(&mut rest)?)),
                leaf: Hash::new(take(&mut rest)?),
            };
            heads.insert(head.stream, head);
        }
        let read = Self { heads, log_size };
        // One spelling only: sorted, and none twice.
        (read.to_bytes(ledger_id) == bytes).then_some(read)
    }

    /// What is said of these heads, to be signed.
    #[must_use]
    pub fn statement(&self, origin: &str, ledger_id: Uuid) -> HeadsStatement {
        let mut frontier = Frontier::default();
        self.heads
            .values()
            .for_each(|head| frontier.push(head.hash(ledger_id, self.log_size)));
        HeadsStatement {
            origin: origin.to_owned(),
            ledger_id,
            log_size: self.log_size,
            count: frontier.size(),
            root: frontier.root(),
        }
    }

    /// Proves what the head of a stream is, or that there is no such stream.
    ///
    /// # Errors
    ///
    /// Only where memory cannot hold the heads.
    pub fn prove(&self, stream: StreamId, ledger_id: Uuid) -> Result<StreamProof, StoreError> {
        let mut nodes = MemoryNodes::default();
        let mut frontier = Frontier::default();
        let mut hashes = Vec::new();
        for head in self.heads.values() {
            frontier.push_with(head.hash(ledger_id, self.log_size), |node| {
                hashes.push(node)
            });
        }
        nodes.extend(&hashes)?;
        let proven = |found: Option<(u64, &StreamHead)>| -> Result<Option<ProvenHead>, StoreError> {
            let Some((index, head)) = found else {
                return Ok(None);
            };
            Ok(Some(ProvenHead {
                head: *head,
                index,
                proof: inclusion(&nodes, index, frontier.size())?,
            }))
        };
        let numbered = || (0_u64..).zip(self.heads.values());
        let at_or_after = numbered().find(|(_, head)| head.stream >= stream);
        let exact = at_or_after.filter(|(_, head)| head.stream == stream);
        if let Some(head) = proven(exact)? {
            return Ok(StreamProof::Present(head));
        }
        let before = numbered()
            .take_while(|(_, head)| head.stream < stream)
            .last();
        Ok(StreamProof::Absent {
            before: proven(before)?.map(Box::new),
            after: proven(at_or_after)?.map(Box::new),
        })
    }
}

/// What a log says of the heads of all its streams, to stand in a signed note.
///
/// ```
/// use redress_evidence::{HeadsStatement, StreamHeads};
/// use uuid::Uuid;
///
/// let statement = StreamHeads::default().statement("example.org/complaints", Uuid::nil());
/// assert_eq!(HeadsStatement::parse_text(&statement.text()), Some(statement));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadsStatement {
    /// Which log.
    pub origin: String,
    /// The ledger that the log is of.
    pub ledger_id: Uuid,
    /// How many entries the log had.
    pub log_size: u64,
    /// How many streams it had.
    pub count: u64,
    /// The root of the tree of heads.
    pub root: Hash,
}

impl HeadsStatement {
    /// Six lines: the name of the format, origin, ledger id, size of the log, number of streams, root in base 64.
    #[must_use]
    pub fn text(&self) -> String {
        let root = self.root.to_base64();
        format!(
            "{STATEMENT}\n{}\n{}\n{}\n{}\n{root}\n",
            self.origin, self.ledger_id, self.log_size, self.count
        )
    }

    /// Reads what [`HeadsStatement::text`] writes; `None` for anything else.
    #[must_use]
    pub fn parse_text(text: &str) -> Option<Self> {
        let lines: Vec<&str> = text.split('\n').take(8).collect();
        let [STATEMENT, origin, ledger_id, log_size, count, root, ""] = lines.as_slice() else {
            return None;
        };
        let statement = Self {
            origin: (*origin).to_owned(),
            ledger_id: ledger_id.parse().ok()?,
            log_size: number::parse(log_size)?,
            count: number::parse(count)?,
            root: Hash::from_base64(root)?,
        };
        (statement.text() == text).then_some(statement)
    }
}

/// A head with the proof that it stands among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenHead {
    /// The head.
    pub head: StreamHead,
    /// Where it stands among the heads.
    pub index: u64,
    /// The siblings on its way to the root.
    pub proof: Vec<Hash>,
}

impl ProvenHead {
    fn check(&self, statement: &HeadsStatement) -> Result<(), ProofError> {
        let leaf = self.head.hash(statement.ledger_id, statement.log_size);
        verify_inclusion(
            &leaf,
            self.index,
            statement.count,
            &self.proof,
            &statement.root,
        )
    }
}

/// Shows what the head of a stream is, or that there is no such stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamProof {
    /// There is one, and this is its head.
    Present(ProvenHead),
    /// There is none: it would stand between these two, of which one is absent at either end, and both where there is no
    /// stream at all.
    Absent {
        /// The stream before it.
        before: Option<Box<ProvenHead>>,
        /// The stream after it.
        after: Option<Box<ProvenHead>>,
    },
}

/// Why a proof about a stream does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamProofError {
    /// It is about another stream, or its neighbours do not stand around this one.
    #[error("the proof is about another stream")]
    OtherStream,
    /// Between the two neighbours there is room for another stream.
    #[error("the neighbours do not stand side by side, so a stream could be between them")]
    NotAdjacent,
    /// A head is not where the proof says.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl StreamProof {
    /// Checks the proof and tells the head of the stream; `None` where there is no such stream.
    ///
    /// # Errors
    ///
    /// [`StreamProofError`], the first that applies in the order of its variants.
    pub fn verify(
        &self,
        stream: StreamId,
        statement: &HeadsStatement,
    ) -> Result<Option<StreamHead>, StreamProofError> {
        match self {
            Self::Present(found) => {
                if found.head.stream != stream {
                    return Err(StreamProofError::OtherStream);
                }
                found.check(statement)?;
                Ok(Some(found.head))
            }
            Self::Absent { before, after } => {
                check_absent(before.as_deref(), after.as_deref(), stream, statement)?;
                Ok(None)
            }
        }
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, after) = rest.split_first_chunk::<N>()?;
    *rest = after;
    Some(*taken)
}

fn check_absent(
    before: Option<&ProvenHead>,
    after: Option<&ProvenHead>,
    stream: StreamId,
    statement: &HeadsStatement,
) -> Result<(), StreamProofError> {
    let around = before.is_none_or(|one| one.head.stream < stream)
        && after.is_none_or(|one| one.head.stream > stream);
    if !around {
        return Err(StreamProofError::OtherStream);
    }
    // The number of streams before this one, as either neighbour tells it.
    let from_before = before.map_or(Some(0), |one| one.index.checked_add(1));
    let from_after = after.map_or(statement.count, |one| one.index);
    if from_before != Some(from_after) {
        return Err(StreamProofError::NotAdjacent);
    }
    if statement.count == 0 && statement.root != Hash::empty_root() {
        return Err(ProofError::Root.into());
    }
    for neighbour in [before, after].into_iter().flatten() {
        neighbour.check(statement)?;
    }
    Ok(())
}
