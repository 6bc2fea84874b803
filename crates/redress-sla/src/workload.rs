//! How much work there was: complaints by state, and how often things happened.

use redress_core::State;
use serde::Serialize;

use crate::filter::Duplicates;
use crate::tally::Tally;
use crate::track::Track;
use crate::view::SlaView;

/// How much work there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Workload {
    /// Complaints.
    pub complaints: u64,
    /// Those not closed.
    pub open: u64,
    /// Those closed.
    pub closed: u64,
    /// By state.
    pub states: StateCounts,
    /// Handlings that began again.
    pub reopenings: Reopenings,
    /// Assignments.
    pub assignments: Assignments,
    /// Escalations.
    pub escalations: u64,
    /// Reclassifications to a higher priority.
    pub priority_raised: u64,
    /// Reclassifications to a lower priority.
    pub priority_lowered: u64,
    /// Deadlines moved.
    pub extensions: u64,
}

/// How many complaints are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StateCounts {
    /// Taken in.
    pub received: u64,
    /// Classified, without an owner.
    pub classified: u64,
    /// In handling.
    pub processing: u64,
    /// Resolved, the customer not told.
    pub resolved: u64,
    /// Told, a revisit owed.
    pub fed_back: u64,
    /// Closed.
    pub closed: u64,
}

/// Handlings that began again: cycles after the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reopenings {
    /// Because a customer replied unhappily to a result.
    pub by_reply: u64,
    /// Because a revisit found the customer unhappy, or something still wrong.
    pub by_revisit: u64,
    /// Because a closed complaint was opened again.
    pub from_closed: u64,
    /// All of them.
    pub total: u64,
    /// Complaints with at least one.
    pub complaints: u64,
}

/// Assignments, by what they meant between departments. Each is of exactly one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Assignments {
    /// All of them.
    pub total: u64,
    /// The first of a complaint.
    pub first: u64,
    /// Within the department that had the lead, mostly to another person.
    pub within_department: u64,
    /// From the intake department to another.
    pub dispatches: u64,
    /// From another department to the intake department 退单.
    pub returns: u64,
    /// From one department to another, neither of them the intake department.
    pub hand_overs: u64,
}

impl SlaView {
    /// How much work there was, over everything that was folded.
    #[must_use]
    pub fn workload(&self, duplicates: Duplicates) -> Workload {
        let mut workload = Workload::default();
        for (_, track) in self.tracks(duplicates) {
            workload.add(track);
        }
        workload
    }
}

impl Workload {
    fn add(&mut self, track: &Track) {
        self.complaints += 1;
        self.open += u64::from(track.complaint.is_open());
        self.closed += u64::from(!track.complaint.is_open());
        self.states.add(track.complaint.state());
        self.reopenings.add(&track.tally);
        self.assignments.add(&track.tally);
        self.escalations += track.tally.escalations;
        self.priority_raised += track.tally.priority_raised;
        self.priority_lowered += track.tally.priority_lowered;
        self.extensions += track.tally.extensions;
    }
}

impl StateCounts {
    const fn add(&mut self, state: State) {
        let count = match state {
            // The view keeps no complaint of which nothing was recorded.
            State::Absent => return,
            State::Received => &mut self.received,
            State::Classified => &mut self.classified,
            State::Processing => &mut self.processing,
            State::Resolved => &mut self.resolved,
            State::FedBack => &mut self.fed_back,
            State::Closed => &mut self.closed,
        };
        *count += 1;
    }
}

impl Reopenings {
    fn add(&mut self, tally: &Tally) {
        let of_this =
            tally.reopened_by_reply + tally.reopened_by_revisit + tally.reopened_from_closed;
        self.by_reply += tally.reopened_by_reply;
        self.by_revisit += tally.reopened_by_revisit;
        self.from_closed += tally.reopened_from_closed;
        self.total += of_this;
        self.complaints += u64::from(of_this > 0);
    }
}

impl Assignments {
    const fn add(&mut self, tally: &Tally) {
        self.first += tally.first_assignments;
        self.within_department += tally.within_department;
        self.dispatches += tally.dispatches;
        self.returns += tally.returns;
        self.hand_overs += tally.hand_overs;
        self.total += tally.first_assignments
            + tally.within_department
            + tally.dispatches
            + tally.returns
            + tally.hand_overs;
    }
}
