//! Reading a file row by row.

use std::collections::HashMap;
use std::io::Read;

use redress_core::{ComplaintId, ExternalRef, Level, Policy, Timestamp};

use crate::case::{Case, Rules};
use crate::encoding::Decoded;
use crate::error::ImportError;
use crate::finding::{Finding, Problem};
use crate::header::{Header, Layout};
use crate::mapping::{Mapping, RowMeaning, RowOrder};
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
/// The rows of a case may stand anywhere in the file but in the order of time. A row that goes back within a case is
/// rejected, unless the mapping says that the rows are to be sorted, or that the order of the file counts: then its time
/// is moved up to the latest before it, so that no row loses its place. Rows that are rejected do not count for the ids of
/// the steps of later rows: mend a file before the first import, for a ledger refuses the same id with other content.
///
/// The same file gives the same rows. Memory: one row, and a few short fields for each case; the whole file where its
/// rows are sorted.
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
    /// The rows that are left, where they are sorted.
    sorted: Option<std::vec::IntoIter<Unsorted>>,
    is_done: bool,
}

/// A row that waits for its place.
struct Unsorted {
    /// The first row of the same case, by its place in the file.
    case: usize,
    at: Option<Timestamp>,
    found: Found,
    record: Record,
}

/// What is remembered of a case.
enum Known {
    /// It may go on with the next row.
    Goes {
        case: Box<Case>,
        /// The line of its latest row.
        line: u64,
    },
    /// All of it stood on this line.
    Whole { line: u64, is_closed: bool },
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
            sorted: None,
            is_done: false,
        })
    }

    /// What the import has come to so far.
    #[must_use]
    pub const fn report(&self) -> &Report {
        &self.report
    }

    /// What to tell of cases that go on in the file and are closed in the ledger, by their lines; to be asked at the end.
    ///
    /// # Errors
    ///
    /// What `is_closed` says, which tells whether the ledger has a complaint closed.
    pub fn ends_gone<E>(
        &self,
        mut is_closed: impl FnMut(ComplaintId) -> Result<bool, E>,
    ) -> Result<Vec<Finding>, E> {
        let column = self.layout.state.as_ref().or(self.layout.ended_at.as_ref());
        let mut gone = Vec::new();
        for (key, known) in &self.cases {
            let (line, ended) = match known {
                Known::Goes { case, line } => (*line, case.is_closed()),
                Known::Whole { line, is_closed } => (*line, *is_closed),
            };
            if !ended && is_closed(ComplaintId::of_source(self.mapping.name(), key))? {
                gone.push(Finding {
                    line,
                    column: column.cloned(),
                    problem: Problem::EndGone,
                });
            }
        }
        gone.sort_by_key(|finding| finding.line);
        Ok(gone)
    }

    /// Reads the next row, in the order that the mapping asks for.
    fn read(&mut self) -> std::io::Result<Found> {
        if self.mapping.case.order != Some(RowOrder::Time) {
            return self.records.read(&mut self.record);
        }
        let mut rows = match self.sorted.take() {
            Some(rows) => rows,
            None => self.sort()?.into_iter(),
        };
        let next = rows.next();
        self.sorted = Some(rows);
        Ok(next.map_or(Found::End, |row| {
            self.record = row.record;
            row.found
        }))
    }

    /// Reads all rows and sorts those of each case by time; rows of one time stay as they stand.
    fn sort(&mut self) -> std::io::Result<Vec<Unsorted>> {
        let mut rows = Vec::new();
        let mut firsts: HashMap<ExternalRef, usize> = HashMap::new();
        loop {
            let mut record = Record::default();
            let found = self.records.read(&mut record)?;
            if found == Found::End {
                break;
            }
            let place = rows.len();
            let mut read = || {
                let snapshot = Snapshot::new(&record, &self.mapping, &self.layout);
                let mut snapshot = snapshot.ok().filter(|_| found == Found::Whole)?;
                let first = *firsts.entry(snapshot.key().ok()?).or_insert(place);
                Some((first, snapshot.order()))
            };
            let (case, at) = read().unwrap_or((place, None));
            rows.push(Unsorted {
                case,
                at,
                found,
                record,
            });
        }
        rows.sort_by_key(|row| row.case);
        for case in rows.chunk_by_mut(|one, other| one.case == other.case) {
            // Rows of one time in a file with the newest first are turned round as the others are.
            let spans = case.first().map(|row| row.at) != case.last().map(|row| row.at);
            if spans && case.is_sorted_by(|one, other| one.at >= other.at) {
                case.reverse();
            }
            case.sort_by_key(|row| row.at);
        }
        Ok(rows)
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
            Some(Known::Goes { case, .. }) => (Case::clone(case), None),
            Some(Known::Whole { line, .. }) => {
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
            RowMeaning::Updates => Known::Goes {
                case: Box::new(case),
                line,
            },
            RowMeaning::Cases => {
                let is_closed = case.is_closed();
                Known::Whole { line, is_closed }
            }
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
        let found = match self.read() {
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
