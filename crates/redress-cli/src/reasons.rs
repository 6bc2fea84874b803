//! Why rows were not used, or used otherwise than they stand in the file: counted by reason.

use std::collections::BTreeMap;

use redress::Rejection;
use redress_interchange::{Cells, Finding, FindingKind, refusal_message};
use serde::Serialize;

use crate::grid::Grid;

/// How often something was found, and where first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// What became of the rows: `rejected`, `adjusted`, `ignored_state`, `ignored_change`, `implied` or `refused`.
    pub kind: &'static str,
    /// The code of the reason, as in the reject file.
    pub code: &'static str,
    /// How often.
    pub count: u64,
    /// The first line it was found on, from 1.
    pub first_line: u64,
    /// The column there, with its number from 1, where it is about one.
    pub first_column: Option<String>,
    /// What was found there.
    pub message: String,
}

/// Counts reasons as they are found.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    counted: BTreeMap<(usize, &'static str), Reason>,
}

/// What becomes of a row, the gravest first; `refused` is the ledger's own word.
const KINDS: [&str; 6] = [
    FindingKind::Rejected.name(),
    REFUSED,
    FindingKind::IgnoredState.name(),
    FindingKind::IgnoredChange.name(),
    FindingKind::Adjusted.name(),
    FindingKind::Implied.name(),
];
const REFUSED: &str = "refused";

impl Reasons {
    pub(crate) fn found(&mut self, finding: &Finding, cells: Cells) {
        self.add(Reason {
            kind: finding.problem.kind().name(),
            code: finding.problem.code(),
            count: 1,
            first_line: finding.line,
            first_column: finding.column.as_ref().map(ToString::to_string),
            message: finding.problem.message(cells),
        });
    }

    pub(crate) fn refused(&mut self, line: u64, command: &str, rejection: &Rejection) {
        self.add(Reason {
            kind: REFUSED,
            code: rejection.code(),
            count: 1,
            first_line: line,
            first_column: None,
            message: refusal_message(command, rejection),
        });
    }

    fn add(&mut self, reason: Reason) {
        let gravity = KINDS.iter().position(|kind| *kind == reason.kind);
        let key = (gravity.unwrap_or(KINDS.len()), reason.code);
        let known = self.counted.entry(key).or_insert_with(|| Reason {
            count: 0,
            ..reason.clone()
        });
        let count = known.count + 1;
        if reason.first_line < known.first_line {
            *known = reason;
        }
        known.count = count;
    }

    /// The reasons, the gravest first.
    pub(crate) fn into_list(self) -> Vec<Reason> {
        self.counted.into_values().collect()
    }
}

/// The reasons for people.
pub(crate) fn grid(reasons: &[Reason]) -> Grid {
    let mut grid = Grid::new(&[
        "Rows",
        "Why",
        ">Count",
        ">First line",
        "Column",
        "~What was found there",
    ]);
    for reason in reasons {
        grid.row([
            reason.kind.replace('_', " "),
            reason.code.to_owned(),
            reason.count.to_string(),
            reason.first_line.to_string(),
            reason.first_column.clone().unwrap_or_default(),
            reason.message.clone(),
        ]);
    }
    grid.without_empty_columns().0
}
