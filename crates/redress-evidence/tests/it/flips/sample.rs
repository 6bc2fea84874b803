//! A ledger with sealed, plain and erased parts, and its bundle in memory.

use pollster::block_on;
use redress_core::event::{NoteKind, NoteText, Noted};
use redress_core::{
    Actor, CommandId, DestroyedKey, Event, EventId, KeyDestroyed, LedgerEvent, LedgerStream,
    Personal, SubjectId, Timestamp, Version,
};
use redress_evidence::bundle::{Anchors, Contents, MemoryFiles, Source, export};
use redress_evidence::keys::{DataKey, KeyId};
use redress_evidence::seal::{SealContext, erased_part, seal};
use redress_evidence::{Checkpoint, EvidenceLog, MemoryNodes, SignedNote, StreamHeads};
use redress_store::codec::{Draft, encode, encode_ledger};
use redress_store::{
    Append, EventStore, ExpectedVersion, MemoryStore, NewEntry, Part, PartKind, StreamId,
};
use uuid::Uuid;

use crate::ledger::{ORIGIN, entries, key, log, verifiers};

/// How many histories there are.
const STREAMS: u32 = 89;
/// The position of the entry whose parts were erased; the receipt follows it.
pub(super) const ERASED: u32 = 4;
/// The customer whose key was destroyed; the others are numbered as their histories.
const GONE: u32 = 200;

pub(super) struct Sample {
    pub(super) store: MemoryStore,
    pub(super) log: EvidenceLog<MemoryNodes>,
    pub(super) files: MemoryFiles,
    pub(super) anchors: Anchors,
    /// The sizes of the checkpoints.
    pub(super) checkpoints: [u64; 2],
}

impl Sample {
    /// A ledger of so many entries, with a checkpoint over the first third.
    pub(super) fn new(size: u32) -> Self {
        let store = MemoryStore::new(Uuid::from_u128(0x1ed6e7));
        extend(&store, 0, size / 3);
        let early = log(&store).checkpoint(ORIGIN, &key(), None).unwrap();
        extend(&store, size / 3, size);
        let log = log(&store);
        let said = Checkpoint::parse_text(early.text()).unwrap();
        let newest = log.checkpoint(ORIGIN, &key(), Some(&said)).unwrap();
        let files = exported(&store, &log, &[early, newest]);
        Self {
            store,
            log,
            files,
            checkpoints: [said.size, u64::from(size)],
            anchors: Anchors {
                keys: verifiers(),
                earlier: Some(said),
            },
        }
    }
}

fn exported(
    store: &MemoryStore,
    log: &EvidenceLog<MemoryNodes>,
    checkpoints: &[SignedNote],
) -> MemoryFiles {
    let mut heads = StreamHeads::default();
    for entry in entries(store) {
        heads.push(&entry, log.leaf(&entry).unwrap());
    }
    let statement = heads.statement(ORIGIN, store.ledger_id()).text();
    let heads = SignedNote::sign(statement, &key()).unwrap();
    let contents = Contents {
        checkpoints,
        keys: &verifiers(),
        policies: &["version = \"example\"\n".to_owned()],
        stream_heads: Some(&heads),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    block_on(export(store, log, &contents, &path)).unwrap();
    let path = path.as_path();
    let read = |name: String| {
        let bytes = std::fs::read(path.join(&name)).unwrap();
        (name, bytes)
    };
    path.list().unwrap().into_iter().map(read).collect()
}

/// Adds the entries from number `from` up to `to`.
fn extend(store: &MemoryStore, from: u32, to: u32) {
    for number in from..to {
        let (stream, entry) = if number == ERASED + 1 {
            (
                LedgerStream::Subjects.into(),
                encode_ledger(&draft(number, receipt())).unwrap(),
            )
        } else {
            let stream = u128::from(number % STREAMS) + 1;
            (StreamId(Uuid::from_u128(stream)), note(store, number))
        };
        block_on(store.append(Append {
            stream,
            expected: ExpectedVersion::Any,
            recorded_at: time(number),
            entries: vec![entry],
        }))
        .unwrap();
    }
}

/// A note, with a second personal part in one entry of five, none in one of seven, one in the clear in one of eleven.
fn note(store: &MemoryStore, number: u32) -> NewEntry {
    let text = format!("王芳 called about order {number}");
    let mut entry = encode(&draft(
        number,
        Event::Noted(Noted {
            kind: NoteKind::Investigation,
            evidence: Vec::new(),
            personal: Personal::Known(NoteText { text }),
        }),
    ))
    .unwrap();
    if number.is_multiple_of(5) {
        entry.parts.push(Part {
            kind: PartKind::Plain,
            bytes: br#"{"text":"and once more"}"#.to_vec(),
        });
    }
    if number.is_multiple_of(7) {
        entry.parts.clear();
    }
    if !number.is_multiple_of(11) {
        let parts = std::mem::take(&mut entry.parts);
        let sealed = (1..).zip(&parts);
        entry.parts = sealed
            .map(|(place, part)| sealed_part(store, number, place, &entry, part))
            .collect();
    }
    if number == ERASED {
        entry.parts = entry.parts.iter().map(erased_part).collect();
    }
    entry
}

fn sealed_part(store: &MemoryStore, number: u32, place: u8, entry: &NewEntry, part: &Part) -> Part {
    let stream = number % STREAMS;
    let customer = if number == ERASED { GONE } else { stream };
    let id = KeyId {
        subject: subject(customer).as_uuid().into_bytes(),
        epoch: 1,
    };
    let key = DataKey::new(id, [u8::try_from(customer).unwrap(); 32]);
    let context = SealContext {
        ledger_id: store.ledger_id(),
        stream: StreamId(Uuid::from_u128(u128::from(stream) + 1)),
        // Nobody opens it here.
        version: Version::FIRST,
        event_type: entry.event_type,
        schema: entry.schema,
        part: place,
    };
    let mut nonce = [place; 24];
    nonce[..4].copy_from_slice(&number.to_be_bytes());
    Part {
        kind: PartKind::Sealed,
        bytes: seal(&key, &nonce, &context, &part.bytes).unwrap(),
    }
}

fn subject(customer: u32) -> SubjectId {
    SubjectId::from_random(*Uuid::from_u128(u128::from(customer) + 1).as_bytes())
}

fn receipt() -> LedgerEvent {
    let commitment = "00".repeat(32);
    LedgerEvent::KeyDestroyed(KeyDestroyed {
        subject: subject(GONE),
        keys: vec![DestroyedKey {
            epoch: 1,
            commitment,
        }],
    })
}

fn draft<E>(number: u32, event: E) -> Draft<E> {
    Draft {
        event_id: EventId::new(Uuid::from_u128(0xe000 + u128::from(number))),
        occurred_at: time(number),
        actor: Actor::system("desk".parse().unwrap(), "system".parse().unwrap()),
        command_id: CommandId::new(Uuid::from_u128(0xc000 + u128::from(number))),
        correlation_id: None,
        causation_id: None,
        event,
    }
}

/// A second later for each entry.
fn time(number: u32) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000 + i64::from(number) * 1_000_000).unwrap()
}
