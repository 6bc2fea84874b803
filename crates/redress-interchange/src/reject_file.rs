//! The file that lists what could not be used, or was used otherwise.

use std::io::Write;

use redress_core::Rejection;

use crate::finding::{Cells, Finding};

/// How every reject file begins.
pub const REJECT_FILE_START: &[u8] = b"line,column,kind,code,message\r\n";

/// Writes findings as CSV (RFC 4180): `line,column,kind,code,message`.
///
/// The row itself is not copied, for it may tell who somebody is. A cell that a spreadsheet would take for a formula
/// begins with an apostrophe.
///
/// ```
/// use redress_interchange::{Finding, Problem, RejectFile};
///
/// let mut file = RejectFile::new(Vec::new())?;
/// file.write(&Finding { line: 7, column: None, problem: Problem::CellCount { expected: 36, found: 35 } })?;
/// let text = String::from_utf8(file.finish()?)?;
/// assert_eq!(
///     text,
///     "line,column,kind,code,message\r\n7,,rejected,cell_count,the row has 35 cells and the header 36\r\n",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RejectFile<W: Write> {
    csv: csv::Writer<W>,
    cells: Cells,
}

impl<W: Write> RejectFile<W> {
    /// Begins the file; what it quotes of cells is masked.
    ///
    /// # Errors
    ///
    /// What the writer said.
    pub fn new(writer: W) -> std::io::Result<Self> {
        Self::with(writer, Cells::Masked)
    }

    /// Begins the file, which quotes cells as `cells` says.
    ///
    /// # Errors
    ///
    /// What the writer said.
    pub fn with(writer: W, cells: Cells) -> std::io::Result<Self> {
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(writer);
        csv.write_record(["line", "column", "kind", "code", "message"])?;
        Ok(Self { csv, cells })
    }

    /// Adds a finding.
    ///
    /// # Errors
    ///
    /// What the writer said.
    pub fn write(&mut self, finding: &Finding) -> std::io::Result<()> {
        let line = finding.line.to_string();
        let column = finding.column.as_ref().map(ToString::to_string);
        let kind = finding.problem.kind().name();
        let code = finding.problem.code();
        let message = finding.problem.message(self.cells);
        let cells = [&line, &column.unwrap_or_default(), kind, code, &message];
        self.csv.write_record(cells.map(guarded))?;
        Ok(())
    }

    /// Adds a step of a row that the ledger refused.
    ///
    /// # Errors
    ///
    /// What the writer said.
    pub fn write_refused(
        &mut self,
        line: u64,
        command: &str,
        rejection: &Rejection,
    ) -> std::io::Result<()> {
        let line = line.to_string();
        let message = refusal_message(command, rejection);
        let cells = [&line, "", "refused", rejection.code(), &message];
        self.csv.write_record(cells.map(guarded))?;
        Ok(())
    }

    /// Writes out what is left and gives the writer back.
    ///
    /// # Errors
    ///
    /// What the writer said.
    pub fn finish(self) -> std::io::Result<W> {
        self.csv
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

/// Why a ledger refused a step of a row, in the words of whoever imports.
///
/// ```
/// use redress_core::Rejection;
/// use redress_interchange::refusal_message;
///
/// assert_eq!(
///     refusal_message("assign", &Rejection::CommandReused),
///     "assign: an earlier import recorded another value here, which stays",
/// );
/// ```
#[must_use]
pub fn refusal_message(command: &str, rejection: &Rejection) -> String {
    if *rejection == Rejection::CommandReused {
        format!("{command}: an earlier import recorded another value here, which stays")
    } else {
        format!("{command}: {rejection}")
    }
}

fn guarded(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
