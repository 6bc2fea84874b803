//! Overseeing: what the ladder demands is recorded once, whoever asks and how often.

use redress::blocking::Ledger;
use redress::core::{ClockKind, Level};
use redress::event::{CloseReason, Closed};
use redress::sqlite::{Options, SqliteStore};
use redress::store::{EventStore, MemoryStore};
use redress::{Actor, ComplaintId, LedgerEvent, Policy, Rejection, Span, WhyNotOverseen};

use crate::wishes::{agent, classify, receive};
use crate::world::{LEDGER, World, ledger_on, on_both_stores, start};

fn overseer(person: &str) -> Actor {
    Actor::system(person.parse().unwrap(), "system".parse().unwrap())
}

/// Receives so many complaints at this moment.
fn received<S: EventStore>(world: &World<S>, count: usize) -> Vec<ComplaintId> {
    let ids = (0..count).map(|_| {
        let receipt = world.ledger.receive(receive(), &agent());
        receipt.unwrap().unwrap().complaint_id
    });
    let mut ids: Vec<ComplaintId> = ids.collect();
    ids.sort_unstable();
    ids
}

fn level<S: EventStore>(world: &World<S>, id: ComplaintId) -> Level {
    world.ledger.complaint(id).unwrap().case().unwrap().level
}

on_both_stores!(
    what_the_ladder_demands_is_recorded_once,
    closed_complaints_are_left_alone,
    a_trial_records_nothing,
    two_who_oversee_at_once_record_one_escalation,
);

/// Acknowledge and assignment have 24 hours: level 1 when they are used up, level 2 at hour 36. Nobody has either complaint.
fn what_the_ladder_demands_is_recorded_once<S: EventStore>(world: &World<S>) {
    let ids = received(world, 2);
    world
        .ledger
        .execute(ids[1], classify("delivery/delay"), &agent())
        .unwrap()
        .unwrap();
    let by = overseer("overseer");
    let escalated = || {
        let oversight = world.ledger.oversee(&by).unwrap();
        assert!(oversight.failures.is_empty());
        let complaints = oversight.escalations.iter().map(|done| done.complaint);
        complaints.collect::<Vec<_>>()
    };
    world.clock.advance(Span::hours(23));
    assert_eq!(escalated(), []);
    world.clock.advance(Span::hours(1));
    assert_eq!(escalated(), ids);
    let before = world.entries();
    assert_eq!(escalated(), []);
    assert_eq!(world.entries(), before);
    world.clock.advance(Span::hours(12));
    assert_eq!(escalated(), ids);
    assert_eq!(escalated(), []);
    for id in ids {
        assert_eq!(level(world, id), Level::new(2));
    }
    assert_eq!(world.refusals().len(), 0);
}

fn closed_complaints_are_left_alone<S: EventStore>(world: &World<S>) {
    let ids = received(world, 2);
    let withdrawn = Closed::new(CloseReason::Withdrawn);
    world
        .ledger
        .execute(ids[0], withdrawn, &agent())
        .unwrap()
        .unwrap();
    world.clock.advance(Span::days(30));
    let oversight = world.ledger.oversee(&overseer("overseer")).unwrap();
    assert_eq!(oversight.escalations.len(), 1);
    assert_eq!(oversight.escalations[0].complaint, ids[1]);
    assert!(
        oversight
            .notices
            .iter()
            .all(|notice| notice.complaint == ids[1])
    );
}

/// At hour 12 half of acknowledge and of assignment is used.
fn a_trial_records_nothing<S: EventStore>(world: &World<S>) {
    let ids = received(world, 1);
    world.clock.advance(Span::hours(12));
    let trial = world.ledger.demands().unwrap();
    assert_eq!(trial.at, start() + Span::hours(12));
    let told: Vec<_> = trial
        .notices
        .iter()
        .map(|due| (due.complaint, due.notice.clock, due.notice.percent))
        .collect();
    assert_eq!(
        told,
        [
            (ids[0], ClockKind::Acknowledge, 50),
            (ids[0], ClockKind::Assignment, 50)
        ]
    );
    world.clock.advance(Span::hours(12));
    let trial = world.ledger.demands().unwrap();
    assert_eq!(trial.escalations.len(), 1);
    assert_eq!(trial.escalations[0].demand.level, Level::new(1));
    assert_eq!(world.len(), 1);
}

fn two_who_oversee_at_once_record_one_escalation<S: EventStore>(world: &World<S>) {
    let ids = received(world, 16);
    world.clock.advance(Span::hours(24));
    let done: Vec<usize> = std::thread::scope(|scope| {
        let threads = ["one", "two"].map(|person| {
            let ledger = world.ledger.clone();
            scope.spawn(move || {
                let oversight = ledger.oversee(&overseer(person)).unwrap();
                assert!(oversight.failures.is_empty(), "{:?}", oversight.failures);
                oversight.escalations.len()
            })
        });
        threads.map(|thread| thread.join().unwrap()).to_vec()
    });
    assert_eq!(done.iter().sum::<usize>(), ids.len());
    assert_eq!(world.len(), 2 * 16);
    assert_eq!(world.refusals().len(), 0);
}

/// A role that may not escalate: each complaint is told, none stops the next, and each refusal is recorded once.
#[test]
fn what_is_refused_is_told_and_recorded_once() {
    let policy = "version = \"desk\"\nextends = \"standard\"\n\
        [[authority]]\nrole = \"agent\"\ncommands = [\"receive\", \"classify\", \"assign\", \"resolve\", \"give_feedback\"]\n\
        [[authority]]\nrole = \"supervisor\"\ncommands = [\"amend\", \"adopt_policy\"]\n";
    let policy = Policy::parse(policy, "desk.toml").unwrap();
    let world = World::under(MemoryStore::new(LEDGER), policy);
    let ids = received(&world, 3);
    world.clock.advance(Span::hours(24));
    for _ in 0..2 {
        let oversight = world.ledger.oversee(&overseer("overseer")).unwrap();
        assert_eq!(oversight.escalations, []);
        let failed: Vec<ComplaintId> = oversight
            .failures
            .iter()
            .map(|failure| failure.complaint)
            .collect();
        assert_eq!(failed, ids);
        for failure in oversight.failures {
            let refused = WhyNotOverseen::Refused(Rejection::NotPermitted {
                role: "system".parse().unwrap(),
                command: "escalate",
            });
            assert_eq!(failure.why.to_string(), refused.to_string());
        }
    }
    let refusals = world.refusals();
    assert_eq!(refusals.len(), 3);
    for refusal in refusals {
        let LedgerEvent::Refused(refused) = refusal.event else {
            panic!("a refusal");
        };
        assert_eq!(&*refused.command, "escalate");
    }
}

/// The file is opened anew, with views that are empty, as by a program that starts again.
#[test]
fn a_program_that_starts_again_sees_that_it_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let first = World::on(SqliteStore::create(&path, LEDGER, Options::default()).unwrap());
    let clock = first.clock.clone();
    received(&first, 1);
    clock.advance(Span::hours(24));
    let done = |ledger: &Ledger<SqliteStore>, by: &str| {
        let oversight = ledger.oversee(&overseer(by)).unwrap();
        oversight.escalations.len()
    };
    assert_eq!(done(&first.ledger, "one"), 1);
    drop(first);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let again = ledger_on(store, Policy::standard(), &clock);
    assert_eq!(done(&again, "two"), 0);
}
