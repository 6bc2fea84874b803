//! Snapshots of the views beside a ledger file: read when it is opened, written when it is closed.
//!
//! A snapshot is a cache. One that is missing or does not fit costs the time of folding the facts again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redress_causes::CauseView;
use redress_core::Position;
use redress_sla::SlaView;
use redress_store::snapshot::{Origin, Snapshot, Stamp, Unfit};
use redress_store::{EventStore, Projection, codec};
use uuid::Uuid;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::replay::Replay;
use crate::views::Views;

/// The endings of their files.
pub(crate) const SLA: &str = "sla";
pub(crate) const CAUSES: &str = "causes";

/// From how many facts on that are not in the snapshots they are written at closing.
const WORTH_WRITING: u64 = 1_000;

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
    sla: PathBuf,
    causes: PathBuf,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    rebuilt: Vec<Rebuilt>,
    /// The first position that is not in them.
    next: u64,
}

impl Snapshots {
    pub(crate) fn beside(path: &Path, ledger: Uuid) -> Self {
        Self {
            ledger,
            sla: path.with_extension(SLA),
            causes: path.with_extension(CAUSES),
            found: Mutex::default(),
        }
    }

    /// Whether so much was folded since they were written that it is worth writing them.
    pub(crate) fn are_behind(&self, views: &Views) -> bool {
        let next = views.next_position().get();
        next.saturating_sub(self.found().next) >= WORTH_WRITING
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
        write(&views.sla, origin, &self.sla)?;
        write(&views.causes, origin, &self.causes)?;
        self.found().next = next.get();
        Ok(())
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: EventStore> Ledger<S> {
    /// Writes the views held in memory beside the ledger file, so that the next opening need not fold what they hold.
    ///
    /// Dropping the ledger does the same once a thousand facts or more are not in them. A long-running service calls this
    /// now and then, so that a crash does not cost more than that. Where there is no file, it does nothing.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`]; [`LedgerError::Snapshot`] when a snapshot cannot be written: the one before stays.
    pub async fn save_views(&self) -> Result<(), LedgerError> {
        self.catch_up().await?;
        let views = self.lock_views()?;
        match self.snapshots() {
            Some(snapshots) => snapshots.write(&views),
            None => Ok(()),
        }
    }

    /// The views that were folded anew when the ledger was opened, because their snapshot was not used. One that was not
    /// there at all is not told.
    #[must_use]
    pub fn rebuilt(&self) -> Vec<Rebuilt> {
        let snapshots = self.snapshots();
        snapshots.map_or_else(Vec::new, |snapshots| snapshots.found().rebuilt.clone())
    }

    /// Folds the two views held in memory anew beside those that are shown, and puts the new ones in their place.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`]; those that are shown stay then.
    pub async fn rebuild_views(&self) -> Result<(), LedgerError> {
        let mut rules = self.lock_views()?.sla.rules().clone();
        rules.forget();
        let (mut sla, mut causes) = (SlaView::new(rules.clone()), CauseView::new(rules));
        loop {
            self.replay().fold_into(&mut sla).await?;
            self.replay().fold_into(&mut causes).await?;
            let mut views = self.lock_views()?;
            let shown = views.sla.next_position().max(views.causes.next_position());
            if sla.next_position() >= shown && causes.next_position() >= shown {
                views.sla = sla;
                views.causes = causes;
                return Ok(());
            }
        }
    }

    /// Lets the views go on from the snapshots beside the ledger, where those fit. Both are read side by side.
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
            let sla = scope.spawn(|| replay.restore(sla, &snapshots.sla));
            let causes = replay.restore(causes, &snapshots.causes);
            (sla.join(), causes)
        });
        // A view that could not be read for whatever reason is as it was, and is folded anew.
        let sla = sla.unwrap_or(Ok(Some(Unfit::Damaged)))?;
        for (view, unfit) in [(views.sla.name(), sla), (views.causes.name(), causes?)] {
            (found.rebuilt).extend(unfit.map(|why| Rebuilt { view, why }));
        }
        let next = views.sla.next_position().min(views.causes.next_position());
        found.next = next.get();
        Ok(())
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
        let bytes = match fs::read(path) {
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

/// Writes beside, makes it durable, and puts it in place: there is always a whole snapshot, the old one or the new one.
fn write(view: &dyn Snapshot, origin: Origin, path: &Path) -> Result<(), LedgerError> {
    let failed = |reason: String| LedgerError::Snapshot {
        path: path.to_owned(),
        reason,
    };
    let bytes = view
        .snapshot(origin)
        .map_err(|error| failed(error.to_string()))?;
    put_in_place(&bytes, path).map_err(|error| failed(error.to_string()))
}

fn put_in_place(bytes: &[u8], path: &Path) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    let mut file = new_file(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

/// Only its owner may read it, as with the archive beside it.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
