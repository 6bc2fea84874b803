//! Every guard, hit both ways.

use redress_core::action::{
    Action, ActionCommand, ActionState, Effective, Evaluated, FigureValue, Opened, Origin,
};
use redress_core::policy::{Authority, Department};
use redress_core::{ComplaintId, Language, Policy, Rejection, Span};
use uuid::Uuid;

use super::tale::{Tale, actor, assign, cancel, done, evaluate, h, open, share};
use crate::story::code;

#[track_caller]
fn refused(tale: &Tale, hour: i64, command: impl Into<ActionCommand>, expected: &Rejection) {
    assert_eq!(tale.would(hour, command).unwrap_err(), *expected);
    assert!(!expected.message(Language::English).is_empty());
    assert!(!expected.message(Language::Chinese).is_empty());
}

#[track_caller]
fn accepted(tale: &Tale, hour: i64, command: impl Into<ActionCommand>) {
    tale.would(hour, command).unwrap();
}

#[track_caller]
fn only_in_history(tale: &Tale, hour: i64, command: impl Into<ActionCommand>) {
    let history = Tale {
        policy: tale.policy.clone().for_history(),
        ..tale.clone()
    };
    accepted(&history, hour, command);
}

#[test]
fn time() {
    let tale = Tale::in_state(ActionState::Assigned);
    let micro = Span::micros(1);
    let at = |now, occurred_at| tale.decide(done(), (now, occurred_at));
    assert!(at(h(40), h(40)).is_ok());
    assert_eq!(at(h(40), h(40) + micro), Err(Rejection::OccurredInFuture));
    // The standard policy takes facts of the last 72 hours.
    assert!(at(h(112), h(40)).is_ok());
    let limit = Span::hours(72);
    assert_eq!(
        at(h(112) + micro, h(40)),
        Err(Rejection::BackDatedTooFar { limit })
    );
    // It was assigned at hour 1.
    assert!(at(h(2), h(1)).is_ok());
    let previous = h(1);
    assert_eq!(
        at(h(2), h(1) + Span::micros(-1)),
        Err(Rejection::OccurredBeforePrevious { previous })
    );
}

#[test]
fn authority_by_role_and_department() {
    let all = [
        "open_action",
        "assign_action",
        "complete_action",
        "evaluate_action",
        "cancel_action",
    ];
    let grant = |commands: &[&str], department: &str| Authority {
        role: code("quality_manager"),
        commands: commands.iter().map(|name| (*name).to_owned()).collect(),
        departments: Some(vec![code(department)]),
    };
    let under = |state, authority| {
        let mut tale = Tale::in_state(state);
        tale.policy.authority = vec![authority];
        tale
    };
    let not_permitted = |command| Rejection::NotPermitted {
        role: code("quality_manager"),
        command,
    };
    for (state, hour, command) in [
        (ActionState::Absent, 0, ActionCommand::from(open())),
        (ActionState::Opened, 1, assign("sun.li", h(48)).into()),
        (ActionState::Assigned, 40, done().into()),
        (
            ActionState::Done,
            100,
            evaluate(Effective::Yes, h(100)).into(),
        ),
        (ActionState::Opened, 1, cancel().into()),
    ] {
        let name = command.name();
        // Whoever opened it acted for quality.
        accepted(&under(state, grant(&all, "quality")), hour, command.clone());
        let others: Vec<&str> = all.into_iter().filter(|other| *other != name).collect();
        refused(
            &under(state, grant(&others, "quality")),
            hour,
            command.clone(),
            &not_permitted(name),
        );
        refused(
            &under(state, grant(&all, "returns")),
            hour,
            command,
            &not_permitted(name),
        );
    }
    // The owner's department counts too, once there is one.
    let logistics = || grant(&all, "logistics");
    accepted(&under(ActionState::Assigned, logistics()), 40, done());
    refused(
        &under(ActionState::Opened, logistics()),
        40,
        cancel(),
        &not_permitted("cancel_action"),
    );
    only_in_history(&under(ActionState::Opened, logistics()), 40, cancel());
}

#[test]
fn what_an_action_must_say() {
    let tale = Tale::new();
    let unmeasured = |measure: &str| Opened::new(Origin::Review, measure);
    accepted(&tale, 0, unmeasured("x"));
    refused(&tale, 0, unmeasured(" \n"), &Rejection::MeasureMissing);
    only_in_history(&tale, 0, unmeasured(""));

    let against = |cause| Opened::against(code(cause), "train the drivers");
    accepted(&tale, 0, against("service/slow_response"));
    let cause = code("service/no_such_cause");
    refused(
        &tale,
        0,
        against("service/no_such_cause"),
        &Rejection::UnknownCause { cause },
    );
    let causeless = Opened::new(Origin::Cause, "train the drivers");
    refused(&tale, 0, causeless.clone(), &Rejection::PrimaryCauseMissing);
    only_in_history(&tale, 0, causeless);

    let mut about = Opened::new(Origin::Complaint, "call the carrier");
    refused(&tale, 0, about.clone(), &Rejection::ComplaintMissing);
    only_in_history(&tale, 0, about.clone());
    about
        .complaints
        .insert(ComplaintId::new(Uuid::from_u128(5)));
    accepted(&tale, 0, about.clone());
    let unknown = Tale {
        complaints_exist: false,
        ..tale
    };
    refused(&unknown, 0, about, &Rejection::LinkTargetUnknown);
}

#[test]
fn an_owner_works_here_and_has_time() {
    let tale = Tale::in_state(ActionState::Opened);
    accepted(&tale, 1, assign("sun.li", h(1) + Span::micros(1)));
    refused(&tale, 1, assign("sun.li", h(1)), &Rejection::DuePassed);
    let mut policy = Policy::standard();
    policy
        .departments
        .insert(code("returns"), Department::default());
    let elsewhere = Tale { policy, ..tale };
    let department = code("logistics");
    refused(
        &elsewhere,
        1,
        assign("sun.li", h(48)),
        &Rejection::UnknownDepartment { department },
    );
    only_in_history(&elsewhere, 1, assign("sun.li", h(48)));
}

#[test]
fn a_result_and_a_reason_have_words() {
    let tale = Tale::in_state(ActionState::Assigned);
    let mut silent = done();
    accepted(&tale, 40, silent.clone());
    silent.result = "\t".to_owned();
    refused(&tale, 40, silent.clone(), &Rejection::ResultMissing);
    only_in_history(&tale, 40, silent);
    let mut unexplained = cancel();
    accepted(&tale, 40, unexplained.clone());
    unexplained.reason.clear();
    refused(&tale, 40, unexplained.clone(), &Rejection::ReasonMissing);
    only_in_history(&tale, 40, unexplained);
}

#[test]
fn four_eyes_see_whether_it_helped() {
    let verdict = || evaluate(Effective::Yes, h(100));
    let mut tale = Tale::in_state(ActionState::Assigned);
    tale.actor = actor("ma.lan");
    tale.tell(40, done());
    // `sun.li` owns it, and `ma.lan` reported it done.
    for who in ["sun.li", "ma.lan"] {
        tale.actor = actor(who);
        refused(&tale, 100, verdict(), &Rejection::EvaluatorIsOwner);
        only_in_history(&tale, 100, verdict());
    }
    tale.actor = actor("chen.jie");
    accepted(&tale, 100, verdict());
}

#[test]
fn figures_can_be_compared() {
    let mut tale = Tale::in_state(ActionState::Done);
    tale.actor = actor("ma.lan");
    let good = evaluate(Effective::Partly, h(100));
    accepted(&tale, 100, good.clone());
    let with = |change: fn(&mut Evaluated)| {
        let mut evaluated = good.clone();
        change(&mut evaluated);
        evaluated
    };
    let minutes = |figure: &mut FigureValue| *figure = FigureValue::Span(Span::minutes(90));
    let mut mixed = good.clone();
    minutes(&mut mixed.after.value);
    refused(&tale, 100, mixed.clone(), &Rejection::FiguresDiffer);
    minutes(&mut mixed.before.value);
    accepted(&tale, 100, mixed);
    let out_of_order = [
        with(|it| it.before.from = it.before.to),
        with(|it| it.after.from = it.after.to),
        with(|it| it.before.to = it.after.from + Span::micros(1)),
        with(|it| it.after.to = h(100) + Span::micros(1)),
        with(|it| std::mem::swap(&mut it.before, &mut it.after)),
    ];
    for evaluated in out_of_order {
        refused(&tale, 100, evaluated, &Rejection::PeriodsOutOfOrder);
    }
    accepted(
        &tale,
        100,
        with(|it| it.before = share(1, 2, h(-1), it.after.from)),
    );
}

#[test]
fn a_new_owner_does_not_undo_that_a_due_time_was_missed() {
    let mut tale = Tale::in_state(ActionState::Assigned);
    // At the due time itself nobody is late.
    tale.tell(48, assign("wu.min", h(60)));
    assert_eq!(tale.action.assignment().unwrap().missed, None);
    tale.tell(61, assign("wu.min", h(80)));
    tale.tell(81, assign("sun.li", h(90)));
    let assignment = tale.action.assignment().unwrap();
    assert_eq!(assignment.missed, Some(h(60)));
    assert_eq!(assignment.round, 1);
    assert!(assignment.is_late(h(85)));
    assert!(!tale.action.is_overdue(h(90)));
    assert!(tale.action.is_overdue(h(90) + Span::micros(1)));
}

#[test]
fn a_new_round_begins_clean() {
    let mut tale = Tale::in_state(ActionState::Assigned);
    tale.tell(50, assign("sun.li", h(60))).tell(55, done());
    assert!(tale.action.assignment().unwrap().is_late(h(55)));
    tale.actor = actor("ma.lan");
    tale.tell(100, evaluate(Effective::No, h(100)));
    tale.tell(101, assign("wu.min", h(200)));
    let Action::Assigned { assignment, .. } = &tale.action else {
        panic!("{:?}", tale.action.state())
    };
    assert_eq!((assignment.round, assignment.missed), (2, None));
    assert_eq!(tale.action.completion(), None);
    assert_eq!(tale.action.evaluation(), None);
}
