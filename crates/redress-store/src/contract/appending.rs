//! What a store promises of appends: whole, ordered, guarded by version and command.

#![expect(
    clippy::unwrap_used,
    reason = "a failed check is a failed test of the store that is checked"
)]

use redress_core::{Position, Timestamp, Version};

use super::{
    append, check_conflict, check_reused, command_id, entries_of, entry, everything, join_all,
    receipt, stream_id, time,
};
use crate::entry::{NewEntry, Part, PartKind};
use crate::store::{Append, Appended, EventStore, ExpectedVersion};

pub(super) async fn check_all<S: EventStore>(open: &impl AsyncFn() -> S) {
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
}

/// What is read is what was appended, down to the byte.
async fn an_append_is_stored_byte_for_byte(store: &impl EventStore) {
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
async fn positions_and_versions_have_no_gaps(store: &impl EventStore) {
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
async fn a_refused_append_stores_nothing(store: &impl EventStore) {
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
async fn the_expected_version_guards_the_append(store: &impl EventStore) {
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
async fn one_of_many_appends_at_the_same_version_wins(store: &impl EventStore) {
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
async fn appends_in_flight_together_leave_no_gap(store: &impl EventStore) {
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
async fn a_known_command_gets_its_first_receipt(store: &impl EventStore) {
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
async fn a_command_in_flight_many_times_is_stored_once(store: &impl EventStore) {
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
async fn a_known_command_with_other_content_is_refused(store: &impl EventStore) {
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
async fn several_commands_are_known_together_or_not_at_all(store: &impl EventStore) {
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
async fn the_time_of_recording_never_goes_back(store: &impl EventStore) {
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
