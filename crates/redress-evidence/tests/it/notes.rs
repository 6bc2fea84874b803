//! Signed notes and keys, with the vector that Go's `sumdb/note` publishes.

use proptest::prelude::*;
use redress_evidence::{
    InvalidKey, InvalidNote, KeyKind, MAX_SIGNATURES, SignedNote, SigningKey, Unsigned, VerifierKey,
};

// From the example of golang.org/x/mod/sumdb/note.
const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PRIVATE: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n";
const SIGNATURE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn published() -> SignedNote {
    SignedNote::parse(format!("{TEXT}\n{SIGNATURE}").as_bytes()).unwrap()
}

#[test]
fn the_published_note_is_verified_and_made_again() {
    let key = VerifierKey::parse(PUBLIC).unwrap();
    assert_eq!(key.to_string(), PUBLIC);
    assert_eq!(key.name(), "PeterNeumann");
    assert_eq!(key.id(), [0xc7, 0x4f, 0x20, 0xa3]);
    let note = published();
    assert_eq!(note.text(), TEXT);
    let signed = note.verify(std::slice::from_ref(&key)).unwrap();
    assert_eq!((signed.len(), signed[0].kind), (1, KeyKind::Note));
    assert_eq!(signed[0].time_seconds, None);

    let private = SigningKey::parse(PRIVATE).unwrap();
    assert_eq!(private.to_text(), PRIVATE);
    assert_eq!(private.verifier(), &key);
    assert_eq!(SignedNote::sign(TEXT, &private).unwrap(), note);
    assert_eq!(format!("{private:?}"), "SigningKey(PeterNeumann)");
}

#[test]
fn a_note_counts_only_under_a_given_key() {
    let note = published();
    let other = SigningKey::from_seed("PeterNeumann", &[1; 32]).unwrap();
    assert_eq!(note.verify(&[]), Err(Unsigned::NoKnownKey));
    assert_eq!(
        note.verify(&[other.verifier().clone()]),
        Err(Unsigned::NoKnownKey)
    );
    let key = VerifierKey::parse(PUBLIC).unwrap();
    let name = "PeterNeumann".to_owned();
    let changed = format!("{}\n{SIGNATURE}", TEXT.replace("answer", "answes"));
    let changed = SignedNote::parse(changed.as_bytes()).unwrap();
    assert_eq!(changed.verify(&[key]), Err(Unsigned::BadSignature { name }));
}

#[test]
fn signatures_of_unknown_keys_are_carried_along() {
    let mut note = published();
    let other = SigningKey::from_seed("other", &[1; 32]).unwrap();
    let line = SignedNote::sign(TEXT, &other).unwrap().signatures()[0].to_string() + "\n";
    note.add_signatures(&line).unwrap();
    note.add_signatures(&line).unwrap();
    assert_eq!(note.signatures().len(), 2);
    assert_eq!(note.to_string(), format!("{TEXT}\n{SIGNATURE}{line}"));
    let key = VerifierKey::parse(PUBLIC).unwrap();
    assert_eq!(note.verify(&[key]).unwrap().len(), 1);
    assert_eq!(
        note.add_signatures("no line\n"),
        Err(InvalidNote::BadSignature { number: 1 })
    );
}

#[track_caller]
fn check_refused(note: &str, expected: InvalidNote) {
    assert_eq!(
        SignedNote::parse(note.as_bytes()),
        Err(expected),
        "{note:?}"
    );
}

#[test]
fn what_is_no_note_is_refused() {
    check_refused("", InvalidNote::NoSignatures);
    check_refused(TEXT, InvalidNote::NoSignatures);
    check_refused(&format!("{TEXT}\n"), InvalidNote::NoSignatures);
    check_refused(&format!("\n\n{SIGNATURE}"), InvalidNote::NoSignatures);
    check_refused(&format!("a\r\n\n{SIGNATURE}"), InvalidNote::NotText);
    let bad = |number| InvalidNote::BadSignature { number };
    check_refused(&format!("a\n\n{}", SIGNATURE.trim_end()), bad(1));
    check_refused(&format!("a\n\n{SIGNATURE}x\n"), bad(2));
    check_refused("a\n\n— a+b AAAAAAA=\n", bad(1));
    check_refused("a\n\n— a AAAAAA==\n", bad(1));
    check_refused("a\n\n— a AAAAAAB=\n", bad(1));
    let many = SIGNATURE.repeat(MAX_SIGNATURES + 1);
    check_refused(&format!("a\n\n{many}"), InvalidNote::TooManySignatures);
    let sixteen = SIGNATURE.repeat(16);
    assert!(SignedNote::parse(format!("a\n\n{sixteen}").as_bytes()).is_ok());
    let long = "a".repeat(1 << 20);
    check_refused(&format!("{long}\n\n{SIGNATURE}"), InvalidNote::TooLong);
    assert_eq!(SignedNote::parse(b"\xff\n\n"), Err(InvalidNote::NotText));
    let key = SigningKey::from_seed("a", &[0; 32]).unwrap();
    for text in ["", "\n", "no end", "tab\t\n"] {
        assert!(SignedNote::sign(text, &key).is_err(), "{text:?}");
    }
}

#[track_caller]
fn check_key(text: &str, expected: InvalidKey) {
    assert_eq!(VerifierKey::parse(text), Err(expected), "{text:?}");
}

#[test]
fn what_is_no_key_is_refused() {
    check_key("", InvalidKey::Form);
    check_key("PeterNeumann", InvalidKey::Form);
    check_key(&PUBLIC.replace("c74f20a3", "C74F20A3"), InvalidKey::Form);
    check_key(&PUBLIC.replace("c74f20a3", "c74f20a4"), InvalidKey::Id);
    check_key(&PUBLIC.replace("Peter", "Petra"), InvalidKey::Id);
    check_key(&PUBLIC.replace("+ARpc", "+AhpY"), InvalidKey::Kind);
    check_key(&PUBLIC.replacen("PeterNeumann", "", 1), InvalidKey::Name);
    check_key(&PUBLIC.replacen("Peter", "Peter ", 1), InvalidKey::Name);
    // The point of order one: anybody can sign for it.
    let mut weak = [0; 32];
    weak[0] = 1;
    assert_eq!(
        VerifierKey::new("weak", KeyKind::Note, weak),
        Err(InvalidKey::Bytes)
    );
    assert!(SigningKey::parse(PUBLIC).is_err());
}

proptest! {
    #[test]
    fn what_is_signed_is_verified_and_read_back(seed in any::<[u8; 32]>(), lines in "[a-zA-Z—退款 .]{1,40}(\n[a-z]{0,9}){0,3}") {
        let key = SigningKey::from_seed("example.org/log", &seed).unwrap();
        let note = SignedNote::sign(lines + "\n", &key).unwrap();
        let read = SignedNote::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&read, &note);
        prop_assert!(read.verify(&[key.verifier().clone()]).is_ok());
    }

    #[test]
    fn a_signature_with_any_bit_flipped_is_refused(bit in 0_usize..512) {
        let key = VerifierKey::parse(PUBLIC).unwrap();
        let mut bytes = published().signatures()[0].clone();
        bytes.bytes[bit / 8] ^= 1 << (bit % 8);
        let note = SignedNote::parse(format!("{TEXT}\n{bytes}\n").as_bytes()).unwrap();
        prop_assert!(note.verify(&[key]).is_err());
    }
}
