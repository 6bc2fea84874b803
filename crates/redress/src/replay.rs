//! Folding the history again: all of it, or as it was known at an instant.

use redress_archive::Archive;
use redress_core::{Position, Timestamp};
use redress_store::codec::{self, Decoder};
use redress_store::{Entry, EventStore, Fact, Projection};

use crate::error::LedgerError;
use crate::ledger::Ledger;

mod shared;

pub use shared::available_threads;

/// How many entries are read at a time.
pub(crate) const PAGE: usize = 1_000;

/// How many facts are folded at a time into views that look at no personal parts. They are held in memory, and unpack a
/// complaint once for all of its facts among these.
const STROKE: usize = 8_000;

/// A walk over the recorded facts, in the order of the ledger.
#[derive(Debug)]
pub struct Replay<'a, S> {
    ledger: &'a Ledger<S>,
    as_of: Option<Timestamp>,
}

impl<'a, S: EventStore> Replay<'a, S> {
    pub(crate) const fn new(ledger: &'a Ledger<S>) -> Self {
        Self {
            ledger,
            as_of: None,
        }
    }

    pub(crate) fn store(&self) -> &'a S {
        self.ledger.store()
    }

    /// Only what had been recorded at this instant, that instant included.
    #[must_use]
    pub const fn as_of(mut self, instant: Timestamp) -> Self {
        self.as_of = Some(instant);
        self
    }

    /// Hands the facts from `from` on, a page at a time, to `take`; returns the position after the last one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] at the first entry that cannot be read, with its position: nothing
    /// from there on was handed over. Whatever `take` returns when it stops.
    pub async fn for_each_page(
        &self,
        from: Position,
        take: impl FnMut(&[Fact]) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        self.pages(from, Parts::Opened, take).await
    }

    /// As [`Replay::for_each_page`], without personal parts.
    pub(crate) async fn for_each_nameless_page(
        &self,
        from: Position,
        take: impl FnMut(&[Fact]) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        self.pages(from, Parts::Withheld, take).await
    }

    /// Folds every fact a view has not had into it; returns how far it came.
    ///
    /// Personal parts are not opened for a view that [does not look at them](Projection::reads_personal).
    ///
    /// # Errors
    ///
    /// As [`Replay::for_each_page`].
    pub async fn fold_into(&self, view: &mut dyn Projection) -> Result<Position, LedgerError> {
        self.fold_watched(view, |_| Ok(())).await
    }

    /// Folds as [`Replay::fold_into`] does, and tells `progress` after each page how far it came.
    ///
    /// # Errors
    ///
    /// As [`Replay::fold_into`]; whatever `progress` returns when it stops.
    pub async fn fold_watched(
        &self,
        view: &mut dyn Projection,
        mut progress: impl FnMut(Position) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        let parts = Parts::of(view);
        self.pages(view.next_position(), parts, |facts| {
            view.fold(facts)?;
            progress(view.next_position())
        })
        .await
    }

    /// As [`Replay::for_each_page`], with the personal parts or without.
    async fn pages(
        &self,
        from: Position,
        parts: Parts,
        mut take: impl FnMut(&[Fact]) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        let mut next = from;
        let mut decoder = Decoder::new(codec::no_upcasts);
        let limit = match parts {
            Parts::Opened => PAGE,
            Parts::Withheld => STROKE,
        };
        loop {
            let page = self.page(next, limit, parts).await?;
            let (facts, damage) = self
                .read_until_damage(&mut decoder, page.entries, parts)
                .await;
            if let Some(last) = facts.last() {
                next = last.position().next();
                take(&facts)?;
            }
            if let Some(damage) = damage {
                return Err(damage);
            }
            if page.is_last {
                return Ok(next);
            }
        }
    }

    /// Up to `limit` entries from `next` on, up to the instant that is asked for.
    async fn page(&self, next: Position, limit: usize, parts: Parts) -> Result<Page, LedgerError> {
        let store = self.ledger.store();
        let mut entries = match parts {
            Parts::Opened => store.read_all(next, limit).await?,
            Parts::Withheld => store.read_public(next, limit).await?,
        };
        let known = entries
            .partition_point(|entry| self.as_of.is_none_or(|as_of| entry.recorded_at <= as_of));
        let is_last = entries.is_empty() || known < entries.len();
        entries.truncate(known);
        Ok(Page { entries, is_last })
    }

    /// The facts before the first one that cannot be read, and what is wrong with that one.
    async fn read_until_damage(
        &self,
        decoder: &mut Decoder,
        entries: Vec<Entry>,
        parts: Parts,
    ) -> (Vec<Fact>, Option<LedgerError>) {
        let mut facts = Vec::with_capacity(entries.len());
        for mut entry in entries {
            if let Parts::Opened = parts
                && let Err(damage) = self.open_parts(&mut entry).await
            {
                return (facts, Some(damage));
            }
            match decoder.decode(&entry) {
                Ok(fact) => facts.push(fact),
                Err(damage) => return (facts, Some(damage.into())),
            }
        }
        (facts, None)
    }

    async fn open_parts(&self, entry: &mut Entry) -> Result<(), LedgerError> {
        self.ledger.open_parts(entry).await
    }

    /// Whether the last fact that an archive has folded is the one that the ledger has there.
    ///
    /// It is not when the ledger was set back to an older copy, even if it has grown beyond the archive again since: the
    /// archive must be [reset](Archive::reset) then.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when that fact cannot be read.
    pub async fn is_source_of(&self, archive: &Archive) -> Result<bool, LedgerError> {
        is_source_of(self.ledger.store(), archive).await
    }
}

/// Whether the last fact that an archive has folded is the one that the store has there.
pub(crate) async fn is_source_of(
    store: &impl EventStore,
    archive: &Archive,
) -> Result<bool, LedgerError> {
    let Some(last) = archive.next_position().get().checked_sub(1) else {
        return Ok(true);
    };
    let mut entries = store.read_all(Position::new(last), 1).await?;
    let Some(entry) = entries.first_mut() else {
        return Ok(false);
    };
    // Who it is about does not matter here.
    entry.content.parts.clear();
    let fact = codec::decode(entry, codec::no_upcasts)?;
    Ok(archive.last_fact() == Some((fact.event_id(), fact.recorded_at())))
}

/// What is done with the personal parts of entries that are read.
#[derive(Clone, Copy)]
enum Parts {
    /// They are opened, and one that cannot be stops the reading.
    Opened,
    /// Nobody looks at them, and they are not read.
    Withheld,
}

impl Parts {
    fn of(view: &dyn Projection) -> Self {
        if view.reads_personal() {
            Self::Opened
        } else {
            Self::Withheld
        }
    }
}

/// Entries that follow each other.
struct Page {
    entries: Vec<Entry>,
    /// None follow, up to the instant that is asked for.
    is_last: bool,
}
