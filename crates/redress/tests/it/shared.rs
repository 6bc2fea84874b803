//! A view folded on several threads: the same as on one, also where a fact stops it.

use std::num::NonZeroU8;

use proptest::prelude::*;
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::sla::SlaView;
use redress::store::{
    Append, Entry, EventStore, ExpectedVersion, MemoryStore, Part, PartKind, Projection,
};
use redress::{LedgerError, Policy, Position, Span, Timestamp};

use crate::histories::{config, play, steps};
use crate::wishes::{agent, note, receive};
use crate::world::{LEDGER, World, in_memory, in_sqlite, on_both_stores};

const THREE: NonZeroU8 = NonZeroU8::MIN.saturating_add(2);

type Pair = (SlaView, CauseView);

/// How far it came, or what stopped it; and the views as they were left.
type End = (Result<Position, String>, Pair);

fn empty() -> Pair {
    let policy = Policy::standard();
    (SlaView::new(policy.clone()), CauseView::new(policy))
}

/// Folded on so many threads; on one, fact after fact.
fn fold<S: EventStore>(
    ledger: &Ledger<S>,
    as_of: Option<Timestamp>,
    mut views: Pair,
    threads: u8,
) -> End {
    let replay = ledger.as_async().replay();
    let replay = match as_of {
        Some(instant) => replay.as_of(instant),
        None => replay,
    };
    let threads = NonZeroU8::new(threads).unwrap();
    let end = pollster::block_on(replay.fold_shared(&mut views, threads, |_| Ok(())));
    (end.map_err(|error| error.to_string()), views)
}

/// The plainest way: each fact handed to each view.
fn one_by_one<S: EventStore>(ledger: &Ledger<S>, as_of: Option<Timestamp>) -> End {
    let (mut sla, mut causes) = empty();
    let end = ledger.replay_pages(as_of, Position::FIRST, |page| {
        for fact in page {
            let fact = std::slice::from_ref(fact);
            sla.fold(fact)?;
            causes.fold(fact)?;
        }
        Ok(())
    });
    (end.map_err(|error| error.to_string()), (sla, causes))
}

/// A ledger of these entries, some of them changed on the way.
fn copied(
    mut entries: Vec<Entry>,
    mut change: impl FnMut(usize, &mut Entry),
) -> World<MemoryStore> {
    let world = World::on(MemoryStore::new(LEDGER));
    for (index, entry) in entries.iter_mut().enumerate() {
        change(index, entry);
    }
    // Entries of one command are stored together.
    for run in entries.chunk_by(|one, next| one.content.command_id == next.content.command_id) {
        let append = Append {
            stream: run[0].stream,
            expected: ExpectedVersion::Any,
            recorded_at: run[0].recorded_at,
            entries: run.iter().map(|entry| entry.content.clone()).collect(),
        };
        pollster::block_on(world.ledger.as_async().store().append(append)).unwrap();
    }
    world
}

/// What can be wrong with an entry: it cannot be read, or it can and cannot follow.
fn spoil(entry: &mut Entry, how: u8) {
    let content = &mut entry.content;
    match how {
        0 => content.public.truncate(content.public.len() / 2),
        1 => content.actor[3] ^= 1,
        2 => content.event_type = 77,
        _ => entry.stream = redress::ComplaintId::new(uuid::Uuid::from_u128(77)).into(),
    }
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_number_of_threads_changes_nothing(
        steps in steps(50),
        threads in 1_u8..6,
        faults in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4), 0..3),
    ) {
        let sound = in_memory();
        play(&sound, &steps);
        let entries = sound.entries();
        prop_assume!(!entries.is_empty());
        let faults: Vec<_> = faults.iter().map(|(at, how)| (at.index(entries.len()), *how)).collect();
        let world = copied(entries, |index, entry| {
            for (_, how) in faults.iter().filter(|(at, _)| *at == index) {
                spoil(entry, *how);
            }
        });
        let expected = one_by_one(&world.ledger, None);
        prop_assert_eq!(fold(&world.ledger, None, empty(), threads), expected.clone());
        // And on from there, as far as it goes.
        prop_assert_eq!(fold(&world.ledger, None, expected.1.clone(), threads), expected);
    }

    #[test]
    fn as_of_an_instant_the_number_of_threads_changes_nothing(
        steps in steps(50),
        threads in 2_u8..6,
        instants in [any::<prop::sample::Index>(), any::<prop::sample::Index>()],
    ) {
        let world = in_memory();
        play(&world, &steps);
        let entries = world.entries();
        prop_assume!(!entries.is_empty());
        let [one, other] = instants.map(|at| Some(at.get(&entries).recorded_at));
        let expected = one_by_one(&world.ledger, one.max(other));
        let before = fold(&world.ledger, one.min(other), empty(), threads);
        prop_assert_eq!(&before, &one_by_one(&world.ledger, one.min(other)));
        prop_assert_eq!(fold(&world.ledger, one.max(other), before.1, threads), expected.clone());
        // What is ahead of an instant stays there.
        let (end, views) = fold(&world.ledger, one.min(other), expected.1.clone(), threads);
        prop_assert_eq!(end, expected.0);
        prop_assert_eq!(views, expected.1);
    }
}

on_both_stores!(
    pages_are_dealt_out_to_the_end,
    a_view_far_behind_is_folded_anew,
    who_watches_can_stop_it,
);

fn take_in<S: EventStore>(ledger: &Ledger<S>, complaints: usize) {
    for _ in 0..complaints {
        let filed = ledger.receive(receive(), &agent()).unwrap().unwrap();
        let noted = ledger.execute(filed.complaint_id, note("seen"), &agent());
        noted.unwrap().unwrap();
    }
}

/// More than one page of a thousand: the founding rules, and two facts of each complaint.
fn pages_are_dealt_out_to_the_end<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    assert_eq!(
        fold(ledger, None, empty(), 2),
        (Ok(Position::FIRST), empty())
    );
    take_in(ledger, 600);
    let (end, views) = fold(ledger, None, empty(), 2);
    assert_eq!(end, Ok(Position::new(1_201)));
    assert_eq!((end, views), one_by_one(ledger, None));
    let before = crate::world::start() + Span::micros(-1);
    let (end, views) = fold(ledger, Some(before), empty(), 2);
    assert_eq!((end, views), (Ok(Position::FIRST), empty()));
}

fn a_view_far_behind_is_folded_anew<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    take_in(ledger, 2);
    let (_, behind) = fold(ledger, None, empty(), 1);
    take_in(ledger, 10);
    assert_eq!(fold(ledger, None, behind, 2), one_by_one(ledger, None));
}

fn who_watches_can_stop_it<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    take_in(ledger, 600);
    let mut views = empty();
    let mut seen = Vec::new();
    let replay = ledger.as_async().replay();
    let stopped = pollster::block_on(replay.fold_shared(&mut views, THREE, |position| {
        seen.push(position.get());
        if seen.len() == 1 {
            Ok(())
        } else {
            Err(LedgerError::Random("enough".to_owned()))
        }
    }));
    assert!(matches!(stopped, Err(LedgerError::Random(_))));
    assert_eq!(seen, [1_000, 1_201]);
    assert_eq!(views, empty());
}

/// These views show nobody's name, and need no key to be folded.
#[test]
fn damage_to_a_personal_part_does_not_stop_them() {
    let sound = in_sqlite();
    take_in(&sound.ledger, 2);
    let damaged = copied(sound.entries(), |_, entry| {
        for part in &mut entry.content.parts {
            *part = Part {
                kind: PartKind::Sealed,
                bytes: vec![0; 40],
            };
        }
    });
    assert!(one_by_one(&damaged.ledger, None).0.is_err());
    let (end, views) = fold(&damaged.ledger, None, empty(), 2);
    assert_eq!((end, views), one_by_one(&sound.ledger, None));
    let (mut sla, mut causes) = empty();
    damaged.ledger.replay_into(&mut sla).unwrap();
    damaged.ledger.replay_into(&mut causes).unwrap();
    assert_eq!((sla, causes), one_by_one(&sound.ledger, None).1);
}
