//! What holds for every history of an action.

use proptest::prelude::*;
use redress_core::action::{
    Action, ActionCommand, ActionState, Alert, AlertLevel, Effective, evolve_action,
};
use redress_core::{ActionId, CommandId, Policy, Timestamp};

use super::tale::{Tale, actor, assign, cancel, done, evaluate, h, id, open};
use crate::story::code;

fn command() -> impl Strategy<Value = (i64, i64, u8, ActionCommand)> {
    let effective = prop_oneof![
        Just(Effective::Yes),
        Just(Effective::Partly),
        Just(Effective::No)
    ];
    let wanted = (0..6_u8, 0..300_i64, effective).prop_map(|(kind, hour, effective)| match kind {
        0 => open().into(),
        1 | 2 => assign("sun.li", h(hour)).into(),
        3 => done().into(),
        4 => evaluate(effective, h(hour)).into(),
        _ => cancel().into(),
    });
    (0..30_i64, -2..80_i64, 0..3_u8, wanted)
}

proptest! {
    #[test]
    fn whatever_is_accepted_can_be_folded(
        steps in prop::collection::vec(command(), 0..40),
        guarded: bool,
    ) {
        let mut tale = Tale::new();
        if !guarded {
            tale.policy = Policy::standard().for_history();
        }
        let mut now = 0;
        let mut accepted = 0;
        for (later, back, who, command) in steps {
            now += later;
            tale.actor = actor(["sun.li", "ma.lan", "chen.jie"][usize::from(who)]);
            let at = h(now - back);
            let Ok(events) = tale.decide(command.clone(), (h(now), at)) else {
                continue;
            };
            prop_assert_eq!(events.len(), 1);
            for event in events {
                prop_assert!(command.asks_for(&event));
                let fact = tale.recorded(at, event);
                tale.action = evolve_action(tale.action.clone(), &fact).unwrap();
                accepted += 1;
            }
        }
        prop_assert_eq!(tale.action.case().map_or(0, |case| case.version.get()), accepted);
        prop_assert_eq!(tale.action == Action::Absent, accepted == 0);
    }

    #[test]
    fn overdue_begins_once_and_does_not_end_by_itself(earlier in 0..400_i64, later in 0..400_i64) {
        for state in ActionState::ALL {
            let action = Tale::in_state(state).action;
            let (earlier, later) = (earlier.min(later), earlier.max(later));
            prop_assert!(!action.is_overdue(h(earlier)) || action.is_overdue(h(later)));
        }
        prop_assert!(Tale::in_state(ActionState::Assigned).action.is_overdue(Timestamp::MAX));
    }
}

#[test]
fn the_generator_reaches_every_state() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let steps = prop::collection::vec(command(), 40);
    let mut reached: Vec<ActionState> = vec![ActionState::Absent];
    for _ in 0..200 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let mut tale = Tale::new();
        let mut now = 0;
        for (later, _, who, command) in steps {
            now += later;
            tale.actor = actor(["sun.li", "ma.lan", "chen.jie"][usize::from(who)]);
            if tale.would(now, command.clone()).is_ok() {
                reached.push(tale.tell(now, command).action.state());
            }
        }
    }
    for state in ActionState::ALL {
        assert!(reached.contains(&state), "{} was not reached", state.name());
    }
}

#[test]
fn the_same_warning_opens_the_same_action() {
    let alert = |rule: &str, group: Option<&str>, level| Alert {
        rule: code(rule),
        level,
        group: group.map(code),
        raised_at: h(0),
    };
    let one = ActionId::of_alert(&alert("overdue", Some("logistics"), AlertLevel::Yellow));
    let graver = alert("overdue", Some("logistics"), AlertLevel::Red);
    assert_eq!(ActionId::of_alert(&graver), one);
    let later = Alert {
        raised_at: h(1),
        ..graver.clone()
    };
    let others = [
        alert("repeat", Some("logistics"), AlertLevel::Red),
        alert("overdue", None, AlertLevel::Red),
        later,
    ];
    for other in others {
        assert_ne!(ActionId::of_alert(&other), one);
    }
    assert_eq!(CommandId::opening(one), CommandId::opening(one));
    assert_ne!(CommandId::opening(one), CommandId::opening(id()));
}
