//! Files of preimages, and the tiles over them.

use redress_evidence::{
    Frontier, Hash, Leaf, MemoryNodes, NodeStore as _, Nodes as _, Tile, root_at, stored_index,
};
use redress_store::EventStore as _;

use crate::ledger::{entries, store};

/// Takes the input for a file of preimages, each behind its length.
pub(crate) fn check(bytes: &[u8]) {
    let mut leaves = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_be_bytes(*length)).min(after.len());
        let (preimage, after) = after.split_at(length);
        if let Some((ledger, leaf)) = Leaf::from_preimage(preimage) {
            assert_eq!(leaf.preimage(ledger).unwrap(), preimage);
            assert_eq!(leaf.hash(ledger).unwrap(), Hash::leaf(preimage));
        }
        leaves.push(Hash::leaf(preimage));
        rest = after;
    }
    check_tiles(&leaves);
}

/// The tiles of a tree hold its leaves, and above them the roots over what a full tile holds.
fn check_tiles(leaves: &[Hash]) {
    let nodes = tree(leaves);
    let size = nodes.size();
    assert_eq!(size, u64::try_from(leaves.len()).unwrap());
    let mut bottom = Vec::new();
    for tile in Tile::all(size) {
        let bytes = tile.bytes(&nodes).unwrap();
        assert_eq!(bytes.len(), usize::from(tile.width) * Hash::BYTES);
        let hashes = bytes.chunks_exact(Hash::BYTES);
        let hashes = hashes.map(|hash| Hash::new(hash.try_into().unwrap()));
        if tile.level == 0 {
            bottom.extend(hashes);
        } else {
            for (index, hash) in (tile.index * 256..).zip(hashes) {
                let from = usize::try_from(index << (8 * tile.level)).unwrap();
                let width = 1_usize << (8 * tile.level);
                assert_eq!(hash, root(&leaves[from..from + width]));
            }
        }
    }
    assert_eq!(bottom, leaves);
    assert_eq!(root_at(&nodes, size).unwrap(), root(leaves));
    assert!(root_at(&nodes, size + 1).is_err());
    assert!(nodes.node(0, size).is_err());
}

fn tree(leaves: &[Hash]) -> MemoryNodes {
    let mut nodes = MemoryNodes::default();
    // Level by level, each node put where it belongs: another way than the one that the library takes.
    let mut level = leaves.to_vec();
    let mut placed: Vec<(u64, Hash)> = Vec::new();
    for height in 0.. {
        let numbered = (0..).zip(&level);
        placed.extend(numbered.map(|(index, hash)| (stored_index(height, index).unwrap(), *hash)));
        level = level
            .chunks_exact(2)
            .map(|pair| Hash::node(&pair[0], &pair[1]))
            .collect();
        if level.is_empty() {
            break;
        }
    }
    placed.sort();
    assert!(
        (0..)
            .zip(&placed)
            .all(|(place, (index, _))| place == *index)
    );
    let placed: Vec<Hash> = placed.into_iter().map(|(_, hash)| hash).collect();
    nodes.extend(&placed).unwrap();
    nodes
}

fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let file = |size| {
        let store = store(size);
        let mut bytes = Vec::new();
        for entry in entries(&store) {
            let preimage = Leaf::of(&entry).preimage(store.ledger_id()).unwrap();
            bytes.extend(u16::try_from(preimage.len()).unwrap().to_be_bytes());
            bytes.extend(preimage);
        }
        bytes
    };
    // Entries of no bytes make a tree of more than one tile.
    vec![file(1), file(5), vec![0; 2 * 257], vec![0; 2 * 520]]
}
