//! Folding the history again: all of it, or as it was known at an instant.

use redress_archive::Archive;
use redress_core::{Position, Timestamp};
use redress_store::codec::{self, CodecError, Decoder};
use redress_store::{Entry, EventStore, Fact, Projection};

use crate::error::LedgerError;

/// How many entries are read at a time.
pub(crate) const PAGE: usize = 1_000;

/// A walk over the recorded facts, in the order of the ledger.
#[derive(Debug)]
pub struct Replay<'a, S> {
    store: &'a S,
    as_of: Option<Timestamp>,
}

impl<'a, S: EventStore> Replay<'a, S> {
    pub(crate) const fn new(store: &'a S) -> Self {
        Self { store, as_of: None }
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
            let entries = self.store.read_all(next, PAGE).await?;
            let known = entries
                .partition_point(|entry| self.as_of.is_none_or(|as_of| entry.recorded_at <= as_of));
            let (facts, damage) = decode_until_damage(&mut decoder, &entries[..known]);
            if let Some(last) = facts.last() {
                next = last.position().next();
                take(&facts)?;
            }
            if let Some(damage) = damage {
                return Err(damage.into());
            }
            if facts.is_empty() || known < entries.len() {
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
}

impl<S: EventStore> Replay<'_, S> {
    /// Whether the last fact that an archive has folded is the one that the ledger has there.
    ///
    /// It is not when the ledger was set back to an older copy, even if it has grown beyond the archive again since: the
    /// archive must be [reset](Archive::reset) then.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when that fact cannot be read.
    pub async fn is_source_of(&self, archive: &Archive) -> Result<bool, LedgerError> {
        let Some(last) = archive.next_position().get().checked_sub(1) else {
            return Ok(true);
        };
        let entries = self.store.read_all(Position::new(last), 1).await?;
        let Some(entry) = entries.first() else {
            return Ok(false);
        };
        let fact = codec::decode(entry, codec::no_upcasts)?;
        Ok(archive.last_fact() == Some((fact.event_id(), fact.recorded_at())))
    }
}

/// The facts before the first one that cannot be read, and what is wrong with that one.
fn decode_until_damage(
    decoder: &mut Decoder,
    entries: &[Entry],
) -> (Vec<Fact>, Option<CodecError>) {
    let mut facts = Vec::with_capacity(entries.len());
    for entry in entries {
        match decoder.decode(entry) {
            Ok(fact) => facts.push(fact),
            Err(damage) => return (facts, Some(damage)),
        }
    }
    (facts, None)
}
