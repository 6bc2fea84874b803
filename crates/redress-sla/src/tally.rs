//! How often things happened to one complaint.

use redress_core::event::{Assigned, Priority};
use redress_core::{Complaint, Cycle, DepartmentId, Event};

/// How often things happened to one complaint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) reopened_by_reply: u64,
    pub(crate) reopened_by_revisit: u64,
    pub(crate) reopened_from_closed: u64,
    pub(crate) first_assignments: u64,
    pub(crate) within_department: u64,
    pub(crate) dispatches: u64,
    pub(crate) returns: u64,
    pub(crate) hand_overs: u64,
    pub(crate) escalations: u64,
    pub(crate) priority_raised: u64,
    pub(crate) priority_lowered: u64,
    pub(crate) extensions: u64,
}

/// What of a complaint before a fact is compared with it afterwards; far less than a copy of the complaint.
pub(crate) struct Before {
    cycle: Option<Cycle>,
    priority: Option<Priority>,
    lead: Option<DepartmentId>,
}

impl Before {
    pub(crate) fn of(complaint: &Complaint) -> Self {
        Self {
            cycle: complaint.case().map(|case| case.cycle),
            priority: complaint.classification().map(|class| class.priority),
            lead: complaint.lead().map(|lead| lead.department.clone()),
        }
    }
}

impl Tally {
    /// Counts what `event` did, given the complaint before and after it.
    pub(crate) fn count(&mut self, before: &Before, after: &Complaint, event: &Event) {
        match event {
            Event::Classified(fact) => {
                self.count_priority(before.priority, fact.priority);
            }
            Event::Assigned(fact) => self.count_assignment(before, after, fact),
            Event::Escalated(_) => self.escalations += 1,
            Event::Feedback(_) if begins_cycle(before, after) => self.reopened_by_reply += 1,
            Event::Revisited(_) if begins_cycle(before, after) => self.reopened_by_revisit += 1,
            Event::Reopened(_) => self.reopened_from_closed += 1,
            Event::Extended(_) => self.extensions += 1,
            Event::Received(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Amended(_)
            | Event::Linked(_)
            | Event::Closed(_)
            | Event::Erased(_) => {}
        }
    }

    fn count_priority(&mut self, earlier: Option<Priority>, later: Priority) {
        let Some(earlier) = earlier else {
            return;
        };
        self.priority_raised += u64::from(later > earlier);
        self.priority_lowered += u64::from(later < earlier);
    }

    fn count_assignment(&mut self, before: &Before, after: &Complaint, fact: &Assigned) {
        let (Some(case), Some(lead)) = (after.case(), &before.lead) else {
            self.first_assignments += 1;
            return;
        };
        let count = match passage(lead, &fact.lead.department, &case.intake_department) {
            Passage::Within => &mut self.within_department,
            Passage::Dispatch => &mut self.dispatches,
            Passage::Return => &mut self.returns,
            Passage::HandOver => &mut self.hand_overs,
        };
        *count += 1;
    }
}

/// What passing the lead on means between departments.
enum Passage {
    /// The department keeps it.
    Within,
    /// The intake department gives it out.
    Dispatch,
    /// The intake department gets it back.
    Return,
    /// It goes between two others.
    HandOver,
}

fn passage(from: &DepartmentId, to: &DepartmentId, intake: &DepartmentId) -> Passage {
    if from == to {
        Passage::Within
    } else if from == intake {
        Passage::Dispatch
    } else if to == intake {
        Passage::Return
    } else {
        Passage::HandOver
    }
}

fn begins_cycle(before: &Before, after: &Complaint) -> bool {
    before.cycle < after.case().map(|case| case.cycle)
}
