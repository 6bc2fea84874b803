//! Why a command failed, told to whoever typed it.

use std::path::{Path, PathBuf};

use redress::archive::ArchiveError;
use redress::core::policy::{PolicyError, PolicyErrors};
use redress::evidence::{InvalidKey, UntrustedCheckpoint};
use redress::store::StoreError;
use redress::{ComplaintId, Label, LedgerError, NoLetter, NotErased, Rejection};
use redress_interchange::{ImportError, MappingError};
use redress_rules::{NoSuchCalendar, RuleError, RuleErrors};

use crate::output::typed;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The ledger cannot be opened, read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Nothing is known of the complaint that was named.
    #[error("there is no complaint `{id}` in {path}; `redress archive {path}` lists the newest", path = .ledger.display())]
    NoSuchComplaint {
        /// What was named.
        id: String,
        /// Where it was looked for.
        ledger: PathBuf,
    },
    /// The ledger never adopted the rules that were named.
    #[error("{path} has no rules `{version}`; `redress policy list {path}` lists those it has", path = .ledger.display())]
    NoSuchRules {
        /// Their version.
        version: Label,
        /// Where they were looked for.
        ledger: PathBuf,
    },
    /// The ledger has founding rules already.
    #[error("{path} has rules already, so it takes no founding ones; `redress policy adopt {path} FILE` adopts others", path = .0.display())]
    HasRules(PathBuf),
    /// A question about work by department, of one person.
    #[error(
        "`--by work` is told of departments and not of one person; leave out `--person`, or ask `--by person`"
    )]
    WorkOfPerson,
    /// A rule says no.
    #[error("refused: {0}")]
    Refused(#[from] Rejection),
    /// A customer's data cannot be erased.
    #[error("not erased: {0}")]
    NotErased(#[from] NotErased),
    /// There is no passphrase to wrap keys under.
    #[error(
        "{} is not set; set it to the new passphrase",
        crate::secret::NEW_PASSPHRASE
    )]
    NoNewPassphrase,
    /// A variable holds what can be no passphrase.
    #[error("{variable} {why}; set it to a passphrase, or unset it")]
    Passphrase {
        /// Which one.
        variable: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An output would take the place of a file that the command reads or that belongs to a ledger.
    #[error("nothing is written to {}: it is {what}; name another file", typed(.path))]
    KeptFile {
        /// The file that was named.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// There is a file where an output was to be written.
    #[error("nothing is written to {}: there is a file already; name another one{}", typed(.path), if *.may_force { ", or have it replaced with --force" } else { "" })]
    FileExists {
        /// The file that was named.
        path: PathBuf,
        /// Whether the command can replace it.
        may_force: bool,
    },
    /// A reference names more than one complaint, which came through different channels.
    #[error(
        "there are several complaints `{reference}`; name one by its id: {}",
        .ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    )]
    SeveralComplaints {
        /// What was named.
        reference: String,
        /// The complaints.
        ids: Vec<ComplaintId>,
    },
    /// The file to take in cannot be used, or not further.
    #[error("cannot import {file}: {source}")]
    Import {
        /// Which file.
        file: String,
        /// Why.
        source: ImportError,
    },
    /// The rows to take in cannot be read further; what was read before is recorded.
    #[error(transparent)]
    Unreadable(ImportError),
    /// Nothing to take in was named.
    #[error("name a mapping and a CSV file, or a bundle")]
    NothingToImport,
    /// A proof is to be checked, and no key was given.
    #[error("{} shows nothing without the log's public key; give it as --key NAME+ID+KEY, got from elsewhere", typed(.0))]
    NeedsKey(PathBuf),
    /// The file to take in is a folder.
    #[error("cannot import {}: it is a folder; name a CSV file", .0.display())]
    Folder(PathBuf),
    /// The mapping cannot be used.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// The policy cannot be used.
    #[error("{first}{}", more(.file, *.others))]
    Policy {
        /// Its file, as it was typed.
        file: String,
        /// The first thing that is wrong with it.
        first: Box<PolicyError>,
        /// How many more things are.
        others: usize,
    },
    /// A list of holidays cannot be read.
    #[error("{file}, {source}; nothing of it is used")]
    Days {
        /// The list.
        file: String,
        /// Where, and what was wrong.
        source: redress::core::calendar::ImportError,
    },
    /// There is no letter.
    #[error(transparent)]
    Letter(#[from] NoLetter),
    /// The rules cannot be used.
    #[error("{first}{}", if *.others == 0 { String::new() } else { format!("; and {} more", .others) })]
    Rules {
        /// The first thing that is wrong with them.
        first: Box<RuleError>,
        /// How many more things are.
        others: usize,
    },
    /// A counterexample cannot be replayed.
    #[error("{file}:{line}: {why}")]
    History {
        /// Which file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why, and what would be right.
        why: String,
    },
    /// A rule names a calendar that the policy does not have.
    #[error(transparent)]
    NoSuchCalendar(#[from] NoSuchCalendar),
    /// A file holds no key to sign with, or none can be made under that name.
    #[error("cannot use the key {path}: {why}", path = .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        why: InvalidKey,
    },
    /// A checkpoint that was brought cannot be believed.
    #[error("cannot use the checkpoint {path}: {why}", path = .path.display())]
    Checkpoint {
        /// The file.
        path: PathBuf,
        /// Why.
        why: UntrustedCheckpoint,
    },
    /// A file that people write is not text.
    #[error("{file}:{line}:{column}: the {what} is not UTF-8 text; save the file as UTF-8")]
    NotUtf8 {
        /// What is in it.
        what: &'static str,
        /// Which file.
        file: String,
        /// The line of the first byte that is not, from 1.
        line: usize,
        /// Its column in characters, from 1.
        column: usize,
    },
    /// A file cannot be read or written.
    #[error("cannot {what} {}: {source}", .path.display())]
    File {
        /// What was tried.
        what: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The archive cannot be searched.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// A thread of the import broke off; what it had acknowledged is recorded.
    #[error("a part of the import broke off; import the file again to take in the rest")]
    ImportBrokeOff,
    /// The result cannot be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

/// Where to see what else is wrong with a policy.
fn more(file: &str, others: usize) -> String {
    if others == 0 {
        String::new()
    } else {
        let check = typed(Path::new(file));
        format!("; and {others} more, see `redress policy check {check}`")
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Ledger(error.into())
    }
}

/// What a command tells the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All was done.
    Done,
    /// It failed.
    Failed,
    /// It was done in part: some rows, facts or escalations were refused.
    SomeRefused,
    /// There is no such complaint.
    NotFound,
    /// An audit finished, and found rules broken or what could not be judged.
    Found,
    /// A verification finished, and found what is not as it should be.
    Differs,
}

impl Exit {
    /// The number, as `redress --help` lists it.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::SomeRefused => 3,
            Self::NotFound => 4,
            Self::Found => 5,
            Self::Differs => 6,
        }
    }
}

impl Failure {
    /// A policy that cannot be used.
    pub(crate) fn policy(file: &str, errors: &PolicyErrors) -> Self {
        let (first, others) = errors.first();
        Self::Policy {
            file: file.to_owned(),
            first: Box::new(first.clone()),
            others,
        }
    }

    /// Rules that cannot be used.
    pub(crate) fn rules(errors: &RuleErrors) -> Self {
        let (first, others) = errors.first();
        Self::Rules {
            first: Box::new(first.clone()),
            others,
        }
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(what: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File {
            what,
            path: path.to_owned(),
            source,
        }
    }

    /// What to tell the shell; a reader that has gone away is no failure.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Done,
            Self::NoSuchComplaint { .. } => Exit::NotFound,
            Self::Ledger(_)
            | Self::NoSuchRules { .. }
            | Self::HasRules(_)
            | Self::WorkOfPerson
            | Self::Refused(_)
            | Self::NotErased(_)
            | Self::NoNewPassphrase
            | Self::Passphrase { .. }
            | Self::KeptFile { .. }
            | Self::FileExists { .. }
            | Self::SeveralComplaints { .. }
            | Self::Import { .. }
            | Self::Unreadable(_)
            | Self::NothingToImport
            | Self::NeedsKey(_)
            | Self::Folder(_)
            | Self::Mapping(_)
            | Self::Policy { .. }
            | Self::Days { .. }
            | Self::Letter(_)
            | Self::Rules { .. }
            | Self::History { .. }
            | Self::NoSuchCalendar(_)
            | Self::Key { .. }
            | Self::Checkpoint { .. }
            | Self::NotUtf8 { .. }
            | Self::File { .. }
            | Self::Archive(_)
            | Self::ImportBrokeOff
            | Self::Output(_) => Exit::Failed,
        }
    }
}
