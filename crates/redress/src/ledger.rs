//! The ledger: commands in, receipts and views out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use redress_archive::Archive;
use redress_core::event::Received;
use redress_core::{
    Actor, Command, CommandId, Complaint, ComplaintId, Context, Event, EventId, Policy, Position,
    Recorded, Rejection, SubjectId, Timestamp, Version, decide, evolve,
};
use redress_store::codec::{self, Draft};
use redress_store::{Append, AppendError, Entry, EventStore, ExpectedVersion, NewEntry};

use crate::environment::Environment;
use crate::error::LedgerError;
use crate::replay::{PAGE, Replay};
use crate::submission::{Outcome, Place, Receipt, Submission};
use crate::views::{Views, ViewsGuard};

/// How often a decision is made anew because others changed the complaint meanwhile.
const MAX_ATTEMPTS: u32 = 32;

/// A complaint ledger on a store.
///
/// Cheap to share: clone it into every task.
#[derive(Debug)]
pub struct Ledger<S> {
    inner: Arc<Inner<S>>,
}

impl<S> Clone for Ledger<S> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

struct Inner<S> {
    store: S,
    policy: Policy,
    history_policy: Policy,
    environment: Box<dyn Environment>,
    views: Mutex<Views>,
}

impl<S: std::fmt::Debug> std::fmt::Debug for Inner<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "sqlite")]
impl Ledger<redress_sqlite::SqliteStore> {
    /// Opens the ledger in this file, or makes it; the archive goes beside it, with the ending `.views`.
    ///
    /// The clock and randomness are the operating system's. Returns once every view is up to date.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when the file cannot be opened as a ledger, [`LedgerError::Archive`] when the archive
    /// beside it cannot, [`LedgerError::View`] when a view cannot be brought up to date.
    pub fn open(path: impl AsRef<Path>, policy: Policy) -> Result<Self, LedgerError> {
        let path = path.as_ref();
        let environment = crate::environment::SystemEnvironment;
        let id = environment.random().map_err(LedgerError::Random)?;
        let store = redress_sqlite::SqliteStore::open_or_create(
            path,
            uuid::Builder::from_random_bytes(id).into_uuid(),
            redress_sqlite::Options::default(),
        )?;
        let mut archive = Archive::open(path.with_extension("views"), store.ledger_id())?;
        // A ledger set back to an older copy: the archive shows what is no longer there.
        if archive.is_ahead_of(pollster::block_on(store.head())?) {
            archive.reset()?;
        }
        let ledger = Self::with(store, archive, policy, environment);
        pollster::block_on(ledger.catch_up())?;
        Ok(ledger)
    }
}

impl<S: EventStore> Ledger<S> {
    /// A ledger on a store of one's own, with an archive of one's own, and with any clock and randomness.
    ///
    /// The views are brought up to date when they are first asked for.
    #[must_use]
    pub fn with(store: S, archive: Archive, policy: Policy, environment: impl Environment) -> Self {
        let views = Mutex::new(Views::new(archive, &policy));
        let history_policy = policy.clone().for_history();
        let environment = Box::new(environment);
        Self {
            inner: Arc::new(Inner {
                store,
                policy,
                history_policy,
                environment,
                views,
            }),
        }
    }

    /// The rules it decides and measures by.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// The store it stands on.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.inner.store
    }

    /// The time now, by the ledger's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.environment.now()
    }

    /// A new pseudonym for a customer.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Random`] when the operating system has no random bytes to give.
    pub fn new_subject(&self) -> Result<SubjectId, LedgerError> {
        self.random().map(SubjectId::from_random)
    }

    /// Takes a complaint in.
    ///
    /// A complaint with an `external_ref` gets an id derived from channel and reference, so that the same letter taken
    /// in twice is one complaint; others get an id of their own.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the complaint was refused.
    pub async fn receive(&self, received: Received, actor: &Actor) -> Result<Outcome, LedgerError> {
        let (complaint, command_id) = match &received.external_ref {
            Some(reference) => {
                let complaint = ComplaintId::derived(received.channel, reference);
                (complaint, Some(CommandId::derived(complaint, "receive")))
            }
            None => (
                ComplaintId::from_parts(self.now(), self.ten_random_bytes()?),
                None,
            ),
        };
        let submission = Submission {
            command_id,
            ..Submission::new(received, actor.clone())
        };
        let outcome = self.submit(complaint, submission).await?;
        // Under an id derived from the letter, other content means another letter with the same reference.
        if outcome == Err(Rejection::CommandReused) {
            return Ok(Err(Rejection::AlreadyReceived));
        }
        Ok(outcome)
    }

    /// Has something recorded about a complaint that happens now.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the command was refused.
    pub async fn execute(
        &self,
        complaint: ComplaintId,
        command: impl Into<Command>,
        actor: &Actor,
    ) -> Result<Outcome, LedgerError> {
        self.submit(complaint, Submission::new(command, actor.clone()))
            .await
    }

    /// Has something recorded about a complaint, with all that can be said about the wish.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the command was refused.
    pub async fn submit(
        &self,
        complaint: ComplaintId,
        submission: Submission,
    ) -> Result<Outcome, LedgerError> {
        let outcomes = self
            .record(complaint, vec![submission], &self.inner.policy)
            .await?;
        Ok(outcomes
            .into_iter()
            .next()
            .unwrap_or(Err(Rejection::NotReceived)))
    }

    /// Takes over history that was made elsewhere: several commands about one complaint, decided one after the other
    /// under [`Policy::for_history`], and recorded together or not at all.
    ///
    /// A refused command adds nothing and does not stop the ones after it.
    ///
    /// # Errors
    ///
    /// A failure of the ledger; none of the commands was recorded.
    pub async fn take_over(
        &self,
        complaint: ComplaintId,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Outcome>, LedgerError> {
        self.record(complaint, submissions, &self.inner.history_policy)
            .await
    }

    /// Folds every recorded fact, or those known at some instant, into any view.
    #[must_use]
    pub fn replay(&self) -> Replay<'_, S> {
        Replay::new(&self.inner.store)
    }

    /// The history of one complaint, in order; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when it cannot be read.
    pub async fn history(&self, complaint: ComplaintId) -> Result<Vec<Recorded>, LedgerError> {
        let entries = self.entries(complaint).await?;
        let facts = entries
            .iter()
            .map(|entry| codec::decode(entry, codec::no_upcasts));
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// The history of one complaint as it is stored, byte for byte; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when it cannot be read.
    pub async fn entries(&self, complaint: ComplaintId) -> Result<Vec<Entry>, LedgerError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let from = entries
                .last()
                .map_or(Version::FIRST, |entry| entry.version.next());
            let page = self
                .inner
                .store
                .read_stream(complaint.into(), from, PAGE)
                .await?;
            let is_last = page.len() < PAGE;
            entries.extend(page);
            if is_last {
                return Ok(entries);
            }
        }
    }

    /// Where a complaint stands.
    ///
    /// # Errors
    ///
    /// As [`Ledger::history`], and [`LedgerError::History`] when its facts cannot follow each other.
    pub async fn complaint(&self, complaint: ComplaintId) -> Result<Complaint, LedgerError> {
        fold(&self.history(complaint).await?)
    }

    /// The three views, up to date with everything acknowledged before this call.
    ///
    /// # Errors
    ///
    /// [`LedgerError::View`] when a view cannot fold a fact; it says which and where.
    pub async fn views(&self) -> Result<ViewsGuard<'_>, LedgerError> {
        self.catch_up().await?;
        self.lock_views().map(ViewsGuard)
    }

    /// Folds what was recorded since the views were last asked for; returns the position after the last fact.
    ///
    /// # Errors
    ///
    /// As [`Ledger::views`].
    pub async fn catch_up(&self) -> Result<Position, LedgerError> {
        let next = self.lock_views()?.next_position();
        self.replay()
            .for_each_page(next, |facts| Ok(self.lock_views()?.fold(facts)?))
            .await
    }

    fn lock_views(&self) -> Result<MutexGuard<'_, Views>, LedgerError> {
        self.inner
            .views
            .lock()
            .map_err(|_| LedgerError::ViewsPoisoned)
    }

    async fn record(
        &self,
        complaint: ComplaintId,
        submissions: Vec<Submission>,
        policy: &Policy,
    ) -> Result<Vec<Outcome>, LedgerError> {
        let submissions = self.name_commands(submissions)?;
        let mut foreign = BTreeSet::new();
        for _ in 0..MAX_ATTEMPTS {
            let now = self.now();
            let history = self.history(complaint).await?;
            let mut batch = Batch::new(complaint, &history, now, policy, &foreign)?;
            for (command_id, submission) in &submissions {
                let target = self.link_target(&submission.command).await?;
                batch.decide(*command_id, submission, target.as_ref())?;
            }
            match self.append(complaint, &mut batch).await {
                Ok(()) => return Ok(batch.outcomes),
                Err(LedgerError::Append(AppendError::Conflict { .. })) => {}
                // Recorded meanwhile about this complaint, which its history will show; or about another one.
                Err(LedgerError::Append(AppendError::CommandReused { command, .. })) => {
                    if !self.is_in_history(complaint, command).await? {
                        foreign.insert(command);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    async fn append(
        &self,
        complaint: ComplaintId,
        batch: &mut Batch<'_>,
    ) -> Result<(), LedgerError> {
        let entries = std::mem::take(&mut batch.entries);
        if entries.is_empty() {
            return Ok(());
        }
        let append = Append {
            stream: complaint.into(),
            expected: batch.expected,
            recorded_at: batch.now,
            entries,
        };
        let appended = self
            .inner
            .store
            .append(append)
            .await
            .map_err(LedgerError::Append)?;
        batch.acknowledge(
            appended.first_position,
            appended.recorded_at,
            appended.duplicate,
        );
        Ok(())
    }

    async fn is_in_history(
        &self,
        complaint: ComplaintId,
        command: CommandId,
    ) -> Result<bool, LedgerError> {
        let entries = self.inner.store.read_command(command).await?;
        Ok(entries.iter().any(|entry| entry.stream == complaint.into()))
    }

    async fn link_target(&self, command: &Command) -> Result<Option<Complaint>, LedgerError> {
        match command {
            Command::Link(link) => {
                let target = self.complaint(link.target).await?;
                Ok(target.case().is_some().then_some(target))
            }
            Command::Receive(_)
            | Command::Classify(_)
            | Command::Assign(_)
            | Command::Escalate(_)
            | Command::Resolve(_)
            | Command::GiveFeedback(_)
            | Command::Revisit(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Note(_)
            | Command::Amend(_)
            | Command::Extend(_)
            | Command::Close(_)
            | Command::Reopen(_)
            | Command::Erase(_) => Ok(None),
        }
    }

    fn name_commands(
        &self,
        submissions: Vec<Submission>,
    ) -> Result<Vec<(CommandId, Submission)>, LedgerError> {
        submissions
            .into_iter()
            .map(|submission| {
                let id = match submission.command_id {
                    Some(id) => id,
                    None => CommandId::from_parts(self.now(), self.ten_random_bytes()?),
                };
                Ok((id, submission))
            })
            .collect()
    }

    fn random(&self) -> Result<[u8; 16], LedgerError> {
        self.inner.environment.random().map_err(LedgerError::Random)
    }

    fn ten_random_bytes(&self) -> Result<[u8; 10], LedgerError> {
        let [a, b, c, d, e, f, g, h, i, j, ..] = self.random()?;
        Ok([a, b, c, d, e, f, g, h, i, j])
    }
}

fn fold(history: &[Recorded]) -> Result<Complaint, LedgerError> {
    Ok(history.iter().try_fold(Complaint::Absent, evolve)?)
}

/// Commands about one complaint, decided one after the other on what its history was when it was loaded.
struct Batch<'a> {
    complaint_id: ComplaintId,
    now: Timestamp,
    policy: &'a Policy,
    expected: ExpectedVersion,
    state: Complaint,
    /// Where each command of the history stands, and what it led to first.
    known: BTreeMap<CommandId, (Place, &'a Recorded)>,
    /// Commands whose ids belong to other complaints.
    foreign: &'a BTreeSet<CommandId>,
    entries: Vec<NewEntry>,
    commands: Vec<CommandId>,
    outcomes: Vec<Outcome>,
}

impl<'a> Batch<'a> {
    fn new(
        complaint_id: ComplaintId,
        history: &'a [Recorded],
        now: Timestamp,
        policy: &'a Policy,
        foreign: &'a BTreeSet<CommandId>,
    ) -> Result<Self, LedgerError> {
        let mut known: BTreeMap<CommandId, (Place, &Recorded)> = BTreeMap::new();
        for fact in history {
            known
                .entry(fact.command_id)
                .and_modify(|(place, _)| place.facts += 1)
                .or_insert_with(|| (place_of(fact), fact));
        }
        let expected = history.last().map_or(ExpectedVersion::NoStream, |fact| {
            ExpectedVersion::Exact(fact.version)
        });
        Ok(Self {
            complaint_id,
            now,
            policy,
            expected,
            state: fold(history)?,
            known,
            foreign,
            entries: Vec::new(),
            commands: Vec::new(),
            outcomes: Vec::new(),
        })
    }

    fn decide(
        &mut self,
        command_id: CommandId,
        submission: &Submission,
        target: Option<&Complaint>,
    ) -> Result<(), LedgerError> {
        let outcome = match self.known.get(&command_id) {
            Some((place, fact)) => Ok(repeat(
                self.complaint_id,
                command_id,
                submission,
                *place,
                fact,
            )),
            None if self.foreign.contains(&command_id) || self.commands.contains(&command_id) => {
                Ok(Err(Rejection::CommandReused))
            }
            None => self.decide_new(command_id, submission, target),
        }?;
        self.commands.push(command_id);
        self.outcomes.push(outcome);
        Ok(())
    }

    fn decide_new(
        &mut self,
        command_id: CommandId,
        submission: &Submission,
        target: Option<&Complaint>,
    ) -> Result<Outcome, LedgerError> {
        let context = Context {
            now: self.now,
            occurred_at: submission.occurred_at.unwrap_or(self.now),
            actor: &submission.actor,
            policy: self.policy,
            target,
        };
        let events = match decide(&self.state, &submission.command, &context) {
            Ok(events) => events,
            Err(rejection) => return Ok(Err(rejection)),
        };
        let place = (!events.is_empty()).then(|| Place {
            // Counted from the first entry of the append until the store has said where that is.
            position: Position::new(u64::try_from(self.entries.len()).unwrap_or(u64::MAX)),
            version: self.state.version().map_or(Version::FIRST, Version::next),
            facts: events.len(),
            recorded_at: self.now,
        });
        for (index, event) in events.into_iter().enumerate() {
            self.add(
                EventId::derived(command_id, index),
                command_id,
                event,
                submission,
                context.occurred_at,
            )?;
        }
        Ok(Ok(Receipt {
            complaint_id: self.complaint_id,
            command_id,
            recorded: place,
            repeated: false,
        }))
    }

    fn add(
        &mut self,
        event_id: EventId,
        command_id: CommandId,
        event: Event,
        submission: &Submission,
        occurred_at: Timestamp,
    ) -> Result<(), LedgerError> {
        let draft = Draft {
            event_id,
            occurred_at,
            actor: submission.actor.clone(),
            command_id,
            correlation_id: submission.correlation_id,
            causation_id: submission.causation_id,
            event,
        };
        let entry = codec::encode(&draft)?;
        let recorded = Recorded {
            event_id,
            complaint_id: self.complaint_id,
            version: self.state.version().map_or(Version::FIRST, Version::next),
            position: Position::FIRST,
            occurred_at,
            recorded_at: self.now,
            actor: draft.actor,
            command_id,
            correlation_id: draft.correlation_id,
            causation_id: draft.causation_id,
            schema: entry.schema,
            event: draft.event,
        };
        self.state = evolve(std::mem::take(&mut self.state), &recorded)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Fills in where the store has put the entries.
    fn acknowledge(&mut self, first: Position, recorded_at: Timestamp, duplicate: bool) {
        for receipt in self
            .outcomes
            .iter_mut()
            .flatten()
            .filter(|receipt| !receipt.repeated)
        {
            if let Some(place) = receipt.recorded.as_mut() {
                place.position = Position::new(first.get().saturating_add(place.position.get()));
                place.recorded_at = recorded_at;
            }
            receipt.repeated = duplicate && receipt.recorded.is_some();
        }
    }
}

fn place_of(fact: &Recorded) -> Place {
    Place {
        position: fact.position,
        version: fact.version,
        facts: 1,
        recorded_at: fact.recorded_at,
    }
}

/// The first receipt again, if it is the same wish.
fn repeat(
    complaint_id: ComplaintId,
    command_id: CommandId,
    submission: &Submission,
    place: Place,
    fact: &Recorded,
) -> Outcome {
    let same = submission.command.asks_for(&fact.event)
        && submission.actor == fact.actor
        && submission
            .occurred_at
            .is_none_or(|occurred_at| occurred_at == fact.occurred_at);
    if same {
        Ok(Receipt {
            complaint_id,
            command_id,
            recorded: Some(place),
            repeated: true,
        })
    } else {
        Err(Rejection::CommandReused)
    }
}
