//! The file of the tree's nodes: opened again it goes on; what cannot be trusted is rebuilt.

use std::fs::{self, OpenOptions};

use pollster::block_on;
use redress_evidence::{EvidenceLog, FileNodes, Nodes, inclusion, verify_inclusion};
use redress_store::{EventStore, MemoryStore};
use uuid::Uuid;

use crate::ledger::{extend, log, store};

fn open(path: &std::path::Path, store: &MemoryStore) -> EvidenceLog<FileNodes> {
    let nodes = FileNodes::open(path, store.ledger_id()).unwrap();
    EvidenceLog::open(store.ledger_id(), nodes).unwrap()
}

#[test]
fn the_file_is_the_tree_in_memory_however_often_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    let store = store(0);
    for size in [0, 1, 2, 7, 8, 9, 300] {
        let from = block_on(store.head()).unwrap();
        let from = from.map_or(0, |head| u32::try_from(head.get()).unwrap() + 1);
        extend(&store, from, size);
        let mut kept = open(&path, &store);
        assert_eq!(kept.size(), u64::from(from));
        block_on(kept.catch_up(&store)).unwrap();
        let memory = log(&store);
        assert_eq!((kept.size(), kept.root()), (memory.size(), memory.root()));
    }
    let kept = open(&path, &store);
    let leaf = kept.nodes().node(0, 123).unwrap();
    let proof = inclusion(kept.nodes(), 123, 300).unwrap();
    verify_inclusion(&leaf, 123, 300, &proof, &kept.root()).unwrap();
    assert!(kept.nodes().node(0, 300).is_err());
    // 72 bytes of head; 300 is 100101100 in binary, so 600 - 4 nodes.
    assert_eq!(fs::metadata(&path).unwrap().len(), 72 + 32 * 596);
}

#[test]
fn what_a_crash_left_beyond_the_head_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    let store = store(9);
    block_on(open(&path, &store).catch_up(&store)).unwrap();
    let length = fs::metadata(&path).unwrap().len();
    let file = OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length + 45).unwrap();
    let kept = open(&path, &store);
    assert_eq!(kept.root(), log(&store).root());
    assert_eq!(fs::metadata(&path).unwrap().len(), length);
}

#[test]
fn a_file_that_does_not_fit_is_rebuilt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    let store = store(9);
    block_on(open(&path, &store).catch_up(&store)).unwrap();
    let whole = fs::read(&path).unwrap();
    let root = log(&store).root();

    let check_rebuilt = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let mut kept = open(&path, &store);
        assert_eq!(kept.size(), 0);
        block_on(kept.catch_up(&store)).unwrap();
        assert_eq!(kept.root(), root);
        assert_eq!(fs::read(&path).unwrap(), whole);
    };
    for bit in 0..72 * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        check_rebuilt(&flipped);
    }
    for length in (0..whole.len()).step_by(13) {
        check_rebuilt(&whole[..length]);
    }
    let other = FileNodes::open(&path, Uuid::from_u128(2)).unwrap();
    assert_eq!(other.size(), 0);
}

#[test]
fn one_program_at_a_time_holds_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    let held = FileNodes::open(&path, Uuid::nil()).unwrap();
    let refused = FileNodes::open(&path, Uuid::nil()).unwrap_err();
    assert!(refused.is_locked());
    drop(held);
    assert!(FileNodes::open(&path, Uuid::nil()).is_ok());
}

#[test]
fn a_file_opened_to_be_read_stays_as_it_is_whatever_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    let store = store(9);
    let read = || FileNodes::open_read_only(&path, store.ledger_id()).unwrap();
    assert!(read().is_none() && !path.exists());
    block_on(open(&path, &store).catch_up(&store)).unwrap();
    let good = fs::read(&path).unwrap();
    assert_eq!(read().unwrap().size(), 9);
    let other = FileNodes::open_read_only(&path, Uuid::from_u128(2)).unwrap();
    assert!(other.is_none());
    let mut beyond = good.clone();
    beyond.extend([0; 45]);
    fs::write(&path, &beyond).unwrap();
    assert_eq!(read().unwrap().size(), 9);
    assert_eq!(fs::read(&path).unwrap(), beyond);
    fs::write(&path, "Dear Sir or Madam").unwrap();
    assert!(read().is_none());
    assert_eq!(fs::read(&path).unwrap(), b"Dear Sir or Madam");
}

#[test]
fn a_file_that_is_no_tree_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.tree");
    // A letter, a letter shorter than a head, an image of zeros longer than an empty head.
    for foreign in [
        "Dear Sir or Madam, ".repeat(10).into_bytes(),
        b"Dear".to_vec(),
        vec![0; 73],
    ] {
        fs::write(&path, &foreign).unwrap();
        let refused = FileNodes::open(&path, Uuid::from_u128(7)).unwrap_err();
        let message = refused.to_string();
        assert!(message.contains("move it away"), "{message}");
        assert!(message.contains("complaints.tree"), "{message}");
        assert_eq!(fs::read(&path).unwrap(), foreign);
    }
    // What a crash can leave of a head that was being written.
    for left in [&[][..], &[0; 72], &b"redress/tr"[..]] {
        fs::write(&path, left).unwrap();
        assert_eq!(
            FileNodes::open(&path, Uuid::from_u128(7)).unwrap().size(),
            0
        );
    }
}
