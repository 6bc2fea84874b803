//! Sealed parts: published vectors of what they are made of, one worked elsewhere, and every bit of it altered.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use proptest::prelude::*;
use redress_core::Version;
use redress_evidence::keys::{DataKey, KeyId};
use redress_evidence::seal::{SealContext, SealError, erased_part, key_of, open, seal};
use redress_evidence::{Commitment, CommitmentKind};
use redress_store::{Part, PartKind, StreamId};
use sha2::Sha256;
use uuid::Uuid;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().filter(|c| !c.is_whitespace()).collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
        .collect()
}

fn range<const N: usize>(from: u8) -> [u8; N] {
    std::array::from_fn(|index| from + u8::try_from(index).unwrap())
}

/// RFC 5869, appendix A.1 and A.3.
#[test]
fn hkdf_is_that_of_the_rfc() {
    let mut output = [0; 42];
    let salt: [u8; 13] = range(0);
    let info: [u8; 10] = range(0xf0);
    Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22])
        .expand(&info, &mut output)
        .unwrap();
    let expected =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(output.to_vec(), bytes(expected));

    Hkdf::<Sha256>::new(None, &[0x0b; 22])
        .expand(&[], &mut output)
        .unwrap();
    let expected =
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8";
    assert_eq!(output.to_vec(), bytes(expected));
}

/// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 14 and 16, which NIST took over.
#[test]
fn aes_gcm_is_that_of_nist() {
    let sealed = Aes256Gcm::new(&[0; 32].into()).encrypt(&Nonce::from([0; 12]), &[0; 16][..]);
    let expected = "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919";
    assert_eq!(sealed.unwrap(), bytes(expected));

    let key = bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let nonce: [u8; 12] = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
    let msg = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let aad = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let payload = Payload {
        msg: &msg,
        aad: &aad,
    };
    let sealed = Aes256Gcm::new_from_slice(&key)
        .unwrap()
        .encrypt(&Nonce::from(nonce), payload);
    let expected = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b";
    assert_eq!(sealed.unwrap(), bytes(expected));
}

const TEXT: &str = r#"{"note":"王芳 13800001111"}"#;
/// What `tests/oracles/sealed_part.py` prints.
const SEALED: &str = "202122232425262728292a2b2c2d2e2f00000002808182838485868788898a8b8c8d8e8f9091929394959697c832060ce9217df4db17924a1d3e638bcdd6741575179d18b7067e664af6197b8b30342ab5098da05c431e3327c056f2c7854c3b3936abeeb44ce4247f356fdbcc89c4f56b4de77fde9825703b";
const COMMITTED: &str = "0edde57f3463eab5e8d8caf7a33c2133543ca2403f468dda3336fb8d6573ff34";
const DATA_KEY: &str = "f26e39cc48c265c7fe6ac0741a374cc406e2d234be7c3a99469bef8be8b28aff";

fn key() -> DataKey {
    let id = KeyId {
        subject: range(32),
        epoch: 2,
    };
    DataKey::new(id, range(64))
}

fn here() -> SealContext {
    SealContext {
        ledger_id: Uuid::from_bytes(range(0)),
        stream: StreamId(Uuid::from_bytes(range(16))),
        version: Version::new(3),
        event_type: 5,
        schema: 1,
        part: 1,
    }
}

fn part(bytes: Vec<u8>) -> Part {
    Part {
        kind: PartKind::Sealed,
        bytes,
    }
}

#[test]
fn a_part_is_sealed_as_another_program_seals_it() {
    let sealed = seal(&key(), &range(128), &here(), TEXT.as_bytes()).unwrap();
    assert_eq!(sealed, bytes(SEALED));
    assert_eq!(*open(&key(), &here(), &sealed).unwrap(), TEXT.as_bytes());
    assert_eq!(key().commitment().to_string(), DATA_KEY);

    let commitment = Commitment::to_part(&part(sealed));
    assert_eq!(commitment.kind, CommitmentKind::Sealed);
    assert_eq!(commitment.commit.to_string(), COMMITTED);
    assert_eq!(commitment.key(), Some(key().id()));
}

#[test]
fn what_is_left_of_an_erased_part_binds_the_same() {
    let sealed = part(bytes(SEALED));
    let erased = erased_part(&sealed);
    assert_eq!(erased.bytes.len(), 53);
    assert_eq!(Commitment::to_part(&erased), Commitment::to_part(&sealed));
    assert_eq!(key_of(&erased), Some(key().id()));
    assert_eq!(erased_part(&erased), erased);
}

#[test]
fn every_altered_bit_is_found() {
    let sealed = bytes(SEALED);
    let mut flipped = 0;
    for bit in 0..sealed.len() * 8 {
        let mut altered = sealed.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&key(), &here(), &altered).is_err(), "bit {bit}");
        let commitment = Commitment::to_part(&part(altered));
        assert_ne!(
            commitment,
            Commitment::to_part(&part(sealed.clone())),
            "bit {bit}"
        );
        flipped += 1;
    }
    assert_eq!(
        flipped, 968,
        "121 bytes: 76 before the ciphertext, 29 of text, 16 of tag"
    );
    for length in 0..sealed.len() {
        assert!(
            open(&key(), &here(), &sealed[..length]).is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn a_part_opens_in_its_place_alone() {
    let sealed = bytes(SEALED);
    let other = SealContext { part: 2, ..here() };
    assert_eq!(open(&key(), &other, &sealed), Err(SealError::KeyMismatch));
    let others = [
        SealContext {
            ledger_id: Uuid::nil(),
            ..here()
        },
        SealContext {
            stream: StreamId(Uuid::nil()),
            ..here()
        },
        SealContext {
            version: Version::new(4),
            ..here()
        },
        SealContext {
            event_type: 6,
            ..here()
        },
        SealContext {
            schema: 2,
            ..here()
        },
    ];
    for other in others {
        assert!(open(&key(), &other, &sealed).is_err(), "{other:?}");
    }
    let other = DataKey::new(key().id(), range(65));
    assert_eq!(open(&other, &here(), &sealed), Err(SealError::KeyMismatch));
    assert_eq!(
        open(&key(), &here(), &sealed[..75]),
        Err(SealError::Malformed)
    );
}

#[test]
fn nothing_secret_is_printed() {
    assert_eq!(
        format!("{:?}", key()),
        "DataKey(20212223-2425-2627-2829-2a2b2c2d2e2f epoch 2)"
    );
}

proptest! {
    #[test]
    fn whatever_was_sealed_opens(text: Vec<u8>, nonce: [u8; 24], secret: [u8; 32]) {
        let key = DataKey::new(key().id(), secret);
        let sealed = seal(&key, &nonce, &here(), &text).unwrap();
        prop_assert_eq!(sealed.len(), text.len() + 92);
        prop_assert_eq!(&*open(&key, &here(), &sealed).unwrap(), &text);
    }

    #[test]
    fn no_bytes_open_by_chance_or_stop_the_program(bytes: Vec<u8>) {
        prop_assert!(open(&key(), &here(), &bytes).is_err());
        for kind in [PartKind::Plain, PartKind::Sealed, PartKind::Erased] {
            let part = Part { kind, bytes: bytes.clone() };
            let commitment = Commitment::to_part(&erased_part(&part));
            prop_assert_eq!(commitment, Commitment::to_part(&part));
        }
    }
}
