//! What is owed about a complaint in every state, and what the ladder of escalation asks.

use std::collections::BTreeSet;

use proptest::prelude::*;
use redress_core::duty::{Duty, Notice, Task, duties, escalation, notices};
use redress_core::event::{Assignee, CloseReason, Feedback, FeedbackKind, Satisfaction, Trigger};
use redress_core::policy::{Department, Rung};
use redress_core::{
    Actor, Assign, Channel, ClockKind, Complaint, ComplaintId, Level, Policy, Span, Status,
    Timestamp,
};

use crate::laws::{days, live};
use crate::story::{
    Story, assign, close, code, escalate, joint, not_reached, pause, reached, receive, reply, start,
};

/// Hours after receipt.
pub(crate) fn h(hours: i64) -> Timestamp {
    start() + Span::hours(hours)
}

pub(crate) fn owed(story: &Story, now: Timestamp) -> Vec<Duty> {
    duties(&story.complaint, &story.rules(), now)
}

/// Checks what is owed, in order, with the hours after receipt at which it is due.
#[track_caller]
pub(crate) fn check(story: &Story, expected: &[(Task, Option<i64>)]) {
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

/// Two who oversee record one escalation; another rung, clock or complaint is another one.
#[test]
fn a_demand_has_the_same_id_whoever_asks() {
    let story = Story::received();
    let demand = |hours| escalation(&story.complaint, &story.rules(), h(hours)).unwrap();
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
    assert_eq!(notices(&story.complaint, &story.rules(), later), []);
    assert_eq!(escalation(&story.complaint, &story.rules(), later), None);
    // 100 of 120 hours had run. Twenty hours after the pause they are used up.
    let wanted = escalation(&story.complaint, &story.rules(), h(720)).unwrap();
    assert_eq!(wanted.command.to_level, Some(Level::new(1)));
    assert_eq!(escalation(&story.complaint, &story.rules(), h(719)), None);
}

/// The rungs of the standard ladder that acknowledge, 24 hours, has reached.
fn rungs(story: &Story, now: Timestamp) -> Vec<u16> {
    notices(&story.complaint, &story.rules(), now)
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

/// Mondays to Fridays from nine to twelve in Paris: the working time of one day is used up on Tuesday at noon, and the deadline
/// is the end of that day, 23:00 UTC.
#[test]
fn the_rung_of_a_limit_in_days_is_reached_at_the_deadline_and_not_with_the_last_shift() {
    let text = r#"
version = "days"
extends = "standard"
calendar = "office"
[[ladder]]
clock = "resolution"
percent = 100
level = 1
[calendars.office]
first = 2026-01-01
last = 2026-12-31
zone = "Europe/Paris"
week = { workdays = ["09:00-12:00"] }
[[target]]
clock = "resolution"
working_days = 1
"#;
    let mut story = Story::new();
    story.policy = Policy::parse(text, "days.toml").unwrap();
    let story = story.then(receive());
    for early in [h(26), h(38) + Span::micros(-1)] {
        assert_eq!(escalation(&story.complaint, &story.rules(), early), None);
    }
    assert!(escalation(&story.complaint, &story.rules(), h(38)).is_some());
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
    let told: Vec<_> = notices(&story.complaint, &story.rules(), h(20))
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
        notices(&story.complaint, &story.rules(), now)
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
    while let Some(wanted) = escalation(&story.complaint, &story.rules(), story.now) {
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
    let wanted = escalation(&story.complaint, &story.rules(), story.now).unwrap();
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
        prop_assert_eq!(escalation(&after.complaint, &after.rules(), after.now), None);
    }

    /// No notice comes twice, and none for a clock that stands still or has ended.
    #[test]
    fn notices_are_distinct(steps in days(), ladder in ladders(), minutes in 0_i64..100_000) {
        let (mut story, _) = live(Policy::standard(), &steps);
        let now = story.now + Span::minutes(minutes);
        story.policy.ladder = ladder;
        story.policy.ladder.dedup_by_key(|rung| rung.percent);
        let found = notices(&story.complaint, &story.rules(), now);
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
