//! Folding the history again: all of it, or as it was known at an instant.

use redress_archive::Archive;
use redress_core::{LedgerStream, Position, Timestamp};
use redress_store::codec::{self, Decoder};
use redress_store::{Entry, EventStore, Fact, Projection, Share, Shares};

use crate::error::LedgerError;
use crate::ledger::Ledger;

/// How many entries are read at a time.
pub(crate) const PAGE: usize = 1_000;

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
        mut take: impl FnMut(&[Fact]) -> Result<(), LedgerError>,
    ) -> Result<Position, LedgerError> {
        let mut next = from;
        let mut decoder = Decoder::new(codec::no_upcasts);
        loop {
            let mut entries = self.ledger.store().read_all(next, PAGE).await?;
            let known = entries
                .partition_point(|entry| self.as_of.is_none_or(|as_of| entry.recorded_at <= as_of));
            let total = entries.len();
            entries.truncate(known);
            let (facts, damage) = self.read_until_damage(&mut decoder, entries).await;
            if let Some(last) = facts.last() {
                next = last.position().next();
                take(&facts)?;
            }
            if let Some(damage) = damage {
                return Err(damage);
            }
            if facts.is_empty() || known < total {
                return Ok(next);
            }
        }
    }

    /// Folds every fact a view has not had into it; returns how far it came.
    ///
    /// # Errors
    ///
    /// As [`Replay::for_each_page`].
    pub async fn fold_into(&self, view: &mut dyn Projection) -> Result<Position, LedgerError> {
        self.for_each_page(view.next_position(), |facts| Ok(view.fold(facts)?))
            .await
    }

    /// The facts before the first one that cannot be read, and what is wrong with that one.
    async fn read_until_damage(
        &self,
        decoder: &mut Decoder,
        entries: Vec<Entry>,
    ) -> (Vec<Fact>, Option<LedgerError>) {
        let mut facts = Vec::with_capacity(entries.len());
        for mut entry in entries {
            if let Err(damage) = self.ledger.open_parts(&mut entry).await {
                return (facts, Some(damage));
            }
            match decoder.decode(&entry) {
                Ok(fact) => facts.push(fact),
                Err(damage) => return (facts, Some(damage.into())),
            }
        }
        (facts, None)
    }
}

impl<S: EventStore> Replay<'_, S> {
    /// Folds every fact a view has not had into it, as [`Replay::fold_into`] does; an empty view on two threads, each with
    /// half of the complaints.
    ///
    /// Waits on the calling thread.
    ///
    /// # Errors
    ///
    /// As [`Replay::for_each_page`].
    pub fn fold_shared<V: Shares>(&self, view: &mut V) -> Result<Position, LedgerError> {
        if view.next_position() == Position::FIRST {
            let shares: Vec<(Share, V)> = (Share::all(2))
                .map(|share| (share, view.emptied()))
                .collect();
            let folded: Vec<Option<V>> = std::thread::scope(|scope| {
                let threads: Vec<_> = shares
                    .into_iter()
                    .map(|(share, view)| scope.spawn(move || self.fold_share(share, view)))
                    .collect();
                let ends = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
                ends.map(|end| end.ok()?.ok()).collect()
            });
            if let Some(folded) = folded.into_iter().collect::<Option<Vec<V>>>()
                && is_same_end(&folded)
            {
                view.merge(folded);
            }
        }
        // What was recorded meanwhile; and where a share stopped, all of it in order, so that the same fact stops it.
        pollster::block_on(self.fold_into(view))
    }

    fn fold_share<V: Shares>(&self, share: Share, mut view: V) -> Result<V, LedgerError> {
        let mut decoder = Decoder::new(codec::no_upcasts);
        loop {
            let next = view.next_position();
            let mut entries = pollster::block_on(self.store().read_all(next, PAGE))?;
            let read = entries.len();
            entries.retain(|entry| self.as_of.is_none_or(|as_of| entry.recorded_at <= as_of));
            let Some(last) = entries.last().map(|entry| entry.position) else {
                return Ok(view);
            };
            let is_end = entries.len() < read;
            entries.retain(|entry| is_of_ledger(entry) || share.holds(entry.stream));
            for entry in &mut entries {
                pollster::block_on(self.ledger.open_parts(entry))?;
                let fact = decoder.decode(entry)?;
                view.step_over(fact.position());
                view.fold(std::slice::from_ref(&fact))?;
            }
            view.step_over(last.next());
            if is_end {
                return Ok(view);
            }
        }
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

/// The ledger may have grown between the ends of two threads; then there is no end that all have.
fn is_same_end<V: Shares>(folded: &[V]) -> bool {
    let ends = || folded.iter().map(Projection::next_position);
    ends().min() == ends().max()
}

fn is_of_ledger(entry: &Entry) -> bool {
    LedgerStream::from_uuid(entry.stream.0).is_some()
}
