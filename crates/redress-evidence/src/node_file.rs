//! The nodes of a tree in a file beside the ledger: derived, so what cannot be trusted is thrown away and rebuilt.
//!
//! A head names the ledger, the size and the root; the nodes follow, in the order in which they become complete. The head
//! is written after the nodes it speaks of are on disk, so a crash leaves at most nodes that no head speaks of, and
//! they are cut off. Opening reads one node for each bit of the size.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redress_store::file;
use redress_store::{StoreError, StoreErrorKind};
use uuid::Uuid;

use crate::hash::Hash;
use crate::nodes::{NodeStore, Nodes, frontier, leaves_of, missing, stored_count, stored_index};

/// What the file begins with.
const MAGIC: &[u8; 16] = b"redress/tree/v1\0";
/// Magic, ledger id, size, root.
const HEAD_BYTES: u64 = 72;

/// The nodes of a tree in a file.
#[derive(Debug)]
pub struct FileNodes {
    path: PathBuf,
    ledger_id: Uuid,
    file: Mutex<File>,
    nodes: u64,
    size: u64,
}

impl Drop for FileNodes {
    fn drop(&mut self) {
        // As with the key store: a process that is just being started may hold the same handle, and with it the lock.
        self.file().unlock().ok();
    }
}

impl FileNodes {
    /// Opens or creates the file of a ledger's tree.
    ///
    /// A tree of another ledger, or one whose nodes do not lead to the root that its head tells, is emptied: the tree is
    /// rebuilt from the ledger. A file that is no tree stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when another program holds the file, when it is no tree, when it cannot be read or written.
    pub fn open(path: impl Into<PathBuf>, ledger_id: Uuid) -> Result<Self, StoreError> {
        let path = path.into();
        let file = file::open_private(&path).map_err(|cause| failed("opened", &path, cause))?;
        file.try_lock().map_err(|error| locked(&path, error))?;
        let mut opened = Self {
            path,
            ledger_id,
            file: Mutex::new(file),
            nodes: 0,
            size: 0,
        };
        // What stands beyond the nodes that the head speaks of was left by a crash.
        let known = opened
            .take_head()
            .and_then(|length| opened.file().set_len(length).ok());
        if known.is_none() {
            opened.check_is_tree()?;
            opened.clear()?;
        }
        Ok(opened)
    }

    /// Refuses a file that no tree was ever in: it is somebody else's, and not to be emptied.
    fn check_is_tree(&self) -> Result<(), StoreError> {
        let start = read_start(&self.file()).map_err(|cause| self.failed("read", cause))?;
        if is_tree(&start, self.ledger_id) {
            return Ok(());
        }
        let message = "this is no tree of a ledger, though its place is here; move it away, and the tree is made";
        Err(StoreError::new(StoreErrorKind::Damaged, message).at_path(&self.path))
    }

    /// Opens the file of a ledger's tree to read it; the file stays as it is.
    ///
    /// `None` where there is none, or one of another ledger, or one whose nodes do not lead to the root that its head tells.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when another program writes the file, or when it cannot be read.
    pub fn open_read_only(
        path: impl Into<PathBuf>,
        ledger_id: Uuid,
    ) -> Result<Option<Self>, StoreError> {
        let path = path.into();
        let file = match file::open_plain(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(failed("opened", &path, cause)),
        };
        file.try_lock_shared()
            .map_err(|error| locked(&path, error))?;
        let mut opened = Self {
            path,
            ledger_id,
            file: Mutex::new(file),
            nodes: 0,
            size: 0,
        };
        Ok(opened.take_head().map(|_length| opened))
    }

    /// Takes the size that the head tells, if the nodes lead to its root; tells where they end.
    fn take_head(&mut self) -> Option<u64> {
        let mut head = [0; 72];
        read_at(&self.file(), 0, &mut head).ok()?;
        let (magic, rest) = head.split_first_chunk::<16>()?;
        let (ledger_id, rest) = rest.split_first_chunk::<16>()?;
        let (size, root) = rest.split_first_chunk::<8>()?;
        if magic != MAGIC || ledger_id != self.ledger_id.as_bytes() {
            return None;
        }
        self.size = u64::from_be_bytes(*size);
        self.nodes = stored_count(self.size)?;
        let length = offset(self.nodes)?;
        if self.file().metadata().ok()?.len() < length {
            return None;
        }
        let found = frontier(self).ok()?.root();
        (found.as_bytes() == root).then_some(length)
    }

    fn head(&self, root: &Hash) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        head.extend_from_slice(self.ledger_id.as_bytes());
        head.extend_from_slice(&self.size.to_be_bytes());
        head.extend_from_slice(root.as_bytes());
        head
    }

    // The place to read is set anew under each lock, so a poisoned one guards a whole file.
    fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self, what: &str, cause: io::Error) -> StoreError {
        failed(what, &self.path, cause)
    }
}

/// Whether a file that begins so was a tree, whatever became of it: its mark or its ledger is there, or nothing but what
/// a crash leaves of a head that was being written.
fn is_tree(start: &[u8], ledger_id: Uuid) -> bool {
    let marked = start.starts_with(MAGIC) || MAGIC.starts_with(start);
    let is_of_ledger = start.get(16..32) == Some(ledger_id.as_bytes());
    let is_blank = start.len() <= 72 && start.iter().all(|byte| *byte == 0);
    marked || is_blank || is_of_ledger
}

fn failed(what: &str, path: &Path, cause: io::Error) -> StoreError {
    StoreError::new(
        StoreErrorKind::Io,
        format!("the file of the tree cannot be {what}: {cause}"),
    )
    .at_path(path)
    .caused_by(cause)
}

// Two programs that append would cut off each other's nodes.
fn locked(path: &Path, error: TryLockError) -> StoreError {
    match error {
        TryLockError::WouldBlock => StoreError::new(
            StoreErrorKind::Locked,
            "another program holds the file of the tree; wait until it is done",
        )
        .at_path(path),
        TryLockError::Error(cause) => failed("locked", path, cause),
    }
}

/// Where a node begins in the file.
fn offset(node: u64) -> Option<u64> {
    node.checked_mul(32)?.checked_add(HEAD_BYTES)
}

fn read_at(mut file: &File, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(bytes)
}

/// A head, and a byte more where there is one.
fn read_start(mut file: &File) -> io::Result<Vec<u8>> {
    let mut start = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.take(HEAD_BYTES + 1).read_to_end(&mut start)?;
    Ok(start)
}

fn write_at(mut file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}

impl Nodes for FileNodes {
    fn size(&self) -> u64 {
        self.size
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, StoreError> {
        let place = stored_index(level, index).filter(|place| *place < self.nodes);
        let offset = place
            .and_then(offset)
            .ok_or_else(|| missing(level, index, self.size))?;
        let mut bytes = [0; Hash::BYTES];
        read_at(&self.file(), offset, &mut bytes).map_err(|cause| self.failed("read", cause))?;
        Ok(Hash::new(bytes))
    }
}

impl NodeStore for FileNodes {
    fn extend(&mut self, nodes: &[Hash]) -> Result<(), StoreError> {
        let bytes: Vec<u8> = nodes.iter().flat_map(Hash::as_bytes).copied().collect();
        let end = offset(self.nodes).ok_or_else(|| missing(0, self.size, self.size))?;
        write_at(&self.file(), end, &bytes).map_err(|cause| self.failed("written", cause))?;
        self.nodes = self
            .nodes
            .saturating_add(u64::try_from(nodes.len()).unwrap_or(u64::MAX));
        self.size = leaves_of(self.nodes);
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let head = self.head(&frontier(self)?.root());
        let file = self.file();
        file.sync_data()
            .and_then(|()| write_at(&file, 0, &head))
            .and_then(|()| file.sync_data())
            .map_err(|cause| self.failed("written", cause))
    }

    fn clear(&mut self) -> Result<(), StoreError> {
        self.nodes = 0;
        self.size = 0;
        let emptied = self.file().set_len(0);
        emptied.map_err(|cause| self.failed("emptied", cause))?;
        self.sync()
    }
}
