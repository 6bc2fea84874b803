//! The tree of a ledger: kept up to date, rebuilt, signed, and what it refuses to sign or to prove.

use pollster::block_on;
use redress_core::Position;
use redress_evidence::{
    Checkpoint, EvidenceError, EvidenceLog, Hash, Leaf, MemoryNodes, SignedNote, UnprovenEntry,
};
use redress_store::contract::{append, entry};
use redress_store::{EventStore, ExpectedVersion, MemoryStore};
use uuid::Uuid;

use crate::ledger::{ORIGIN, entries, extend, key, log, store, verifiers};

fn said(note: &SignedNote) -> Checkpoint {
    Checkpoint::parse_text(note.text()).unwrap()
}

#[test]
fn kept_up_to_date_it_equals_itself_rebuilt() {
    let store = store(10);
    let mut kept = log(&store);
    for size in [11, 40, 1_030, 2_100] {
        let from = u32::try_from(kept.size()).unwrap();
        extend(&store, from, size);
        block_on(kept.catch_up(&store)).unwrap();
        let rebuilt = log(&store);
        assert_eq!((kept.size(), kept.root()), (rebuilt.size(), rebuilt.root()));
        assert_eq!(kept.next_position(), Position::new(u64::from(size)));
    }
    let root = kept.root();
    block_on(kept.rebuild(&store)).unwrap();
    assert_eq!(kept.root(), root);
}

#[test]
fn a_gap_is_refused_and_nothing_folded() {
    let store = store(3);
    let all = entries(&store);
    let mut log = EvidenceLog::open(store.ledger_id(), MemoryNodes::default()).unwrap();
    let refused = log.fold(&[all[0].clone(), all[2].clone()]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the evidence view stopped at position 2: position 1 was expected"
    );
    assert_eq!(log.size(), 0);
    assert_eq!(log.root(), Hash::empty_root());
    log.fold(&all).unwrap();
    assert_eq!(log.size(), 3);
}

#[test]
fn a_checkpoint_that_does_not_follow_is_not_signed() {
    let store = store(5);
    let first = said(&log(&store).checkpoint(ORIGIN, &key(), None).unwrap());
    assert_eq!((first.size, first.origin.as_str()), (5, ORIGIN));
    extend(&store, 5, 9);
    let next = log(&store)
        .checkpoint(ORIGIN, &key(), Some(&first))
        .unwrap();
    assert_eq!(said(&next).size, 9);

    let other_log = log(&store).checkpoint("example.org/other", &key(), Some(&first));
    assert!(matches!(other_log, Err(EvidenceError::OtherLog { .. })));

    // An old copy that was put back, then a history that was written anew.
    let old_copy = log(&crate::ledger::store(4));
    assert!(matches!(
        old_copy.checkpoint(ORIGIN, &key(), Some(&first)),
        Err(EvidenceError::Truncated {
            known: 5,
            actual: 4
        })
    ));
    let rewritten = MemoryStore::new(store.ledger_id());
    for number in 0..9_u32 {
        let other = entry(u128::from(number) + 1, number + 1);
        block_on(rewritten.append(append(1, ExpectedVersion::Any, vec![other]))).unwrap();
    }
    assert!(matches!(
        log(&rewritten).checkpoint(ORIGIN, &key(), Some(&first)),
        Err(EvidenceError::Rewritten { size: 5 })
    ));
}

#[test]
fn a_ledger_that_was_replaced_is_found_when_catching_up() {
    let mut kept = log(&store(6));
    let shorter = block_on(kept.catch_up(&store(2)));
    assert!(matches!(
        shorter,
        Err(EvidenceError::Truncated {
            known: 6,
            actual: 2
        })
    ));
    let other = MemoryStore::new(Uuid::from_u128(0x1ed6e7));
    for number in 0..8_u32 {
        let entry = entry(u128::from(number) + 1, number + 3);
        block_on(other.append(append(1, ExpectedVersion::Any, vec![entry]))).unwrap();
    }
    let rewritten = block_on(kept.catch_up(&other));
    assert!(matches!(
        rewritten,
        Err(EvidenceError::Rewritten { size: 6 })
    ));
}

#[test]
fn a_submitter_gets_a_proof_that_holds_without_the_ledger() {
    let store = store(20);
    let log = log(&store);
    let note = log.checkpoint(ORIGIN, &key(), None).unwrap();
    extend(&store, 20, 25);
    for entry in entries(&store).iter().take(20) {
        let text = log.prove(entry, &note).unwrap().to_text();
        let proof = redress_evidence::TlogProof::parse(text.as_bytes()).unwrap();
        assert_eq!(proof.to_text(), text);
        let preimage = proof.extra.as_deref().unwrap();
        let (ledger, leaf) = Leaf::from_preimage(preimage).unwrap();
        assert_eq!((ledger, &leaf), (store.ledger_id(), &Leaf::of(entry)));
        let hash = Hash::leaf(preimage);
        let (checkpoint, signed) = proof.verify(&hash, ORIGIN, &verifiers()).unwrap();
        assert_eq!((checkpoint.size, signed.len()), (20, 1));
        let other = proof.verify(&Hash::leaf(b""), ORIGIN, &verifiers());
        assert!(matches!(other, Err(UnprovenEntry::Proof(_))));
        let other = proof.verify(&hash, "example.org/other", &verifiers());
        assert!(matches!(other, Err(UnprovenEntry::Origin { .. })));
        let unknown = proof.verify(&hash, ORIGIN, &[]);
        assert!(matches!(unknown, Err(UnprovenEntry::Checkpoint(_))));
    }
    let late = &entries(&store)[22];
    assert!(matches!(
        log.prove(late, &note),
        Err(EvidenceError::NotCovered { size: 20, .. })
    ));
    let mut altered = entries(&store)[3].clone();
    altered.content.public.push(b' ');
    assert!(matches!(
        log.prove(&altered, &note),
        Err(EvidenceError::Rewritten { size: 4 })
    ));
}
