//! Checking the entries of a bundle, line by line, and building their tree.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use redress_core::Timestamp;
use redress_store::StreamId;
use uuid::Uuid;

use super::check::{Check, MAX_TILE_BYTES};
use super::line::{Decoded, MAX_LINE_BYTES, PartFault};
use super::manifest::{ENTRIES, Manifest};
use super::report::Fault;
use super::source;
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::heads::{StreamHead, StreamHeads};
use crate::keys::KeyId;
use crate::leaf::Leaf;
use crate::nodes::{MemoryNodes, NodeStore, Nodes as _};
use crate::tile::{TILE_WIDTH, Tile};

/// What could be read of the entries.
pub(super) struct Entries {
    /// The tree, up to the first entry that is missing or cannot be read.
    pub(super) nodes: MemoryNodes,
    pub(super) heads: StreamHeads,
    /// The digests of the policies that the entries say were adopted.
    pub(super) adopted: BTreeSet<Hash>,
    /// How many entries could be read.
    pub(super) count: u64,
    /// Every line was read, and none was missing.
    pub(super) whole: bool,
    frontier: Frontier,
    pub(super) ledger_id: Uuid,
    /// The position that belongs to the next line.
    next: u64,
    recorded_at: Timestamp,
    tiles: LeafTiles,
    erasures: Erasures,
}

/// Personal parts that are gone, and what the ledger says about that.
#[derive(Default)]
struct Erasures {
    missing: Vec<Missing>,
    destroyed: BTreeSet<KeyId>,
    buried: BTreeSet<StreamId>,
}

/// A personal part that is gone.
struct Missing {
    position: u64,
    part: usize,
    /// The key that it was sealed under; `None` where it was not.
    key: Option<KeyId>,
    stream: StreamId,
}

impl Erasures {
    /// A sealed part needs the receipt of its key, one from before sealing the tombstone of its history.
    fn has_receipt(&self, missing: &Missing) -> bool {
        missing.key.map_or_else(
            || self.buried.contains(&missing.stream),
            |key| self.destroyed.contains(&key),
        )
    }
}

/// The leaves that the tiles tell, to name the entry that is not the one in the tree.
struct LeafTiles {
    size: u64,
    current: Option<(u64, Vec<u8>)>,
}

impl Entries {
    /// Reads them to their end, whatever is found.
    pub(super) fn read(check: &mut Check<'_>, manifest: Option<&Manifest>) -> Self {
        Self::gather(check, manifest, Self::lines)
    }

    /// Takes whatever `source` hands over, to its end.
    pub(super) fn gather(
        check: &mut Check<'_>,
        manifest: Option<&Manifest>,
        source: impl FnOnce(&mut Self, &mut Check<'_>) -> std::io::Result<()>,
    ) -> Self {
        let mut entries = Self {
            nodes: MemoryNodes::default(),
            heads: StreamHeads::default(),
            adopted: BTreeSet::new(),
            count: 0,
            whole: true,
            frontier: Frontier::default(),
            ledger_id: manifest.map_or_else(Uuid::nil, |manifest| manifest.ledger_id),
            next: 0,
            recorded_at: Timestamp::MIN,
            tiles: LeafTiles {
                size: manifest.map_or(0, |manifest| manifest.size),
                current: None,
            },
            erasures: Erasures::default(),
        };
        if let Err(error) = source(&mut entries, check) {
            entries.whole = false;
            check.find(ENTRIES, Fault::Unreadable(error.kind().to_string()));
        }
        if let Some(manifest) = manifest {
            check.end(manifest, entries.next);
        }
        let erasures = &entries.erasures;
        for missing in &erasures.missing {
            if !erasures.has_receipt(missing) {
                let fault = Fault::PartMissing(missing.part);
                check.find_at(ENTRIES, Some(missing.position), fault);
            }
        }
        let count = erasures
            .missing
            .iter()
            .filter(|missing| erasures.has_receipt(missing));
        check.erased(count.count());
        entries
    }

    /// The root over those of the tree.
    pub(super) fn root(&self) -> Hash {
        self.frontier.root()
    }

    fn lines(&mut self, check: &mut Check<'_>) -> std::io::Result<()> {
        let source = check.source;
        let mut lines = BufReader::new(source.open(ENTRIES)?);
        let mut line = Vec::new();
        loop {
            line.clear();
            let limited = &mut lines.by_ref().take(MAX_LINE_BYTES);
            if limited.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            self.line(&line, check);
        }
    }

    /// Takes the next line.
    pub(super) fn line(&mut self, line: &[u8], check: &mut Check<'_>) {
        match Decoded::read(line, self.ledger_id) {
            Some(read) => self.entry(&read, check),
            None => self.pass_over(Fault::Malformed, check),
        }
    }

    /// Takes the next entry.
    pub(super) fn entry(&mut self, read: &Decoded, check: &mut Check<'_>) {
        let position = read.position();
        if let Some(fault) = read.place_fault(self.next) {
            self.whole = false;
            check.find_at(ENTRIES, Some(position), fault);
        }
        if position >= self.next {
            self.next = position.saturating_add(1);
            self.check(read, check);
            self.push(&read.leaf, read.hash);
        }
    }

    /// What is found of one entry alone, where everything else is as it was read.
    pub(super) fn of_one(&self, read: &Decoded, check: &mut Check<'_>) {
        let position = read.position();
        let told = self.nodes.node(0, position).ok();
        for part in read.line.part_faults() {
            if let Some(missing) = missing(read, part)
                && self.erasures.has_receipt(&missing)
            {
                continue;
            }
            check.find_at(ENTRIES, Some(position), part.into());
        }
        if let Some(fault) = read.leaf_fault(told) {
            check.find_at(ENTRIES, Some(position), fault);
        }
    }

    /// Notes why the next entry cannot be read, and goes on behind it.
    pub(super) fn pass_over(&mut self, fault: Fault, check: &mut Check<'_>) {
        check.find_at(ENTRIES, Some(self.next), fault);
        self.whole = false;
        self.next = self.next.saturating_add(1);
    }

    fn check(&mut self, read: &Decoded, check: &mut Check<'_>) {
        let leaf = &read.leaf;
        let position = leaf.position.get();
        for fault in read.line.part_faults() {
            // Whether it was erased is known at the end: the receipt comes after the part.
            match missing(read, fault) {
                Some(missing) => self.erasures.missing.push(missing),
                None => check.find_at(ENTRIES, Some(position), fault.into()),
            }
        }
        self.erasures.destroyed.extend(read.line.destroyed());
        self.erasures.buried.extend(read.line.buried());
        self.adopted.extend(read.line.adopted());
        if leaf.recorded_at < self.recorded_at {
            check.find_at(ENTRIES, Some(position), Fault::Time);
        }
        let before = self.heads.push_head(StreamHead {
            stream: leaf.stream,
            version: leaf.version,
            position: leaf.position,
            leaf: read.hash,
        });
        let expected = before.map_or(1, |head| head.version.get().saturating_add(1));
        let actual = leaf.version.get();
        if actual != expected {
            check.find_at(ENTRIES, Some(position), Fault::Version { expected, actual });
        }
        if let Some(fault) = read.leaf_fault(self.tiles.leaf(position, check)) {
            check.find_at(ENTRIES, Some(position), fault);
        }
    }

    fn push(&mut self, leaf: &Leaf, hash: Hash) {
        self.count = self.count.saturating_add(1);
        self.recorded_at = self.recorded_at.max(leaf.recorded_at);
        if !self.whole {
            return;
        }
        let mut nodes = Vec::new();
        self.frontier.push_with(hash, |node| nodes.push(node));
        // In memory this cannot fail; were it to, the tree would be too small, which is found.
        self.whole = self.nodes.extend(&nodes).is_ok();
    }
}

/// The part that is gone, if that is what is wrong with it.
fn missing(read: &Decoded, fault: PartFault) -> Option<Missing> {
    let PartFault::Missing(part, key) = fault else {
        return None;
    };
    Some(Missing {
        position: read.position(),
        part,
        key,
        stream: read.leaf.stream,
    })
}

impl LeafTiles {
    /// The hash that the tile tells; `None` where there is none to read, which is found elsewhere.
    fn leaf(&mut self, position: u64, check: &Check<'_>) -> Option<Hash> {
        let width = u64::from(TILE_WIDTH);
        let index = position / width;
        if self
            .current
            .as_ref()
            .is_none_or(|(current, _)| *current != index)
        {
            let bytes = self.tile(index).map(|tile| {
                source::read(check.source, &tile.path(), MAX_TILE_BYTES).unwrap_or_default()
            });
            self.current = Some((index, bytes.unwrap_or_default()));
        }
        let (_, bytes) = self.current.as_ref()?;
        let place = usize::try_from(position % width).ok()?;
        let hash = bytes.chunks_exact(Hash::BYTES).nth(place)?;
        hash.try_into().ok().map(Hash::new)
    }

    fn tile(&self, index: u64) -> Option<Tile> {
        let width = u64::from(TILE_WIDTH);
        let left = self.size.checked_sub(index.checked_mul(width)?)?;
        let width = u16::try_from(left.min(width)).ok()?;
        (width > 0).then_some(Tile {
            level: 0,
            index,
            width,
        })
    }
}
