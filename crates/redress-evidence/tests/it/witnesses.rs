//! What is sent to a witness, and what it sends back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer;
use redress_evidence::{
    Checkpoint, KeyKind, SignedNote, VerifierKey, WitnessRequest, verify_for_witness,
};

use crate::ledger::{ORIGIN, extend, key, log, store, verifiers};

const NAME: &str = "witness.example.org/w1";

fn secret() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[9; 32])
}

pub(crate) fn witness() -> VerifierKey {
    VerifierKey::new(
        NAME,
        KeyKind::Cosignature,
        secret().verifying_key().to_bytes(),
    )
    .unwrap()
}

/// What a witness would do, written from the specification: signs the note's text under its header and a time.
pub(crate) fn cosigned(note: &str, time: u64) -> String {
    let text = note.rsplit_once("\n\n").unwrap().0;
    let message = format!("cosignature/v1\ntime {time}\n{text}\n");
    let signature = secret().sign(message.as_bytes()).to_bytes();
    let bytes = [witness().id().as_slice(), &time.to_be_bytes(), &signature].concat();
    format!("{note}— {NAME} {}\n", STANDARD.encode(bytes))
}

#[test]
fn a_witness_signs_what_follows_from_what_it_saw() {
    let store = store(5);
    let first = log(&store).checkpoint(ORIGIN, &key(), None).unwrap();
    let request = log(&store).witness_request(0, &first).unwrap();
    assert_eq!(request.to_text(), format!("old 0\n\n{first}"));

    extend(&store, 5, 13);
    let log = log(&store);
    let next = log.checkpoint(ORIGIN, &key(), None).unwrap();
    let text = log.witness_request(5, &next).unwrap().to_text();
    let request = WitnessRequest::parse(text.as_bytes()).unwrap();
    assert_eq!(request.to_text(), text);
    let (old, _) = Checkpoint::read(first.to_string().as_bytes()).unwrap();
    let (new, _) =
        Checkpoint::open(request.checkpoint.to_string().as_bytes(), &verifiers()).unwrap();
    verify_for_witness(old.size, &old.root, new.size, &new.root, &request.proof).unwrap();
    assert!(log.witness_request(14, &next).is_err());
}

#[test]
fn a_cosignature_tells_its_time() {
    let note = log(&store(3)).checkpoint(ORIGIN, &key(), None).unwrap();
    let time = 1_700_000_000;
    let text = cosigned(&note.to_string(), time);
    let line = text.strip_prefix(&note.to_string()).unwrap();
    let mut both = note.clone();
    both.add_signatures(line).unwrap();
    assert_eq!(both.to_string(), text);
    let keys = [key().verifier().clone(), witness()];
    let signed = both.verify(&keys).unwrap();
    assert_eq!(signed.len(), 2);
    assert_eq!(signed[1].time_seconds, Some(time));
    assert_eq!(signed[1].kind, KeyKind::Cosignature);
    // The key has another id as a key of notes, so its line is unknown then.
    let plain = VerifierKey::new(NAME, KeyKind::Note, *witness().public_key()).unwrap();
    assert_ne!(plain.id(), witness().id());
    assert_eq!(VerifierKey::parse(&witness().to_string()), Ok(witness()));
}

#[test]
fn a_cosignature_for_another_time_or_beyond_the_limit_is_refused() {
    let note = log(&store(3)).checkpoint(ORIGIN, &key(), None).unwrap();
    let good = SignedNote::parse(cosigned(&note.to_string(), 1).as_bytes()).unwrap();
    assert!(good.verify(&[witness()]).is_ok());
    let mut line = good.signatures()[1].clone();
    line.bytes[7] = 2;
    let mut changed = note.clone();
    changed.add_signatures(&format!("{line}\n")).unwrap();
    assert!(changed.verify(&[witness()]).is_err());
    let late = SignedNote::parse(cosigned(&note.to_string(), 1 << 63).as_bytes()).unwrap();
    assert!(late.verify(&[witness()]).is_err());
}
