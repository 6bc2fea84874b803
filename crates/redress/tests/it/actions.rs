//! Improvement actions through the ledger: opened, worked on, repeated, decided again, refused, read and shown.

use std::collections::BTreeSet;
use std::sync::Barrier;

use redress::action::{
    Alert, AlertLevel, Assigned, Done, Effective, Evaluated, Figure, FigureValue, Opened, Origin,
    Owner,
};
use redress::causes::ActionGroup;
use redress::core::action::ActionState;
use redress::store::EventStore;
use redress::{
    Action, ActionCommand, ActionId, Actor, LedgerError, LedgerEvent, Policy, Rejection, Span,
    Submission, Timestamp,
};
use uuid::Uuid;

use crate::meddled::Meddled;
use crate::wishes::{
    agent, classify, command, complaint, duplicate_of, handler, note, receive, wish,
};
use crate::world::{Shown, World, ledger_on, on_both_stores, start};

on_both_stores!(
    an_action_from_opening_to_its_effect,
    the_same_warning_opens_one_action,
    a_wish_handed_in_twice_is_recorded_once,
    a_command_id_belongs_to_one_history,
    a_refusal_names_the_action_and_is_recorded_once,
    an_action_is_about_complaints_that_exist,
    complaints_and_actions_are_not_taken_for_each_other,
    one_of_many_who_finish_an_action_at_once_does,
    actions_among_complaints_change_no_view_of_complaints,
);

fn h(hours: i64) -> Timestamp {
    start() + Span::hours(hours)
}

/// Whoever opens actions and evaluates them.
fn chief() -> Actor {
    let role = "quality_manager".parse().unwrap();
    Actor::human(
        "chen.jie".parse().unwrap(),
        role,
        "quality".parse().unwrap(),
    )
}

fn opened() -> Opened {
    Opened::against(
        "service/delivery_failure".parse().unwrap(),
        "a second carrier",
    )
}

fn warned(measure: &str) -> Opened {
    let alert = Alert {
        rule: "overdue".parse().unwrap(),
        level: AlertLevel::Red,
        group: Some("logistics".parse().unwrap()),
        raised_at: h(-1),
    };
    Opened::new(Origin::Alert(alert), measure)
}

fn assigned(due: Timestamp) -> Assigned {
    let owner = Owner {
        department: "logistics".parse().unwrap(),
        person: handler().id,
    };
    Assigned { owner, due }
}

fn done(result: &str) -> Done {
    Done {
        result: result.to_owned(),
    }
}

fn open<S: EventStore>(world: &World<S>) -> ActionId {
    let outcome = world.ledger.open_action(opened(), &chief()).unwrap();
    outcome.unwrap().action_id
}

fn in_progress<S: EventStore>(world: &World<S>) -> ActionId {
    let id = open(world);
    let receipt = world.ledger.act(id, assigned(h(48)), &chief()).unwrap();
    receipt.unwrap();
    id
}

fn wanted(number: u128, what: impl Into<ActionCommand>) -> Submission<ActionCommand> {
    Submission {
        command_id: Some(command(number)),
        ..Submission::about_action(what, handler())
    }
}

fn an_action_from_opening_to_its_effect<S: EventStore>(world: &World<S>) {
    let ledger = &world.ledger;
    let id = in_progress(world);
    world.clock.advance(Span::hours(50));
    let views = ledger.views().unwrap();
    let row = &views.causes.actions(h(50))[0];
    assert_eq!(
        (row.id, row.state, row.is_overdue),
        (id, ActionState::Assigned, true)
    );
    drop(views);
    ledger
        .act(id, done("every second parcel"), &handler())
        .unwrap()
        .unwrap();
    world.clock.advance(Span::hours(50));
    let long = |days, from, to| Figure {
        value: FigureValue::Span(Span::days(days)),
        from: h(from),
        to: h(to),
    };
    let evaluated = Evaluated {
        effective: Effective::Yes,
        metric: "days_to_resolve".parse().unwrap(),
        before: long(4, -100, 0),
        after: long(2, 50, 100),
    };
    let own = ledger.act(id, evaluated.clone(), &handler()).unwrap();
    assert_eq!(own, Err(Rejection::EvaluatorIsOwner));
    let receipt = ledger
        .act(id, evaluated.clone(), &chief())
        .unwrap()
        .unwrap();
    let place = receipt.recorded.unwrap();
    // The founding rules and one refusal stand before it.
    assert_eq!(
        (place.position.get(), place.version.get(), place.facts),
        (5, 4, 1)
    );
    assert_eq!((receipt.action_id, receipt.repeated), (id, false));

    let Action::Evaluated {
        case,
        assignment,
        evaluation,
        ..
    } = ledger.action(id).unwrap()
    else {
        panic!("not evaluated")
    };
    assert_eq!((case.opened_at, case.opened), (h(0), opened()));
    assert_eq!((assignment.due, assignment.round), (h(48), 1));
    assert_eq!((evaluation.fact, evaluation.at), (evaluated, h(100)));
    let history = ledger.action_history(id).unwrap();
    let versions: Vec<u64> = history.iter().map(|fact| fact.version.get()).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    let views = ledger.views().unwrap();
    let by_cause = views.causes.action_counts(ActionGroup::Cause, h(100));
    assert_eq!(by_cause.len(), 1);
    assert_eq!(
        (by_cause[0].counts.effective, by_cause[0].counts.late),
        (1, 1)
    );
}

fn the_same_warning_opens_one_action<S: EventStore>(world: &World<S>) {
    let first = world
        .ledger
        .open_action(warned("x"), &chief())
        .unwrap()
        .unwrap();
    world.clock.advance(Span::hours(1));
    let again = world
        .ledger
        .open_action(warned("x"), &chief())
        .unwrap()
        .unwrap();
    assert_eq!(
        (again.action_id, again.recorded),
        (first.action_id, first.recorded)
    );
    assert!(again.repeated && !first.repeated);
    let other = world.ledger.open_action(warned("y"), &chief()).unwrap();
    assert_eq!(other, Err(Rejection::ActionAlreadyOpened));
    assert_eq!(
        world.ledger.action_history(first.action_id).unwrap().len(),
        1
    );
    assert_ne!(
        open(world),
        open(world),
        "without a warning each is its own"
    );
}

fn a_wish_handed_in_twice_is_recorded_once<S: EventStore>(world: &World<S>) {
    let id = in_progress(world);
    let wish = wanted(1, done("x"));
    let first = world
        .ledger
        .submit_action(id, wish.clone())
        .unwrap()
        .unwrap();
    world.clock.advance(Span::hours(1));
    let again = world
        .ledger
        .submit_action(id, wish.clone())
        .unwrap()
        .unwrap();
    assert_eq!(again.recorded, first.recorded);
    assert!(again.repeated);
    for other in [
        wanted(1, done("y")),
        Submission {
            actor: agent(),
            ..wish.clone()
        },
        Submission {
            occurred_at: Some(h(9)),
            ..wish
        },
    ] {
        let outcome = world.ledger.submit_action(id, other).unwrap();
        assert_eq!(outcome, Err(Rejection::CommandReused));
    }
    assert_eq!(world.ledger.action_history(id).unwrap().len(), 3);
}

fn a_command_id_belongs_to_one_history<S: EventStore>(world: &World<S>) {
    let letter = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let noted = world
        .ledger
        .submit(letter.complaint_id, wish(1, note("seen")))
        .unwrap();
    assert!(noted.is_ok());
    let (one, two) = (in_progress(world), in_progress(world));
    let reused = Err(Rejection::CommandReused);
    assert_eq!(
        world
            .ledger
            .submit_action(one, wanted(1, done("x")))
            .unwrap(),
        reused
    );
    assert!(
        world
            .ledger
            .submit_action(one, wanted(2, done("x")))
            .unwrap()
            .is_ok()
    );
    assert_eq!(
        world
            .ledger
            .submit_action(two, wanted(2, done("x")))
            .unwrap(),
        reused
    );
    let again = world
        .ledger
        .submit(letter.complaint_id, wish(2, note("seen")))
        .unwrap();
    assert_eq!(again.unwrap_err(), Rejection::CommandReused);
}

fn a_refusal_names_the_action_and_is_recorded_once<S: EventStore>(world: &World<S>) {
    let id = open(world);
    for _ in 0..2 {
        let outcome = world
            .ledger
            .submit_action(id, wanted(1, done("x")))
            .unwrap();
        let state = ActionState::Opened;
        let command = "complete_action";
        assert_eq!(
            outcome,
            Err(Rejection::NotInThisActionState { command, state })
        );
    }
    let nobody = ActionId::new(Uuid::from_u128(5));
    let outcome = world.ledger.act(nobody, done("x"), &handler()).unwrap();
    assert_eq!(outcome, Err(Rejection::ActionNotOpened));
    let refusals = world.refusals();
    let told: Vec<_> = refusals
        .iter()
        .map(|refusal| {
            let LedgerEvent::Refused(it) = &refusal.event else {
                panic!("a refusal");
            };
            assert_eq!(it.complaint, None);
            (it.action, &*it.command, &*it.rejection)
        })
        .collect();
    let expected = [
        (Some(id), "complete_action", "not_in_this_action_state"),
        (None, "complete_action", "action_not_opened"),
    ];
    assert_eq!(told, expected);
    // The same refusal of another action is another one.
    let other = open(world);
    assert!(
        world
            .ledger
            .submit_action(other, wanted(1, done("x")))
            .unwrap()
            .is_err()
    );
    assert_eq!(world.refusals().len(), 3);
}

fn an_action_is_about_complaints_that_exist<S: EventStore>(world: &World<S>) {
    let letter = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let about = |ids: &[_]| Opened {
        complaints: ids.iter().copied().collect::<BTreeSet<_>>(),
        ..Opened::new(Origin::Complaint, "call the carrier")
    };
    let known = letter.complaint_id;
    let good = world.ledger.open_action(about(&[known]), &chief()).unwrap();
    let action = good.unwrap().action_id;
    let an_action = redress::ComplaintId::new(action.as_uuid());
    for ids in [&[known, complaint(9)][..], &[an_action]] {
        let outcome = world.ledger.open_action(about(ids), &chief()).unwrap();
        assert_eq!(outcome, Err(Rejection::LinkTargetUnknown));
    }
}

fn complaints_and_actions_are_not_taken_for_each_other<S: EventStore>(world: &World<S>) {
    let letter = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let action = open(world);
    let no_complaint = redress::ComplaintId::new(action.as_uuid());
    let no_action = ActionId::new(letter.complaint_id.as_uuid());
    let before = world.entries().len();
    let error = world
        .ledger
        .execute(no_complaint, classify("price"), &agent())
        .unwrap_err();
    assert!(
        matches!(error, LedgerError::NotAComplaint(id) if id == no_complaint),
        "{error}"
    );
    assert!(world.ledger.complaint(no_complaint).is_err());
    let error = world
        .ledger
        .act(no_action, done("x"), &handler())
        .unwrap_err();
    assert!(
        matches!(error, LedgerError::NotAnAction(id) if id == no_action),
        "{error}"
    );
    assert!(world.ledger.action(no_action).is_err());
    let refusals = ActionId::new(redress::core::LedgerStream::Refusals.as_uuid());
    let error = world
        .ledger
        .act(refusals, done("x"), &handler())
        .unwrap_err();
    assert!(matches!(error, LedgerError::NotAnAction(_)), "{error}");
    assert_eq!(world.entries().len(), before);
    let link = duplicate_of(no_complaint);
    let outcome = world
        .ledger
        .execute(letter.complaint_id, link, &agent())
        .unwrap();
    assert_eq!(outcome.unwrap_err(), Rejection::LinkTargetUnknown);
}

fn one_of_many_who_finish_an_action_at_once_does<S: EventStore>(world: &World<S>) {
    const THREADS: u128 = 8;
    let id = in_progress(world);
    let barrier = Barrier::new(8);
    let accepted: usize = std::thread::scope(|scope| {
        let work = |thread| {
            barrier.wait();
            let outcome = world
                .ledger
                .submit_action(id, wanted(thread, done("x")))
                .unwrap();
            usize::from(outcome.is_ok())
        };
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).sum()
    });
    assert_eq!(accepted, 1);
    assert_eq!(world.ledger.action_history(id).unwrap().len(), 3);
    assert_eq!(world.refusals().len(), 7);
}

fn actions_among_complaints_change_no_view_of_complaints<S: EventStore>(world: &World<S>) {
    let letter = world.ledger.receive(receive(), &agent()).unwrap().unwrap();
    let id = in_progress(world);
    world
        .ledger
        .execute(letter.complaint_id, classify("delivery/delay"), &agent())
        .unwrap()
        .unwrap();
    world
        .ledger
        .act(id, done("x"), &handler())
        .unwrap()
        .unwrap();
    let shown = Shown::of(&world.ledger.views().unwrap());
    assert_eq!(shown.facts(), 2, "facts of complaints in the archive");
    assert_eq!(shown, Shown::anew(&world.ledger, None));
    // As of the time before all of it there is nothing to show.
    let before = Shown::anew(&world.ledger, Some(h(-1)));
    assert_eq!(before.facts(), 0);
}

/// Another gives it to somebody else just before it is recorded that it was done.
#[test]
fn a_decision_about_an_action_is_made_anew_after_a_conflict() {
    let store = Meddled::new();
    let shared = store.shared();
    let world = World::on(store);
    let rival = ledger_on(shared, Policy::standard(), &world.clock);
    let id = in_progress(&world);
    let mut acted = false;
    world.ledger.as_async().store().meddle(move |_| {
        if !std::mem::replace(&mut acted, true) {
            assert!(rival.act(id, assigned(h(60)), &chief()).unwrap().is_ok());
        }
        None
    });
    let receipt = world
        .ledger
        .act(id, done("x"), &handler())
        .unwrap()
        .unwrap();
    assert_eq!(receipt.recorded.unwrap().version.get(), 4);
    let action = world.ledger.action(id).unwrap();
    assert_eq!(action.assignment().unwrap().due, h(60));
    assert_eq!(action.state(), ActionState::Done);
}
