//! What each department has open, what was passed to it and from it, and how content its customers were.

use std::collections::BTreeMap;

use redress_core::event::Satisfaction;
use redress_core::{DepartmentId, Duplicates, Period, Ratio, Span, Timestamp};
use serde::Serialize;

use crate::happening::{Happening, Passage, What};
use crate::track::Track;
use crate::view::SlaView;

/// One department: what it has open at a moment, and what happened to its complaints in a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DepartmentRow {
    /// The department.
    pub department: DepartmentId,
    /// The complaints it leads that are open at the moment, by age since receipt; those without a lead count with the
    /// department that took them in.
    pub open: Ages,
    /// Complaints whose first lead it was.
    pub first_assignments: u64,
    /// Complaints the intake department passed on to it.
    pub dispatched_in: u64,
    /// Hand-overs to it by another department, neither of them the intake department.
    pub handed_over_in: u64,
    /// Hand-overs by it to another department, neither of them the intake department.
    pub handed_over_out: u64,
    /// Complaints given back to it, as the intake department, by others 退单.
    pub returned_in: u64,
    /// Complaints it gave back to the intake department 退单.
    pub returned_out: u64,
    /// Assignments within the department, mostly to another person.
    pub reassignments: u64,
    /// Escalations to it, or, where the record names no department, while it led.
    pub escalations_in: u64,
    /// Handlings that had to begin again while it led, by a reply, a revisit or reopening.
    pub rework_cycles: u64,
    /// What revisits found while it led.
    pub revisits: RevisitCounts,
}

/// Open complaints by age, in days of 24 hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ages {
    /// Younger than a day.
    pub under_1_day: u64,
    /// From a day to under three.
    pub from_1_to_3_days: u64,
    /// From three days to seven, both included.
    pub from_3_to_7_days: u64,
    /// Older than seven days.
    pub over_7_days: u64,
}

/// Complaints with an attempt at a revisit in the period, each once: by the verdict that stands, where it was given then.
///
/// A verdict stands until the customer is reached again, or until the handling begins again for another reason than this
/// verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RevisitCounts {
    /// Content.
    pub satisfied: u64,
    /// Neither content nor discontent.
    pub neutral: u64,
    /// Not content.
    pub dissatisfied: u64,
    /// Reached, but what was found then does not stand.
    pub taken_back: u64,
    /// Attempted in vain each time.
    pub not_reached: u64,
}

impl Ages {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.under_1_day + self.from_1_to_3_days + self.from_3_to_7_days + self.over_7_days
    }

    fn add(&mut self, age: Span) {
        let count = if age < Span::days(1) {
            &mut self.under_1_day
        } else if age < Span::days(3) {
            &mut self.from_1_to_3_days
        } else if age <= Span::days(7) {
            &mut self.from_3_to_7_days
        } else {
            &mut self.over_7_days
        };
        *count += 1;
    }
}

impl RevisitCounts {
    /// The verdicts that stand.
    #[must_use]
    pub const fn verdicts(&self) -> u64 {
        self.satisfied + self.neutral + self.dissatisfied
    }

    /// The customers reached.
    #[must_use]
    pub const fn reached(&self) -> u64 {
        self.verdicts() + self.taken_back
    }

    /// Satisfaction 满意度: content out of the verdicts that stand; `None` without any.
    ///
    /// ```
    /// use redress_sla::RevisitCounts;
    ///
    /// let revisits = RevisitCounts { satisfied: 3, dissatisfied: 1, not_reached: 4, ..Default::default() };
    /// assert_eq!(revisits.satisfaction().map(|rate| rate.percent()).as_deref(), Some("75.0%"));
    /// assert_eq!(revisits.response().map(|rate| rate.percent()).as_deref(), Some("50.0%"));
    /// ```
    #[must_use]
    pub const fn satisfaction(&self) -> Option<Ratio> {
        Ratio::new(self.satisfied, self.verdicts())
    }

    /// Response 回访应答率: customers reached out of complaints with an attempt; `None` where there was none.
    #[must_use]
    pub const fn response(&self) -> Option<Ratio> {
        Ratio::new(self.reached(), self.reached() + self.not_reached)
    }

    const fn add(&mut self, verdict: Satisfaction) {
        let count = match verdict {
            Satisfaction::Satisfied => &mut self.satisfied,
            Satisfaction::Neutral => &mut self.neutral,
            Satisfaction::Dissatisfied => &mut self.dissatisfied,
        };
        *count += 1;
    }
}

impl SlaView {
    /// What each department has open at `at`, and what happened to its complaints in the period up to then. Departments
    /// that nothing is to be said of are left out.
    #[must_use]
    pub fn departments(
        &self,
        at: Timestamp,
        period: Period,
        duplicates: Duplicates,
    ) -> Vec<DepartmentRow> {
        let mut rows = Rows::default();
        for (_, track) in self.tracks(duplicates) {
            rows.add_open(&track, at);
            let happened = || track.happenings.iter().filter(|one| one.at <= at);
            for happening in happened().filter(|one| period.contains(one.at)) {
                rows.add(happening);
            }
            rows.add_revisits(happened, period);
        }
        rows.0.into_values().collect()
    }
}

#[derive(Default)]
struct Rows(BTreeMap<DepartmentId, DepartmentRow>);

impl Rows {
    fn of(&mut self, department: &DepartmentId) -> &mut DepartmentRow {
        (self.0)
            .entry(department.clone())
            .or_insert_with(|| DepartmentRow::empty(department))
    }

    fn add_open(&mut self, track: &Track, at: Timestamp) {
        let case = track.complaint.case();
        let Some(case) = case.filter(|case| case.received_at <= at) else {
            return;
        };
        let mut lead = &case.intake_department;
        let mut open = true;
        for happening in track.happenings.iter().filter(|one| one.at <= at) {
            match &happening.what {
                What::Assigned(_, to) => lead = to,
                What::Closed => open = false,
                What::ReopenedFromClosed => open = true,
                What::Escalated(_)
                | What::PriorityRaised
                | What::PriorityLowered
                | What::Extended
                | What::ReopenedByReply
                | What::Revisited { .. } => {}
            }
        }
        if open {
            self.of(lead).open.add(at.since(case.received_at));
        }
    }

    fn add(&mut self, happening: &Happening) {
        let from = &happening.department;
        match &happening.what {
            What::Assigned(passage, to) => self.add_passage(*passage, from, to),
            What::Escalated(to) => self.of(to).escalations_in += 1,
            What::ReopenedByReply
            | What::ReopenedFromClosed
            | What::Revisited { reopened: true, .. } => self.of(from).rework_cycles += 1,
            What::PriorityRaised
            | What::PriorityLowered
            | What::Extended
            | What::Revisited {
                reopened: false, ..
            }
            | What::Closed => {}
        }
    }

    fn add_passage(&mut self, passage: Passage, from: &DepartmentId, to: &DepartmentId) {
        match passage {
            Passage::First => self.of(to).first_assignments += 1,
            Passage::Within => self.of(to).reassignments += 1,
            Passage::Dispatch => self.of(to).dispatched_in += 1,
            Passage::Return => {
                self.of(to).returned_in += 1;
                self.of(from).returned_out += 1;
            }
            Passage::HandOver => {
                self.of(to).handed_over_in += 1;
                self.of(from).handed_over_out += 1;
            }
        }
    }

    /// Counts a complaint with an attempt in the period once: with the department that led at the verdict that stands, else
    /// at the last attempt that reached the customer, else at the last.
    fn add_revisits<'a, I: Iterator<Item = &'a Happening>>(
        &mut self,
        happened: impl Fn() -> I,
        period: Period,
    ) {
        let (mut reached, mut in_vain) = (None, None);
        for one in happened().filter(|one| period.contains(one.at)) {
            match one.found() {
                Some(Some(_)) => reached = Some(one),
                Some(None) => in_vain = Some(one),
                None => {}
            }
        }
        let verdict = standing_verdict(happened()).filter(|(one, _)| period.contains(one.at));
        if let Some((one, verdict)) = verdict {
            self.of(&one.department).revisits.add(verdict);
        } else if let Some(one) = reached {
            self.of(&one.department).revisits.taken_back += 1;
        } else if let Some(one) = in_vain {
            self.of(&one.department).revisits.not_reached += 1;
        }
    }
}

/// What the customer said when last reached, if nothing has taken that back.
fn standing_verdict<'a>(
    happened: impl Iterator<Item = &'a Happening>,
) -> Option<(&'a Happening, Satisfaction)> {
    let mut standing = None;
    for one in happened {
        match one.what {
            What::Revisited {
                reached: Some(verdict),
                reopened,
            } => standing = Some((one, verdict, reopened)),
            // A verdict that began the handling again itself is not taken back by what follows.
            What::ReopenedByReply | What::ReopenedFromClosed => {
                standing = standing.filter(|(_, _, reopened)| *reopened);
            }
            What::Revisited { reached: None, .. }
            | What::Assigned(..)
            | What::Escalated(_)
            | What::PriorityRaised
            | What::PriorityLowered
            | What::Extended
            | What::Closed => {}
        }
    }
    standing.map(|(one, verdict, _)| (one, verdict))
}

impl DepartmentRow {
    fn empty(department: &DepartmentId) -> Self {
        Self {
            department: department.clone(),
            open: Ages::default(),
            first_assignments: 0,
            dispatched_in: 0,
            handed_over_in: 0,
            handed_over_out: 0,
            returned_in: 0,
            returned_out: 0,
            reassignments: 0,
            escalations_in: 0,
            rework_cycles: 0,
            revisits: RevisitCounts::default(),
        }
    }
}
