//! Stored entries: read as facts, written again; their parts opened, bound and erased.

use redress_core::{Actor, CommandId, LedgerStream, Position, Timestamp, Version};
use redress_evidence::seal::{erased_part, key_of, open, seal};
use redress_evidence::{Commitment, Leaf, SealedPart};
use redress_store::codec::{Draft, decode, encode, encode_action, encode_ledger, no_upcasts};
use redress_store::{Entry, Fact, NewEntry, Part, PartKind, StreamId};
use serde::Deserialize;
use uuid::Uuid;

use crate::ledger::{data_key, entries, place, store};

/// What stands in the columns of an entry besides its public part.
#[derive(Deserialize)]
struct Envelope {
    occurred_at: Timestamp,
    command_id: CommandId,
    actor: Actor,
}

/// Takes the input for kind u32, layout u16, stream u8, number of parts u8, for each its kind u8, length u16 and bytes; the
/// rest is the public part.
pub(crate) fn check(bytes: &[u8]) {
    if let Some(entry) = read(bytes) {
        check_fact(&entry);
        check_binding(&entry);
        for part in &entry.content.parts {
            check_part(&entry, part);
        }
    }
}

fn read(bytes: &[u8]) -> Option<Entry> {
    let (event_type, rest) = bytes.split_first_chunk()?;
    let (schema, rest) = rest.split_first_chunk()?;
    let ([stream, count], mut rest) = rest.split_first_chunk()?;
    let mut parts = Vec::new();
    for _ in 0..*count {
        let ([kind, high, low], after) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (bytes, after) = after.split_at_checked(length)?;
        parts.push(Part {
            kind: PartKind::from_number(*kind)?,
            bytes: bytes.to_vec(),
        });
        rest = after;
    }
    // The columns repeat what the public part says; without that every input would be refused at once.
    let envelope: Option<Envelope> = serde_json::from_slice(rest).ok();
    let zero = Timestamp::from_micros(0).ok()?;
    let no_command = CommandId::new(Uuid::nil());
    let own = LedgerStream::ALL.get(usize::from(*stream));
    Some(Entry {
        position: Position::new(7),
        stream: own.map_or(StreamId(Uuid::from_u128(u128::from(*stream))), |own| {
            StreamId::from(*own)
        }),
        version: Version::FIRST,
        recorded_at: zero,
        content: NewEntry {
            event_type: u32::from_be_bytes(*event_type),
            schema: u16::from_be_bytes(*schema),
            occurred_at: envelope.as_ref().map_or(zero, |it| it.occurred_at),
            actor: envelope
                .as_ref()
                .map_or([0; 16], |it| it.actor.id.to_bytes()),
            command_id: envelope.as_ref().map_or(no_command, |it| it.command_id),
            public: rest.to_vec(),
            parts,
        },
    })
}

/// The input that is read as this entry, in stream 9 unless it stands in one of the ledger's own.
fn write(entry: &Entry) -> Vec<u8> {
    let content = &entry.content;
    let own = LedgerStream::ALL
        .iter()
        .position(|own| StreamId::from(*own) == entry.stream);
    let mut bytes = content.event_type.to_be_bytes().to_vec();
    bytes.extend(content.schema.to_be_bytes());
    bytes.push(u8::try_from(own.unwrap_or(9)).unwrap());
    bytes.push(u8::try_from(content.parts.len()).unwrap());
    for part in &content.parts {
        bytes.push(part.kind.number());
        bytes.extend(u16::try_from(part.bytes.len()).unwrap().to_be_bytes());
        bytes.extend(&part.bytes);
    }
    bytes.extend(&content.public);
    bytes
}

/// A fact that is read, written and read again is the same fact, and the same bytes the second time.
fn check_fact(entry: &Entry) {
    let Ok(fact) = decode(entry, no_upcasts) else {
        return;
    };
    let once = Entry {
        content: written(&fact),
        ..entry.clone()
    };
    let again = decode(&once, no_upcasts).unwrap();
    assert!(again == fact, "a fact changed on its way through the store");
    assert!(written(&again) == once.content, "a fact has two spellings");
}

fn written(fact: &Fact) -> NewEntry {
    macro_rules! draft {
        ($fact:expr) => {
            &Draft {
                event_id: $fact.event_id,
                occurred_at: $fact.occurred_at,
                actor: $fact.actor.clone(),
                command_id: $fact.command_id,
                correlation_id: $fact.correlation_id,
                causation_id: $fact.causation_id,
                event: $fact.event.clone(),
            }
        };
    }
    match fact {
        Fact::Complaint(fact) => encode(draft!(fact)),
        Fact::Action(fact) => encode_action(draft!(fact)),
        Fact::Ledger(fact) => encode_ledger(draft!(fact)),
    }
    .unwrap()
}

/// The leaf binds every part, and stays what it is when a part is erased.
fn check_binding(entry: &Entry) {
    let leaf = Leaf::of(entry);
    let preimage = leaf.preimage(Uuid::nil()).unwrap();
    assert_eq!(
        Leaf::from_preimage(&preimage),
        Some((Uuid::nil(), leaf.clone()))
    );
    let mut erased = entry.clone();
    erased.content.parts = entry.content.parts.iter().map(erased_part).collect();
    assert_eq!(Leaf::of(&erased), leaf);
    let mut shorter = entry.clone();
    if let Some(part) = shorter.content.parts.last_mut()
        && part.bytes.pop().is_some()
    {
        assert_ne!(Leaf::of(&shorter), leaf);
    }
}

fn check_part(entry: &Entry, part: &Part) {
    assert_eq!(key_of(&erased_part(part)), key_of_read(part));
    if let Some(sealed) = SealedPart::parse(&part.bytes) {
        assert_eq!(sealed.to_bytes(), part.bytes);
    }
    if let Some(commitment) = Commitment::parse(&part.bytes) {
        assert_eq!(commitment.to_bytes(), part.bytes);
    }
    let (key, context) = (data_key(), place(entry));
    // What opens is what was sealed: sealing it again with the same random bytes gives the same.
    if let Ok(text) = open(&key, &context, &part.bytes) {
        let nonce = SealedPart::parse(&part.bytes).unwrap().nonce;
        assert_eq!(seal(&key, nonce, &context, &text).unwrap(), part.bytes);
    }
    let sealed = seal(&key, &[1; 24], &context, &part.bytes).unwrap();
    assert_eq!(*open(&key, &context, &sealed).unwrap(), part.bytes);
}

/// The key that is left of an erased part: the one that it had, or for bytes that are no part one that nobody has.
fn key_of_read(part: &Part) -> Option<redress_evidence::keys::KeyId> {
    Commitment::to_part(part).key()
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    entries(&store(3)).iter().map(write).collect()
}
