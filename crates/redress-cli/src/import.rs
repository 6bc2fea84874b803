//! `redress import`: rows of a file become facts of a ledger.

use std::collections::BTreeSet;
use std::io::{BufReader, BufWriter, IntoInnerError, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::core::State;
use redress::store::file::{NewFile, open_plain};
use redress::store::{EventStore, MemoryStore};
use redress::{ComplaintId, LedgerError, Policy, Rejection, Submission, SystemEnvironment};
use redress_interchange::{
    Cells, Importer, Mapping, Options, REJECT_FILE_START, RejectFile, RowOutcome, Step,
};

use crate::args::ImportArgs;
use crate::error::{Exit, Failure};
use crate::output::{Output, typed};
use crate::reasons::Reasons;
use crate::summary::Summary;
use crate::target::{Kept, Target};
use crate::{policy, progress, reading, reasons, restoring};

/// How many appends may be under way at once; the store lets those that wait share a commit.
const WORKERS: usize = 16;
/// How many batches may wait for one worker.
const QUEUE: usize = 8;
/// After how many steps a batch is sent off even if its case goes on.
const BATCH_STEPS: usize = 500;

/// Runs `redress import`.
pub(crate) fn run(args: &ImportArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    match (&args.bundle.folder, &args.mapping, &args.file) {
        (Some(bundle), _, _) => restoring::run(bundle, args, writer),
        (None, Some(mapping), Some(file)) => rows(mapping, file, args, writer),
        (None, None, _) | (None, _, None) => Err(Failure::NothingToImport),
    }
}

fn rows(
    mapping: &str,
    path: &Path,
    args: &ImportArgs,
    writer: &mut dyn Write,
) -> Result<Exit, Failure> {
    let target = reject_target(mapping, path, args)?;
    let mapping = load_mapping(mapping)?;
    let file = open_plain(path).map_err(|source| Failure::file("open", path, source))?;
    let metadata = file.metadata();
    if metadata.as_ref().is_ok_and(std::fs::Metadata::is_dir) {
        return Err(Failure::Folder(path.to_owned()));
    }
    let bar = progress::bar(metadata.map_or(0, |metadata| metadata.len()), "importing");
    let reader = BufReader::new(bar.wrap_read(file));
    let cannot_import = |source| Failure::Import {
        file: path.display().to_string(),
        source,
    };
    // The header is checked before the ledger is made: a wrong file leaves nothing behind.
    let founding = policy::founding(args.policy.as_deref())?;
    let options = Options {
        top_level: founding.max_level,
        ..Options::default()
    };
    let importer = Importer::new(&mapping, reader, options).map_err(cannot_import)?;
    let cells = match args.show_personal {
        true => Cells::Shown,
        false => Cells::Masked,
    };
    if args.dry_run {
        let ledger = rehearsal(founding)?;
        let (summary, failure) = take_over_into(&ledger, importer, &target, cells)?;
        bar.finish_and_clear();
        print_rehearsal(args, &summary, target.path(), writer)?;
        return concluded(&summary, failure, &cannot_import);
    }
    let ledger = Ledger::open_with(&args.ledger, founding, crate::secret::from_environment()?)?;
    reading::tell_rebuilt(&ledger);
    // Rules that somebody asked for must not be passed over.
    if args.policy.is_some() && !ledger.rules()?.adoptions().is_empty() {
        return Err(Failure::HasRules(args.ledger.clone()));
    }
    let (summary, failure) = take_over_into(&ledger, importer, &target, cells)?;
    // Whoever reads next finds the archive up to date. What goes wrong with it is told then; the import is done.
    drop(ledger.views());
    bar.finish_and_clear();
    let mut output = Output::new(writer, args.output.format);
    let printed = if output.is_json() {
        output.json(&summary).map_err(Failure::from)
    } else {
        print(&mut output, &summary, &args.ledger, target.path())
    };
    let concluded = concluded(&summary, failure, &cannot_import)?;
    printed?;
    Ok(concluded)
}

/// Where the list of refused and adjusted rows goes: never over what the import reads or keeps.
fn reject_target(mapping: &str, file: &Path, args: &ImportArgs) -> Result<Target, Failure> {
    let mut kept = Kept::ledger(&args.ledger)
        .and(file, "the file to take in")
        .and(Path::new(mapping), "the mapping");
    if let Some(policy) = &args.policy {
        kept = kept.and(Path::new(policy), "the policy");
    }
    // The list of a dry run goes beside that of an import that was made, not in its place.
    let ending = if args.dry_run {
        "dry-run.rejects.csv"
    } else {
        "rejects.csv"
    };
    let default = || args.ledger.with_extension(ending);
    let path = args.rejects.clone().unwrap_or_else(default);
    Target::check_own(&path, &kept, args.force, REJECT_FILE_START)
}

/// The ledger in memory of a dry run. Nobody ever sees it, so any id does.
fn rehearsal(founding: Policy) -> Result<Ledger<MemoryStore>, Failure> {
    let store = MemoryStore::new(uuid::Uuid::nil());
    let archive = Archive::in_memory(store.ledger_id()).map_err(LedgerError::from)?;
    let ledger = redress::Ledger::unsealed(store, archive, founding, SystemEnvironment);
    Ok(Ledger::from(ledger))
}

/// Prints what a new ledger would record.
fn print_rehearsal(
    args: &ImportArgs,
    summary: &Summary,
    rejects: &Path,
    writer: &mut dyn Write,
) -> Result<(), Failure> {
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        return Ok(output.json(summary)?);
    }
    print_summary(&mut output, summary)?;
    output.line("")?;
    output.line("Nothing was recorded: these are the counts of an import into a new ledger.")?;
    if !summary.reasons.is_empty() {
        output.line(&format!("Each such row is listed in {}", rejects.display()))?;
    }
    Ok(())
}

/// What became of an import matters more than who reads about it.
fn concluded(
    summary: &Summary,
    failure: Option<Failure>,
    cannot_import: &dyn Fn(redress_interchange::ImportError) -> Failure,
) -> Result<Exit, Failure> {
    match failure {
        Some(Failure::Unreadable(source)) => Err(cannot_import(source)),
        Some(failure) => Err(failure),
        None if summary.is_clean() => Ok(Exit::Done),
        None => Ok(Exit::SomeRefused),
    }
}

/// Prints what was taken in, what was not and why, and what to do next.
fn print(
    output: &mut Output<'_>,
    summary: &Summary,
    ledger: &Path,
    rejects: &Path,
) -> Result<(), Failure> {
    print_summary(output, summary)?;
    output.line("")?;
    if !summary.reasons.is_empty() {
        output.line(&format!("Each such row is listed in {}", rejects.display()))?;
    }
    if !summary.is_clean() {
        output.line(
            "To have them all, mend the file or the mapping and import into a new ledger: here, later rows of the same",
        )?;
        output.line("complaints would no longer be the ones that are recorded.")?;
    }
    let ledger = typed(ledger);
    output
        .line(&format!("Next: redress sla {ledger}"))
        .and_then(|()| output.line(&format!("      redress archive {ledger}")))?;
    Ok(())
}

/// Prints the numbers, and the reasons where there are any.
pub(crate) fn print_summary(output: &mut Output<'_>, summary: &Summary) -> Result<(), Failure> {
    output.table(&summary.table())?;
    if !summary.reasons.is_empty() {
        output.heading("Rows not used, or used otherwise than they stand there")?;
        output.table(&reasons::grid(&summary.reasons))?;
    }
    Ok(())
}

/// A shipped mapping by its name, or one in a file.
fn load_mapping(name_or_file: &str) -> Result<Mapping, Failure> {
    let path = Path::new(name_or_file);
    // No shipped mapping has a dot in its name, and none lies in a folder.
    let is_path = path.extension().is_some() || path.components().count() > 1;
    if !is_path && !path.exists() {
        return Ok(Mapping::shipped(name_or_file)?);
    }
    let text = reading::text("mapping", path)?;
    Ok(Mapping::parse(&text, name_or_file)?)
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
    /// The complaints of which something had been recorded before.
    known: BTreeSet<ComplaintId>,
    refusals: Vec<Refusal>,
    failure: Option<Failure>,
}

/// Takes every row over and lists what could not be used, with masked cells, in a file that must not be there yet unless it
/// is such a list.
///
/// Whatever was read before a failure of the file is recorded; the failure comes back beside the summary.
///
/// # Errors
///
/// [`Failure::File`] when the reject file cannot be written; [`Failure::FileExists`] and [`Failure::KeptFile`] where it must
/// not be.
pub fn take_over<S: EventStore, R: Read>(
    ledger: &Ledger<S>,
    importer: Importer<R>,
    reject_path: &Path,
) -> Result<(Summary, Option<Failure>), Failure> {
    let target = Target::check_own(reject_path, &Kept::default(), false, REJECT_FILE_START)?;
    take_over_into(ledger, importer, &target, Cells::Masked)
}

fn take_over_into<S: EventStore, R: Read>(
    ledger: &Ledger<S>,
    mut importer: Importer<R>,
    target: &Target,
    cells: Cells,
) -> Result<(Summary, Option<Failure>), Failure> {
    let cannot_write = |source| Failure::file("write", target.path(), source);
    let file = BufWriter::new(target.begin().map_err(cannot_write)?);
    let mut rejects = RejectFile::with(file, cells).map_err(cannot_write)?;
    let mut reasons = Reasons::default();
    let (works, read) = std::thread::scope(|scope| {
        let (queues, workers): (Vec<_>, Vec<_>) = (0..WORKERS)
            .map(|_| {
                let (queue, batches) = sync_channel(QUEUE);
                (queue, scope.spawn(move || work(ledger, &batches)))
            })
            .unzip();
        let read = read_rows(&mut importer, &queues, &mut |finding| {
            reasons.found(finding, cells);
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
    let mut known = BTreeSet::new();
    let mut refusals = Vec::new();
    let mut failure = read.err();
    for work in works {
        summary.add(&work.summary);
        changed.extend(work.changed);
        known.extend(work.known);
        refusals.extend(work.refusals);
        failure = work.failure.or(failure);
    }
    summary.complaints_changed = changed.len();
    refusals.sort_by_key(|refusal| refusal.line);
    for refusal in &refusals {
        reasons.refused(refusal.line, refusal.command, &refusal.rejection);
        rejects
            .write_refused(refusal.line, refusal.command, &refusal.rejection)
            .map_err(cannot_write)?;
    }
    // What the rows read so far say of a case may not be the last word where the reading failed.
    if failure.is_none() {
        let is_closed = |complaint| -> Result<bool, Failure> {
            Ok(known.contains(&complaint) && ledger.complaint(complaint)?.state() == State::Closed)
        };
        for finding in importer.ends_gone(is_closed)? {
            summary.rows.changes_ignored += 1;
            reasons.found(&finding, cells);
            rejects.write(&finding).map_err(cannot_write)?;
        }
    }
    rejects
        .finish()
        .and_then(|file| file.into_inner().map_err(IntoInnerError::into_error))
        .and_then(NewFile::put_in_place)
        .map_err(cannot_write)?;
    summary.reasons = reasons.into_list();
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
                outcome = Err(Failure::Unreadable(error));
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
    let number = batch.complaint.as_uuid().as_u128() % queues.len().max(1) as u128;
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
            Ok(receipt) if receipt.repeated => {
                work.summary.steps_known += 1;
                work.known.insert(complaint);
            }
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
