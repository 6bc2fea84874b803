//! A small ledger, signed: what the seeds are made from.

use pollster::block_on;
use redress_core::event::{NoteKind, NoteText, Noted};
use redress_core::{Actor, CommandId, Event, EventId, Personal, Position, Timestamp, Version};
use redress_evidence::keys::{DataKey, KeyId};
use redress_evidence::seal::{SealContext, seal};
use redress_evidence::{EvidenceLog, MemoryNodes, SignedNote, SigningKey, VerifierKey};
use redress_store::codec::{Draft, encode};
use redress_store::{
    Append, Entry, EventStore, ExpectedVersion, MemoryStore, NewEntry, Part, PartKind, StreamId,
};
use uuid::Uuid;

pub(crate) const ORIGIN: &str = "example.org/log";

pub(crate) fn signing_key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

pub(crate) fn verifiers() -> [VerifierKey; 1] {
    [signing_key().verifier().clone()]
}

/// The key that parts are sealed under.
pub(crate) fn data_key() -> DataKey {
    let id = KeyId {
        subject: [3; 16],
        epoch: 1,
    };
    DataKey::new(id, [5; 32])
}

/// A ledger of so many notes, in two histories, half of them sealed.
pub(crate) fn store(size: u32) -> MemoryStore {
    let store = MemoryStore::new(Uuid::from_u128(0x1ed6e7));
    for number in 0..size {
        let append = Append {
            stream: StreamId(Uuid::from_u128(u128::from(number % 2) + 1)),
            expected: ExpectedVersion::Any,
            recorded_at: time(number),
            entries: vec![note(number)],
        };
        block_on(store.append(append)).unwrap();
    }
    store
}

pub(crate) fn entries(store: &MemoryStore) -> Vec<Entry> {
    block_on(store.read_all(Position::FIRST, usize::MAX)).unwrap()
}

pub(crate) fn log(store: &MemoryStore) -> EvidenceLog<MemoryNodes> {
    let mut log = EvidenceLog::open(store.ledger_id(), MemoryNodes::default()).unwrap();
    block_on(log.catch_up(store)).unwrap();
    log
}

pub(crate) fn checkpoint(size: u32) -> SignedNote {
    let log = log(&store(size));
    log.checkpoint(ORIGIN, &signing_key(), None).unwrap()
}

/// Where the first personal part of an entry stands.
pub(crate) fn place(entry: &Entry) -> SealContext {
    SealContext {
        ledger_id: Uuid::from_u128(0x1ed6e7),
        stream: entry.stream,
        version: entry.version,
        event_type: entry.content.event_type,
        schema: entry.content.schema,
        part: 1,
    }
}

fn note(number: u32) -> NewEntry {
    let text = format!("call {number}");
    let draft = Draft {
        event_id: EventId::new(Uuid::from_u128(0xe0 + u128::from(number))),
        occurred_at: time(number),
        actor: Actor::system("desk".parse().unwrap(), "system".parse().unwrap()),
        command_id: CommandId::new(Uuid::from_u128(0xc0 + u128::from(number))),
        correlation_id: None,
        causation_id: None,
        event: Event::Noted(Noted {
            kind: NoteKind::Internal,
            evidence: Vec::new(),
            personal: Personal::Known(NoteText { text }),
        }),
    };
    let mut note = encode(&draft).unwrap();
    if number.is_multiple_of(2) {
        let context = SealContext {
            ledger_id: Uuid::from_u128(0x1ed6e7),
            stream: StreamId(Uuid::from_u128(u128::from(number % 2) + 1)),
            version: Version::new(u64::from(number / 2) + 1),
            event_type: note.event_type,
            schema: note.schema,
            part: 1,
        };
        let sealed = |part: &Part| Part {
            kind: PartKind::Sealed,
            bytes: seal(&data_key(), &[9; 24], &context, &part.bytes).unwrap(),
        };
        note.parts = note.parts.iter().map(sealed).collect();
    }
    note
}

fn time(number: u32) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + i64::from(number)).unwrap()
}
