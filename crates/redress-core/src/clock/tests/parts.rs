//! Clocks of those who handle: hand-over, joint departments, limits of their own, extensions.

use super::history::{History, h};
use crate::Span;
use crate::clock::ClockKind::{Acknowledge, Handling, Resolution};
use crate::clock::{Status, Target};
use crate::event::{PauseReason, Priority};

#[test]
fn another_department_gets_a_clock_of_its_own() {
    let history = History::processing()
        .assigned(100, "billing", "second")
        .resolved(221);

    history.check((Handling, 0), 500, Status::HandedOverInTime, 98);
    history.check((Handling, 1), 500, Status::Missed, 121); // one hour more than 5 days
    history.check((Resolution, 0), 500, Status::Met, 221);
}

#[test]
fn work_handed_over_late_was_late() {
    let history = History::processing().assigned(123, "billing", "second");
    history.check((Handling, 0), 500, Status::HandedOverLate, 121);
    history.check((Handling, 1), 124, Status::OnTrack, 1);
}

#[test]
fn another_person_of_the_same_department_inherits_the_clock() {
    let history = History::processing().assigned(100, "logistics", "second");

    assert_eq!(history.clocks(Handling).len(), 1);
    history.check((Handling, 0), 123, Status::Overdue, 121);
    let part = history.clocks(Handling)[0].part.clone().unwrap();
    assert_eq!(part.assignee.person.unwrap().as_str(), "second");
    assert_eq!(part.epoch.get(), 1);
}

#[test]
fn work_that_comes_back_starts_anew() {
    let history = History::processing()
        .assigned(50, "billing", "second")
        .assigned(60, "logistics", "first");

    history.check((Handling, 0), 70, Status::HandedOverInTime, 48);
    history.check((Handling, 1), 70, Status::HandedOverInTime, 10);
    history.check((Handling, 2), 70, Status::OnTrack, 10);
}

#[test]
fn a_joint_department_has_a_clock_of_its_own() {
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &["billing", "legal"], None)
        .contributed(50, "legal", false)
        .resolved(100);
    history.check((Handling, 0), 500, Status::Met, 98);
    history.check((Handling, 1), 500, Status::Met, 98);
    history.check((Handling, 2), 500, Status::Cancelled, 48);
}

#[test]
fn a_joint_department_may_be_late_while_the_lead_is_in_time() {
    let own = Some(Target::Elapsed(Span::hours(200)));
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &["billing"], own)
        .contributed(123, "billing", true)
        .assigned_with(130, "logistics", "first", &["billing"], None)
        .resolved(140);

    history.check((Handling, 0), 500, Status::Met, 138);
    history.check((Handling, 1), 500, Status::Missed, 121);
    // Its part is done: naming it again starts no second clock.
    assert_eq!(history.clocks(Handling).len(), 2);
}

#[test]
fn a_joint_department_that_is_named_no_more_hands_over() {
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &["billing"], None)
        .assigned(10, "logistics", "first");
    history.check((Handling, 0), 20, Status::OnTrack, 18);
    history.check((Handling, 1), 20, Status::HandedOverInTime, 8);
}

#[test]
fn a_joint_department_that_becomes_the_lead_starts_anew() {
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &["billing"], None)
        .assigned(10, "billing", "second");
    history.check((Handling, 0), 20, Status::HandedOverInTime, 8);
    history.check((Handling, 1), 20, Status::HandedOverInTime, 8);
    history.check((Handling, 2), 20, Status::OnTrack, 10);
}

#[test]
fn a_limit_of_its_own_goes_before_the_policy() {
    let own = Some(Target::Elapsed(Span::hours(10)));
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &[], own)
        .resolved(13);
    history.check((Handling, 0), 99, Status::Missed, 11);
    history.check_due((Handling, 0), 99, Some(12), Some(-1));
}

#[test]
fn a_new_limit_counts_from_the_start_of_the_kept_clock() {
    let own = Some(Target::Elapsed(Span::hours(60)));
    let history = History::processing().assigned_with(50, "logistics", "second", &[], own);
    history.check_due((Handling, 0), 50, Some(62), Some(12));

    let same = history.assigned(55, "logistics", "third");
    same.check_due((Handling, 0), 55, Some(62), Some(7));
}

#[test]
fn an_extension_moves_the_deadline_of_that_clock_alone() {
    let history = History::processing()
        .extended(100, Handling, 150)
        .resolved(150);

    history.check_due((Handling, 0), 99, Some(150), Some(51));
    history.check((Handling, 0), 500, Status::Met, 148);
    history.check_due((Resolution, 0), 500, Some(240), Some(90));
}

#[test]
fn an_extended_deadline_is_a_fixed_moment() {
    let history = History::processing().extended(100, Handling, 152).paused(
        101,
        PauseReason::AwaitingCustomer,
        Some(121),
    );

    // 80 % of the 150 h from hour 2 to 152 are used at hour 122.
    history.check((Handling, 0), 110, Status::OnTrack, 99);
    history.check((Handling, 0), 122, Status::AtRisk, 100);
    history.check((Handling, 0), 153, Status::Overdue, 131);
    assert_eq!(history.clocks(Handling)[0].extensions, 1);
}

#[test]
fn an_extension_of_handling_means_the_lead() {
    let history = History::received()
        .classified(1, Priority::Normal)
        .assigned_with(2, "logistics", "first", &["billing"], None)
        .extended(10, Handling, 200);
    let due: Vec<_> = history
        .clocks(Handling)
        .iter()
        .map(|clock| clock.extended_to)
        .collect();
    assert_eq!(due, [Some(h(200)), None]);
    history.check_due((Acknowledge, 0), 10, Some(24), Some(14));
}
