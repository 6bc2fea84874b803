//! What an import came to, in numbers.

use crate::finding::{Finding, Problem};

/// What an import has come to so far.
///
/// `rows` is the sum of `rows_with_facts`, `rows_unchanged` and `rows_rejected`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows read, without the header.
    pub rows: u64,
    /// Rows that led to at least one step.
    pub rows_with_facts: u64,
    /// Rows that told nothing new.
    pub rows_unchanged: u64,
    /// Rows of which nothing was used.
    pub rows_rejected: u64,
    /// Complaints seen.
    pub complaints: u64,
    /// Steps made of the rows.
    pub steps: u64,
    /// Times that went back within a case and were moved up.
    pub times_adjusted: u64,
    /// Local times in a gap.
    pub times_in_gap: u64,
    /// Local times in an overlap.
    pub times_in_overlap: u64,
    /// States that the mapping does not list.
    pub states_ignored: u64,
    /// States that say that a case goes on which has the time of its end; the end was taken.
    pub states_overruled: u64,
    /// Changes that could not be used: of a closed case, above the top level, or deadlines before the beginning.
    pub changes_ignored: u64,
    /// Assignments to the intake department that the file does not name.
    pub owners_implied: u64,
    /// Ends of which the file does not say when they were.
    pub ends_undated: u64,
}

impl Report {
    pub(crate) fn count(&mut self, finding: &Finding) {
        let counter = match finding.problem {
            Problem::TimeWentBack { .. } => &mut self.times_adjusted,
            Problem::TimeInGap { .. } => &mut self.times_in_gap,
            Problem::TimeInOverlap { .. } => &mut self.times_in_overlap,
            Problem::UnlistedState { .. } | Problem::EndGone => &mut self.states_ignored,
            Problem::EndedAnyway => &mut self.states_overruled,
            Problem::ChangeAfterClose | Problem::TopLevelReached | Problem::DueTooEarly { .. } => {
                &mut self.changes_ignored
            }
            Problem::UndatedEnd { .. } => &mut self.ends_undated,
            Problem::OwnerImplied => &mut self.owners_implied,
            Problem::RowTooLong { .. }
            | Problem::Unclosed { .. }
            | Problem::CellCount { .. }
            | Problem::NotText { .. }
            | Problem::Missing
            | Problem::NotACode(_)
            | Problem::Unlisted { .. }
            | Problem::UnreadableTime { .. }
            | Problem::TimeOutOfRange { .. }
            | Problem::OutOfOrder { .. }
            | Problem::RepeatedCase { .. } => &mut self.rows_rejected,
        };
        *counter += 1;
    }
}
