//! Laws on random histories: whatever commands come, in whatever order.

use proptest::prelude::*;
use redress_core::event::{
    AssignReason, Assignee, CloseReason, Event, Extended, Feedback, FeedbackKind, Linked, NoteKind,
    Noted, Relation, ResolvedPersonal, Satisfaction, Verdict,
};
use redress_core::{
    Assign, Channel, ClockKind, Command, Complaint, ComplaintId, Conduct, Personal, Policy,
    Rejection, Span, Status, apply, evolve,
};
use uuid::Uuid;

use crate::story::{
    Story, assign, classify, close, code, escalate, joint, not_reached, pause, reached, receive,
    reopen, reply, resolve, result, resume, start,
};

fn commands() -> impl Strategy<Value = Command> {
    let department = prop::sample::select(vec!["logistics", "stores", "finance", "service_desk"]);
    let category = prop::sample::select(vec![
        "delivery/delay",
        "price/refund",
        "imported/desk/x",
        "no/such",
    ]);
    let verdict = prop::sample::select(vec![
        None,
        Some(Verdict::Satisfied),
        Some(Verdict::Accepted),
        Some(Verdict::Dissatisfied),
        Some(Verdict::Rejected),
    ]);
    let reason = prop::sample::select(vec![
        CloseReason::Satisfied,
        CloseReason::Withdrawn,
        CloseReason::Unreachable,
        CloseReason::FinalPosition,
        CloseReason::Waived,
        CloseReason::Refused {
            ground: code("none"),
        },
        CloseReason::Duplicate {
            of: ComplaintId::new(Uuid::from_u128(2)),
        },
    ]);
    let clock = prop::sample::select(Vec::from(ClockKind::ALL));
    let satisfaction = prop::sample::select(vec![
        Satisfaction::Satisfied,
        Satisfaction::Neutral,
        Satisfaction::Dissatisfied,
    ]);
    let contribution = |done| Noted {
        kind: NoteKind::Contribution {
            department: code("stores"),
            done,
        },
        evidence: vec![],
        personal: Personal::Withheld,
    };
    prop_oneof![
        2 => Just(Command::from(receive())),
        3 => category.prop_map(|category| {
            let mut class = classify(category);
            class.reason = Some("read again".to_owned());
            class.into()
        }),
        4 => (department, any::<bool>()).prop_map(|(department, with_stores)| {
            let lead = Assignee::person(code(department), code("wang.fang"));
            let mut wanted = Assign::to(lead, AssignReason::Reassign);
            if with_stores {
                wanted.joint = vec![joint("stores")];
            }
            wanted.into()
        }),
        1 => Just(escalate().into()),
        4 => Just(resolve().into()),
        2 => prop::sample::select(vec![FeedbackKind::Acknowledgement, FeedbackKind::Progress])
            .prop_map(|kind| Feedback::new(kind, Channel::Sms, "soon").into()),
        4 => Just(result().into()),
        2 => verdict.prop_map(|verdict| reply(verdict).into()),
        2 => satisfaction.prop_map(|satisfaction| reached(satisfaction).into()),
        2 => Just(not_reached().into()),
        2 => (1_i64..40).prop_map(|hours| pause(Some(start() + Span::hours(hours * 20))).into()),
        1 => Just(resume().into()),
        1 => any::<bool>().prop_map(move |done| contribution(done).into()),
        1 => Just(Linked {
            relation: Relation::DuplicateOf,
            target: ComplaintId::new(Uuid::from_u128(2)),
            unlink: false,
        }.into()),
        1 => clock.prop_map(|clock| Extended {
            clock,
            new_due: start() + Span::days(60),
            reason: "late supplier".to_owned(),
            approved_by: code("chen.jie"),
            customer_told: true,
        }.into()),
        1 => reason.prop_map(|reason| close(reason).into()),
        1 => Just(reopen().into()),
    ]
}

fn policies() -> impl Strategy<Value = Policy> {
    prop_oneof![
        Just(Policy::standard()),
        Just(Policy::standard().for_history())
    ]
}

/// Commands with the minutes that pass before each; the first one receives the complaint.
pub(crate) fn days() -> impl Strategy<Value = Vec<(i64, Command)>> {
    prop::collection::vec((0_i64..600, commands()), 0..60).prop_map(|mut steps| {
        steps.insert(0, (0, receive().into()));
        steps
    })
}

pub(crate) fn live(policy: Policy, steps: &[(i64, Command)]) -> (Story, Vec<Rejection>) {
    let mut story = Story {
        policy,
        target: Some(Story::received().complaint),
        ..Story::new()
    };
    let mut rejections = Vec::new();
    for (minutes, command) in steps {
        story = story.after(Span::minutes(*minutes));
        match story.would(command.clone()) {
            Ok(events) => {
                let now = story.now;
                for event in events {
                    story.record(event, now);
                }
            }
            Err(rejection) => rejections.push(rejection),
        }
    }
    (story, rejections)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// `record` folds each accepted fact and fails the test where one does not; here, folding them again.
    #[test]
    fn an_accepted_history_folds_and_replay_equals_the_live_state(policy in policies(), steps in days()) {
        let (story, _) = live(policy, &steps);
        let replayed = story.facts.iter().try_fold(Complaint::Absent, evolve).unwrap();
        prop_assert_eq!(replayed, story.complaint);
    }

    #[test]
    fn deciding_is_deterministic_and_changes_nothing(policy in policies(), steps in days(), command in commands()) {
        let (story, _) = live(policy, &steps);
        let before = story.complaint.clone();
        prop_assert_eq!(story.would(command.clone()), story.would(command));
        prop_assert_eq!(before, story.complaint);
    }

    /// Whatever is refused for its structure under the rules of today is refused when taken over as history.
    #[test]
    fn history_is_judged_less_but_never_bent(steps in days(), command in commands()) {
        let (story, _) = live(Policy::standard(), &steps);
        let lenient = Story { policy: Policy::standard().for_history(), ..story.clone() };
        if story.would(command.clone()).is_ok() {
            prop_assert_eq!(story.would(command.clone()), lenient.would(command));
        }
        prop_assert_eq!(lenient.policy.conduct, Conduct::Historical);
    }

    #[test]
    fn clocks_are_consistent_at_any_moment(policy in policies(), steps in days(), minutes in 0_i64..60_000) {
        let (story, _) = live(policy, &steps);
        let now = start() + Span::minutes(minutes);
        let case = story.complaint.case().unwrap();
        for clock in case.clocks.iter().filter(|clock| clock.started_at <= now) {
            let reading = clock.read(&case.pauses, &story.policy, now);
            prop_assert!(reading.elapsed >= Span::ZERO);
            prop_assert!(reading.elapsed <= now.since(clock.started_at));
            let ended = clock.end.as_ref().is_some_and(|end| end.at <= now);
            let runs = matches!(
                reading.status,
                Status::OnTrack | Status::AtRisk | Status::Overdue | Status::Paused | Status::UntargetedRunning
            );
            prop_assert_eq!(ended, !runs);
            if let Some(remaining) = reading.remaining {
                prop_assert_eq!(reading.status == Status::Overdue, runs && remaining.is_negative());
            }
            // A verdict on a clock that has ended never changes again.
            if ended {
                let later = clock.read(&case.pauses, &story.policy, now + Span::days(400));
                prop_assert_eq!(later, reading);
            }
        }
        // One resolution clock a cycle, and none runs in a closed complaint.
        let resolutions = case.clocks.iter().filter(|clock| clock.kind == ClockKind::Resolution).count();
        prop_assert_eq!(u32::try_from(resolutions).unwrap(), case.cycle.get());
        if !story.complaint.is_open() {
            prop_assert!(case.clocks.iter().all(|clock| clock.end.is_some()));
        }
    }

    /// A fact of one life in the middle of another, under the number and at an hour that would fit.
    #[test]
    fn a_fact_that_cannot_follow_changes_nothing(
        (one, other) in (days(), days()),
        length in any::<prop::sample::Index>(),
        late in any::<bool>(),
    ) {
        let (one, _) = live(Policy::standard(), &one);
        let (other, _) = live(Policy::standard(), &other);
        let history = &one.facts[..=length.index(one.facts.len())];
        let complaint = history.iter().try_fold(Complaint::Absent, evolve).unwrap();
        for fact in &other.facts {
            let mut forged = fact.clone();
            forged.version = complaint.version().unwrap().next();
            if late {
                forged.occurred_at = one.now + Span::days(3);
            }
            let mut after = complaint.clone();
            let folded = apply(&mut after, &forged);
            prop_assert_eq!(folded.is_err(), after == complaint);
        }
    }

    /// A fact left out, doubled or moved back in time is noticed.
    #[test]
    fn a_history_with_a_gap_does_not_fold(steps in days(), index in any::<prop::sample::Index>()) {
        let (story, _) = live(Policy::standard(), &steps);
        let gone = index.index(story.facts.len());
        let mut facts = story.facts.clone();
        facts.remove(gone);
        if gone < facts.len() {
            prop_assert!(facts.iter().try_fold(Complaint::Absent, evolve).is_err());
        }
        let mut doubled = story.facts.clone();
        doubled.insert(gone, doubled[gone].clone());
        prop_assert!(doubled.iter().try_fold(Complaint::Absent, evolve).is_err());
    }
}

/// The generator reaches what the laws are about; otherwise they prove nothing.
#[test]
fn random_histories_reach_every_kind_of_fact_and_state() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut facts, mut states, mut rejections, mut cycles) = (vec![], vec![], vec![], 0);
    for _ in 0..800 {
        let (policy, steps) = (policies(), days())
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let (story, refused) = live(policy, &steps);
        facts.extend(
            story
                .facts
                .iter()
                .map(|fact| fact.event.event_type().name()),
        );
        states.push(story.complaint.state().name());
        rejections.extend(refused.iter().map(Rejection::code));
        cycles = cycles.max(story.complaint.case().unwrap().cycle.get());
    }
    for seen in [&mut facts, &mut states, &mut rejections] {
        seen.sort_unstable();
        seen.dedup();
    }
    // Amendments and erasures change no rule; they are not generated here.
    assert_eq!(facts.len(), 14, "{facts:?}");
    assert_eq!(states.len(), 6, "{states:?}");
    assert!(rejections.len() >= 20, "{rejections:?}");
    assert!(cycles >= 4, "{cycles}");
}

#[test]
fn no_debug_output_shows_personal_words() {
    let story = Story::closed();
    let shown = format!("{:?}{:?}", story.facts, story.complaint);
    for personal in ["包裹三天没有送到", "明天送达"] {
        assert!(!shown.contains(personal));
    }
    assert!(
        story
            .facts
            .iter()
            .any(|fact| matches!(fact.event, Event::Feedback(_)))
    );
    let command = Command::from(assign("logistics", "wang.fang"));
    assert_eq!(command.name(), "assign");
}

#[test]
fn the_state_keeps_no_words_that_speak_of_people() {
    let mut solution = resolve();
    solution.personal = Personal::Known(ResolvedPersonal {
        solution: "向王女士道歉".to_owned(),
    });
    let story = Story::processing().then(solution);
    let kept = &story.complaint.resolution().unwrap().fact;
    assert_eq!(kept.personal, Personal::Withheld);
    assert_eq!(kept.primary_cause, resolve().primary_cause);
}
