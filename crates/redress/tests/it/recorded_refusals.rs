//! A refused command is a fact of the ledger itself: who wanted what, and the code of the rule that said no.

use redress::core::{Command, LedgerStream, TraceId};
use redress::event::{CloseReason, Linked, Received, Relation};
use redress::store::{AppendError, EventStore, StoreError, StoreErrorKind, StreamId};
use redress::{
    ComplaintId, LedgerError, LedgerEvent, LedgerRecorded, Refused, Rejection, Span, Submission,
};
use uuid::Uuid;

use crate::meddled::Meddled;
use crate::wishes::{
    agent, assign, classify, close, command, complaint, handler, letter, note, receive, wish,
};
use crate::world::{World, in_memory, on_both_stores};

on_both_stores!(
    a_refusal_tells_who_wanted_what_and_why_not,
    a_refusal_is_recorded_once_for_each_wish_person_and_reason,
    a_wish_that_was_refused_may_be_accepted_later,
    an_intake_refused_for_its_reference_leaves_no_trace_of_it,
    a_command_about_nobody_names_no_complaint,
    another_letter_is_recorded_in_the_words_that_were_told,
    what_is_taken_over_and_refused_is_not_recorded,
    a_stream_of_the_ledgers_own_is_no_complaint,
    refusals_of_many_threads_are_all_recorded,
);

fn received<S: EventStore>(world: &World<S>) -> ComplaintId {
    let outcome = world.ledger.receive(receive(), &agent()).unwrap();
    outcome.unwrap().complaint_id
}

fn told(refusal: &LedgerRecorded) -> (Option<ComplaintId>, &str, &str) {
    let LedgerEvent::Refused(refused) = &refusal.event else {
        unreachable!("not among refusals");
    };
    (refused.complaint, &refused.command, &refused.rejection)
}

fn a_refusal_tells_who_wanted_what_and_why_not<S: EventStore>(world: &World<S>) {
    let id = received(world);
    world.clock.advance(Span::hours(1));
    let trace = TraceId::new(Uuid::from_u128(77));
    let wanted = Submission {
        correlation_id: Some(trace),
        ..wish(1, classify("wang/fang"))
    };
    let refused = world.ledger.submit(id, wanted).unwrap().unwrap_err();
    assert_eq!(refused.code(), "unknown_category");

    let refusals = world.refusals();
    assert_eq!(refusals.len(), 1);
    let refusal = &refusals[0];
    assert_eq!(told(refusal), (Some(id), "classify", "unknown_category"));
    assert_eq!(refusal.actor, handler());
    assert_eq!(refusal.occurred_at, crate::world::start() + Span::hours(1));
    assert_eq!(refusal.recorded_at, refusal.occurred_at);
    assert_eq!(refusal.position.get(), 2);
    assert_eq!(refusal.correlation_id, Some(trace));
    let refused_command = TraceId::new(command(1).as_uuid());
    assert_eq!(refusal.causation_id, Some(refused_command));

    assert_eq!(world.ledger.head().unwrap().unwrap().get(), 2);
    assert_eq!(world.ledger.history(id).unwrap().len(), 1);
    let entry = &world.entries()[2];
    assert_eq!(entry.content.event_type, 101);
    assert_eq!(entry.content.parts, []);
    let public = std::str::from_utf8(&entry.content.public).unwrap();
    assert!(!public.contains("wang/fang"), "{public}");
}

fn a_refusal_is_recorded_once_for_each_wish_person_and_reason<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let by_agent = Submission {
        actor: agent(),
        ..wish(1, assign())
    };
    let again = wish(1, assign());
    for (number, wanted) in [
        (1, wish(1, assign())),
        (1, again.clone()),
        (2, by_agent.clone()),
        (2, by_agent),
        (3, wish(1, classify("no/such"))),
        (4, wish(2, assign())),
        (4, again),
    ] {
        world.clock.advance(Span::minutes(1));
        let refused = world.ledger.submit(id, wanted).unwrap();
        assert!(refused.is_err());
        assert_eq!(world.refusals().len(), number);
    }
    // An id drawn for each call makes each a wish of its own.
    for number in 5..=6 {
        let refused = world.ledger.execute(id, assign(), &handler()).unwrap();
        assert!(refused.is_err());
        assert_eq!(world.refusals().len(), number);
    }
    assert_eq!(world.len(), 1);
}

fn a_wish_that_was_refused_may_be_accepted_later<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let early = world.ledger.submit(id, wish(1, assign())).unwrap();
    assert_eq!(early.unwrap_err().code(), "not_in_this_state");
    let classified = world.ledger.submit(id, wish(2, classify("delivery/delay")));
    assert!(classified.unwrap().is_ok());
    let accepted = world.ledger.submit(id, wish(1, assign())).unwrap().unwrap();
    assert!(!accepted.repeated);
    assert_eq!(accepted.recorded.unwrap().position.get(), 4);
    assert_eq!(world.refusals().len(), 1);
}

/// The id of the complaint, and of the command, would be derived from the telephone number.
fn an_intake_refused_for_its_reference_leaves_no_trace_of_it<S: EventStore>(world: &World<S>) {
    let phone = "13800001111";
    let refused = world.ledger.receive(letter(phone), &agent()).unwrap();
    assert_eq!(refused, Err(Rejection::PersonalReference));
    let refusals = world.refusals();
    assert_eq!(told(&refusals[0]), (None, "receive", "personal_reference"));
    assert_eq!(refusals[0].causation_id, None);
    // Drawn, not derived.
    assert_eq!(refusals[0].command_id.as_uuid().get_version_num(), 7);
    let derived = ComplaintId::derived(letter(phone).channel, &phone.parse().unwrap());
    let entry = &world.entries()[0];
    let public = std::str::from_utf8(&entry.content.public).unwrap();
    assert!(!public.contains(phone) && !public.contains(&derived.to_string()));
}

fn a_command_about_nobody_names_no_complaint<S: EventStore>(world: &World<S>) {
    let refused = world.ledger.submit(complaint(1), wish(1, note("where?")));
    assert_eq!(refused.unwrap(), Err(Rejection::NotReceived));
    let refusals = world.refusals();
    assert_eq!(told(&refusals[0]), (None, "note", "not_received"));
    assert_eq!(world.ledger.history(complaint(1)).unwrap(), []);
}

fn another_letter_is_recorded_in_the_words_that_were_told<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    let id = ledger.receive(letter("A-17"), &agent()).unwrap().unwrap();
    let other = Received {
        product: None,
        tags: vec!["other".parse().unwrap()],
        ..letter("A-17")
    };
    let refused = ledger.receive(other, &agent()).unwrap();
    assert_eq!(refused, Err(Rejection::AlreadyReceived));
    let refusals = world.refusals();
    let expected = (Some(id.complaint_id), "receive", "already_received");
    assert_eq!(told(&refusals[0]), expected);
}

fn what_is_taken_over_and_refused_is_not_recorded<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let wishes = vec![wish(1, receive()), wish(2, note("taken over"))];
    let outcomes = world.ledger.take_over(id, wishes).unwrap();
    assert_eq!(outcomes[0], Err(Rejection::AlreadyReceived));
    assert!(outcomes[1].is_ok());
    assert_eq!(world.refusals(), []);
}

fn a_stream_of_the_ledgers_own_is_no_complaint<S: EventStore>(world: &World<S>) {
    let id = received(world);
    let ledger = &world.ledger;
    let refused = ledger.execute(id, assign(), &agent()).unwrap();
    assert!(refused.is_err());
    let refusals = ComplaintId::new(LedgerStream::Refusals.as_uuid());
    assert_eq!(ledger.history(refusals).unwrap(), []);
    let error = ledger.submit(refusals, wish(1, receive())).unwrap_err();
    assert!(matches!(error, LedgerError::NotAComplaint(id) if id == refusals));
    assert!(error.to_string().contains("give the id of a complaint"));
    assert!(
        ledger
            .take_over(refusals, vec![wish(1, receive())])
            .is_err()
    );
    let tie = Linked {
        relation: Relation::Related,
        target: refusals,
        unlink: false,
    };
    let refused = ledger.execute(id, tie, &agent()).unwrap();
    assert_eq!(refused, Err(Rejection::LinkTargetUnknown));
    assert_eq!(world.len(), 1);
    assert_eq!(world.refusals().len(), 2);
}

fn refusals_of_many_threads_are_all_recorded<S: EventStore>(world: &World<S>) {
    let id = received(world);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            scope.spawn(move || {
                for number in 0..5 {
                    let refused = world.ledger.submit(id, wish(thread * 5 + number, assign()));
                    assert!(refused.unwrap().is_err());
                }
            });
        }
    });
    assert_eq!(world.refusals().len(), 40);
    assert_eq!(world.entries().len(), 42);
}

/// Whoever is told that a command was refused can rely on finding the refusal.
#[test]
fn a_refusal_that_cannot_be_recorded_is_not_told() {
    let world = World::on(Meddled::new());
    let id = received(&world);
    world.ledger.as_async().store().meddle(|append| {
        let full = StoreError::new(StoreErrorKind::Io, "the disk is full");
        let is_refusal = append.stream == StreamId::from(LedgerStream::Refusals);
        is_refusal.then(|| full.into())
    });
    let error = world.ledger.submit(id, wish(1, assign())).unwrap_err();
    assert!(matches!(error, LedgerError::Store(error) if error.kind() == StoreErrorKind::Io));
    assert!(world.ledger.submit(id, wish(1, note("asked"))).is_ok());
}

#[test]
fn the_command_id_of_a_refusal_is_no_other_commands() {
    let world = in_memory();
    let id = received(&world);
    let wanted = Command::from(close(CloseReason::Satisfied));
    let rejection = Rejection::SatisfactionUnknown;
    let refused = Refused::new(Some(id), &wanted, &rejection);
    let taken = refused.command_id(command(1), &handler());

    // Before the refusal: somebody has guessed its id and used it for a note.
    let noted = Submission {
        command_id: Some(taken),
        ..wish(1, note("asked"))
    };
    let other = received(&world);
    assert!(world.ledger.submit(other, noted.clone()).unwrap().is_ok());
    let error = world.ledger.submit(id, wish(1, wanted.clone()));
    let error = error.unwrap_err();
    assert!(
        matches!(&error, LedgerError::Append(AppendError::CommandReused { command, .. }) if *command == taken),
        "{error}"
    );
    assert_eq!(world.refusals(), []);

    // After it: the id is taken.
    let refused = world.ledger.submit(id, wish(2, wanted)).unwrap();
    assert!(refused.is_err());
    let taken = Some(world.refusals()[0].command_id);
    let noted = Submission {
        command_id: taken,
        ..noted
    };
    let refused = world.ledger.submit(id, noted).unwrap();
    assert_eq!(refused, Err(Rejection::CommandReused));
}
