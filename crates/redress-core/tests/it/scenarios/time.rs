//! Scenarios 5, 6, 7, 11, 15 and 16: what pauses, priorities, holidays, calendars and extensions do to time.

use redress_core::event::Priority;
use redress_core::{ClockKind, Policy, PolicyAdopted, Rulebook, Status};

use super::office::{policy, policy_with_days_off};
use super::tale::{Tale, at, extension, told};
use crate::story::code;

/// 5. A pause for the customer, whose reply ends it.
///
/// Urgent, so 8 hours of working time for handling: without a pause Mon 7h30 and Tue 0h30, due Tue 9:30. At 11:30 on Mon
/// 2h30 have run and 5h30 are left; that stands still however much time passes, and no deadline is shown.
///
/// The customer answers on Tue at 15:00, long before Fri. The 5h30: 3h00 on Tue, 2h30 on Wed, so due Wed at 11:30. (Adding
/// the 27h30 of the pause to Tue 9:30 by the wall clock would have said Wed at 13:00.)
///
/// The resolution has 2 working days: Mon 7h30, Tue 7h30, Wed 7h30 = 22h30 up to the end of Wed. 20h00 are left at the pause:
/// Tue 3h00, Wed 7h30, Thu 7h30, Fri 2h00. So it moves to the end of Fri.
#[test]
fn s05_a_pause_for_the_customer_ended_by_the_reply() {
    let end = "03-04 周三 11:30";
    Tale::in_handling("03-02 周一 09:00", Priority::Urgent, &policy())
        .check(
            "03-02 周一 11:00",
            "handling",
            "on_track, ran 2h00, due 03-03 周二 09:30",
        )
        .check(
            "03-02 周一 11:00",
            "resolution",
            "on_track, ran 2h00, due 03-04 周三 24:00",
        )
        .paused("03-02 周一 11:30", "03-06 周五 18:00")
        .check(
            "03-02 周一 17:00",
            "handling",
            "paused, ran 2h30, left 5h30",
        )
        .check(
            "03-03 周二 14:59",
            "handling",
            "paused, ran 2h30, left 5h30",
        )
        .check(
            "03-03 周二 14:59",
            "resolution",
            "paused, ran 2h30, left 20h00",
        )
        .customer_replied("03-03 周二 15:00", None)
        .check(
            "03-03 周二 16:00",
            "handling",
            "on_track, ran 3h30, due 03-04 周三 11:30",
        )
        .check(
            "03-03 周二 16:00",
            "resolution",
            "on_track, ran 3h30, due 03-06 周五 24:00",
        )
        .resolved(end)
        .check(end, "handling", "met, ran 8h00, due 03-04 周三 11:30")
        .check(end, "resolution", "met, ran 8h00, due 03-06 周五 24:00");
}

/// 6. The priority is raised while the clocks run: the new limit counts, from the old start.
///
/// Normal from Mon 9:00: 3 working days, due at the end of Thu. Paused from 11:00 to 11:30; the half hour is made up for on
/// Fri, so due at the end of Fri. Raised on Tue at 9:15, when 7h00 on Mon and 0h15 on Tue have run: 7h15 of the 8 hours of an
/// urgent complaint, at risk (80 % are 6h24), due at 10:00.
///
/// The assignment had stopped within 0h00 of 4 hours; it stays as it was.
#[test]
fn s06_priority_raised_while_running() {
    let raised = "03-03 周二 09:15";
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .paused("03-02 周一 11:00", "03-02 周一 11:30")
        .check(
            raised,
            "handling",
            "on_track, ran 7h15, due 03-06 周五 24:00",
        )
        .classified(raised, Priority::Urgent)
        .check(
            raised,
            "handling",
            "at_risk, ran 7h15, due 03-03 周二 10:00",
        )
        .check(raised, "assignment", "met, ran 0h00, due 03-02 周一 14:30");
    tale.clone().resolved("03-03 周二 10:00").check(
        "03-03 周二 10:00",
        "handling",
        "met, ran 8h00, due 03-03 周二 10:00",
    );
    tale.resolved("03-03 周二 10:01").check(
        "03-03 周二 10:01",
        "handling",
        "missed, ran 8h01, due 03-03 周二 10:00",
    );
}

/// 7. Spring Festival 2026: off from Sun 15 to Mon 23 February; Sat 14 and Sat 28 are worked instead (调休).
///
/// Received on Fri 13 at 16:00, assigned at 16:30.
///
/// - handling, 3 working days: Sat 14, Tue 24, Wed 25. At noon of Mon 23 it has run Fri 1h30 and Sat 7h30. Resolved on Fri 27
///   at 17:00: 1h30 + 7h30 + 3 × 7h30 + 3h00 + 3h30 = 38h00; missed.
/// - resolution, 5 working days: Sat 14, Tue 24, Wed 25, Thu 26, Fri 27; ran 38h30; met.
/// - feedback, 7h30: 1h00 on Fri 27, then the make-up Saturday: 3h00 by noon and 3h30 more, 17:00. Told at 10:00: 2h00.
/// - final, 15 calendar days whether worked or not: the end of Sat 28.
#[test]
fn s07_spring_festival_with_a_make_up_saturday() {
    let end = "02-28 周六 10:00";
    Tale::received("02-13 周五 16:00", &policy())
        .classified("02-13 周五 16:10", Priority::Normal)
        .assigned("02-13 周五 16:30", "logistics", None)
        .check(
            "02-23 周一 12:00",
            "handling",
            "on_track, ran 9h00, due 02-25 周三 24:00",
        )
        .resolved("02-27 周五 17:00")
        .result_told(end)
        .check(end, "handling", "missed, ran 38h00, due 02-25 周三 24:00")
        .check(end, "resolution", "met, ran 38h30, due 02-27 周五 24:00")
        .check(end, "feedback", "met, ran 2h00, due 02-28 周六 17:00")
        .check(end, "final", "met, ran 354h00, due 02-28 周六 24:00");
}

/// 11. A breach, and then the calendar is edited.
///
/// Handling from Mon 9:00, 3 working days, due at the end of Thu. Resolved on Fri at 10:00: missed. Then somebody makes Wed
/// and Thu days off. By the edited calendar the third working day would be Mon 9 March.
///
/// The edited rules are adopted on Mon 9 March at 9:00. The clock stays missed: it is read under the rules of its day. Work that is
/// handed out on that Monday is timed by the edited ones, under which Wed 11 and Thu 12 are off too: Tue 10, Fri 13, Mon 16.
/// Under the edited rules from the start, the last assertion shows, there would have been no breach.
#[test]
fn s11_a_calendar_edited_after_a_breach() {
    let end = "03-06 周五 10:00";
    let rules_of_the_day = policy();
    let edited = Policy {
        version: code("edited"),
        ..policy_with_days_off(&["03-04", "03-05", "03-11", "03-12"])
    };
    let mut rules = Rulebook::new(rules_of_the_day.clone());
    let founding = PolicyAdopted::founding(&rules_of_the_day).unwrap();
    rules.adopt(&founding).unwrap();
    let read = |rules: &Rulebook, tale: &Tale| {
        let case = tale.story.complaint.case().unwrap();
        let clock = tale.the_clock("handling");
        told(rules.read(clock, &case.pauses, at("03-20 周五 09:00")))
    };
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &rules_of_the_day)
        .resolved(end)
        .check(end, "handling", "missed, ran 31h00, due 03-05 周四 24:00");
    let missed = "missed, ran 31h00, due 03-05 周四 24:00";
    assert_eq!(read(&rules, &tale), missed);

    let adopted = PolicyAdopted::new(&edited, at("03-09 周一 09:00")).unwrap();
    rules.adopt(&adopted).unwrap();
    assert_eq!(read(&rules, &tale), missed);
    let new = Tale::in_handling("03-09 周一 09:00", Priority::Normal, &edited);
    let due = "03-16 周一 24:00";
    assert!(read(&rules, &new).ends_with(due), "{}", read(&rules, &new));

    let what_if = read(&Rulebook::fixed(edited), &tale);
    assert_eq!(what_if, "met, ran 16h00, due 03-09 周一 24:00");
}

/// 11, continued. Days added to a calendar, or changed, after a clock had stopped and fallen due change no verdict.
#[test]
fn s11_days_published_later_change_no_verdict() {
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .resolved("03-06 周五 10:00");
    let later = policy_with_days_off(&["03-09", "03-10", "06-01"]);
    for clock in ["handling", "assignment", "acknowledge"] {
        let now = "07-01 周三 09:00";
        let read = tale.read(now, clock, &policy());
        assert_eq!(tale.read(now, clock, &later), read, "{clock}");
        assert_ne!(read.status, Status::NotEvaluable);
    }
}

/// 15. More time, asked for before it is due; afterwards it is refused.
///
/// Handling from Mon 9:00, due at the end of Thu 5 March. On Thu at 17:00 it is moved to Mon 9 March 18:00. A moved deadline
/// is a fixed moment, so the time is that of the wall clock: resolved on Mon at 17:00, 7 days and 8 hours = 176h00; met.
///
/// Once only; never by whoever asks; never to an earlier moment; and not at all once Thu has ended, though nobody works
/// between midnight and 9:00.
#[test]
fn s15_extension_before_due_refused_after() {
    use ClockKind::Handling;

    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy());
    let wish = |to: &str| extension(Handling, to, "chen.jie");
    let asked = "03-05 周四 17:00";
    tale.clone()
        .refuses(asked, wish("03-05 周四 23:00"), "not_later")
        .refuses(
            asked,
            extension(Handling, "03-09 周一 18:00", "wang.fang"),
            "approver_is_requester",
        )
        .extended(asked, Handling, "03-09 周一 18:00")
        .check(
            "03-06 周五 09:00",
            "handling",
            "on_track, ran 96h00, due 03-09 周一 18:00",
        )
        .refuses(
            "03-06 周五 09:00",
            wish("03-12 周四 18:00"),
            "too_many_extensions",
        )
        .resolved("03-09 周一 17:00")
        .check(
            "03-09 周一 17:00",
            "handling",
            "met, ran 176h00, due 03-09 周一 18:00",
        );

    tale.clone()
        .refuses("03-06 周五 00:30", wish("03-09 周一 18:00"), "already_due")
        .refuses("03-06 周五 09:30", wish("03-09 周一 18:00"), "already_due")
        .resolved("03-06 周五 10:00")
        .refuses(
            "03-06 周五 10:30",
            wish("03-09 周一 18:00"),
            "clock_not_running",
        );
    tale.extended("03-05 周四 24:00", Handling, "03-09 周一 18:00");
}

/// 15, continued. In a pause the deadline to beat is what it would be if the work went on at once.
///
/// Urgent: 8 hours from Mon 9:00. Paused at 17:00, when 6h30 have run. If it went on at 18:00, the 1h30 that are left would
/// end on Tue at 10:30; by the wall clock 19:30 on Mon.
#[test]
fn s15_an_extension_in_a_pause_is_no_shortening() {
    use ClockKind::Handling;

    let asked = "03-02 周一 18:00";
    let tale = Tale::in_handling("03-02 周一 09:00", Priority::Urgent, &policy())
        .paused("03-02 周一 17:00", "03-06 周五 18:00")
        .check(asked, "handling", "paused, ran 6h30, left 1h30");
    let wish = |to: &str| extension(Handling, to, "chen.jie");
    tale.refuses(asked, wish("03-02 周一 20:00"), "not_later")
        .refuses(asked, wish("03-03 周二 10:30"), "not_later")
        .extended(asked, Handling, "03-03 周二 10:31");
}

/// 16. Pause and resume at the same instant: of facts at one instant the pause is over before it begins, and costs nothing.
///
/// Urgent: 8 hours from Mon 9:00, due on Tue at 9:30, with the pauses of no length as without them. A pause that follows at
/// once does count: from 11:00 to 11:30, so due on Tue at 10:00.
#[test]
fn s16_pause_and_resume_at_the_same_instant() {
    let instant = "03-02 周一 11:00";
    Tale::in_handling("03-02 周一 09:00", Priority::Urgent, &policy())
        .paused(instant, "03-06 周五 18:00")
        .resumed(instant)
        .check(
            instant,
            "handling",
            "on_track, ran 2h00, due 03-03 周二 09:30",
        )
        .paused(instant, "03-06 周五 18:00")
        .check(instant, "handling", "paused, ran 2h00, left 6h00")
        .resumed("03-02 周一 11:30")
        .check(
            "03-03 周二 09:00",
            "handling",
            "at_risk, ran 7h00, due 03-03 周二 10:00",
        )
        .resolved("03-03 周二 10:00")
        .check(
            "03-03 周二 10:00",
            "handling",
            "met, ran 8h00, due 03-03 周二 10:00",
        );
}
