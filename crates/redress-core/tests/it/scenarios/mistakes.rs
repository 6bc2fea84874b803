//! The mistakes of well-known systems, each with a test that would catch it.

use redress_core::event::{CloseReason, NoteKind, Noted, Priority, Satisfaction, Verdict};
use redress_core::{Personal, Policy, PolicyAdopted, Rulebook, Status, duty};

use super::office::{policy, policy_with_days_off};
use super::tale::{Tale, at};
use crate::story::code;

/// Measuring from "last modified": whatever is written into the file, the clocks run from receipt and assignment.
///
/// Mon 9:00 to Thu 10:00 is 3 × 7h30 + 1h00 = 23h30.
#[test]
fn no_clock_starts_anew_because_something_was_written() {
    let now = "03-05 周四 10:00";
    let quiet = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy());
    let note = Noted {
        kind: NoteKind::Investigation,
        evidence: vec![],
        personal: Personal::Withheld,
    };
    let busy = quiet
        .clone()
        .progress_told("03-03 周二 10:00")
        .does("03-04 周三 10:00", "wang.fang", "logistics", note)
        .customer_replied("03-04 周三 11:00", None)
        .progress_told("03-04 周三 11:30")
        .classified("03-04 周三 15:00", Priority::Low)
        .assigned("03-05 周四 09:30", "logistics", None);
    for clock in ["handling", "resolution"] {
        assert_eq!(
            busy.read(now, clock, &policy()),
            quiet.read(now, clock, &policy()),
            "{clock}"
        );
    }
    busy.check(now, "handling", "on_track, ran 23h30, due 03-05 周四 24:00");
}

/// Unassigned complaints that never escalate: scenario 12 tells it in full; here, that nobody need touch it in any way.
#[test]
fn an_untouched_complaint_rises() {
    Tale::received("03-02 周一 09:00", &policy())
        .overseen("03-03 周二 18:00")
        .stands("received, cycle 1, level 2");
}

/// A missing target counted as met: without limits nothing is met, nothing is missed, and nothing is shown as used.
#[test]
fn no_limit_is_no_success() {
    let policy = Policy {
        targets: Vec::new(),
        ..policy()
    };
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy)
        .resolved("03-03 周二 10:00")
        .result_told("03-03 周二 11:00")
        .revisited("03-04 周三 15:00", Satisfaction::Satisfied);
    let case = tale.story.complaint.case().unwrap();
    assert_eq!(case.clocks.len(), 8);
    for clock in &case.clocks {
        let reading = clock.read(&case.pauses, &policy, at("03-09 周一 09:00"));
        assert_eq!(
            reading.status,
            Status::UntargetedEnded,
            "{}",
            clock.kind.name()
        );
        assert_eq!(
            (reading.due, reading.limit, reading.used_percent()),
            (None, None, None)
        );
    }
}

/// The first resolution counted as *the* resolution after a reopening: the second has a clock of its own, which runs.
#[test]
fn the_first_resolution_is_not_the_resolution() {
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .resolved("03-02 周一 11:00")
        .result_told("03-02 周一 12:00")
        .revisited("03-04 周三 10:00", Satisfaction::Satisfied)
        .reopened("03-05 周四 09:00")
        // Five working days after Thu: the end of Thu 12 March. By Fri 13 March 9:30 six days of 7h30 and 0h30 have run.
        .check(
            "03-13 周五 09:30",
            "resolution 1",
            "met, ran 2h00, due 03-09 周一 24:00",
        )
        .check(
            "03-13 周五 09:30",
            "resolution 2",
            "overdue, ran 45h30, due 03-12 周四 24:00",
        );
    assert_eq!(tale.story.complaint.resolution(), None);
    let owed = duty::duties(
        &tale.story.complaint,
        &tale.story.rules(),
        at("03-05 周四 10:00"),
    );
    assert!(owed.iter().any(|duty| duty.what == duty::Task::Resolve));
}

/// An overdue flag cleared by closing: what was late when it was closed is missed.
///
/// Feedback has 7h30 from Mon 11:00: 5h30 that day and 2h00 on Tue, 11:00. By Wed 10:00 it has run 5h30 + 7h30 + 1h00.
#[test]
fn closing_does_not_clear_what_was_late() {
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .resolved("03-02 周一 11:00")
        .check(
            "03-04 周三 10:00",
            "feedback",
            "overdue, ran 14h00, due 03-03 周二 11:00",
        )
        .customer_replied("03-04 周三 10:00", Some(Verdict::Accepted))
        .closed("03-04 周三 10:00", CloseReason::Satisfied);
    tale.check(
        "03-04 周三 10:00",
        "feedback",
        "missed, ran 14h00, due 03-03 周二 11:00",
    )
    // What had time left when it was closed is not owed any more, and not met either.
    .clone()
    .check(
        "06-01 周一 09:00",
        "final",
        "cancelled, ran 49h00, due 03-17 周二 24:00",
    )
    .check(
        "06-01 周一 09:00",
        "feedback",
        "missed, ran 14h00, due 03-03 周二 11:00",
    );
}

/// A pause lost when the limit changes: it is kept, whatever the priority becomes in it or after it.
///
/// Mon 9:00 to 11:00 ran, then 11:00 to Tue 15:00 did not. Urgent: 6 hours are left on Tue at 15:00, 3h00 that day and 3h00
/// on Wed: 12:00.
#[test]
fn a_pause_survives_a_change_of_the_limit() {
    let paused = || {
        Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
            .paused("03-02 周一 11:00", "03-06 周五 18:00")
    };
    let in_it = paused()
        .classified("03-03 周二 10:00", Priority::Urgent)
        .check(
            "03-03 周二 10:00",
            "handling",
            "paused, ran 2h00, left 6h00",
        )
        .resumed("03-03 周二 15:00");
    let after_it = paused()
        .resumed("03-03 周二 15:00")
        .classified("03-03 周二 15:00", Priority::Urgent);
    for tale in [in_it, after_it] {
        tale.check(
            "03-03 周二 16:00",
            "handling",
            "on_track, ran 3h00, due 03-04 周三 12:00",
        );
    }
}

/// Editing a calendar rewrites past verdicts: an edit touches no fact of any clock, ended or running, and the edited rules are
/// for clocks that start under them. Scenario 11 tells it with adopted rules.
#[test]
fn editing_a_calendar_rewrites_nothing() {
    let now = "03-20 周五 09:00";
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .resolved("03-06 周五 10:00")
        .result_told("03-06 周五 11:00");
    let edit = Policy {
        version: code("edited"),
        ..policy_with_days_off(&["03-03", "03-04", "03-05"])
    };
    let mut rules = Rulebook::new(policy());
    rules
        .adopt(&PolicyAdopted::founding(&policy()).unwrap())
        .unwrap();
    let before = rules.clone();
    rules
        .adopt(&PolicyAdopted::new(&edit, at("03-09 周一 09:00")).unwrap())
        .unwrap();
    let read = |rules: &Rulebook, tale: &Tale| {
        let case = tale.story.complaint.case().unwrap();
        let verdicts: Vec<_> = case
            .clocks
            .iter()
            .map(|clock| rules.read(clock, &case.pauses, at(now)))
            .collect();
        (case.clocks.clone(), verdicts)
    };
    let mut edited = tale.clone();
    edited.story.policy = edit;
    // Life goes on under the edited calendar.
    let goes_on = edited.clone().nobody_reached("03-09 周一 10:00");
    assert_eq!(read(&rules, &edited), read(&before, &tale));
    assert_eq!(read(&rules, &goes_on), read(&before, &tale));
}
