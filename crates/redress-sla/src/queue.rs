//! The queue: what a department has to do next.

use redress_core::{
    ClockKind, ComplaintId, Cycle, DepartmentId, PersonId, Span, Status, Timestamp,
};
use serde::Serialize;

use crate::filter::Duplicates;
use crate::status_counts::is_open;
use crate::track::{Standing, Track};
use crate::view::SlaView;

/// A clock that runs, and what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueueItem {
    /// Which complaint.
    pub complaint: ComplaintId,
    /// What is timed.
    pub clock: ClockKind,
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
        let mut items: Vec<QueueItem> = self
            .tracks(Duplicates::Excluded)
            .flat_map(|(complaint, track)| {
                track
                    .standings(self.rules(), at)
                    .map(move |standing| (complaint, track, standing))
            })
            .filter(|(_, _, standing)| {
                standing.department == department && is_open(standing.reading.status)
            })
            .map(|(complaint, track, standing)| item(complaint, track, &standing))
            .collect();
        items.sort_by_key(|item| {
            let unknown_due = item.due.is_none();
            let unlimited = item.remaining.is_none();
            let limit = (unknown_due, item.due, unlimited, item.remaining);
            (limit, item.started_at, item.complaint, item.clock)
        });
        items
    }
}

fn item(complaint: ComplaintId, track: &Track, standing: &Standing<'_>) -> QueueItem {
    let Standing { clock, reading, .. } = standing;
    QueueItem {
        complaint,
        clock: clock.kind,
        cycle: clock.cycle,
        joint: clock.part.as_ref().is_some_and(|part| part.joint),
        status: reading.status,
        person: person(track, standing),
        started_at: clock.started_at,
        due: reading.due,
        remaining: reading.remaining,
    }
}

/// Whoever has the part, or leads in the department that answers for the clock.
fn person(track: &Track, standing: &Standing<'_>) -> Option<PersonId> {
    let part = standing.clock.part.as_ref().map(|part| &part.assignee);
    part.or_else(|| {
        track
            .complaint
            .lead()
            .filter(|lead| lead.department == *standing.department)
    })
    .and_then(|assignee| assignee.person.clone())
}
