//! Every bit of what a store keeps of an entry flipped: its columns, and the bytes of its parts.
//!
//! This is the ledger as the store reads it. Which bytes of its file those are is the store's matter; a value that it
//! refuses to read is found by that, with the position.

use redress_core::{CommandId, Position, Timestamp, Version};
use redress_evidence::bundle::{Finding, LedgerFiles, verify_entry, verify_ledger};
use redress_evidence::{Hash, Nodes};
use redress_store::{Entry, EventStore as _, PartKind, StreamId};
use uuid::Uuid;

use super::sample::Sample;
use super::{ALL, SIZE, draws, grouped, on_every_core, step};
use crate::ledger::entries;

/// What a store keeps of an entry, and how many bits it has.
#[derive(Clone, Copy, Debug)]
enum Column {
    Position,
    Stream,
    Version,
    EventType,
    Schema,
    OccurredAt,
    RecordedAt,
    Actor,
    Command,
    Public,
    PartKind(usize),
    PartBytes(usize),
}

impl Column {
    fn all(entry: &Entry) -> Vec<(Self, usize)> {
        let content = &entry.content;
        let mut all = vec![
            (Self::Position, 64),
            (Self::Stream, 128),
            (Self::Version, 64),
            (Self::EventType, 32),
            (Self::Schema, 16),
            (Self::OccurredAt, 64),
            (Self::RecordedAt, 64),
            (Self::Actor, 128),
            (Self::Command, 128),
            (Self::Public, content.public.len() * 8),
        ];
        for (number, part) in content.parts.iter().enumerate() {
            all.push((Self::PartKind(number), 8));
            all.push((Self::PartBytes(number), part.bytes.len() * 8));
        }
        all
    }

    /// The entry with one bit flipped; `None` where no store reads such a value.
    fn flip(self, entry: &mut Entry, bit: usize) -> Option<()> {
        let content = &mut entry.content;
        match self {
            Self::Position => entry.position = Position::new(entry.position.get() ^ 1 << bit),
            Self::Stream => entry.stream = StreamId(flip_id(entry.stream.0, bit)),
            Self::Version => entry.version = Version::new(entry.version.get() ^ 1 << bit),
            Self::EventType => content.event_type ^= 1 << bit,
            Self::Schema => content.schema ^= 1 << bit,
            Self::OccurredAt => content.occurred_at = flip_time(content.occurred_at, bit)?,
            Self::RecordedAt => entry.recorded_at = flip_time(entry.recorded_at, bit)?,
            Self::Actor => flip_byte(&mut content.actor, bit),
            Self::Command => {
                content.command_id = CommandId::new(flip_id(content.command_id.as_uuid(), bit));
            }
            Self::Public => flip_byte(&mut content.public, bit),
            Self::PartKind(number) => {
                let part = &mut content.parts[number];
                part.kind = PartKind::from_number(part.kind.number() ^ 1 << bit)?;
            }
            Self::PartBytes(number) => flip_byte(&mut content.parts[number].bytes, bit),
        }
        Some(())
    }
}

fn flip_byte(bytes: &mut [u8], bit: usize) {
    bytes[bit / 8] ^= 1 << (bit % 8);
}

fn flip_id(id: Uuid, bit: usize) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ 1 << bit)
}

fn flip_time(time: Timestamp, bit: usize) -> Option<Timestamp> {
    Timestamp::from_micros(time.as_micros() ^ 1 << bit).ok()
}

/// Every bit of an entry, or one of so many: what is found, if a store reads it at all.
fn each_flip(entry: &Entry, step: usize, mut check: impl FnMut(Column, usize, Option<&Entry>)) {
    for (column, bits) in Column::all(entry) {
        for bit in (0..bits).step_by(step) {
            let mut altered = entry.clone();
            let read = column.flip(&mut altered, bit);
            check(column, bit, read.map(|()| &altered));
        }
    }
}

fn told(sample: &Sample, position: usize) -> Hash {
    let position = u64::try_from(position).unwrap();
    sample.log.nodes().node(0, position).unwrap()
}

#[test]
fn every_flipped_bit_of_an_entry_is_found() {
    let sample = Sample::new(SIZE);
    let entries = entries(&sample.store);
    let ledger_id = sample.store.ledger_id();
    let flips = on_every_core(|core, cores| {
        let mut flips = 0;
        for place in (core..entries.len()).step_by(cores) {
            let here = Position::new(u64::try_from(place).unwrap());
            let told = told(&sample, place);
            assert_eq!(verify_entry(&entries[place], ledger_id, here, told), []);
            each_flip(&entries[place], step(37), |column, bit, altered| {
                flips += 1;
                let Some(altered) = altered else { return };
                let faults = verify_entry(altered, ledger_id, here, told);
                assert!(
                    !faults.is_empty(),
                    "position {place}, {column:?}, bit {bit}"
                );
            });
        }
        flips
    });
    println!(
        "ledger of {SIZE} entries: {} flips: all found",
        grouped(flips)
    );
}

#[test]
fn the_whole_check_of_a_ledger_finds_what_one_entry_shows() {
    let sample = Sample::new(SIZE);
    let entries = entries(&sample.store);
    let checkpoint = sample
        .log
        .checkpoint("a", &crate::ledger::key(), None)
        .unwrap()
        .to_string();
    let files = LedgerFiles {
        stream_heads: None,
        ledger_id: sample.store.ledger_id(),
        name: "c.redress",
        checkpoint: Some(("c.checkpoint", checkpoint.as_bytes())),
        tree: Some(("c.tree", sample.log.nodes())),
    };
    let mut draws = draws(8);
    let samples = if ALL { 1_000 } else { 20 };
    for _ in 0..samples {
        let place = draws.next().unwrap() % entries.len();
        let columns = Column::all(&entries[place]);
        let (column, bits) = columns[draws.next().unwrap() % columns.len()];
        let bit = draws.next().unwrap() % bits;
        let mut altered = entries.clone();
        if column.flip(&mut altered[place], bit).is_none() {
            continue;
        }
        let here = Position::new(u64::try_from(place).unwrap());
        let claimed = altered[place].position;
        let of_one = verify_entry(&altered[place], files.ledger_id, here, told(&sample, place));
        let report = verify_ledger(&files, altered.into_iter().map(Ok), &sample.anchors);
        for fault in of_one {
            // Told where the entry says that it stands; what belongs there is in the fault itself.
            let expected = Finding {
                file: "c.redress".to_owned(),
                position: Some(claimed),
                fault,
            };
            let found = report.findings.contains(&expected);
            assert!(
                found,
                "{column:?}, bit {bit}: no {expected:?} in {:?}",
                report.findings
            );
        }
    }
    println!("{samples} flips checked as a whole ledger: the same findings in the same places");
}
