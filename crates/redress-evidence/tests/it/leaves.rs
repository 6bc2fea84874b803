//! The preimage of a leaf, byte for byte.

use redress_core::{Position, Timestamp, Version};
use redress_evidence::{Commitment, CommitmentKind, Hash, Leaf, SealedPart};
use redress_store::contract;
use redress_store::{Entry, NewEntry, Part, PartKind};
use uuid::Uuid;

fn entry() -> Entry {
    Entry {
        position: Position::new(0x0102),
        stream: contract::stream_id(0x1111_2222_3333_4444_5555_6666_7777_8888),
        version: Version::new(3),
        recorded_at: Timestamp::from_micros(-2).unwrap(),
        content: NewEntry {
            event_type: 0x0a0b,
            schema: 0x0c,
            occurred_at: Timestamp::from_micros(1).unwrap(),
            actor: [0xee; 16],
            command_id: contract::command_id(5),
            public: b"{}".to_vec(),
            parts: vec![Part {
                kind: PartKind::Plain,
                bytes: b"secret".to_vec(),
            }],
        },
    }
}

/// Written by hand from the layout in docs/format.md.
const PREIMAGE: [&str; 16] = [
    "726564726573732f6c6561662f763100", // redress/leaf/v1 and a zero
    "000102030405060708090a0b0c0d0e0f", // ledger id
    "0000000000000102",                 // position
    "11112222333344445555666677778888", // stream
    "0000000000000003",                 // version
    "00000a0b",                         // event type
    "000c",                             // schema
    "fffffffffffffffe",                 // recorded at, two microseconds before 1970
    "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee", // actor
    "02",                               // parts
    "00",                               // the public part is in the clear
    "0000000000000000000000000000000000000000",
    // printf 'redress/part-public/v1\0\0\0\0\0\0\0\0\2{}' | sha256sum
    "b4c576cb3a124298c5fbf1ed7366a7258787f92a78dbc8396a0c2eb7d4ab349c",
    "00", // so is the personal one
    "0000000000000000000000000000000000000000",
    // printf 'redress/part-public/v1\0\0\0\0\0\0\0\0\6secret' | sha256sum
    "58214c89459e77adc0892873c326c9fe5fcaf28cd91ad2f345c7e589f23a2059",
];

#[test]
fn a_preimage_is_laid_out_as_documented() {
    let ledger = Uuid::from_u128(0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f);
    let leaf = Leaf::of(&entry());
    let preimage = leaf.preimage(ledger).unwrap();
    let hex: String = preimage.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, PREIMAGE.concat());
    assert_eq!(preimage.len(), 95 + 2 * 53);
    assert_eq!(leaf.hash(ledger).unwrap(), Hash::leaf(&preimage));
    assert_eq!(Leaf::from_preimage(&preimage), Some((ledger, leaf)));
}

#[test]
fn salted_and_sealed_parts_are_bound_as_documented() {
    // Both hashes from Python's hashlib over the bytes named here, integers big-endian.
    let salted = Commitment::salted(&[7; 32], b"secret");
    let expected = "059a6beff756c3f6d84259e0481b20d9534c4c581d4bc5fec9b066a6b1535031";
    assert_eq!(salted.commit.to_string(), expected);
    assert_eq!(salted.kind, CommitmentKind::Salted);
    let sealed = Commitment::sealed(&SealedPart {
        subject_key_id: [1; 16],
        key_epoch: 9,
        nonce: &[2; 24],
        key_commit: &[3; 32],
        ciphertext: b"secret",
    });
    let expected = "50c32c6ca78416351dc76cb3591291fe04375efd33a2d8485958fe50bcfed873";
    assert_eq!(sealed.commit.to_string(), expected);
    assert_eq!((sealed.subject_key_id, sealed.key_epoch), ([1; 16], 9));
    for kind in 0..=u8::MAX {
        let known = CommitmentKind::from_number(kind);
        assert_eq!(
            known.map(CommitmentKind::number),
            (kind < 3).then_some(kind)
        );
    }
}

#[test]
fn every_field_of_an_entry_is_bound() {
    let ledger = Uuid::from_u128(1);
    let hash = |entry: &Entry| Leaf::of(entry).hash(ledger).unwrap();
    let original = hash(&entry());
    let changes: [fn(&mut Entry); 9] = [
        |entry| entry.position = Position::new(0),
        |entry| entry.stream = contract::stream_id(9),
        |entry| entry.version = Version::new(4),
        |entry| entry.recorded_at = Timestamp::from_micros(0).unwrap(),
        |entry| entry.content.event_type = 1,
        |entry| entry.content.schema = 1,
        |entry| entry.content.actor = [0; 16],
        |entry| entry.content.public.push(b' '),
        |entry| entry.content.parts.clear(),
    ];
    for change in changes {
        let mut changed = entry();
        change(&mut changed);
        assert_ne!(hash(&changed), original);
    }
    let mut longer = entry();
    longer.content.parts[0].bytes.push(0);
    assert_ne!(hash(&longer), original);
    assert_ne!(
        Leaf::of(&entry()).hash(Uuid::from_u128(2)).unwrap(),
        original
    );
}

#[test]
fn a_preimage_with_anything_more_or_less_is_refused() {
    let preimage = Leaf::of(&entry()).preimage(Uuid::nil()).unwrap();
    for length in 0..preimage.len() {
        assert_eq!(Leaf::from_preimage(&preimage[..length]), None);
    }
    let longer = [preimage.as_slice(), &[0]].concat();
    assert_eq!(Leaf::from_preimage(&longer), None);
    let mut many = Leaf::of(&entry());
    many.parts = vec![many.parts[0]; 256];
    assert!(many.preimage(Uuid::nil()).is_err());
}
