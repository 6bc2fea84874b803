//! The board: how the clocks of each department stand at a moment.

use std::collections::BTreeMap;

use redress_core::{ClockKind, DepartmentId, Ratio, Span, Status, Timestamp};
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
    /// A row for each department and clock that has any, by department, then in the order of a complaint's life.
    pub rows: Vec<BoardRow>,
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

/// What becomes a row.
#[derive(Default)]
struct Group {
    counts: StatusCounts,
    ended: Vec<Span>,
    oldest_open: Option<Timestamp>,
}

impl Group {
    fn add(&mut self, standing: &Standing<'_>) {
        let status = standing.reading.status;
        self.counts.add(status);
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

    fn into_row(self, department: &DepartmentId, clock: ClockKind) -> BoardRow {
        BoardRow {
            department: department.clone(),
            clock,
            counts: self.counts,
            compliance: self.counts.compliance(),
            active: ActiveTime::of(self.ended),
            oldest_open: self.oldest_open,
        }
    }
}

impl SlaView {
    /// How the clocks stand at `at`. One that started later is not there; an end later than `at` has not happened.
    #[must_use]
    pub fn board(&self, at: Timestamp, filter: &BoardFilter) -> Board {
        let mut groups: BTreeMap<(&DepartmentId, ClockKind), Group> = BTreeMap::new();
        let shown = |standing: &Standing<'_>| {
            let department = filter.department.as_ref();
            department.is_none_or(|department| department == standing.department)
                && filter
                    .clock
                    .is_none_or(|clock| clock == standing.clock.kind)
        };
        for standing in self.standings(at, filter.duplicates).filter(shown) {
            let key = (standing.department, standing.clock.kind);
            groups.entry(key).or_default().add(&standing);
        }
        let rows = groups
            .into_iter()
            .map(|((department, clock), group)| group.into_row(department, clock))
            .collect();
        Board { at, rows }
    }
}
