//! The tree beside two written by others: `ct-merkle` and `tlog_tiles`. Roots, proofs, verdicts, tiles and texts agree.

use ct_merkle::InclusionProof;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;
use redress_evidence::{
    Hash, MemoryNodes, Nodes, Tile, consistency, inclusion, root_at, stored_index,
    verify_consistency, verify_inclusion,
};
use sha2::Sha256;
use tlog_tiles::{Error, HashReader};

use crate::vectors::tree;

/// Up to this size every inclusion index and every earlier size is tried.
const EXHAUSTIVE: u64 = 130;
const LARGEST: u64 = 1_000;

struct Theirs<'a>(&'a [Hash]);

impl HashReader for Theirs<'_> {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, Error> {
        let hash = |index: &u64| theirs(&self.0[usize::try_from(*index).unwrap()]);
        Ok(indexes.iter().map(hash).collect())
    }
}

fn theirs(hash: &Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(*hash.as_bytes())
}

fn all_theirs(hashes: &[Hash]) -> Vec<tlog_tiles::Hash> {
    hashes.iter().map(theirs).collect()
}

fn entry(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

fn nodes(size: u64) -> MemoryNodes {
    tree((0..size).map(|number| Hash::leaf(&entry(number))))
}

/// The nodes in their stored order, found by `stored_index` alone.
fn stored(nodes: &MemoryNodes) -> Vec<Hash> {
    let count = tlog_tiles::stored_hash_count(nodes.size());
    let place = |index: u64| {
        let (level, number) = tlog_tiles::split_stored_hash_index(index);
        assert_eq!(stored_index(u32::from(level), number), Some(index));
        nodes.node(u32::from(level), number).unwrap()
    };
    (0..count).map(place).collect()
}

fn check_inclusion(nodes: &MemoryNodes, stored: &[Hash], index: u64, size: u64) -> Vec<Hash> {
    let proof = inclusion(nodes, index, size).unwrap();
    let root = root_at(nodes, size).unwrap();
    let leaf = nodes.node(0, index).unwrap();
    assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
    let other = tlog_tiles::prove_record(size, index, &Theirs(stored)).unwrap();
    assert_eq!(other, all_theirs(&proof), "entry {index} of {size}");
    tlog_tiles::check_record(&other, size, theirs(&root), index, theirs(&leaf)).unwrap();
    proof
}

fn check_consistency(nodes: &MemoryNodes, stored: &[Hash], old: u64, new: u64) {
    let proof = consistency(nodes, old, new).unwrap();
    let (old_root, new_root) = (root_at(nodes, old).unwrap(), root_at(nodes, new).unwrap());
    let verdict = verify_consistency(old, &old_root, new, &new_root, &proof);
    assert_eq!(verdict, Ok(()), "from {old} to {new}");
    let other = tlog_tiles::prove_tree(new, old, &Theirs(stored)).unwrap();
    assert_eq!(other, all_theirs(&proof), "from {old} to {new}");
    tlog_tiles::check_tree(&other, new, theirs(&new_root), old, theirs(&old_root)).unwrap();
}

/// Numbers below `size`: all of them, or some that differ from size to size.
fn sample(size: u64) -> Vec<u64> {
    if size <= EXHAUSTIVE {
        return (0..size).collect();
    }
    let spread = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 17;
    let mut some: Vec<u64> = (0..4).map(|number| spread(size + number) % size).collect();
    some.extend([0, size - 1]);
    some
}

#[test]
fn every_size_to_a_thousand_agrees_with_both() {
    let nodes = nodes(LARGEST);
    let stored = stored(&nodes);
    let mut ct = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut proofs = 0;
    for size in 1..=LARGEST {
        ct.push(entry(size - 1));
        let root = root_at(&nodes, size).unwrap();
        assert_eq!(ct.root().as_bytes().as_slice(), root.as_bytes());
        let tiles_root = tlog_tiles::tree_hash(size, &Theirs(&stored)).unwrap();
        assert_eq!(tiles_root, theirs(&root));
        for index in sample(size) {
            let proof = check_inclusion(&nodes, &stored, index, size);
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            let place = usize::try_from(index).unwrap();
            assert_eq!(ct.prove_inclusion(place).as_bytes(), bytes);
            let given = InclusionProof::from_bytes(bytes);
            ct.root()
                .verify_inclusion(&entry(index), index, &given)
                .unwrap();
            // The last index as an earlier size would be the whole tree; `ct-merkle` proves that too.
            let old = index + 1;
            check_consistency(&nodes, &stored, old, size);
            let additions = usize::try_from(size - old).unwrap();
            let proof = consistency(&nodes, old, size).unwrap();
            let bytes: Vec<u8> = proof.iter().flat_map(|hash| *hash.as_bytes()).collect();
            assert_eq!(ct.prove_consistency(additions).as_bytes(), bytes);
            proofs += 2;
        }
    }
    println!("{LARGEST} sizes, {proofs} proofs, the same in three implementations");
    assert!(proofs > 2 * 8_000);
}

#[test]
fn tiles_are_those_of_the_other_implementation() {
    for size in [1, 2, 255, 256, 257, 1_000, 65_535, 65_536, 70_000] {
        let nodes = if size <= LARGEST {
            Some(nodes(size))
        } else {
            None
        };
        let ours: Vec<Tile> = Tile::all(size).collect();
        let theirs = tlog_tiles::Tile::new_tiles(8, 0, size);
        assert_eq!(ours.len(), theirs.len(), "{size}");
        for tile in ours {
            let other = theirs
                .iter()
                .find(|other| other.path().replacen("tile/8/", "tile/", 1) == tile.path())
                .unwrap_or_else(|| panic!("{} is not theirs", tile.path()));
            if let Some(nodes) = &nodes {
                let stored = stored(nodes);
                assert_eq!(
                    other.read_data(&Theirs(&stored)).unwrap(),
                    tile.bytes(nodes).unwrap()
                );
            }
        }
    }
}

#[test]
fn the_number_of_a_tile_is_cut_into_threes() {
    let tile = |index, width| Tile {
        level: 3,
        index,
        width,
    };
    assert_eq!(tile(1_234_067, 256).path(), "tile/3/x001/x234/067");
    assert_eq!(tile(1_000, 1).path(), "tile/3/x001/000.p/1");
    assert_eq!(tile(999, 255).entries_path(), "tile/entries/999.p/255");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn larger_trees_agree_too(size in 1_001..20_000_u64, picks in prop::collection::vec(any::<u64>(), 16)) {
        let nodes = nodes(size);
        let stored = stored(&nodes);
        for pick in picks {
            check_inclusion(&nodes, &stored, pick % size, size);
            check_consistency(&nodes, &stored, pick % size + 1, size);
            let part = pick % size + 1;
            check_inclusion(&nodes, &stored, pick % part, part);
        }
    }
}
