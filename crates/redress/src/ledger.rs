//! The ledger: commands in, receipts and views out.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use redress_archive::Archive;
use redress_core::event::Received;
use redress_core::{
    Actor, Command, CommandId, Complaint, ComplaintId, Conduct, EventType, LedgerStream, Policy,
    Position, Recorded, Rejection, SubjectId, Timestamp, Version,
};
use redress_evidence::keys::KeyStore;
use redress_store::{AppendError, Entry, EventStore, StreamId};

use crate::alerts::AlertViews;
use crate::batch::{Batch, Decided, fold};
use crate::environment::Environment;
use crate::error::LedgerError;
use crate::replay::{PAGE, Replay};
use crate::rules::Known;
use crate::snapshots::Snapshots;
use crate::subject::{OfComplaint, Subject};
use crate::submission::{Outcome, Receipt, Submission};
use crate::vault::Vault;
use crate::views::{Views, ViewsGuard};

/// How often a decision is made anew because others changed the history meanwhile.
pub(crate) const MAX_ATTEMPTS: u32 = 32;

/// A complaint ledger on a store.
///
/// Cheap to share: clone it into every task. [`crate::blocking::Ledger`] is the same for programs without a runtime.
///
/// A command is decided on the history of its complaint, which is read each time, and recorded if nobody changed it
/// meanwhile; otherwise it is decided anew. What happens now, by the ledger's clock, never happens before what was
/// recorded as having happened to the complaint, even where that clock is behind.
///
/// ```
/// use redress::archive::Archive;
/// use redress::event::{Classified, Customer, Received, ReceivedPersonal};
/// use redress::store::{EventStore, MemoryStore};
/// use redress::{Actor, Channel, Ledger, Policy, Rejection, SystemEnvironment};
///
/// # pollster::block_on(async {
/// let store = MemoryStore::new(uuid::Uuid::from_u128(1));
/// let archive = Archive::in_memory(store.ledger_id())?;
/// let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
///
/// let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
/// let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
/// let customer = Customer::anonymous(ledger.new_subject()?);
/// let received = Received {
///     external_ref: Some("A-17".parse()?),
///     ..Received::new(customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, said)
/// };
/// let first = ledger.receive(received.clone(), &agent).await??;
/// let again = ledger.receive(received, &agent).await??;
/// assert_eq!(again.complaint_id, first.complaint_id);
/// assert!(again.repeated);
///
/// let nonsense = Classified::new("no/such/category".parse()?);
/// let refused = ledger.execute(first.complaint_id, nonsense, &agent).await?;
/// assert!(matches!(refused, Err(Rejection::UnknownCategory { .. })));
/// assert_eq!(ledger.history(first.complaint_id).await?.len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
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
    rules: Mutex<Known>,
    environment: Box<dyn Environment>,
    views: Mutex<Views>,
    alerts: AlertViews,
    vault: Vault,
    /// Where the views are written, if anywhere.
    snapshots: Option<Snapshots>,
}

impl<S> Drop for Inner<S> {
    fn drop(&mut self) {
        let Some(snapshots) = &self.snapshots else {
            return;
        };
        let views = self.views.get_mut().unwrap_or_else(PoisonError::into_inner);
        if !views.is_folding && snapshots.are_behind(views) {
            // A snapshot that is missing costs time at the next opening, and nothing else.
            let _written = snapshots.write(views);
        }
        self.alerts.write(snapshots);
    }
}

impl<S: std::fmt::Debug> std::fmt::Debug for Inner<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

impl<S: EventStore> Ledger<S> {
    /// A ledger without keys, on a store and an archive of one's own, with any clock and randomness.
    ///
    /// **What it records is not sealed**: personal data stand in the store in the clear, no customer can be erased, and the
    /// proofs keep a hash of every text for ever. For trials and for what holds nothing personal; for anything else there
    /// are [`Ledger::sealed`] and [`Ledger::open`]. The archive must be of this store's
    /// ledger. The views are brought up to date when they are first asked for.
    ///
    /// `founding` are the rules of a ledger that has none recorded yet: they are recorded before its first decision, in force
    /// from the beginning of time. A ledger that has rules keeps its own; others are adopted by [`Ledger::adopt`].
    #[must_use]
    pub fn unsealed(
        store: S,
        archive: Archive,
        founding: Policy,
        environment: impl Environment,
    ) -> Self {
        Self::beside(
            store,
            archive,
            founding,
            environment,
            (None, Vault::new(None)),
        )
    }

    /// As [`Ledger::unsealed`], but with a key store: what is recorded about a customer is sealed under a key of theirs.
    ///
    /// # Errors
    ///
    /// [`LedgerError::KeyRestored`] where the key store has a key that this ledger says was destroyed; [`LedgerError::Store`],
    /// [`LedgerError::Codec`] or [`LedgerError::Keys`] when that cannot be read.
    pub async fn sealed(
        store: S,
        archive: Archive,
        founding: Policy,
        environment: impl Environment,
        keys: impl KeyStore,
    ) -> Result<Self, LedgerError> {
        let vault = Vault::new(Some(Box::new(keys)));
        let ledger = Self::beside(store, archive, founding, environment, (None, vault));
        ledger.check_restored().await?;
        Ok(ledger)
    }

    pub(crate) fn beside(
        store: S,
        archive: Archive,
        founding: Policy,
        environment: impl Environment,
        (snapshots, vault): (Option<Snapshots>, Vault),
    ) -> Self {
        let founding = Arc::new(founding);
        let views = Mutex::new(Views::new(archive, Arc::clone(&founding)));
        let rules = Mutex::new(Known::new(founding));
        let environment = Box::new(environment);
        Self {
            inner: Arc::new(Inner {
                store,
                rules,
                environment,
                views,
                alerts: AlertViews::default(),
                vault,
                snapshots,
            }),
        }
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn known(&self) -> &Mutex<Known> {
        &self.inner.rules
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
    /// in twice is one complaint; others get an id of their own each time. Another letter under a reference that is known
    /// is [`Rejection::AlreadyReceived`].
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
        // Under an id derived from the letter, other content means another letter with the same reference.
        let told = |rejection| {
            if rejection == Rejection::CommandReused {
                Rejection::AlreadyReceived
            } else {
                rejection
            }
        };
        let decided = self.decide_or_refuse::<OfComplaint>(complaint, submission, told);
        Ok(decided
            .await?
            .map(|accepted| Receipt::of(complaint, accepted)))
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
    /// Handed in again under the same command id, a wish gets its first receipt, however often and whatever was recorded
    /// since; another wish under that id is [`Rejection::CommandReused`]. That holds for what was recorded: a wish that was
    /// refused or had nothing to add leaves no trace in the complaint's history, and is decided anew. Of a call that was dropped before it answered, or
    /// that failed in the store, handing it in again tells.
    ///
    /// A refusal is recorded too, beside the complaints ([`Ledger::refusals`]), and told once it is durable. So a refusal
    /// costs what a recorded fact costs, and its room is never given back: let in front of a ledger only callers who are
    /// known, and limit how often each may ask.
    ///
    /// A link is decided on how its target stands then. Two complaints that are tied to each other as duplicates at the same
    /// moment may both be accepted.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why the command was refused.
    pub async fn submit(
        &self,
        complaint: ComplaintId,
        submission: Submission,
    ) -> Result<Outcome, LedgerError> {
        let decided =
            self.decide_or_refuse::<OfComplaint>(complaint, submission, |rejection| rejection);
        Ok(decided
            .await?
            .map(|accepted| Receipt::of(complaint, accepted)))
    }

    /// Takes over history that was made elsewhere: several commands about one complaint, decided one after the other
    /// under [`Policy::for_history`] of the rules in force now, and recorded together or not at all.
    ///
    /// A refused command adds nothing and does not stop the ones after it. There is an outcome for each submission, in
    /// their order, as if they had been handed in one by one. Refusals are not recorded here: they are about rows of a
    /// source, and whoever takes it over keeps them beside it.
    ///
    /// # Errors
    ///
    /// A failure of the ledger; either all of what was accepted was recorded or nothing, see [`LedgerError`].
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// use redress::core::event::{Classified, Customer, Received};
    /// use redress::{Channel, ComplaintId, Rejection, Submission, Timestamp};
    ///
    /// # pollster::block_on(async {
    /// let then: Timestamp = "2019-05-06T08:30:00Z".parse()?;
    /// let id = ComplaintId::of_source("old_desk", &"4711".parse()?);
    /// let customer = Customer::anonymous(ledger.new_subject()?);
    /// let received = Received::new(
    ///     customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, Default::default(),
    /// );
    /// let at_that_time = |command| Submission { occurred_at: Some(then), ..command };
    /// let outcomes = ledger.take_over(id, vec![
    ///     at_that_time(Submission::new(received.clone(), agent.clone())),
    ///     at_that_time(Submission::new(received, agent.clone())),
    ///     at_that_time(Submission::new(Classified::new("imported/old_desk/late".parse()?), agent)),
    /// ]).await?;
    /// assert!(outcomes[0].is_ok() && outcomes[2].is_ok());
    /// assert_eq!(outcomes[1], Err(Rejection::AlreadyReceived));
    /// assert_eq!(ledger.history(id).await?.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn take_over(
        &self,
        complaint: ComplaintId,
        submissions: Vec<Submission>,
    ) -> Result<Vec<Outcome>, LedgerError> {
        let named = submissions
            .into_iter()
            .map(|submission| self.name_command(submission))
            .collect::<Result<Vec<_>, _>>()?;
        let decided = self
            .record::<OfComplaint>(complaint, &named, Conduct::Historical)
            .await?;
        let outcomes = decided.into_iter().map(|decided| {
            let accepted = decided?;
            Ok(Receipt::of(complaint, accepted))
        });
        Ok(outcomes.collect())
    }

    /// Folds every recorded fact, or those known at some instant, into any view.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # let agent = Actor::human("li.na".parse()?, "agent".parse()?, "service_desk".parse()?);
    /// use redress::causes::{CauseQuery, CauseView, Dimension};
    /// use redress::event::{Customer, Received, ReceivedPersonal};
    /// use redress::{Channel, Span};
    ///
    /// # pollster::block_on(async {
    /// let before = ledger.now() + Span::seconds(-1);
    /// # let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
    /// # let customer = Customer::anonymous(ledger.new_subject()?);
    /// # let received = Received::new(customer, Channel::Post, agent.id.clone(), "service_desk".parse()?, said);
    /// ledger.receive(received, &agent).await??;
    ///
    /// let channels = |view: &CauseView| view.counts(Dimension::Channel, &CauseQuery::default()).counted;
    /// let mut then = CauseView::new(ledger.policy());
    /// ledger.replay().as_of(before).fold_into(&mut then).await?;
    /// assert_eq!(channels(&then), 0);
    /// let mut now = CauseView::new(ledger.policy());
    /// ledger.replay().fold_into(&mut now).await?;
    /// assert_eq!(channels(&now), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn replay(&self) -> Replay<'_, S> {
        Replay::new(self)
    }

    /// The history of one complaint, in order; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when it cannot be read, [`LedgerError::NotAComplaint`] when it is
    /// an action's.
    pub async fn history(&self, complaint: ComplaintId) -> Result<Vec<Recorded>, LedgerError> {
        self.load::<OfComplaint>(complaint).await
    }

    /// The history of one complaint or action, in order; empty for an unknown one.
    pub(crate) async fn load<K: Subject>(
        &self,
        id: K::Id,
    ) -> Result<Vec<K::Recorded>, LedgerError> {
        let stream = id.into();
        if LedgerStream::from_uuid(stream.0).is_some() {
            return Ok(Vec::new());
        }
        let mut entries = self.stream(stream).await?;
        if entries
            .first()
            .is_some_and(|first| !K::has_kind(first.content.event_type))
        {
            return Err(K::is_not_one(id));
        }
        for entry in &mut entries {
            self.open_parts(entry).await?;
        }
        Ok(entries.iter().map(K::decode).collect::<Result<_, _>>()?)
    }

    /// Whether there is such a history.
    pub(crate) async fn holds(&self, stream: StreamId) -> Result<bool, LedgerError> {
        Ok(self.first(stream).await?.is_some())
    }

    /// Whether there is such a complaint.
    pub(crate) async fn holds_complaint(
        &self,
        complaint: ComplaintId,
    ) -> Result<bool, LedgerError> {
        let first = self.first(complaint.into()).await?;
        Ok(first.is_some_and(|first| EventType::from_number(first.content.event_type).is_some()))
    }

    async fn first(&self, stream: StreamId) -> Result<Option<Entry>, LedgerError> {
        let first = self.inner.store.read_stream(stream, Version::FIRST, 1);
        Ok(first.await?.into_iter().next())
    }

    /// The history of one complaint as it is stored, byte for byte; empty for an unknown one.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] when it cannot be read.
    pub async fn entries(&self, complaint: ComplaintId) -> Result<Vec<Entry>, LedgerError> {
        if LedgerStream::from_uuid(complaint.as_uuid()).is_some() {
            return Ok(Vec::new());
        }
        self.stream(complaint.into()).await
    }

    pub(crate) async fn stream(&self, stream: StreamId) -> Result<Vec<Entry>, LedgerError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let from = entries
                .last()
                .map_or(Version::FIRST, |entry| entry.version.next());
            let page = self.inner.store.read_stream(stream, from, PAGE).await?;
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
        fold::<OfComplaint>(&self.history(complaint).await?)
    }

    /// The three views, up to date with everything acknowledged before this call.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] at the first fact that cannot be read, [`LedgerError::View`] when a
    /// view cannot fold one; each says where. [`LedgerError::ViewsPoisoned`] after a fold that panicked.
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
        let next = self
            .replay()
            .for_each_page(next, |facts| Ok(self.lock_views()?.fold(facts)?))
            .await?;
        if let Some(snapshots) = self.snapshots() {
            snapshots.write_if_due(&*self.lock_views()?);
        }
        Ok(next)
    }

    pub(crate) fn alert_views(&self) -> &AlertViews {
        &self.inner.alerts
    }

    pub(crate) fn snapshots(&self) -> Option<&Snapshots> {
        self.inner.snapshots.as_ref()
    }

    pub(crate) fn lock_views(&self) -> Result<MutexGuard<'_, Views>, LedgerError> {
        // A caller that panicked while it looked at the views has changed nothing; a fold that panicked has.
        let views = self.inner.views.lock();
        let views = views.unwrap_or_else(PoisonError::into_inner);
        if views.is_folding {
            Err(LedgerError::ViewsPoisoned)
        } else {
            Ok(views)
        }
    }

    pub(crate) async fn record<K: Subject>(
        &self,
        id: K::Id,
        submissions: &[(CommandId, Submission<K::Command>)],
        conduct: Conduct,
    ) -> Result<Vec<Decided>, LedgerError> {
        let stream = id.into();
        if LedgerStream::from_uuid(stream.0).is_some() {
            return Err(K::is_not_one(id));
        }
        let mut foreign = BTreeSet::new();
        for _ in 0..MAX_ATTEMPTS {
            let history = self.load::<K>(id).await?;
            let rules = self.founded_rules().await?;
            let policy_at = |now| self.lock_rules().policy_at(now, conduct);
            // The clock is read after the history, so that what others recorded meanwhile does not lie ahead of it.
            let mut batch =
                Batch::<K>::new(id, &history, self.now(), (&rules, &policy_at), &foreign)?;
            for (command_id, submission) in submissions {
                let elsewhere = K::look(self, &submission.command).await?;
                batch.decide(*command_id, submission, &elsewhere)?;
            }
            // No append tells whether the id of a command without facts is taken.
            let taken = self
                .foreign_commands(stream, batch.commands_without_facts())
                .await?;
            if !taken.is_empty() {
                foreign.extend(taken);
                continue;
            }
            let Some(mut append) = batch.append() else {
                return Ok(batch.into_outcomes());
            };
            self.seal(&mut append, batch.customer()).await?;
            match self.inner.store.append(append).await {
                Ok(appended) if !appended.duplicate => return Ok(batch.acknowledge(&appended)),
                // Recorded meanwhile by somebody else: what the history shows when it is loaded again.
                Ok(_) | Err(AppendError::Conflict { .. }) => {}
                // Recorded meanwhile too, or in another history.
                Err(AppendError::CommandReused { .. }) => {
                    let commands = submissions.iter().map(|(command, _)| *command);
                    foreign = self.foreign_commands(stream, commands).await?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// Those of the commands that were recorded in other histories.
    async fn foreign_commands(
        &self,
        stream: StreamId,
        commands: impl Iterator<Item = CommandId> + Send,
    ) -> Result<BTreeSet<CommandId>, LedgerError> {
        let mut foreign = BTreeSet::new();
        for command in commands {
            let entries = self.inner.store.read_command(command).await?;
            if entries.iter().any(|entry| entry.stream != stream) {
                foreign.insert(command);
            }
        }
        Ok(foreign)
    }

    pub(crate) fn name_command<C>(
        &self,
        submission: Submission<C>,
    ) -> Result<(CommandId, Submission<C>), LedgerError> {
        let id = match submission.command_id {
            Some(id) => id,
            None => self.new_command_id()?,
        };
        Ok((id, submission))
    }

    pub(crate) fn new_command_id(&self) -> Result<CommandId, LedgerError> {
        Ok(CommandId::from_parts(self.now(), self.ten_random_bytes()?))
    }

    fn random(&self) -> Result<[u8; 16], LedgerError> {
        self.inner.environment.random().map_err(LedgerError::Random)
    }

    pub(crate) fn ten_random_bytes(&self) -> Result<[u8; 10], LedgerError> {
        let [a, b, c, d, e, f, g, h, i, j, ..] = self.random()?;
        Ok([a, b, c, d, e, f, g, h, i, j])
    }
}

mod actions;

#[cfg(test)]
mod tests;
