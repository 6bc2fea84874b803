//! History taken over in batches.

use proptest::prelude::*;
use redress::event::{CloseReason, FeedbackKind};
use redress::store::{AppendError, EventStore, InvalidAppend, MemoryStore};
use redress::{LedgerError, Rejection, Span, Submission};

use crate::histories::{Step, config, next_wish, steps};
use crate::wishes::{assign, classify, close, complaint, note, receive, resolve, tell, wish};
use crate::world::{World, of_complaints, on_both_stores, start};

on_both_stores!(
    a_batch_is_recorded_but_for_what_is_refused,
    nothing_to_take_over_is_fine,
    a_batch_twice_is_recorded_once,
);

/// Receives at hour 0, and so on; what stands at an hour before the one before it is refused.
fn batch() -> Vec<Submission> {
    let at = |hours: i64, wish| Submission {
        occurred_at: Some(start() + Span::hours(hours)),
        ..wish
    };
    vec![
        at(-99, wish(1, note("before there was anything"))),
        at(-90, wish(2, receive())),
        at(-90, wish(3, classify("delivery/delay"))),
        at(-95, wish(4, assign())),
        at(-80, wish(5, assign())),
        at(-70, wish(6, tell(FeedbackKind::Result))),
        at(-60, wish(7, resolve())),
        at(-50, wish(8, close(CloseReason::Waived))),
    ]
}

fn a_batch_is_recorded_but_for_what_is_refused<S: EventStore>(world: &World<S>) {
    let id = complaint(1);
    let outcomes = world.ledger.take_over(id, batch()).unwrap();
    let places: Vec<Result<u64, &str>> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(receipt) => Ok(receipt.recorded.unwrap().position.get()),
            Err(rejection) => Err(rejection.code()),
        })
        .collect();
    let previous = start() + Span::hours(-90);
    let expected = [
        Err(Rejection::NotReceived.code()),
        Ok(1),
        Ok(2),
        Err(Rejection::OccurredBeforePrevious { previous }.code()),
        Ok(3),
        Err("not_in_this_state"),
        Ok(4),
        Ok(5),
    ];
    assert_eq!(places, expected);
    for (entry, receipt) in of_complaints(world.entries())
        .iter()
        .zip(outcomes.iter().flatten())
    {
        assert_eq!(entry.content.command_id, receipt.command_id);
        assert_eq!(entry.version, receipt.recorded.unwrap().version);
        assert_eq!(entry.recorded_at, start());
    }
    assert_eq!(world.len(), 5);
}

fn nothing_to_take_over_is_fine<S: EventStore>(world: &World<S>) {
    assert_eq!(world.ledger.take_over(complaint(1), vec![]).unwrap(), []);
    let all_refused = vec![wish(1, note("nobody")), wish(2, resolve())];
    let outcomes = world.ledger.take_over(complaint(1), all_refused).unwrap();
    assert_eq!(outcomes, [const { Err(Rejection::NotReceived) }; 2]);
    assert_eq!(world.len(), 0);
}

fn a_batch_twice_is_recorded_once<S: EventStore>(world: &World<S>) {
    let first = world.ledger.take_over(complaint(1), batch()).unwrap();
    world.clock.advance(Span::days(1));
    let mut more = batch();
    more.push(wish(9, note("and one more")));
    let again = world.ledger.take_over(complaint(1), more).unwrap();
    for (first, again) in first.iter().zip(&again) {
        let (Ok(first), Ok(again)) = (first, again) else {
            assert_eq!(first.is_ok(), again.is_ok());
            continue;
        };
        assert!(again.repeated);
        assert_eq!(again.recorded, first.recorded);
    }
    assert_eq!(again[8].as_ref().unwrap().recorded.unwrap().facts, 1);
    assert_eq!(world.len(), 6);
}

#[test]
fn a_batch_with_a_part_that_is_too_large_is_not_recorded_at_all() {
    let world = crate::world::in_memory();
    let large = note(&"x".repeat(redress::store::MAX_PART_BYTES));
    let batch = vec![wish(1, receive()), wish(2, large)];
    let error = world.ledger.take_over(complaint(1), batch).unwrap_err();
    assert!(matches!(
        error,
        LedgerError::Append(AppendError::Invalid(InvalidAppend::PartTooLarge))
    ));
    assert_eq!(world.len(), 0);
}

/// The wishes of a history that concern the first complaint, as they come up when handed in one by one.
fn one_by_one(
    world: &World<MemoryStore>,
    steps: &[Step],
) -> (Vec<Submission>, Vec<redress::Outcome>) {
    let mut handed = Vec::new();
    let mut outcomes = Vec::new();
    for step in steps {
        let (id, wish) = next_wish(world, &handed, *step);
        // Time stands still within a batch, so every wish says when.
        let wish = Submission {
            occurred_at: wish.occurred_at.or(Some(world.ledger.as_async().now())),
            ..wish
        };
        handed.push((id, wish.clone()));
        outcomes.extend(world.ledger.take_over(id, vec![wish]).unwrap());
    }
    let wishes = handed.into_iter().map(|(_, wish)| wish).collect();
    (wishes, outcomes)
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn a_batch_is_its_commands_one_after_the_other(steps in steps(40), places in prop::collection::vec(any::<bool>(), 40)) {
        let apart = crate::world::in_memory();
        let steps: Vec<Step> = steps.into_iter().map(Step::about_the_first).collect();
        let (wishes, expected) = one_by_one(&apart, &steps);

        let together = crate::world::in_memory();
        together.clock.advance(Span::days(1000));
        let mut outcomes = Vec::new();
        let mut batch = Vec::new();
        for (wish, ends_here) in wishes.into_iter().zip(places) {
            batch.push(wish);
            if ends_here {
                let done = std::mem::take(&mut batch);
                outcomes.extend(together.ledger.take_over(complaint(1), done).unwrap());
            }
        }
        outcomes.extend(together.ledger.take_over(complaint(1), batch).unwrap());

        let place = |outcome: &redress::Outcome| outcome.as_ref().map(|receipt| {
            let place = receipt.recorded.map(|place| (place.version, place.facts));
            (receipt.repeated, place)
        }).map_err(Rejection::clone);
        let places = outcomes.iter().map(place).collect::<Vec<_>>();
        prop_assert_eq!(places, expected.iter().map(place).collect::<Vec<_>>());
        let contents = |world: &World<MemoryStore>| of_complaints(world.entries()).into_iter().map(|it| it.content).collect::<Vec<_>>();
        prop_assert_eq!(contents(&together), contents(&apart));
    }
}
