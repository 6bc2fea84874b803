//! Erasing a customer's data, step by step, each durable before the next: request, keys, receipt, ciphertext, tombstones,
//! views. Killed between any two, the same call again comes to the end.

use std::collections::BTreeSet;

use redress_core::event::Erased;
use redress_core::{
    Actor, Command, CommandId, ComplaintId, Conduct, Context, Custody, CustodyCommand,
    DestroyedKey, ErasureRequested, Event, EventId, EventType, Held, KeyDestroyed, LedgerEvent,
    LedgerStream, Position, Refused, Rejection, Released, SubjectId, decide,
};
use redress_evidence::keys::KeyStore;
use redress_evidence::seal;
use redress_store::codec::{self, Draft};
use redress_store::{Append, AppendError, Entry, EventStore, ExpectedVersion, PartKind, Remains};

use crate::error::LedgerError;
use crate::ledger::{Ledger, MAX_ATTEMPTS};
use crate::replay::PAGE;
use crate::subject::OfComplaint;
use crate::submission::Submission;
use crate::vault::key_id;

/// A customer's data were erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Whose.
    pub subject: SubjectId,
    /// Where the receipt stands in the ledger.
    pub receipt: Position,
    /// How many keys of theirs were destroyed, now and before.
    pub keys: usize,
    /// How many personal parts were removed from the store by this call.
    pub parts: usize,
    /// Their complaints, each of which has a tombstone.
    pub complaints: Vec<ComplaintId>,
}

/// Why a customer's data were not erased. Nothing was destroyed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotErased {
    /// The ledger holds no complaint of theirs.
    #[error("the ledger holds no complaint of this customer; give the pseudonym of one it knows")]
    Unknown,
    /// The ledger seals nothing.
    #[error("the ledger was opened without a key store, so there is no key to destroy")]
    NoKeys,
    /// A rule said no, or a legal hold does; the refusal is recorded.
    #[error(transparent)]
    Refused(#[from] Rejection),
}

/// What a ledger holds of a customer.
#[derive(Default)]
struct Traces {
    complaints: BTreeSet<ComplaintId>,
    parts: Vec<Remains>,
}

impl<S: EventStore> Ledger<S> {
    /// Puts a customer's data under a legal hold: they are not erased until it is released.
    ///
    /// The basis is recorded for ever and in the clear, so it names a law or a case, and never a person.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why nothing was held, and is recorded.
    pub async fn hold(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<(), Rejection>, LedgerError> {
        let basis = basis.to_owned();
        self.keep(CustodyCommand::Hold(Held { subject, basis }), actor)
            .await
    }

    /// Releases a customer's data from a legal hold. The basis is recorded as that of [`Ledger::hold`] is.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why nothing was released, and is recorded.
    pub async fn release(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<(), Rejection>, LedgerError> {
        let basis = basis.to_owned();
        self.keep(CustodyCommand::Release(Released { subject, basis }), actor)
            .await
    }

    /// How a customer's data stand: held, to be erased, erased.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when that cannot be read.
    pub async fn custody(&self, subject: SubjectId) -> Result<Custody, LedgerError> {
        self.learn_custody().await?;
        Ok(self.vault().custodies().of(subject))
    }

    /// Erases a customer's data: destroys their keys, records the receipt, removes what was sealed under them from the
    /// store and from the views, and puts a tombstone into each of their complaints.
    ///
    /// Counts, clocks and causes stay as they were, and so do proofs made before. Handed in again, it finishes an erasure
    /// that did not come to its end, and otherwise finds nothing left to do. The receipt states that the keys were
    /// destroyed here; that no copy of the key store exists elsewhere it cannot show. What was recorded before the ledger
    /// sealed its data is removed too, but the proofs keep a hash of it, which a guess can be compared with.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; the inner one says why nothing was erased.
    ///
    /// ```
    /// use redress::event::{Customer, Received, ReceivedPersonal};
    /// use redress::{Actor, Channel, Ledger, Policy};
    ///
    /// # pollster::block_on(async {
    /// let folder = tempfile::tempdir()?;
    /// let ledger = Ledger::open(folder.path().join("complaints.redress"), Policy::standard())?;
    /// let officer = Actor::human("li.na".parse()?, "manager".parse()?, "service_desk".parse()?);
    /// let subject = ledger.new_subject()?;
    /// let said = ReceivedPersonal { description: "我要求退款".into(), ..ReceivedPersonal::default() };
    /// let customer = Customer::anonymous(subject);
    /// let received = Received::new(customer, Channel::Post, officer.id.clone(), "service_desk".parse()?, said);
    /// ledger.receive(received, &officer).await??;
    ///
    /// ledger.hold(subject, "court order 17", &officer).await??;
    /// assert!(ledger.erase_subject(subject, "GDPR Art. 17", &officer).await?.is_err());
    /// ledger.release(subject, "case closed", &officer).await??;
    /// let erasure = ledger.erase_subject(subject, "GDPR Art. 17", &officer).await??;
    /// assert_eq!((erasure.keys, erasure.parts), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn erase_subject(
        &self,
        subject: SubjectId,
        basis: &str,
        actor: &Actor,
    ) -> Result<Result<Erasure, NotErased>, LedgerError> {
        let Some(keys) = self.vault().keys() else {
            return Ok(Err(NotErased::NoKeys));
        };
        let traces = self.traces(subject).await?;
        if traces.complaints.is_empty() {
            return Ok(Err(NotErased::Unknown));
        }
        if let Err(refused) = self.check_authority(subject, basis, &traces, actor).await? {
            return Ok(Err(refused));
        }
        let receipt = match self.destroy_keys(keys, subject, basis, actor).await? {
            Ok(receipt) => receipt,
            Err(refused) => return Ok(Err(refused)),
        };
        // What was recorded meanwhile is sealed under a key that is gone, and goes too.
        let traces = self.traces(subject).await?;
        let parts = self.store().erase_parts(traces.parts).await?;
        let custody = self.custody(subject).await?;
        for complaint in &traces.complaints {
            self.bury(*complaint, subject, &custody, actor).await?;
        }
        self.catch_up().await?;
        Ok(Ok(Erasure {
            subject,
            receipt,
            keys: custody.destroyed.len(),
            parts,
            complaints: traces.complaints.into_iter().collect(),
        }))
    }

    /// Whether a rule keeps the actor from erasing, which must be known before a key is destroyed.
    async fn check_authority(
        &self,
        subject: SubjectId,
        basis: &str,
        traces: &Traces,
        actor: &Actor,
    ) -> Result<Result<(), NotErased>, LedgerError> {
        let rules = self.founded_rules().await?;
        for complaint in &traces.complaints {
            let state = self.complaint(*complaint).await?;
            let moved_at = state.case().map_or(self.now(), |case| case.moved_at);
            let now = self.now().max(moved_at);
            let policy = self.lock_rules().policy_at(now, Conduct::Guarded);
            let context = Context {
                now,
                occurred_at: now,
                actor,
                policy: &policy,
                rules: &rules,
                target: None,
            };
            let basis = basis.to_owned();
            let command = Command::Erase(Erased { subject, basis });
            if let Err(rejection) = decide(&state, &command, &context) {
                let submission = Submission::new(command, actor.clone());
                let id = self.new_command_id()?;
                self.record_refusal::<OfComplaint>(*complaint, id, &submission, &rejection)
                    .await?;
                return Ok(Err(rejection.into()));
            }
        }
        Ok(Ok(()))
    }

    /// Requests, destroys, and records the receipt; returns where that stands.
    async fn destroy_keys(
        &self,
        keys: &dyn KeyStore,
        subject: SubjectId,
        wanted_basis: &str,
        actor: &Actor,
    ) -> Result<Result<Position, NotErased>, LedgerError> {
        for _ in 0..MAX_ATTEMPTS {
            let custody = self.custody(subject).await?;
            let left = undestroyed(keys, subject, &custody)?;
            if custody.under_way().is_none() {
                if let Some(receipt) = custody.receipt.filter(|_| left.is_empty()) {
                    return Ok(Ok(receipt));
                }
                // Once keys may be gone a hold comes too late; until then it stops everything.
                if let Some(basis) = custody.held {
                    let rejection = Rejection::UnderHold { basis };
                    let basis = wanted_basis.to_owned();
                    let wanted = Command::Erase(Erased { subject, basis });
                    let refused = Refused::new(None, &wanted, &rejection);
                    self.record_refusal_of_ledger(refused, actor).await?;
                    return Ok(Err(rejection.into()));
                }
                let basis = wanted_basis.to_owned();
                let requested = ErasureRequested { subject, basis };
                let event = LedgerEvent::ErasureRequested(requested);
                if self.append_custody(event, actor).await?.is_none() {
                    continue;
                }
                self.learn_custody().await?;
            }
            let mut destroyed = Vec::with_capacity(left.len());
            for epoch in left {
                let commitment = keys.destroy(key_id(subject, epoch))?.to_string();
                destroyed.push(DestroyedKey { epoch, commitment });
            }
            let event = LedgerEvent::KeyDestroyed(KeyDestroyed {
                subject,
                keys: destroyed,
            });
            if let Some(receipt) = self.append_custody(event, actor).await? {
                return Ok(Ok(receipt));
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// Puts the tombstone of an erasure into a complaint, once.
    async fn bury(
        &self,
        complaint: ComplaintId,
        subject: SubjectId,
        custody: &Custody,
        actor: &Actor,
    ) -> Result<(), LedgerError> {
        let Some((requested, basis)) = &custody.requested else {
            return Ok(());
        };
        let erased = Erased {
            subject,
            basis: basis.clone(),
        };
        let command_id = CommandId::derived(complaint, &format!("erase\0{requested}"));
        let wish = [(command_id, Submission::new(erased, actor.clone()))];
        let outcomes = self
            .record::<OfComplaint>(complaint, &wish, Conduct::Guarded)
            .await?;
        let buried = self
            .history(complaint)
            .await?
            .iter()
            .any(|fact| fact.position > *requested && matches!(fact.event, Event::Erased(_)));
        match outcomes.into_iter().next() {
            // Somebody else finished it, in their own name.
            Some(Err(_)) if !buried => Err(LedgerError::NoTombstone(complaint)),
            Some(_) | None => Ok(()),
        }
    }

    /// Records that a customer's data are held or released, if the rules let the actor.
    async fn keep(
        &self,
        wanted: CustodyCommand,
        actor: &Actor,
    ) -> Result<Result<(), Rejection>, LedgerError> {
        let (name, rules) = (wanted.name(), self.founded_rules().await?);
        let event = match wanted.decide(&actor.role, rules.in_force_at(self.now())) {
            Ok(event) => event,
            Err(rejection) => {
                self.record_refusal_of_ledger(Refused::of_ledger(name, &rejection), actor)
                    .await?;
                return Ok(Err(rejection));
            }
        };
        for _ in 0..MAX_ATTEMPTS {
            self.learn_custody().await?;
            if self.append_custody(event.clone(), actor).await?.is_some() {
                self.learn_custody().await?;
                return Ok(Ok(()));
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// Records a fact about customers' data, if nobody recorded one that is not known here; returns where it stands.
    async fn append_custody(
        &self,
        event: LedgerEvent,
        actor: &Actor,
    ) -> Result<Option<Position>, LedgerError> {
        let (command_id, now) = (self.new_command_id()?, self.now());
        let entry = codec::encode_ledger(&Draft {
            event_id: EventId::derived(command_id, 0),
            occurred_at: now,
            actor: actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            event,
        })?;
        let append = Append {
            stream: LedgerStream::Subjects.into(),
            expected: self
                .vault()
                .last_version()
                .map_or(ExpectedVersion::NoStream, ExpectedVersion::Exact),
            recorded_at: now,
            entries: vec![entry],
        };
        match self.store().append(append).await {
            Ok(appended) => Ok(Some(appended.first_position)),
            Err(AppendError::Conflict { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Looks through the whole ledger for a customer.
    async fn traces(&self, subject: SubjectId) -> Result<Traces, LedgerError> {
        let mut traces = Traces::default();
        let mut next = Position::FIRST;
        loop {
            let entries = self.store().read_all(next, PAGE).await?;
            for entry in &entries {
                traces.look_at(entry, subject)?;
            }
            match entries.last() {
                Some(last) => next = last.position.next(),
                None => return Ok(traces),
            }
        }
    }
}

impl Traces {
    fn look_at(&mut self, entry: &Entry, subject: SubjectId) -> Result<(), LedgerError> {
        let complaint = ComplaintId::new(entry.stream.0);
        if entry.content.event_type == EventType::Received.number() {
            let mut bare = entry.clone();
            bare.content.parts.clear();
            let fact = codec::decode_complaint(&bare, codec::no_upcasts)?;
            if let Event::Received(received) = &fact.event
                && received.customer.subject == subject
            {
                self.complaints.insert(complaint);
            }
        }
        let is_theirs = self.complaints.contains(&complaint);
        let parts = entry.content.parts.iter().enumerate();
        let theirs = parts.filter(|(_, part)| match part.kind {
            PartKind::Plain => is_theirs,
            PartKind::Sealed => {
                is_theirs || seal::key_of(part).is_some_and(|id| id == key_id(subject, id.epoch))
            }
            PartKind::Erased => false,
        });
        self.parts.extend(theirs.map(|(number, part)| Remains {
            position: entry.position,
            number,
            part: seal::erased_part(part),
        }));
        Ok(())
    }
}

/// The customer's keys of whose destruction there is no receipt, by epoch.
fn undestroyed(
    keys: &dyn KeyStore,
    subject: SubjectId,
    custody: &Custody,
) -> Result<Vec<u32>, LedgerError> {
    let known = keys.list()?;
    let theirs = known
        .into_iter()
        .filter(|id| *id == key_id(subject, id.epoch))
        .map(|id| id.epoch);
    Ok(theirs
        .filter(|epoch| !custody.destroyed.contains_key(epoch))
        .collect())
}
