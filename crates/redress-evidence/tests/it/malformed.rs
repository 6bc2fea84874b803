//! What does not hold is refused, whatever it is, and nothing panics.

use proptest::prelude::*;
use redress_evidence::{
    Checkpoint, Hash, HeadsStatement, Leaf, ProofError, SignedNote, SigningKey, TlogProof,
    VerifierKey, WitnessRequest, consistency, inclusion, root_at, stored_index, verify_consistency,
    verify_for_witness, verify_inclusion,
};

use crate::vectors::tree;

fn leaf(number: u64) -> Hash {
    Hash::leaf(&number.to_be_bytes())
}

#[test]
fn sizes_at_the_edges_are_refused() {
    let root = leaf(0);
    let huge = [0, 1, 1 << 63, u64::MAX];
    let out = |index, size| Err(ProofError::OutOfRange { index, size });
    assert_eq!(verify_inclusion(&root, 0, 0, &[], &root), out(0, 0));
    assert_eq!(verify_inclusion(&root, 1, 1, &[], &root), out(1, 1));
    assert_eq!(
        verify_inclusion(&root, u64::MAX, u64::MAX, &[], &root),
        out(u64::MAX, u64::MAX)
    );
    // A tree of one leaf is its leaf.
    assert_eq!(verify_inclusion(&root, 0, 1, &[], &root), Ok(()));
    let length = |expected| {
        Err(ProofError::Length {
            expected,
            actual: 0,
        })
    };
    assert_eq!(verify_inclusion(&root, 0, 1 << 63, &[], &root), length(63));
    assert_eq!(verify_inclusion(&root, 0, u64::MAX, &[], &root), length(64));
    for size in huge {
        let verdict = verify_consistency(0, &root, size, &root, &[]);
        assert_eq!(verdict, Err(ProofError::FromNothing));
        assert_eq!(verify_for_witness(0, &root, size, &root, &[]), Ok(()));
        assert!(verify_for_witness(0, &root, size, &root, &[root]).is_err());
    }
    assert_eq!(
        verify_consistency(2, &root, 1, &root, &[]),
        Err(ProofError::Shrunk {
            old_size: 2,
            new_size: 1
        })
    );
    assert_eq!(
        verify_consistency(1 << 63, &root, u64::MAX, &root, &[]),
        length(1)
    );
    assert_eq!(stored_index(64, 0), None);
    assert_eq!(stored_index(0, u64::MAX), None);
}

#[test]
fn the_tree_refuses_what_it_has_not() {
    let nodes = tree((0..5).map(leaf));
    assert!(inclusion(&nodes, 5, 5).is_err());
    assert!(inclusion(&nodes, 0, 6).is_err());
    assert!(inclusion(&nodes, 0, 0).is_err());
    assert!(consistency(&nodes, 0, 5).is_err());
    assert!(consistency(&nodes, 5, 4).is_err());
    assert!(consistency(&nodes, 1, u64::MAX).is_err());
    assert!(root_at(&nodes, u64::MAX).is_err());
    assert_eq!(root_at(&nodes, 0).unwrap(), Hash::empty_root());
}

proptest! {
    #[test]
    fn a_changed_inclusion_proof_is_refused(size in 1_u64..300, pick in any::<u64>(), change in any::<prop::sample::Index>()) {
        let nodes = tree((0..size).map(leaf));
        let index = pick % size;
        let root = root_at(&nodes, size).unwrap();
        let proof = inclusion(&nodes, index, size).unwrap();
        let verify = |index, proof: &[Hash]| verify_inclusion(&leaf(index), index, size, proof, &root);
        prop_assert!(verify(index, &proof).is_ok());
        let mut longer = proof.clone();
        longer.push(root);
        prop_assert!(verify(index, &longer).is_err());
        prop_assert!(verify_inclusion(&leaf(size), index, size, &proof, &root).is_err());
        if !proof.is_empty() {
            prop_assert!(verify(index, &proof[1..]).is_err());
            let mut other = proof.clone();
            let place = change.index(proof.len());
            other[place] = leaf(u64::MAX);
            prop_assert_eq!(verify(index, &other), Err(ProofError::Root));
            let mut swapped = proof.clone();
            swapped.swap(0, place);
            prop_assert_eq!(verify(index, &swapped).is_ok(), swapped == proof);
        }
        // The same proof for another index or another size.
        for index in (0..size).filter(|other| *other != index) {
            prop_assert!(verify_inclusion(&leaf(pick % size), index, size, &proof, &root).is_err());
        }
    }

    #[test]
    fn a_changed_consistency_proof_is_refused(size in 2_u64..300, pick in any::<u64>(), change in any::<prop::sample::Index>()) {
        let nodes = tree((0..size).map(leaf));
        let old = 1 + pick % size;
        let (old_root, new_root) = (root_at(&nodes, old).unwrap(), root_at(&nodes, size).unwrap());
        let proof = consistency(&nodes, old, size).unwrap();
        let verify = |proof: &[Hash]| verify_consistency(old, &old_root, size, &new_root, proof);
        prop_assert!(verify(&proof).is_ok());
        prop_assert!(verify_for_witness(old, &old_root, size, &new_root, &proof).is_ok());
        let mut longer = proof.clone();
        longer.push(new_root);
        prop_assert!(verify(&longer).is_err());
        prop_assert!(verify_consistency(old, &leaf(u64::MAX), size, &new_root, &proof).is_err());
        prop_assert!(verify_consistency(old, &old_root, size, &leaf(u64::MAX), &proof).is_err());
        if !proof.is_empty() {
            prop_assert!(verify(&proof[1..]).is_err());
            let place = change.index(proof.len());
            let mut other = proof.clone();
            other[place] = leaf(u64::MAX);
            prop_assert!(verify(&other).is_err());
            let mut swapped = proof.clone();
            swapped.swap(0, place);
            prop_assert_eq!(verify(&swapped).is_ok(), swapped == proof);
        }
    }

    #[test]
    fn any_numbers_and_hashes_leave_the_verifiers_standing(
        index in any::<u64>(),
        size in any::<u64>(),
        count in 0_usize..70,
    ) {
        let proof = vec![leaf(1); count];
        let root = leaf(2);
        prop_assert!(verify_inclusion(&leaf(0), index, size, &proof, &root).is_err());
        if index != size {
            prop_assert!(verify_consistency(index, &leaf(0), size, &root, &proof).is_err());
        }
        let _ = stored_index(u32::try_from(count).unwrap(), index);
    }

    #[test]
    fn no_parser_falls_over_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        parse_all(&bytes);
    }

    #[test]
    fn no_parser_falls_over_text_that_is_nearly_right(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..14)
    ) {
        parse_all(pieces.concat().as_bytes());
    }
}

/// Pieces that the texts are made of, some of them not as they should be.
const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "— ",
    "-",
    " ",
    "+",
    "example.org/log",
    "old ",
    "old 3\n",
    "index ",
    "index 7\n",
    "extra ",
    "extra AAAA\n",
    "c2sp.org/tlog-proof@v1\n",
    "0",
    "1",
    "07",
    "18446744073709551615",
    "18446744073709551616",
    "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n",
    "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB1=\n",
    "— example.org/log x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
    "PRIVATE+KEY+",
    "a+00000000+AQ==",
    "redress/stream-heads/v1\n",
    "redress/leaf/v1\0",
    "00000000-0000-0000-0000-000000000000\n",
    "\r\n",
    "\u{2014}",
    "é",
];

/// Whatever is accepted is written back as it was read.
fn parse_all(bytes: &[u8]) {
    if let Ok(note) = SignedNote::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        let _ = note.verify(&[]);
    }
    if let Ok(proof) = TlogProof::parse(bytes) {
        assert_eq!(proof.to_text().as_bytes(), bytes);
    }
    if let Ok(request) = WitnessRequest::parse(bytes) {
        assert_eq!(request.to_text().as_bytes(), bytes);
    }
    if let Some((ledger, leaf)) = Leaf::from_preimage(bytes) {
        assert_eq!(leaf.preimage(ledger).unwrap(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(checkpoint) = Checkpoint::parse_text(text) {
        assert_eq!(checkpoint.text(), text);
    }
    if let Some(statement) = HeadsStatement::parse_text(text) {
        assert_eq!(statement.text(), text);
    }
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = SigningKey::parse(text) {
        assert_eq!(key.to_text(), text);
    }
    if let Some(hash) = Hash::from_base64(text) {
        assert_eq!(hash.to_base64(), text);
    }
    if let Some(hash) = Hash::from_hex(text) {
        assert_eq!(hash.to_string(), text);
    }
}
