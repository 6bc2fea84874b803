//! The queue: what a department has to do next.

use redress_core::{
    ClockKind, ComplaintId, Cycle, DepartmentId, Duplicates, PersonId, Span, Status, Timestamp,
};
use serde::Serialize;

use crate::status_counts::is_open;
use crate::track::Standing;
use crate::view::SlaView;

/// A clock that runs, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueItem {
    /// Which complaint.
    pub complaint: ComplaintId,
    /// What is timed.
    pub clock: ClockKind,
    /// The department that answers for it.
    pub department: DepartmentId,
    /// In which cycle.
    pub cycle: Cycle,
    /// Beside the lead, not as the lead.
    pub joint: bool,
    /// How it stands.
    pub status: Status,
    /// Who has to act; none where the record names nobody in the department.
    pub person: Option<PersonId>,
    /// Since when it runs.
    pub started_at: Timestamp,
    /// When it is or was due; none while it is paused, and where there is no limit.
    pub due: Option<Timestamp>,
    /// What is left of its limit, in microseconds; negative: what it is over, pauses taken out; none where there is no limit.
    pub remaining: Option<Span>,
}

impl SlaView {
    /// The running clocks of a department at `at`: first by due, so that the most overdue stands on top; then those that
    /// are paused, by what is left; then those without a limit, the oldest first. Duplicates are left out.
    #[must_use]
    pub fn queue(&self, at: Timestamp, department: &DepartmentId) -> Vec<QueueItem> {
        let mut items = Vec::new();
        for (complaint, track) in self.open_tracks(at, Duplicates::Excluded) {
            let standings = track.standings(self.rules(), at).filter(|standing| {
                standing.department == department && is_open(standing.reading.status)
            });
            items.extend(standings.map(|standing| QueueItem::of(complaint, &standing)));
        }
        items.sort_by_key(by_urgency);
        items
    }
}

impl QueueItem {
    pub(crate) fn of(complaint: ComplaintId, standing: &Standing<'_>) -> Self {
        let Standing { clock, reading, .. } = standing;
        Self {
            complaint,
            clock: clock.kind,
            department: standing.department.clone(),
            cycle: clock.cycle,
            joint: standing.is_joint(),
            status: reading.status,
            person: standing.person().cloned(),
            started_at: clock.started_at,
            due: reading.due,
            remaining: reading.remaining,
        }
    }
}

/// First by due; without a due, by what is left; without a limit, by age.
pub(crate) fn by_urgency(item: &QueueItem) -> impl Ord + use<> {
    let unknown_due = item.due.is_none();
    let unlimited = item.remaining.is_none();
    let limit = (unknown_due, item.due, unlimited, item.remaining);
    (limit, item.started_at, item.complaint, item.clock)
}
