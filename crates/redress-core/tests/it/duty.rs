//! What is owed about a complaint in every state, and what the ladder of escalation asks.

use std::collections::BTreeSet;

use proptest::prelude::*;
use redress_core::duty::{Duty, Notice, Task, duties, escalation, notices};
use redress_core::event::{
    Assignee, CloseReason, Feedback, FeedbackKind, NoteKind, Noted, Satisfaction, Trigger,
};
use redress_core::policy::{COMMANDS, Department, Rung};
use redress_core::{
    Actor, Assign, Channel, ClockKind, Command, Complaint, ComplaintId, Language, Level, Personal,
    Policy, Span, Status, Timestamp,
};

use crate::laws::{days, live};
use crate::story::{
    Story, assign, classify, close, code, escalate, joint, not_reached, pause, reached, reply,
    resolve, result, resume, start,
};

/// Hours after receipt.
fn h(hours: i64) -> Timestamp {
    start() + Span::hours(hours)
}

fn owed(story: &Story, now: Timestamp) -> Vec<Duty> {
    duties(&story.complaint, &story.policy, now)
}

/// Checks what is owed, in order, with the hours after receipt at which it is due.
#[track_caller]
fn check(story: &Story, expected: &[(Task, Option<i64>)]) {
    let found: Vec<_> = owed(story, story.now)
        .into_iter()
        .map(|duty| (duty.what, duty.due))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(what, due)| (*what, due.map(h)))
        .collect();
    assert_eq!(found, expected);
}

/// Under the standard policy: acknowledge and assign in 24 hours, respond in 48, handle in 5 days (120 hours), resolve in 10
/// days (240 hours), all from receipt; tell the result 24 hours after the solution; revisit 3 days after the result. The last
/// answer has no limit.
#[test]
fn each_state_owes_what_comes_next() {
    use Task::{Acknowledge, AnswerFinally, Assign, Resolve, Respond, Revisit, TellResult};

    check(&Story::new(), &[]);
    let unassigned = [
        (Acknowledge, Some(24)),
        (Assign, Some(24)),
        (Respond, Some(48)),
        (Resolve, Some(240)),
        (AnswerFinally, None),
    ];
    check(&Story::received(), &unassigned);
    check(&Story::classified(), &unassigned);
    check(
        &Story::processing(),
        &[
            (Acknowledge, Some(24)),
            (Respond, Some(48)),
            (Resolve, Some(120)),
            (Resolve, Some(240)),
            (AnswerFinally, None),
        ],
    );
    // Resolved an hour after receipt, told two hours after it.
    check(
        &Story::resolved(),
        &[
            (Acknowledge, Some(24)),
            (TellResult, Some(25)),
            (Respond, Some(48)),
            (AnswerFinally, None),
        ],
    );
    check(&Story::fed_back(), &[(Revisit, Some(74))]);
    check(&Story::closed(), &[]);
}

#[test]
fn a_joint_department_owes_its_part_and_a_customer_an_answer() {
    let promised = Feedback {
        promised_by: Some(h(10)),
        ..Feedback::new(FeedbackKind::Progress, Channel::Sms, "soon")
    };
    let wanted = Assign {
        joint: vec![joint("stores")],
        ..assign("logistics", "wang.fang")
    };
    let story = Story::classified()
        .then(wanted)
        .then(promised)
        .then(reply(None));
    check(
        &story,
        &[
            (Task::KeepPromise, Some(10)),
            (Task::Contribute, Some(120)),
            (Task::Resolve, Some(120)),
            (Task::Resolve, Some(240)),
            (Task::Reply, None),
            (Task::AnswerFinally, None),
        ],
    );
}

#[test]
fn a_duty_names_department_and_person() {
    let story = Story::processing();
    let whose = |task: Task| {
        let duty = owed(&story, story.now)
            .into_iter()
            .find(|duty| duty.what == task)
            .unwrap();
        let person = duty.person.map(|person| person.to_string());
        (duty.department.to_string(), person)
    };
    let desk = ("service_desk".to_owned(), None);
    let lead = ("logistics".to_owned(), Some("wang.fang".to_owned()));
    assert_eq!(whose(Task::Acknowledge), desk);
    assert_eq!(whose(Task::Resolve), lead);
    assert_eq!(whose(Task::AnswerFinally), lead);
    let revisit = owed(&Story::fed_back(), h(3)).remove(0);
    assert_eq!(revisit.department.as_str(), "quality");
}

#[test]
fn an_unhappy_customer_is_owed_a_solution_again() {
    let story = Story::fed_back()
        .after(Span::days(2))
        .then(reached(Satisfaction::Dissatisfied));
    // Two hours and two days after receipt: hour 50. Handling and resolution start anew there.
    check(
        &story,
        &[
            (Task::Resolve, Some(170)),
            (Task::Resolve, Some(290)),
            (Task::AnswerFinally, None),
        ],
    );
    let in_vain = Story::fed_back().after(Span::days(2)).then(not_reached());
    check(&in_vain, &[(Task::Revisit, Some(74))]);
}

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

/// Two who oversee record one escalation; another rung, clock or complaint is another one.
#[test]
fn a_demand_has_the_same_id_whoever_asks() {
    let story = Story::received();
    let demand = |hours| escalation(&story.complaint, &story.policy, h(hours)).unwrap();
    let other = ComplaintId::new(uuid::Uuid::from_u128(2));
    assert_eq!(
        demand(24).command_id(Story::id()),
        demand(25).command_id(Story::id())
    );
    assert_ne!(
        demand(24).command_id(Story::id()),
        demand(36).command_id(Story::id())
    );
    assert_ne!(
        demand(24).command_id(Story::id()),
        demand(24).command_id(other)
    );
}

#[test]
fn what_stands_still_is_owed_without_a_deadline_and_calls_for_nothing() {
    let story = Story::processing()
        .then(Feedback::new(FeedbackKind::Progress, Channel::Sms, "soon"))
        .after(Span::hours(100))
        .then(pause(Some(h(700))));
    let later = h(600);
    let found: Vec<_> = owed(&story, later)
        .into_iter()
        .map(|duty| (duty.what, duty.due, duty.status))
        .collect();
    assert_eq!(
        found,
        [
            (Task::EndPause, Some(h(700)), Status::Paused),
            (Task::Resolve, None, Status::Paused),
            (Task::Resolve, None, Status::Paused),
            (Task::AnswerFinally, None, Status::UntargetedRunning),
        ]
    );
    assert_eq!(notices(&story.complaint, &story.policy, later), []);
    assert_eq!(escalation(&story.complaint, &story.policy, later), None);
    // 100 of 120 hours had run. Twenty hours after the pause they are used up.
    let wanted = escalation(&story.complaint, &story.policy, h(720)).unwrap();
    assert_eq!(wanted.command.to_level, Some(Level::new(1)));
    assert_eq!(escalation(&story.complaint, &story.policy, h(719)), None);
}

/// The rungs of the standard ladder that acknowledge, 24 hours, has reached.
fn rungs(story: &Story, now: Timestamp) -> Vec<u16> {
    notices(&story.complaint, &story.policy, now)
        .iter()
        .filter(|notice| notice.clock == ClockKind::Acknowledge)
        .map(|notice| notice.percent)
        .collect()
}

/// 80 % of 24 hours are 19 h 12 min. Percentages are rounded down.
#[test]
fn one_notice_for_each_rung() {
    let story = Story::received();
    let minute = Span::minutes(1);
    assert_eq!(rungs(&story, h(12) + Span::minutes(-1)), [] as [u16; 0]);
    assert_eq!(rungs(&story, h(12)), [50]);
    assert_eq!(rungs(&story, h(19) + Span::minutes(11)), [50]);
    assert_eq!(rungs(&story, h(19) + Span::minutes(12)), [50, 80]);
    assert_eq!(rungs(&story, h(24)), [50, 80, 100]);
    assert_eq!(rungs(&story, h(36)), [50, 80, 100, 150]);
    assert_eq!(rungs(&story, h(3600) + minute), [50, 80, 100, 150]);
    assert_eq!(rungs(&Story::fed_back(), h(3600)), [] as [u16; 0]);
}

#[test]
fn a_notice_goes_to_whom_the_rung_names_or_to_the_head() {
    let mut story = Story::received();
    let head = Department {
        head: Some(code("he.ping")),
        ..Department::default()
    };
    story.policy.departments.insert(code("service_desk"), head);
    let watch = Assignee::person(code("quality"), code("zhao.min"));
    story.policy.ladder[1].to = Some(watch.clone());
    let told: Vec<_> = notices(&story.complaint, &story.policy, h(20))
        .into_iter()
        .filter(|notice| notice.clock == ClockKind::Acknowledge)
        .map(|notice| notice.to)
        .collect();
    let head = Assignee::person(code("service_desk"), code("he.ping"));
    assert_eq!(told, [Some(head), Some(watch)]);
}

/// Work that goes away and comes back in one cycle has two clocks, and so two notices of one rung.
#[test]
fn work_that_comes_back_gets_notices_of_its_own() {
    let moved = |story: Story, hours, department| {
        story
            .after(Span::hours(hours))
            .then(assign(department, "wang.fang"))
    };
    let first = Story::processing();
    let half = |story: &Story, now| -> Vec<Notice> {
        notices(&story.complaint, &story.policy, now)
            .into_iter()
            .filter(|notice| notice.clock == ClockKind::Handling && notice.percent == 50)
            .collect()
    };
    let before = half(&first, h(60));
    let back = moved(moved(first, 70, "stores"), 10, "logistics");
    let after = half(&back, h(140));
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_eq!(before[0].department, after[0].department);
    assert_eq!(before[0].cycle, after[0].cycle);
    assert_ne!(before[0], after[0]);
}

/// Executes what the ladder asks for, as a program does, until it asks for nothing; each step must be accepted.
fn oversee(mut story: Story) -> (Story, u32) {
    story.actor = Actor::system(code("overseer"), code("system"));
    let mut steps = 0;
    while let Some(wanted) = escalation(&story.complaint, &story.policy, story.now) {
        story = story.then(wanted.command);
        steps += 1;
        assert!(steps < 100, "the ladder has no end");
    }
    (story, steps)
}

/// At hour 24 acknowledge and assignment are used up: level 1. At hour 36 by half as much again: level 2.
#[test]
fn an_unassigned_complaint_is_escalated_and_asked_for_once() {
    let (story, steps) = oversee(Story::received().after(Span::hours(23)));
    assert_eq!(steps, 0);
    let (story, steps) = oversee(story.after(Span::hours(1)));
    assert_eq!(steps, 1);
    assert_eq!(story.complaint.case().unwrap().level, Level::new(1));
    let (story, steps) = oversee(story.after(Span::hours(11)));
    assert_eq!(steps, 0);
    let (story, steps) = oversee(story.after(Span::hours(1)));
    assert_eq!(steps, 1);
    assert_eq!(story.complaint.case().unwrap().level, Level::new(2));
    let (_, steps) = oversee(story.after(Span::days(300)));
    assert_eq!(steps, 0);
}

/// Asked for the first time when two rungs are passed, the higher one is called for at once.
#[test]
fn the_highest_rung_counts() {
    let story = Story::received().after(Span::hours(36));
    let wanted = escalation(&story.complaint, &story.policy, story.now).unwrap();
    assert_eq!(wanted.command.to_level, Some(Level::new(2)));
    let percent = 150;
    assert!(
        matches!(wanted.command.trigger, Trigger::Clock { percent: found, .. } if found == percent)
    );
}

#[test]
fn no_escalation_above_the_top_or_of_what_a_person_escalated_before() {
    let mut story = Story::received().after(Span::hours(36));
    story.policy.max_level = Level::new(1);
    let (low, steps) = oversee(story);
    assert_eq!(steps, 1);
    assert_eq!(low.complaint.case().unwrap().level, Level::new(1));

    let by_hand = Story::received().then(escalate()).then(escalate());
    let (_, steps) = oversee(by_hand.after(Span::hours(36)));
    assert_eq!(steps, 0);

    let withdrawn = Story::received()
        .after(Span::hours(36))
        .then(close(CloseReason::Withdrawn));
    assert_eq!(oversee(withdrawn).1, 0);
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

fn ladders() -> impl Strategy<Value = Vec<Rung>> {
    let clock = prop::option::of(prop::sample::select(Vec::from(ClockKind::ALL)));
    let rung =
        (clock, 0_u16..300, prop::option::of(0_u8..6)).prop_map(|(clock, percent, level)| Rung {
            clock,
            percent,
            level: level.map(Level::new),
            to: None,
        });
    prop_oneof![
        Just(Policy::standard().ladder),
        prop::collection::vec(rung, 0..8)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happened before, each step goes up, is accepted, and leads to an end; then nothing is asked at that moment.
    #[test]
    fn escalation_ends_within_the_levels_there_are(
        steps in days(),
        ladder in ladders(),
        top in 0_u8..5,
        minutes in 0_i64..100_000,
    ) {
        let (mut story, _) = live(Policy::standard(), &steps);
        story.policy = Policy { ladder, max_level: Level::new(top), ..story.policy };
        let before = story.complaint.case().unwrap().level;
        let (after, taken) = oversee(story.after(Span::minutes(minutes)));
        let level = after.complaint.case().unwrap().level;
        prop_assert!(taken <= 1);
        prop_assert!(level == before || level <= Level::new(top));
        prop_assert_eq!(level > before, taken == 1);
        prop_assert_eq!(escalation(&after.complaint, &after.policy, after.now), None);
    }

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

    /// No notice comes twice, and none for a clock that stands still or has ended.
    #[test]
    fn notices_are_distinct(steps in days(), ladder in ladders(), minutes in 0_i64..100_000) {
        let (mut story, _) = live(Policy::standard(), &steps);
        let now = story.now + Span::minutes(minutes);
        story.policy.ladder = ladder;
        story.policy.ladder.dedup_by_key(|rung| rung.percent);
        let found = notices(&story.complaint, &story.policy, now);
        let percents: BTreeSet<u16> = story.policy.ladder.iter().map(|rung| rung.percent).collect();
        let distinct = percents.len() == story.policy.ladder.len();
        for (index, notice) in found.iter().enumerate() {
            prop_assert!(percents.contains(&notice.percent));
            prop_assert!(!distinct || !found[..index].contains(notice));
        }
        if story.complaint == Complaint::Absent || !story.complaint.is_open() {
            prop_assert!(found.is_empty());
        }
    }
}
