//! One matter brought twice, through two channels: found, tied, closed, and counted once (scenario 9, in the ledger).

use redress::archive::{Likeness, ProbableDuplicate};
use redress::causes::{CauseQuery, Dimension};
use redress::core::duty::{Duty, Task};
use redress::event::{
    AmendOutcome, Amended, AmendmentCause, CloseReason, InitialAssessment, Priority, Product,
    Received,
};
use redress::sla::BoardFilter;
use redress::store::EventStore;
use redress::{Channel, ComplaintId, Rejection, Span};

use crate::wishes::{agent, classify, close, complaint, duplicate_of, receive};
use crate::world::{World, on_both_stores, start};

on_both_stores!(
    a_matter_through_two_channels_is_found_tied_and_counted_once,
    a_suspicion_makes_two_warnings_of_one,
    a_letter_sent_twice_is_one_complaint_without_a_suspicion,
);

fn take_in<S: EventStore>(
    world: &World<S>,
    channel: Channel,
    product: Option<&str>,
) -> ComplaintId {
    let product = product.map(|code| Product {
        code: code.parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    });
    let initial = Some(InitialAssessment {
        nature: None,
        priority: Some(Priority::Normal),
    });
    let fact = Received {
        channel,
        product,
        initial,
        ..receive()
    };
    let outcome = world.ledger.receive(fact, &agent()).unwrap();
    outcome.unwrap().complaint_id
}

fn review_owed<S: EventStore>(world: &World<S>, id: ComplaintId) -> Option<Duty> {
    let owed = world.ledger.duties(id).unwrap();
    owed.into_iter()
        .find(|duty| duty.what == Task::ReviewRecord)
}

/// By app on Mon at 9:00, by telephone on Tue at 9:00: a day apart, both about delay. The second is tied to the first and
/// closed on Wed at 9:00.
fn a_matter_through_two_channels_is_found_tied_and_counted_once<S: EventStore>(world: &World<S>) {
    let World { ledger, clock, .. } = world;
    let by_app = take_in(world, Channel::MobileApp, Some("parcel"));
    clock.advance(Span::hours(24));
    let by_phone = take_in(world, Channel::PhoneHotline, None);
    // Nothing is known yet but the customer.
    assert_eq!(ledger.probable_duplicates(by_phone).unwrap(), []);
    for id in [by_app, by_phone] {
        let class = classify("delivery/delay");
        ledger.execute(id, class, &agent()).unwrap().unwrap();
    }
    let expected = ProbableDuplicate {
        complaint: by_phone,
        other: by_app,
        reasons: vec![Likeness::Category("delivery/delay".parse().unwrap())],
        apart: Span::hours(24),
        channels: [Channel::PhoneHotline, Channel::MobileApp],
        since: start() + Span::hours(24),
    };
    assert_eq!(ledger.probable_duplicates(by_phone).unwrap(), [expected]);

    let board = |world: &World<S>| {
        let views = world.ledger.views().unwrap();
        let board = views
            .sla
            .board(start() + Span::hours(100), &BoardFilter::default());
        board.rows.iter().map(|row| row.counts.overdue).sum::<u64>()
    };
    // Four days after the first: acknowledge (24 hours), first response (48) and assignment (24) of both.
    assert_eq!(board(world), 6);
    clock.advance(Span::hours(24));
    let of = CloseReason::Duplicate { of: by_app };
    let untied = ledger.execute(by_phone, close(of.clone()), &agent());
    assert_eq!(untied.unwrap(), Err(Rejection::NotLinkedAsDuplicate));
    for wish in [
        redress::Command::from(duplicate_of(by_app)),
        close(of).into(),
    ] {
        ledger.execute(by_phone, wish, &agent()).unwrap().unwrap();
    }

    for id in [by_app, by_phone] {
        assert_eq!(ledger.probable_duplicates(id).unwrap(), []);
    }
    assert_eq!(ledger.duties(by_phone).unwrap(), []);
    let case = ledger.complaint(by_phone).unwrap();
    let ended = |clock: &redress::core::Clock| {
        clock.end.as_ref().map(|end| end.how) == Some(redress::core::Ending::Cancelled)
    };
    assert!(case.case().unwrap().clocks.iter().all(ended));
    assert_eq!(board(world), 3);
    let views = ledger.views().unwrap();
    let counted = views
        .causes
        .counts(Dimension::Category, &CauseQuery::default());
    assert_eq!(counted.counted, 1);
}

/// No product is named: one warning. That the customer complained twice makes two.
fn a_suspicion_makes_two_warnings_of_one<S: EventStore>(world: &World<S>) {
    let World { ledger, clock, .. } = world;
    let first = take_in(world, Channel::MobileApp, None);
    let class = classify("delivery/delay");
    ledger
        .execute(first, class.clone(), &agent())
        .unwrap()
        .unwrap();
    assert_eq!(review_owed(world, first), None);
    clock.advance(Span::hours(10));
    let second = take_in(world, Channel::Sms, None);
    ledger.execute(second, class, &agent()).unwrap().unwrap();
    // 24 hours after the second came.
    let due = Some(start() + Span::hours(34));
    for id in [first, second] {
        assert_eq!(review_owed(world, id).unwrap().due, due);
    }
    // Whoever reviews one of them has seen the other.
    let review = Amended::check(AmendmentCause::ManualReview, AmendOutcome::Disputed);
    ledger.execute(second, review, &agent()).unwrap().unwrap();
    for id in [first, second] {
        assert_eq!(review_owed(world, id), None);
    }
    assert_eq!(ledger.duties(complaint(99)).unwrap(), []);
}

fn a_letter_sent_twice_is_one_complaint_without_a_suspicion<S: EventStore>(world: &World<S>) {
    let letter = crate::wishes::letter("A-1");
    let first = world
        .ledger
        .receive(letter.clone(), &agent())
        .unwrap()
        .unwrap();
    let again = world.ledger.receive(letter, &agent()).unwrap().unwrap();
    assert!(again.repeated);
    let id = first.complaint_id;
    assert_eq!(world.ledger.probable_duplicates(id).unwrap(), []);
    // The wish is the same, though the fact says what was flagged.
    let complaint = world.ledger.complaint(id).unwrap();
    assert_eq!(complaint.case().unwrap().checks.warnings.len(), 2);
}
