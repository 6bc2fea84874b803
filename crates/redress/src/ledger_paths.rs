//! Where a ledger and everything beside it stand.

use std::path::{Path, PathBuf};

use redress_causes::Timeline;
use redress_store::file;

use crate::snapshots::{CAUSES, SLA};

/// The ending of the file in which the archive is kept.
pub(crate) const VIEWS: &str = "views";
/// The ending of the key store.
pub(crate) const KEYS: &str = "keys";
/// The ending of the key file.
pub(crate) const KEY: &str = "key";
/// The ending of the key file that is to take the place of the other one, while keys are rewrapped.
pub(crate) const NEXT_KEY: &str = "next-key";
/// The ending of the tree.
pub(crate) const TREE: &str = "tree";
/// The ending of the checkpoint that was signed last.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// The ending of the statement of heads that was signed with it.
pub(crate) const HEADS: &str = "heads";
/// The ending of the heads themselves.
pub(crate) const HISTORIES: &str = "histories";

/// What SQLite keeps beside a database while it is open.
const OF_SQLITE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// The paths of a ledger and of every file that belongs to it.
///
/// They follow from the ledger's own file, behind any links: opened by another name, a ledger has the same key store, the
/// same checkpoint and the same views.
///
/// ```
/// use redress::LedgerPaths;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("complaints.redress");
/// std::fs::write(&path, "")?;
/// # #[cfg(unix)] {
/// let link = folder.path().join("link.redress");
/// std::os::unix::fs::symlink(&path, &link)?;
/// assert_eq!(LedgerPaths::of(&link), LedgerPaths::of(&path));
/// assert!(LedgerPaths::of(&link).keys().ends_with("complaints.keys"));
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerPaths {
    ledger: PathBuf,
}

impl LedgerPaths {
    /// The paths of the ledger that this path means, which need not be there yet.
    #[must_use]
    pub fn of(ledger: &Path) -> Self {
        Self {
            ledger: file::resolve(ledger),
        }
    }

    /// The ledger itself.
    #[must_use]
    pub fn ledger(&self) -> &Path {
        &self.ledger
    }

    /// The key store.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.beside(KEYS)
    }

    /// The key file, which opens the key store where no passphrase does.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.beside(KEY)
    }

    /// The key file that is to take the place of the other one, while keys are rewrapped.
    #[must_use]
    pub fn next_key(&self) -> PathBuf {
        self.beside(NEXT_KEY)
    }

    /// The archive.
    #[must_use]
    pub fn views(&self) -> PathBuf {
        self.beside(VIEWS)
    }

    /// The snapshot of the view of this name.
    #[must_use]
    pub fn snapshot(&self, view: &str) -> PathBuf {
        self.beside(view)
    }

    /// The Merkle tree.
    #[must_use]
    pub fn tree(&self) -> PathBuf {
        self.beside(TREE)
    }

    /// The checkpoint that was signed last.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.beside(CHECKPOINT)
    }

    /// The statement of heads that was signed with it.
    #[must_use]
    pub fn heads(&self) -> PathBuf {
        self.beside(HEADS)
    }

    /// The heads themselves.
    #[must_use]
    pub fn histories(&self) -> PathBuf {
        self.beside(HISTORIES)
    }

    /// Every path that belongs to the ledger, whether a file is there or not: nothing else may be written to any of them.
    #[must_use]
    pub fn all(&self) -> Vec<PathBuf> {
        let draft = with_suffix(&self.ledger, "-new");
        let databases = [self.ledger.clone(), draft, self.views()];
        let mut all = vec![
            with_suffix(&self.ledger, "-lock"),
            with_suffix(&self.views(), "-seal"),
        ];
        for database in databases {
            all.extend(OF_SQLITE.map(|suffix| with_suffix(&database, suffix)));
            all.push(database);
        }
        for ending in endings() {
            let path = self.beside(ending);
            all.push(file::temporary(&path));
            all.push(path);
        }
        all
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.ledger.with_extension(ending)
    }
}

fn endings() -> [&'static str; 12] {
    [
        VIEWS,
        SLA,
        CAUSES,
        Timeline::Recorded.view_name(),
        Timeline::Occurred.view_name(),
        KEYS,
        KEY,
        NEXT_KEY,
        TREE,
        CHECKPOINT,
        HEADS,
        HISTORIES,
    ]
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
