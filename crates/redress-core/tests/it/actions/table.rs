//! Every command in every state of an action: the state it leads to, or the code of its refusal.
//!
//! A command or state that is added without a row or column here does not compile.

use redress_core::action::{
    ActionCommand, ActionEventType, ActionMisfit, ActionState, Effective, evolve_action,
};

use super::tale::{Tale, assign, cancel, done, evaluate, h, open};

/// When every command is tried: after all that happened before.
const HOUR: i64 = 110;

/// In the order of `ActionState::ALL`: absent, opened, assigned, done, evaluated (without effect), cancelled.
type Row = [&'static str; ActionState::ALL.len()];

/// Names every kind of fact, so that a new one does not compile without a row.
fn row(kind: ActionEventType) -> (ActionCommand, Row) {
    let none = "action_not_opened";
    let no = "not_in_this_action_state";
    let again = "action_already_opened";
    match kind {
        ActionEventType::Opened => (open().into(), ["opened", again, again, again, again, again]),
        ActionEventType::Assigned => (
            assign("wu.min", h(200)).into(),
            [none, "assigned", "assigned", no, "assigned", no],
        ),
        ActionEventType::Done => (done().into(), [none, no, "done", no, no, no]),
        ActionEventType::Evaluated => (
            evaluate(Effective::Yes, h(HOUR)).into(),
            [none, no, no, "evaluated", no, no],
        ),
        ActionEventType::Cancelled => (
            cancel().into(),
            [none, "cancelled", "cancelled", no, no, no],
        ),
    }
}

#[test]
fn every_command_in_every_state() {
    for kind in ActionEventType::ALL {
        let (command, row) = row(kind);
        for (state, expected) in ActionState::ALL.into_iter().zip(row) {
            let mut tale = Tale::in_state(state);
            let found = match tale.would(HOUR, command.clone()) {
                Ok(_) => tale.tell(HOUR, command.clone()).action.state().name(),
                Err(rejection) => rejection.code(),
            };
            assert_eq!(found, expected, "{} in {}", command.name(), state.name());
        }
    }
}

#[test]
fn a_fact_that_the_table_forbids_cannot_be_folded_either() {
    for kind in ActionEventType::ALL {
        let (command, row) = row(kind);
        let event = match kind {
            ActionEventType::Opened => Tale::in_state(ActionState::Absent),
            ActionEventType::Assigned | ActionEventType::Cancelled => {
                Tale::in_state(ActionState::Opened)
            }
            ActionEventType::Done => Tale::in_state(ActionState::Assigned),
            ActionEventType::Evaluated => Tale::in_state(ActionState::Done),
        }
        .would(HOUR, command)
        .unwrap()
        .remove(0);
        assert_eq!(event.event_type(), kind);
        for (state, expected) in ActionState::ALL.into_iter().zip(row) {
            let tale = Tale::in_state(state);
            let fact = tale.recorded(h(HOUR), event.clone());
            match evolve_action(tale.action, &fact) {
                Ok(next) => assert_eq!(next.state().name(), expected),
                Err(error) => {
                    assert_eq!(error.misfit, ActionMisfit::State { state });
                    assert!(
                        ActionState::ALL
                            .iter()
                            .all(|state| state.name() != expected)
                    );
                }
            }
        }
    }
}

/// The page that describes actions.
const PAGE: &str = include_str!("../../../../../docs/actions.md");

#[test]
fn the_page_says_the_same() {
    for kind in ActionEventType::ALL {
        let (_, expected) = row(kind);
        let start = format!("| `{}` |", kind.name());
        let told = PAGE.lines().find_map(|line| line.strip_prefix(&start));
        let told: Vec<&str> = told.unwrap().split('|').map(str::trim).collect();
        let is_state = |name: &&str| ActionState::ALL.iter().any(|state| state.name() == *name);
        let cells = expected.map(|cell| if is_state(&cell) { cell } else { "—" });
        assert_eq!(told[..cells.len()], cells, "{}", kind.name());
    }
}

#[test]
fn what_helped_is_not_begun_anew() {
    for (effective, expected) in [
        (Effective::Yes, Err("already_effective")),
        (Effective::Partly, Ok(2)),
        (Effective::No, Ok(2)),
    ] {
        let mut tale = Tale::in_state(ActionState::Done);
        tale.tell(100, evaluate(effective, h(100)));
        let again = assign("wu.min", h(200));
        let found = match tale.would(HOUR, again.clone()) {
            Ok(_) => {
                tale.tell(HOUR, again);
                Ok(tale.action.assignment().unwrap().round)
            }
            Err(rejection) => Err(rejection.code()),
        };
        assert_eq!(found, expected, "{}", effective.name());
    }
}
