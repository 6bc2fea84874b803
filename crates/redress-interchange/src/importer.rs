//! Reading a file row by row.

use std::collections::HashMap;
use std::io::Read;

use redress_core::{ComplaintId, ExternalRef, Level, Policy};

use crate::case::{Case, Rules};
use crate::encoding::Decoded;
use crate::error::ImportError;
use crate::finding::{Finding, Problem};
use crate::header::{Header, Layout};
use crate::mapping::{Mapping, RowMeaning};
use crate::records::{Found, Record, Records};
use crate::report::Report;
use crate::snapshot::Snapshot;
use crate::step::Step;

/// What an import is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The longest row, in bytes, without its line end; longer ones are rejected.
    pub max_row_bytes: usize,
    /// The top of the ladder of escalation of the ledger that will take the steps.
    pub top_level: Level,
}

impl Default for Options {
    /// Rows of 1 MiB, and the ladder of the built-in policy.
    fn default() -> Self {
        Self {
            max_row_bytes: 1 << 20,
            top_level: Policy::standard().max_level,
        }
    }
}

/// A row that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// The reference of its case in the source.
    pub case: ExternalRef,
    /// The complaint of that case.
    pub complaint_id: ComplaintId,
    /// What to record, in this order; nothing where the row tells nothing new.
    pub steps: Vec<Step>,
    /// What of it was used otherwise than it stands there.
    pub findings: Vec<Finding>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOutcome {
    /// It was used.
    Used(Row),
    /// Nothing of it was used.
    Rejected(Finding),
}

/// Reads a CSV file and gives, row by row, the steps it leads to.
///
/// The rows of a case may stand anywhere in the file but in the order of time. A time that goes back within a case is
/// moved up to the latest before it, so that no row loses its place. Rows that are rejected do not count for the ids of
/// the steps of later rows: mend a file before the first import, for a ledger refuses the same id with other content.
///
/// The same file gives the same rows. Memory: one row, and a few short fields for each case.
///
/// A row longer than [`Options::max_row_bytes`] is passed over up to its end. Line ends inside quotation marks do not
/// end a row, so quotation marks that are opened and never closed take the rest of the file with them; the finding says
/// up to which line. What lies inside quotation marks is never taken for rows: it may be a customer's text, and nobody
/// must be able to write history by writing a complaint.
pub struct Importer<R> {
    records: Records<Decoded<R>>,
    record: Record,
    mapping: Mapping,
    layout: Layout,
    options: Options,
    cases: HashMap<ExternalRef, Known>,
    report: Report,
    is_done: bool,
}

/// What is remembered of a case.
enum Known {
    /// It may go on with the next row.
    Goes(Box<Case>),
    /// All of it stood on this line.
    Whole { line: u64 },
}

impl<R: Read> Importer<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// [`ImportError`]: the file cannot be read; it is packed; it is empty; its header is too long, not closed, or no
    /// text; a column that the mapping names is there twice; the delimiter is wrong; there is no header; a column is
    /// missing.
    pub fn new(mapping: &Mapping, reader: R, options: Options) -> Result<Self, ImportError> {
        let max_bytes = options.max_row_bytes;
        let file = &mapping.file;
        let delimiter = file.delimiter.map(|delimiter| delimiter.0);
        let cannot_read = |source| ImportError::Read { line: 1, source };
        let mut text = Decoded::new(reader, file.encoding);
        if text.is_packed().map_err(cannot_read)? {
            return Err(ImportError::Packed);
        }
        let mut records = Records::new(text, delimiter, max_bytes).map_err(cannot_read)?;
        let header = Header::read(&mut records, max_bytes, file.encoding)?;
        let layout = header.locate(mapping, records.delimiter())?;
        Ok(Self {
            records,
            record: Record::default(),
            mapping: mapping.clone(),
            layout,
            options,
            cases: HashMap::new(),
            report: Report::default(),
            is_done: false,
        })
    }

    /// What the import has come to so far.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }

    fn outcome(&mut self, found: &Found) -> Result<Row, Finding> {
        let Record {
            line, last_line, ..
        } = self.record;
        let problem = match found {
            Found::Whole | Found::End => return self.row(),
            Found::TooLong => Problem::RowTooLong {
                max_bytes: self.options.max_row_bytes,
                last_line,
            },
            Found::Unclosed => Problem::Unclosed { last_line },
        };
        Err(Finding {
            line,
            column: None,
            problem,
        })
    }

    fn row(&mut self) -> Result<Row, Finding> {
        let rules = Rules {
            mapping: &self.mapping,
            layout: &self.layout,
            top_level: self.options.top_level,
        };
        let mut snapshot = Snapshot::new(&self.record, rules.mapping, rules.layout)?;
        let key = snapshot.key()?;
        let (mut case, intake) = match self.cases.get(&key) {
            Some(Known::Goes(case)) => (Case::clone(case), None),
            Some(Known::Whole { line }) => {
                let problem = Problem::RepeatedCase { line: *line };
                return Err(snapshot.finding(&rules.layout.key, problem));
            }
            None => {
                let intake = snapshot.intake(&key)?;
                (Case::new(&intake), Some(intake))
            }
        };
        let steps = case.take(rules, &mut snapshot, intake)?;
        let findings = snapshot.findings;
        let complaint_id = case.complaint_id;
        let line = self.record.line;
        let known = match rules.mapping.rows() {
            RowMeaning::Updates => Known::Goes(Box::new(case)),
            RowMeaning::Cases => Known::Whole { line },
        };
        self.cases.insert(key.clone(), known);
        Ok(Row {
            line,
            case: key,
            complaint_id,
            steps,
            findings,
        })
    }

    fn count(&mut self, outcome: &RowOutcome) {
        let report = &mut self.report;
        report.rows += 1;
        report.complaints = u64::try_from(self.cases.len()).unwrap_or(u64::MAX);
        match outcome {
            RowOutcome::Rejected(finding) => report.count(finding),
            RowOutcome::Used(row) => {
                row.findings
                    .iter()
                    .for_each(|finding| report.count(finding));
                report.steps += u64::try_from(row.steps.len()).unwrap_or(u64::MAX);
                if row.steps.is_empty() {
                    report.rows_unchanged += 1;
                } else {
                    report.rows_with_facts += 1;
                }
            }
        }
    }
}

impl<R: Read> Iterator for Importer<R> {
    type Item = Result<RowOutcome, ImportError>;

    /// The next row; after an error in reading, nothing more.
    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let found = match self.records.read(&mut self.record) {
            Ok(found) => found,
            Err(source) => {
                self.is_done = true;
                let line = self.records.line();
                return Some(Err(ImportError::Read { line, source }));
            }
        };
        if found == Found::End {
            self.is_done = true;
            return None;
        }
        let outcome = match self.outcome(&found) {
            Ok(row) => RowOutcome::Used(row),
            Err(finding) => RowOutcome::Rejected(finding),
        };
        self.count(&outcome);
        Some(Ok(outcome))
    }
}
