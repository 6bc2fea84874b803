//! Clocks that disagree, and facts told late.

use redress::event::FeedbackKind;
use redress::store::EventStore;
use redress::{Rejection, Span, Submission};

use crate::meddled::Meddled;
use crate::wishes::{agent, assign, classify, receive, resolve, tell, wish};
use crate::world::{World, ledger_on, on_both_stores, start};

on_both_stores!(
    a_clock_set_back_refuses_nobody,
    what_is_told_late_keeps_its_time,
);

/// What happens now never happens before what was recorded as having happened.
fn a_clock_set_back_refuses_nobody<S: EventStore>(world: &World<S>) {
    let World { ledger, clock, .. } = world;
    let id = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = id.complaint_id;
    clock.advance(Span::seconds(-30));
    let class = ledger.execute(id, classify("delivery/delay"), &agent());
    assert_eq!(
        class.unwrap().unwrap().recorded.unwrap().recorded_at,
        start()
    );
    clock.advance(Span::seconds(-30));
    ledger.execute(id, assign(), &agent()).unwrap().unwrap();
    let facts = ledger.history(id).unwrap();
    assert!(facts.iter().all(|fact| fact.occurred_at == start()));
    clock.advance(Span::seconds(61));
    let told = tell(FeedbackKind::Progress);
    ledger.execute(id, told, &agent()).unwrap().unwrap();
    let last = ledger.history(id).unwrap().pop().unwrap();
    assert_eq!(last.occurred_at, start() + Span::seconds(1));
}

fn what_is_told_late_keeps_its_time<S: EventStore>(world: &World<S>) {
    let World { ledger, clock, .. } = world;
    let id = ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = id.complaint_id;
    clock.advance(Span::hours(5));
    let at = |hours: i64, number| Submission {
        occurred_at: Some(start() + Span::hours(hours)),
        ..wish(number, classify("delivery/delay"))
    };
    let ahead = ledger.submit(id, at(6, 1)).unwrap();
    assert_eq!(ahead, Err(Rejection::OccurredInFuture));
    let before = ledger.submit(id, at(-1, 2)).unwrap();
    let previous = start();
    assert_eq!(before, Err(Rejection::OccurredBeforePrevious { previous }));
    ledger.submit(id, at(2, 3)).unwrap().unwrap();
    let fact = ledger.history(id).unwrap().pop().unwrap();
    assert_eq!(fact.occurred_at, start() + Span::hours(2));
    assert_eq!(fact.recorded_at, start() + Span::hours(5));
}

/// What another records while the history is being read must not make this command lie in the past.
#[test]
fn what_is_recorded_meanwhile_does_not_lie_ahead() {
    let store = Meddled::new();
    let shared = store.shared();
    let world = World::on(store);
    let rival = ledger_on(shared, redress::Policy::standard(), &world.clock);
    let id = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = id.complaint_id;
    let class = classify("delivery/delay");
    world.ledger.execute(id, class, &agent()).unwrap().unwrap();
    world
        .ledger
        .execute(id, assign(), &agent())
        .unwrap()
        .unwrap();
    let clock = world.clock.clone();
    let mut acted = false;
    world.ledger.as_async().store().before_reading(move || {
        if !std::mem::replace(&mut acted, true) {
            clock.advance(Span::minutes(1));
            let again = rival.execute(id, classify("price"), &agent()).unwrap();
            assert!(again.is_ok());
        }
    });
    let solved = world.ledger.submit(id, wish(1, resolve())).unwrap();
    assert_eq!(solved.unwrap().recorded.unwrap().version.get(), 5);
}
