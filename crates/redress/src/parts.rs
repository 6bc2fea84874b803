//! What became of personal parts: whether each one opens, was erased, or is at fault.

use redress_core::{ComplaintId, Position};
use redress_store::{Entry, EventStore};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::replay::PAGE;

/// What became of a personal part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartVerdict {
    /// It can be read.
    Intact,
    /// It was erased, as the fact at this position states.
    Erased {
        /// Where the receipt stands.
        receipt: Position,
    },
    /// Its erasure is under way: the key is gone, and the receipt is not recorded yet.
    Erasing,
    /// It cannot be read, and nothing says that it was erased.
    Faulty(PartFault),
}

/// Why the personal data of an entry cannot be read, and are not erased either.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartFault {
    /// The key store has never had the key.
    #[error("its key is not in the key store; put the newest copy of the key store back")]
    KeyMissing,
    /// The key is another one.
    #[error("it was sealed under another key, or belongs to another entry")]
    KeyMismatch,
    /// The part was altered.
    #[error("it was altered")]
    Corrupt,
    /// It is gone, or its key is, and the ledger does not say that it was erased.
    #[error("it is gone, and no record says that it was erased")]
    Missing,
}

/// What became of every personal part of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartSurvey {
    /// How many can be read.
    pub intact: u64,
    /// How many were erased, by a receipt.
    pub erased: u64,
    /// How many are being erased.
    pub erasing: u64,
    /// Those at fault: the position of the fact, and why.
    pub faulty: Vec<(Position, PartFault)>,
}

impl PartSurvey {
    fn count(&mut self, position: Position, verdict: PartVerdict) {
        match verdict {
            PartVerdict::Intact => self.intact = self.intact.saturating_add(1),
            PartVerdict::Erased { .. } => self.erased = self.erased.saturating_add(1),
            PartVerdict::Erasing => self.erasing = self.erasing.saturating_add(1),
            PartVerdict::Faulty(why) => self.faulty.push((position, why)),
        }
    }
}

impl<S: EventStore> Ledger<S> {
    /// What became of each personal part of a complaint's facts, with the position of the fact; never stops at the first
    /// fault. A part that was recorded before the ledger sealed its data is intact.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Keys`] when the ledger or the key store cannot be read.
    pub async fn examine_parts(
        &self,
        complaint: ComplaintId,
    ) -> Result<Vec<(Position, PartVerdict)>, LedgerError> {
        let mut verdicts = Vec::new();
        for entry in self.entries(complaint).await? {
            for verdict in self.verdicts(&entry).await? {
                verdicts.push((entry.position, verdict));
            }
        }
        Ok(verdicts)
    }

    /// What became of every personal part of the ledger; never stops at the first fault. `None` without a key store.
    ///
    /// Reads the whole ledger. The word of the key store is taken for what opens, and that of the ledger for what was
    /// erased.
    ///
    /// # Errors
    ///
    /// As [`Ledger::examine_parts`].
    pub async fn survey_parts(&self) -> Result<Option<PartSurvey>, LedgerError> {
        if self.vault().keys().is_none() {
            return Ok(None);
        }
        let mut survey = PartSurvey::default();
        let mut next = Position::FIRST;
        loop {
            let entries = self.store().read_all(next, PAGE).await?;
            for entry in &entries {
                for verdict in self.verdicts(entry).await? {
                    survey.count(entry.position, verdict);
                }
            }
            match entries.last() {
                Some(last) => next = last.position.next(),
                None => return Ok(Some(survey)),
            }
        }
    }

    /// What became of each personal part of an entry; nothing without a key store.
    async fn verdicts(&self, entry: &Entry) -> Result<Vec<PartVerdict>, LedgerError> {
        let mut verdicts = Vec::with_capacity(entry.content.parts.len());
        if let Some(keys) = self.vault().keys() {
            for (index, part) in entry.content.parts.iter().enumerate() {
                let opened = self.open_part(keys, entry, index, part).await?;
                verdicts.push(opened.verdict);
            }
        }
        Ok(verdicts)
    }
}
