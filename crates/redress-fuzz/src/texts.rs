//! Signed texts: checkpoints, notes and proofs. Each has one spelling.

use redress_evidence::{
    Checkpoint, Hash, HeadsStatement, HistoryProof, SignedNote, StreamHeads, StreamProof,
    TlogProof, VerifierKey, WitnessRequest,
};
use redress_store::{EventStore as _, StreamId};
use uuid::Uuid;

use crate::ledger::{ORIGIN, checkpoint, entries, log, signing_key, store, verifiers};

pub(crate) fn check_checkpoint(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = Checkpoint::parse_text(text)
    {
        assert_eq!(read.text(), text);
    }
    let Ok((read, note)) = Checkpoint::read(bytes) else {
        assert!(Checkpoint::open(bytes, &verifiers()).is_err());
        return;
    };
    assert_eq!(read.text(), note.text());
    assert_eq!(note.to_string().as_bytes(), bytes);
    // What is believed is what the key signed, and says so however often it is asked.
    if let Ok((opened, signed)) = Checkpoint::open(bytes, &verifiers()) {
        assert_eq!(opened, read);
        assert!(!signed.is_empty());
        let again = Checkpoint::open(note.to_string().as_bytes(), &verifiers());
        assert_eq!(again, Ok((opened, signed)));
    }
}

pub(crate) fn check_note(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Some(read) = HeadsStatement::parse_text(text) {
            assert_eq!(read.text(), text);
            assert!(
                Checkpoint::parse_text(text).is_err(),
                "one cannot pass for the other"
            );
        }
        if let Ok(read) = VerifierKey::parse(text) {
            assert_eq!(read.to_string(), text);
        }
    }
    let Ok(mut note) = SignedNote::parse(bytes) else {
        return;
    };
    assert_eq!(note.to_string().as_bytes(), bytes);
    let verdict = note.verify(&verifiers());
    // Its own signatures are there already, and another key's name says nothing.
    let lines: String = note
        .signatures()
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    note.add_signatures(&lines).unwrap();
    assert_eq!(note.to_string().as_bytes(), bytes);
    assert_eq!(note.verify(&verifiers()), verdict);
    assert!(note.verify(&[]).is_err());
}

pub(crate) fn check_proof(bytes: &[u8]) {
    if let Ok(proof) = TlogProof::parse(bytes) {
        assert_eq!(proof.to_text().as_bytes(), bytes);
        check_entry_proof(proof);
    }
    if let Ok(proof) = HistoryProof::parse(bytes) {
        assert_eq!(proof.to_text().as_bytes(), bytes);
        check_history_proof(proof);
    }
    if let Ok(request) = WitnessRequest::parse(bytes) {
        assert_eq!(request.to_text().as_bytes(), bytes);
    }
}

/// A proof that holds, holds for one entry at one place.
fn check_entry_proof(mut proof: TlogProof) {
    let leaf = Hash::leaf(proof.extra.as_deref().unwrap_or_default());
    if proof.verify(&leaf, ORIGIN, &verifiers()).is_ok() {
        assert!(
            proof
                .verify(&Hash::leaf(b"another"), ORIGIN, &verifiers())
                .is_err()
        );
        assert!(
            proof
                .verify(&leaf, "example.org/other", &verifiers())
                .is_err()
        );
        assert!(proof.verify(&leaf, ORIGIN, &[]).is_err());
        proof.proof.push(leaf);
        assert!(proof.verify(&leaf, ORIGIN, &verifiers()).is_err());
        proof.proof.pop();
        proof.index ^= 1;
        assert!(proof.verify(&leaf, ORIGIN, &verifiers()).is_err());
    }
}

fn check_history_proof(mut proof: HistoryProof) {
    if proof.verify(&verifiers()).is_ok() {
        assert!(proof.verify(&[]).is_err());
        proof.head.index ^= 1;
        assert!(proof.verify(&verifiers()).is_err());
        proof.head.index ^= 1;
        proof.head.head.stream = StreamId(Uuid::from_u128(proof.head.head.stream.0.as_u128() ^ 1));
        assert!(proof.verify(&verifiers()).is_err());
    }
}

pub(crate) fn checkpoints() -> Vec<Vec<u8>> {
    let more = "example.org/log\n3\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n";
    let notes = [0, 1, 5].map(checkpoint).into_iter();
    let more = SignedNote::sign(more, &signing_key()).unwrap();
    let notes = notes
        .chain([more])
        .map(|note| note.to_string().into_bytes());
    let text = checkpoint(4).text().as_bytes().to_vec();
    notes.chain([text]).collect()
}

pub(crate) fn notes() -> Vec<Vec<u8>> {
    let mut twice = SignedNote::sign("a\n\nb\n", &signing_key()).unwrap();
    let witness = format!("— example.org/witness {}\n", "AAAA".repeat(26));
    twice.add_signatures(&witness).unwrap();
    let texts = [
        twice.to_string(),
        heads().1.to_string(),
        heads().1.text().to_owned(),
        signing_key().verifier().to_string(),
    ];
    texts.map(String::into_bytes).into()
}

fn heads() -> (StreamHeads, SignedNote) {
    let store = store(5);
    let log = log(&store);
    let mut heads = StreamHeads::default();
    for entry in entries(&store) {
        heads.push(&entry, log.leaf(&entry).unwrap());
    }
    let text = heads.statement(ORIGIN, store.ledger_id()).text();
    (heads, SignedNote::sign(text, &signing_key()).unwrap())
}

pub(crate) fn proofs() -> Vec<Vec<u8>> {
    let store = store(5);
    let (log, note) = (log(&store), checkpoint(5));
    let mut texts: Vec<String> = entries(&store)
        .iter()
        .map(|entry| log.prove(entry, &note).unwrap().to_text())
        .collect();
    let (heads, statement) = heads();
    let proof = heads.prove(StreamId(Uuid::from_u128(2)), store.ledger_id());
    if let StreamProof::Present(head) = proof.unwrap() {
        texts.push(HistoryProof { head, statement }.to_text());
    }
    texts.push(log.witness_request(2, &note).unwrap().to_text());
    texts.into_iter().map(String::into_bytes).collect()
}
