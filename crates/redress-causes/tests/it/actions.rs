//! Improvement actions in the view: worked examples, and what holds for every history.

use proptest::prelude::*;
use redress_causes::{ActionCounts, ActionGroup, CauseView, CountedActions};
use redress_core::action::{
    Action, ActionCommand, ActionContext, ActionEvent, ActionMisfit, ActionRecorded, ActionState,
    Alert, AlertLevel, Assigned, Cancelled, Done, Effective, Evaluated, Figure, FigureValue,
    Opened, Origin, Owner, decide_action, evolve_action,
};
use redress_core::{
    ActionId, Actor, CommandId, EventId, Policy, Position, Ratio, Recorded, Span, Version,
};
use redress_store::{Fact, Projection, ProjectionFault};

use crate::histories::{config, facts};
use crate::ledger::{as_facts, department, h, person};

fn action(index: usize) -> ActionId {
    ActionId::from_parts(h(0), [u8::try_from(index + 100).unwrap(); 10])
}

/// Actions and the facts recorded of them, in places that follow each other.
#[derive(Default)]
struct Actions {
    states: [Action; 4],
    facts: Vec<Fact>,
}

impl Actions {
    /// Records what is decided at an hour; whether it was accepted.
    fn tell(&mut self, hour: i64, index: usize, who: &str, command: ActionCommand) -> bool {
        let actor = Actor::human(person(who), "agent".parse().unwrap(), department("quality"));
        let context = ActionContext {
            now: h(hour),
            occurred_at: h(hour),
            actor: &actor,
            policy: &Policy::standard(),
            complaints_exist: true,
        };
        let Ok(events) = decide_action(&self.states[index], &command, &context) else {
            return false;
        };
        for event in events {
            let fact = self.recorded(hour, index, actor.clone(), event);
            self.states[index] = evolve_action(self.states[index].clone(), &fact).unwrap();
            self.facts.push(fact.into());
        }
        true
    }

    fn recorded(
        &self,
        hour: i64,
        index: usize,
        actor: Actor,
        event: ActionEvent,
    ) -> ActionRecorded {
        let last = self.states[index].case().map(|case| case.version);
        let command_id = CommandId::from_parts(h(hour), [7; 10]);
        ActionRecorded {
            event_id: EventId::derived(command_id, self.facts.len()),
            action_id: action(index),
            version: last.map_or(Version::FIRST, Version::next),
            position: Position::new(self.facts.len() as u64),
            occurred_at: h(hour),
            recorded_at: h(hour),
            actor,
            command_id,
            correlation_id: None,
            causation_id: None,
            schema: 1,
            event,
        }
    }
}

fn assign(to: &str, due: i64) -> ActionCommand {
    let owner = Owner {
        department: department(to),
        person: person("owner"),
    };
    Assigned { owner, due: h(due) }.into()
}

fn done() -> ActionCommand {
    let result = "as planned".to_owned();
    Done { result }.into()
}

fn evaluate(effective: Effective, hour: i64) -> ActionCommand {
    let share = |part, from, to| Figure {
        value: FigureValue::Ratio(Ratio::new(part, 100).unwrap()),
        from: h(from),
        to: h(to),
    };
    Evaluated {
        effective,
        metric: "late".parse().unwrap(),
        before: share(12, -48, 0),
        after: share(3, hour - 1, hour),
    }
    .into()
}

fn cancel() -> ActionCommand {
    let reason = "not needed".to_owned();
    Cancelled { reason }.into()
}

fn against(cause: &str) -> ActionCommand {
    Opened::against(cause.parse().unwrap(), "a second shift").into()
}

fn warned() -> ActionCommand {
    let alert = Alert {
        rule: "overdue".parse().unwrap(),
        level: AlertLevel::Red,
        group: Some("logistics".parse().unwrap()),
        raised_at: h(0),
    };
    Opened::new(Origin::Alert(alert), "call in the night shift").into()
}

const SLOW: &str = "service/slow_response";

fn folded(facts: &[Fact]) -> CauseView {
    let mut view = CauseView::new(Policy::standard());
    view.fold(facts).unwrap();
    view
}

/// Four actions: 0 against slow response, done late by the service department and without effect; 1 of a warning, with
/// logistics until hour 60; 2 against slow response, with nobody; 3 of a review, given up before anybody had it.
pub(crate) fn four_facts() -> Vec<Fact> {
    let mut actions = Actions::default();
    let review = Opened::new(Origin::Review, "a new form").into();
    for (hour, index, who, command) in [
        (0, 0, "chief", against(SLOW)),
        (1, 1, "chief", warned()),
        (2, 2, "chief", against(SLOW)),
        (3, 3, "chief", review),
        (4, 0, "chief", assign("service", 20)),
        (5, 1, "chief", assign("logistics", 60)),
        (6, 3, "chief", cancel()),
        (21, 0, "owner", done()),
        (50, 0, "chief", evaluate(Effective::No, 50)),
    ] {
        assert!(actions.tell(hour, index, who, command), "at {hour}");
    }
    actions.facts
}

fn four() -> CauseView {
    folded(&four_facts())
}

#[test]
fn a_row_tells_how_an_action_stands() {
    let rows = four().actions(h(61));
    let order: Vec<_> = rows.iter().map(|row| (row.id, row.state)).collect();
    let expected = [
        (action(2), ActionState::Opened),
        (action(1), ActionState::Assigned),
        (action(0), ActionState::Evaluated),
        (action(3), ActionState::Cancelled),
    ];
    assert_eq!(order, expected);
    let warned = &rows[1];
    assert_eq!(warned.origin.name(), "alert");
    assert_eq!(
        warned.owner.as_ref().unwrap().department,
        department("logistics")
    );
    assert_eq!((warned.due, warned.round), (Some(h(60)), 1));
    assert!(warned.is_overdue);
    assert!(
        !four().actions(h(60))[1].is_overdue,
        "at the due time itself"
    );
    let evaluated = &rows[2];
    assert_eq!(evaluated.cause.as_ref().unwrap().as_str(), SLOW);
    assert_eq!(evaluated.done_at, Some(h(21)));
    assert!(evaluated.was_late && !evaluated.is_overdue);
    assert_eq!(evaluated.effect.as_ref().unwrap().effective, Effective::No);
    assert_eq!(
        (rows[0].round, rows[0].due, &rows[0].owner),
        (0, None, &None)
    );
}

#[track_caller]
fn check(group: ActionGroup, at: i64, expected: &[(Option<&str>, ActionCounts)]) {
    let counted = four().action_counts(group, h(at));
    let found: Vec<_> = counted
        .iter()
        .map(|row| (row.value.as_deref(), row.counts))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn actions_are_counted_by_department_and_by_cause() {
    let none = ActionCounts::default();
    let overdue = ActionCounts {
        assigned: 1,
        overdue: 1,
        ..none
    };
    let failed = ActionCounts {
        ineffective: 1,
        late: 1,
        ..none
    };
    let unowned = ActionCounts {
        opened: 1,
        cancelled: 1,
        ..none
    };
    check(
        ActionGroup::OwnerDepartment,
        61,
        &[
            (None, unowned),
            (Some("logistics"), overdue),
            (Some("service"), failed),
        ],
    );
    let causeless = ActionCounts {
        cancelled: 1,
        ..overdue
    };
    let slow = ActionCounts {
        opened: 1,
        ..failed
    };
    check(
        ActionGroup::Cause,
        61,
        &[(None, causeless), (Some(SLOW), slow)],
    );
    let total = four().action_totals(h(61));
    assert_eq!(total.total(), 4);
    assert_eq!((total.overdue, total.late), (1, 1));

    let by_cause = four().action_counts(ActionGroup::Cause, h(61));
    assert_eq!(by_cause[1].label.as_ref().unwrap().zh_cn, "响应时间长");
    assert_eq!(by_cause[0].label, None);
}

#[test]
fn departments_have_the_names_of_the_policy() {
    let mut policy = Policy::standard();
    let named = redress_core::policy::Department {
        name: Some(redress_core::Name {
            zh_cn: "物流部".to_owned(),
            en: "Logistics".to_owned(),
        }),
        ..Default::default()
    };
    policy.departments.insert(department("logistics"), named);
    let mut actions = Actions::default();
    assert!(actions.tell(0, 0, "chief", against(SLOW)));
    assert!(actions.tell(1, 0, "chief", assign("logistics", 9)));
    let mut view = CauseView::new(policy);
    view.fold(&actions.facts).unwrap();
    let counted = view.action_counts(ActionGroup::OwnerDepartment, h(2));
    assert_eq!(counted[0].label.as_ref().unwrap().en, "Logistics");
}

#[test]
fn an_action_that_cannot_follow_stops_the_view() {
    let mut actions = Actions::default();
    assert!(actions.tell(0, 0, "chief", against(SLOW)));
    let actor = Actor::human(person("owner"), "agent".parse().unwrap(), department("x"));
    let ActionCommand::Complete(fact) = done() else {
        panic!("not a completion")
    };
    let wrong = actions.recorded(1, 0, actor, ActionEvent::Done(fact));
    actions.facts.push(wrong.into());
    let mut view = CauseView::new(Policy::standard());
    let error = view.fold(&actions.facts).unwrap_err();
    assert_eq!(error.position, Position::new(1));
    let state = ActionState::Opened;
    assert!(matches!(
        error.reason,
        ProjectionFault::ActionOutOfOrder(wrong) if wrong.misfit == ActionMisfit::State { state }
    ));
    assert_eq!(
        view,
        folded(&actions.facts[..1]),
        "the facts before it were folded"
    );
}

#[test]
fn an_actions_fact_in_another_history_cannot_follow() {
    let mut actions = Actions::default();
    assert!(actions.tell(0, 0, "chief", against(SLOW)));
    let Fact::Action(mut stray) = actions.facts.remove(0) else {
        panic!("not an action's fact")
    };
    // The second fact of a history that begins with a complaint's.
    stray.version = Version::new(2);
    let error = CauseView::new(Policy::standard())
        .fold(&[stray.into()])
        .unwrap_err();
    let expected = Version::FIRST;
    assert!(matches!(
        error.reason,
        ProjectionFault::ActionOutOfOrder(wrong) if wrong.misfit == ActionMisfit::Version { expected }
    ));
}

/// Facts of actions, from commands of which some are refused.
fn action_facts() -> impl Strategy<Value = Vec<Fact>> {
    let command = prop_oneof![
        Just(against(SLOW)),
        Just(warned()),
        (1..200_i64)
            .prop_map(|due| assign(if due % 2 == 0 { "service" } else { "logistics" }, due)),
        (1..200_i64).prop_map(|due| assign("service", due + 100)),
        Just(done()),
        (1..200_i64).prop_map(|at| evaluate(
            [Effective::Yes, Effective::Partly, Effective::No][usize::try_from(at % 3).unwrap()],
            at
        )),
        Just(cancel()),
    ];
    let step = (0..6_i64, 0..4_usize, prop::bool::ANY, command);
    prop::collection::vec(step, 0..60).prop_map(|steps| {
        let mut actions = Actions::default();
        let mut hour = 0;
        for (later, index, by_owner, command) in steps {
            hour += later;
            actions.tell(
                hour,
                index,
                if by_owner { "owner" } else { "chief" },
                command,
            );
        }
        actions.facts
    })
}

/// Facts of complaints and of actions by turns, as long as there are both, in places that follow each other.
fn mixed(complaints: &[Recorded], actions: &[Fact]) -> Vec<Fact> {
    let (mut left, mut right) = (as_facts(complaints).into_iter(), actions.iter().cloned());
    let mut facts: Vec<Fact> = Vec::new();
    loop {
        let before = facts.len();
        facts.extend(left.next());
        facts.extend(right.next());
        if facts.len() == before {
            break;
        }
    }
    for (index, fact) in facts.iter_mut().enumerate() {
        let place = Position::new(index as u64);
        match fact {
            Fact::Complaint(fact) => fact.position = place,
            Fact::Action(fact) => fact.position = place,
            Fact::Ledger(fact) => fact.position = place,
        }
    }
    facts
}

fn sum(rows: &[CountedActions], of: fn(&ActionCounts) -> u64) -> u64 {
    rows.iter().map(|row| of(&row.counts)).sum()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn rebuilt_is_incremental(complaints in facts(), actions in action_facts(), cut in any::<prop::sample::Index>()) {
        let facts = mixed(&complaints.0, &actions);
        let whole = folded(&facts);
        let cut = cut.index(facts.len() + 1);
        let mut view = folded(&facts[..cut]);
        view.fold(&facts[cut..]).unwrap();
        prop_assert_eq!(&view, &whole);
        for fact in &facts[cut..] {
            prop_assert!(view.fold(std::slice::from_ref(fact)).is_err(), "folded twice");
        }
        view.reset();
        view.fold(&facts).unwrap();
        prop_assert_eq!(&view, &whole);
        prop_assert_eq!(whole.next_position(), Position::new(facts.len() as u64));
    }

    #[test]
    fn complaints_between_them_change_no_action(complaints in facts(), actions in action_facts(), at in 0..400_i64) {
        let alone = folded(&actions);
        let among = folded(&mixed(&complaints.0, &actions));
        prop_assert_eq!(alone.actions(h(at)), among.actions(h(at)));
    }

    #[test]
    fn every_action_is_counted_once_in_each_table(actions in action_facts(), at in 0..400_i64) {
        let view = folded(&actions);
        let total = view.action_totals(h(at));
        prop_assert_eq!(total.total(), view.actions(h(at)).len() as u64);
        prop_assert!(total.overdue <= total.assigned);
        prop_assert!(total.late <= total.done + total.effective + total.partly + total.ineffective);
        for group in [ActionGroup::OwnerDepartment, ActionGroup::Cause] {
            let rows = view.action_counts(group, h(at));
            prop_assert_eq!(sum(&rows, ActionCounts::total), total.total());
            prop_assert_eq!(sum(&rows, |it| it.overdue), total.overdue);
            prop_assert_eq!(sum(&rows, |it| it.late), total.late);
        }
    }

    #[test]
    fn only_time_makes_an_action_overdue(actions in action_facts(), early in 0..400_i64, more in 0..400_i64) {
        let view = folded(&actions);
        let (then, later) = (view.action_totals(h(early)), view.action_totals(h(early) + Span::hours(more)));
        prop_assert!(then.overdue <= later.overdue);
        prop_assert_eq!(ActionCounts { overdue: 0, ..then }, ActionCounts { overdue: 0, ..later });
    }
}
