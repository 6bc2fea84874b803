//! Files that prove a history complete.

use proptest::prelude::*;
use redress_evidence::{
    HistoryProof, InvalidHistoryProof, SignedNote, SigningKey, StreamHeads, StreamProof,
    UnprovenHistory,
};
use redress_store::contract::stream_id;
use redress_store::{EventStore, MemoryStore};

use crate::ledger::{ORIGIN, entries, key, log, store, verifiers};

/// The proof of the first stream, signed by a key.
fn proof(store: &MemoryStore, key: &SigningKey) -> HistoryProof {
    let log = log(store);
    let mut heads = StreamHeads::default();
    for entry in entries(store) {
        heads.push(&entry, log.leaf(&entry).unwrap());
    }
    let text = heads.statement(ORIGIN, store.ledger_id()).text();
    let statement = SignedNote::sign(text, key).unwrap();
    match heads.prove(stream_id(1), store.ledger_id()).unwrap() {
        StreamProof::Present(head) => HistoryProof { head, statement },
        StreamProof::Absent { .. } => unreachable!("the store has this stream"),
    }
}

#[test]
fn it_tells_the_last_version_and_how_large_the_log_was() {
    let proof = proof(&store(23), &key());
    let read = HistoryProof::parse(proof.to_text().as_bytes()).unwrap();
    assert_eq!(read, proof);
    let said = read.verify(&verifiers()).unwrap();
    assert_eq!((said.origin.as_str(), said.log_size), (ORIGIN, 23));
    // 23 entries over seven streams in turn: the first one has entries 0, 7, 14 and 21.
    let head = read.head.head;
    assert_eq!((head.version.get(), head.position.get()), (4, 21));
}

#[test]
fn every_flipped_bit_is_refused() {
    let text = proof(&store(9), &key()).to_text().into_bytes();
    for place in 0..text.len() * 8 {
        let mut altered = text.clone();
        altered[place / 8] ^= 1 << (place % 8);
        let read = HistoryProof::parse(&altered);
        let refused = read.map_or(true, |proof| proof.verify(&verifiers()).is_err());
        assert!(refused, "bit {place}");
    }
}

#[test]
fn only_the_word_of_the_log_counts() {
    let store = store(9);
    let other = SigningKey::from_seed("somebody.else", &[8; 32]).unwrap();
    let refused = proof(&store, &other).verify(&verifiers());
    assert!(matches!(refused, Err(UnprovenHistory::Unsigned(_))));
    let mut checkpoint = proof(&store, &key());
    checkpoint.statement = log(&store).checkpoint(ORIGIN, &key(), None).unwrap();
    let refused = checkpoint.verify(&verifiers());
    assert_eq!(refused, Err(UnprovenHistory::NoStatement));
}

#[test]
fn every_cut_is_refused() {
    let text = proof(&store(9), &key()).to_text();
    for length in 0..text.len() {
        assert!(
            HistoryProof::parse(&text.as_bytes()[..length]).is_err(),
            "{length}"
        );
    }
    let empty = HistoryProof::parse(b"");
    assert_eq!(empty, Err(InvalidHistoryProof::Header));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), cut in 0_usize..400) {
        let text = proof(&store(3), &key()).to_text().into_bytes();
        let mut mixed = text[..cut.min(text.len())].to_vec();
        mixed.extend(bytes);
        if let Ok(read) = HistoryProof::parse(&mixed) {
            prop_assert_eq!(read.to_text().into_bytes(), mixed);
        }
    }
}
