//! Scenarios 3, 4 and 12: several departments, one after another, and none.

use redress_core::duty;
use redress_core::event::{Assignee, Priority, Trigger};
use redress_core::{ClockKind, Escalate, Level};

use super::office::{policy, working_hours};
use super::tale::{Tale, at, part};
use crate::story::{code, resolve};

/// 3. Joint handling: one department late, another and the lead in time.
///
/// Assigned on Mon at 9:30. Logistics leads (3 working days); stores have 10 hours, finance have 6.
///
/// - stores work 8:00–20:00 every day and finish at 18:30: 9h00 of theirs, due at 19:30. By office hours it would be 7h00.
/// - finance work office hours: 2h30 by noon, so due 3h30 after 13:30, at 17:00. They finish on Tue at 10:00, after
///   2h30 + 4h30 + 1h00 = 8h00.
/// - logistics resolves on Tue at 16:00: 2h30 + 4h30 + 3h00 + 2h30 = 12h30, due at the end of Thu.
///
/// Each part is judged by itself: that finance were late makes nobody else late.
#[test]
fn s03_joint_handling_one_late_lead_in_time() {
    let end = "03-03 周二 16:00";
    let parts = vec![
        part("stores", working_hours(10)),
        part("finance", working_hours(6)),
    ];
    Tale::received("03-02 周一 09:00", &policy())
        .classified("03-02 周一 09:10", Priority::Normal)
        .assigned_jointly("03-02 周一 09:30", "logistics", None, parts)
        .refuses("03-02 周一 17:30", resolve(), "contribution_open")
        .contributed("03-02 周一 18:30", "stores")
        .check(
            "03-03 周二 09:00",
            "handling finance",
            "overdue, ran 7h00, due 03-02 周一 17:00",
        )
        .contributed("03-03 周二 10:00", "finance")
        .resolved(end)
        .stands("resolved, cycle 1, level 0")
        .check(
            end,
            "handling stores",
            "met, ran 9h00, due 03-02 周一 19:30",
        )
        .check(
            end,
            "handling finance",
            "missed, ran 8h00, due 03-02 周一 17:00",
        )
        .check(
            end,
            "handling logistics",
            "met, ran 12h30, due 03-05 周四 24:00",
        );
}

/// 4. Hand-over with budgets: logistics may use 5 hours, finance 6.
///
/// Received on Mon at 9:00, logistics from 9:30 to Tue 11:30: 7h00 + 2h30 = 9h30. Due after 2h30 by noon and 2h30 more, at
/// 16:00: handed over late. Finance from Tue 11:30 to 17:00: 0h30 + 3h30 = 4h00. Due after 0h30 + 4h30 on Tue and 1h00 on
/// Wed: 10:00; met. The lateness stays with logistics.
///
/// The resolution runs through: Mon 7h30, Tue 3h00 + 3h30 = 14h00 of 5 working days. Finance answers for it in the end.
#[test]
fn s04_hand_over_with_budgets() {
    let end = "03-03 周二 17:00";
    let tale = Tale::received("03-02 周一 09:00", &policy())
        .classified("03-02 周一 09:10", Priority::Normal)
        .assigned("03-02 周一 09:30", "logistics", Some(working_hours(5)))
        .check(
            "03-02 周一 14:30",
            "handling",
            "on_track, ran 3h30, due 03-02 周一 16:00",
        )
        .check(
            "03-02 周一 15:00",
            "handling",
            "at_risk, ran 4h00, due 03-02 周一 16:00",
        )
        .assigned("03-03 周二 11:30", "finance", Some(working_hours(6)))
        .resolved(end)
        .check(
            end,
            "handling logistics",
            "handed_over_late, ran 9h30, due 03-02 周一 16:00",
        )
        .check(
            end,
            "handling finance",
            "met, ran 4h00, due 03-04 周三 10:00",
        )
        .check(end, "resolution", "met, ran 14h00, due 03-09 周一 24:00");
    let case = tale.story.complaint.case().unwrap();
    let lead = tale.story.complaint.lead();
    let answers =
        tale.the_clock("resolution")
            .department(&case.intake_department, lead, &tale.story.policy);
    assert_eq!(answers.as_str(), "finance");
}

/// 12. Nobody takes the complaint; it rises all the same.
///
/// Received on Mon at 9:00. Four hours for assignment and first response: 3h00 by noon and 1h00 more, 14:30. A minute before
/// it is not yet used up; at 14:30 it is, and level 1 is called for. Half as much again, 6 hours, is used at 16:30: level 2.
/// Nothing calls for level 3, not even days later. The head of the service desk, who has the unassigned complaint, is told.
#[test]
fn s12_an_unassigned_complaint_rises() {
    let tale = Tale::received("03-02 周一 09:00", &policy())
        .acknowledged_by_program("03-02 周一 09:05")
        .overseen("03-02 周一 14:29")
        .stands("received, cycle 1, level 0");
    let wanted = duty::escalation(
        &tale.story.complaint,
        &tale.story.rules(),
        at("03-02 周一 14:30"),
    );
    let head = Assignee::person(code("service_desk"), code("he.ping"));
    assert_eq!(
        wanted.map(|demand| demand.command),
        Some(Escalate {
            to_level: Some(Level::new(1)),
            to: Some(head),
            trigger: Trigger::Clock {
                clock: ClockKind::Assignment,
                percent: 100,
            },
            reason: "100 % of the time for `assignment` is used".to_owned(),
        })
    );
    tale.overseen("03-02 周一 14:30")
        .stands("received, cycle 1, level 1")
        .overseen("03-02 周一 14:30")
        .overseen("03-02 周一 16:29")
        .stands("received, cycle 1, level 1")
        .overseen("03-02 周一 16:30")
        .stands("received, cycle 1, level 2")
        .overseen("03-06 周五 18:00")
        .stands("received, cycle 1, level 2");
}
