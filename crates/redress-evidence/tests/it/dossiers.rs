//! The proofs about a complaint, checked together and without the ledger.

use redress_evidence::bundle::Anchors;
use redress_evidence::{
    Checkpoint, Dossier, Hash, HistoryProof, NotChecked, ProofFile, Shown, SignedNote, SigningKey,
    StreamHeads, StreamProof,
};
use redress_store::contract::stream_id;
use redress_store::{EventStore, MemoryStore};

use crate::ledger::{ORIGIN, entries, key, log, store, verifiers};

/// What `redress prove` writes about the first stream.
fn proofs(store: &MemoryStore, key: &SigningKey) -> Vec<ProofFile> {
    let log = log(store);
    let note = log.checkpoint(ORIGIN, key, None).unwrap();
    let mut heads = StreamHeads::default();
    let mut files = Vec::new();
    for entry in entries(store) {
        heads.push(&entry, log.leaf(&entry).unwrap());
        if entry.stream == stream_id(1) {
            files.push(ProofFile {
                name: format!("{}.tlog-proof", entry.version),
                bytes: log.prove(&entry, &note).unwrap().to_text().into_bytes(),
            });
        }
    }
    let text = heads.statement(ORIGIN, store.ledger_id()).text();
    let statement = SignedNote::sign(text, key).unwrap();
    let head = match heads.prove(stream_id(1), store.ledger_id()).unwrap() {
        StreamProof::Present(head) => head,
        StreamProof::Absent { .. } => unreachable!("the store has this stream"),
    };
    files.push(ProofFile {
        name: "history.stream-proof".to_owned(),
        bytes: HistoryProof { head, statement }.to_text().into_bytes(),
    });
    files
}

fn anchors() -> Anchors {
    Anchors {
        keys: verifiers(),
        earlier: None,
    }
}

fn brought(size: u64, root: Hash) -> Anchors {
    Anchors {
        keys: verifiers(),
        earlier: Some(Checkpoint::new(ORIGIN, size, root).unwrap()),
    }
}

fn whole(dossier: &Dossier) -> bool {
    let entries = 4;
    let stream = stream_id(1);
    dossier.shown.contains(&Shown::Whole { stream, entries })
}

// 23 entries over seven streams in turn: the first one has entries 0, 7, 14 and 21.
#[test]
fn all_proofs_of_a_history_show_that_it_is_whole() {
    let dossier = Dossier::verify(&proofs(&store(23), &key()), &anchors());
    assert_eq!(dossier.findings, []);
    let mut positions = Vec::new();
    for one in &dossier.shown {
        if let Shown::Entry { leaf, .. } = one {
            positions.push(leaf.position.get());
        }
    }
    assert_eq!(positions, [0, 7, 14, 21]);
    assert!(whole(&dossier));
    let not_checked = [
        NotChecked::Content,
        NotChecked::Later,
        NotChecked::NoWitness,
    ];
    assert_eq!(dossier.not_checked, not_checked);
}

#[test]
fn what_is_not_there_is_named() {
    let mut files = proofs(&store(23), &key());
    files.remove(1);
    let dossier = Dossier::verify(&files, &anchors());
    assert!(dossier.is_clean() && !whole(&dossier));
    let missing = |versions| NotChecked::Missing {
        stream: stream_id(1),
        versions,
    };
    assert!(dossier.not_checked.contains(&missing(vec![2])));
    // Without the end nothing tells how many there are.
    files.pop();
    let dossier = Dossier::verify(&files, &anchors());
    assert!(dossier.not_checked.contains(&missing(Vec::new())));
    let said = missing(Vec::new()).to_string();
    assert!(
        said.contains("nothing here states where it ended"),
        "{said}"
    );
}

#[test]
fn without_a_key_nothing_is_shown() {
    let files = proofs(&store(23), &key());
    let nobody = Anchors::default();
    let other = SigningKey::from_seed("somebody.else", &[8; 32]).unwrap();
    let other = Anchors {
        keys: vec![other.verifier().clone()],
        earlier: None,
    };
    for anchors in [nobody, other] {
        let dossier = Dossier::verify(&files, &anchors);
        assert_eq!(dossier.shown, []);
        let named: Vec<&str> = dossier
            .findings
            .iter()
            .map(|(file, _)| file.as_str())
            .collect();
        let expected: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(named, expected);
    }
}

#[test]
fn the_checkpoint_that_was_brought_is_compared() {
    let store = store(23);
    let (files, root) = (proofs(&store, &key()), log(&store).root());
    let same = Dossier::verify(&files, &brought(23, root));
    assert!(same.is_clean());
    assert!(same.shown.contains(&Shown::SameCheckpoint { size: 23 }));
    // The same log with another content, signed with the same key: two histories.
    let forked = Dossier::verify(&files, &brought(23, Hash::leaf(b"another")));
    assert_eq!(forked.findings.len(), 4);
    let (_, why) = &forked.findings[0];
    assert!(why.contains("there are two histories"), "{why}");
    // What a proof cannot tell is said.
    let smaller = Dossier::verify(&files, &brought(20, Hash::leaf(b"any")));
    let untold = NotChecked::Consistency {
        brought: 20,
        proven: 23,
    };
    assert!(smaller.is_clean() && smaller.not_checked.contains(&untold));
}

#[test]
fn an_end_that_is_not_the_last_entry_is_found() {
    let files = proofs(&store(23), &key());
    // The end of the same history in a ledger whose last fact about it is another one.
    let other = MemoryStore::new(store(0).ledger_id());
    crate::ledger::extend(&other, 0, 21);
    crate::ledger::extend(&other, 28, 29);
    let end = proofs(&other, &key()).pop().unwrap();
    let mixed = [files[..4].to_vec(), vec![end]].concat();
    let dossier = Dossier::verify(&mixed, &anchors());
    assert!(!whole(&dossier));
    let (_, why) = &dossier.findings[0];
    assert!(why.contains("is not the one that is proven"), "{why}");
}

#[test]
fn every_flipped_bit_of_every_proof_is_found() {
    let files = proofs(&store(9), &key());
    let mut flips = 0;
    for (number, file) in files.iter().enumerate() {
        for bit in 0..file.bytes.len() * 8 {
            let mut altered = files.clone();
            altered[number].bytes[bit / 8] ^= 1 << (bit % 8);
            let dossier = Dossier::verify(&altered[number..=number], &anchors());
            assert_eq!(dossier.findings.len(), 1, "{} bit {bit}", file.name);
            assert_eq!(
                (dossier.findings[0].0.as_str(), dossier.shown.len()),
                (&*file.name, 0)
            );
            flips += 1;
        }
    }
    println!("{flips} flips in {} proofs: all found", files.len());
}
