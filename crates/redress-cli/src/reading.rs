//! Opening a ledger to read it, beside whoever writes it, and reading files that people write.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::causes::AlertView;
use redress::sqlite::SqliteStore;
use redress::store::file::{is_same, read_plain};
use redress::store::snapshot::Snapshot;
use redress::store::{EventStore, Projection, Shares};
use redress::{LedgerPaths, Policy, Position, Rebuilt, Timestamp};

use crate::error::Failure;
use crate::output::printable;
use crate::progress;
use crate::secret;

/// From how many facts on a view of warnings is written down rather than folded again.
const WORTH_WRITING: u64 = 1_000;

/// Beside what is shown of a ledger of which no rules are recorded.
const WITHOUT_RULES: &str =
    "redress: this ledger has no rules of its own yet; read by the shipped policy `standard`";

/// A ledger that is only read. Its own views stay empty; a command folds the view it needs.
pub(crate) fn open(path: &Path) -> Result<Ledger<SqliteStore>, Failure> {
    Ok(Ledger::open_read_only(
        path,
        Policy::standard(),
        secret::from_environment()?,
    )?)
}

/// A ledger that is only read, by its rules.
pub(crate) fn open_with_rules(path: &Path) -> Result<Ledger<SqliteStore>, Failure> {
    let ledger = open(path)?;
    if ledger.rules()?.adoptions().is_empty() {
        // That nobody reads this is no failure.
        drop(writeln!(std::io::stderr(), "{WITHOUT_RULES}"));
    }
    Ok(ledger)
}

/// The archive of a ledger: the one beside it, brought up to date where it is behind.
///
/// Where that cannot be, and where it is to hold no more than had been recorded at an instant, the ledger is read into
/// memory. What takes longer than opening a file is told once.
pub(crate) fn archive<S: EventStore>(
    ledger_path: &Path,
    ledger: &Ledger<S>,
    as_of: Option<Timestamp>,
) -> Result<Archive, Failure> {
    let id = ledger.as_async().store().ledger_id();
    if as_of.is_some() {
        let mut archive = Archive::in_memory(id)?;
        fold(ledger, &mut archive, as_of)?;
        return Ok(archive);
    }
    let path = LedgerPaths::of(ledger_path).views();
    if let Ok(Some(archive)) = Archive::open_read_only(&path, id)
        && is_up_to_date(ledger, &archive)?
    {
        return Ok(archive);
    }
    match caught_up(ledger, &path) {
        Ok(archive) => Ok(archive),
        Err(reason) => {
            tell(&format!("{reason}; the whole ledger is read instead"));
            let mut archive = Archive::in_memory(id)?;
            fold(ledger, &mut archive, None)?;
            Ok(archive)
        }
    }
}

fn caught_up<S: EventStore>(ledger: &Ledger<S>, path: &Path) -> Result<Archive, Failure> {
    let mut archive = Archive::open(path, ledger.as_async().store().ledger_id())?;
    if !is_folded_from(ledger, &archive)? {
        archive.reset()?;
    }
    if !is_up_to_date(ledger, &archive)? {
        tell(&format!(
            "bringing the archive {} up to date",
            path.display()
        ));
        let mut loader = archive.loader();
        fold(ledger, &mut loader, None)?;
        loader.finish()?;
    }
    Ok(archive)
}

/// Whether an archive was folded from this ledger, and to its end.
fn is_up_to_date<S: EventStore>(ledger: &Ledger<S>, archive: &Archive) -> Result<bool, Failure> {
    let next = ledger.head()?.map_or(Position::FIRST, Position::next);
    Ok(archive.next_position() == next && is_folded_from(ledger, archive)?)
}

fn is_folded_from<S: EventStore>(ledger: &Ledger<S>, archive: &Archive) -> Result<bool, Failure> {
    let is_folded = pollster::block_on(ledger.as_async().replay().is_source_of(archive));
    Ok(is_folded?)
}

fn tell(message: &str) {
    drop(writeln!(
        std::io::stderr(),
        "redress: {}",
        printable(message)
    ));
}

/// Tells of the views that were folded anew when a ledger was opened to write to it.
pub(crate) fn tell_rebuilt<S: EventStore>(ledger: &Ledger<S>) {
    for Rebuilt { view, why } in ledger.as_async().rebuilt() {
        tell(&format!(
            "the snapshot of the {view} view was not used: {why}; it was folded anew"
        ));
    }
}

/// Folds what a view's snapshot beside the ledger does not hold; without one that fits, the whole ledger. One that does
/// not fit is told once. As of an instant, what had been recorded then is folded, and no snapshot is asked.
pub(crate) fn fold_on<S: EventStore>(
    ledger_path: &Path,
    ledger: &Ledger<S>,
    view: &mut (impl Snapshot + Shares + 'static),
    as_of: Option<Timestamp>,
) -> Result<(), Failure> {
    if as_of.is_some() {
        return fold_shared(ledger, as_of, view, "reading");
    }
    restore(ledger_path, ledger, view)?;
    fold_shared(ledger, None, view, "reading")
}

/// Folds what a view has not had of a ledger, or of what was known at an instant, on several threads where that is faster.
pub(crate) fn fold_shared<S: EventStore>(
    ledger: &Ledger<S>,
    as_of: Option<Timestamp>,
    view: &mut (impl Shares + 'static),
    what: &'static str,
) -> Result<(), Failure> {
    let bar = bar(ledger, what)?;
    ledger.replay_shared(as_of, view, |position| {
        bar.set_position(position.get());
        Ok(())
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// Folds what a view has not had, or of that what had been recorded at an instant.
pub(crate) fn fold<S: EventStore>(
    ledger: &Ledger<S>,
    view: &mut dyn Projection,
    as_of: Option<Timestamp>,
) -> Result<(), Failure> {
    let bar = bar(ledger, "reading")?;
    let replay = ledger.as_async().replay();
    let replay = match as_of {
        Some(instant) => replay.as_of(instant),
        None => replay,
    };
    pollster::block_on(replay.fold_watched(view, |position| {
        bar.set_position(position.get());
        Ok(())
    }))?;
    bar.finish_and_clear();
    Ok(())
}

/// Folds what the snapshot of warnings beside the ledger does not hold, as [`fold_on`] does on one thread: figures of repeats
/// depend on the order of a customer's complaints. What took long is written down for the next time.
pub(crate) fn fold_alerts<S: EventStore>(
    ledger_path: &Path,
    ledger: &Ledger<S>,
    view: &mut AlertView,
    as_of: Option<Timestamp>,
) -> Result<(), Failure> {
    if as_of.is_some() {
        return fold(ledger, view, as_of);
    }
    let path = restore(ledger_path, ledger, view)?;
    let known = view.next_position();
    fold(ledger, view, None)?;
    let read = view.next_position().get().saturating_sub(known.get());
    // A ledger that has the ending of a snapshot can be read, and must not be replaced by one.
    if read >= WORTH_WRITING && !is_same(&path, ledger_path) {
        // Who may not write here reads the ledger again the next time, and loses nothing else.
        drop(ledger.as_async().replay().save_alerts(view, &path));
    }
    Ok(())
}

/// Lets a view go on from its snapshot beside the ledger, whose path it tells. One that does not fit is told once.
fn restore<S: EventStore>(
    ledger_path: &Path,
    ledger: &Ledger<S>,
    view: &mut dyn Snapshot,
) -> Result<PathBuf, Failure> {
    let path = LedgerPaths::of(ledger_path).snapshot(view.name());
    if let Some(why) = ledger.as_async().replay().restore(view, &path)? {
        let path = path.display();
        tell(&format!(
            "the snapshot {path} is not used: {why}; the whole ledger is read instead"
        ));
    }
    Ok(path)
}

fn bar<S: EventStore>(ledger: &Ledger<S>, what: &'static str) -> Result<ProgressBar, Failure> {
    let facts = ledger.head()?.map_or(0, |head| head.next().get());
    Ok(progress::bar(facts, what))
}

/// The text of a file that people write; `what` is in it.
pub(crate) fn text(what: &'static str, path: &Path) -> Result<String, Failure> {
    let bytes = read_plain(path).map_err(|source| Failure::file("read", path, source))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let good = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        let line_start = good.rfind('\n').map_or(0, |end| end + 1);
        Failure::NotUtf8 {
            what,
            file: path.display().to_string(),
            line: good.matches('\n').count() + 1,
            column: good[line_start..].chars().count() + 1,
        }
    })
}
