//! `redress import`: rows of a file become facts of a ledger.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use redress::blocking::Ledger;
use redress::store::EventStore;
use redress::{ComplaintId, Policy, Rejection, Submission};
use redress_interchange::{Importer, Mapping, Options, RejectFile, Report, RowOutcome, Step};
use serde::Serialize;

use crate::args::ImportArgs;
use crate::error::{Exit, Failure};
use crate::output::{Grid, Output};
use crate::progress;

/// How many appends may be under way at once; the store lets those that wait share a commit.
const WORKERS: usize = 16;
/// How many batches may wait for one worker.
const QUEUE: usize = 8;
/// After how many steps a batch is sent off even if its case goes on.
const BATCH_STEPS: usize = 500;

/// Runs `redress import`.
pub(crate) fn run(args: &ImportArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let mapping = load_mapping(&args.mapping)?;
    let file =
        File::open(&args.file).map_err(|source| Failure::file("open", &args.file, source))?;
    let bytes = file.metadata().map_or(0, |metadata| metadata.len());
    let bar = progress::bar(bytes, "importing");
    let reader = BufReader::new(bar.wrap_read(file));
    // The header is checked before the ledger is made: a wrong file leaves nothing behind.
    let importer = Importer::new(&mapping, reader, Options::default())?;
    let ledger = Ledger::open(&args.ledger, Policy::standard())?;
    let reject_path = args
        .rejects
        .clone()
        .unwrap_or_else(|| args.ledger.with_extension("rejects.csv"));
    let (summary, failure) = take_over(&ledger, importer, &reject_path)?;
    bar.finish_and_clear();
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&summary)?;
    } else {
        output.table(summary.table())?;
        output.line(&format!(
            "Refused and adjusted rows are listed in {}",
            reject_path.display()
        ))?;
    }
    match failure {
        Some(failure) => Err(failure),
        None if summary.is_clean() => Ok(Exit::Done),
        None => Ok(Exit::SomeRefused),
    }
}

/// A shipped mapping by its name, or one in a file.
fn load_mapping(name_or_file: &str) -> Result<Mapping, Failure> {
    let path = Path::new(name_or_file);
    if !path.exists() {
        return Ok(Mapping::shipped(name_or_file)?);
    }
    let text =
        std::fs::read_to_string(path).map_err(|source| Failure::file("read", path, source))?;
    Ok(Mapping::parse(&text, name_or_file)?)
}

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
    /// Assignments to the intake department that the file does not name.
    pub owners_implied: u64,
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
            owners_implied: report.owners_implied,
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
        line("owners implied", rows.owners_implied);
        grid
    }

    fn add(&mut self, other: &Self) {
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

/// The steps of consecutive rows about one complaint.
struct Batch {
    complaint: ComplaintId,
    steps: Vec<(u64, Step)>,
}

/// A step that the ledger refused.
struct Refusal {
    line: u64,
    command: &'static str,
    rejection: Rejection,
}

/// What one worker did.
#[derive(Default)]
struct Work {
    summary: Summary,
    changed: BTreeSet<ComplaintId>,
    refusals: Vec<Refusal>,
    failure: Option<Failure>,
}

/// Takes every row over and lists what could not be used.
///
/// Whatever was read before a failure of the file is recorded; the failure comes back beside the summary.
///
/// # Errors
///
/// [`Failure::File`] when the reject file cannot be written.
pub fn take_over<S: EventStore, R: Read>(
    ledger: &Ledger<S>,
    mut importer: Importer<R>,
    reject_path: &Path,
) -> Result<(Summary, Option<Failure>), Failure> {
    let cannot_write = |source| Failure::file("write", reject_path, source);
    let mut rejects =
        RejectFile::new(File::create(reject_path).map_err(cannot_write)?).map_err(cannot_write)?;
    let (works, read) = std::thread::scope(|scope| {
        let (queues, workers): (Vec<_>, Vec<_>) = (0..WORKERS)
            .map(|_| {
                let (queue, batches) = sync_channel(QUEUE);
                (queue, scope.spawn(move || work(ledger, &batches)))
            })
            .unzip();
        let read = read_rows(&mut importer, &queues, &mut |finding| {
            rejects.write(finding).map_err(cannot_write)
        });
        drop(queues);
        let works: Vec<Work> = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_else(|_| Work::broken_off()))
            .collect();
        (works, read)
    });
    let mut summary = Summary {
        rows: (*importer.report()).into(),
        ..Summary::default()
    };
    let mut changed = BTreeSet::new();
    let mut refusals = Vec::new();
    let mut failure = read.err();
    for work in works {
        summary.add(&work.summary);
        changed.extend(work.changed);
        refusals.extend(work.refusals);
        failure = work.failure.or(failure);
    }
    summary.complaints_changed = changed.len();
    refusals.sort_by_key(|refusal| refusal.line);
    for refusal in &refusals {
        rejects
            .write_refused(refusal.line, refusal.command, &refusal.rejection)
            .map_err(cannot_write)?;
    }
    rejects.finish().map_err(cannot_write)?;
    Ok((summary, failure))
}

/// Reads rows and hands them out; rows of one complaint always go to the same worker, in order.
fn read_rows<R: Read>(
    importer: &mut Importer<R>,
    queues: &[SyncSender<Batch>],
    note: &mut dyn FnMut(&redress_interchange::Finding) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut open: Option<Batch> = None;
    let mut outcome = Ok(());
    for row in importer.by_ref() {
        let row = match row {
            Ok(RowOutcome::Used(row)) => row,
            Ok(RowOutcome::Rejected(finding)) => {
                note(&finding)?;
                continue;
            }
            Err(error) => {
                outcome = Err(error.into());
                break;
            }
        };
        row.findings.iter().try_for_each(&mut *note)?;
        let steps = row.steps.into_iter().map(|step| (row.line, step));
        match &mut open {
            Some(batch)
                if batch.complaint == row.complaint_id && batch.steps.len() < BATCH_STEPS =>
            {
                batch.steps.extend(steps);
            }
            Some(_) | None => {
                let next = Batch {
                    complaint: row.complaint_id,
                    steps: steps.collect(),
                };
                if !open.replace(next).is_none_or(|batch| send(batch, queues)) {
                    // The worker is gone; it says why.
                    return Ok(());
                }
            }
        }
    }
    if let Some(batch) = open {
        send(batch, queues);
    }
    outcome
}

fn send(batch: Batch, queues: &[SyncSender<Batch>]) -> bool {
    let number = batch.complaint.as_uuid().as_u128() % count(queues.len().max(1)) as u128;
    let queue = usize::try_from(number)
        .ok()
        .and_then(|index| queues.get(index));
    batch.steps.is_empty() || queue.is_some_and(|queue| queue.send(batch).is_ok())
}

impl Work {
    fn broken_off() -> Self {
        Self {
            failure: Some(Failure::ImportBrokeOff),
            ..Self::default()
        }
    }
}

fn work<S: EventStore>(ledger: &Ledger<S>, batches: &Receiver<Batch>) -> Work {
    let mut work = Work::default();
    for batch in batches {
        if let Err(failure) = record(ledger, batch, &mut work) {
            work.failure = Some(failure);
            break;
        }
    }
    work
}

fn record<S: EventStore>(ledger: &Ledger<S>, batch: Batch, work: &mut Work) -> Result<(), Failure> {
    let Batch { complaint, steps } = batch;
    let names: Vec<(u64, &'static str)> = steps
        .iter()
        .map(|(line, step)| (*line, step.command.name()))
        .collect();
    let submissions = steps
        .into_iter()
        .map(|(_, step)| submission(step))
        .collect();
    let outcomes = ledger.take_over(complaint, submissions)?;
    for (outcome, (line, command)) in outcomes.into_iter().zip(names) {
        match outcome {
            Ok(receipt) if receipt.repeated => work.summary.steps_known += 1,
            Ok(receipt) => match receipt.recorded {
                Some(place) => {
                    work.summary.facts_recorded += place.facts;
                    work.changed.insert(complaint);
                }
                None => work.summary.steps_without_fact += 1,
            },
            Err(rejection) => {
                work.summary.steps_refused += 1;
                work.refusals.push(Refusal {
                    line,
                    command,
                    rejection,
                });
            }
        }
    }
    Ok(())
}

fn submission(step: Step) -> Submission {
    Submission {
        command_id: Some(step.command_id),
        occurred_at: Some(step.occurred_at),
        ..Submission::new(step.command, step.actor)
    }
}
