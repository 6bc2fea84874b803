//! The tree cut into tiles of height 8, as the C2SP specification tlog-tiles lays them out.
//!
//! A tile holds up to 256 hashes that stand side by side at level 0, 8, 16, … of the tree. The narrower ones, at the right
//! edge, are partial and carry their width in their name.

use redress_store::StoreError;

use crate::hash::Hash;
use crate::nodes::Nodes;

/// How many hashes a full tile holds.
pub const TILE_WIDTH: u16 = 256;
/// How many levels of the tree a tile spans.
const TILE_HEIGHT: u32 = 8;

/// A tile by its place: which hashes, not the hashes themselves.
///
/// ```
/// use redress_evidence::Tile;
///
/// let paths: Vec<String> = Tile::all(70_000).map(|tile| tile.path()).collect();
/// assert_eq!(paths[0], "tile/0/000");
/// assert_eq!(paths[273..], ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tile {
    /// The level of tiles, from 0; its hashes stand at eight times this level of the tree.
    pub level: u32,
    /// Which one of that level, from 0.
    pub index: u64,
    /// How many hashes it holds, from 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Every tile of a tree of so many leaves, level by level; partial ones where the edge is.
    pub fn all(size: u64) -> impl Iterator<Item = Self> {
        (0..u64::BITS / TILE_HEIGHT).flat_map(move |level| {
            let hashes = size >> (level * TILE_HEIGHT);
            let full = (0..hashes >> TILE_HEIGHT).map(move |index| Self {
                level,
                index,
                width: TILE_WIDTH,
            });
            full.chain(Self::partial(level, hashes))
        })
    }

    fn partial(level: u32, hashes: u64) -> Option<Self> {
        let width = u16::try_from(hashes % u64::from(TILE_WIDTH)).ok()?;
        (width > 0).then_some(Self {
            level,
            index: hashes >> TILE_HEIGHT,
            width,
        })
    }

    /// Where a bundle or a server keeps it: `tile/<L>/<N>`, and `.p/<W>` after it where it is partial.
    #[must_use]
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, self.number())
    }

    /// Where the entries are kept that the hashes of a tile of level 0 are of: `tile/entries/<N>[.p/<W>]`.
    #[must_use]
    pub fn entries_path(&self) -> String {
        format!("tile/entries/{}", self.number())
    }

    /// The number, three digits to a folder; `x` marks those that more digits follow.
    fn number(&self) -> String {
        let mut text = format!("{:03}", self.index % 1000);
        let mut rest = self.index / 1000;
        while rest > 0 {
            text = format!("x{:03}/{text}", rest % 1000);
            rest /= 1000;
        }
        if self.width < TILE_WIDTH {
            text.push_str(&format!(".p/{}", self.width));
        }
        text
    }

    /// The number of its first hash among those of its level; at level 0 the position of its first entry.
    #[must_use]
    pub(crate) const fn first_hash(&self) -> u64 {
        self.index << TILE_HEIGHT
    }

    /// The position of the first entry below its hash of this number; `None` beyond its width.
    #[must_use]
    pub(crate) fn first_entry(&self, hash: u64) -> Option<u64> {
        let within = hash < u64::from(self.width);
        let first = self.first_hash().checked_add(hash).filter(|_| within)?;
        first.checked_mul(1_u64.checked_shl(self.level * TILE_HEIGHT)?)
    }

    /// The bytes of the tile: its hashes, one after the other.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the tree is too small for it, or cannot be read.
    pub fn bytes(&self, nodes: &impl Nodes) -> Result<Vec<u8>, StoreError> {
        let first = self.first_hash();
        let mut bytes = Vec::with_capacity(usize::from(self.width) * Hash::BYTES);
        for number in 0..u64::from(self.width) {
            let hash = nodes.node(self.level * TILE_HEIGHT, first + number)?;
            bytes.extend_from_slice(hash.as_bytes());
        }
        Ok(bytes)
    }
}
