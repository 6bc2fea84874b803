//! A ciphertext of AES-GCM that opens to two texts under two keys is built, and told by the key commitment.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use redress_core::Version;
use redress_evidence::keys::{DataKey, KeyId};
use redress_evidence::seal::{SealContext, SealError, open};
use redress_evidence::{Commitment, SealedPart};
use redress_store::StreamId;
use sha2::Sha256;
use uuid::Uuid;

const ID: KeyId = KeyId {
    subject: [5; 16],
    epoch: 1,
};
const NONCE: [u8; 24] = [6; 24];
/// Three blocks: room for what the two texts say, and one block that makes the tags meet.
const LENGTH: usize = 48;

fn place() -> (SealContext, Vec<u8>) {
    let context = SealContext {
        ledger_id: Uuid::from_u128(1),
        stream: StreamId(Uuid::from_u128(2)),
        version: Version::FIRST,
        event_type: 1,
        schema: 1,
        part: 1,
    };
    let ledger = 1_u128.to_be_bytes();
    let bytes = [
        ledger.as_slice(),
        &2_u128.to_be_bytes(),
        &1_u64.to_be_bytes(),
        &1_u32.to_be_bytes(),
        &1_u16.to_be_bytes(),
        &[1],
        &ID.subject,
        &ID.epoch.to_be_bytes(),
    ];
    (context, bytes.concat())
}

/// The keys that a data key gives for this part, worked out from the written format.
fn derive(secret: &[u8; 32], context: &[u8]) -> ([u8; 32], [u8; 32]) {
    let info = [b"redress/seal/v1\0".as_slice(), context].concat();
    let mut output = [0; 64];
    Hkdf::<Sha256>::new(Some(&NONCE), secret)
        .expand(&info, &mut output)
        .unwrap();
    (
        output[..32].try_into().unwrap(),
        output[32..].try_into().unwrap(),
    )
}

/// AES-GCM under one key, asked for the tag of a ciphertext of one's own choice.
struct Gcm<'a> {
    cipher: Aes256Gcm,
    aad: &'a [u8],
    stream: Vec<u8>,
}

impl<'a> Gcm<'a> {
    fn new(key: [u8; 32], aad: &'a [u8]) -> Self {
        let cipher = Aes256Gcm::new(&key.into());
        let payload = Payload {
            msg: &[0; LENGTH],
            aad,
        };
        let stream = cipher.encrypt(&Nonce::from([0; 12]), payload).unwrap();
        Self {
            cipher,
            aad,
            stream,
        }
    }

    fn tag(&self, ciphertext: &[u8]) -> u128 {
        let text = xor(ciphertext, &self.stream);
        let payload = Payload {
            msg: &text,
            aad: self.aad,
        };
        let sealed = self.cipher.encrypt(&Nonce::from([0; 12]), payload).unwrap();
        assert_eq!(&sealed[..LENGTH], ciphertext);
        u128::from_be_bytes(sealed[LENGTH..].try_into().unwrap())
    }

    fn open(&self, sealed: &[u8]) -> Vec<u8> {
        let payload = Payload {
            msg: sealed,
            aad: self.aad,
        };
        self.cipher.decrypt(&Nonce::from([0; 12]), payload).unwrap()
    }
}

fn xor(one: &[u8], other: &[u8]) -> Vec<u8> {
    one.iter()
        .zip(other)
        .map(|(one, other)| one ^ other)
        .collect()
}

/// The combination of `columns` that gives `wanted`, over the field of two elements, by Gaussian elimination.
fn solve(columns: &[u128], mut wanted: u128) -> u128 {
    // Each row of the basis: its leading bit, the value, and which columns it is made of.
    let mut basis: Vec<(u128, u128)> = Vec::new();
    let reduce = |basis: &[(u128, u128)], mut value: u128, mut made_of: u128| {
        for (row, columns) in basis {
            if value & (1 << (127 - row.leading_zeros())) != 0 {
                value ^= row;
                made_of ^= columns;
            }
        }
        (value, made_of)
    };
    for (number, column) in columns.iter().enumerate() {
        let (value, made_of) = reduce(&basis, *column, 1 << number);
        if value != 0 {
            basis.push((value, made_of));
        }
    }
    let (left, made_of) = reduce(&basis, wanted, 0);
    wanted = left;
    assert_eq!(wanted, 0, "the tags can be made to meet");
    made_of
}

#[test]
fn a_ciphertext_under_two_keys_is_rejected_by_the_key_commitment() {
    let (context, aad) = place();
    let (honest, swapped) = ([1; 32], [2; 32]);
    let (first_key, first_commit) = derive(&honest, &aad);
    let (second_key, second_commit) = derive(&swapped, &aad);
    let (first, second) = (Gcm::new(first_key, &aad), Gcm::new(second_key, &aad));

    // One half of the ciphertext says one thing under the first key, the other half another under the second.
    let mut ciphertext = vec![0; LENGTH];
    ciphertext[..16].copy_from_slice(&xor(b"refund: 10 yuan.", &first.stream[..16]));
    ciphertext[16..32].copy_from_slice(&xor(b"refund: 99 yuan.", &second.stream[16..32]));
    // Tags are affine in the last block, so it can be solved for: no key is broken for this.
    let difference = |block: u128| {
        let mut trial = ciphertext.clone();
        trial[32..].copy_from_slice(&block.to_be_bytes());
        first.tag(&trial) ^ second.tag(&trial)
    };
    let at_zero = difference(0);
    let columns: Vec<u128> = (0..128).map(|bit| difference(1 << bit) ^ at_zero).collect();
    let block = solve(&columns, at_zero);
    ciphertext[32..].copy_from_slice(&block.to_be_bytes());
    assert_eq!(first.tag(&ciphertext), second.tag(&ciphertext));

    // AES-GCM alone takes both keys.
    let sealed = [ciphertext.as_slice(), &first.tag(&ciphertext).to_be_bytes()].concat();
    assert!(first.open(&sealed).starts_with(b"refund: 10 yuan."));
    assert_eq!(second.open(&sealed)[16..32], *b"refund: 99 yuan.");

    // A sealed part names its key: the other one is refused before anything is opened.
    let part = |key_commit| SealedPart {
        subject_key_id: ID.subject,
        key_epoch: ID.epoch,
        nonce: &NONCE,
        key_commit,
        ciphertext: &sealed,
    };
    let as_recorded = part(&first_commit);
    let bytes = as_recorded.to_bytes();
    assert!(open(&DataKey::new(ID, honest), &context, &bytes).is_ok());
    let other = open(&DataKey::new(ID, swapped), &context, &bytes);
    assert_eq!(other, Err(SealError::KeyMismatch));
    // And the commitment of the leaf, which was signed, does not take the other key's commitment.
    let as_swapped = part(&second_commit);
    assert!(open(&DataKey::new(ID, swapped), &context, &as_swapped.to_bytes()).is_ok());
    assert_ne!(
        Commitment::sealed(&as_swapped),
        Commitment::sealed(&as_recorded)
    );
}
