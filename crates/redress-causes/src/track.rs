//! What the view keeps of one complaint.

use redress_core::event::{Amended, Cause, Change};
use redress_core::{
    Channel, Complaint, DepartmentId, Event, OutOfOrder, ProductCode, Recorded, Resolution, evolve,
};

use crate::query::Duplicates;

/// One complaint: its state, and what of its facts the state does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) complaint: Complaint,
    pub(crate) channel: Option<Channel>,
    pub(crate) product: Option<ProductCode>,
    /// Who led when the last resolution was recorded.
    lead_at_resolution: Option<DepartmentId>,
}

impl Track {
    /// Folds a fact; nothing changes where it cannot follow.
    pub(crate) fn fold(&mut self, fact: &Recorded) -> Result<(), OutOfOrder> {
        self.complaint = evolve(self.complaint.clone(), fact)?;
        match &fact.event {
            Event::Received(received) => {
                self.channel = Some(received.channel);
                self.product = received
                    .product
                    .as_ref()
                    .map(|product| product.code.clone());
            }
            Event::Amended(amended) => self.amend(amended),
            Event::Resolved(_) => {
                let lead = self.complaint.lead();
                self.lead_at_resolution = lead.map(|lead| lead.department.clone());
            }
            Event::Classified(_)
            | Event::Assigned(_)
            | Event::Escalated(_)
            | Event::Feedback(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_)
            | Event::Erased(_) => {}
        }
        Ok(())
    }

    fn amend(&mut self, amended: &Amended) {
        for change in &amended.patch {
            match change {
                Change::Product(product) => {
                    self.product = product.as_ref().map(|product| product.code.clone());
                }
                // The state holds the causes; nothing is counted by the others.
                Change::Causes { .. }
                | Change::Upheld(_)
                | Change::Cost(_)
                | Change::Occurred(_)
                | Change::Demand(_)
                | Change::Emotion(_)
                | Change::Account(_)
                | Change::Flags(_)
                | Change::Tags(_)
                | Change::Language(_) => {}
            }
        }
    }

    /// The resolution that stands.
    pub(crate) fn resolution(&self) -> Option<&Resolution> {
        self.complaint.resolution()
    }

    /// The root cause of the resolution that stands.
    pub(crate) fn primary_cause(&self) -> Option<&Cause> {
        self.resolution()?.fact.primary_cause.as_ref()
    }

    /// Who led when the resolution that stands was recorded.
    pub(crate) fn lead_at_resolution(&self) -> Option<&DepartmentId> {
        self.resolution()?;
        self.lead_at_resolution.as_ref()
    }

    /// Whether it counts; complaints closed as duplicates may be left out.
    pub(crate) fn counts(&self, duplicates: Duplicates) -> bool {
        match duplicates {
            Duplicates::Included => true,
            Duplicates::Excluded => !self.complaint.is_closed_as_duplicate(),
        }
    }
}
