//! How much work there was: complaints by state, and how often things happened.

use redress_core::{Duplicates, State};
use serde::Serialize;

use crate::happening::{Happening, Passage, What};
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
            workload.add(&track);
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
        let reopened = self.reopenings.total;
        for happening in &track.happenings {
            self.count(happening);
        }
        self.reopenings.complaints += u64::from(self.reopenings.total > reopened);
    }

    const fn count(&mut self, happening: &Happening) {
        match happening.what {
            What::Assigned(passage, _) => self.assignments.add(passage),
            What::Escalated(_) => self.escalations += 1,
            What::PriorityRaised => self.priority_raised += 1,
            What::PriorityLowered => self.priority_lowered += 1,
            What::Extended => self.extensions += 1,
            What::ReopenedByReply => {
                self.reopenings.by_reply += 1;
                self.reopenings.total += 1;
            }
            What::Revisited { reopened: true, .. } => {
                self.reopenings.by_revisit += 1;
                self.reopenings.total += 1;
            }
            What::ReopenedFromClosed => {
                self.reopenings.from_closed += 1;
                self.reopenings.total += 1;
            }
            What::Revisited {
                reopened: false, ..
            }
            | What::Closed => {}
        }
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

impl Assignments {
    const fn add(&mut self, passage: Passage) {
        self.total += 1;
        let count = match passage {
            Passage::First => &mut self.first,
            Passage::Within => &mut self.within_department,
            Passage::Dispatch => &mut self.dispatches,
            Passage::Return => &mut self.returns,
            Passage::HandOver => &mut self.hand_overs,
        };
        *count += 1;
    }
}
