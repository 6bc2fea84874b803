//! What the model says of each department: what it has open, what came to it and went from it, how content people were.

use std::collections::BTreeMap;

use redress_core::event::{RevisitOutcome, Satisfaction};
use redress_core::{DepartmentId, Event, Timestamp};
use redress_sla::{DepartmentRow, Period};

use super::{File, is_reached};

/// Counts by department and column; what is nought is not there.
pub(crate) type Tallies = BTreeMap<(DepartmentId, &'static str), u64>;

/// The columns of a row by name, without noughts.
pub(crate) fn tallies(rows: &[DepartmentRow]) -> Tallies {
    let columns = |row: &DepartmentRow| {
        [
            ("under 1", row.open.under_1_day),
            ("1 to 3", row.open.from_1_to_3_days),
            ("3 to 7", row.open.from_3_to_7_days),
            ("over 7", row.open.over_7_days),
            ("first", row.first_assignments),
            ("dispatched in", row.dispatched_in),
            ("handed over in", row.handed_over_in),
            ("handed over out", row.handed_over_out),
            ("returned in", row.returned_in),
            ("returned out", row.returned_out),
            ("reassigned", row.reassignments),
            ("escalated", row.escalations_in),
            ("rework", row.rework_cycles),
            ("satisfied", row.revisits.satisfied),
            ("neutral", row.revisits.neutral),
            ("dissatisfied", row.revisits.dissatisfied),
            ("taken back", row.revisits.taken_back),
            ("not reached", row.revisits.not_reached),
        ]
    };
    rows.iter()
        .flat_map(|row| columns(row).map(|(name, count)| ((row.department.clone(), name), count)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

impl File<'_> {
    /// Adds what this file has to say.
    pub(crate) fn tally(&self, at: Timestamp, period: Period, tallies: &mut Tallies) {
        let mut add = |department: &DepartmentId, column| {
            *tallies.entry((department.clone(), column)).or_default() += 1;
        };
        if let Some((department, age)) = self.open_age(at) {
            add(&department, age);
        }
        let counted: Vec<usize> = (0..self.facts.len())
            .filter(|i| self.at(*i) <= at && period.contains(self.at(*i)))
            .collect();
        for i in &counted {
            let led_by = self.led_by(*i);
            match self.event(*i) {
                Event::Assigned(fact) => {
                    let (to, intake) = (&fact.lead.department, self.intake());
                    match self.lead_before(*i) {
                        None => add(to, "first"),
                        Some(from) if from == to => add(to, "reassigned"),
                        Some(from) if *from == intake => add(to, "dispatched in"),
                        Some(from) if *to == intake => {
                            add(to, "returned in");
                            add(from, "returned out");
                        }
                        Some(from) => {
                            add(to, "handed over in");
                            add(from, "handed over out");
                        }
                    }
                }
                Event::Escalated(fact) => {
                    let to = fact.to.as_ref().map(|to| &to.department);
                    add(to.unwrap_or(&led_by), "escalated");
                }
                _ => {}
            }
            if self.begins[*i] {
                add(&led_by, "rework");
            }
        }
        if let Some((i, found)) = self.revisits(at, &counted) {
            add(&self.led_by(i), found);
        }
    }

    fn led_by(&self, index: usize) -> DepartmentId {
        self.lead_before(index)
            .cloned()
            .unwrap_or_else(|| self.intake())
    }

    fn open_age(&self, at: Timestamp) -> Option<(DepartmentId, &'static str)> {
        let happened: Vec<usize> = (0..self.facts.len())
            .filter(|i| self.at(*i) <= at)
            .collect();
        let received = *happened.first().filter(|first| **first == 0)?;
        let ended = happened.iter().rev().find_map(|i| match self.event(*i) {
            Event::Closed(_) => Some(true),
            Event::Reopened(_) => Some(false),
            _ => None,
        });
        let lead = happened.iter().rev().find_map(|i| self.assigned(*i));
        let hours = at
            .since(self.at(received))
            .as_micros()
            .div_euclid(3_600_000_000);
        let beyond = at.since(self.at(received)).as_micros() > 7 * 24 * 3_600_000_000;
        let age = match hours {
            0..24 => "under 1",
            24..72 => "1 to 3",
            _ if beyond => "over 7",
            _ => "3 to 7",
        };
        let department = lead.map_or_else(|| self.intake(), |fact| fact.lead.department.clone());
        (ended != Some(true)).then_some((department, age))
    }

    /// The fact that a complaint with a revisit among those counted is counted by, and how.
    fn revisits(&self, at: Timestamp, counted: &[usize]) -> Option<(usize, &'static str)> {
        let is_visit = |i: &usize| matches!(self.event(*i), Event::Revisited(_));
        let reaches = |i: &usize| is_reached(self.event(*i));
        let happened = || (0..self.facts.len()).filter(|i| self.at(*i) <= at);
        let verdict = happened().rfind(reaches).filter(|last| {
            let begins_otherwise = |i: usize| i > *last && self.begins[i] && !is_visit(&i);
            self.begins[*last] || !happened().any(begins_otherwise)
        });
        if let Some(i) = verdict.filter(|i| counted.contains(i)) {
            let Event::Revisited(fact) = self.event(i) else {
                return None;
            };
            return Some((i, found(&fact.outcome)));
        }
        let last = |counts: &dyn Fn(&usize) -> bool| counted.iter().copied().rfind(|i| counts(i));
        let taken_back = last(&reaches).map(|i| (i, "taken back"));
        taken_back.or_else(|| last(&is_visit).map(|i| (i, "not reached")))
    }
}

fn found(outcome: &RevisitOutcome) -> &'static str {
    match outcome {
        RevisitOutcome::NotReached { .. } => "not reached",
        RevisitOutcome::Reached { result, .. } => match result {
            Satisfaction::Satisfied => "satisfied",
            Satisfaction::Neutral => "neutral",
            Satisfaction::Dissatisfied => "dissatisfied",
        },
    }
}
