//! Completeness and absence of streams.

use proptest::prelude::*;
use redress_core::Version;
use redress_evidence::{
    EvidenceLog, HeadsStatement, MemoryNodes, StreamHeads, StreamProof, StreamProofError,
};
use redress_store::contract::stream_id;
use redress_store::{EventStore, MemoryStore};
use uuid::Uuid;

use crate::ledger::{ORIGIN, entries, log, store};

fn heads(store: &MemoryStore) -> StreamHeads {
    let log: EvidenceLog<MemoryNodes> = log(store);
    let mut heads = StreamHeads::default();
    for entry in entries(store) {
        heads.push(&entry, log.leaf(&entry).unwrap());
    }
    heads
}

fn statement(store: &MemoryStore) -> HeadsStatement {
    heads(store).statement(ORIGIN, store.ledger_id())
}

#[test]
fn every_stream_is_shown_complete_and_every_other_absent() {
    let store = store(23);
    let said = statement(&store);
    assert_eq!((said.log_size, said.count), (23, 7));
    assert_eq!(HeadsStatement::parse_text(&said.text()), Some(said.clone()));
    for number in 0..=9 {
        let stream = stream_id(number);
        let proof = heads(&store).prove(stream, store.ledger_id()).unwrap();
        let head = proof.verify(stream, &said).unwrap();
        // 23 entries over streams 1 to 7 in turn: the first two have four each, the others three.
        let expected = match number {
            1 | 2 => Some(4),
            3..=7 => Some(3),
            _ => None,
        };
        assert_eq!(head.map(|head| head.version), expected.map(Version::new));
        let other = proof.verify(stream_id(number + 20), &said);
        assert!(head.is_none() || other == Err(StreamProofError::OtherStream));
    }
}

#[test]
fn a_log_without_streams_has_none() {
    let store = store(0);
    let said = statement(&store);
    let proof = heads(&store).prove(stream_id(1), Uuid::nil()).unwrap();
    assert_eq!(proof.verify(stream_id(1), &said), Ok(None));
    let other = statement(&crate::ledger::store(1));
    assert!(proof.verify(stream_id(1), &other).is_err());
}

#[test]
fn a_stream_cannot_be_hidden_between_neighbours() {
    let store = store(7);
    let said = statement(&store);
    let heads = heads(&store);
    let present = |number| match heads.prove(stream_id(number), store.ledger_id()).unwrap() {
        StreamProof::Present(found) => Some(Box::new(found)),
        StreamProof::Absent { .. } => None,
    };
    let hide = |before, after| StreamProof::Absent { before, after }.verify(stream_id(4), &said);
    assert_eq!(
        hide(present(3), present(5)),
        Err(StreamProofError::NotAdjacent)
    );
    assert_eq!(hide(present(3), None), Err(StreamProofError::NotAdjacent));
    assert_eq!(hide(None, present(5)), Err(StreamProofError::NotAdjacent));
    assert_eq!(hide(None, None), Err(StreamProofError::NotAdjacent));
    assert_eq!(
        hide(present(3), present(4)),
        Err(StreamProofError::OtherStream)
    );
    let mut moved = present(5).unwrap();
    moved.index = 3;
    assert!(hide(present(3), Some(moved)).is_err());
    let mut shorter = present(4).unwrap();
    shorter.head.version = Version::FIRST.next();
    assert!(
        StreamProof::Present(*shorter)
            .verify(stream_id(4), &said)
            .is_err()
    );
}

proptest! {
    #[test]
    fn a_proof_for_another_state_of_the_log_is_refused(size in 1_u32..40, stream in 0_u128..10) {
        let (now, later) = (store(size), store(size + 1));
        let proof = heads(&now).prove(stream_id(stream), now.ledger_id()).unwrap();
        prop_assert!(proof.verify(stream_id(stream), &statement(&now)).is_ok());
        prop_assert!(proof.verify(stream_id(stream), &statement(&later)).is_err());
    }
}

#[test]
fn the_file_of_heads_is_read_back_and_nothing_else_is() {
    let store = store(23);
    let heads = heads(&store);
    let bytes = heads.to_bytes(store.ledger_id());
    // Seven streams of 64 bytes behind 40.
    assert_eq!(bytes.len(), 40 + 7 * 64);
    let statement = |heads: &StreamHeads| heads.statement(ORIGIN, store.ledger_id());
    let read = |bytes: &[u8]| StreamHeads::from_bytes(bytes, store.ledger_id());
    assert_eq!(statement(&read(&bytes).unwrap()), statement(&heads));
    for length in 0..bytes.len() {
        let cut = read(&bytes[..length]).map(|heads| statement(&heads));
        assert_ne!(cut, Some(statement(&heads)), "{length}");
    }
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let flipped = read(&flipped).map(|heads| statement(&heads));
        assert_ne!(flipped, Some(statement(&heads)), "bit {bit}");
    }
    let mut swapped = bytes.clone();
    swapped[40..168].rotate_left(64);
    assert!(read(&swapped).is_none());
}
