//! Scenarios 9, 13 and 14: complaints that end without a solution, and data that end before the complaint.

use redress_core::event::{
    CloseReason, Erased, Linked, Priority, Received, Relation, Satisfaction,
};
use redress_core::{Channel, ComplaintId, Status, SubjectId, duty};
use uuid::Uuid;

use super::office::policy;
use super::tale::{Tale, at};
use crate::story::{Story, close, code, receive, reopen};

/// How every clock stands at a moment.
fn statuses(story: &Story, when: &str) -> Vec<Status> {
    let case = story.complaint.case().unwrap();
    case.clocks
        .iter()
        .map(|clock| clock.read(&case.pauses, &story.policy, at(when)).status)
        .collect()
}

/// 9. The same matter by telephone and by web form: one is handled, one is counted.
///
/// The second is tied to the first and closed. None of its five clocks is owed any more, late or not: by Wed its
/// acknowledgement (2 hours from Mon 10:30) would have been two days late. It calls for nothing and cannot be reopened. The
/// clocks of the first run on. That reports leave duplicates out is for the views; here, that they can tell.
#[test]
fn s09_a_duplicate_over_two_channels() {
    let first = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy());
    let of = ComplaintId::new(Uuid::from_u128(2));
    let by_web = Received {
        channel: Channel::Website,
        ..receive()
    };
    let tie = Linked {
        relation: Relation::DuplicateOf,
        target: of,
        unlink: false,
    };
    let second = Story {
        policy: policy(),
        now: at("03-02 周一 10:30"),
        target: Some(first.story.complaint.clone()),
        ..Story::new()
    };
    let second = Tale {
        story: second.then(by_web),
    }
    .check(
        "03-04 周三 09:00",
        "acknowledge",
        "overdue, ran 13h30, due 03-02 周一 14:00",
    )
    .refuses(
        "03-04 周三 09:00",
        close(CloseReason::Duplicate { of }),
        "not_linked_as_duplicate",
    )
    .does("03-04 周三 09:00", "li.na", "service_desk", tie)
    .closed("03-04 周三 09:00", CloseReason::Duplicate { of })
    .refuses("03-05 周四 09:00", reopen(), "not_reopenable");

    let now = "03-09 周一 09:00";
    assert_eq!(statuses(&second.story, now), [Status::Cancelled; 5]);
    let story = &second.story;
    assert_eq!(duty::duties(&story.complaint, &story.rules(), at(now)), []);
    assert_eq!(
        duty::escalation(&story.complaint, &story.rules(), at(now)),
        None
    );

    let counted = [&first.story, &second.story]
        .into_iter()
        .filter(|story| !story.complaint.case().unwrap().is_duplicate())
        .count();
    assert_eq!(counted, 1);
    // Mon 7h30, Tue 7h30, and 1h00 of Wed.
    first.check(
        "03-04 周三 10:00",
        "handling",
        "on_track, ran 16h00, due 03-05 周四 24:00",
    );
}

/// 13. Withdrawn by the customer in the midst of handling: what runs is not owed any more, what was done stays done.
///
/// Received and assigned on Mon at 9:00, withdrawn on Fri at 10:00. Handling was due at the end of Thu and had run Mon to Thu
/// 30h00 and 1h00 on Fri; it is cancelled all the same.
#[test]
fn s13_withdrawn() {
    let end = "03-06 周五 10:00";
    Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .check(
            "03-06 周五 09:59",
            "handling",
            "overdue, ran 30h59, due 03-05 周四 24:00",
        )
        .closed(end, CloseReason::Withdrawn)
        .stands("closed, cycle 1, level 0")
        .check(end, "assignment", "met, ran 0h00, due 03-02 周一 14:30")
        .check(
            end,
            "handling",
            "cancelled, ran 31h00, due 03-05 周四 24:00",
        )
        .check(
            end,
            "resolution",
            "cancelled, ran 31h00, due 03-09 周一 24:00",
        )
        // The customer may think again.
        .reopened("03-09 周一 09:00")
        .stands("processing, cycle 2, level 0");
}

/// 13, continued. Refused as none of the organisation's business: only before the handling, with a ground, and for good.
#[test]
fn s13_refused() {
    let refused = || {
        close(CloseReason::Refused {
            ground: code("not_our_service"),
        })
    };
    let end = "03-02 周一 16:00";
    let tale = Tale::received("03-02 周一 09:00", &policy())
        .acknowledged_by_program("03-02 周一 09:05")
        .classified("03-02 周一 10:00", Priority::Normal)
        .refuses("03-02 周一 11:00", refused(), "customer_not_told")
        .progress_told("03-02 周一 11:00")
        .does(end, "li.na", "service_desk", refused())
        .stands("closed, cycle 1, level 0")
        .check(end, "acknowledge", "met, ran 0h05, due 03-02 周一 11:00")
        .check(
            end,
            "assignment",
            "cancelled, ran 5h30, due 03-02 周一 14:30",
        )
        .refuses("03-03 周二 09:00", reopen(), "not_reopenable");
    assert_eq!(
        statuses(&tale.story, "03-09 周一 09:00"),
        [
            Status::Met,
            Status::Met,
            Status::Cancelled,
            Status::Cancelled,
            Status::Cancelled
        ]
    );
    Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy()).refuses(
        "03-02 周一 10:00",
        refused(),
        "refused_too_late",
    );
}

/// 14. The customer's data are erased: everything that is counted stays as it was.
///
/// Only the version moves on, by the one fact that records the erasure. That the words themselves become unreadable is for
/// the store of personal parts.
#[test]
fn s14_subject_erased_counts_equal() {
    let subject = |number| SubjectId::new(Uuid::from_u128(number));
    let erasure = |number| Erased {
        subject: subject(number),
        basis: "the customer asked for it".to_owned(),
    };
    let now = "03-20 周五 09:00";
    let kept = Tale::in_handling("03-02 周一 09:00", Priority::Normal, &policy())
        .paused("03-02 周一 11:00", "03-03 周二 11:00")
        .resolved("03-06 周五 10:00")
        .result_told("03-06 周五 11:00")
        .revisited("03-09 周一 10:00", Satisfaction::Satisfied);
    let erased = kept.clone().refuses(now, erasure(8), "other_subject").does(
        now,
        "li.na",
        "service_desk",
        erasure(7),
    );

    assert_eq!(statuses(&erased.story, now), statuses(&kept.story, now));
    assert_eq!(erased.story.facts.len(), kept.story.facts.len() + 1);
    let mut before = kept.story.complaint.case().unwrap().clone();
    let after = erased.story.complaint.case().unwrap().clone();
    before.version = after.version;
    assert_eq!(after, before);
    assert_eq!(erased.story.complaint.state(), kept.story.complaint.state());
    assert_eq!(
        erased.story.complaint.resolution(),
        kept.story.complaint.resolution()
    );
}
