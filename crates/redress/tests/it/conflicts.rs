//! Many who want something recorded about one complaint at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};

use redress::core::{Context, Rulebook, State, decide, evolve};
use redress::event::{CloseReason, FeedbackKind, Satisfaction};
use redress::store::{AppendError, EventStore, StoreError, StoreErrorKind};
use redress::{
    Command, CommandId, Complaint, ComplaintId, Event, LedgerError, Outcome, Policy, Recorded,
    Span, Submission, Version,
};

use crate::meddled::Meddled;
use crate::wishes::{
    agent, assign, classify, close, complaint, note, receive, resolve, revisit, tell, wish,
};
use crate::world::{World, ledger_on, on_both_stores};

const THREADS: u128 = 8;
const WISHES: u128 = 14;

on_both_stores!(
    each_decision_is_made_on_the_state_it_is_recorded_on,
    one_of_many_receipts_of_a_letter_takes_it_in,
);

/// Of each thread another order of the same fourteen kinds of wish.
fn wanted(thread: u128, number: u128) -> Submission {
    let what: Command = match (number * 5 + thread * 3) % WISHES {
        0 => receive().into(),
        1 | 2 => {
            classify(["price", "delivery/delay"][usize::from(thread.is_multiple_of(2))]).into()
        }
        3 | 4 => assign().into(),
        5 | 6 => resolve().into(),
        7 | 8 => tell(FeedbackKind::Result).into(),
        9 => revisit(Satisfaction::Dissatisfied).into(),
        10 => tell(FeedbackKind::Progress).into(),
        11 => close(CloseReason::Satisfied).into(),
        12 => note("seen").into(),
        _ => tell(FeedbackKind::Acknowledgement).into(),
    };
    wish(thread * 1000 + number, what)
}

fn each_decision_is_made_on_the_state_it_is_recorded_on<S: EventStore>(world: &World<S>) {
    let id = complaint(1);
    world
        .ledger
        .submit(id, wish(1, receive()))
        .unwrap()
        .unwrap();
    let barrier = Barrier::new(usize::try_from(THREADS).unwrap());
    let outcomes: Vec<(Submission, Outcome)> = std::thread::scope(|scope| {
        let work = |thread| {
            barrier.wait();
            let each = (0..WISHES).map(move |number| {
                world.clock.advance(Span::seconds(1));
                let wish = wanted(thread + 1, number);
                let outcome = world.ledger.submit(id, wish.clone()).unwrap();
                (wish, outcome)
            });
            each.collect::<Vec<_>>()
        };
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        threads
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let facts = world.ledger.history(id).unwrap();
    check_receipts(&facts, &outcomes);
    check_decisions(&facts, &outcomes);
    assert!(outcomes.iter().any(|(_, outcome)| outcome.is_err()));
}

/// What was acknowledged is there, where it was said to be, and nothing else is.
fn check_receipts(facts: &[Recorded], outcomes: &[(Submission, Outcome)]) {
    let versions = facts.iter().map(|fact| fact.version.get());
    assert!(versions.eq(1..=u64::try_from(facts.len()).unwrap()));
    let mut acknowledged = 1; // the receipt of the complaint
    for place in outcomes
        .iter()
        .filter_map(|(_, outcome)| outcome.as_ref().ok()?.recorded)
    {
        let index = usize::try_from(place.version.get() - 1).unwrap();
        assert_eq!(facts[index].position, place.position);
        acknowledged += place.facts;
    }
    assert_eq!(facts.len(), acknowledged);
}

/// Decided again on what came before, each command leads to the very facts that were recorded.
fn check_decisions(facts: &[Recorded], outcomes: &[(Submission, Outcome)]) {
    let wishes: BTreeMap<CommandId, &Submission> = outcomes
        .iter()
        .map(|(wish, _)| (wish.command_id.unwrap(), wish))
        .collect();
    let policy = Policy::standard();
    let rules = Rulebook::fixed(policy.clone());
    let mut state = Complaint::Absent;
    for run in facts.chunk_by(|one, next| one.command_id == next.command_id) {
        if let Some(wish) = wishes.get(&run[0].command_id) {
            let context = Context {
                now: run[0].recorded_at,
                occurred_at: run[0].occurred_at,
                actor: &wish.actor,
                policy: &policy,
                rules: &rules,
                target: None,
            };
            let expected = decide(&state, &wish.command, &context).unwrap();
            let recorded: Vec<Event> = run.iter().map(|fact| fact.event.clone()).collect();
            assert_eq!(recorded, expected);
        }
        state = run.iter().try_fold(state, evolve).unwrap();
    }
}

fn one_of_many_receipts_of_a_letter_takes_it_in<S: EventStore>(world: &World<S>) {
    let barrier = Barrier::new(8);
    let receipts: Vec<redress::Receipt> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    barrier.wait();
                    let letter = crate::wishes::letter("A-17");
                    world.ledger.receive(letter, &agent()).unwrap().unwrap()
                })
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(receipts.iter().filter(|it| !it.repeated).count(), 1);
    assert!(
        receipts
            .windows(2)
            .all(|two| two[0].recorded == two[1].recorded)
    );
    assert_eq!(world.len(), 1);
}

fn conflict(_: &redress::store::Append) -> Option<AppendError> {
    let actual = Some(Version::FIRST);
    Some(AppendError::Conflict { actual })
}

/// A complaint, and a store that lets the first `conflicts` appends find another version.
fn contended(conflicts: u32) -> (World<Meddled>, ComplaintId, Arc<AtomicU32>) {
    let world = World::on(Meddled::new());
    let id = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let tried = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&tried);
    world.ledger.as_async().store().meddle(move |append| {
        let before = count.fetch_add(1, Ordering::SeqCst);
        (before < conflicts).then(|| conflict(append)).flatten()
    });
    (world, id.complaint_id, tried)
}

#[test]
fn a_decision_is_made_anew_thirty_two_times() {
    let (world, id, tried) = contended(31);
    let outcome = world.ledger.submit(id, wish(1, note("asked"))).unwrap();
    assert!(outcome.is_ok());
    assert_eq!(tried.load(Ordering::SeqCst), 32);
    assert_eq!(world.len(), 2);
}

#[test]
fn whoever_never_gets_through_is_told() {
    let (world, id, tried) = contended(u32::MAX);
    let error = world.ledger.submit(id, wish(1, note("asked"))).unwrap_err();
    assert!(matches!(error, LedgerError::Contended { attempts: 32 }));
    assert!(error.to_string().contains("try again"), "{error}");
    assert_eq!(tried.load(Ordering::SeqCst), 32);
    assert_eq!(world.len(), 1);
}

/// The state changed between the decision and the append: the decision is made anew, on what is there now.
#[test]
fn a_decision_on_a_state_that_has_gone_is_not_recorded() {
    let store = Meddled::new();
    let shared = store.shared();
    let world = World::on(store);
    let rival = ledger_on(shared, Policy::standard(), &world.clock);
    let id = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = id.complaint_id;
    let mut acted = false;
    world.ledger.as_async().store().meddle(move |_| {
        if !std::mem::replace(&mut acted, true) {
            let withdrawn = close(CloseReason::Withdrawn);
            assert!(rival.execute(id, withdrawn, &agent()).unwrap().is_ok());
        }
        None
    });
    let refused = world.ledger.execute(id, classify("price"), &agent());
    let refused = refused.unwrap().unwrap_err();
    assert_eq!(refused.code(), "not_in_this_state");
    let state = world.ledger.complaint(id).unwrap();
    assert_eq!(state.state(), State::Closed);
    assert_eq!(world.len(), 2);
}

#[test]
fn a_failure_of_the_store_is_told_as_one() {
    let (world, id, _) = contended(0);
    world.ledger.as_async().store().meddle(|_| {
        let full = StoreError::new(StoreErrorKind::Io, "the disk is full");
        Some(full.into())
    });
    let error = world.ledger.submit(id, wish(1, note("asked"))).unwrap_err();
    let LedgerError::Store(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.kind(), StoreErrorKind::Io);
}
