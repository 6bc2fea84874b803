//! What is owed to the record itself: a manual review 人工复核, and the customer's confirmation 客户确认.

use super::{Duty, Task};
use crate::clock::Status;
use crate::complaint::Case;
use crate::policy::Policy;
use crate::time::{Span, Timestamp};

/// What is owed to the record of an open complaint.
pub(super) fn owed<'a>(
    case: &'a Case,
    policy: &'a Policy,
    now: Timestamp,
    suspected_since: &[Timestamp],
) -> impl Iterator<Item = Duty> + use<'a> {
    let review = review_since(case, suspected_since).map(|since| {
        let (due, status) = stand(since, policy.review.within, policy, now);
        Duty {
            what: Task::ReviewRecord,
            next: Task::ReviewRecord,
            department: case.intake_department.clone(),
            person: None,
            role: Some(policy.review.role.clone()),
            due,
            status,
        }
    });
    let confirmation = confirmation_since(case, policy).map(|since| {
        let (due, status) = stand(since, policy.confirmation.within, policy, now);
        Duty {
            what: Task::ConfirmRecord,
            next: Task::ConfirmRecord,
            department: case.intake_department.clone(),
            person: None,
            role: None,
            due,
            status,
        }
    });
    review.into_iter().chain(confirmation)
}

/// Since when a review is owed: since the first ground that nobody has looked at yet arose.
fn review_since(case: &Case, suspected_since: &[Timestamp]) -> Option<Timestamp> {
    let unseen = case.checks.grounds.iter().filter(|ground| !ground.reviewed);
    let grounds = unseen.map(|ground| ground.since);
    grounds.chain(suspicion_since(case, suspected_since)).min()
}

/// A probable duplicate is a warning that is not stored: with another one, it makes two.
fn suspicion_since(case: &Case, suspected_since: &[Timestamp]) -> Option<Timestamp> {
    let needed = 2_usize.saturating_sub(case.checks.warnings.len()).max(1);
    let mut since = suspected_since.to_vec();
    since.sort_unstable();
    since.get(needed - 1).copied()
}

fn confirmation_since(case: &Case, policy: &Policy) -> Option<Timestamp> {
    let wanted = policy.confirmation.channels.contains(&case.checks.channel);
    (wanted && case.checks.confirmed_at.is_none()).then_some(case.received_at)
}

/// Until when it is owed, and how that stands; day and night count.
fn stand(
    since: Timestamp,
    within: Option<Span>,
    policy: &Policy,
    now: Timestamp,
) -> (Option<Timestamp>, Status) {
    let Some(within) = within else {
        return (None, Status::UntargetedRunning);
    };
    let elapsed = now.since(since);
    let status = if elapsed > within {
        Status::Overdue
    } else if elapsed >= within.percent(policy.at_risk_percent) {
        Status::AtRisk
    } else {
        Status::OnTrack
    };
    (Some(since + within), status)
}
