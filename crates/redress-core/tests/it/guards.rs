//! Every guard, hit both ways: the rule is not proven until it has said no, and yes beside it.

use redress_core::event::{AmendOutcome, Amended, AmendmentCause, Contact, ContactKind, Upheld};
use redress_core::event::{
    AssignReason, Assignee, Cause, Change, CloseReason, ComplainedAbout, Customer, Erased,
    Extended, Feedback, FeedbackKind, Linked, NoteKind, Noted, PauseReason, Received, Relation,
    Resolved, RevisitOutcome, Satisfaction, Verdict,
};
use redress_core::{
    Channel, ClockKind, Command, Complaint, ComplaintId, Event, Language, Level, Personal, Policy,
    Rejection, Revisit, Span, SubjectId, Target,
};
use uuid::Uuid;

use crate::story::{
    Story, assign, classify, close, code, escalate, joint, not_reached, pause, reached, receive,
    reopen, reply, resolve, result, resume, start,
};

#[track_caller]
fn refused(story: &Story, command: impl Into<Command>, expected: &Rejection) {
    assert_eq!(story.would(command).unwrap_err(), *expected);
    assert!(!expected.message(Language::English).is_empty());
    assert!(!expected.message(Language::Chinese).is_empty());
}

#[track_caller]
fn accepted(story: &Story, command: impl Into<Command>) {
    story.would(command).unwrap();
}

#[test]
fn time() {
    let story = Story::processing();
    let now = story.now;
    let late = Story {
        now: now + Span::hours(72),
        ..story.clone()
    };
    let later = Story {
        now: now + Span::hours(72) + Span::micros(1),
        ..story.clone()
    };
    let future = now + Span::micros(1);
    assert_eq!(
        story.would_at(resolve(), future).unwrap_err(),
        Rejection::OccurredInFuture
    );
    late.would_at(resolve(), now).unwrap();
    assert_eq!(
        later.would_at(resolve(), now).unwrap_err(),
        Rejection::BackDatedTooFar {
            limit: Span::hours(72)
        }
    );
    let before = now + Span::micros(-1);
    assert_eq!(
        story.would_at(resolve(), before).unwrap_err(),
        Rejection::OccurredBeforePrevious { previous: now }
    );
    // History made elsewhere may be as old as it is.
    let history = Story {
        policy: Policy::standard().for_history(),
        ..later
    };
    history.would_at(resolve(), now).unwrap();
    // Word to the customer may be told late, but not from before the complaint.
    let progress = Feedback::new(FeedbackKind::Progress, Channel::Sms, "soon");
    let resolved = Story::resolved();
    resolved.would_at(progress.clone(), start()).unwrap();
    assert_eq!(
        resolved
            .would_at(progress, start() + Span::micros(-1))
            .unwrap_err(),
        Rejection::OccurredBeforePrevious { previous: start() }
    );
}

#[test]
fn time_is_told_before_anything_else_is() {
    let story = Story::new();
    let future = story.now + Span::hours(1);
    assert_eq!(
        story.would_at(resolve(), future).unwrap_err(),
        Rejection::OccurredInFuture
    );
}

#[test]
fn intake() {
    let silent = Received {
        personal: Personal::Withheld,
        ..receive()
    };
    refused(&Story::new(), silent, &Rejection::NothingSaid);
    let mut known = receive();
    known.customer = Customer::new(SubjectId::new(Uuid::from_u128(7)));
    refused(&Story::new(), known.clone(), &Rejection::NoContact);
    let mut personal = known.personal.known().unwrap().clone();
    personal.contacts.push(Contact {
        kind: ContactKind::Phone,
        value: "+8613800138000".to_owned(),
    });
    known.personal = Personal::Known(personal);
    accepted(&Story::new(), known);
}

#[test]
fn a_reference_that_tells_of_a_person_is_refused() {
    let with = |reference: &str| Received {
        external_ref: Some(code(reference)),
        ..receive()
    };
    for personal in [
        "13800138000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "+442079460000",
        "wang.fang@example.com",
        "11010519491231002X",
        "110105194912310021",
    ] {
        refused(&Story::new(), with(personal), &Rejection::PersonalReference);
    }
    for reference in [
        "INC0000045",
        "2026-000123",
        "101004143000",
        "39573567",
        "12315-20260302-0042",
    ] {
        accepted(&Story::new(), with(reference));
    }
}

#[test]
fn classes() {
    let category = "delivery/by_drone";
    refused(
        &Story::received(),
        classify(category),
        &Rejection::UnknownCategory {
            category: code(category),
        },
    );
    accepted(&Story::received(), classify("imported/helpdesk/anything"));
    let mut unsure = classify("delivery/delay");
    unsure.confidence_percent = Some(101);
    refused(
        &Story::received(),
        unsure.clone(),
        &Rejection::ConfidenceOutOfRange,
    );
    unsure.confidence_percent = Some(100);
    accepted(&Story::received(), unsure);
    let mut other = classify("price/refund");
    refused(
        &Story::classified(),
        other.clone(),
        &Rejection::ReasonMissing,
    );
    other.reason = Some(" ".to_owned());
    refused(
        &Story::classified(),
        other.clone(),
        &Rejection::ReasonMissing,
    );
    other.reason = Some("read again".to_owned());
    accepted(&Story::classified(), other);
    assert_eq!(
        Story::classified()
            .would(classify("delivery/delay"))
            .unwrap(),
        vec![]
    );
}

#[test]
fn assignment() {
    let story = Story::classified();
    let mut nobody = assign("logistics", "wang.fang");
    nobody.lead = Assignee::department(code("logistics"));
    refused(&story, nobody, &Rejection::LeadPersonMissing);
    let mut twice = assign("logistics", "wang.fang");
    twice.joint = vec![joint("logistics")];
    refused(
        &story,
        twice.clone(),
        &Rejection::JointRepeated {
            department: code("logistics"),
        },
    );
    twice.joint = vec![joint("stores"), joint("stores")];
    refused(
        &story,
        twice.clone(),
        &Rejection::JointRepeated {
            department: code("stores"),
        },
    );
    twice.joint = vec![joint("stores"), joint("finance")];
    accepted(&story, twice);
    let mut limited = assign("logistics", "wang.fang");
    limited.limit = Some(Target::Elapsed(Span::ZERO));
    refused(&story, limited.clone(), &Rejection::LimitNotPositive);
    limited.limit = Some(Target::At(story.now));
    refused(&story, limited.clone(), &Rejection::LimitNotPositive);
    limited.limit = Some(Target::At(story.now + Span::micros(1)));
    accepted(&story, limited);
    let mut returned = assign("service_desk", "li.na");
    returned.reason = AssignReason::Returned;
    refused(
        &Story::processing(),
        returned.clone(),
        &Rejection::ExplanationMissing,
    );
    returned.explanation = Some("not ours".to_owned());
    accepted(&Story::processing(), returned);
}

#[test]
fn nobody_complained_about_handles_it() {
    let mut received = receive();
    received.complained_about = vec![
        ComplainedAbout::Person(code("wang.fang")),
        ComplainedAbout::Department(code("logistics")),
    ];
    let story = Story::new().then(received).then(classify("delivery/delay"));
    refused(
        &story,
        assign("logistics", "wang.fang"),
        &Rejection::Recused {
            person: code("wang.fang"),
        },
    );
    let mut beside = assign("stores", "sun.li");
    beside.joint = vec![joint("logistics")];
    accepted(&story, beside.clone());
    beside.joint[0].assignee.person = Some(code("wang.fang"));
    refused(
        &story,
        beside,
        &Rejection::Recused {
            person: code("wang.fang"),
        },
    );
    accepted(&story, assign("logistics", "sun.li"));
}

#[test]
fn escalation() {
    let story = Story::processing().then(escalate());
    let mut same = escalate();
    same.to_level = Some(Level::new(1));
    refused(
        &story,
        same.clone(),
        &Rejection::LevelNotHigher {
            level: Level::new(1),
        },
    );
    same.to_level = Some(Level::new(3));
    accepted(&story, same.clone());
    same.to_level = Some(Level::new(4));
    refused(
        &story,
        same,
        &Rejection::LevelAboveTop { top: Level::new(3) },
    );
    let mut wordless = escalate();
    wordless.reason = String::new();
    refused(&story, wordless, &Rejection::ReasonMissing);
    let top = story.then(escalate()).then(escalate());
    refused(
        &top,
        escalate(),
        &Rejection::LevelAboveTop { top: Level::new(3) },
    );
    // A complaint that nobody has yet is escalated too.
    accepted(&Story::received(), escalate());
}

#[test]
fn pauses() {
    let story = Story::processing();
    let until = story.now + Span::days(1);
    refused(&story, pause(None), &Rejection::PauseEndMissing);
    refused(
        &story,
        pause(Some(story.now)),
        &Rejection::PauseEndsBeforeItBegins,
    );
    let longest = Span::days(30);
    refused(
        &story,
        pause(Some(story.now + longest + Span::micros(1))),
        &Rejection::PauseTooLong { longest },
    );
    accepted(&story, pause(Some(story.now + longest)));
    let mut strict = story.clone();
    strict.policy.pause.reasons.clear();
    let reason = PauseReason::AwaitingCustomer;
    refused(
        &strict,
        pause(Some(until)),
        &Rejection::PauseReasonNotAllowed { reason },
    );
    let paused = story.then(pause(Some(until)));
    refused(&paused, pause(Some(until)), &Rejection::AlreadyPaused);
    accepted(&paused, resume());
    refused(
        &paused.clone().then(resume()),
        resume(),
        &Rejection::NotPaused,
    );
    // What ends of itself is over: it needs no resuming, and another pause may follow.
    let over = paused.after(Span::days(1));
    refused(&over, resume(), &Rejection::NotPaused);
    accepted(&over, pause(Some(over.now + Span::days(1))));
}

#[test]
fn what_ends_a_pause() {
    let paused = || {
        let story = Story::processing();
        let until = story.now + Span::days(9);
        story.then(pause(Some(until))).after(Span::hours(1))
    };
    let holds = |story: &Story| {
        story
            .complaint
            .case()
            .unwrap()
            .pause_at(story.now)
            .is_some()
    };
    assert!(holds(&paused()));
    assert!(!holds(&paused().then(reply(None))));
    assert!(!holds(&paused().then(assign("stores", "sun.li"))));
    assert!(!holds(&paused().then(resolve())));
    assert!(!holds(&paused().then(close(CloseReason::Withdrawn))));
    assert!(holds(&paused().then(escalate())));
}

#[test]
fn resolution() {
    let story = Story::processing();
    let without = |change: fn(&mut Resolved)| {
        let mut resolved = resolve();
        change(&mut resolved);
        resolved
    };
    refused(
        &story,
        without(|r| r.primary_cause = None),
        &Rejection::PrimaryCauseMissing,
    );
    refused(
        &story,
        without(|r| r.remedies = None),
        &Rejection::RemediesUnstated,
    );
    refused(
        &story,
        without(|r| r.upheld = None),
        &Rejection::UpheldMissing,
    );
    let mut open = resolve();
    open.primary_cause = Some(Cause::new(code("undetermined")));
    refused(&story, open.clone(), &Rejection::FollowUpMissing);
    open.follow_up = Some(story.now + Span::days(9));
    accepted(&story, open);
    let mut strange = resolve();
    strange.contributing_causes = vec![Cause::new(code("service/bad_luck"))];
    refused(
        &story,
        strange,
        &Rejection::UnknownCause {
            cause: code("service/bad_luck"),
        },
    );
    refused(
        &story.clone().by("sun.li", "stores"),
        resolve(),
        &Rejection::NotResponsible,
    );
    // In the lead's department, but not the lead.
    refused(
        &story.by("sun.li", "logistics"),
        resolve(),
        &Rejection::NotResponsible,
    );
}

#[test]
fn whoever_it_was_escalated_to_may_resolve_it() {
    let mut up = escalate();
    up.to = Some(Assignee::department(code("head_office")));
    let story = Story::processing().then(up).by("chen.jie", "head_office");
    accepted(&story, resolve());
}

#[test]
fn joint_parts_are_settled_first() {
    let mut shared = assign("logistics", "wang.fang");
    shared.joint = vec![joint("stores")];
    let story = Story::classified().then(shared);
    refused(
        &story,
        resolve(),
        &Rejection::ContributionOpen {
            department: code("stores"),
        },
    );
    let done = |department: &str| Noted {
        kind: NoteKind::Contribution {
            department: code(department),
            done: true,
        },
        evidence: vec![],
        personal: Personal::Withheld,
    };
    refused(
        &story,
        done("finance"),
        &Rejection::NotAJointDepartment {
            department: code("finance"),
        },
    );
    let settled = story.then(done("stores"));
    accepted(&settled, resolve());
    refused(
        &settled,
        done("stores"),
        &Rejection::NotAJointDepartment {
            department: code("stores"),
        },
    );
}

#[test]
fn dissatisfied_too_often_must_rise() {
    let mut story = Story::resolved();
    for _ in 1..3 {
        story = story
            .then(reply(Some(Verdict::Dissatisfied)))
            .then(resolve());
    }
    // The third cycle was the last one that may be resolved without rising.
    let fourth = story.then(reply(Some(Verdict::Dissatisfied)));
    assert_eq!(fourth.complaint.case().unwrap().cycle.get(), 4);
    refused(
        &fourth,
        resolve(),
        &Rejection::EscalationRequired { max_cycles: 3 },
    );
    accepted(&fourth.then(escalate()), resolve());
}

#[test]
fn feedback() {
    let story = Story::resolved();
    let mut wordless = result();
    wordless.personal = Personal::Withheld;
    refused(&story, wordless.clone(), &Rejection::ContentMissing);
    wordless.template = Some(code("result_letter"));
    accepted(&story, wordless);
    let mut promise = Feedback::new(FeedbackKind::Progress, Channel::Sms, "soon");
    promise.promised_by = Some(story.now);
    refused(&story, promise.clone(), &Rejection::PromiseInPast);
    promise.promised_by = Some(story.now + Span::micros(1));
    accepted(&story, promise);
}

#[test]
fn revisits() {
    let story = Story::fed_back();
    let own = Revisit {
        agent: code("wang.fang"),
        ..reached(Satisfaction::Satisfied)
    };
    refused(&story, own, &Rejection::RevisitByResolver);
    let marked = |score, would_recommend| Revisit {
        outcome: RevisitOutcome::Reached {
            result: Satisfaction::Satisfied,
            process: Satisfaction::Satisfied,
            score,
            residual_problem: false,
            would_recommend,
            survey: None,
        },
        ..reached(Satisfaction::Satisfied)
    };
    for (score, mark) in [(Some(0), None), (Some(6), None), (None, Some(11))] {
        refused(&story, marked(score, mark), &Rejection::ScoreOutOfRange);
    }
    for (score, mark) in [(Some(1), Some(0)), (Some(5), Some(10))] {
        accepted(&story, marked(score, mark));
    }
}

#[test]
fn every_attempt_has_a_number_of_its_own() {
    let story = Story::fed_back()
        .then(not_reached())
        .then(reached(Satisfaction::Neutral))
        .then(reached(Satisfaction::Neutral))
        .then(not_reached());
    let numbers: Vec<u32> = story
        .facts
        .iter()
        .filter_map(|fact| {
            let Event::Revisited(revisited) = &fact.event else {
                return None;
            };
            Some(revisited.attempt)
        })
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[test]
fn structure_is_told_before_content() {
    let mut promise = result();
    promise.promised_by = Some(start());
    let refusal = Story::processing().would(promise).unwrap_err();
    assert_eq!(refusal.code(), "not_in_this_state");
}

#[test]
fn a_rest_of_the_problem_begins_a_new_cycle_even_if_satisfied() {
    let mut rest = reached(Satisfaction::Satisfied);
    rest.outcome = RevisitOutcome::Reached {
        result: Satisfaction::Satisfied,
        process: Satisfaction::Satisfied,
        score: None,
        residual_problem: true,
        would_recommend: None,
        survey: None,
    };
    let story = Story::fed_back().then(rest);
    assert_eq!(story.complaint.state(), redress_core::State::Processing);
    assert_eq!(story.complaint.case().unwrap().cycle.get(), 2);
}

#[test]
fn unreachable_takes_three_attempts_on_two_days() {
    let closed = || close(CloseReason::Unreachable);
    let thrice_a_day = Story::fed_back()
        .then(not_reached())
        .then(not_reached())
        .then(not_reached());
    refused(
        &thrice_a_day,
        closed(),
        &Rejection::TooFewAttempts { made: 3, days: 1 },
    );
    let twice = Story::fed_back()
        .then(not_reached())
        .after(Span::days(1))
        .then(not_reached());
    refused(
        &twice,
        closed(),
        &Rejection::TooFewAttempts { made: 2, days: 2 },
    );
    accepted(&twice.then(not_reached()), closed());
    refused(
        &Story::processing(),
        closed(),
        &Rejection::TooFewAttempts { made: 0, days: 0 },
    );
}

#[test]
fn endings() {
    let top = Level::new(3);
    let last_word = close(CloseReason::FinalPosition);
    refused(
        &Story::fed_back(),
        last_word.clone(),
        &Rejection::NotFinal { top },
    );
    let risen = |story: Story| story.then(escalate()).then(escalate()).then(escalate());
    refused(
        &risen(Story::resolved()),
        last_word.clone(),
        &Rejection::NotFinal { top },
    );
    accepted(&risen(Story::fed_back()), last_word);
    refused(
        &Story::fed_back(),
        close(CloseReason::Waived),
        &Rejection::WaiverNotAllowed,
    );
    let mut lenient = Story::fed_back();
    lenient.policy.waiver = true;
    accepted(&lenient, close(CloseReason::Waived));
    let content = Story::fed_back().then(reply(Some(Verdict::Accepted)));
    accepted(&content, close(CloseReason::Satisfied));
    refused(
        &Story::fed_back().then(reply(Some(Verdict::Neutral))),
        close(CloseReason::Satisfied),
        &Rejection::SatisfactionUnknown,
    );
}

#[test]
fn duplicates() {
    let original = ComplaintId::new(Uuid::from_u128(2));
    let link = Linked {
        relation: Relation::DuplicateOf,
        target: original,
        unlink: false,
    };
    let story = Story::received();
    refused(&story, link, &Rejection::LinkTargetUnknown);
    let to_itself = Linked {
        target: Story::id(),
        ..link
    };
    refused(&story, to_itself, &Rejection::LinkToItself);
    let as_duplicate = close(CloseReason::Duplicate { of: original });
    refused(
        &story,
        as_duplicate.clone(),
        &Rejection::NotLinkedAsDuplicate,
    );
    let with_target = Story {
        target: Some(Story::received().complaint),
        ..story
    };
    refused(
        &with_target,
        Linked {
            unlink: true,
            ..link
        },
        &Rejection::NotLinked,
    );
    let linked = with_target.then(link);
    assert_eq!(linked.would(link).unwrap(), vec![]);
    // A duplicate of a duplicate would leave nobody to handle it.
    let chained = Story {
        target: Some(linked.complaint.clone()),
        ..Story::received()
    };
    refused(&chained, link, &Rejection::LinkTargetIsDuplicate);
    let closed = linked.then(as_duplicate);
    refused(&closed, reopen(), &Rejection::NotReopenable);
    // The tie tells where the matter is handled: undone, the two could be closed as duplicates of each other.
    let untie = Linked {
        unlink: true,
        ..link
    };
    refused(&closed, untie, &Rejection::ClosedAsDuplicate);
    // A ledger may hold one that was untied before that was refused: it is a duplicate all the same.
    let mut untied = closed;
    let now = untied.now;
    untied.record(untie.into(), now);
    let ring = Story {
        target: Some(untied.complaint),
        ..Story::received()
    };
    refused(&ring, link, &Rejection::LinkTargetIsDuplicate);
}

#[test]
fn reopening() {
    let story = Story::closed();
    let window = Span::days(10);
    let ended = story.now + window;
    accepted(&story.clone().after(window), reopen());
    refused(
        &story.clone().after(window + Span::micros(1)),
        reopen(),
        &Rejection::ReopenWindowPassed { ended },
    );
    let mut wordless = reopen();
    wordless.reason = String::new();
    refused(&story, wordless, &Rejection::ReasonMissing);
    let refusal = close(CloseReason::Refused {
        ground: code("no_customer"),
    });
    let refused_once = told(Story::received()).then(refusal);
    refused(&refused_once, reopen(), &Rejection::NotReopenable);
}

/// After a word of substance to the customer.
fn told(story: Story) -> Story {
    story.then(Feedback::new(
        FeedbackKind::Progress,
        Channel::Sms,
        "we cannot help with this",
    ))
}

#[test]
fn a_customer_is_told_before_a_refusal() {
    let refusal = close(CloseReason::Refused {
        ground: code("no_customer"),
    });
    for story in [Story::received(), Story::classified()] {
        refused(&story, refusal.clone(), &Rejection::CustomerNotTold);
        // That it has arrived says nothing of what becomes of it.
        let arrived = Feedback::new(
            FeedbackKind::Acknowledgement,
            Channel::Sms,
            "it has arrived",
        );
        refused(
            &story.clone().then(arrived),
            refusal.clone(),
            &Rejection::CustomerNotTold,
        );
        accepted(&told(story), refusal.clone());
    }
    // Too late goes first: a word would not help.
    refused(&Story::processing(), refusal, &Rejection::RefusedTooLate);
}

#[test]
fn extensions() {
    // Resolution of a complaint of normal priority: ten days from receipt.
    let story = Story::processing();
    let due = start() + Span::days(10);
    let extend = |new_due| Extended {
        clock: ClockKind::Resolution,
        new_due,
        reason: "the supplier is late".to_owned(),
        approved_by: code("chen.jie"),
        customer_told: true,
    };
    refused(&story, extend(due), &Rejection::NotLater);
    let later = due + Span::days(5);
    accepted(&story, extend(later));
    let at_due = Story {
        now: due,
        ..story.clone()
    };
    accepted(&at_due, extend(later));
    let after_due = Story {
        now: due + Span::micros(1),
        ..story.clone()
    };
    refused(&after_due, extend(later), &Rejection::AlreadyDue { due });
    let own = Extended {
        approved_by: code("wang.fang"),
        ..extend(later)
    };
    refused(&story, own, &Rejection::ApproverIsRequester);
    let wordless = Extended {
        reason: " ".to_owned(),
        ..extend(later)
    };
    refused(&story, wordless, &Rejection::ReasonMissing);
    let clock = ClockKind::Final;
    refused(
        &story,
        Extended {
            clock,
            ..extend(later)
        },
        &Rejection::ClockUntargeted { clock },
    );
    let clock = ClockKind::Revisit;
    refused(
        &story,
        Extended {
            clock,
            ..extend(later)
        },
        &Rejection::ClockNotRunning { clock },
    );
    let once = story.then(extend(later));
    refused(
        &once,
        extend(later + Span::days(1)),
        &Rejection::TooManyExtensions { max: 1 },
    );
}

#[test]
fn amendments() {
    let amend = |change| Amended {
        cause: AmendmentCause::CauseReview,
        patch: vec![change],
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Withheld,
    };
    let causes = |code_text: &str| Change::Causes {
        primary: Cause::new(code(code_text)),
        contributing: vec![],
    };
    refused(
        &Story::processing(),
        amend(causes("service/operating_error")),
        &Rejection::NothingResolved,
    );
    refused(
        &Story::processing(),
        amend(Change::Upheld(Upheld::Partly)),
        &Rejection::NothingResolved,
    );
    refused(
        &Story::closed(),
        amend(causes("service/bad_luck")),
        &Rejection::UnknownCause {
            cause: code("service/bad_luck"),
        },
    );
    let amended = Story::closed().then(amend(causes("service/operating_error")));
    let cause = amended
        .complaint
        .resolution()
        .unwrap()
        .fact
        .primary_cause
        .clone()
        .unwrap();
    assert_eq!(cause.code, code("service/operating_error"));
    assert!(matches!(amended.complaint, Complaint::Closed { .. }));
}

#[test]
fn erasure_names_the_right_customer() {
    let erase = |subject| Erased {
        subject: SubjectId::new(Uuid::from_u128(subject)),
        basis: "request".to_owned(),
    };
    refused(&Story::closed(), erase(8), &Rejection::OtherSubject);
    accepted(&Story::closed(), erase(7));
}
