//! Bundles with sealed parts: checked without keys, and an erased part told from a missing one.

use std::fs;
use std::path::Path;

use pollster::block_on;
use redress_core::{
    Actor, CommandId, DestroyedKey, EventId, KeyDestroyed, LedgerEvent, LedgerStream, Position,
    SubjectId, Version,
};
use redress_evidence::bundle::{Anchors, Contents, Fault, Guarantee, export, verify};
use redress_evidence::keys::{DataKey, KeyId};
use redress_evidence::seal::{SealContext, erased_part, seal};
use redress_store::codec::{Draft, encode_ledger};
use redress_store::contract::{append, entry};
use redress_store::{
    Append, EventStore, ExpectedVersion, MemoryStore, Part, PartKind, Remains, StreamId,
};
use uuid::Uuid;

use crate::ledger::{ORIGIN, entries, key, log, verifiers};

/// What became of the one sealed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Sealed,
    /// A bit of it differs.
    Altered,
    /// It is gone, and there is a receipt.
    Erased,
    /// It is gone, and there is a receipt of another key.
    Missing,
}

fn subject() -> SubjectId {
    SubjectId::from_random([7; 16])
}

fn sealed(store: &MemoryStore) -> Part {
    let id = KeyId {
        subject: subject().as_uuid().into_bytes(),
        epoch: 1,
    };
    let context = SealContext {
        ledger_id: store.ledger_id(),
        stream: StreamId(Uuid::from_u128(1)),
        version: Version::FIRST,
        event_type: 1,
        schema: 1,
        part: 1,
    };
    Part {
        kind: PartKind::Sealed,
        bytes: seal(&DataKey::new(id, [1; 32]), &[2; 24], &context, b"{}").unwrap(),
    }
}

fn receipt(epoch: u32) -> Append {
    let commitment = "00".repeat(32);
    let draft = Draft {
        event_id: EventId::new(Uuid::from_u128(50)),
        occurred_at: entry(1, 1).occurred_at,
        actor: Actor::system("desk".parse().unwrap(), "system".parse().unwrap()),
        command_id: CommandId::new(Uuid::from_u128(50)),
        correlation_id: None,
        causation_id: None,
        event: LedgerEvent::KeyDestroyed(KeyDestroyed {
            subject: subject(),
            keys: vec![DestroyedKey { epoch, commitment }],
        }),
    };
    Append {
        stream: LedgerStream::Subjects.into(),
        entries: vec![encode_ledger(&draft).unwrap()],
        ..append(1, ExpectedVersion::Any, Vec::new())
    }
}

/// Writes a bundle of a sealed entry, another one, and a receipt.
pub(crate) fn sealed_bundle(case: Case, folder: &Path) {
    let store = MemoryStore::new(Uuid::from_u128(0x1ed6e7));
    let mut first = entry(1, 1);
    first.parts = vec![sealed(&store)];
    let mut second = entry(2, 2);
    second.parts.clear();
    block_on(store.append(append(1, ExpectedVersion::Any, vec![first]))).unwrap();
    block_on(store.append(append(2, ExpectedVersion::Any, vec![second]))).unwrap();
    // The tree and its root are from before the erasure.
    let before = log(&store).root();
    match case {
        Case::Sealed | Case::Altered => {}
        Case::Erased => drop(block_on(store.append(receipt(1))).unwrap()),
        Case::Missing => drop(block_on(store.append(receipt(2))).unwrap()),
    }
    if matches!(case, Case::Erased | Case::Missing) {
        let part = erased_part(&entries(&store)[0].content.parts[0]);
        let remains = Remains {
            position: Position::FIRST,
            number: 0,
            part,
        };
        assert_eq!(
            block_on(store.erase_parts(vec![remains.clone()])).unwrap(),
            1
        );
        assert_eq!(block_on(store.erase_parts(vec![remains])).unwrap(), 0);
    }
    let log = log(&store);
    let old = redress_evidence::root_at(log.nodes(), 2).unwrap();
    assert_eq!(old, before, "what was proven before stays proven");
    let note = log.checkpoint(ORIGIN, &key(), None).unwrap();
    let contents = Contents {
        checkpoints: &[note],
        keys: &verifiers(),
        ..Contents::default()
    };
    block_on(export(&store, &log, &contents, folder)).unwrap();
    if case == Case::Altered {
        let path = folder.join("entries.ndjson");
        let text = fs::read_to_string(&path).unwrap();
        // The fifth base-64 digit of the bytes.
        let at = text.find("\"bytes\":\"").unwrap() + 13;
        let digit = if &text[at..=at] == "A" { "B" } else { "A" };
        fs::write(&path, format!("{}{digit}{}", &text[..at], &text[at + 1..])).unwrap();
    }
}

#[test]
fn an_erased_part_is_told_from_a_missing_or_an_altered_one() {
    let folder = tempfile::tempdir().unwrap();
    for case in [Case::Sealed, Case::Altered, Case::Erased, Case::Missing] {
        let bundle = folder.path().join(format!("{case:?}"));
        sealed_bundle(case, &bundle);
        let anchors = Anchors {
            keys: verifiers(),
            ..Anchors::default()
        };
        let report = verify(&bundle, &anchors);
        let faults: Vec<_> = report
            .findings
            .iter()
            .map(|it| (it.position, &it.fault))
            .collect();
        let first = Some(Position::FIRST);
        match case {
            Case::Sealed => assert_eq!(faults, []),
            Case::Altered => assert!(faults.contains(&(first, &Fault::PartDiffers(1)))),
            Case::Erased => assert_eq!(faults, []),
            Case::Missing => assert_eq!(faults, [(first, &Fault::PartMissing(1))]),
        }
        let erased = Guarantee::Erased { parts: 1 };
        assert_eq!(report.guarantees.contains(&erased), case == Case::Erased);
    }
}
