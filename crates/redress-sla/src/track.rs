//! What the view keeps of one complaint.

use std::collections::BTreeMap;

use redress_core::event::NoteKind;
use redress_core::{
    Case, Clock, Complaint, DepartmentId, Event, Label, OutOfOrder, Reading, Recorded, Rulebook,
    Timestamp, apply,
};

use crate::filter::Duplicates;
use crate::tally::{Before, Tally};

/// One complaint: its state, how often things happened to it, and what another system had recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Track {
    pub(crate) complaint: Complaint,
    pub(crate) tally: Tally,
    /// The latest value of each field, by system and field.
    pub(crate) source: BTreeMap<Label, BTreeMap<String, String>>,
}

/// A clock that had started, and how it stands.
pub(crate) struct Standing<'a> {
    pub(crate) clock: &'a Clock,
    pub(crate) reading: Reading,
    pub(crate) department: &'a DepartmentId,
}

impl Track {
    /// Folds a fact; nothing changes where it cannot follow.
    pub(crate) fn fold(&mut self, fact: &Recorded) -> Result<(), OutOfOrder> {
        let before = Before::of(&self.complaint);
        apply(&mut self.complaint, fact)?;
        self.tally.count(&before, &self.complaint, &fact.event);
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
        }
    }
}
