//! The same command twice is recorded once.

use std::sync::Barrier;

use redress::event::{Received, ReceivedPersonal};
use redress::store::EventStore;
use redress::{ComplaintId, Personal, Receipt, Rejection, Span, SubjectId, Submission};

use crate::meddled::Meddled;
use crate::wishes::{agent, classify, command, handler, letter, note, receive, wish};
use crate::world::{World, ledger_on, on_both_stores};

fn received<S: EventStore>(world: &World<S>) -> ComplaintId {
    let outcome = world.ledger.receive(receive(), &agent()).unwrap();
    outcome.unwrap().complaint_id
}

/// The same receipt, but for the word that it is a repetition.
#[track_caller]
fn check_repeats(first: Receipt, again: Receipt) {
    assert!(!first.repeated);
    let expected = Receipt {
        repeated: true,
        ..first
    };
    assert_eq!(again, expected);
}

on_both_stores!(
    a_command_twice_gets_its_first_receipt,
    a_command_twice_after_others_gets_its_first_receipt,
    a_command_of_two_facts_twice_is_one_place,
    a_command_id_with_another_wish_is_refused,
    a_command_id_of_another_complaint_is_refused,
    of_a_batch_only_the_foreign_commands_are_refused,
    a_command_twice_in_a_batch_is_recorded_once,
    a_letter_twice_is_one_complaint,
    a_command_from_many_threads_is_recorded_once,
);

fn a_command_twice_gets_its_first_receipt<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let first = world.ledger.submit(id, wish(1, note("asked"))).unwrap();
    world.clock.advance(Span::hours(5));
    let again = world.ledger.submit(id, wish(1, note("asked"))).unwrap();
    check_repeats(first.unwrap(), again.unwrap());
    assert_eq!(world.len(), 2);
}

fn a_command_twice_after_others_gets_its_first_receipt<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let first = world.ledger.submit(id, wish(1, note("asked"))).unwrap();
    let other = received(world);
    for number in 2..6 {
        let target = if number % 2 == 0 { id } else { other };
        let outcome = world.ledger.submit(target, wish(number, note("meanwhile")));
        assert!(outcome.unwrap().is_ok());
    }
    let before = world.len();
    let again = world.ledger.submit(id, wish(1, note("asked"))).unwrap();
    check_repeats(first.unwrap(), again.unwrap());
    assert_eq!(world.len(), before);
}

fn a_command_of_two_facts_twice_is_one_place<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let ledger = &world.ledger;
    let told = crate::wishes::tell(redress::event::FeedbackKind::Result);
    let satisfied = crate::wishes::revisit(redress::event::Satisfaction::Satisfied);
    let prepared = [
        wish(1, classify("delivery/delay")),
        wish(2, crate::wishes::assign()),
        wish(3, crate::wishes::resolve()),
        wish(4, told),
    ];
    for wish in prepared {
        ledger.submit(id, wish).unwrap().unwrap();
    }
    let first = ledger.submit(id, wish(5, satisfied.clone())).unwrap();
    assert_eq!(first.as_ref().unwrap().recorded.unwrap().facts, 2);
    // The complaint is closed now, but the wish is a known one.
    let again = ledger.submit(id, wish(5, satisfied)).unwrap();
    check_repeats(first.unwrap(), again.unwrap());
}

fn a_command_id_with_another_wish_is_refused<S: EventStore>(world: &World<S>) {
    let id = received(world);
    world.clock.advance(Span::hours(1));
    let occurred_at = Some(crate::world::start() + Span::minutes(30));
    let first = Submission {
        occurred_at,
        ..wish(1, note("asked"))
    };
    world.ledger.submit(id, first.clone()).unwrap().unwrap();
    let other_content = Submission {
        command: note("asked again").into(),
        ..first.clone()
    };
    let other_kind = Submission {
        command: classify("delivery/delay").into(),
        ..first.clone()
    };
    let other_actor = Submission {
        actor: agent(),
        ..first.clone()
    };
    let other_time = Submission {
        occurred_at: Some(crate::world::start() + Span::minutes(31)),
        ..first.clone()
    };
    for other in [other_content, other_kind, other_actor, other_time] {
        let refused = world.ledger.submit(id, other).unwrap();
        assert_eq!(refused, Err(Rejection::CommandReused));
    }
    // Who does not say when means the same wish.
    let without_time = Submission {
        occurred_at: None,
        ..first
    };
    let again = world.ledger.submit(id, without_time).unwrap();
    assert!(again.unwrap().repeated);
    assert_eq!(world.len(), 2);
}

fn a_command_id_of_another_complaint_is_refused<S: EventStore>(world: &World<S>) {
    let (one, other) = (received(world), received(world));
    let first = world.ledger.submit(one, wish(1, note("asked"))).unwrap();
    assert!(first.is_ok());
    let refused = world.ledger.submit(other, wish(1, note("asked"))).unwrap();
    assert_eq!(refused, Err(Rejection::CommandReused));
    assert_eq!(world.len(), 3);
}

/// More of them than a decision is made anew on conflicts: finding them out is no contention.
fn of_a_batch_only_the_foreign_commands_are_refused<S: EventStore>(world: &World<S>) {
    let (one, other) = (received(world), received(world));
    let theirs: Vec<Submission> = (0..40).map(|n| wish(n, note("theirs"))).collect();
    let recorded = world.ledger.take_over(one, theirs).unwrap();
    assert!(recorded.iter().all(Result::is_ok));
    let mixed = (0..80).map(|n| wish(n / 2 + 40 * (n % 2), note("theirs")));
    let outcomes = world.ledger.take_over(other, mixed.collect()).unwrap();
    for (index, outcome) in outcomes.iter().enumerate() {
        if index % 2 == 0 {
            assert_eq!(*outcome, Err(Rejection::CommandReused), "{index}");
        } else {
            assert!(outcome.as_ref().is_ok_and(|it| !it.repeated), "{index}");
        }
    }
    assert_eq!(world.len(), 2 + 40 + 40);
}

fn a_command_twice_in_a_batch_is_recorded_once<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let batch = vec![
        wish(1, note("asked")),
        wish(2, note("meanwhile")),
        wish(1, note("asked")),
        wish(2, note("another word")),
    ];
    let outcomes = world.ledger.take_over(id, batch).unwrap();
    let first = outcomes[0].clone().unwrap();
    assert_eq!(first.recorded.unwrap().position.get(), 2);
    check_repeats(first, outcomes[2].clone().unwrap());
    assert_eq!(outcomes[3], Err(Rejection::CommandReused));
    assert_eq!(world.len(), 3);
}

fn a_letter_twice_is_one_complaint<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    let first = ledger.receive(letter("A-17"), &agent()).unwrap().unwrap();
    ledger
        .execute(first.complaint_id, classify("delivery/delay"), &agent())
        .unwrap()
        .unwrap();

    let mut again = letter("A-17");
    again.customer.subject = SubjectId::from_random([8; 16]);
    let again = ledger.receive(again, &agent()).unwrap();
    check_repeats(first, again.unwrap());

    let other_words = Received {
        personal: Personal::Known(ReceivedPersonal {
            description: "another matter".to_owned(),
            ..letter("A-17").personal.known().cloned().unwrap()
        }),
        ..letter("A-17")
    };
    let refused = ledger.receive(other_words, &agent()).unwrap();
    assert_eq!(refused, Err(Rejection::AlreadyReceived));
    let by_another = ledger.receive(letter("A-17"), &handler()).unwrap();
    assert_eq!(by_another, Err(Rejection::AlreadyReceived));

    let other = ledger.receive(letter("A-18"), &agent()).unwrap().unwrap();
    assert_ne!(other.complaint_id, first.complaint_id);
    assert_eq!(world.len(), 3);
}

fn a_command_from_many_threads_is_recorded_once<S: EventStore>(world: &World<S>) {
    let id = received(world);
    for number in 1..=10 {
        let barrier = Barrier::new(8);
        let receipts: Vec<Receipt> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        barrier.wait();
                        // Each sees another time, unless the command is known.
                        world.clock.advance(Span::micros(1));
                        let outcome = world.ledger.submit(id, wish(number, note("at once")));
                        outcome.unwrap().unwrap()
                    })
                })
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let first: Vec<&Receipt> = receipts.iter().filter(|it| !it.repeated).collect();
        assert_eq!(first.len(), 1);
        for receipt in &receipts {
            assert_eq!(receipt.recorded, first[0].recorded);
        }
    }
    assert_eq!(world.len(), 11);
}

/// Somebody else records a fact and then the very command, between its being decided and stored.
#[test]
fn a_command_recorded_meanwhile_gets_the_place_where_it_is() {
    let store = Meddled::new();
    let shared = store.shared();
    let world = World::on(store);
    let rival = ledger_on(shared, redress::Policy::standard(), &world.clock);
    let id = received(&world);
    let mut acted = false;
    let other = rival.clone();
    world.ledger.as_async().store().meddle(move |_| {
        if !std::mem::replace(&mut acted, true) {
            let first = other.submit(id, wish(1, note("before it"))).unwrap();
            assert!(first.is_ok());
            let same = other.submit(id, wish(2, note("asked"))).unwrap();
            assert!(same.is_ok_and(|receipt| !receipt.repeated));
        }
        None
    });
    let receipt = world.ledger.submit(id, wish(2, note("asked"))).unwrap();
    let receipt = receipt.unwrap();
    assert!(receipt.repeated);
    let place = receipt.recorded.unwrap();
    let stored = &rival.entries(id).unwrap()[2];
    assert_eq!(stored.content.command_id, command(2));
    assert_eq!(
        (place.position, place.version, place.facts),
        (stored.position, stored.version, 1)
    );
    assert_eq!(world.len(), 3);
}
