//! Refusals: recorded before they are told, and listed.

use redress_core::{
    Actor, CommandId, Conduct, EventId, LedgerEvent, LedgerRecorded, LedgerStream, Refused,
    Rejection, Timestamp, TraceId,
};
use redress_store::codec::{self, Draft};
use redress_store::{Append, AppendError, EventStore, ExpectedVersion, NewEntry, StreamId};

use crate::batch::Decided;
use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::subject::Subject;
use crate::submission::Submission;

impl<S: EventStore> Ledger<S> {
    /// The commands that were refused, in the order of the ledger.
    ///
    /// All of them at once; where there may be many, walk them with [`Ledger::replay`].
    ///
    /// A refusal says who wanted what about which complaint or action, and the code of the rule that said no; never what the command
    /// carried. One about a complaint that the ledger does not hold names no complaint. A wish that is handed in again
    /// under its command id, by the same person, and refused for the same reason is recorded once, as long as its
    /// complaint is known. What [`Ledger::take_over`] refuses is not recorded.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when they cannot be read.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, ComplaintId, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// use redress::event::Classified;
    /// use redress::{LedgerEvent, Rejection};
    ///
    /// # pollster::block_on(async {
    /// let nobody = ComplaintId::new(uuid::Uuid::from_u128(7));
    /// let late = Classified::new("delivery/delay".parse()?);
    /// assert_eq!(ledger.execute(nobody, late, &agent).await?, Err(Rejection::NotReceived));
    ///
    /// let refusals = ledger.refusals().await?;
    /// assert_eq!(refusals.len(), 1);
    /// assert_eq!(refusals[0].actor, agent);
    /// let LedgerEvent::Refused(refused) = &refusals[0].event else {
    ///     return Ok(());
    /// };
    /// assert_eq!((&*refused.command, &*refused.rejection), ("classify", "not_received"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn refusals(&self) -> Result<Vec<LedgerRecorded>, LedgerError> {
        let entries = self.stream(LedgerStream::Refusals.into()).await?;
        let facts = entries.iter().map(codec::decode_ledger);
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// Has one wish decided; where it is refused, that is recorded before it is told, in the words of `told`.
    pub(crate) async fn decide_or_refuse<K: Subject>(
        &self,
        id: K::Id,
        submission: Submission<K::Command>,
        told: fn(Rejection) -> Rejection,
    ) -> Result<Decided, LedgerError> {
        let wish = [self.name_command(submission)?];
        let outcomes = self.record::<K>(id, &wish, Conduct::Guarded).await?;
        let outcome = outcomes.into_iter().next();
        match outcome.unwrap_or(Err(Rejection::NotReceived)) {
            Ok(accepted) => Ok(Ok(accepted)),
            Err(rejection) => {
                let rejection = told(rejection);
                let [(command_id, submission)] = &wish;
                self.record_refusal::<K>(id, *command_id, submission, &rejection)
                    .await?;
                Ok(Err(rejection))
            }
        }
    }

    pub(crate) async fn record_refusal<K: Subject>(
        &self,
        id: K::Id,
        refused: CommandId,
        submission: &Submission<K::Command>,
        rejection: &Rejection,
    ) -> Result<(), LedgerError> {
        // Ids of complaints and commands may be derived from a reference that was refused because it tells who somebody is.
        let known = self.holds(id.into()).await?;
        let event = K::refused(known.then_some(id), &submission.command, rejection);
        let command_id = if known {
            event.command_id(refused, &submission.actor)
        } else {
            self.new_command_id()?
        };
        let now = self.now();
        let entry = codec::encode_ledger(&Draft {
            event_id: EventId::derived(command_id, 0),
            occurred_at: now,
            actor: submission.actor.clone(),
            command_id,
            correlation_id: submission.correlation_id,
            causation_id: known.then(|| TraceId::new(refused.as_uuid())),
            event: LedgerEvent::Refused(event),
        })?;
        self.append_refusal(entry, now).await
    }

    /// Records the refusal of a command about the ledger as a whole; it has no id to be derived from.
    pub(crate) async fn record_refusal_of_ledger(
        &self,
        refused: Refused,
        actor: &Actor,
    ) -> Result<(), LedgerError> {
        let (command_id, now) = (self.new_command_id()?, self.now());
        let entry = codec::encode_ledger(&Draft {
            event_id: EventId::derived(command_id, 0),
            occurred_at: now,
            actor: actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            event: LedgerEvent::Refused(refused),
        })?;
        self.append_refusal(entry, now).await
    }

    async fn append_refusal(
        &self,
        entry: NewEntry,
        recorded_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let command_id = entry.command_id;
        let stream = StreamId::from(LedgerStream::Refusals);
        let append = Append {
            stream,
            expected: ExpectedVersion::Any,
            recorded_at,
            entries: vec![entry],
        };
        match self.store().append(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::CommandReused { command, position }) => {
                let stored = self.store().read_command(command_id).await?;
                // The same refusal, at another moment: it is recorded.
                if stored.iter().all(|entry| entry.stream == stream) {
                    Ok(())
                } else {
                    Err(AppendError::CommandReused { command, position }.into())
                }
            }
            Err(error) => Err(error.into()),
        }
    }
}
