//! The three views: the same whether kept up to date or folded anew, and as of an instant never the later.

use std::sync::Barrier;

use proptest::prelude::*;
use redress::archive::Archive;
use redress::causes::{AlertView, Timeline};
use redress::store::{Append, EventStore, ExpectedVersion, MemoryStore, Projection};
use redress::{Position, Span, Timestamp, Views};

use crate::histories::{config, next_wish, play, steps};
use crate::wishes::{agent, note, receive, wish};
use crate::world::{LEDGER, Shown, World, in_memory, on_both_stores, start};

/// A ledger that holds no more than what was known at an instant: the same appends, up to there.
fn cut(world: &World<MemoryStore>, instant: Timestamp) -> World<MemoryStore> {
    let part = in_memory();
    let mut known = world.entries();
    known.retain(|entry| entry.recorded_at <= instant);
    for run in known.chunk_by(|one, next| one.content.command_id == next.content.command_id) {
        let append = Append {
            stream: run[0].stream,
            expected: ExpectedVersion::Any,
            recorded_at: run[0].recorded_at,
            entries: run.iter().map(|entry| entry.content.clone()).collect(),
        };
        pollster::block_on(part.ledger.as_async().store().append(append)).unwrap();
    }
    assert_eq!(part.entries(), known);
    part
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn kept_up_to_date_they_equal_themselves_folded_anew(
        steps in steps(50),
        asked in prop::collection::vec(prop::bool::weighted(0.2), 50),
    ) {
        let world = in_memory();
        let mut handed = Vec::new();
        for (step, asked) in steps.iter().zip(asked) {
            let (id, wish) = next_wish(&world, &handed, *step);
            handed.push((id, wish.clone()));
            let _outcome = world.ledger.submit(id, wish).unwrap();
            if asked {
                let live = Shown::of(&world.ledger.views().unwrap());
                prop_assert_eq!(live, Shown::anew(&world.ledger, None));
                let mut warnings = AlertView::new(world.ledger.as_async().policy(), Timeline::Recorded);
                world.ledger.replay_into(&mut warnings).unwrap();
                let now = world.ledger.as_async().now();
                let kept = world.ledger.alerts(now, Timeline::Recorded).unwrap();
                prop_assert_eq!(kept, warnings.alerts(now));
            }
        }
        let live = Shown::of(&world.ledger.views().unwrap());
        prop_assert_eq!(live.facts(), usize::try_from(world.len()).unwrap());
        prop_assert_eq!(live, Shown::anew(&world.ledger, None));
    }

    /// In pages of any length, with a page handed over twice now and then, as two who catch up at once do.
    #[test]
    fn pages_that_overlap_are_folded_once(steps in steps(50), cuts in prop::collection::vec(0_usize..60, 0..12)) {
        let world = in_memory();
        play(&world, &steps);
        let mut facts = Vec::new();
        world.ledger.replay_pages(None, Position::FIRST, |page| {
            facts.extend_from_slice(page);
            Ok(())
        }).unwrap();
        let archive = Archive::in_memory(LEDGER).unwrap();
        let mut views = Views::new(archive, world.ledger.as_async().policy());
        for cut in cuts {
            let have = usize::try_from(views.next_position().get()).unwrap();
            let end = (have + cut / 4).min(facts.len());
            let begin = have.saturating_sub(cut % 7).min(end);
            views.fold(&facts[begin..end]).unwrap();
            prop_assert!(views.next_position().get() >= u64::try_from(end).unwrap());
        }
        views.fold(&facts).unwrap();
        prop_assert_eq!(Shown::of(&views), Shown::anew(&world.ledger, None));
    }

    #[test]
    fn as_of_an_instant_they_show_what_a_ledger_cut_there_shows(steps in steps(50), after in any::<prop::sample::Index>(), beside in -1_i64..=1) {
        let world = in_memory();
        play(&world, &steps);
        let entries = world.entries();
        prop_assume!(!entries.is_empty());
        let instant = after.get(&entries).recorded_at + Span::micros(beside);
        let part = cut(&world, instant);
        let then = Shown::anew(&world.ledger, Some(instant));
        prop_assert_eq!(then.facts(), usize::try_from(part.len()).unwrap());
        prop_assert_eq!(then, Shown::anew(&part.ledger, None));
        // Warnings tell of that instant for ever what they told then.
        let warnings = |world: &World<MemoryStore>| world.ledger.alerts(instant, Timeline::Recorded).unwrap();
        prop_assert_eq!(warnings(&world), warnings(&part));
    }
}

on_both_stores!(
    asked_for_by_many_at_once_they_fold_each_fact_once,
    a_caller_that_panics_does_not_close_them,
    a_view_of_ones_own_is_folded_as_far_as_wanted,
);

fn asked_for_by_many_at_once_they_fold_each_fact_once<S: EventStore>(world: &World<S>) {
    let barrier = Barrier::new(6);
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                for number in 0..20 {
                    let outcome = world.ledger.receive(receive(), &agent()).unwrap();
                    let id = outcome.unwrap().complaint_id;
                    let asked = wish(thread * 100 + number, note("asked"));
                    world.ledger.submit(id, asked).unwrap().unwrap();
                    // What was acknowledged before is there.
                    let views = world.ledger.views().unwrap();
                    let file = views.archive.file(id).unwrap().unwrap();
                    assert_eq!(file.timeline.len(), 2);
                }
            });
        }
        for _ in 0..3 {
            scope.spawn(|| {
                barrier.wait();
                let mut seen = Position::FIRST;
                for _ in 0..60 {
                    let next = world.ledger.views().unwrap().next_position();
                    assert!(next >= seen, "views do not go back");
                    seen = next;
                    std::thread::yield_now();
                }
            });
        }
    });
    let live = Shown::of(&world.ledger.views().unwrap());
    assert_eq!(live.facts(), 120);
    assert_eq!(live, Shown::anew(&world.ledger, None));
}

fn a_caller_that_panics_does_not_close_them<S: EventStore>(world: &World<S>) {
    world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let panicked = std::thread::scope(|scope| {
        let caller = scope.spawn(|| {
            let views = world.ledger.views().unwrap();
            assert_eq!(views.next_position().get(), 3, "there is but one fact");
        });
        caller.join()
    });
    assert!(panicked.is_err());
    let views = world.ledger.views().unwrap();
    assert_eq!(Shown::of(&views).facts(), 1);
}

fn a_view_of_ones_own_is_folded_as_far_as_wanted<S: EventStore>(world: &World<S>) {
    for _ in 0..3 {
        world.ledger.receive(receive(), &agent()).unwrap().unwrap();
        world.clock.advance(Span::hours(1));
    }
    let policy = world.ledger.as_async().policy().clone();
    let mut then = redress::sla::SlaView::new(policy);
    let replay = world.ledger.as_async().replay();
    let at_two = start() + Span::hours(1);
    let reached = pollster::block_on(replay.as_of(at_two).fold_into(&mut then)).unwrap();
    assert_eq!(reached.get(), 3);
    // The same view goes on from where it is.
    let reached = world.ledger.replay_into(&mut then).unwrap();
    assert_eq!((reached.get(), then.next_position().get()), (4, 4));
    let reached = world.ledger.replay_into(&mut then).unwrap();
    assert_eq!(reached.get(), 4);
}

/// More facts than are read at a time.
#[test]
fn a_long_ledger_is_folded_page_by_page() {
    let world = in_memory();
    let id = crate::wishes::complaint(1);
    world
        .ledger
        .submit(id, wish(0, receive()))
        .unwrap()
        .unwrap();
    let notes = (1..2500).map(|number| wish(number, note("seen"))).collect();
    let outcomes = world.ledger.take_over(id, notes).unwrap();
    let last = outcomes.last().unwrap().clone().unwrap().recorded.unwrap();
    assert_eq!((last.position.get(), last.version.get()), (2500, 2500));
    let mut pages = Vec::new();
    let mut count = |page: &[redress::store::Fact]| {
        pages.push(page.len());
        Ok(())
    };
    let end = world
        .ledger
        .replay_pages(None, Position::new(400), &mut count);
    assert_eq!(end.unwrap().get(), 2501);
    assert_eq!(pages, [1000, 1000, 101]);
    assert_eq!(world.ledger.history(id).unwrap().len(), 2500);
    let views = world.ledger.views().unwrap();
    assert_eq!(
        views.archive.file(id).unwrap().unwrap().timeline.len(),
        2500
    );
}

/// The calls of the ledger can be spawned onto threads of a runtime.
#[test]
fn futures_can_be_sent() {
    fn check<T: Send>(_: &T) {}
    let world = in_memory();
    let ledger = world.ledger.as_async();
    let id = crate::wishes::complaint(1);
    let actor = agent();
    check(&ledger.receive(receive(), &actor));
    check(&ledger.execute(id, note("asked"), &actor));
    check(&ledger.submit(id, wish(1, note("asked"))));
    check(&ledger.take_over(id, Vec::new()));
    check(&ledger.history(id));
    check(&ledger.refusals());
    check(&ledger.complaint(id));
    check(&ledger.views());
    check(&ledger.catch_up());
}
