//! What the view keeps of one complaint.

use std::collections::BTreeMap;

use redress_core::event::{Assignee, NoteKind};
use redress_core::{
    Case, Clock, Complaint, DepartmentId, Duplicates, Event, Label, OutOfOrder, PersonId, Reading,
    Recorded, Rulebook, Timestamp, apply,
};

use crate::happening::{Before, Happening};

/// One complaint: its state, what happened to it, and what another system had recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) complaint: Complaint,
    /// In the order of the ledger.
    pub(crate) happenings: Vec<Happening>,
    /// The latest value of each field, by system and field.
    pub(crate) source: BTreeMap<Label, BTreeMap<String, String>>,
}

/// A clock that had started, and how it stands.
pub(crate) struct Standing<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) reading: Reading,
    pub(crate) department: &'a DepartmentId,
    at: Timestamp,
    lead_now: Option<&'a Assignee>,
}

impl Standing<'_> {
    /// When it ended, if it had.
    pub(crate) fn ended_at(&self) -> Option<Timestamp> {
        let end = self.clock.end.as_ref().map(|end| end.at);
        end.filter(|end| *end <= self.at)
    }

    /// Whose part it is, or who leads in the department that answers for it; for one that ended, who led then.
    pub(crate) fn person(&self) -> Option<&PersonId> {
        let part = self.clock.part.as_ref().map(|part| &part.assignee);
        let end = self.clock.end.as_ref();
        let lead = end.map_or(self.lead_now, |end| end.lead.as_ref());
        let lead = lead.filter(|lead| lead.department == *self.department);
        part.or(lead)?.person.as_ref()
    }

    /// Beside the lead, not as the lead.
    pub(crate) fn is_joint(&self) -> bool {
        self.clock.part.as_ref().is_some_and(|part| part.joint)
    }
}

impl Track {
    /// Folds a fact; nothing changes where it cannot follow.
    pub(crate) fn fold(&mut self, fact: &Recorded) -> Result<(), OutOfOrder> {
        let before = Before::of(&self.complaint);
        apply(&mut self.complaint, fact)?;
        self.happenings
            .extend(Happening::of(before, &self.complaint, fact));
        if let Event::Noted(noted) = &fact.event
            && let NoteKind::SourceRecord { system, facts } = &noted.kind
        {
            let known = self.source.entry(system.clone()).or_default();
            known.extend(facts.clone());
        }
        Ok(())
    }

    /// Whether it counts; complaints closed as duplicates may be left out.
    pub(crate) fn counts(&self, duplicates: Duplicates) -> bool {
        match duplicates {
            Duplicates::Included => true,
            Duplicates::Excluded => !self.complaint.is_closed_as_duplicate(),
        }
    }

    /// The clocks that had started by `at`, in the order they started.
    pub(crate) fn standings<'a>(
        &'a self,
        rules: &'a Rulebook,
        at: Timestamp,
    ) -> impl Iterator<Item = Standing<'a>> {
        self.complaint.case().into_iter().flat_map(move |case| {
            case.clocks
                .iter()
                .filter(move |clock| clock.started_at <= at)
                .map(move |clock| self.standing(clock, case, rules, at))
        })
    }

    fn standing<'a>(
        &'a self,
        clock: &'a Clock,
        case: &'a Case,
        rules: &'a Rulebook,
        at: Timestamp,
    ) -> Standing<'a> {
        let lead = self.complaint.lead();
        Standing {
            clock,
            reading: rules.read(clock, &case.pauses, at),
            department: clock.department(&case.intake_department, lead, rules.of_clock(clock)),
            at,
            lead_now: lead,
        }
    }
}
