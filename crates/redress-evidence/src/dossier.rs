//! Checking the proofs about a complaint together, as whoever submitted it holds them: no ledger, no network.
//!
//! Every file is looked at, whatever the others came to, and each sentence says what it rests on.

use std::collections::BTreeMap;
use std::fmt;

use redress_store::StreamId;
use uuid::Uuid;

use crate::bundle::Anchors;
use crate::checkpoint::Checkpoint;
use crate::hash::Hash;
use crate::heads::{HeadsStatement, StreamHead};
use crate::history_proof::HistoryProof;
use crate::leaf::Leaf;
use crate::note::Signed;
use crate::tlog_proof::TlogProof;

/// A file that is said to be a proof.
#[derive(Clone, Debug)]
pub struct ProofFile {
    /// Its name, to tell findings by.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl ProofFile {
    /// Whether bytes begin as a `.tlog-proof` or a `.stream-proof` does.
    ///
    /// ```
    /// use redress_evidence::ProofFile;
    ///
    /// assert!(ProofFile::is_one(b"c2sp.org/tlog-proof@v1\nindex 0\n"));
    /// assert!(!ProofFile::is_one(b"SQLite format 3\0"));
    /// ```
    #[must_use]
    pub fn is_one(bytes: &[u8]) -> bool {
        let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
        line == TlogProof::HEADER.as_bytes() || line == HistoryProof::HEADER.as_bytes()
    }
}

/// What proofs came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dossier {
    /// What is not as it should be: the file, and why.
    pub findings: Vec<(String, String)>,
    /// What is shown, and by whose word.
    pub shown: Vec<Shown>,
    /// What was not checked, or cannot be from these files.
    pub not_checked: Vec<NotChecked>,
}

/// What a proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shown {
    /// A log held an entry.
    Entry {
        /// The ledger, as the entry tells it.
        ledger: Uuid,
        /// The entry.
        leaf: Box<Leaf>,
        /// The log's statement.
        checkpoint: Checkpoint,
        /// Who signed it, of the keys that were brought.
        signed: Vec<Signed>,
    },
    /// A log stated where a history ends.
    End {
        /// The last entry.
        head: StreamHead,
        /// The log's statement.
        said: HeadsStatement,
    },
    /// Every entry of a history, up to its end as stated, is among those that are shown.
    Whole {
        /// The history.
        stream: StreamId,
        /// How many entries.
        entries: u64,
    },
    /// A proof is by the very checkpoint that was brought.
    SameCheckpoint {
        /// How many entries that is over.
        size: u64,
    },
}

/// What was not checked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotChecked {
    /// What the entries say. A proof binds it by hashes.
    Content,
    /// Whether there are other entries of the history: nothing states where it ends, or not all before that are here.
    Missing {
        /// The history.
        stream: StreamId,
        /// The versions that no proof here is about; none where nothing states where it ends.
        versions: Vec<u64>,
    },
    /// Whether the log still is the one that was signed.
    Later,
    /// Whether the log follows from the checkpoint that was brought: they are of different sizes.
    Consistency {
        /// The size of the one that was brought.
        brought: u64,
        /// The size of the proof's.
        proven: u64,
    },
    /// No witness whose key was brought has signed.
    NoWitness,
}

impl Dossier {
    /// Checks proofs by the keys, and against the checkpoint where one is brought.
    #[must_use]
    pub fn verify(files: &[ProofFile], anchors: &Anchors) -> Self {
        let mut dossier = Self::default();
        for file in files {
            if let Err(why) = dossier.take(file, anchors) {
                dossier.findings.push((file.name.clone(), why));
            }
        }
        dossier.compare_histories();
        if dossier.entries().next().is_some() {
            dossier.not_checked.push(NotChecked::Content);
        }
        if !dossier.shown.is_empty() {
            dossier.not_checked.push(NotChecked::Later);
        }
        let is_witness = |one: &Signed| one.time_seconds.is_some();
        if !dossier
            .entries()
            .any(|(_, signed)| signed.iter().any(is_witness))
        {
            dossier.not_checked.push(NotChecked::NoWitness);
        }
        dossier
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    fn take(&mut self, file: &ProofFile, anchors: &Anchors) -> Result<(), String> {
        let is_history = file.bytes.starts_with(HistoryProof::HEADER.as_bytes());
        if is_history {
            let proof = HistoryProof::parse(&file.bytes).map_err(|why| why.to_string())?;
            let said = proof.verify(&anchors.keys).map_err(|why| why.to_string())?;
            let head = proof.head.head;
            self.shown.push(Shown::End { head, said });
            return Ok(());
        }
        let proof = TlogProof::parse(&file.bytes).map_err(|why| why.to_string())?;
        let preimage = proof.extra.as_deref().unwrap_or_default();
        let (ledger, leaf) = Leaf::from_preimage(preimage)
            .ok_or("it does not bring the entry that it is about, as proofs of this program do")?;
        if leaf.position.get() != proof.index {
            return Err("the entry tells another position than the proof".to_owned());
        }
        let told = proof.checkpoint().map_err(|why| why.to_string())?;
        // Whose log it is, is told; which keys count, the reader has said.
        let (checkpoint, signed) = proof
            .verify(&Hash::leaf(preimage), &told.origin, &anchors.keys)
            .map_err(|why| why.to_string())?;
        self.compare(&checkpoint, anchors)?;
        self.shown.push(Shown::Entry {
            ledger,
            leaf: Box::new(leaf),
            checkpoint,
            signed,
        });
        Ok(())
    }

    /// Compares the checkpoint of a proof with the one that was brought.
    fn compare(&mut self, proven: &Checkpoint, anchors: &Anchors) -> Result<(), String> {
        let Some(brought) = &anchors.earlier else {
            return Ok(());
        };
        if brought.size != proven.size {
            let different = NotChecked::Consistency {
                brought: brought.size,
                proven: proven.size,
            };
            if !self.not_checked.contains(&different) {
                self.not_checked.push(different);
            }
            return Ok(());
        }
        if brought.root != proven.root || brought.origin != proven.origin {
            return Err(
                "the checkpoint that you brought is over as many entries and tells another root: there are two histories"
                    .to_owned(),
            );
        }
        let same = Shown::SameCheckpoint { size: proven.size };
        if !self.shown.contains(&same) {
            self.shown.push(same);
        }
        Ok(())
    }

    fn entries(&self) -> impl Iterator<Item = (&Leaf, &Vec<Signed>)> {
        self.shown.iter().filter_map(|one| match one {
            Shown::Entry { leaf, signed, .. } => Some((&**leaf, signed)),
            Shown::End { .. } | Shown::Whole { .. } | Shown::SameCheckpoint { .. } => None,
        })
    }

    /// Compares the entries of each history with its end.
    fn compare_histories(&mut self) {
        let mut versions: BTreeMap<(Uuid, StreamId), BTreeMap<u64, Hash>> = BTreeMap::new();
        let mut ends: Vec<(Uuid, StreamHead)> = Vec::new();
        for one in &self.shown {
            match one {
                Shown::Entry { ledger, leaf, .. } => {
                    let hash = leaf.hash(*ledger).unwrap_or_else(|_| Hash::empty_root());
                    let history = versions.entry((*ledger, leaf.stream)).or_default();
                    history.insert(leaf.version.get(), hash);
                }
                Shown::End { head, said } => ends.push((said.ledger_id, *head)),
                Shown::Whole { .. } | Shown::SameCheckpoint { .. } => {}
            }
        }
        for (history, proven) in &versions {
            let end = ends
                .iter()
                .find(|(ledger, head)| (*ledger, head.stream) == *history);
            self.compare_history(history.1, proven, end.map(|(_, head)| head));
        }
    }

    fn compare_history(
        &mut self,
        stream: StreamId,
        proven: &BTreeMap<u64, Hash>,
        end: Option<&StreamHead>,
    ) {
        let Some(end) = end else {
            let versions = Vec::new();
            self.not_checked
                .push(NotChecked::Missing { stream, versions });
            return;
        };
        let last = end.version.get();
        if proven.get(&last).is_some_and(|leaf| *leaf != end.leaf) {
            let why =
                "the entry that the history is stated to end with is not the one that is proven";
            self.findings.push((stream.to_string(), why.to_owned()));
            return;
        }
        // A stated version may be any number: no more than a few are told.
        let missing = (1..=last).filter(|version| !proven.contains_key(version));
        let versions: Vec<u64> = missing.take(MOST_TOLD).collect();
        if versions.is_empty() {
            let entries = last;
            self.shown.push(Shown::Whole { stream, entries });
        } else {
            self.not_checked
                .push(NotChecked::Missing { stream, versions });
        }
    }
}

/// The most missing versions that are told.
const MOST_TOLD: usize = 20;

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry {
                ledger,
                leaf,
                checkpoint,
                signed,
            } => {
                let Leaf {
                    position,
                    stream,
                    version,
                    event_type,
                    recorded_at,
                    ..
                } = &**leaf;
                write!(
                    f,
                    "ledger {ledger} held, at position {position}, version {version} of history {stream}, a fact of kind \
                     {event_type} recorded at {recorded_at}, when {} with {} entries was signed",
                    checkpoint.origin, checkpoint.size
                )?;
                for one in signed {
                    let id = crate::hex::encode(&one.key_id);
                    write!(f, " by {} ({id})", one.name)?;
                    if let Some(time) = one.time_seconds {
                        write!(f, " as a witness, {time} seconds after 1970")?;
                    }
                }
                f.write_str("; it rests on the keys that you brought")
            }
            Self::End { head, said } => write!(
                f,
                "{} stated, with {} entries, that history {} ended with version {}, at position {}; it rests on the keys that \
                 you brought, and on the log's word that it left no history out",
                said.origin, said.log_size, head.stream, head.version, head.position
            ),
            Self::Whole { stream, entries } => write!(
                f,
                "these are all {entries} facts that history {stream} had then"
            ),
            Self::SameCheckpoint { size } => write!(
                f,
                "proofs here are by the checkpoint over {size} entries that you brought"
            ),
        }
    }
}

impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Content => f.write_str(
                "what the facts say: a proof holds hashes of it; whoever has the text can compare it by docs/format.md",
            ),
            Self::Missing { stream, versions } if versions.is_empty() => write!(
                f,
                "whether history {stream} had other facts: nothing here states where it ended"
            ),
            Self::Missing { stream, versions } => {
                let versions: Vec<String> = versions.iter().map(u64::to_string).collect();
                write!(
                    f,
                    "the other facts of history {stream}: no proof here is about version {}",
                    versions.join(", ")
                )
            }
            Self::Later => f.write_str(
                "what became of the ledger since: only a bundle or the ledger itself can tell, beside this checkpoint",
            ),
            Self::Consistency { brought, proven } => write!(
                f,
                "whether the log with {proven} entries and the checkpoint over {brought} that you brought are of one history: a \
                 proof alone cannot tell; check a bundle with both"
            ),
            Self::NoWitness => f.write_str(
                "no witness whose key you brought has signed: others may have been shown another history",
            ),
        }
    }
}
