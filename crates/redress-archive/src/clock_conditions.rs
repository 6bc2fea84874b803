//! Conditions on clocks and deadlines: SQL chooses the clocks, the rules judge each.
//!
//! A verdict is never read from a column. Of the complaints that meet every other condition, the clocks that can matter are
//! read with their pauses and judged as [`Clock::read`](redress_core::Clock::read) does; so the answer is exact, and takes
//! time with the number of those clocks.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::{Status, Timestamp};
use rusqlite::Connection;

use crate::clause::Clause;
use crate::clocks::{self, Which};
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::number::Number;
use crate::query::{Match, Query};

/// The clauses of the conditions on clocks, for complaints that meet the other conditions.
pub(crate) fn clauses(
    connection: &Connection,
    query: &Query,
    others: &Filter,
) -> Result<Vec<Clause>, ArchiveError> {
    let mut clauses = Vec::new();
    for condition in &query.conditions {
        let mut found = BTreeSet::new();
        let mut is_on_clocks = false;
        for wanted in &condition.any {
            if let Match::Clock {
                kind,
                statuses,
                moment,
            } = wanted
            {
                is_on_clocks = true;
                let running = !statuses.iter().any(|status| has_ended(*status));
                let which = Which {
                    kind: *kind,
                    running,
                };
                clocks::read(connection, moment, which, others, |standing| {
                    if statuses.contains(&standing.status) {
                        found.insert(standing.number);
                    }
                })?;
            } else if let Match::Due { period, moment } = wanted {
                is_on_clocks = true;
                let due = earliest_due(connection, moment, others)?;
                let in_period = due.into_iter().filter(|(_, due)| period.contains(due));
                found.extend(in_period.map(|(number, _)| number));
            }
        }
        if is_on_clocks {
            clauses.push(Clause::among(found));
        }
    }
    Ok(clauses)
}

/// The earliest deadline of the running clocks of each complaint that has one.
pub(crate) fn earliest_due(
    connection: &Connection,
    moment: &Moment,
    filter: &Filter,
) -> Result<BTreeMap<Number, Timestamp>, ArchiveError> {
    let which = Which {
        kind: None,
        running: true,
    };
    let mut earliest: BTreeMap<Number, Timestamp> = BTreeMap::new();
    clocks::read(connection, moment, which, filter, |standing| {
        if let (true, Some(due)) = (standing.runs, standing.due) {
            let known = earliest.entry(standing.number).or_insert(due);
            *known = due.min(*known);
        }
    })?;
    Ok(earliest)
}

/// Whether a clock with this verdict may have ended.
const fn has_ended(status: Status) -> bool {
    match status {
        Status::OnTrack
        | Status::AtRisk
        | Status::Overdue
        | Status::Paused
        | Status::UntargetedRunning => false,
        Status::Met
        | Status::Missed
        | Status::Early
        | Status::Cancelled
        | Status::HandedOverInTime
        | Status::HandedOverLate
        | Status::UntargetedEnded
        | Status::NotEvaluable => true,
    }
}
