//! How many clocks have which verdict.

use redress_core::{Ratio, Status};
use serde::Serialize;

/// How many clocks have which verdict. Every clock counts under exactly one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StatusCounts {
    /// Run, with time in hand.
    pub on_track: u64,
    /// Run, and little time is left.
    pub at_risk: u64,
    /// Run, and their time is used up.
    pub overdue: u64,
    /// Stand still.
    pub paused: u64,
    /// Ended in time.
    pub met: u64,
    /// Ended too late.
    pub missed: u64,
    /// Revisits before their window.
    pub early: u64,
    /// Not owed any more.
    pub cancelled: u64,
    /// Went to another department within their time.
    pub handed_over_in_time: u64,
    /// Went to another department after their time.
    pub handed_over_late: u64,
    /// Run without a limit.
    pub untargeted_running: u64,
    /// Ended without a limit: neither met nor missed.
    pub untargeted_ended: u64,
    /// The calendar of their limit does not reach far enough to tell.
    pub not_evaluable: u64,
}

impl StatusCounts {
    /// How many have this verdict.
    #[must_use]
    pub const fn of(&self, status: Status) -> u64 {
        match status {
            Status::OnTrack => self.on_track,
            Status::AtRisk => self.at_risk,
            Status::Overdue => self.overdue,
            Status::Paused => self.paused,
            Status::Met => self.met,
            Status::Missed => self.missed,
            Status::Early => self.early,
            Status::Cancelled => self.cancelled,
            Status::HandedOverInTime => self.handed_over_in_time,
            Status::HandedOverLate => self.handed_over_late,
            Status::UntargetedRunning => self.untargeted_running,
            Status::UntargetedEnded => self.untargeted_ended,
            Status::NotEvaluable => self.not_evaluable,
        }
    }

    /// How many clocks there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        Status::ALL.into_iter().map(|status| self.of(status)).sum()
    }

    /// How many have not ended, paused and untargeted ones included.
    #[must_use]
    pub fn open(&self) -> u64 {
        Status::ALL
            .into_iter()
            .filter(|status| is_open(*status))
            .map(|status| self.of(status))
            .sum()
    }

    /// Met out of met, missed and running overdue; `None` where there is none of these.
    ///
    /// ```
    /// use redress_sla::StatusCounts;
    ///
    /// let counts = StatusCounts { met: 7, missed: 2, overdue: 1, untargeted_ended: 90, ..StatusCounts::default() };
    /// assert_eq!(counts.compliance().map(|ratio| ratio.percent()).as_deref(), Some("70.0%"));
    /// assert_eq!(StatusCounts::default().compliance(), None);
    /// ```
    #[must_use]
    pub const fn compliance(&self) -> Option<Ratio> {
        Ratio::new(self.met, self.met + self.missed + self.overdue)
    }

    pub(crate) const fn add(&mut self, status: Status) {
        *self.of_mut(status) += 1;
    }

    const fn of_mut(&mut self, status: Status) -> &mut u64 {
        match status {
            Status::OnTrack => &mut self.on_track,
            Status::AtRisk => &mut self.at_risk,
            Status::Overdue => &mut self.overdue,
            Status::Paused => &mut self.paused,
            Status::Met => &mut self.met,
            Status::Missed => &mut self.missed,
            Status::Early => &mut self.early,
            Status::Cancelled => &mut self.cancelled,
            Status::HandedOverInTime => &mut self.handed_over_in_time,
            Status::HandedOverLate => &mut self.handed_over_late,
            Status::UntargetedRunning => &mut self.untargeted_running,
            Status::UntargetedEnded => &mut self.untargeted_ended,
            Status::NotEvaluable => &mut self.not_evaluable,
        }
    }
}

impl std::iter::Sum for StatusCounts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |mut total, counts| {
            for status in Status::ALL {
                *total.of_mut(status) += counts.of(status);
            }
            total
        })
    }
}

/// Whether a clock with this verdict has not ended.
pub(crate) const fn is_open(status: Status) -> bool {
    match status {
        Status::OnTrack
        | Status::AtRisk
        | Status::Overdue
        | Status::Paused
        | Status::UntargetedRunning => true,
        Status::Met
        | Status::Missed
        | Status::Early
        | Status::Cancelled
        | Status::HandedOverInTime
        | Status::HandedOverLate
        | Status::UntargetedEnded
        | Status::NotEvaluable => false,
    }
}
