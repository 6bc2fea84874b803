//! Checking the entries of a bundle, line by line, and building their tree.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

use redress_core::{Position, Timestamp};
use redress_store::StreamId;
use uuid::Uuid;

use super::files;
use super::line::{EntryLine, MAX_LINE_BYTES, PartFault};
use super::manifest::{ENTRIES, Manifest};
use super::report::Fault;
use super::verify::{Check, MAX_TILE_BYTES};
use crate::frontier::Frontier;
use crate::hash::Hash;
use crate::heads::{StreamHead, StreamHeads};
use crate::keys::KeyId;
use crate::leaf::Leaf;
use crate::nodes::{MemoryNodes, NodeStore};
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
    ledger_id: Uuid,
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
        let mut lines = BufReader::new(files::open(check.folder, ENTRIES)?);
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
        let read = EntryLine::parse(line);
        let leaf = read.as_ref().and_then(EntryLine::leaf);
        let hash = leaf
            .as_ref()
            .and_then(|leaf| leaf.hash(self.ledger_id).ok());
        let (Some(read), Some(leaf), Some(hash)) = (read, leaf, hash) else {
            self.pass_over(Fault::Malformed, check);
            return;
        };
        let position = leaf.position.get();
        if position < self.next {
            self.whole = false;
            check.find_at(ENTRIES, Some(position), Fault::OutOfOrder);
            return;
        }
        if position > self.next {
            self.whole = false;
            let missing = Fault::Gap(Position::new(self.next));
            check.find_at(ENTRIES, Some(position), missing);
        }
        self.next = position.saturating_add(1);
        self.check(&read, &leaf, hash, check);
        self.push(&leaf, hash);
    }

    /// Notes why the next entry cannot be read, and goes on behind it.
    pub(super) fn pass_over(&mut self, fault: Fault, check: &mut Check<'_>) {
        check.find_at(ENTRIES, Some(self.next), fault);
        self.whole = false;
        self.next = self.next.saturating_add(1);
    }

    fn check(&mut self, read: &EntryLine, leaf: &Leaf, hash: Hash, check: &mut Check<'_>) {
        let position = leaf.position.get();
        let mut find = |fault| check.find_at(ENTRIES, Some(position), fault);
        for fault in read.part_faults() {
            find(match fault {
                // Whether it was erased is known at the end: the receipt comes after the part.
                PartFault::Missing(part, key) => {
                    self.erasures.missing.push(Missing {
                        position,
                        part,
                        key,
                        stream: leaf.stream,
                    });
                    continue;
                }
                PartFault::Differs(number) => Fault::PartDiffers(number),
                PartFault::UnknownKind(number) => Fault::PartUnknown(number),
            });
        }
        self.erasures.destroyed.extend(read.destroyed());
        self.erasures.buried.extend(read.buried());
        self.adopted.extend(read.adopted());
        if leaf.recorded_at < self.recorded_at {
            find(Fault::Time);
        }
        let before = self.heads.push_head(StreamHead {
            stream: leaf.stream,
            version: leaf.version,
            position: leaf.position,
            leaf: hash,
        });
        let expected = before.map_or(1, |head| head.version.get().saturating_add(1));
        let actual = leaf.version.get();
        if actual != expected {
            find(Fault::Version { expected, actual });
        }
        let told = self.tiles.leaf(position, check);
        if told.is_some_and(|told| told != *hash.as_bytes()) {
            check.find_at(ENTRIES, Some(position), Fault::Leaf);
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

impl LeafTiles {
    /// The hash that the tile tells; `None` where there is none to read, which is found elsewhere.
    fn leaf(&mut self, position: u64, check: &Check<'_>) -> Option<[u8; Hash::BYTES]> {
        let width = u64::from(TILE_WIDTH);
        let index = position / width;
        if self
            .current
            .as_ref()
            .is_none_or(|(current, _)| *current != index)
        {
            let bytes = self.tile(index).map(|tile| {
                files::read(check.folder, &tile.path(), MAX_TILE_BYTES).unwrap_or_default()
            });
            self.current = Some((index, bytes.unwrap_or_default()));
        }
        let (_, bytes) = self.current.as_ref()?;
        let place = usize::try_from(position % width).ok()?;
        let hash = bytes.chunks_exact(Hash::BYTES).nth(place)?;
        hash.try_into().ok()
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
