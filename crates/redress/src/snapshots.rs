//! Snapshots of the views beside a ledger file: read when it is opened, written when it is closed, and now and then between.
//!
//! A snapshot is a cache. One that is missing or does not fit costs the time of folding the facts again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redress_causes::{AlertView, CauseView, Timeline};
use redress_core::Position;
use redress_sla::SlaView;
use redress_store::snapshot::{Origin, Snapshot, Stamp, Unfit};
use redress_store::{EventStore, Projection, codec, file};
use uuid::Uuid;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::ledger_paths::LedgerPaths;
use crate::replay::{Replay, available_threads};
use crate::views::Views;

/// The endings of their files.
pub(crate) const SLA: &str = "sla";
pub(crate) const CAUSES: &str = "causes";

/// From how many facts on that are not in the snapshots they are written at closing.
const WORTH_WRITING: u64 = 1_000;

/// From how many facts on that are not in the snapshots a running ledger writes them, where nobody says.
#[cfg(feature = "sqlite")]
const SAVE_EVERY: u64 = 100_000;
/// And from what share of all facts on: so what writing costs stays in proportion to what folding does.
const SAVE_SHARE: u64 = 8;

/// A view that was folded anew, because the snapshot beside the ledger was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Which view.
    pub view: &'static str,
    /// Why.
    pub why: Unfit,
}

/// Where the snapshots of a ledger stand, and how they were found.
pub(crate) struct Snapshots {
    ledger: Uuid,
    /// The ledger's own file.
    paths: LedgerPaths,
    save_every: AtomicU64,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    rebuilt: Vec<Rebuilt>,
    /// How far those of the two views go that are always kept.
    written: Written,
}

/// How far a snapshot goes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Written {
    /// The first position that is not in it.
    next: u64,
    /// The first position that was not there when a running ledger wrote it last, or tried to.
    tried: u64,
}

impl Written {
    /// As far as a view that was just read from it.
    pub(crate) fn up_to(next: Position) -> Self {
        Self {
            next: next.get(),
            tried: 0,
        }
    }

    /// Whether so much was folded since it was written that it is worth writing.
    fn is_behind(self, next: Position) -> bool {
        next.get().saturating_sub(self.next) >= WORTH_WRITING
    }
}

impl Snapshots {
    #[cfg(feature = "sqlite")]
    pub(crate) fn beside(path: &Path, ledger: Uuid) -> Self {
        Self {
            ledger,
            paths: LedgerPaths::of(path),
            save_every: AtomicU64::new(SAVE_EVERY),
            found: Mutex::default(),
        }
    }

    /// Whether so much was folded since they were written that it is worth writing them.
    pub(crate) fn are_behind(&self, views: &Views) -> bool {
        self.found().written.is_behind(views.next_position())
    }

    /// Whether so much was folded since a snapshot was written, or that was tried, that a running ledger writes it.
    fn is_due(&self, written: Written, next: Position) -> bool {
        let next = next.get();
        let since = next.saturating_sub(written.next.max(written.tried));
        let least = self.save_every.load(Ordering::Relaxed);
        since >= least.max(next / SAVE_SHARE).max(1)
    }

    /// Writes them where so much was folded since that it is time. What cannot be written costs time at the next opening,
    /// and is tried again when as much is folded once more.
    pub(crate) fn write_if_due(&self, views: &Views) {
        let (written, next) = (self.found().written, views.next_position());
        if self.is_due(written, next) {
            self.found().written.tried = next.get();
            let _written = self.write(views);
        }
    }

    pub(crate) fn write(&self, views: &Views) -> Result<(), LedgerError> {
        let next = views.next_position();
        // The last fact of the archive is theirs too, unless another program has folded on into its file.
        if views.archive.next_position() != next || views.sla.next_position() != next {
            return Ok(());
        }
        let origin = Origin {
            ledger: self.ledger,
            last: views.archive.last_fact(),
        };
        write(&views.sla, origin, &self.beside_it(SLA))?;
        write(&views.causes, origin, &self.beside_it(CAUSES))?;
        self.found().written.next = next.get();
        Ok(())
    }

    /// Writes a view of warnings where so much was folded since that it is time, as [`Snapshots::write_if_due`] does.
    pub(crate) fn write_alerts_if_due(&self, view: &AlertView, written: &mut Written) {
        let next = view.next_position();
        if self.is_due(*written, next) {
            written.tried = next.get();
            let _written = self.write_alerts(view, written);
        }
    }

    /// Writes a view of warnings where so much was folded since that it is worth it.
    pub(crate) fn write_alerts_if_behind(&self, view: &AlertView, written: &mut Written) {
        if written.is_behind(view.next_position()) {
            // A snapshot that is missing costs time when it is asked for next, and nothing else.
            let _written = self.write_alerts(view, written);
        }
    }

    pub(crate) fn write_alerts(
        &self,
        view: &AlertView,
        written: &mut Written,
    ) -> Result<(), LedgerError> {
        write_alerts(view, self.ledger, &self.beside_it(view.name()))?;
        written.next = view.next_position().get();
        Ok(())
    }

    fn beside_it(&self, ending: &str) -> PathBuf {
        self.paths.snapshot(ending)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: EventStore> Ledger<S> {
    /// Writes the views held in memory beside the ledger file, so that the next opening need not fold what they hold; those of
    /// warnings where they have been asked for.
    ///
    /// Dropping the ledger does the same once a thousand facts or more are not in them, and a running one does it now and
    /// then ([`Ledger::save_views_every`]). Where there is no file, it does nothing.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`]; [`LedgerError::Snapshot`] when a snapshot cannot be written: the one before stays.
    pub async fn save_views(&self) -> Result<(), LedgerError> {
        self.catch_up().await?;
        if let Some(snapshots) = self.snapshots() {
            snapshots.write(&*self.lock_views()?)?;
            self.save_alerts(snapshots).await?;
        }
        Ok(())
    }

    /// From how many facts on that are in no snapshot a running ledger writes one, when it brings its views up to date; from
    /// 100,000 where this is not called. It also waits until they are an eighth of all facts, so that a ledger that grows
    /// does not spend its time on writing. One that cannot be written is left for the next time.
    pub fn save_views_every(&self, facts: u64) {
        if let Some(snapshots) = self.snapshots() {
            snapshots.save_every.store(facts, Ordering::Relaxed);
        }
    }

    /// The views that were folded anew when the ledger was opened, or those of warnings when they were first asked for, because
    /// their snapshot was not used. One that was not there at all is not told.
    #[must_use]
    pub fn rebuilt(&self) -> Vec<Rebuilt> {
        let snapshots = self.snapshots();
        snapshots.map_or_else(Vec::new, |snapshots| snapshots.found().rebuilt.clone())
    }

    /// Folds the views held in memory anew beside those that are shown, and puts the new ones in their place; those of
    /// warnings where they have been asked for.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`]; those that are shown stay then.
    pub async fn rebuild_views(&self) -> Result<(), LedgerError> {
        let mut rules = self.lock_views()?.sla.rules().clone();
        rules.forget();
        let mut anew = (SlaView::new(rules.clone()), CauseView::new(rules));
        loop {
            let replay = self.replay();
            replay
                .fold_shared(&mut anew, available_threads(), |_| Ok(()))
                .await?;
            let mut views = self.lock_views()?;
            let shown = views.sla.next_position().max(views.causes.next_position());
            if anew.next_position() >= shown {
                (views.sla, views.causes) = anew;
                break;
            }
        }
        self.rebuild_alerts().await
    }

    /// Folds the two views held in memory on several threads, where their snapshots do not fit or are far behind. For the
    /// opening of a ledger: they are empty meanwhile.
    ///
    /// What stops them stops the catching up after this too: there it is told, in its order with what stops the archive.
    #[cfg(feature = "sqlite")]
    pub(crate) async fn fold_in_memory(&self) -> Result<(), LedgerError> {
        use redress_store::Shares;

        let mut pair = {
            let views = &mut *self.lock_views()?;
            let (sla, causes) = (views.sla.emptied(), views.causes.emptied());
            (
                std::mem::replace(&mut views.sla, sla),
                std::mem::replace(&mut views.causes, causes),
            )
        };
        let replay = self.replay();
        let folded = replay.fold_shared(&mut pair, available_threads(), |_| Ok(()));
        let _told_later = folded.await;
        let mut views = self.lock_views()?;
        (views.sla, views.causes) = pair;
        Ok(())
    }

    /// Lets the views go on from the snapshots beside the ledger, where those fit. Both are read side by side.
    #[cfg(feature = "sqlite")]
    pub(crate) fn restore_views(&self) -> Result<(), LedgerError> {
        let Some(snapshots) = self.snapshots() else {
            return Ok(());
        };
        let mut guard = self.lock_views()?;
        let views = &mut *guard;
        let mut found = snapshots.found();
        let replay = self.replay();
        let (sla, causes) = (&mut views.sla, &mut views.causes);
        let (sla, causes) = std::thread::scope(|scope| {
            let sla = scope.spawn(|| replay.restore(sla, &snapshots.beside_it(SLA)));
            let causes = replay.restore(causes, &snapshots.beside_it(CAUSES));
            (sla.join(), causes)
        });
        // A view that could not be read for whatever reason is as it was, and is folded anew.
        let sla = sla.unwrap_or(Ok(Some(Unfit::Damaged)))?;
        for (view, unfit) in [(views.sla.name(), sla), (views.causes.name(), causes?)] {
            (found.rebuilt).extend(unfit.map(|why| Rebuilt { view, why }));
        }
        let next = views.sla.next_position().min(views.causes.next_position());
        found.written = Written::up_to(next);
        Ok(())
    }

    /// The view of warnings on a timeline, gone on from its snapshot where there is one that fits.
    pub(crate) fn restored_alerts(
        &self,
        timeline: Timeline,
    ) -> Result<(AlertView, Written), LedgerError> {
        let mut view = AlertView::new(self.policy(), timeline);
        if let Some(snapshots) = self.snapshots() {
            let path = snapshots.beside_it(view.name());
            let unfit = self.replay().restore(&mut view, &path)?;
            let view = view.name();
            let rebuilt = unfit.map(|why| Rebuilt { view, why });
            snapshots.found().rebuilt.extend(rebuilt);
        }
        let written = Written::up_to(view.next_position());
        Ok((view, written))
    }
}

impl<S: EventStore> Replay<'_, S> {
    /// Lets a view go on from the snapshot in this file, if it fits this ledger; says why it does not. A file that is not
    /// there is no reason to tell: the view stays as it was, and is folded from the facts.
    ///
    /// Waits on the calling thread.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when the last fact in the snapshot cannot be read in the ledger.
    pub fn restore(
        &self,
        view: &mut dyn Snapshot,
        path: &Path,
    ) -> Result<Option<Unfit>, LedgerError> {
        let bytes = match file::read_plain(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Ok(Some(Unfit::NoSnapshot)),
        };
        let mut failure = None;
        let restored = view.restore(&bytes, &mut |stamp| match self.holds(stamp) {
            Ok(fits) => fits,
            Err(error) => {
                failure = Some(error);
                Err(Unfit::OtherHistory)
            }
        });
        failure.map_or_else(|| Ok(restored.err()), Err)
    }

    /// Writes a view of warnings, folded from this ledger, as a snapshot to this file; the one that is there stays until the new
    /// one is whole.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Snapshot`] when it cannot be written.
    pub fn save_alerts(&self, view: &AlertView, path: &Path) -> Result<(), LedgerError> {
        write_alerts(view, self.store().ledger_id(), path)
    }

    /// Whether a snapshot is of this ledger, and its last fact stands there.
    fn holds(&self, stamp: &Stamp) -> Result<Result<(), Unfit>, LedgerError> {
        if stamp.ledger != self.store().ledger_id() {
            return Ok(Err(Unfit::OtherLedger));
        }
        let Some(last) = stamp.next.get().checked_sub(1) else {
            return Ok(Ok(()));
        };
        let mut entries = pollster::block_on(self.store().read_all(Position::new(last), 1))?;
        let Some(entry) = entries.first_mut() else {
            return Ok(Err(Unfit::OtherHistory));
        };
        // Who it is about does not matter here.
        entry.content.parts.clear();
        let fact = codec::decode(entry, codec::no_upcasts)?;
        let is_there = stamp.last == Some((fact.event_id(), fact.recorded_at()));
        Ok(is_there.then_some(()).ok_or(Unfit::OtherHistory))
    }
}

fn write_alerts(view: &AlertView, ledger: Uuid, path: &Path) -> Result<(), LedgerError> {
    let last = view.last_fact();
    write(view, Origin { ledger, last }, path)
}

fn write(view: &dyn Snapshot, origin: Origin, path: &Path) -> Result<(), LedgerError> {
    let failed = |reason: String| LedgerError::Snapshot {
        path: path.to_owned(),
        reason,
    };
    let bytes = view
        .snapshot(origin)
        .map_err(|error| failed(error.to_string()))?;
    file::put_in_place(path, &bytes).map_err(|error| failed(error.to_string()))
}
