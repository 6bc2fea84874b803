//! What the view keeps of one complaint.

use redress_core::event::{Amended, Assignee, Cause, Change, CloseReason, Received, Relation};
use redress_core::{
    Case, Channel, Clock, ClockKind, Closing, Complaint, Cycle, Duplicates, Ending, Event,
    OutOfOrder, ProductCode, Recorded, Resolution, Span, Timestamp, apply,
};

use crate::visits::Visits;

/// One complaint: its state, and what of its facts the state does not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) complaint: Complaint,
    pub(crate) channel: Option<Channel>,
    pub(crate) product: Option<ProductCode>,
    pub(crate) visits: Visits,
    /// How often the lead passed to another department.
    pub(crate) hand_overs: u64,
    /// When the customer first heard from the organisation.
    pub(crate) acknowledged_at: Option<Timestamp>,
    pub(crate) tells_when: bool,
    pub(crate) tells_demand: bool,
    /// Who led when the last resolution was recorded.
    pub(crate) lead_at_resolution: Option<Assignee>,
    /// When it was closed, and when it was opened again.
    pub(crate) closed: Vec<(Timestamp, Option<Timestamp>)>,
}

impl Track {
    /// Folds a fact; nothing changes where it cannot follow.
    pub(crate) fn fold(&mut self, fact: &Recorded) -> Result<(), OutOfOrder> {
        let cycle_before = cycle(&self.complaint);
        let lead_before = self.complaint.lead().map(|lead| lead.department.clone());
        apply(&mut self.complaint, fact)?;
        let begins_cycle = cycle_before < cycle(&self.complaint);
        let at = fact.occurred_at;
        self.visits.fold(&fact.event, at, begins_cycle);
        match &fact.event {
            Event::Received(received) => self.receive(received),
            Event::Amended(amended) => self.amend(amended),
            Event::Resolved(_) => self.lead_at_resolution = self.complaint.lead().cloned(),
            Event::Assigned(assigned) => {
                let passes = |lead| lead != assigned.lead.department;
                self.hand_overs += u64::from(lead_before.is_some_and(passes));
            }
            Event::Closed(_) => self.closed.push((at, None)),
            Event::Reopened(_) => {
                if let Some((_, reopened)) = self.closed.last_mut() {
                    *reopened = Some(at);
                }
            }
            Event::Feedback(feedback) => {
                let is_first = feedback.is_outbound() && self.acknowledged_at.is_none();
                let received = self
                    .complaint
                    .case()
                    .is_some_and(|case| case.received_at <= at);
                // A word told late may lie before the receipt; it cannot be about this complaint.
                if is_first && received {
                    self.acknowledged_at = Some(at);
                }
            }
            Event::Classified(_)
            | Event::Escalated(_)
            | Event::Revisited(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Erased(_) => {}
        }
        Ok(())
    }

    fn receive(&mut self, received: &Received) {
        self.channel = Some(received.channel);
        self.tells_when = received.occurred.is_some();
        self.tells_demand = received.demand.is_some();
        let product = received.product.as_ref();
        self.product = product.map(|product| product.code.clone());
    }

    fn amend(&mut self, amended: &Amended) {
        for change in &amended.patch {
            match change {
                Change::Product(product) => {
                    self.product = product.as_ref().map(|product| product.code.clone());
                }
                Change::Occurred(occurred) => self.tells_when = occurred.is_some(),
                Change::Demand(demand) => self.tells_demand = demand.is_some(),
                // The state holds the causes, the verdict and the cost; nothing is counted by the others.
                Change::Causes { .. }
                | Change::Upheld(_)
                | Change::Cost(_)
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

    /// Who led when the resolution that stands was recorded; of an unresolved complaint, who leads now.
    pub(crate) fn lead(&self) -> Option<&Assignee> {
        match self.resolution() {
            Some(_) => self.lead_at_resolution.as_ref(),
            None => self.complaint.lead(),
        }
    }

    /// How it ended, if it is closed.
    pub(crate) fn closing(&self) -> Option<&Closing> {
        match &self.complaint {
            Complaint::Closed { closing, .. } => Some(closing),
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Resolved { .. }
            | Complaint::FedBack { .. } => None,
        }
    }

    /// Whether it had been received and was not closed at an instant.
    pub(crate) fn is_open_at(&self, now: Timestamp) -> bool {
        let received = self
            .complaint
            .case()
            .is_some_and(|case| case.received_at <= now);
        let is_closed = |(from, to): &(Timestamp, Option<Timestamp>)| {
            *from <= now && to.is_none_or(|to| now < to)
        };
        received && !self.closed.iter().any(is_closed)
    }

    /// From receipt to the resolution that stands, pauses taken out.
    pub(crate) fn handling_time(&self) -> Option<Span> {
        let (case, until) = (self.complaint.case()?, self.resolution()?.at);
        let whole = until.since(case.received_at);
        Some(
            whole
                - case
                    .pauses
                    .iter()
                    .map(|pause| {
                        let end = pause.end().map_or(until, |end| end.min(until));
                        end.since(pause.from.max(case.received_at)).max(Span::ZERO)
                    })
                    .sum(),
        )
    }

    /// Whether the record tells what every analysis needs: class, product, time of the occurrence, and demand.
    pub(crate) fn is_complete(&self) -> bool {
        let is_classified = self.complaint.classification().is_some();
        is_classified && self.product.is_some() && self.tells_when && self.tells_demand
    }

    /// Whether somebody tied it to an earlier complaint that it repeats.
    pub(crate) fn is_tied_as_repeat(&self) -> bool {
        let links = self.complaint.case().map_or(&[][..], |case| &case.links);
        links.iter().any(|link| link.relation == Relation::RepeatOf)
    }

    /// Whether a closed complaint went through every stage of its last cycle, in order: acknowledged before it was
    /// resolved, resolved, told, and revisited where its ending asks for that. `None` where it ended before its time.
    pub(crate) fn conforms(&self) -> Option<bool> {
        let (case, closing) = (self.complaint.case()?, self.closing()?);
        let is_revisited = match closing.reason {
            CloseReason::Withdrawn
            | CloseReason::Refused { .. }
            | CloseReason::Duplicate { .. } => {
                return None;
            }
            CloseReason::Satisfied => stopped(case, ClockKind::Revisit, case.cycle).is_some(),
            CloseReason::Unreachable => {
                let told = stopped(case, ClockKind::Feedback, case.cycle);
                told.is_some_and(|told| self.visits.any_since(told))
            }
            CloseReason::FinalPosition | CloseReason::Waived => true,
        };
        let resolved = self.resolution().map(|resolution| resolution.at);
        let is_acknowledged = self.acknowledged_at.is_some_and(|at| Some(at) <= resolved);
        let is_told = stopped(case, ClockKind::Feedback, case.cycle).is_some();
        Some(is_acknowledged && is_told && is_revisited)
    }

    /// Whether it counts; complaints closed as duplicates may be left out.
    pub(crate) fn counts(&self, duplicates: Duplicates) -> bool {
        match duplicates {
            Duplicates::Included => true,
            Duplicates::Excluded => !self.complaint.is_closed_as_duplicate(),
        }
    }
}

fn cycle(complaint: &Complaint) -> Option<Cycle> {
    complaint.case().map(|case| case.cycle)
}

/// When what the last clock of a kind in a cycle waits for was done.
fn stopped(case: &Case, kind: ClockKind, cycle: Cycle) -> Option<Timestamp> {
    let is_it = |clock: &&Clock| clock.kind == kind && clock.cycle == cycle;
    let end = case.clocks.iter().rfind(is_it)?.end.as_ref()?;
    (end.how == Ending::Stopped).then_some(end.at)
}
