//! The guide: what is owed where no clock asks for it, and the steps that lead a complaint to its end.

use proptest::prelude::*;
use redress_core::duty::{Duty, Task};
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, CloseReason, Feedback, FeedbackKind, NoteKind, Noted,
    Satisfaction,
};
use redress_core::policy::{COMMANDS, Department};
use redress_core::{Channel, ClockKind, Command, Language, Level, Personal, Policy, Span, Status};

use crate::duty::{check, h, owed};
use crate::laws::{days, live};
use crate::story::{
    Story, assign, classify, close, code, escalate, joint, not_reached, pause, reached, resolve,
    result, resume,
};

/// Told two hours after receipt; the window of the revisit ends three days later, at hour 74.
#[test]
fn a_revisit_that_closes_nothing_is_followed_by_another() {
    let story = Story::fed_back()
        .after(Span::days(2))
        .then(reached(Satisfaction::Neutral));
    check(&story, &[(Task::Conclude, Some(74))]);
    let duty = owed(&story, h(75)).remove(0);
    assert_eq!(duty.status, Status::Overdue);
    assert_eq!(duty.department.as_str(), "quality");
    assert_eq!(duty.next.command(), "revisit");
    let end = story.then(reached(Satisfaction::Satisfied));
    assert_eq!(owed(&end, end.now), []);

    let top = Story::fed_back()
        .then(escalate())
        .then(escalate())
        .then(escalate())
        .then(reached(Satisfaction::Neutral));
    check(&top, &[(Task::CloseFinally, Some(74))]);
}

/// Three attempts on two days: at hours 2, 3 and 27.
#[test]
fn when_nobody_is_reached_often_enough_it_is_closed() {
    let twice = Story::fed_back()
        .then(not_reached())
        .after(Span::hours(1))
        .then(not_reached());
    check(&twice, &[(Task::Revisit, Some(74))]);
    let often = twice.after(Span::days(1)).then(not_reached());
    check(&often, &[(Task::CloseUnreachable, Some(74))]);
    let end = often.then(close(CloseReason::Unreachable));
    assert_eq!(owed(&end, end.now), []);
}

/// Under a policy of one cycle and one level: the second cycle must be escalated, and its result is the last word.
#[test]
fn after_too_many_cycles_the_top_is_asked_and_has_the_last_word() {
    let mut story = Story::fed_back();
    story.policy.max_cycles = 1;
    story.policy.max_level = Level::new(1);
    let again = story.then(reached(Satisfaction::Dissatisfied));
    // Handling and resolution begin anew at hour 2.
    check(
        &again,
        &[
            (Task::Resolve, Some(122)),
            (Task::Escalate, Some(242)),
            (Task::Resolve, Some(242)),
            (Task::AnswerFinally, None),
        ],
    );
    let steps: Vec<Task> = owed(&again, again.now)
        .iter()
        .map(|duty| duty.next)
        .collect();
    assert_eq!(steps, [Task::Escalate; 4]);
    let raised = again.then(escalate());
    let steps: Vec<Task> = owed(&raised, raised.now)
        .iter()
        .map(|duty| duty.next)
        .collect();
    assert_eq!(steps, [Task::Resolve; 3]);
    let told = raised.then(resolve()).then(result());
    check(&told, &[(Task::CloseFinally, Some(74))]);
    let end = told.then(close(CloseReason::FinalPosition));
    assert_eq!(owed(&end, end.now), []);
}

#[test]
fn what_cannot_be_done_yet_names_the_step_before_it() {
    let steps = |story: &Story| -> Vec<(Task, Task)> {
        owed(story, story.now)
            .iter()
            .map(|duty| (duty.what, duty.next))
            .filter(|(what, next)| what != next)
            .collect()
    };
    use Task::{AnswerFinally, Assign, Classify, Contribute, Resolve, TellResult};
    assert_eq!(
        steps(&Story::received()),
        [
            (Assign, Classify),
            (Resolve, Classify),
            (AnswerFinally, Classify)
        ]
    );
    assert_eq!(
        steps(&Story::classified()),
        [(Resolve, Assign), (AnswerFinally, Assign)]
    );
    assert_eq!(steps(&Story::processing()), [(AnswerFinally, Resolve)]);
    assert_eq!(steps(&Story::resolved()), [(AnswerFinally, TellResult)]);
    let with_stores = redress_core::Assign {
        joint: vec![joint("stores")],
        ..assign("logistics", "wang.fang")
    };
    let waiting = Story::classified().then(with_stores);
    assert_eq!(
        steps(&waiting),
        [
            (Resolve, Contribute),
            (Resolve, Contribute),
            (AnswerFinally, Contribute)
        ]
    );
}

#[test]
fn a_pause_is_to_be_ended_until_it_ends_of_itself() {
    let story = Story::processing().then(pause(Some(h(30))));
    let tasks = |now| -> Vec<Task> { owed(&story, now).iter().map(|duty| duty.what).collect() };
    assert!(tasks(h(29)).contains(&Task::EndPause));
    assert!(!tasks(h(30)).contains(&Task::EndPause));
    assert!(
        owed(&story, h(30))
            .iter()
            .all(|duty| duty.status != Status::Paused)
    );
}

#[test]
fn where_nobody_is_named_the_head_of_the_department_is() {
    let mut story = Story::received();
    let head = Department {
        head: Some(code("he.ping")),
        ..Department::default()
    };
    story.policy.departments.insert(code("service_desk"), head);
    for duty in owed(&story, story.now) {
        assert_eq!(duty.person, Some(code("he.ping")), "{:?}", duty.what);
    }
}

#[test]
fn every_task_is_explained_in_both_languages_and_done_by_a_command() {
    let page = include_str!("../../../../docs/duties.md");
    for (index, task) in Task::ALL.into_iter().enumerate() {
        assert!(COMMANDS.contains(&task.command()));
        assert!(
            page.contains(&format!("`{}`", task.name())),
            "{}",
            task.name()
        );
        for language in [Language::English, Language::Chinese] {
            let instruction = task.instruction(language);
            assert!(instruction.ends_with(['.', '。']));
            let others = &Task::ALL[..index];
            assert!(
                others
                    .iter()
                    .all(|other| other.instruction(language) != instruction)
            );
        }
    }
}

/// A command that does what the guide asks for.
fn doing(task: Task, story: &Story) -> Command {
    let word = |kind| Feedback::new(kind, Channel::Sms, "we are at it");
    match task {
        Task::Acknowledge => word(FeedbackKind::Acknowledgement).into(),
        Task::Respond | Task::Reply | Task::KeepPromise => word(FeedbackKind::Progress).into(),
        Task::Classify => classify("delivery/delay").into(),
        Task::Assign => assign("logistics", "wang.fang").into(),
        Task::Contribute => {
            let joint = &story.complaint.ownership().unwrap().joint;
            let open = joint.iter().find(|part| !part.settled).unwrap();
            contribution(open.task.assignee.department.as_str()).into()
        }
        Task::EndPause => resume().into(),
        Task::Escalate => escalate().into(),
        Task::Resolve => resolve().into(),
        Task::TellResult | Task::AnswerFinally => word(FeedbackKind::Result).into(),
        Task::Revisit | Task::Conclude => reached(Satisfaction::Satisfied).into(),
        Task::CloseUnreachable => close(CloseReason::Unreachable).into(),
        Task::CloseFinally => close(CloseReason::FinalPosition).into(),
        Task::ReviewRecord => {
            Amended::check(AmendmentCause::ManualReview, AmendOutcome::Confirmed).into()
        }
        Task::ConfirmRecord => Amended::check(
            AmendmentCause::CustomerConfirmation,
            AmendOutcome::Confirmed,
        )
        .into(),
    }
}

fn contribution(department: &str) -> Noted {
    Noted {
        kind: NoteKind::Contribution {
            department: code(department),
            done: true,
        },
        evidence: vec![],
        personal: Personal::Withheld,
    }
}

/// The same story, as whoever leads the handling goes on with it.
fn who_may(story: &Story) -> Story {
    let story = story.clone();
    match story.complaint.lead().cloned() {
        Some(lead) => story.by(lead.person.unwrap().as_str(), lead.department.as_str()),
        None => story,
    }
}

fn policies() -> impl Strategy<Value = Policy> {
    let standard = Policy::standard();
    let strict = Policy {
        max_cycles: 1,
        max_level: Level::new(1),
        ..standard.clone()
    };
    let lenient = Policy {
        neutral_closes: true,
        ..standard.clone()
    };
    prop::sample::select(vec![
        standard.clone(),
        standard.for_history(),
        strict,
        lenient,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// One duty for each clock that runs, and those no clock asks for; what is due first on top. An open complaint owes
    /// something, a closed one nothing.
    #[test]
    fn an_open_complaint_owes_something_and_a_closed_one_nothing(
        policy in policies(),
        steps in days(),
        minutes in 0_i64..100_000,
    ) {
        let (story, _) = live(policy, &steps);
        let now = story.now + Span::minutes(minutes);
        let case = story.complaint.case().unwrap();
        let duties = owed(&story, now);
        let running = case.clocks.iter().filter(|clock| clock.end.is_none()).count();
        let beside = duties.iter().filter(|duty| {
            matches!(duty.what, Task::EndPause | Task::Escalate | Task::Conclude)
                || duty.what == Task::CloseFinally && case.running(ClockKind::Revisit).next().is_none()
        });
        prop_assert_eq!(duties.len(), running + beside.count());
        let order = |duty: &Duty| (duty.due.is_none(), duty.due, duty.what);
        prop_assert!(duties.is_sorted_by_key(order));
        for duty in &duties {
            let runs = matches!(
                duty.status,
                Status::OnTrack | Status::AtRisk | Status::Overdue | Status::Paused | Status::UntargetedRunning
            );
            prop_assert!(runs, "{:?}", duty.status);
            prop_assert!(duty.status != Status::Overdue || duty.due.is_some_and(|due| due < now));
        }
        prop_assert_eq!(duties.is_empty(), !story.complaint.is_open());
    }

    /// The step that leads on can be taken, by somebody who may, whatever happened before.
    #[test]
    fn whatever_is_owed_can_be_done(policy in policies(), steps in days(), minutes in 0_i64..100_000) {
        let (mut story, _) = live(policy, &steps);
        story.now = story.now + Span::minutes(minutes);
        for duty in owed(&story, story.now) {
            let wanted = doing(duty.next, &story);
            prop_assert_eq!(wanted.name(), duty.next.command());
            let events = who_may(&story).would(wanted);
            prop_assert!(events.as_ref().is_ok_and(|events| !events.is_empty()), "{:?}: {:?}", duty, events);
        }
    }

    /// Doing the steps one after the other brings every complaint to its end.
    #[test]
    fn the_guide_leads_to_the_end(policy in policies(), steps in days(), pick in any::<prop::sample::Index>()) {
        let (mut story, _) = live(policy, &steps);
        let mut taken = 0;
        while story.complaint.is_open() {
            let duties = owed(&story, story.now);
            let duty = &duties[pick.index(duties.len())];
            let wanted = doing(duty.next, &story);
            story = who_may(&story).then(wanted).after(Span::minutes(1));
            taken += 1;
            prop_assert!(taken < 60, "{duty:?}");
        }
    }
}
