//! Every command in every state: what it leads to, or the code of its refusal.
//!
//! The table is read as the design's state table: a row per command, a column per state. A command that is added
//! without a row here does not compile; a state without a column neither.

use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, CloseReason, Erased, Extended, Feedback, FeedbackKind,
    Linked, NoteKind, Noted, Relation, Satisfaction, Verdict,
};
use redress_core::{
    Channel, ClockKind, Command, ComplaintId, Personal, Span, State, SubjectId, evolve,
};
use uuid::Uuid;

use crate::story::{
    Story, assign, classify, close, code, escalate, not_reached, pause, reached, receive, reopen,
    reply, resolve, result, resume, start,
};

/// A story that stands in this state.
fn story_in(state: State) -> Story {
    match state {
        State::Absent => Story::new(),
        State::Received => Story::received(),
        State::Classified => Story::classified(),
        State::Processing => Story::processing(),
        State::Resolved => Story::resolved(),
        State::FedBack => Story::fed_back(),
        State::Closed => Story::closed(),
    }
}

/// In the order of `State::ALL`: absent, received, classified, processing, resolved, fed back, closed.
type Row = [&'static str; 7];

/// Names every command, so that a new one does not compile without a thought for the table.
fn rows_of(command: &Command) -> &'static str {
    command.name()
}

fn table() -> Vec<(&'static str, Command, Row)> {
    let later = start() + Span::days(20);
    let progress = Feedback::new(FeedbackKind::Progress, Channel::Sms, "we are on it");
    let other = ComplaintId::new(Uuid::from_u128(2));
    let note = Noted {
        kind: NoteKind::Investigation,
        evidence: vec![],
        personal: Personal::Withheld,
    };
    let amend = Amended {
        cause: AmendmentCause::ManualReview,
        patch: vec![],
        outcome: AmendOutcome::Confirmed,
        warnings: None,
        personal: Personal::Withheld,
    };
    let link = Linked {
        relation: Relation::Related,
        target: other,
        unlink: false,
    };
    let extend = Extended {
        clock: ClockKind::Resolution,
        new_due: later,
        reason: "the supplier is late".to_owned(),
        approved_by: code("chen.jie"),
        customer_told: true,
    };
    let erase = Erased {
        subject: SubjectId::new(Uuid::from_u128(7)),
        basis: "request".to_owned(),
    };
    let no = "not_in_this_state";
    let none = "not_received";
    vec![
        (
            "receive",
            receive().into(),
            [
                "received",
                "already_received",
                "already_received",
                "already_received",
                "already_received",
                "already_received",
                "already_received",
            ],
        ),
        (
            "classify",
            classify_again(),
            [
                none,
                "classified",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                no,
            ],
        ),
        (
            "assign",
            assign("stores", "sun.li").into(),
            [
                none,
                no,
                "processing",
                "processing",
                "resolved",
                "fed_back",
                no,
            ],
        ),
        (
            "escalate",
            escalate().into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                no,
            ],
        ),
        (
            "pause",
            pause(Some(later)).into(),
            [none, no, no, "processing", no, no, no],
        ),
        (
            "resume",
            resume().into(),
            [none, no, no, "not_paused", no, no, no],
        ),
        (
            "resolve",
            resolve().into(),
            [none, no, no, "resolved", no, no, no],
        ),
        (
            "tell progress",
            progress.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                no,
            ],
        ),
        (
            "tell result",
            result().into(),
            [none, no, no, no, "fed_back", no, no],
        ),
        (
            "reply",
            reply(None).into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                no,
            ],
        ),
        (
            "reply dissatisfied",
            reply(Some(Verdict::Dissatisfied)).into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "processing",
                "processing",
                no,
            ],
        ),
        (
            "reply rejecting",
            reply(Some(Verdict::Rejected)).into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "processing",
                "processing",
                no,
            ],
        ),
        (
            "revisit in vain",
            not_reached().into(),
            [none, no, no, no, no, "fed_back", no],
        ),
        (
            "revisit satisfied",
            reached(Satisfaction::Satisfied).into(),
            [none, no, no, no, no, "closed", no],
        ),
        (
            "revisit neutral",
            reached(Satisfaction::Neutral).into(),
            [none, no, no, no, no, "fed_back", no],
        ),
        (
            "revisit dissatisfied",
            reached(Satisfaction::Dissatisfied).into(),
            [none, no, no, no, no, "processing", no],
        ),
        (
            "note",
            note.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                "closed",
            ],
        ),
        (
            "amend",
            amend.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                "closed",
            ],
        ),
        (
            "link",
            link.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                "closed",
            ],
        ),
        (
            "extend",
            extend.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "clock_not_running",
                "clock_not_running",
                no,
            ],
        ),
        (
            "withdraw",
            close(CloseReason::Withdrawn).into(),
            [none, "closed", "closed", "closed", "closed", "closed", no],
        ),
        (
            "refuse",
            close(CloseReason::Refused {
                ground: code("no_customer"),
            })
            .into(),
            [
                none,
                "customer_not_told",
                "customer_not_told",
                "refused_too_late",
                "refused_too_late",
                "refused_too_late",
                no,
            ],
        ),
        (
            "close as satisfied",
            close(CloseReason::Satisfied).into(),
            [
                none,
                "satisfaction_unknown",
                "satisfaction_unknown",
                "satisfaction_unknown",
                "satisfaction_unknown",
                "satisfaction_unknown",
                no,
            ],
        ),
        (
            "reopen",
            reopen().into(),
            [none, no, no, no, no, no, "processing"],
        ),
        (
            "erase",
            erase.into(),
            [
                none,
                "received",
                "classified",
                "processing",
                "resolved",
                "fed_back",
                "closed",
            ],
        ),
    ]
}

fn classify_again() -> Command {
    let mut classified = classify("price/refund");
    classified.reason = Some("it is about the money".to_owned());
    classified.into()
}

#[test]
fn every_command_in_every_state_leads_where_the_table_says() {
    for (what, command, row) in table() {
        assert!(!rows_of(&command).is_empty());
        for (state, expected) in State::ALL.into_iter().zip(row) {
            let mut story = story_in(state).after(Span::minutes(1));
            story.target = Some(Story::received().complaint);
            assert_eq!(story.complaint.state(), state);
            let found = match story.would(command.clone()) {
                Err(rejection) => rejection.code(),
                Ok(_) => story.then(command.clone()).complaint.state().name(),
            };
            assert_eq!(found, expected, "{what} while {}", state.name());
        }
    }
}

#[test]
fn a_fact_that_the_table_forbids_cannot_be_folded_either() {
    // Forge each fact of a full life into every state: what `decide` refuses by structure, `evolve` refuses too.
    let life = Story::closed();
    for state in State::ALL {
        let story = story_in(state);
        for fact in &life.facts {
            let mut forged = fact.clone();
            forged.version = story
                .complaint
                .version()
                .map_or(redress_core::Version::FIRST, redress_core::Version::next);
            forged.occurred_at = story.now + Span::days(3);
            let folds = evolve(story.complaint.clone(), &forged).is_ok();
            let expected = match (fact.event.event_type().name(), state) {
                ("received", state) => state == State::Absent,
                ("classified", state) => !matches!(state, State::Absent | State::Closed),
                // The number of the assignment does not follow where there was one already.
                ("assigned", state) => state == State::Classified,
                ("resolved", state) => state == State::Processing,
                ("feedback", state) => state == State::Resolved,
                ("revisited", state) => state == State::FedBack,
                ("closed", state) => !matches!(state, State::Absent | State::Closed),
                (other, _) => panic!("{other} is not part of this life"),
            };
            assert_eq!(
                folds,
                expected,
                "{} into {}",
                fact.event.event_type().name(),
                state.name()
            );
        }
    }
}

#[test]
fn a_complaint_that_never_had_an_owner_reopens_as_far_as_it_had_come() {
    let withdrawn = close(CloseReason::Withdrawn);
    let received = Story::received().then(withdrawn.clone()).then(reopen());
    assert_eq!(received.complaint.state(), State::Received);
    let classified = Story::classified().then(withdrawn).then(reopen());
    assert_eq!(classified.complaint.state(), State::Classified);
    assert_eq!(classified.complaint.case().unwrap().cycle.get(), 2);
}
