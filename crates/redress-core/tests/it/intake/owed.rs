//! The manual review and the customer's confirmation: when they are owed, by whom, until when, and how they are done.

use redress_core::duty::{Duty, Task, duties, duties_beside};
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, Change, Classified, CloseReason, Flag, Received,
    Severity,
};
use redress_core::{Channel, Span, Status, Timestamp};

use super::{change, reviewed};
use crate::story::{Story, classify, close, receive, reopen, start};

fn h(hours: i64) -> Timestamp {
    start() + Span::hours(hours)
}

fn owed(story: &Story, task: Task, suspected_since: &[Timestamp]) -> Option<Duty> {
    let found = duties_beside(&story.complaint, suspected_since, &story.rules(), story.now);
    let mut found = found.into_iter().filter(|duty| duty.what == task);
    let first = found.next();
    assert_eq!(found.next(), None, "owed once");
    first
}

/// Until when a review is owed; `None` where none is.
fn review_due(story: &Story) -> Option<Timestamp> {
    owed(story, Task::ReviewRecord, &[]).map(|duty| duty.due.unwrap())
}

fn flagged(flag: Flag) -> Story {
    Story::new().then(Received {
        flags: vec![flag],
        ..receive()
    })
}

fn unjudged() -> Received {
    Received {
        product: None,
        initial: None,
        ..receive()
    }
}

fn class(severity: Severity, safety: bool) -> Classified {
    Classified {
        severity,
        safety,
        reason: Some("read again".to_owned()),
        ..classify("delivery/delay")
    }
}

/// The standard gives 24 hours from the moment the ground arose.
#[test]
fn what_calls_for_a_review() {
    assert_eq!(review_due(&Story::received()), None);
    for flag in [Flag::Vulnerable, Flag::PublicityRisk, Flag::Group] {
        assert_eq!(review_due(&flagged(flag)), Some(h(24)), "{flag:?}");
    }
    let later = Story::received().after(Span::hours(5));
    for (severity, safety, due) in [
        (Severity::Minor, false, None),
        (Severity::Moderate, false, None),
        (Severity::Serious, false, Some(h(29))),
        (Severity::Critical, false, Some(h(29))),
        (Severity::Minor, true, Some(h(29))),
    ] {
        let story = later.clone().then(class(severity, safety));
        assert_eq!(review_due(&story), due, "{severity:?} {safety}");
    }
}

#[test]
fn two_warnings_call_for_a_review_and_one_does_not() {
    let two = Story::new().then(unjudged());
    assert_eq!(review_due(&two), Some(h(24)));
    // One of them put right, by the class that says how urgent it is.
    assert_eq!(review_due(&two.then(classify("delivery/delay"))), None);
    let one = Story::new().then(Received {
        product: None,
        ..receive()
    });
    assert_eq!(review_due(&one), None);
}

#[test]
fn a_review_is_owed_by_a_role_of_the_intake_department() {
    let duty = owed(&flagged(Flag::Group), Task::ReviewRecord, &[]).unwrap();
    assert_eq!(duty.department.as_str(), "service_desk");
    assert_eq!(duty.role.unwrap().as_str(), "supervisor");
    assert_eq!(duty.person, None);
}

/// 80 % of 24 hours are 19 h 12 min; the last moment is in time.
#[test]
fn a_review_runs_out_of_time() {
    let story = flagged(Flag::Group);
    let status = |now: Timestamp| {
        let story = Story {
            now,
            ..story.clone()
        };
        owed(&story, Task::ReviewRecord, &[]).unwrap().status
    };
    let micro = Span::micros(1);
    let at_risk = h(19) + Span::minutes(12);
    assert_eq!(status(at_risk + Span::micros(-1)), Status::OnTrack);
    assert_eq!(status(at_risk), Status::AtRisk);
    assert_eq!(status(h(24)), Status::AtRisk);
    assert_eq!(status(h(24) + micro), Status::Overdue);
    assert_eq!(status(Timestamp::MAX), Status::Overdue);

    let mut unlimited = story;
    unlimited.policy.review.within = None;
    let duty = owed(&unlimited, Task::ReviewRecord, &[]).unwrap();
    assert_eq!((duty.due, duty.status), (None, Status::UntargetedRunning));
}

#[test]
fn a_review_is_done_whatever_it_finds() {
    for outcome in [
        AmendOutcome::Confirmed,
        AmendOutcome::Corrected,
        AmendOutcome::Disputed,
        AmendOutcome::Unanswered,
    ] {
        let story = flagged(Flag::Group).then(reviewed(outcome));
        assert_eq!(review_due(&story), None, "{outcome:?}");
    }
    for cause in [
        AmendmentCause::CustomerConfirmation,
        AmendmentCause::NewEvidence,
        AmendmentCause::Correction,
        AmendmentCause::CauseReview,
    ] {
        let check = Amended::check(cause, AmendOutcome::Confirmed);
        let story = flagged(Flag::Group).then(check);
        assert_eq!(review_due(&story), Some(h(24)), "{cause:?}");
    }
}

#[test]
fn what_comes_up_after_a_review_calls_for_another() {
    let story = flagged(Flag::Group)
        .after(Span::hours(2))
        .then(reviewed(AmendOutcome::Confirmed))
        .then(class(Severity::Critical, false));
    assert_eq!(review_due(&story), Some(h(26)));
    // The same again calls for nothing more.
    let story = story.then(reviewed(AmendOutcome::Confirmed));
    let more = story.clone().then(class(Severity::Serious, false));
    assert_eq!(review_due(&more), None);
    // Gone and come back, it does.
    let again = story
        .then(class(Severity::Minor, false))
        .after(Span::hours(1))
        .then(class(Severity::Critical, false));
    assert_eq!(review_due(&again), Some(h(27)));
}

#[test]
fn a_flag_corrected_away_calls_for_nothing() {
    let story = flagged(Flag::Group).after(Span::hours(3));
    let vulnerable = story
        .clone()
        .then(change(Change::Flags(vec![Flag::Vulnerable])));
    assert_eq!(review_due(&vulnerable), Some(h(27)));
    assert_eq!(review_due(&story.then(change(Change::Flags(vec![])))), None);
}

/// A suspicion is a warning that stands in no fact.
#[test]
fn a_probable_duplicate_counts_as_a_warning() {
    let due = |story: &Story, suspected: &[Timestamp]| {
        owed(story, Task::ReviewRecord, suspected).map(|duty| duty.due.unwrap())
    };
    let none = Story::received();
    assert_eq!(due(&none, &[h(1)]), None);
    // The second of them makes two, whichever comes first in the list.
    assert_eq!(due(&none, &[h(5), h(1)]), Some(h(29)));
    let one = Story::new().then(Received {
        product: None,
        ..receive()
    });
    assert_eq!(due(&one, &[h(5), h(3)]), Some(h(27)));
    // Two were looked at; the suspicion came up later.
    let two = Story::new()
        .then(unjudged())
        .then(reviewed(AmendOutcome::Disputed));
    assert_eq!(due(&two, &[]), None);
    assert_eq!(due(&two, &[h(3)]), Some(h(27)));
}

/// The customers of the hotline confirm within three days; those of the web site are not asked.
fn with_confirmation(channel: Channel) -> Story {
    let mut story = Story::new();
    story.policy.confirmation.channels = vec![Channel::PhoneHotline, Channel::FrontDesk];
    story.policy.confirmation.within = Some(Span::days(3));
    story.then(Received {
        channel,
        ..receive()
    })
}

#[test]
fn a_confirmation_is_owed_for_some_channels() {
    let duty = owed(
        &with_confirmation(Channel::PhoneHotline),
        Task::ConfirmRecord,
        &[],
    )
    .unwrap();
    assert_eq!(duty.department.as_str(), "service_desk");
    assert_eq!((duty.role, duty.person), (None, None));
    assert_eq!((duty.due, duty.status), (Some(h(72)), Status::OnTrack));
    let web = with_confirmation(Channel::Website);
    assert_eq!(owed(&web, Task::ConfirmRecord, &[]), None);
    assert_eq!(owed(&Story::received(), Task::ConfirmRecord, &[]), None);
}

#[test]
fn a_confirmation_is_done_when_the_customer_answers() {
    let story = with_confirmation(Channel::FrontDesk);
    for (outcome, done) in [
        (AmendOutcome::Confirmed, true),
        (AmendOutcome::Corrected, true),
        (AmendOutcome::Disputed, true),
        (AmendOutcome::Unanswered, false),
    ] {
        let check = Amended::check(AmendmentCause::CustomerConfirmation, outcome);
        let story = story.clone().then(check);
        let left = owed(&story, Task::ConfirmRecord, &[]);
        assert_eq!(left.is_none(), done, "{outcome:?}");
    }
    let review = story.then(reviewed(AmendOutcome::Confirmed));
    assert!(owed(&review, Task::ConfirmRecord, &[]).is_some());
}

#[test]
fn a_closed_complaint_owes_neither_and_an_open_one_both() {
    let mut story = with_confirmation(Channel::PhoneHotline).then(class(Severity::Critical, false));
    let tasks = |story: &Story| {
        let found = duties(&story.complaint, &story.rules(), story.now);
        let mut tasks: Vec<Task> = found.into_iter().map(|duty| duty.what).collect();
        tasks.retain(|task| matches!(task, Task::ReviewRecord | Task::ConfirmRecord));
        tasks
    };
    assert_eq!(tasks(&story), [Task::ReviewRecord, Task::ConfirmRecord]);
    story = story.then(close(CloseReason::Withdrawn));
    assert_eq!(tasks(&story), []);
    assert_eq!(
        duties_beside(&story.complaint, &[h(0), h(0)], &story.rules(), story.now),
        []
    );
    story = story.then(reopen());
    assert_eq!(tasks(&story), [Task::ReviewRecord, Task::ConfirmRecord]);
}
