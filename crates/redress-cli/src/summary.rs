//! What an import came to, in numbers.

use redress_interchange::Report;
use serde::Serialize;

use crate::grid::Grid;
use crate::reasons::Reason;

/// What an import came to.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// What the rows came to.
    pub rows: RowCounts,
    /// Complaints that this import recorded something about.
    pub complaints_changed: usize,
    /// Facts recorded now.
    pub facts_recorded: usize,
    /// Steps that had been recorded before; nothing was added for them.
    pub steps_known: usize,
    /// Steps that had nothing to add.
    pub steps_without_fact: usize,
    /// Steps that the ledger refused.
    pub steps_refused: usize,
    /// Why rows were not used, or used otherwise than they stand in the file; the gravest first.
    pub reasons: Vec<Reason>,
}

/// What the rows of an import came to.
#[derive(Debug, Default, Serialize)]
pub struct RowCounts {
    /// Rows read, without the header.
    pub read: u64,
    /// Rows that led to at least one step.
    pub with_facts: u64,
    /// Rows that told nothing new.
    pub unchanged: u64,
    /// Rows of which nothing was used.
    pub rejected: u64,
    /// Complaints seen.
    pub complaints: u64,
    /// Times that went back within a case, or lie in a gap or an overlap of the local clock.
    pub times_adjusted: u64,
    /// States and changes that could not be used.
    pub changes_ignored: u64,
    /// States that say that a case goes on which has the time of its end; the end was taken.
    pub states_overruled: u64,
    /// Assignments to the intake department that the file does not name.
    pub owners_implied: u64,
    /// Ends of which the file does not say when they were.
    pub ends_undated: u64,
}

impl From<Report> for RowCounts {
    fn from(report: Report) -> Self {
        Self {
            read: report.rows,
            with_facts: report.rows_with_facts,
            unchanged: report.rows_unchanged,
            rejected: report.rows_rejected,
            complaints: report.complaints,
            times_adjusted: report.times_adjusted + report.times_in_gap + report.times_in_overlap,
            changes_ignored: report.states_ignored + report.changes_ignored,
            states_overruled: report.states_overruled,
            owners_implied: report.owners_implied,
            ends_undated: report.ends_undated,
        }
    }
}

impl Summary {
    /// Whether every row and every step was used.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.rows.rejected == 0 && self.rows.changes_ignored == 0 && self.steps_refused == 0
    }

    /// For people.
    pub(crate) fn table(&self) -> Grid {
        let mut grid = Grid::new(&["Import", ">"]);
        let mut line = |name: &str, count: u64| grid.row([name.to_owned(), count.to_string()]);
        let rows = &self.rows;
        line("rows read", rows.read);
        line("  told something new", rows.with_facts);
        line("  told nothing new", rows.unchanged);
        line("  rejected", rows.rejected);
        line("complaints seen", rows.complaints);
        line("complaints changed", count(self.complaints_changed));
        line("facts recorded", count(self.facts_recorded));
        line("steps recorded before", count(self.steps_known));
        line("steps with nothing to add", count(self.steps_without_fact));
        line("steps refused", count(self.steps_refused));
        line("times adjusted", rows.times_adjusted);
        line("states and changes not used", rows.changes_ignored);
        line("states overruled by an end", rows.states_overruled);
        line("owners implied", rows.owners_implied);
        line("ends without a time", rows.ends_undated);
        grid
    }

    /// Adds what another worker did.
    pub(crate) fn add(&mut self, other: &Self) {
        self.complaints_changed += other.complaints_changed;
        self.facts_recorded += other.facts_recorded;
        self.steps_known += other.steps_known;
        self.steps_without_fact += other.steps_without_fact;
        self.steps_refused += other.steps_refused;
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
