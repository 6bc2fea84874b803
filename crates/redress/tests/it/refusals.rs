//! A refused command adds nothing to a complaint, and at most its refusal to the ledger; an accepted one adds what its receipt says, where it says.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{TestCaseError, TestRunner};
use redress::store::EventStore;
use redress::{Actor, CommandId, Complaint, ComplaintId, LedgerEvent, LedgerRecorded, Rejection};

use crate::histories::{Step, config, next_wish, steps};
use crate::world::{World, in_memory, in_sqlite};

/// What happened along a history.
#[derive(Default)]
struct Seen {
    facts: BTreeSet<&'static str>,
    states: BTreeSet<&'static str>,
    rejections: BTreeSet<&'static str>,
    repeated: usize,
    nothing_to_add: usize,
}

fn check<S: EventStore>(
    world: &World<S>,
    steps: &[Step],
    seen: &mut Seen,
) -> Result<(), TestCaseError> {
    let mut handed = Vec::new();
    for step in steps {
        let (id, wish) = next_wish(world, &handed, *step);
        handed.push((id, wish.clone()));
        let command = wish.command_id.unwrap();
        let actor = wish.actor.clone();
        let (before, refused_before) = (world.len(), world.refusals());
        let outcome = world.ledger.submit(id, wish).unwrap();
        let added = world.len() - before;
        check_refusal(id, &actor, &outcome, &refused_before, &world.refusals())?;
        match &outcome {
            Err(rejection) => {
                prop_assert_eq!(added, 0, "{}", rejection);
                seen.rejections.insert(rejection.code());
            }
            Ok(receipt) => {
                prop_assert_eq!(receipt.complaint_id, id);
                prop_assert_eq!(receipt.command_id, command);
                let facts = receipt.recorded.map_or(0, |place| place.facts);
                let expected = if receipt.repeated { 0 } else { facts };
                prop_assert_eq!(added, u64::try_from(expected).unwrap());
                seen.repeated += usize::from(receipt.repeated);
                seen.nothing_to_add += usize::from(receipt.recorded.is_none());
            }
        }
        check_place(world, command, &outcome)?;
        seen.states
            .insert(world.ledger.complaint(id).unwrap().state().name());
    }
    for fact in (0..3).flat_map(|n| {
        world
            .ledger
            .history(crate::wishes::complaint(n + 1))
            .unwrap()
    }) {
        seen.facts.insert(fact.event.event_type().name());
    }
    Ok(())
}

/// A refusal is recorded, unless it was before; an accepted command records none.
fn check_refusal(
    id: ComplaintId,
    actor: &Actor,
    outcome: &redress::Outcome,
    before: &[LedgerRecorded],
    after: &[LedgerRecorded],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(&after[..before.len()], before);
    let added = &after[before.len()..];
    let Err(rejection) = outcome else {
        prop_assert_eq!(added, []);
        return Ok(());
    };
    let tells_of_it = |refusal: &LedgerRecorded| {
        let LedgerEvent::Refused(refused) = &refusal.event else {
            return false;
        };
        refused.rejection == rejection.code()
            && refused.complaint.is_none_or(|complaint| complaint == id)
            && refusal.actor == *actor
    };
    prop_assert!(added.len() <= 1);
    prop_assert!(added.iter().all(tells_of_it));
    prop_assert!(after.iter().any(tells_of_it));
    Ok(())
}

/// The receipt names the entries of the command, and no others.
fn check_place<S: EventStore>(
    world: &World<S>,
    command: CommandId,
    outcome: &redress::Outcome,
) -> Result<(), TestCaseError> {
    let entries = world.entries();
    let stored: Vec<_> = entries
        .iter()
        .filter(|entry| entry.content.command_id == command)
        .collect();
    match outcome {
        Ok(receipt) => {
            let place = receipt.recorded;
            prop_assert_eq!(stored.len(), place.map_or(0, |place| place.facts));
            if let (Some(place), Some(first)) = (place, stored.first()) {
                prop_assert_eq!(first.position, place.position);
                prop_assert_eq!(first.version, place.version);
                prop_assert_eq!(first.recorded_at, place.recorded_at);
                prop_assert_eq!(first.stream, receipt.complaint_id.into());
            }
        }
        Err(Rejection::CommandReused) => prop_assert!(!stored.is_empty()),
        // A wish that is refused for itself may stand under an id that was used elsewhere.
        Err(_) => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn the_head_moves_by_what_receipts_say(steps in steps(50)) {
        check(&in_memory(), &steps, &mut Seen::default())?;
    }
}

proptest! {
    // Every append waits for the disk.
    #![proptest_config(config(6))]

    #[test]
    fn the_head_of_a_file_moves_by_what_receipts_say(steps in steps(50)) {
        check(&in_sqlite(), &steps, &mut Seen::default())?;
    }
}

/// Otherwise the laws prove nothing.
#[test]
fn random_histories_get_around() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    for _ in 0..200 {
        let steps = steps(50).new_tree(&mut runner).unwrap().current();
        check(&in_memory(), &steps, &mut seen).unwrap();
    }
    // All but extensions, which change no more than a clock.
    assert_eq!(seen.facts.len(), 15, "{:?}", seen.facts);
    assert_eq!(seen.states.len(), 7, "{:?}", seen.states);
    assert!(seen.rejections.len() >= 12, "{:?}", seen.rejections);
    assert!(seen.rejections.contains(Rejection::CommandReused.code()));
    assert!(seen.repeated > 10, "{}", seen.repeated);
    assert!(seen.nothing_to_add > 3, "{}", seen.nothing_to_add);
}

#[test]
fn a_command_for_nobody_is_refused() {
    let world = in_memory();
    let unknown = crate::wishes::complaint(1);
    let wish = crate::wishes::wish(1, crate::wishes::note("where is it?"));
    let refused = world.ledger.submit(unknown, wish).unwrap();
    assert_eq!(refused, Err(Rejection::NotReceived));
    assert_eq!(world.len(), 0);
    assert_eq!(world.ledger.complaint(unknown).unwrap(), Complaint::Absent);
    assert_eq!(world.ledger.history(unknown).unwrap(), []);
}
