//! Conditions on clocks and deadlines: SQL chooses the clocks, the rules judge each.
//!
//! A verdict is never read from a column. Of the complaints that come into question, the clocks that can matter are read with
//! their pauses and judged as [`Clock::read`](redress_core::Clock::read) does; so the answer is exact. For a page, those
//! come into question that can be due by then, if they are few; otherwise complaints as they come along, until the page is
//! full.

use std::collections::{BTreeMap, BTreeSet};

use redress_core::{Status, Timestamp};
use rusqlite::Connection;

use crate::clause::Clause;
use crate::clocks::{self, Which};
use crate::error::ArchiveError;
use crate::filter::Filter;
use crate::moment::Moment;
use crate::number::Number;
use crate::query::{Condition, Field, Match, Query};
use crate::upcoming::{self, Upcoming};

/// How many running clocks are few enough to be looked at before anything else; fewer in tests, whose archives are small.
const RARE: usize = if cfg!(test) { 50 } else { 1_000 };

/// The clauses of the conditions on clocks, for whoever looks at every complaint that meets the other conditions.
pub(crate) fn clauses(
    connection: &Connection,
    query: &Query,
    others: &Filter,
) -> Result<Vec<Clause>, ArchiveError> {
    let clauses = on_clocks(query).map(|condition| {
        let found = matching(connection, condition, others)?;
        Ok(Clause::among(found))
    });
    clauses.collect()
}

/// The conditions on clocks, for whoever takes the first few complaints: as clauses where that helps, and as what is still to
/// be asked of complaints that come along.
///
/// What few clocks can meet is looked up, unless the complaints are few already.
pub(crate) fn checks(
    connection: &Connection,
    query: &Query,
    is_narrow: bool,
) -> Result<(Vec<Clause>, Vec<ClockCheck>), ArchiveError> {
    let (mut clauses, mut checks) = (Vec::new(), Vec::new());
    for condition in on_clocks(query) {
        let runs = !is_narrow && is_on_running(connection, condition)?;
        match runs
            .then(|| candidates(connection, condition))
            .transpose()?
        {
            Some(Some(few)) => {
                let found = matching(connection, condition, &Filter::among(few))?;
                clauses.push(Clause::among(found));
                continue;
            }
            // Nothing runs in a closed complaint.
            Some(None) => clauses.push(Clause::open()),
            None => {}
        }
        checks.push(ClockCheck(condition.clone()));
    }
    Ok((clauses, checks))
}

/// A condition on clocks that is asked of complaints as they come along.
pub(crate) struct ClockCheck(Condition);

impl ClockCheck {
    /// Those of some complaints that meet it.
    pub(crate) fn passing(
        &self,
        connection: &Connection,
        among: &BTreeSet<Number>,
    ) -> Result<BTreeSet<Number>, ArchiveError> {
        matching(connection, &self.0, &Filter::among(among.iter().copied()))
    }
}

fn on_clocks(query: &Query) -> impl Iterator<Item = &Condition> {
    let conditions = query.conditions.iter();
    conditions.filter(|condition| matches!(condition.field, Field::Clock | Field::Due))
}

/// The complaints that meet a condition, of those that meet the others.
fn matching(
    connection: &Connection,
    condition: &Condition,
    others: &Filter,
) -> Result<BTreeSet<Number>, ArchiveError> {
    let mut found = BTreeSet::new();
    for wanted in &condition.any {
        if let Match::Clock {
            kind,
            statuses,
            moment,
        } = wanted
        {
            let which = Which {
                kind: *kind,
                running: are_running(statuses),
            };
            clocks::read(connection, moment, which, others, |standing| {
                if statuses.contains(&standing.status) {
                    found.insert(standing.number);
                }
            })?;
        } else if let Match::Due { period, moment } = wanted {
            let due = earliest_due(connection, moment, others)?;
            let in_period = due.into_iter().filter(|(_, due)| period.contains(due));
            found.extend(in_period.map(|(number, _)| number));
        }
    }
    Ok(found)
}

/// Whether only clocks that run to this day can meet a condition.
fn is_on_running(connection: &Connection, condition: &Condition) -> Result<bool, ArchiveError> {
    for wanted in &condition.any {
        let at = if let Match::Clock {
            statuses, moment, ..
        } = wanted
            && are_running(statuses)
        {
            moment.at()
        } else if let Match::Due { moment, .. } = wanted {
            moment.at()
        } else {
            return Ok(false);
        };
        if upcoming::is_past(connection, at)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The complaints that alone can meet a condition on running clocks; `None` where they are not known to be few.
fn candidates(
    connection: &Connection,
    condition: &Condition,
) -> Result<Option<BTreeSet<Number>>, ArchiveError> {
    let mut candidates = BTreeSet::new();
    for wanted in &condition.any {
        let (moment, end) = if let Match::Due { period, moment } = wanted {
            (moment, period.end)
        } else if let Match::Clock {
            statuses, moment, ..
        } = wanted
            && statuses.iter().all(|status| *status == Status::Overdue)
        {
            (moment, moment.at())
        } else {
            return Ok(None);
        };
        match Upcoming::before(connection, moment, end, RARE)? {
            Some(few) => candidates.extend(few),
            None => return Ok(None),
        }
    }
    Ok(Some(candidates))
}

fn are_running(statuses: &[Status]) -> bool {
    !statuses.iter().any(|status| has_ended(*status))
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
