//! The rules of a ledger: founded, adopted, and known before each decision.

use std::sync::{Arc, MutexGuard, PoisonError};

use redress_core::policy::ADOPT_POLICY;
use redress_core::{
    Actor, CommandId, Conduct, EventId, LedgerEvent, LedgerRecorded, LedgerStream, Policy,
    PolicyAdopted, Refused, Rejection, Rulebook, Span, Timestamp, Version,
};
use redress_store::codec::{self, Draft};
use redress_store::{Append, AppendError, Entry, EventStore, ExpectedVersion};

use crate::error::LedgerError;
use crate::ledger::{Ledger, MAX_ATTEMPTS};
use crate::replay::PAGE;

/// What a ledger knows of its rules.
pub(crate) struct Known {
    book: Arc<Rulebook>,
    /// The version that the next adoption will have.
    next: Version,
    /// The rules in force when history was last taken over, and the same for history.
    historical: Option<(Arc<Policy>, Arc<Policy>)>,
}

impl Known {
    pub(crate) fn new(founding: Arc<Policy>) -> Self {
        Self {
            book: Arc::new(Rulebook::new(founding)),
            next: Version::FIRST,
            historical: None,
        }
    }

    pub(crate) fn book(&self) -> Arc<Rulebook> {
        Arc::clone(&self.book)
    }

    /// The rules in force at a moment, for work done here or for history.
    pub(crate) fn policy_at(&mut self, at: Timestamp, conduct: Conduct) -> Arc<Policy> {
        let policy = Arc::clone(self.book.in_force_at(at));
        match (conduct, &self.historical) {
            (Conduct::Guarded, _) => policy,
            (Conduct::Historical, Some((of, historical))) if Arc::ptr_eq(of, &policy) => {
                Arc::clone(historical)
            }
            (Conduct::Historical, _) => {
                let historical = Arc::new(Policy::clone(&policy).for_history());
                self.historical = Some((policy, Arc::clone(&historical)));
                historical
            }
        }
    }

    fn is_founded(&self) -> bool {
        !self.book.adoptions().is_empty()
    }

    /// Takes the adoptions that were not known, of entries that follow each other.
    fn learn(&mut self, entries: &[Entry]) -> Result<(), LedgerError> {
        for entry in entries {
            if entry.version == self.next {
                let fact = codec::decode_ledger(entry)?;
                Arc::make_mut(&mut self.book).learn(&fact.event)?;
                self.next = self.next.next();
            }
        }
        Ok(())
    }
}

impl<S: EventStore> Ledger<S> {
    /// The rules in force now, as far as this ledger knows: what others have adopted since its last decision it learns before
    /// the next one, or from [`Ledger::rules`].
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        let now = self.now();
        self.lock_rules().policy_at(now, Conduct::Guarded)
    }

    /// The rules of this ledger, with every adoption recorded before this call; by them clocks are read.
    ///
    /// In a ledger of which no rules are recorded yet these are the ones it was opened with.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when an adoption cannot be read, [`LedgerError::Rules`] when it cannot be
    /// followed.
    pub async fn rules(&self) -> Result<Arc<Rulebook>, LedgerError> {
        self.learn_rules().await?;
        Ok(self.lock_rules().book())
    }

    /// The adoptions of rules, in the order of the ledger, the founding one first: who adopted what when.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Store`] or [`LedgerError::Codec`] when they cannot be read.
    pub async fn adoptions(&self) -> Result<Vec<LedgerRecorded>, LedgerError> {
        let entries = self.stream(LedgerStream::Policy.into()).await?;
        let facts = entries.iter().map(codec::decode_ledger);
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// Adopts rules, in force from a moment on, or from now on; durable when this returns.
    ///
    /// Decisions are made under the rules in force then; a clock stays under those in force when it started. Nothing is
    /// adopted for the past. Rules that are in force at that moment already are not recorded again: the answer is `None`. In
    /// a ledger without recorded rules those it was opened with are recorded first. A refusal is recorded as that of any
    /// command is.
    ///
    /// # Errors
    ///
    /// The outer error is a failure of the ledger; [`LedgerError::Rules`] where no policy file can say these rules. The
    /// inner one says why they are not adopted.
    ///
    /// ```
    /// # use redress::archive::Archive;
    /// # use redress::store::{EventStore, MemoryStore};
    /// # use redress::{Actor, Ledger, Policy, SystemEnvironment};
    /// # let store = MemoryStore::new(uuid::Uuid::from_u128(1));
    /// # let archive = Archive::in_memory(store.ledger_id())?;
    /// # let ledger = Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    /// # let manager = Actor::human("li.na".parse()?, "manager".parse()?, "service_desk".parse()?);
    /// # pollster::block_on(async {
    /// let ours = "version = \"ours\"\nextends = \"standard\"\nmax_cycles = 2\n";
    /// let ours = Policy::parse(ours, "ours.toml")?;
    /// assert!(ledger.adopt(&ours, None, &manager).await??.is_some());
    /// assert_eq!(ledger.policy().max_cycles, 2);
    /// assert!(ledger.adopt(&ours, None, &manager).await??.is_none());
    /// assert_eq!(ledger.adoptions().await?.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub async fn adopt(
        &self,
        policy: &Policy,
        in_force_from: Option<Timestamp>,
        actor: &Actor,
    ) -> Result<Result<Option<PolicyAdopted>, Rejection>, LedgerError> {
        let command_id = self.new_command_id()?;
        for _ in 0..MAX_ATTEMPTS {
            let book = self.founded_rules().await?;
            let now = self.now_after_what_is_recorded().await?;
            let wanted = PolicyAdopted::new(policy, in_force_from.unwrap_or(now))?;
            let adopted = match book.decide(wanted, &actor.role, now) {
                Ok(Some(adopted)) => adopted,
                Ok(None) => return Ok(Ok(None)),
                Err(rejection) => {
                    let refused = Refused::of_ledger(ADOPT_POLICY, &rejection);
                    self.record_refusal_of_ledger(refused, actor).await?;
                    return Ok(Err(rejection));
                }
            };
            let last = Version::new(book.adoptions().len() as u64);
            let expected = ExpectedVersion::Exact(last);
            let appended = self
                .append_adoption(adopted.clone(), command_id, actor, now, expected)
                .await;
            match appended {
                Ok(()) => {
                    self.learn_rules().await?;
                    return Ok(Ok(Some(adopted)));
                }
                // Others adopted rules meanwhile.
                Err(LedgerError::Append(AppendError::Conflict { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    /// The rules of the ledger, which has some recorded from now on.
    ///
    /// Without any, those it was opened with are recorded as the founding ones; of several that try, one is first.
    pub(crate) async fn founded_rules(&self) -> Result<Arc<Rulebook>, LedgerError> {
        for _ in 0..MAX_ATTEMPTS {
            self.learn_rules().await?;
            let (book, is_founded) = {
                let known = self.lock_rules();
                (known.book(), known.is_founded())
            };
            if is_founded {
                return Ok(book);
            }
            let now = self.now();
            let founding = PolicyAdopted::founding(book.in_force_at(now))?;
            let founder = Actor::ledger();
            let command_id = founding.founding_command();
            let expected = ExpectedVersion::NoStream;
            let appended = self
                .append_adoption(founding, command_id, &founder, now, expected)
                .await;
            match appended {
                // If not this one, then somebody else was first.
                Ok(())
                | Err(LedgerError::Append(
                    AppendError::Conflict { .. } | AppendError::CommandReused { .. },
                )) => {}
                Err(error) => return Err(error),
            }
        }
        Err(LedgerError::Contended {
            attempts: MAX_ATTEMPTS,
        })
    }

    async fn append_adoption(
        &self,
        adopted: PolicyAdopted,
        command_id: CommandId,
        actor: &Actor,
        now: Timestamp,
        expected: ExpectedVersion,
    ) -> Result<(), LedgerError> {
        let entry = codec::encode_ledger(&Draft {
            event_id: EventId::derived(command_id, 0),
            occurred_at: now,
            actor: actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            event: LedgerEvent::PolicyAdopted(adopted),
        })?;
        let append = Append {
            stream: LedgerStream::Policy.into(),
            expected,
            recorded_at: now,
            entries: vec![entry],
        };
        self.store().append(append).await?;
        Ok(())
    }

    /// Reads the adoptions that were recorded since it was last asked for.
    async fn learn_rules(&self) -> Result<(), LedgerError> {
        loop {
            let next = self.lock_rules().next;
            let stream = LedgerStream::Policy.into();
            let entries = self.store().read_stream(stream, next, PAGE).await?;
            self.lock_rules().learn(&entries)?;
            if entries.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Now, and after anything that is recorded: rules hold for what comes, also where another clock is ahead. A clock that
    /// started in the microsecond before must not change its rules.
    async fn now_after_what_is_recorded(&self) -> Result<Timestamp, LedgerError> {
        let Some(head) = self.store().head().await? else {
            return Ok(self.now());
        };
        let last = self.store().read_all(head, 1).await?;
        let recorded_at = last.first().map(|entry| entry.recorded_at);
        let after = recorded_at.map(|recorded_at| recorded_at + Span::micros(1));
        Ok(after.map_or(self.now(), |after| after.max(self.now())))
    }

    pub(crate) fn lock_rules(&self) -> MutexGuard<'_, Known> {
        // An adoption is taken as a whole or not at all, so what a panic left behind is whole.
        self.known().lock().unwrap_or_else(PoisonError::into_inner)
    }
}
