//! Scenarios 1, 2, 8 and 10: from receipt to a content customer, at once or not at once.

use redress_core::Rejection;
use redress_core::event::{CloseReason, Linked, Priority, Relation, Satisfaction, Verdict};

use super::office::policy;
use super::tale::{Tale, at};
use crate::story::{Story, close, reopen};

/// 1. The smooth path.
///
/// | clock | from | to | ran | due |
/// |---|---|---|---|---|
/// | acknowledge (2 h) | Mon 10:00 | Mon 10:05 | 0h05 | Mon 12:00, the end of the morning |
/// | first response (4 h) | Mon 10:00 | Mon 14:00 | 2h00 + 0h30 | 2 h by 12:00, 2 h more from 13:30: Mon 15:30 |
/// | assignment (4 h) | Mon 10:00 | Mon 11:30 | 1h30 | Mon 15:30 |
/// | handling (3 working days) | Mon 11:30 | Wed 16:00 | Mon 0h30 + 4h30, Tue 7h30, Wed 3h00 + 2h30 = 18h00 | Tue, Wed, Thu: the end of Thu |
/// | resolution (5 working days) | Mon 10:00 | Wed 16:00 | 18h00 + 1h30 = 19h30 | the end of Mon 9 March |
/// | feedback (7h30) | Wed 16:00 | Thu 10:00 | 2h00 + 1h00 | Wed 2h, Thu 3h, 2h30 more from 13:30: Thu 16:00 |
/// | final (15 days) | Mon 10:00 | Thu 10:00 | 72h00, day and night | the end of 17 March |
/// | revisit (3 days, from 1 day on) | Thu 10:00 | Fri 15:00 | 29h00 | Sun 10:00 |
#[test]
fn s01_the_smooth_path() {
    let end = "03-06 周五 15:00";
    Tale::received("03-02 周一 10:00", &policy())
        .acknowledged_by_program("03-02 周一 10:05")
        .classified("03-02 周一 11:00", Priority::Normal)
        .assigned("03-02 周一 11:30", "logistics", None)
        .progress_told("03-02 周一 14:00")
        .resolved("03-04 周三 16:00")
        .result_told("03-05 周四 10:00")
        .revisited(end, Satisfaction::Satisfied)
        .stands("closed, cycle 1, level 0")
        .check(end, "acknowledge", "met, ran 0h05, due 03-02 周一 12:00")
        .check(end, "first_response", "met, ran 2h30, due 03-02 周一 15:30")
        .check(end, "assignment", "met, ran 1h30, due 03-02 周一 15:30")
        .check(end, "handling", "met, ran 18h00, due 03-05 周四 24:00")
        .check(end, "resolution", "met, ran 19h30, due 03-09 周一 24:00")
        .check(end, "feedback", "met, ran 3h00, due 03-05 周四 16:00")
        .check(end, "final", "met, ran 72h00, due 03-17 周二 24:00")
        .check(end, "revisit", "met, ran 29h00, due 03-08 周日 10:00");
}

/// 2. Dissatisfied twice, then satisfied.
///
/// Three cycles, each with its own resolution clock of 5 working days, measured from what began it:
///
/// - cycle 1 from receipt: Mon 10:00 to 16:00 = 2h00 + 2h30 = 4h30; due the end of Mon 9 March;
/// - cycle 2 from the unhappy reply: Tue 9:30 to Wed 11:30 = 2h30 + 4h30 + 2h30 = 9h30; due Wed, Thu, Fri, Mon, the end of
///   Tue 10 March;
/// - cycle 3 from the unhappy answer to the revisit: Thu 15:00 to Fri 17:00 = 3h00 + 3h00 + 3h30 = 9h30; due the end of
///   Thu 12 March.
///
/// The revisit of cycle 1 is not owed any more once the customer has said what they think (16h30 after the result). That
/// of cycle 2 came 25 hours after the result; that of cycle 3 from Fri 17:30 to Mon 10:00, 64h30.
///
/// The reply of Tue 9:30 was answered with the next result, Wed 14:00: 2h30 + 4h30 + 3h00 + 0h30 = 10h30, and it was due
/// after 4 hours, at 2h30 by noon and 1h30 more: 15:00.
#[test]
fn s02_dissatisfied_twice_then_satisfied() {
    let end = "03-09 周一 10:00";
    Tale::in_handling("03-02 周一 10:00", Priority::Normal, &policy())
        .resolved("03-02 周一 16:00")
        .result_told("03-02 周一 17:00")
        .customer_replied("03-03 周二 09:30", Some(Verdict::Dissatisfied))
        .stands("processing, cycle 2, level 0")
        .resolved("03-04 周三 11:30")
        .result_told("03-04 周三 14:00")
        .revisited("03-05 周四 15:00", Satisfaction::Dissatisfied)
        .stands("processing, cycle 3, level 0")
        .resolved("03-06 周五 17:00")
        .result_told("03-06 周五 17:30")
        .revisited(end, Satisfaction::Satisfied)
        .stands("closed, cycle 3, level 0")
        .check(end, "resolution 1", "met, ran 4h30, due 03-09 周一 24:00")
        .check(end, "resolution 2", "met, ran 9h30, due 03-10 周二 24:00")
        .check(end, "resolution 3", "met, ran 9h30, due 03-12 周四 24:00")
        .check(end, "reply", "missed, ran 10h30, due 03-03 周二 15:00")
        .check(
            end,
            "revisit 1",
            "cancelled, ran 16h30, due 03-05 周四 17:00",
        )
        .check(end, "revisit 2", "met, ran 25h00, due 03-07 周六 14:00")
        .check(end, "revisit 3", "met, ran 64h30, due 03-09 周一 17:30");
}

/// The result is told on Mon 2 March at 12:00.
#[track_caller]
fn told_at_noon() -> Tale {
    Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .resolved("03-02 周一 11:00")
        .result_told("03-02 周一 12:00")
}

/// 8. Revisits: the result is told on Mon at 12:00, so the window is from Tue 12:00 to Thu 12:00.
///
/// - 23 hours later, Tue 11:00: too early;
/// - 3 days later to the minute, Thu 12:00: in time;
/// - 4 days later, Fri 12:00: too late.
#[test]
fn s08_a_revisit_is_early_on_time_or_late() {
    let revisited = |when: &str, expected: &str| {
        told_at_noon()
            .revisited(when, Satisfaction::Satisfied)
            .check(when, "revisit", expected)
            .stands("closed, cycle 1, level 0");
    };
    revisited("03-03 周二 11:00", "early, ran 23h00, due 03-05 周四 12:00");
    revisited("03-05 周四 12:00", "met, ran 72h00, due 03-05 周四 12:00");
    revisited(
        "03-06 周五 12:00",
        "missed, ran 96h00, due 03-05 周四 12:00",
    );
}

/// 8, continued. Nobody answers. Three attempts on two days are enough to give up, two are not, nor are three on one day.
/// No revisit is owed any more then, though it is already later than Thu 12:00.
#[test]
fn s08_a_customer_who_cannot_be_reached() {
    let two = told_at_noon()
        .nobody_reached("03-03 周二 15:00")
        .nobody_reached("03-04 周三 10:00");
    two.clone().refuses(
        "03-04 周三 10:00",
        close(CloseReason::Unreachable),
        "too_few_attempts",
    );
    two.nobody_reached("03-05 周四 16:00")
        .check(
            "03-05 周四 16:00",
            "revisit",
            "overdue, ran 76h00, due 03-05 周四 12:00",
        )
        .closed("03-05 周四 16:00", CloseReason::Unreachable)
        .stands("closed, cycle 1, level 0")
        .check(
            "03-09 周一 09:00",
            "revisit",
            "cancelled, ran 76h00, due 03-05 周四 12:00",
        );

    told_at_noon()
        .nobody_reached("03-03 周二 10:00")
        .nobody_reached("03-03 周二 14:00")
        .nobody_reached("03-03 周二 17:00")
        .refuses(
            "03-03 周二 17:00",
            close(CloseReason::Unreachable),
            "too_few_attempts",
        );
}

/// 10. Reopened inside the window: 10 days from Thu 5 March 15:00, up to Sun 15 March 15:00 and not a minute longer.
///
/// The first resolution stays met: Mon 10:00 to Tue 11:00 = 2h00 + 4h30 + 2h00 = 8h30. The second starts with the reopening
/// on Tue 10 March 10:00 and not with the receipt: by Wed 10:00 it has run 2h00 + 4h30 + 1h00 = 7h30, and it is due after 5
/// working days, at the end of Tue 17 March.
#[test]
fn s10_reopened_inside_the_window_or_after_it() {
    let closed = Tale::in_handling("03-02 周一 10:00", Priority::Normal, &policy())
        .resolved("03-03 周二 11:00")
        .result_told("03-03 周二 14:00")
        .revisited("03-05 周四 15:00", Satisfaction::Satisfied)
        .stands("closed, cycle 1, level 0");

    let now = "03-11 周三 10:00";
    closed
        .clone()
        .reopened("03-10 周二 10:00")
        .stands("processing, cycle 2, level 0")
        .check(now, "resolution 1", "met, ran 8h30, due 03-09 周一 24:00")
        .check(
            now,
            "resolution 2",
            "on_track, ran 7h30, due 03-17 周二 24:00",
        );

    closed
        .clone()
        .reopened("03-15 周日 15:00")
        .stands("processing, cycle 2, level 0");
    let late = closed
        .clone()
        .refuses("03-15 周日 15:01", reopen(), "reopen_window_passed");

    // What comes later is a new complaint, tied to the old one as its repeat.
    let again = Tale::received("03-15 周日 15:01", &policy());
    let repeat = Linked {
        relation: Relation::RepeatOf,
        target: redress_core::ComplaintId::new(uuid::Uuid::from_u128(2)),
        unlink: false,
    };
    let again = Story {
        target: Some(late.story.complaint),
        ..again.story
    };
    let linked = again.then(repeat);
    let case = linked.complaint.case().unwrap();
    assert_eq!(case.links, [repeat]);
    assert_eq!(case.received_at, at("03-15 周日 15:01"));
    assert!(!case.is_duplicate());
}

/// The rejection tells until when it would have been possible.
#[test]
fn s10_the_end_of_the_window_is_told() {
    let closed = told_at_noon().revisited("03-04 周三 12:00", Satisfaction::Satisfied);
    let story = Story {
        now: at("03-20 周五 09:00"),
        ..closed.story
    };
    let ended = at("03-14 周六 12:00");
    assert_eq!(
        story.would(reopen()),
        Err(Rejection::ReopenWindowPassed { ended })
    );
}
