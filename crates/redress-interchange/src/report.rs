//! What an import came to, in numbers.

use crate::finding::{Finding, FindingKind, Problem};

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
    /// Changes that could not be used: of a closed case, or above the top level.
    pub changes_ignored: u64,
    /// Assignments to the intake department that the file does not name.
    pub owners_implied: u64,
}

impl Report {
    pub(crate) fn count(&mut self, finding: &Finding) {
        match finding.problem.kind() {
            FindingKind::Rejected => self.rows_rejected += 1,
            FindingKind::Adjusted => match finding.problem {
                Problem::TimeInGap { .. } => self.times_in_gap += 1,
                Problem::TimeInOverlap { .. } => self.times_in_overlap += 1,
                Problem::TimeWentBack { .. }
                | Problem::RowTooLong { .. }
                | Problem::Unclosed { .. }
                | Problem::CellCount { .. }
                | Problem::NotUtf8 { .. }
                | Problem::Missing
                | Problem::NotACode(_)
                | Problem::Unlisted { .. }
                | Problem::UnreadableTime { .. }
                | Problem::UnlistedState { .. }
                | Problem::ChangeAfterClose
                | Problem::TopLevelReached
                | Problem::OwnerImplied => self.times_adjusted += 1,
            },
            FindingKind::IgnoredState => self.states_ignored += 1,
            FindingKind::IgnoredChange => self.changes_ignored += 1,
            FindingKind::Implied => self.owners_implied += 1,
        }
    }
}
