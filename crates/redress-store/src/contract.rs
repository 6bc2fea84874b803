//! The suite that every store passes: what [`EventStore`] promises, as checks.
//!
//! The checks need no runtime of their own. What must happen at once is put in flight together by [`join_all`], so a
//! store's own threads or tasks do meet.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed test of the store that is checked"
)]

use std::pin::Pin;
use std::task::Poll;

use redress_core::{CommandId, Position, Timestamp, Version};
use uuid::Uuid;

use crate::entry::{
    Entry, MAX_APPEND_ENTRIES, MAX_PART_BYTES, MAX_PARTS, NewEntry, Part, PartKind, StreamId,
};
use crate::error::{AppendError, InvalidAppend};
use crate::store::{Append, Appended, EventStore, ExpectedVersion};

/// Runs every check, each on a new and empty store that `open` makes.
///
/// # Panics
///
/// When the store breaks a promise; the message says which.
pub async fn check_all<S: EventStore>(open: impl AsyncFn() -> S) {
    an_empty_store_has_nothing(&open().await).await;
    an_append_is_stored_byte_for_byte(&open().await).await;
    positions_and_versions_have_no_gaps(&open().await).await;
    a_refused_append_stores_nothing(&open().await).await;
    the_expected_version_guards_the_append(&open().await).await;
    one_of_many_appends_at_the_same_version_wins(&open().await).await;
    appends_in_flight_together_leave_no_gap(&open().await).await;
    a_known_command_gets_its_first_receipt(&open().await).await;
    a_command_in_flight_many_times_is_stored_once(&open().await).await;
    a_known_command_with_other_content_is_refused(&open().await).await;
    several_commands_are_known_together_or_not_at_all(&open().await).await;
    the_time_of_recording_never_goes_back(&open().await).await;
    a_stream_is_read_in_pages(&open().await).await;
    the_ledger_is_read_in_pages(&open().await).await;
    a_command_is_read_back(&open().await).await;
    a_wait_ends_when_the_entry_is_there(&open().await).await;
    the_limits_of_the_format_hold(&open().await).await;
    what_the_limits_just_allow_is_stored(&open().await).await;
}

/// Runs all futures in flight together and gives their results in order.
pub async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut results: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, result) in running.iter_mut().zip(&mut results) {
            if result.is_none()
                && let Poll::Ready(output) = future.as_mut().poll(context)
            {
                *result = Some(output);
            }
        }
        if results.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(results.drain(..).flatten().collect())
    })
    .await
}

/// An entry that can be told from others by `number`, with a personal part where the number is even.
#[must_use]
pub fn entry(command: u128, number: u32) -> NewEntry {
    let personal = Part {
        kind: PartKind::Plain,
        bytes: format!(r#"{{"name":"王芳 {number}"}}"#).into_bytes(),
    };
    NewEntry {
        event_type: 1 + number % 16,
        schema: 1,
        occurred_at: time(i64::from(number)),
        actor: *Uuid::from_u128(0xac).as_bytes(),
        command_id: command_id(command),
        public: format!(r#"{{"data":{{"number":{number},"text":"退款"}}}}"#).into_bytes(),
        parts: if number.is_multiple_of(2) {
            vec![personal]
        } else {
            Vec::new()
        },
    }
}

/// An append of these entries to stream `stream`, recorded at time 1,000,000 µs.
#[must_use]
pub fn append(stream: u128, expected: ExpectedVersion, entries: Vec<NewEntry>) -> Append {
    Append {
        stream: stream_id(stream),
        expected,
        recorded_at: time(1_000_000),
        entries,
    }
}

/// The stream with this number.
#[must_use]
pub const fn stream_id(number: u128) -> StreamId {
    StreamId(Uuid::from_u128(number))
}

/// The command with this number.
#[must_use]
pub const fn command_id(number: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(number))
}

fn time(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn entries_of(command: u128, count: u32) -> Vec<NewEntry> {
    (0..count).map(|number| entry(command, number)).collect()
}

fn receipt(first_position: u64, last_version: u64, count: usize) -> Appended {
    Appended {
        first_position: Position::new(first_position),
        last_version: Version::new(last_version),
        count,
        recorded_at: time(1_000_000),
        duplicate: false,
    }
}

async fn everything(store: &impl EventStore) -> Vec<Entry> {
    store.read_all(Position::FIRST, usize::MAX).await.unwrap()
}

#[track_caller]
fn check_conflict(result: Result<Appended, AppendError>, expected: Option<u64>) {
    match result {
        Err(AppendError::Conflict { actual }) => {
            assert_eq!(actual, expected.map(Version::new), "actual version");
        }
        other => assert_eq!(format!("{other:?}"), "a conflict"),
    }
}

#[track_caller]
fn check_reused(result: Result<Appended, AppendError>, known: u128, at: u64) {
    match result {
        Err(AppendError::CommandReused { command, position }) => {
            assert_eq!(command, command_id(known), "the command that is known");
            assert_eq!(position, Position::new(at), "where it stands");
        }
        other => assert_eq!(format!("{other:?}"), "a reused command"),
    }
}

#[track_caller]
fn check_invalid(result: Result<Appended, AppendError>, expected: InvalidAppend) {
    match result {
        Err(AppendError::Invalid(limit)) => assert_eq!(limit, expected),
        other => assert_eq!(format!("{other:?}"), "an invalid append"),
    }
}

/// A new store has no entries and knows no stream and no command.
pub async fn an_empty_store_has_nothing(store: &impl EventStore) {
    assert_eq!(store.head().await.unwrap(), None);
    assert!(everything(store).await.is_empty());
    let stream = store.read_stream(stream_id(1), Version::FIRST, 10).await;
    assert!(stream.unwrap().is_empty());
    let command = store.read_command(command_id(1)).await;
    assert!(command.unwrap().is_empty());
}

/// What is read is what was appended, down to the byte.
pub async fn an_append_is_stored_byte_for_byte(store: &impl EventStore) {
    let mut odd = entry(1, 1);
    // JSON text in a form that no writer here makes: it must not be tidied up. So must odd bytes in a part.
    odd.public = "{ \"a\" : 1.0,\n\"a\":\"\\u9000\u{0}退\" }".into();
    odd.event_type = u32::MAX;
    odd.schema = u16::MAX;
    odd.occurred_at = Timestamp::MIN;
    odd.actor = [0xff; 16];
    odd.parts = [vec![0, 159, 146, 150], vec![], vec![7; 100_000]]
        .map(|bytes| Part {
            kind: PartKind::Plain,
            bytes,
        })
        .into();
    let mut bare = entry(1, 3);
    bare.public = Vec::new();
    bare.event_type = 0;
    bare.schema = 0;
    bare.occurred_at = Timestamp::MAX;
    let given = vec![odd, bare, entry(1, 2)];
    let wanted = append(5, ExpectedVersion::NoStream, given.clone());
    assert_eq!(store.append(wanted).await.unwrap(), receipt(0, 3, 3));

    let stored = everything(store).await;
    let contents: Vec<NewEntry> = stored.iter().map(|entry| entry.content.clone()).collect();
    assert!(contents == given, "the content differs: {contents:?}");
    for (index, entry) in (0..).zip(&stored) {
        assert_eq!(entry.position, Position::new(index));
        assert_eq!(entry.version, Version::new(index + 1));
        assert_eq!(entry.stream, stream_id(5));
        assert_eq!(entry.recorded_at, time(1_000_000));
    }
}

/// Positions count from 0 over all streams, versions from 1 in each.
pub async fn positions_and_versions_have_no_gaps(store: &impl EventStore) {
    use ExpectedVersion::{Any, Exact, NoStream};
    let first = append(1, NoStream, entries_of(1, 2));
    let second = append(2, Any, entries_of(2, 3));
    let third = append(1, Exact(Version::new(2)), entries_of(3, 1));
    let fourth = append(2, Any, entries_of(4, 1));
    assert_eq!(store.append(first).await.unwrap(), receipt(0, 2, 2));
    assert_eq!(store.append(second).await.unwrap(), receipt(2, 3, 3));
    assert_eq!(store.append(third).await.unwrap(), receipt(5, 3, 1));
    assert_eq!(store.append(fourth).await.unwrap(), receipt(6, 4, 1));

    let order: Vec<_> = everything(store)
        .await
        .into_iter()
        .map(|entry| (entry.position.get(), entry.stream, entry.version.get()))
        .collect();
    let (one, two) = (stream_id(1), stream_id(2));
    let expected = [
        (0, one, 1),
        (1, one, 2),
        (2, two, 1),
        (3, two, 2),
        (4, two, 3),
        (5, one, 3),
        (6, two, 4),
    ];
    assert_eq!(order, expected);
    assert_eq!(store.head().await.unwrap(), Some(Position::new(6)));
}

/// An append that is refused leaves no trace: its command is new afterwards, and no position is used up.
pub async fn a_refused_append_stores_nothing(store: &impl EventStore) {
    let refused = append(
        1,
        ExpectedVersion::Exact(Version::new(9)),
        entries_of(1, 50),
    );
    check_conflict(store.append(refused).await, None);
    assert_eq!(store.head().await.unwrap(), None);
    assert!(everything(store).await.is_empty());
    assert!(store.read_command(command_id(1)).await.unwrap().is_empty());
    let again = append(1, ExpectedVersion::NoStream, entries_of(1, 1));
    assert_eq!(store.append(again).await.unwrap(), receipt(0, 1, 1));
}

/// Each expectation lets through what it should and nothing else; a conflict tells the actual version.
pub async fn the_expected_version_guards_the_append(store: &impl EventStore) {
    use ExpectedVersion::{Any, Exact, NoStream};
    let at = |version| Exact(Version::new(version));
    let mut command = 0;
    let mut one = |expected| {
        command += 1;
        append(1, expected, vec![entry(command, 1)])
    };
    check_conflict(store.append(one(at(1))).await, None);
    check_conflict(store.append(one(at(0))).await, None);
    assert_eq!(store.append(one(Any)).await.unwrap(), receipt(0, 1, 1));
    check_conflict(store.append(one(NoStream)).await, Some(1));
    check_conflict(store.append(one(at(0))).await, Some(1));
    check_conflict(store.append(one(at(2))).await, Some(1));
    check_conflict(store.append(one(at(u64::MAX))).await, Some(1));
    assert_eq!(store.append(one(at(1))).await.unwrap(), receipt(1, 2, 1));
    check_conflict(store.append(one(at(1))).await, Some(2));
    assert_eq!(store.append(one(Any)).await.unwrap(), receipt(2, 3, 1));
}

/// Sixteen appends that expect the same version are in flight together: one is stored, the others learn its version.
pub async fn one_of_many_appends_at_the_same_version_wins(store: &impl EventStore) {
    let first = append(1, ExpectedVersion::NoStream, entries_of(100, 2));
    store.append(first).await.unwrap();
    let rivals = (0..16).map(|rival| {
        let expected = ExpectedVersion::Exact(Version::new(2));
        store.append(append(1, expected, entries_of(rival, 3)))
    });
    let mut winners = 0;
    for result in join_all(rivals).await {
        match result {
            Ok(appended) => {
                assert_eq!(appended, receipt(2, 5, 3));
                winners += 1;
            }
            refused => check_conflict(refused, Some(5)),
        }
    }
    assert_eq!(winners, 1, "appends that went through");
    assert_eq!(store.head().await.unwrap(), Some(Position::new(4)));
}

/// Appends to many streams in flight together each stay whole, and together leave no gap.
pub async fn appends_in_flight_together_leave_no_gap(store: &impl EventStore) {
    let appends = (0..40_u32).map(|number| {
        let stream = u128::from(number % 5);
        let entries = entries_of(u128::from(number), 1 + number % 4);
        store.append(append(stream, ExpectedVersion::Any, entries))
    });
    let receipts = join_all(appends).await;
    let stored = everything(store).await;
    // 40 appends of 1, 2, 3 or 4 entries in turn: 10 × (1 + 2 + 3 + 4).
    assert_eq!(stored.len(), 100);
    for (place, entry) in (0..).zip(&stored) {
        assert_eq!(entry.position, Position::new(place));
    }
    for (command, receipt) in (0..).zip(receipts) {
        let receipt = receipt.unwrap();
        let start = usize::try_from(receipt.first_position.get()).unwrap();
        let entries = &stored[start..start + receipt.count];
        assert!(
            entries
                .iter()
                .all(|entry| entry.content.command_id == command_id(command)),
            "the entries of an append stand together"
        );
        assert_eq!(entries.last().unwrap().version, receipt.last_version);
    }
    for stream in 0..5 {
        let stream = store.read_stream(stream_id(stream), Version::FIRST, 1000);
        for (version, entry) in (1..).zip(stream.await.unwrap()) {
            assert_eq!(entry.version, Version::new(version));
        }
    }
}

/// Sending a command again gives the first receipt again, even after the stream has moved on, and stores nothing.
pub async fn a_known_command_gets_its_first_receipt(store: &impl EventStore) {
    use ExpectedVersion::{Any, Exact, NoStream};
    let command = append(1, NoStream, entries_of(1, 3));
    assert_eq!(
        store.append(command.clone()).await.unwrap(),
        receipt(0, 3, 3)
    );
    let duplicate = Appended {
        duplicate: true,
        ..receipt(0, 3, 3)
    };
    assert_eq!(store.append(command.clone()).await.unwrap(), duplicate);

    let later = append(1, Exact(Version::new(3)), entries_of(2, 1));
    store.append(later).await.unwrap();
    for expected in [NoStream, Any, Exact(Version::new(3))] {
        let retry = Append {
            expected,
            recorded_at: time(9_000_000),
            ..command.clone()
        };
        assert_eq!(store.append(retry).await.unwrap(), duplicate);
    }
    assert_eq!(store.head().await.unwrap(), Some(Position::new(3)));
}

/// The same append in flight many times is stored once, and every caller gets the same receipt.
pub async fn a_command_in_flight_many_times_is_stored_once(store: &impl EventStore) {
    let command = append(1, ExpectedVersion::NoStream, entries_of(1, 2));
    let results = join_all((0..16).map(|_| store.append(command.clone()))).await;
    let mut firsts = 0;
    for result in results {
        let appended = result.unwrap();
        firsts += usize::from(!appended.duplicate);
        let expected = Appended {
            duplicate: appended.duplicate,
            ..receipt(0, 2, 2)
        };
        assert_eq!(appended, expected);
    }
    assert_eq!(firsts, 1, "receipts that are no duplicates");
    assert_eq!(everything(store).await.len(), 2);
}

/// A known command with other entries, fewer, more, or for another stream is refused, before the version is looked at.
pub async fn a_known_command_with_other_content_is_refused(store: &impl EventStore) {
    use ExpectedVersion::{Any, Exact, NoStream};
    store
        .append(append(9, Any, entries_of(8, 4)))
        .await
        .unwrap();
    store
        .append(append(1, NoStream, entries_of(1, 3)))
        .await
        .unwrap();
    let mut changed = entries_of(1, 3);
    changed[2].parts[0].bytes.push(b' ');
    let mut other_time = entries_of(1, 3);
    other_time[1].occurred_at = time(77);
    let mut without_part = entries_of(1, 3);
    without_part[0].parts.clear();
    let mut turned = entries_of(1, 3);
    turned.reverse();
    let others = [
        (1, changed),
        (1, other_time),
        (1, without_part),
        (1, turned),
        (1, entries_of(1, 2)),
        (1, entries_of(1, 4)),
        (2, entries_of(1, 3)),
    ];
    for (stream, entries) in others {
        for expected in [Any, Exact(Version::new(7))] {
            let reused = append(stream, expected, entries.clone());
            check_reused(store.append(reused).await, 1, 4);
        }
    }
    assert_eq!(store.head().await.unwrap(), Some(Position::new(6)));
}

/// Of several commands in one append all are known (a duplicate), none is (stored), or it is refused.
pub async fn several_commands_are_known_together_or_not_at_all(store: &impl EventStore) {
    use ExpectedVersion::{Any, NoStream};
    let of = |commands: &[u128]| -> Vec<NewEntry> {
        let entries = commands.iter().map(|command| entries_of(*command, 2));
        entries.flatten().collect()
    };
    let both = append(1, NoStream, of(&[1, 2]));
    assert_eq!(store.append(both.clone()).await.unwrap(), receipt(0, 4, 4));
    let duplicate = Appended {
        duplicate: true,
        ..receipt(0, 4, 4)
    };
    assert_eq!(store.append(both).await.unwrap(), duplicate);

    check_reused(store.append(append(1, Any, of(&[1, 3]))).await, 1, 0);
    check_reused(store.append(append(1, Any, of(&[3, 2]))).await, 2, 2);
    check_reused(store.append(append(1, Any, of(&[2, 1]))).await, 1, 0);
    assert_eq!(store.head().await.unwrap(), Some(Position::new(3)));

    // Known from several appends, with other entries between them: still known, as they are.
    store.append(append(2, Any, of(&[4]))).await.unwrap();
    store.append(append(1, Any, of(&[5]))).await.unwrap();
    let all = Appended {
        first_position: Position::new(2),
        last_version: Version::new(6),
        ..duplicate
    };
    assert_eq!(
        store.append(append(1, Any, of(&[2, 5]))).await.unwrap(),
        all
    );
}

/// Where the caller's clock goes back, the time recorded last is recorded again.
pub async fn the_time_of_recording_never_goes_back(store: &impl EventStore) {
    let times = [(5, 5), (3, 5), (9, 9), (-1, 9), (10, 10)];
    for (command, (clock, recorded)) in (1..).zip(times) {
        let stream = command % 2;
        let mut next = append(stream, ExpectedVersion::Any, entries_of(command, 2));
        next.recorded_at = time(clock);
        let appended = store.append(next).await.unwrap();
        assert_eq!(appended.recorded_at, time(recorded), "clock at {clock}");
    }
    let stored = everything(store).await;
    let recorded: Vec<i64> = stored
        .iter()
        .map(|entry| entry.recorded_at.as_micros())
        .collect();
    assert_eq!(recorded, [5, 5, 5, 5, 9, 9, 9, 9, 10, 10]);
}

/// Reading a stream starts and ends where it is told, and goes on where it left off.
pub async fn a_stream_is_read_in_pages(store: &impl EventStore) {
    for command in 1..=5 {
        let stream = command % 2;
        let next = append(stream, ExpectedVersion::Any, entries_of(command, 4));
        store.append(next).await.unwrap();
    }
    // Stream 1 holds 12 entries of commands 1, 3 and 5.
    let page = async |from: u64, limit| -> Vec<u64> {
        let page = store
            .read_stream(stream_id(1), Version::new(from), limit)
            .await
            .unwrap();
        assert!(page.iter().all(|entry| entry.stream == stream_id(1)));
        page.iter().map(|entry| entry.version.get()).collect()
    };
    assert_eq!(page(1, 5).await, [1, 2, 3, 4, 5]);
    assert_eq!(page(6, 5).await, [6, 7, 8, 9, 10]);
    assert_eq!(page(11, 5).await, [11, 12]);
    assert_eq!(page(12, usize::MAX).await, [12]);
    assert_eq!(page(0, 2).await, [1, 2]);
    assert!(page(1, 0).await.is_empty());
    assert!(page(13, 5).await.is_empty());
    assert!(page(u64::MAX, 5).await.is_empty());
    let unknown = store.read_stream(stream_id(9), Version::FIRST, 5).await;
    assert!(unknown.unwrap().is_empty());
}

/// Reading everything starts and ends where it is told, and goes on where it left off.
pub async fn the_ledger_is_read_in_pages(store: &impl EventStore) {
    for command in 1..=3 {
        let next = append(command, ExpectedVersion::NoStream, entries_of(command, 4));
        store.append(next).await.unwrap();
    }
    let page = async |from: u64, limit| -> Vec<u64> {
        let page = store.read_all(Position::new(from), limit).await.unwrap();
        page.iter().map(|entry| entry.position.get()).collect()
    };
    assert_eq!(page(0, 5).await, [0, 1, 2, 3, 4]);
    assert_eq!(page(5, 5).await, [5, 6, 7, 8, 9]);
    assert_eq!(page(10, 5).await, [10, 11]);
    assert_eq!(page(11, usize::MAX).await, [11]);
    assert!(page(0, 0).await.is_empty());
    assert!(page(12, 5).await.is_empty());
    assert!(page(u64::MAX, 5).await.is_empty());
}

/// The entries of a command are found by its id, in order and without those of others.
pub async fn a_command_is_read_back(store: &impl EventStore) {
    let first = append(1, ExpectedVersion::Any, entries_of(1, 2));
    let second = append(2, ExpectedVersion::Any, entries_of(2, 3));
    store.append(first).await.unwrap();
    store.append(second).await.unwrap();
    let found = store.read_command(command_id(2)).await.unwrap();
    assert!(found == everything(store).await[2..], "{found:?}");
    let unknown = store.read_command(command_id(3)).await;
    assert!(unknown.unwrap().is_empty());
}

/// A wait for an entry that is there ends at once; the others end when theirs is stored, however many they are.
pub async fn a_wait_ends_when_the_entry_is_there(store: &impl EventStore) {
    let first = append(1, ExpectedVersion::Any, entries_of(1, 2));
    store.append(first).await.unwrap();
    store.wait_for(Position::new(0)).await.unwrap();
    store.wait_for(Position::new(1)).await.unwrap();

    type Step<'a> = Pin<Box<dyn Future<Output = Option<Position>> + 'a>>;
    let mut steps: Vec<Step<'_>> = Vec::new();
    for number in 0..32 {
        steps.push(Box::pin(async move {
            store.wait_for(Position::new(2 + number % 4)).await.unwrap();
            store.head().await.unwrap()
        }));
    }
    for command in 2..=3 {
        steps.push(Box::pin(async move {
            let later = append(command, ExpectedVersion::Any, entries_of(command, 2));
            store.append(later).await.unwrap();
            None
        }));
    }
    let heads = join_all(steps).await;
    for (number, head) in (0..32).zip(heads) {
        let waited_for = Position::new(2 + number % 4);
        assert!(head >= Some(waited_for), "woken before the entry was there");
    }
}

/// What breaks a limit of the format is refused before anything else is looked at.
pub async fn the_limits_of_the_format_hold(store: &impl EventStore) {
    use ExpectedVersion::Any;
    store
        .append(append(1, Any, entries_of(1, 1)))
        .await
        .unwrap();
    let part = |size| Part {
        kind: PartKind::Plain,
        bytes: vec![b'x'; size],
    };
    let mut many_parts = entry(1, 1);
    many_parts.parts = vec![part(1); MAX_PARTS + 1];
    let mut large_public = entry(1, 1);
    large_public.public = vec![b'x'; MAX_PART_BYTES + 1];
    let mut large_part = entry(1, 1);
    large_part.parts = vec![part(1), part(MAX_PART_BYTES + 1)];
    let mut no_text = entry(1, 1);
    no_text.public = vec![b'{', 0xff, b'}'];
    let cases = [
        (InvalidAppend::Empty, vec![]),
        (
            InvalidAppend::TooManyEntries,
            vec![entry(1, 1); MAX_APPEND_ENTRIES + 1],
        ),
        (InvalidAppend::TooManyParts, vec![entry(1, 1), many_parts]),
        (InvalidAppend::PartTooLarge, vec![large_public]),
        (InvalidAppend::PartTooLarge, vec![large_part]),
        (InvalidAppend::NotUtf8, vec![no_text]),
        (
            InvalidAppend::SplitCommand,
            vec![entry(2, 1), entry(3, 1), entry(2, 2)],
        ),
    ];
    for (limit, entries) in cases {
        // Command 1 is known and version 9 is wrong, and yet the limit is what is told.
        let expected = ExpectedVersion::Exact(Version::new(9));
        check_invalid(store.append(append(1, expected, entries)).await, limit);
    }
    assert_eq!(store.head().await.unwrap(), Some(Position::new(0)));
}

/// The largest append that the limits allow in each respect is stored and read back.
pub async fn what_the_limits_just_allow_is_stored(store: &impl EventStore) {
    let part = |byte, size| Part {
        kind: PartKind::Plain,
        bytes: vec![byte; size],
    };
    let mut large = entry(1, 1);
    large.public = vec![b'x'; MAX_PART_BYTES];
    large.parts = (0..MAX_PARTS)
        .map(|_| part(b'y', 1))
        .chain([part(b'z', MAX_PART_BYTES)])
        .skip(1)
        .collect();
    let mut entries = vec![entry(2, 3); MAX_APPEND_ENTRIES - 1];
    entries.insert(0, large.clone());
    let whole = append(1, ExpectedVersion::NoStream, entries);
    let appended = store.append(whole).await.unwrap();
    let last_version = u64::try_from(MAX_APPEND_ENTRIES).unwrap();
    assert_eq!(appended, receipt(0, last_version, MAX_APPEND_ENTRIES));
    let stored = everything(store).await;
    assert_eq!(stored.len(), MAX_APPEND_ENTRIES);
    assert!(stored[0].content == large, "the large entry came back");
}
