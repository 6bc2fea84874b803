//! The files that a command writes where its user says, and those that it must not write over.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use redress::LedgerPaths;
use redress::store::file::{Existing, NewFile, is_same, open_plain};

use crate::error::Failure;
use crate::output::typed;

/// How ledgers, archives and key stores begin: a file of these kinds is never replaced, whoever it belongs to.
const NEVER_REPLACED: [(&[u8], &str); 2] = [
    (b"SQLite format 3\0", "a ledger or another database"),
    (b"redress/keys/v1\0", "a key store"),
];

/// The files that a command reads, and those that belong to its ledger: no output may take the place of one.
#[derive(Default)]
pub(crate) struct Kept(Vec<(PathBuf, String)>);

impl Kept {
    /// The files of a ledger, whether they are there or not.
    pub(crate) fn ledger(ledger: &Path) -> Self {
        let paths = LedgerPaths::of(ledger);
        let what = |path: &Path| match path == paths.ledger() {
            true => "the ledger".to_owned(),
            false => format!("kept for a file of the ledger {}", typed(ledger)),
        };
        let all = paths.all().into_iter();
        Self(all.map(|path| (path.clone(), what(&path))).collect())
    }

    /// And a file that the command reads.
    pub(crate) fn and(mut self, input: &Path, what: &str) -> Self {
        self.0.push((input.to_owned(), what.to_owned()));
        self
    }
}

/// Where a command writes a file, checked before the command does anything.
pub(crate) struct Target {
    path: PathBuf,
    existing: Existing,
}

impl Target {
    /// Checks that a file may be written there: it is none of those kept, and there is none yet, or it is to be replaced
    /// (`force` is `Some(true)`; `None` where the command replaces nothing).
    pub(crate) fn check(path: &Path, kept: &Kept, force: Option<bool>) -> Result<Self, Failure> {
        let refused = |what: &str| {
            Err(Failure::KeptFile {
                path: path.to_owned(),
                what: what.to_owned(),
            })
        };
        if let Some((_, what)) = kept.0.iter().find(|(kept, _)| is_same(kept, path)) {
            return refused(what);
        }
        if let Some(ledger) = owner(path) {
            let name = typed(&ledger);
            return refused(&format!("kept for a file of the ledger {name}"));
        }
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self::at(path, Existing::Keep));
            }
            Err(source) => return Err(Failure::file("write", path, source)),
            Ok(found) => found,
        };
        if found.is_symlink() {
            return refused("a link, and nothing is written through links");
        }
        if found.is_dir() {
            return refused("a folder that is there already");
        }
        if !found.is_file() {
            return refused("no plain file");
        }
        if force != Some(true) {
            return Err(Failure::FileExists {
                path: path.to_owned(),
                may_force: force.is_some(),
            });
        }
        let begins_with = |start: &[u8]| begins_with(path, start);
        if let Some((_, what)) = NEVER_REPLACED
            .into_iter()
            .find(|(start, _)| begins_with(start))
        {
            return refused(what);
        }
        Ok(Self::at(path, Existing::Replace))
    }

    /// As [`Target::check`]; a file that begins like one that the command writes is replaced too, for running it again must work.
    pub(crate) fn check_own(
        path: &Path,
        kept: &Kept,
        force: bool,
        start: &[u8],
    ) -> Result<Self, Failure> {
        let is_own = fs::symlink_metadata(path).is_ok_and(|found| found.is_file())
            && begins_with(path, start);
        Self::check(path, kept, Some(force || is_own))
    }

    fn at(path: &Path, existing: Existing) -> Self {
        Self {
            path: path.to_owned(),
            existing,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Begins the file, which has its name once it is whole.
    pub(crate) fn begin(&self) -> io::Result<NewFile> {
        NewFile::create(&self.path, self.existing)
    }

    /// Writes the file whole.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let written = self.begin().and_then(|mut file| {
            file.write_all(bytes)?;
            file.put_in_place()
        });
        written.map_err(|source| Failure::file("write", &self.path, source))
    }
}

fn begins_with(path: &Path, start: &[u8]) -> bool {
    let mut first = vec![0; start.len()];
    open_plain(path).is_ok_and(|mut file| file.read_exact(&mut first).is_ok()) && first == start
}

/// The ledger in the same folder that a path belongs to, if there is one.
fn owner(path: &Path) -> Option<PathBuf> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let beside = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let candidates = beside.filter_map(Result::ok).map(|entry| entry.path());
    candidates
        .filter(|other| {
            let other = other.file_name().unwrap_or_default().to_string_lossy();
            other.to_lowercase().starts_with(stem)
        })
        .find(|other| {
            begins_with(other, NEVER_REPLACED[0].0)
                && !is_same(other, path)
                && other.extension().is_none_or(|ending| ending != "views")
                && LedgerPaths::of(other)
                    .all()
                    .iter()
                    .any(|kept| is_same(kept, path))
        })
}
