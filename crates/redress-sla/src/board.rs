//! The board: how the clocks of each department stand at a moment.

use std::collections::BTreeMap;

use redress_core::{ClockKind, DepartmentId, Period, Ratio, Span, Status, Timestamp};
use serde::Serialize;

use crate::active_time::ActiveTime;
use crate::filter::BoardFilter;
use crate::status_counts::{StatusCounts, is_open};
use crate::track::Standing;
use crate::view::SlaView;

/// How the clocks of each department stand at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Board {
    /// The moment.
    pub at: Timestamp,
    /// In which time clocks ended that count; those that have not ended count always.
    pub period: Period,
    /// A row for each department and clock that has any, by department, then in the order of a complaint's life.
    pub rows: Vec<BoardRow>,
    /// A row for each clock, all departments together.
    pub totals: Vec<ClockTotal>,
}

/// How the clocks of one kind stand in one department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BoardRow {
    /// The department that answers for them.
    pub department: DepartmentId,
    /// What is timed.
    pub clock: ClockKind,
    /// How many have which verdict.
    pub counts: StatusCounts,
    /// How many of these time a part beside the lead.
    pub joint: u64,
    /// Met out of met, missed and running overdue; none where there is none of these.
    pub compliance: Option<Ratio>,
    /// How long those that ended met or missed ran; none where none did.
    pub active: Option<ActiveTime>,
    /// Since when the oldest that has not ended runs or stands still.
    pub oldest_open: Option<Timestamp>,
}

/// How the clocks of one kind stand in all departments together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockTotal {
    /// What is timed.
    pub clock: ClockKind,
    /// How many have which verdict.
    pub counts: StatusCounts,
    /// How many of these time a part beside the lead.
    pub joint: u64,
    /// Met out of met, missed and running overdue; none where there is none of these.
    pub compliance: Option<Ratio>,
    /// How long those that ended met or missed ran; none where none did. Without those whose calendar ended before they did:
    /// how long they ran is not known.
    pub active: Option<ActiveTime>,
    /// Since when the oldest that has not ended runs or stands still.
    pub oldest_open: Option<Timestamp>,
}

impl Board {
    /// The row of a department and clock.
    #[must_use]
    pub fn row(&self, department: &DepartmentId, clock: ClockKind) -> Option<&BoardRow> {
        self.rows
            .iter()
            .find(|row| row.department == *department && row.clock == clock)
    }
}

/// Clocks that are counted and measured together.
#[derive(Default)]
pub(crate) struct Group {
    counts: StatusCounts,
    joint: u64,
    oldest_open: Option<Timestamp>,
    ended: Vec<Span>,
}

impl Group {
    pub(crate) fn add(&mut self, standing: &Standing<'_>) {
        let status = standing.reading.status;
        self.counts.add(status);
        self.joint += u64::from(standing.is_joint());
        // How long one ran is not known where its calendar ended first.
        if matches!(status, Status::Met | Status::Missed) && !standing.reading.at_least {
            self.ended.push(standing.reading.elapsed);
        }
        if is_open(status) {
            let started = standing.clock.started_at;
            let oldest = self.oldest_open.map_or(started, |open| open.min(started));
            self.oldest_open = Some(oldest);
        }
    }

    fn absorb(&mut self, other: &Self) {
        self.counts = [self.counts, other.counts].into_iter().sum();
        self.joint += other.joint;
        let oldest = [self.oldest_open, other.oldest_open].into_iter().flatten();
        self.oldest_open = oldest.min();
        self.ended.extend_from_slice(&other.ended);
    }

    fn active(self) -> Option<ActiveTime> {
        ActiveTime::of(self.ended)
    }

    pub(crate) fn into_row(self, department: &DepartmentId, clock: ClockKind) -> BoardRow {
        BoardRow {
            department: department.clone(),
            clock,
            counts: self.counts,
            joint: self.joint,
            compliance: self.counts.compliance(),
            oldest_open: self.oldest_open,
            active: self.active(),
        }
    }

    fn into_total(self, clock: ClockKind) -> ClockTotal {
        ClockTotal {
            clock,
            counts: self.counts,
            joint: self.joint,
            compliance: self.counts.compliance(),
            oldest_open: self.oldest_open,
            active: self.active(),
        }
    }
}

impl SlaView {
    /// How the clocks stand at `at`. One that started later is not there; an end later than `at` has not happened.
    ///
    /// `at` may lie in the future: then this is how they would stand if nothing happened until then.
    #[must_use]
    pub fn board(&self, at: Timestamp, filter: &BoardFilter) -> Board {
        let mut groups: BTreeMap<(DepartmentId, ClockKind), Group> = BTreeMap::new();
        self.each_standing(at, filter.duplicates, |standing| {
            if filter.shows(standing) {
                let key = (standing.department.clone(), standing.clock.kind);
                groups.entry(key).or_default().add(standing);
            }
        });
        let mut totals: BTreeMap<ClockKind, Group> = BTreeMap::new();
        for ((_, clock), group) in &groups {
            totals.entry(*clock).or_default().absorb(group);
        }
        Board {
            at,
            period: filter.period,
            rows: groups
                .into_iter()
                .map(|((department, clock), group)| group.into_row(&department, clock))
                .collect(),
            totals: totals
                .into_iter()
                .map(|(clock, group)| group.into_total(clock))
                .collect(),
        }
    }
}
