//! What is owed about an action, and by whom.

use redress_core::Span;
use redress_core::action::{ActionDuty, ActionState, ActionTask, duty};

use super::tale::{Tale, h};
use crate::story::code;

fn owed(state: ActionState, hour: i64) -> Option<ActionDuty> {
    let tale = Tale::in_state(state);
    duty(&tale.action, &tale.policy, h(hour))
}

#[test]
fn an_action_without_an_owner_is_owed_by_whoever_opened_it() {
    let duty = owed(ActionState::Opened, 1_000).unwrap();
    assert_eq!(duty.what, ActionTask::Assign);
    assert_eq!(duty.department, Some(code("quality")));
    assert_eq!((duty.person, duty.due), (None, None));
    assert!(!duty.is_overdue);
}

#[test]
fn the_owner_owes_it_until_it_is_due_and_is_late_after() {
    let duty = owed(ActionState::Assigned, 48).unwrap();
    assert_eq!(duty.what, ActionTask::Complete);
    assert_eq!(duty.department, Some(code("logistics")));
    assert_eq!(duty.person, Some(code("sun.li")));
    assert_eq!(duty.due, Some(h(48)));
    assert!(!duty.is_overdue);
    let tale = Tale::in_state(ActionState::Assigned);
    let later = redress_core::action::duty(&tale.action, &tale.policy, h(48) + Span::micros(1));
    assert!(later.unwrap().is_overdue);
}

#[test]
fn the_quality_department_owes_the_evaluation() {
    let duty = owed(ActionState::Done, 1_000).unwrap();
    assert_eq!(duty.what, ActionTask::Evaluate);
    assert_eq!(duty.department, Some(code("quality")));
    assert_eq!(
        (duty.person, duty.due, duty.is_overdue),
        (None, None, false)
    );
}

#[test]
fn what_has_ended_owes_nothing() {
    for state in [
        ActionState::Absent,
        ActionState::Evaluated,
        ActionState::Cancelled,
    ] {
        assert_eq!(owed(state, 1_000), None, "{}", state.name());
    }
}
