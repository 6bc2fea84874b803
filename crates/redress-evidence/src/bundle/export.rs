//! Writing a bundle.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use redress_core::Position;
use redress_store::file::sync_folder;
use redress_store::{Entry, EventStore, StoreError, StoreErrorKind};

use super::files::Writer;
use super::line::EntryLine;
use super::manifest::{
    ENTRIES, FORMAT, FileLine, HEADS, MANIFEST, Manifest, README, checkpoint_path, policy_path,
};
use crate::checkpoint::{Checkpoint, InvalidCheckpoint};
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::leaf::Leaf;
use crate::log::{EvidenceError, EvidenceLog};
use crate::nodes::Nodes;
use crate::note::SignedNote;
use crate::proof::root_at;
use crate::tile::{TILE_WIDTH, Tile};

/// What the auditor reads first.
const README_TEXT: &str = include_str!("README.md");

/// What goes into a bundle besides the entries and their tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents<'a> {
    /// Signed checkpoints, their sizes growing. The bundle ends with the last one; without any it has every entry, and
    /// nobody answers for it.
    pub checkpoints: &'a [SignedNote],
    /// Whose signatures they carry.
    pub keys: &'a [VerifierKey],
    /// The texts of the policies that were in force, as TOML.
    pub policies: &'a [String],
    /// A signed statement of the heads of streams.
    pub stream_heads: Option<&'a SignedNote>,
}

/// A bundle could not be written. What was written so far has no manifest and is no bundle.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// The checkpoints do not grow.
    #[error("the checkpoints of a bundle must grow in size; give each once, the newest last")]
    Order,
    /// A checkpoint cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    /// The ledger does not follow from a checkpoint, its tree is not up to date, or it cannot be read.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A file cannot be written.
    #[error("{path} cannot be written: {cause}; export into a folder that does not exist yet")]
    Write {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
}

impl From<StoreError> for BundleError {
    fn from(error: StoreError) -> Self {
        Self::Evidence(error.into())
    }
}

/// Writes a bundle into a new folder and tells how many entries it has. The manifest comes last.
///
/// Personal parts are in it as the store keeps them: in the clear, as long as the store does not seal them.
///
/// # Errors
///
/// [`BundleError`], the first that applies in the order of its variants.
pub async fn export<N: Nodes>(
    store: &impl EventStore,
    log: &EvidenceLog<N>,
    contents: &Contents<'_>,
    folder: &Path,
) -> Result<u64, BundleError> {
    let mut sizes = Vec::new();
    for note in contents.checkpoints {
        let signed = Checkpoint::parse_text(note.text())?;
        if sizes.last().is_some_and(|last| *last >= signed.size) {
            return Err(BundleError::Order);
        }
        sizes.push(signed.size);
        log.check(&signed)?;
    }
    let size = sizes.last().copied().unwrap_or_else(|| log.size());
    std::fs::create_dir(folder).map_err(|cause| cannot_write(folder, cause))?;
    let mut output = Output {
        folder,
        files: Vec::new(),
    };
    output.add(README, README_TEXT.as_bytes())?;
    output.add_entries(store, log, size).await?;
    for (note, size) in contents.checkpoints.iter().zip(&sizes) {
        let path = checkpoint_path(*size, sizes.last().copied());
        output.add(&path, note.to_string().as_bytes())?;
    }
    if let Some(note) = contents.stream_heads {
        output.add(HEADS, note.to_string().as_bytes())?;
    }
    for (number, text) in (0..).zip(contents.policies) {
        output.add(&policy_path(number), text.as_bytes())?;
    }
    for tile in Tile::all(size) {
        output.add(&tile.path(), &tile.bytes(log.nodes())?)?;
    }
    output.finish(Manifest {
        format: FORMAT.to_owned(),
        ledger_id: log.ledger_id(),
        size,
        root: root_at(log.nodes(), size)?.to_base64(),
        keys: contents.keys.iter().map(VerifierKey::to_string).collect(),
        checkpoints: sizes,
        policies: u32::try_from(contents.policies.len()).unwrap_or(u32::MAX),
        stream_heads: contents.stream_heads.is_some(),
        files: Vec::new(),
    })?;
    Ok(size)
}

fn cannot_write(path: &Path, cause: io::Error) -> BundleError {
    BundleError::Write {
        path: path.to_owned(),
        cause,
    }
}

struct Output<'a> {
    folder: &'a Path,
    files: Vec<FileLine>,
}

impl Output<'_> {
    fn add(&mut self, path: &str, bytes: &[u8]) -> Result<(), BundleError> {
        let mut writer = self.create(path)?;
        self.check(path, writer.write(bytes))?;
        self.close(path, writer)
    }

    fn create(&self, path: &str) -> Result<Writer, BundleError> {
        self.check(path, Writer::create(self.folder, path))
    }

    fn close(&mut self, path: &str, writer: Writer) -> Result<(), BundleError> {
        let line = self.check(path, writer.finish())?;
        self.files.push(line);
        Ok(())
    }

    fn check<T>(&self, path: &str, result: io::Result<T>) -> Result<T, BundleError> {
        result.map_err(|cause| cannot_write(&self.folder.join(path), cause))
    }

    /// Writes the entries twice: as lines, for people and for this library, and as C2SP's files of preimages.
    async fn add_entries<N: Nodes>(
        &mut self,
        store: &impl EventStore,
        log: &EvidenceLog<N>,
        size: u64,
    ) -> Result<(), BundleError> {
        let mut lines = self.create(ENTRIES)?;
        let mut frontier = Frontier::default();
        for tile in Tile::all(size).take_while(|tile| tile.level == 0) {
            let first = tile.index * u64::from(TILE_WIDTH);
            let wanted = usize::from(tile.width);
            let entries = store.read_all(Position::new(first), wanted).await?;
            if entries.len() < wanted {
                return Err(EvidenceError::Truncated {
                    known: size,
                    actual: first + u64::try_from(entries.len()).unwrap_or(0),
                }
                .into());
            }
            let mut preimages = Vec::new();
            for entry in &entries {
                let preimage = Leaf::of(entry).preimage(log.ledger_id());
                let preimage = preimage.map_err(|_| damaged(entry))?;
                check_nodes(&mut frontier, Hash::leaf(&preimage), log)?;
                let length = u16::try_from(preimage.len()).map_err(|_| damaged(entry))?;
                preimages.extend_from_slice(&length.to_be_bytes());
                preimages.extend_from_slice(&preimage);
                let line = EntryLine::of(entry).and_then(|line| line.to_text().ok());
                let line = line.ok_or_else(|| damaged(entry))?;
                self.check(ENTRIES, lines.write(line.as_bytes()))?;
            }
            self.add(&tile.entries_path(), &preimages)?;
        }
        self.close(ENTRIES, lines)
    }

    fn finish(mut self, mut manifest: Manifest) -> Result<(), BundleError> {
        self.sync_folders()?;
        manifest.files = std::mem::take(&mut self.files);
        let order: std::collections::HashMap<String, usize> = manifest.paths().zip(0..).collect();
        manifest
            .files
            .sort_by_key(|file| order.get(&file.path).copied());
        let text = manifest.to_text();
        let text = self.check(MANIFEST, text.map_err(io::Error::from))?;
        self.add(MANIFEST, text.as_bytes())?;
        let named =
            sync_folder(&self.folder.join(MANIFEST)).and_then(|()| sync_folder(self.folder));
        self.check(MANIFEST, named)
    }

    /// Makes the names of all files durable before the manifest is there, without which they are no bundle.
    fn sync_folders(&self) -> Result<(), BundleError> {
        let mut synced = BTreeSet::new();
        for file in &self.files {
            for path in Path::new(&file.path).ancestors() {
                if path.parent().is_some_and(|folder| synced.insert(folder)) {
                    self.check(&file.path, sync_folder(&self.folder.join(path)))?;
                }
            }
        }
        Ok(())
    }
}

/// Compares the nodes that a leaf completes with those that the tree keeps.
fn check_nodes<N: Nodes>(
    frontier: &mut Frontier,
    leaf: Hash,
    log: &EvidenceLog<N>,
) -> Result<(), BundleError> {
    let position = frontier.size();
    log.check_leaf(&leaf, position)?;
    let mut completed = Vec::new();
    frontier.push_with(leaf, |node| completed.push(node));
    for (level, node) in (0..).zip(completed) {
        if log.nodes().node(level, position >> level)? != node {
            return Err(EvidenceError::TreeDamaged.into());
        }
    }
    Ok(())
}

fn damaged(entry: &Entry) -> StoreError {
    let message =
        "the entry cannot be exported: its public part is not UTF-8 or it has too many parts";
    StoreError::new(StoreErrorKind::Damaged, message).at_position(entry.position)
}
