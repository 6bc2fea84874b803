//! One clock kind after another, in the order of a complaint's life.

use super::history::{History, department, h};
use crate::clock::ClockKind::{
    Acknowledge, Assignment, Feedback, Final, FirstResponse, Handling, Promise, Reply, Resolution,
    Revisit,
};
use crate::clock::{ClockKind, Ending, Status};
use crate::event::{CloseReason, FeedbackKind, Priority, Satisfaction, Verdict};
use crate::{Policy, Span};

#[test]
fn an_automatic_acknowledgement_stops_acknowledge_but_is_no_first_response() {
    let history = History::received().told_by_program(24, FeedbackKind::Acknowledgement);

    history.check((Acknowledge, 0), 23, Status::AtRisk, 23);
    history.check((Acknowledge, 0), 99, Status::Met, 24);
    history.check_due((Acknowledge, 0), 99, Some(24), Some(0));
    history.check((FirstResponse, 0), 38, Status::OnTrack, 38);
    history.check((FirstResponse, 0), 39, Status::AtRisk, 39); // 80 % of 48 h is 38.4 h
    history.check((FirstResponse, 0), 49, Status::Overdue, 49);
}

#[test]
fn the_first_word_by_a_person_stops_first_response() {
    let history = History::received()
        .told_by_program(1, FeedbackKind::Progress)
        .told(2, FeedbackKind::Acknowledgement)
        .told(50, FeedbackKind::Progress)
        .told(60, FeedbackKind::Progress);

    history.check((Acknowledge, 0), 99, Status::Met, 1);
    history.check((FirstResponse, 0), 99, Status::Missed, 50);
    history.check_due((FirstResponse, 0), 99, Some(48), Some(-2));
}

#[test]
fn a_microsecond_past_the_limit_is_late() {
    let on_time = History::received().told(24, FeedbackKind::Progress);
    let reading = on_time.read(Acknowledge, 0, h(24));
    assert_eq!(reading.status, Status::Met);

    let running = History::received();
    let reading = running.read(Acknowledge, 0, h(24) + Span::micros(1));
    assert_eq!(reading.status, Status::Overdue);
    assert_eq!(reading.remaining, Some(Span::micros(-1)));
}

#[test]
fn an_end_later_than_now_has_not_happened() {
    let history = History::received().told(30, FeedbackKind::Progress);

    history.check((Acknowledge, 0), 10, Status::OnTrack, 10);
    history.check((Acknowledge, 0), 29, Status::Overdue, 29);
    history.check((Acknowledge, 0), 30, Status::Missed, 30);
}

#[test]
fn assignment_runs_to_the_first_assignment() {
    let history = History::received()
        .classified(3, Priority::Normal)
        .assigned(25, "logistics", "first")
        .assigned(40, "billing", "second");

    history.check((Assignment, 0), 99, Status::Missed, 25);
    assert_eq!(history.clocks(Assignment).len(), 1);
}

#[test]
fn a_class_changes_the_limits_of_running_clocks_and_keeps_their_start() {
    let history = History::received()
        .told(10, FeedbackKind::Progress)
        .classified(12, Priority::Urgent);

    // It was answered under the limit of an unclassified complaint, 48 h; an urgent one has 4 h.
    history.check((FirstResponse, 0), 12, Status::Met, 10);
    history.check_due((FirstResponse, 0), 12, Some(48), Some(38));
    // Assignment still runs: urgent, it had 2 h.
    history.check_due((Assignment, 0), 12, Some(2), Some(-10));
    history.check((Assignment, 0), 12, Status::Overdue, 12);
    history.check_due((Resolution, 0), 12, Some(72), Some(60));
}

#[test]
fn resolving_stops_handling_and_resolution_and_starts_feedback() {
    let history = History::processing().resolved(122);

    history.check((Handling, 0), 500, Status::Met, 120); // hour 2 to 122: the whole limit of 5 days
    history.check((Resolution, 0), 500, Status::Met, 122);
    history.check((Feedback, 0), 142, Status::AtRisk, 20); // 80 % of 24 h is 19.2 h
    history.check((Feedback, 0), 147, Status::Overdue, 25);
}

#[test]
fn telling_the_result_stops_feedback_and_final() {
    let history = History::processing()
        .resolved(100)
        .told(110, FeedbackKind::Result);

    history.check((Feedback, 0), 500, Status::Met, 10);
    history.check((Final, 0), 500, Status::UntargetedEnded, 110);
    history.check_due((Final, 0), 500, None, None);
}

#[test]
fn final_goes_on_when_the_last_word_was_not_the_last() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .replied(30, Some(Verdict::Rejected));
    history.check((Final, 0), 40, Status::UntargetedRunning, 40);

    let history = history.resolved(50).told(60, FeedbackKind::Result);
    history.check((Final, 0), 99, Status::UntargetedEnded, 60);
    assert_eq!(history.clocks(Final).len(), 1);
}

/// The result is told at hour 20; the window is from 24 h to 72 h later.
#[track_caller]
fn check_revisit(hours_after_result: i64, expected: Status) {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .revisited(20 + hours_after_result, Satisfaction::Satisfied);
    history.check((Revisit, 0), 500, expected, hours_after_result);
}

#[test]
fn a_revisit_is_early_on_time_or_late() {
    check_revisit(23, Status::Early);
    check_revisit(24, Status::Met);
    check_revisit(72, Status::Met);
    check_revisit(73, Status::Missed);
    check_revisit(96, Status::Missed);
}

#[test]
fn an_attempt_in_vain_does_not_stop_revisit() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .not_reached(50, 1);
    history.check((Revisit, 0), 77, Status::OnTrack, 57); // 80 % of 72 h is 57.6 h
    history.check((Revisit, 0), 78, Status::AtRisk, 58);
    history.check((Revisit, 0), 93, Status::Overdue, 73);
}

#[test]
fn a_reply_waits_for_a_persons_answer_and_has_no_limit_in_the_standard_policy() {
    let history = History::processing()
        .replied(5, None)
        .replied(7, None)
        .told_by_program(8, FeedbackKind::Acknowledgement)
        .told(9, FeedbackKind::Progress)
        .replied(12, None);

    history.check((Reply, 0), 99, Status::UntargetedEnded, 4);
    history.check((Reply, 1), 99, Status::UntargetedRunning, 87);
    assert_eq!(history.clocks(Reply).len(), 2);
}

#[test]
fn thanks_owe_no_answer() {
    for thanks in [Verdict::Satisfied, Verdict::Accepted] {
        let history = History::processing()
            .resolved(6)
            .told(7, FeedbackKind::Result)
            .replied(8, Some(thanks));
        assert_eq!(history.clocks(Reply).len(), 0);
    }
}

#[test]
fn a_program_keeps_no_promise() {
    let history = History::processing()
        .promised(10, 20)
        .told_by_program(11, FeedbackKind::Acknowledgement);
    history.check((Promise, 0), 99, Status::Overdue, 89);
}

#[test]
fn a_promise_is_due_at_its_own_moment() {
    let history = History::processing()
        .promised(10, 20)
        .told(21, FeedbackKind::Progress);
    history.check((Promise, 0), 17, Status::OnTrack, 7);
    history.check((Promise, 0), 18, Status::AtRisk, 8);
    history.check((Promise, 0), 20, Status::AtRisk, 10);
    history.check((Promise, 0), 99, Status::Missed, 11);
    history.check_due((Promise, 0), 99, Some(20), Some(-1));

    let kept = History::processing()
        .promised(10, 20)
        .told(20, FeedbackKind::Progress);
    kept.check((Promise, 0), 99, Status::Met, 10);
}

#[test]
fn an_unhappy_reply_begins_a_cycle_with_the_same_owner() {
    let history = History::processing()
        .resolved(10)
        .replied(15, Some(Verdict::Dissatisfied));

    history.check((Feedback, 0), 99, Status::Cancelled, 5);
    history.check((Resolution, 0), 99, Status::Met, 10);
    history.check((Resolution, 1), 99, Status::OnTrack, 84);
    history.check((Handling, 0), 99, Status::Met, 8);
    history.check((Handling, 1), 112, Status::AtRisk, 97); // 80 % of 120 h is 96 h
    assert_eq!(history.clocks(Resolution)[1].cycle.get(), 2);
    assert_eq!(history.clocks(Assignment).len(), 1);
}

#[test]
fn a_revisit_that_finds_the_customer_unhappy_counts_and_begins_a_cycle() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .revisited(50, Satisfaction::Dissatisfied);

    history.check((Revisit, 0), 99, Status::Met, 30);
    history.check((Resolution, 1), 60, Status::OnTrack, 10);
}

#[test]
fn reopening_starts_from_the_moment_of_reopening() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .revisited(50, Satisfaction::Satisfied)
        .closed(50, CloseReason::Satisfied)
        .reopened(100);

    history.check((Resolution, 0), 150, Status::Met, 10);
    history.check((Resolution, 1), 150, Status::OnTrack, 50);
    history.check((Handling, 1), 150, Status::OnTrack, 50);
    history.check((Revisit, 0), 150, Status::Met, 30);
}

#[test]
fn reopening_what_nobody_had_owes_an_assignment() {
    let history = History::received()
        .classified(1, Priority::Normal)
        .closed(5, CloseReason::Withdrawn)
        .reopened(10);

    history.check((Assignment, 0), 99, Status::Cancelled, 5);
    history.check((Assignment, 1), 20, Status::OnTrack, 10);
    history.check((Assignment, 1), 35, Status::Overdue, 25);
    assert!(history.clocks(Handling).is_empty());
}

#[test]
fn closing_cancels_what_had_time_left_and_keeps_what_was_late() {
    let history = History::processing().closed(30, CloseReason::Waived);

    history.check((Acknowledge, 0), 99, Status::Missed, 30);
    history.check((FirstResponse, 0), 99, Status::Cancelled, 30);
    history.check((Resolution, 0), 99, Status::Cancelled, 30);
    history.check((Handling, 0), 99, Status::Cancelled, 28);
    history.check((Final, 0), 99, Status::UntargetedEnded, 30);
}

#[test]
fn what_is_withdrawn_owes_nothing_however_late() {
    let history = History::processing().closed(300, CloseReason::Withdrawn);

    for kind in [Acknowledge, FirstResponse, Resolution, Handling, Final] {
        history.check(
            (kind, 0),
            999,
            Status::Cancelled,
            300 - if kind == Handling { 2 } else { 0 },
        );
    }
}

#[test]
fn an_unreachable_customer_is_owed_no_revisit() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .not_reached(40, 1)
        .not_reached(60, 2)
        .not_reached(100, 3)
        .closed(100, CloseReason::Unreachable);

    history.check((Revisit, 0), 999, Status::Cancelled, 80);
}

#[test]
fn a_closed_complaint_has_no_running_clock_even_when_a_promise_is_told_late() {
    // The promise was made at hour 10 and told first; the closing happened at hour 5.
    let history = History::processing()
        .promised(10, 20)
        .closed(5, CloseReason::Waived);

    assert_eq!(history.clocks(Promise)[0].started_at, h(10));
    for clock in &history.complaint.case().unwrap().clocks {
        assert!(clock.end.is_some(), "{} runs", clock.kind.name());
    }
    history.check((Promise, 0), 99, Status::Cancelled, 0);
}

#[test]
fn without_a_limit_a_clock_is_neither_met_nor_missed() {
    let mut policy = Policy::standard();
    policy.targets.clear();
    let history = History::processing().resolved(900);
    let case = history.complaint.case().unwrap();
    let statuses: Vec<Status> = case
        .clocks
        .iter()
        .map(|clock| clock.read(&case.pauses, &policy, h(999)).status)
        .collect();

    let ended = |kind: ClockKind| matches!(kind, Assignment | Resolution | Handling);
    for (clock, status) in case.clocks.iter().zip(statuses) {
        let expected = if ended(clock.kind) {
            Status::UntargetedEnded
        } else {
            Status::UntargetedRunning
        };
        assert_eq!(status, expected, "{}", clock.kind.name());
    }
}

#[test]
fn each_clock_has_a_department_that_answers_for_it() {
    let history = History::processing()
        .resolved(10)
        .told(20, FeedbackKind::Result)
        .assigned(30, "billing", "second")
        .replied(40, None);
    let policy = Policy::standard();
    let case = history.complaint.case().unwrap();
    let of = |kind: ClockKind| {
        let lead = history.complaint.lead();
        let clock = history.clocks(kind)[0];
        clock
            .department(&case.intake_department, lead, &policy)
            .clone()
    };

    for kind in [Acknowledge, FirstResponse, Assignment] {
        assert_eq!(of(kind), department("service"));
    }
    for kind in [Handling, Resolution, Feedback, Final] {
        assert_eq!(of(kind), department("logistics"), "{}", kind.name());
    }
    assert_eq!(of(Reply), department("billing"));
    assert_eq!(of(Revisit), department("quality"));
    assert_eq!(
        history.clocks(Handling)[0].end.as_ref().unwrap().how,
        Ending::Stopped
    );
}
