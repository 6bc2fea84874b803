//! Entries to append: the bytes of the cut, in streams as many and as long as wanted.

use redress::store::{Append, Entry, ExpectedVersion, NewEntry, StreamId};
use redress::{CommandId, Version};
use uuid::Uuid;

/// Appends of `length` entries, each to a new stream whose id is spread like a derived one.
///
/// The bytes are those of real facts; only the ids outside them are new.
pub(crate) fn appends(real: &[Entry], count: usize, length: usize) -> Vec<Append> {
    let mut source = real.iter().cycle();
    (0..count)
        .map(|number| {
            let entries: Vec<&Entry> = source.by_ref().take(length).collect();
            append(number, &entries)
        })
        .collect()
}

fn append(number: usize, real: &[&Entry]) -> Append {
    let name = format!("stream {number}");
    let stream = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    let entries = real.iter().enumerate().map(|(index, entry)| {
        let name = format!("command {number} {index}");
        NewEntry {
            command_id: CommandId::new(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
            ..entry.content.clone()
        }
    });
    Append {
        stream: StreamId(stream),
        expected: ExpectedVersion::NoStream,
        recorded_at: real
            .first()
            .map_or(redress::Timestamp::MIN, |entry| entry.recorded_at),
        entries: entries.collect(),
    }
}

/// Deals appends out to writers.
pub(crate) fn deal(appends: Vec<Append>, writers: usize) -> Vec<Vec<Append>> {
    let mut hands: Vec<Vec<Append>> = (0..writers).map(|_| Vec::new()).collect();
    for (number, append) in appends.into_iter().enumerate() {
        hands[number % writers].push(append);
    }
    hands
}

/// Entries that follow each other in a stream as one append.
pub(crate) fn continuing(entries: &[Entry]) -> Append {
    let expected = match entries[0].version.get() {
        0 | 1 => ExpectedVersion::NoStream,
        version => ExpectedVersion::Exact(Version::new(version - 1)),
    };
    Append {
        stream: entries[0].stream,
        expected,
        recorded_at: entries[0].recorded_at,
        entries: entries.iter().map(|entry| entry.content.clone()).collect(),
    }
}
