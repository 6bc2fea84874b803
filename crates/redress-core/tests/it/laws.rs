//! Laws on random histories: whatever commands come, in whatever order.

use std::sync::Arc;

use proptest::prelude::*;
use redress_core::event::{Event, ResolvedPersonal};
use redress_core::{
    ClockKind, Command, Complaint, Conduct, Context, Personal, Policy, Rejection, Span, Status,
    decide, evolve,
};
use redress_testkit::{Attempt, History, hostile_commands, valid_history};

use crate::story::{Story, assign, resolve, start};

fn policies() -> impl Strategy<Value = Policy> {
    prop_oneof![
        Just(Policy::standard()),
        Just(Policy::standard().for_history())
    ]
}

/// Random histories in which something happened.
fn histories(policy: Policy) -> impl Strategy<Value = History> {
    valid_history(Arc::new(policy), 30)
        .prop_filter("nothing happened", |history| !history.facts().is_empty())
}

/// Random histories, to be gone on with.
pub(crate) fn stories(policy: Policy) -> impl Strategy<Value = Story> {
    histories(policy.clone()).prop_map(move |history| told(&policy, &history))
}

fn told(policy: &Policy, history: &History) -> Story {
    Story {
        policy: policy.clone(),
        complaint: history.complaint().clone(),
        facts: history.facts().to_vec(),
        now: history.now(),
        ..Story::new()
    }
}

/// A story, and something that somebody tries then.
fn stories_and_attempts(policy: Policy) -> impl Strategy<Value = (Story, Attempt)> {
    histories(policy.clone()).prop_flat_map(move |history| {
        let story = told(&policy, &history);
        (Just(story), hostile_commands(&policy, &history))
    })
}

/// What the story's policy says to the attempt.
fn tried(story: &Story, attempt: &Attempt) -> Result<Vec<Event>, Rejection> {
    let now = story.now + attempt.step.wait;
    let context = Context {
        now,
        occurred_at: now + (Span::ZERO - attempt.told_late),
        actor: &attempt.step.actor,
        policy: &story.policy,
        target: None,
    };
    decide(&story.complaint, &attempt.step.command, &context)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// `record` folds each accepted fact and fails the test where one does not; here, folding them again.
    #[test]
    fn an_accepted_history_folds_and_replay_equals_the_live_state(story in policies().prop_flat_map(stories)) {
        let replayed = story.facts.iter().try_fold(Complaint::Absent, evolve).unwrap();
        prop_assert_eq!(replayed, story.complaint);
    }

    #[test]
    fn deciding_is_deterministic_and_changes_nothing((story, attempt) in policies().prop_flat_map(stories_and_attempts)) {
        let before = story.complaint.clone();
        prop_assert_eq!(tried(&story, &attempt), tried(&story, &attempt));
        prop_assert_eq!(before, story.complaint);
    }

    /// Whatever is refused for its structure under the rules of today is refused when taken over as history.
    #[test]
    fn history_is_judged_less_but_never_bent((story, attempt) in stories_and_attempts(Policy::standard())) {
        let lenient = Story { policy: Policy::standard().for_history(), ..story.clone() };
        if tried(&story, &attempt).is_ok() {
            prop_assert_eq!(kinds(tried(&story, &attempt)), kinds(tried(&lenient, &attempt)));
        }
        prop_assert_eq!(lenient.policy.conduct, Conduct::Historical);
    }

    #[test]
    fn clocks_are_consistent_at_any_moment(story in policies().prop_flat_map(stories), minutes in 0_i64..60_000) {
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

    /// A fact left out, doubled or moved back in time is noticed.
    #[test]
    fn a_history_with_a_gap_does_not_fold(story in stories(Policy::standard()), index in any::<prop::sample::Index>()) {
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

/// What was decided, without what is flagged: history taken over is flagged less.
fn kinds(decided: Result<Vec<Event>, Rejection>) -> Result<Vec<&'static str>, Rejection> {
    decided.map(|events| {
        events
            .iter()
            .map(|event| event.event_type().name())
            .collect()
    })
}

/// The generator reaches what the laws are about; otherwise they prove nothing.
#[test]
fn random_histories_reach_every_kind_of_fact_and_state() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut facts, mut states, mut rejections, mut cycles) = (vec![], vec![], vec![], 0);
    for _ in 0..800 {
        let (story, attempt) = policies()
            .prop_flat_map(stories_and_attempts)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        facts.extend(
            story
                .facts
                .iter()
                .map(|fact| fact.event.event_type().name()),
        );
        states.push(story.complaint.state().name());
        rejections.extend(tried(&story, &attempt).err().map(|refused| refused.code()));
        cycles = cycles.max(story.complaint.case().unwrap().cycle.get());
    }
    for seen in [&mut facts, &mut states, &mut rejections] {
        seen.sort_unstable();
        seen.dedup();
    }
    assert_eq!(facts.len(), 16, "{facts:?}");
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
