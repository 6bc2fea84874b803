//! What happened to a complaint that no clock tells: passed on, escalated, begun again, revisited, closed.

use redress_core::event::{Assigned, Escalated, Priority, RevisitOutcome, Satisfaction};
use redress_core::{Complaint, Cycle, DepartmentId, Event, Recorded, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that happened to a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
    /// Who led the handling until then; before anybody did, the intake department.
    pub(crate) department: DepartmentId,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// Somebody in this department was given the lead.
    Assigned(Passage, DepartmentId),
    /// It was raised, and this department watches over it or leads it.
    Escalated(DepartmentId),
    PriorityRaised,
    PriorityLowered,
    Extended,
    ReopenedByReply,
    ReopenedFromClosed,
    /// What a revisit found, if it reached the customer, and whether the handling began again.
    Revisited {
        reached: Option<Satisfaction>,
        reopened: bool,
    },
    Closed,
}

/// What passing the lead on means between departments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Passage {
    /// Nobody had it before.
    First,
    /// The department keeps it.
    Within,
    /// The intake department gives it out.
    Dispatch,
    /// The intake department gets it back.
    Return,
    /// It goes between two others.
    HandOver,
}

/// What of a complaint before a fact is compared with it afterwards; far less than a copy of the complaint.
pub(crate) struct Before {
    cycle: Option<Cycle>,
    priority: Option<Priority>,
    led_by: Option<DepartmentId>,
}

impl Before {
    pub(crate) fn of(complaint: &Complaint) -> Self {
        Self {
            cycle: complaint.case().map(|case| case.cycle),
            priority: complaint.classification().map(|class| class.priority),
            led_by: complaint.lead().map(|lead| lead.department.clone()),
        }
    }
}

impl Happening {
    /// What `fact` did, given the complaint before and after it; most facts do nothing of this kind.
    pub(crate) fn of(before: Before, after: &Complaint, fact: &Recorded) -> Option<Self> {
        let case = after.case()?;
        let intake = &case.intake_department;
        let begins_cycle = before.cycle < Some(case.cycle);
        let led_by = before.led_by.as_ref();
        let department = led_by.unwrap_or(intake);
        let what = match &fact.event {
            Event::Classified(class) => priority_change(before.priority?, class.priority)?,
            Event::Assigned(assigned) => assignment(led_by, intake, assigned),
            Event::Escalated(escalated) => escalation(escalated, department),
            Event::Feedback(_) if begins_cycle => What::ReopenedByReply,
            Event::Revisited(revisited) => What::Revisited {
                reached: found(&revisited.outcome),
                reopened: begins_cycle,
            },
            Event::Reopened(_) => What::ReopenedFromClosed,
            Event::Extended(_) => What::Extended,
            Event::Closed(_) => What::Closed,
            Event::Received(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Amended(_)
            | Event::Linked(_)
            | Event::Erased(_) => return None,
        };
        Some(Self {
            at: fact.occurred_at,
            what,
            department: department.clone(),
        })
    }
}

impl Happening {
    /// What a revisit found, if it reached the customer; `None` where this is no revisit.
    pub(crate) const fn found(&self) -> Option<Option<Satisfaction>> {
        match self.what {
            What::Revisited { reached, .. } => Some(reached),
            What::Assigned(..)
            | What::Escalated(_)
            | What::PriorityRaised
            | What::PriorityLowered
            | What::Extended
            | What::ReopenedByReply
            | What::ReopenedFromClosed
            | What::Closed => None,
        }
    }
}

fn priority_change(earlier: Priority, later: Priority) -> Option<What> {
    match later.cmp(&earlier) {
        std::cmp::Ordering::Less => Some(What::PriorityLowered),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(What::PriorityRaised),
    }
}

fn assignment(led_by: Option<&DepartmentId>, intake: &DepartmentId, fact: &Assigned) -> What {
    let to = &fact.lead.department;
    let passage = match led_by {
        None => Passage::First,
        Some(from) if from == to => Passage::Within,
        Some(from) if from == intake => Passage::Dispatch,
        Some(_) if to == intake => Passage::Return,
        Some(_) => Passage::HandOver,
    };
    What::Assigned(passage, to.clone())
}

fn escalation(fact: &Escalated, department: &DepartmentId) -> What {
    let to = fact.to.as_ref().map(|to| &to.department);
    What::Escalated(to.unwrap_or(department).clone())
}

const fn found(outcome: &RevisitOutcome) -> Option<Satisfaction> {
    match outcome {
        RevisitOutcome::Reached { result, .. } => Some(*result),
        RevisitOutcome::NotReached { .. } => None,
    }
}
