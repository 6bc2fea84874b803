//! Pauses: which clocks stand still, until when, and what that does to the deadline.

use super::history::History;
use crate::clock::ClockKind::{Acknowledge, Final, Handling, Resolution};
use crate::clock::Status;
use crate::event::{FeedbackKind, PauseReason, Priority, Verdict};

const CUSTOMER: PauseReason = PauseReason::AwaitingCustomer;

#[test]
fn a_pause_stops_handling_and_resolution_and_moves_their_deadlines() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(100))
        .resumed(40);

    history.check((Handling, 0), 20, Status::Paused, 8);
    history.check_due((Handling, 0), 20, None, Some(112));
    history.check((Handling, 0), 40, Status::OnTrack, 8);
    history.check_due((Handling, 0), 40, Some(152), Some(112));
    history.check((Resolution, 0), 50, Status::OnTrack, 20);
    history.check_due((Resolution, 0), 50, Some(270), Some(220));
    // Nobody waits with a first word.
    history.check((Acknowledge, 0), 25, Status::Overdue, 25);

    let history = history.resolved(152);
    history.check((Handling, 0), 500, Status::Met, 120);
}

#[test]
fn a_pause_ends_of_itself_when_its_time_has_passed() {
    let history = History::processing().paused(10, CUSTOMER, Some(34));

    history.check((Handling, 0), 33, Status::Paused, 8);
    history.check((Handling, 0), 34, Status::OnTrack, 8);
    history.check_due((Handling, 0), 34, Some(146), Some(112));
    history.check((Handling, 0), 147, Status::Overdue, 121);
}

#[test]
fn a_pause_without_an_end_lasts_until_something_ends_it() {
    let history = History::processing().paused(10, CUSTOMER, None);
    history.check((Handling, 0), 9000, Status::Paused, 8);

    let resolved = history.resolved(9000);
    resolved.check((Handling, 0), 9999, Status::Met, 8);
    resolved.check_due((Handling, 0), 9999, Some(9112), Some(112));
}

#[test]
fn an_answer_of_the_customer_ends_a_pause() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(100))
        .replied(30, None);
    history.check((Handling, 0), 31, Status::OnTrack, 9);
}

#[test]
fn an_assignment_ends_a_pause() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(100))
        .assigned(30, "logistics", "second");
    history.check((Handling, 0), 31, Status::OnTrack, 9);
}

#[test]
fn only_an_appraisal_stops_the_last_answer() {
    let waiting = History::processing().paused(10, CUSTOMER, Some(34));
    waiting.check((Final, 0), 50, Status::UntargetedRunning, 50);

    let appraisal = History::processing().paused(10, PauseReason::Appraisal, Some(34));
    appraisal.check((Final, 0), 50, Status::UntargetedRunning, 26);
}

#[test]
fn what_is_late_stays_late_in_a_pause() {
    let history = History::processing().paused(130, CUSTOMER, Some(200));
    history.check((Handling, 0), 150, Status::Overdue, 128);
    history.check_due((Handling, 0), 150, Some(122), Some(-8));
    history.check((Resolution, 0), 150, Status::Paused, 130);
}

#[test]
fn a_pause_and_its_end_at_one_instant_cost_nothing() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(100))
        .resumed(10);
    history.check((Handling, 0), 10, Status::OnTrack, 8);
    history.check_due((Handling, 0), 10, Some(122), Some(112));
}

#[test]
fn two_pauses_add_up() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(20))
        .paused(30, PauseReason::Legal, Some(100))
        .resumed(35);
    history.check_due((Handling, 0), 40, Some(137), Some(97));
}

#[test]
fn a_pause_begun_after_an_end_does_not_move_its_deadline() {
    let history = History::processing()
        .resolved(10)
        .replied(20, Some(Verdict::Rejected))
        .paused(30, CUSTOMER, Some(50));

    history.check_due((Resolution, 0), 60, Some(240), Some(230));
    history.check_due((Handling, 0), 60, Some(122), Some(112));
    history.check_due((Resolution, 1), 60, Some(280), Some(220));
}

#[test]
fn a_pause_begun_at_the_instant_of_an_end_does_not_hide_its_deadline() {
    let history = History::processing()
        .resolved(20)
        .replied(20, Some(Verdict::Rejected))
        .paused(20, CUSTOMER, Some(50));
    history.check_due((Resolution, 0), 30, Some(240), Some(220));
}

#[test]
fn a_pause_later_than_now_has_not_happened() {
    let history = History::processing().paused(30, CUSTOMER, Some(50));
    history.check_due((Handling, 0), 20, Some(122), Some(102));

    let endless = History::processing().paused(30, CUSTOMER, None);
    endless.check_due((Handling, 0), 20, Some(122), Some(102));
}

#[test]
fn a_pause_begun_at_the_deadline_itself_puts_it_off() {
    // Handling is due at hour 122. As long as the pause lasts, no more than its limit has run.
    let history = History::processing().paused(122, CUSTOMER, Some(150));
    history.check((Handling, 0), 130, Status::Paused, 120);
    history.check_due((Handling, 0), 130, None, Some(0));
    history.check((Handling, 0), 150, Status::AtRisk, 120);
    history.check_due((Handling, 0), 150, Some(150), Some(0));
    history.check((Handling, 0), 151, Status::Overdue, 121);
    history.check_due((Handling, 0), 151, Some(150), Some(-1));
}

#[test]
fn a_class_changed_in_a_pause_keeps_the_time_that_ran() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(30))
        .classified(20, Priority::Urgent);
    history.check((Handling, 0), 20, Status::Paused, 8);
    history.check_due((Handling, 0), 20, None, Some(40)); // urgent: 48 h
    history.check_due((Handling, 0), 30, Some(70), Some(40));
}

#[test]
fn a_word_to_the_customer_does_not_end_a_pause() {
    let history = History::processing()
        .paused(10, CUSTOMER, Some(100))
        .told(20, FeedbackKind::Progress);
    history.check((Handling, 0), 25, Status::Paused, 8);
}
