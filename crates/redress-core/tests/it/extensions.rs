//! Moving a deadline: every guard both ways, and the example of a Chinese bank's 15, 30 and 60 days with approval.

use redress_core::event::{CloseReason, Extended, Severity};
use redress_core::policy::Shipped;
use redress_core::{ClockKind, Policy, Rejection, Span, State, Status, Timestamp};

use crate::story::{Story, assign, classify, close, code, receive, resolve, start};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Asked for by whoever leads the handling, wang.fang, and approved by somebody else.
fn extend(clock: ClockKind, new_due: Timestamp) -> Extended {
    Extended {
        clock,
        new_due,
        reason: "an expert has to look at it".to_owned(),
        approved_by: code("chen.jie"),
        customer_told: true,
    }
}

#[track_caller]
fn check(story: &Story, wanted: Extended, expected: Option<&'static str>) {
    let refusal = story.would(wanted).err();
    assert_eq!(refusal.as_ref().map(Rejection::code), expected);
}

/// Received on 2 March 2026 at 17:00 in Shanghai, eight hours ahead of UTC.
fn at_the_bank(severity: Severity) -> Story {
    let mut class = classify("delivery/delay");
    class.severity = severity;
    Story {
        policy: Shipped::ExampleCnBank.policy(),
        ..Story::new()
    }
    .then(receive())
    .then(class)
    .then(assign("logistics", "wang.fang"))
}

fn due(story: &Story, kind: ClockKind, now: Timestamp) -> (Option<Timestamp>, Status) {
    let case = story.complaint.case().unwrap();
    let clock = case.clocks.iter().find(|clock| clock.kind == kind).unwrap();
    let reading = clock.read(&case.pauses, &story.policy, now);
    (reading.due, reading.status)
}

/// 15 days end with 17 March, 30 with 1 April, 60 with 1 May; each in Shanghai, so at 16:00 UTC.
#[test]
fn a_bank_has_15_days_or_30_and_with_approval_60() {
    let (fifteen, thirty, sixty) = (
        at("2026-03-17T16:00:00Z"),
        at("2026-04-01T16:00:00Z"),
        at("2026-05-01T16:00:00Z"),
    );
    for (severity, first_due) in [
        (Severity::Minor, fifteen),
        (Severity::Moderate, fifteen),
        (Severity::Serious, thirty),
        (Severity::Critical, thirty),
    ] {
        for kind in [ClockKind::Resolution, ClockKind::Final] {
            let story = at_the_bank(severity);
            assert_eq!(
                due(&story, kind, start()),
                (Some(first_due), Status::OnTrack)
            );
            let own = Extended {
                approved_by: code("wang.fang"),
                ..extend(kind, sixty)
            };
            check(&story, own, Some("approver_is_requester"));
            check(&story, extend(kind, first_due), Some("not_later"));
            let late = story
                .clone()
                .after(first_due.since(start()) + Span::micros(1));
            check(&late, extend(kind, sixty), Some("already_due"));
            let in_time = story.after(first_due.since(start()));
            let moved = in_time.then(extend(kind, sixty));
            check(
                &moved,
                extend(kind, sixty + Span::days(1)),
                Some("too_many_extensions"),
            );
            assert_eq!(due(&moved, kind, sixty).0, Some(sixty));
            assert_ne!(due(&moved, kind, sixty).1, Status::Overdue);
            let after = due(&moved, kind, sixty + Span::micros(1));
            assert_eq!(after.1, Status::Overdue);
        }
    }
}

#[test]
fn what_was_moved_in_time_is_met_by_the_new_deadline() {
    let sixty = at("2026-05-01T16:00:00Z");
    let moved = at_the_bank(Severity::Minor).then(extend(ClockKind::Resolution, sixty));
    let met = moved.clone().after(sixty.since(start())).then(resolve());
    assert_eq!(due(&met, ClockKind::Resolution, sixty).1, Status::Met);
    let later = sixty + Span::micros(1);
    let missed = moved.after(later.since(start())).then(resolve());
    assert_eq!(due(&missed, ClockKind::Resolution, later).1, Status::Missed);
}

#[test]
fn a_policy_says_how_often() {
    let (first, second) = (start() + Span::days(20), start() + Span::days(30));
    let clock = ClockKind::Resolution;
    let under = |max_extensions| Story {
        policy: Policy {
            max_extensions,
            ..Policy::standard()
        },
        ..Story::processing()
    };
    check(&under(0), extend(clock, first), Some("too_many_extensions"));
    let twice = under(2).then(extend(clock, first));
    check(&twice, extend(clock, second), None);
    let third = extend(clock, second + Span::days(1));
    let thrice = twice.then(extend(clock, second));
    check(&thrice, third, Some("too_many_extensions"));
    // Each deadline is counted for itself.
    check(&thrice, extend(ClockKind::Handling, first), None);
}

#[test]
fn only_a_clock_that_runs_in_an_open_complaint_is_moved() {
    let later = start() + Span::days(40);
    let clock = ClockKind::Resolution;
    check(&Story::received(), extend(clock, later), None);
    check(
        &Story::resolved(),
        extend(clock, later),
        Some("clock_not_running"),
    );
    check(&Story::resolved(), extend(ClockKind::Feedback, later), None);
    let closed = Story::processing().then(close(CloseReason::Withdrawn));
    assert_eq!(closed.complaint.state(), State::Closed);
    check(&closed, extend(clock, later), Some("not_in_this_state"));
}

/// How people worked elsewhere is not judged; what makes no sense is refused all the same.
#[test]
fn history_is_judged_by_what_can_have_happened_alone() {
    let mut story = Story::processing();
    story.policy = story.policy.for_history();
    let (due, later) = (start() + Span::days(10), start() + Span::days(40));
    let clock = ClockKind::Resolution;
    let own = Extended {
        approved_by: code("wang.fang"),
        reason: String::new(),
        ..extend(clock, later)
    };
    check(&story, own.clone(), None);
    let again = Extended {
        new_due: later + Span::days(1),
        ..own
    };
    check(&story.clone().then(extend(clock, later)), again, None);
    check(&story, extend(clock, due), Some("not_later"));
    let late = story.after(Span::days(10) + Span::micros(1));
    check(&late, extend(clock, later), Some("already_due"));
}
