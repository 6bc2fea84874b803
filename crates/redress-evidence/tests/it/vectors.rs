//! The published vectors of RFC 6962 trees: the eight leaves of the test data of the project certificate-transparency.

use redress_evidence::{
    EvidenceLog, Frontier, Hash, MemoryNodes, NodeStore, Nodes, consistency, inclusion, root_at,
    verify_consistency, verify_inclusion,
};
use uuid::Uuid;

const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[
        0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e,
        0x6f,
    ],
];

const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// The nodes of a tree with these leaves.
pub(crate) fn tree(leaves: impl IntoIterator<Item = Hash>) -> MemoryNodes {
    // In the order of completion, worked out by the plainest means: after leaf n, one node for each trailing one of n.
    let mut levels: Vec<Vec<Hash>> = vec![Vec::new()];
    let mut nodes = MemoryNodes::default();
    for leaf in leaves {
        let mut hash = leaf;
        let mut level = 0;
        loop {
            nodes.extend(&[hash]).unwrap();
            levels[level].push(hash);
            let row = &levels[level];
            if row.len() % 2 == 1 {
                break;
            }
            hash = Hash::node(&row[row.len() - 2], &row[row.len() - 1]);
            level += 1;
            if levels.len() == level {
                levels.push(Vec::new());
            }
        }
    }
    nodes
}

fn published() -> MemoryNodes {
    tree(LEAVES.iter().map(|leaf| Hash::leaf(leaf)))
}

#[test]
fn roots_are_the_published_ones() {
    let nodes = published();
    let mut frontier = Frontier::default();
    assert_eq!(frontier.root(), Hash::empty_root());
    for (size, (leaf, root)) in (1..).zip(LEAVES.iter().zip(ROOTS)) {
        frontier.push(Hash::leaf(leaf));
        assert_eq!(frontier.root().to_string(), root);
        assert_eq!(root_at(&nodes, size).unwrap().to_string(), root);
    }
    assert_eq!(nodes.size(), 8);
    let log = EvidenceLog::open(Uuid::nil(), nodes).unwrap();
    assert_eq!(log.root().to_string(), ROOTS[7]);
}

#[track_caller]
fn check_inclusion(index: u64, size: u64, expected: &[&str]) {
    let nodes = published();
    let proof = inclusion(&nodes, index, size).unwrap();
    let texts: Vec<String> = proof.iter().map(Hash::to_string).collect();
    assert_eq!(texts, expected);
    let leaf = nodes.node(0, index).unwrap();
    let root = root_at(&nodes, size).unwrap();
    assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
}

#[test]
fn inclusion_proofs_are_the_published_ones() {
    check_inclusion(0, 1, &[]);
    check_inclusion(
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check_inclusion(
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check_inclusion(
        2,
        3,
        &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    );
    check_inclusion(
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
}

#[track_caller]
fn check_consistency(old: u64, new: u64, expected: &[&str]) {
    let nodes = published();
    let proof = consistency(&nodes, old, new).unwrap();
    let texts: Vec<String> = proof.iter().map(Hash::to_string).collect();
    assert_eq!(texts, expected);
    let (old_root, new_root) = (root_at(&nodes, old).unwrap(), root_at(&nodes, new).unwrap());
    assert_eq!(
        verify_consistency(old, &old_root, new, &new_root, &proof),
        Ok(())
    );
}

#[test]
fn consistency_proofs_are_the_published_ones() {
    check_consistency(1, 1, &[]);
    check_consistency(
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    );
    check_consistency(
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    );
    check_consistency(
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    );
}
