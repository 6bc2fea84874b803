//! What a check of a bundle found, and what its guarantees rest on.

use std::fmt;

use redress_core::Position;

use crate::hash::Hash;

/// What a check of a bundle found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many entries could be read.
    pub size: u64,
    /// The root over them; `None` where some could not be read.
    pub root: Option<Hash>,
    /// Everything that is not as it should be.
    pub findings: Vec<Finding>,
    /// What is shown, and by whose word. Empty of signatures where there are findings that speak against them.
    pub guarantees: Vec<Guarantee>,
}

impl Report {
    /// Whether nothing was found.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// In which file of the bundle, or about which.
    pub file: String,
    /// At which entry, where it is about one.
    pub position: Option<Position>,
    /// What.
    pub fault: Fault,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(position) = self.position {
            write!(f, ", position {position}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

/// What is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The file is not there, is no regular file, is too long or cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// The file does not belong to a bundle of this size.
    #[error("the file does not belong to the bundle")]
    Unexpected,
    /// The manifest does not list what a bundle of this size has.
    #[error("the manifest should list {0} here")]
    NotListed(String),
    /// The file is not the one that the manifest lists.
    #[error("the file has not the length and the digest that the manifest tells")]
    Digest,
    /// The text is not what this format writes.
    #[error("this is not as the format writes it")]
    Malformed,
    /// The store of a ledger cannot read the entry.
    #[error("the entry cannot be read: {0}")]
    Entry(String),
    /// Entries are missing.
    #[error("entries from position {0} on are missing before this one")]
    Gap(Position),
    /// The entries end before they should.
    #[error("the entries from here on are missing")]
    CutOff,
    /// The store tells something else of the entry than its public part does.
    #[error("its {0} is not the one that its public part tells")]
    Contradiction(&'static str),
    /// The entry stands in the wrong place, or again.
    #[error("the entry was there before, or is out of order: position {0} belongs here")]
    OutOfOrder(Position),
    /// A history has a gap.
    #[error("it is version {actual} of its history where {expected} belongs")]
    Version {
        /// The version that belongs here.
        expected: u64,
        /// The version that is here.
        actual: u64,
    },
    /// The time of recording goes back.
    #[error("it was recorded before the entry before it")]
    Time,
    /// A personal part is gone, and nothing says that its key was destroyed.
    #[error("personal part {0} is missing, and no record says that it was erased")]
    PartMissing(usize),
    /// A personal part is not the one that the leaf binds.
    #[error("personal part {0} is not the one that the entry binds")]
    PartDiffers(usize),
    /// A personal part is of a kind that this version cannot check.
    #[error("personal part {0} is of a kind that this version cannot check; use a newer one")]
    PartUnknown(usize),
    /// The entry is not the one that the tree holds.
    #[error("the entry is not the one whose hash the tree holds")]
    Leaf,
    /// The file and the entries do not agree.
    #[error("this differs from what the entries lead to")]
    Differs,
    /// There are other entries than told.
    #[error("it tells {told} entries, but {actual} are there")]
    Size {
        /// How many are told.
        told: u64,
        /// How many there are.
        actual: u64,
    },
    /// The entries do not lead to the root.
    #[error("the entries do not lead to the root that it tells")]
    Root,
    /// A signature is not as it should be, or none is by a key that was given.
    #[error("{0}")]
    Signature(String),
    /// The checkpoint that the auditor brought is not a beginning of this log.
    #[error("the log does not begin with the entries of the checkpoint that you brought")]
    Earlier,
}

/// What is shown, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guarantee {
    /// The entries are those that a key signed.
    Signed {
        /// The log.
        origin: String,
        /// How many entries.
        size: u64,
        /// The name of the key.
        name: String,
        /// The id of the key.
        key_id: [u8; 4],
        /// Whether the auditor brought the key; else it is the bundle's own word.
        key_given: bool,
        /// When a witness signed, in seconds since 1970; `None` for the log's own key.
        witnessed_at_seconds: Option<u64>,
    },
    /// The log begins with the entries of a checkpoint that the auditor brought.
    Follows {
        /// How many entries that checkpoint has.
        size: u64,
    },
    /// Nobody answers for the entries.
    Unsigned,
    /// Entries came after the newest checkpoint: no signature covers them.
    Uncovered {
        /// The position of the first one.
        from: u64,
        /// How many.
        count: u64,
    },
    /// The auditor brought no earlier checkpoint.
    NoEarlier,
    /// The checkpoint that the auditor brought is over no entries: every log begins so.
    EmptyEarlier,
    /// No witness whose key was given has signed.
    NoWitness,
    /// No tree that was folded before stands beside the ledger.
    NoTree,
    /// The heads of all streams are as stated.
    StreamHeads {
        /// How many streams.
        count: u64,
        /// Over how many entries that is stated.
        size: u64,
        /// Whether the auditor brought the key; else it is the bundle's own word.
        key_given: bool,
    },
    /// The heads of all streams are as stated, but nobody answers for the statement.
    StreamHeadsUnsigned {
        /// How many streams.
        count: u64,
    },
    /// Personal parts are gone, and the ledger states that their keys were destroyed.
    Erased {
        /// How many.
        parts: usize,
    },
    /// The policy texts are those that the entries say were adopted.
    Policies {
        /// How many.
        count: u32,
    },
    /// There are policy texts that no entry says were adopted.
    PoliciesUnbound {
        /// How many.
        count: u32,
    },
}

impl Guarantee {
    /// Whether it tells what was shown; else it tells what could not be checked.
    #[must_use]
    pub const fn is_shown(&self) -> bool {
        !matches!(
            self,
            Self::Unsigned
                | Self::Uncovered { .. }
                | Self::NoEarlier
                | Self::EmptyEarlier
                | Self::NoWitness
                | Self::NoTree
                | Self::StreamHeadsUnsigned { .. }
                | Self::PoliciesUnbound { .. }
        )
    }
}

impl fmt::Display for Guarantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signed {
                origin,
                size,
                name,
                key_id,
                key_given,
                witnessed_at_seconds,
            } => {
                let id = crate::hex::encode(key_id);
                write!(f, "the first {size} entries are those of {origin} that {name} ({id}) signed")?;
                if let Some(time) = witnessed_at_seconds {
                    write!(f, " as a witness, {time} seconds after 1970")?;
                }
                write!(f, "; {}", rests_on(*key_given))
            }
            Self::Follows { size } => write!(
                f,
                "nothing in the first {size} entries was changed, left out or put in since the checkpoint that you brought"
            ),
            Self::Unsigned => f.write_str(
                "no signature of a known key says that these entries are the ledger's: they rest on nothing but themselves",
            ),
            Self::Uncovered { from, count } => write!(
                f,
                "{count} entries, from position {from} on, came after the newest checkpoint that a known key signed: no signature \
                 covers them"
            ),
            Self::EmptyEarlier => f.write_str(
                "the checkpoint that you brought is over no entries, and every history begins so: bring a later one",
            ),
            Self::NoEarlier => f.write_str(
                "you brought no earlier checkpoint: a history that was written anew by whoever holds the signing key would look like this one",
            ),
            Self::NoWitness => f.write_str(
                "no witness whose key you brought has signed: others may have been shown another history",
            ),
            Self::NoTree => f.write_str(
                "no tree that fits stands beside the ledger: which entry was altered, if any, cannot be told",
            ),
            Self::StreamHeads {
                count,
                size,
                key_given,
            } => write!(
                f,
                "the signed heads of all {count} histories are those of the first {size} entries: proofs about a history made \
                 from them tell where it ended; {}",
                rests_on(*key_given)
            ),
            Self::StreamHeadsUnsigned { count } => write!(
                f,
                "the heads that are stated of {count} histories are those of the entries; no signature of a known key says that \
                 the log stated them"
            ),
            Self::Erased { parts } => write!(
                f,
                "{parts} personal parts are gone, each with a receipt; that their keys were destroyed rests on the word of \
                 whoever kept them"
            ),
            Self::Policies { count } => write!(
                f,
                "the {count} policy texts are those that the entries say were adopted; they rest on what the entries rest on"
            ),
            Self::PoliciesUnbound { count } => write!(
                f,
                "{count} policy texts are those of no adoption that the entries tell; they rest on nothing but the manifest"
            ),
        }
    }
}

const fn rests_on(key_given: bool) -> &'static str {
    if key_given {
        "it rests on the key that you brought"
    } else {
        "it rests on a key that the bundle brings itself: compare its id with one from elsewhere"
    }
}
