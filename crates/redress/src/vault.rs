//! Sealing what is recorded about customers, and opening it again: the keys, and what the ledger says became of them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redress_core::{Custodies, LedgerStream, Position, SubjectId, Version};
use redress_evidence::keys::{DataKey, Found, KeyId, KeyStore, KeyStoreError};
use redress_evidence::seal::{self, SealContext, SealError};
use redress_store::{Append, Entry, EventStore, ExpectedVersion, NewEntry, Part, PartKind, codec};
use uuid::Uuid;

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::parts::{PartFault, PartVerdict};
use crate::replay::PAGE;

/// The keys of customers' data, where a ledger seals them.
pub(crate) struct Vault {
    keys: Option<Box<dyn KeyStore>>,
    custody: Mutex<Known>,
    /// Every entry was read, so every key that one is sealed under is there.
    is_checked: AtomicBool,
}

struct Known {
    custodies: Custodies,
    /// The version of the next fact about customers' data.
    next: Version,
    /// They were read once.
    is_read: bool,
}

/// How a part was found, and its text if it could be opened.
pub(crate) struct Opened {
    text: Option<Vec<u8>>,
    pub(crate) verdict: PartVerdict,
}

impl From<PartVerdict> for Opened {
    fn from(verdict: PartVerdict) -> Self {
        Self {
            text: None,
            verdict,
        }
    }
}

impl From<PartFault> for Opened {
    fn from(fault: PartFault) -> Self {
        PartVerdict::Faulty(fault).into()
    }
}

impl Vault {
    pub(crate) fn new(keys: Option<Box<dyn KeyStore>>) -> Self {
        Self {
            keys,
            custody: Mutex::new(Known {
                custodies: Custodies::default(),
                next: Version::FIRST,
                is_read: false,
            }),
            is_checked: AtomicBool::new(false),
        }
    }

    pub(crate) fn keys(&self) -> Option<&dyn KeyStore> {
        self.keys.as_deref()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // A fact is taken as a whole or not at all, so what a panic left behind is whole.
        self.custody.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The version of the last fact about customers' data that was read; `None` where there was none.
    pub(crate) fn last_version(&self) -> Option<Version> {
        let last = self.known().next.get().checked_sub(1);
        last.filter(|last| *last > 0).map(Version::new)
    }

    pub(crate) fn custodies(&self) -> Custodies {
        self.known().custodies.clone()
    }

    fn open_part(
        &self,
        keys: &dyn KeyStore,
        part: &Part,
        context: &SealContext,
    ) -> Result<Opened, LedgerError> {
        let Some(id) = seal::key_of(part) else {
            return Ok(PartFault::Corrupt.into());
        };
        let subject = subject_of(id);
        let (receipt, is_erasing) = {
            let known = self.known();
            let is_erasing = known.custodies.of(subject).under_way().is_some();
            (known.custodies.receipt(subject, id.epoch), is_erasing)
        };
        if let Some(receipt) = receipt {
            return Ok(PartVerdict::Erased { receipt }.into());
        }
        Ok(match keys.find(id)? {
            // A part can be sealed under a key that is being destroyed: it is erased with the rest.
            Found::Destroyed(_) if is_erasing => PartVerdict::Erasing.into(),
            Found::Destroyed(_) => PartFault::Missing.into(),
            Found::Unknown => PartFault::KeyMissing.into(),
            Found::Live(_) if part.kind == PartKind::Erased => PartFault::Missing.into(),
            Found::Live(key) => match seal::open(&key, context, &part.bytes) {
                Ok(text) => Opened {
                    text: Some(text.to_vec()),
                    verdict: PartVerdict::Intact,
                },
                Err(SealError::KeyMismatch) => PartFault::KeyMismatch.into(),
                Err(_) => PartFault::Corrupt.into(),
            },
        })
    }
}

fn subject_of(id: KeyId) -> SubjectId {
    SubjectId::new(Uuid::from_bytes(id.subject))
}

pub(crate) fn key_id(subject: SubjectId, epoch: u32) -> KeyId {
    KeyId {
        subject: subject.as_uuid().into_bytes(),
        epoch,
    }
}

fn context(
    ledger_id: Uuid,
    stream: Uuid,
    version: Version,
    entry: &NewEntry,
    index: usize,
) -> SealContext {
    SealContext {
        ledger_id,
        stream: redress_store::StreamId(stream),
        version,
        event_type: entry.event_type,
        schema: entry.schema,
        // No store takes more than 16 parts.
        part: u8::try_from(index.saturating_add(1)).unwrap_or(u8::MAX),
    }
}

impl<S: EventStore> Ledger<S> {
    /// Seals the personal parts of what is about to be recorded about a customer.
    pub(crate) async fn seal(
        &self,
        append: &mut Append,
        customer: Option<SubjectId>,
    ) -> Result<(), LedgerError> {
        let has_parts = append.entries.iter().any(|entry| !entry.parts.is_empty());
        let (Some(keys), Some(customer), true) = (self.vault().keys(), customer, has_parts) else {
            return Ok(());
        };
        let key = self.sealing_key(keys, customer).await?;
        let ledger_id = self.store().ledger_id();
        let mut version = match append.expected {
            ExpectedVersion::Exact(version) => version.next(),
            ExpectedVersion::NoStream | ExpectedVersion::Any => Version::FIRST,
        };
        for entry in &mut append.entries {
            for index in 0..entry.parts.len() {
                let context = context(ledger_id, append.stream.0, version, entry, index);
                let mut nonce = [0; 24];
                getrandom::fill(&mut nonce)
                    .map_err(|error| LedgerError::Random(error.to_string()))?;
                let Some(part) = entry.parts.get_mut(index) else {
                    continue;
                };
                part.bytes = seal::seal(&key, &nonce, &context, &part.bytes)?;
                part.kind = PartKind::Sealed;
            }
            version = version.next();
        }
        Ok(())
    }

    /// The key under which a customer's data are sealed from now on; made where there is none yet.
    async fn sealing_key(
        &self,
        keys: &dyn KeyStore,
        customer: SubjectId,
    ) -> Result<DataKey, LedgerError> {
        self.learn_custody_once().await?;
        let mut epoch = 1;
        loop {
            let id = key_id(customer, epoch);
            let is_destroyed = self.vault().known().custodies.receipt(customer, epoch);
            match keys.find(id)? {
                Found::Live(_) if is_destroyed.is_some() => {
                    return Err(LedgerError::KeyRestored(customer));
                }
                Found::Live(key) => return Ok(key),
                Found::Unknown if is_destroyed.is_none() => {
                    // A key that was lost must not be made anew, so first every entry is read: one sealed under it
                    // cannot be.
                    if !self.vault().is_checked.load(Ordering::Acquire) {
                        self.check_every_key(keys).await?;
                        self.vault().is_checked.store(true, Ordering::Release);
                        continue;
                    }
                    match keys.create(id) {
                        // Somebody else was first.
                        Err(KeyStoreError::AlreadyKnown(_)) => {}
                        made => return Ok(made?),
                    }
                }
                Found::Destroyed(_) | Found::Unknown => epoch += 1,
            }
        }
    }

    /// Puts the text in the place of each sealed part; an erased one is taken away.
    pub(crate) async fn open_parts(&self, entry: &mut Entry) -> Result<(), LedgerError> {
        let is_open = |part: &Part| part.kind == PartKind::Plain;
        let Some(keys) = self.vault().keys() else {
            return Ok(());
        };
        if entry.content.parts.iter().all(is_open) {
            return Ok(());
        }
        let mut parts = Vec::with_capacity(entry.content.parts.len());
        for (index, part) in entry.content.parts.iter().enumerate() {
            let opened = self.open_part(keys, entry, index, part).await?;
            match (opened.verdict, opened.text) {
                (PartVerdict::Intact, Some(bytes)) => parts.push(Part {
                    kind: PartKind::Plain,
                    bytes,
                }),
                (PartVerdict::Intact, None) => parts.push(part.clone()),
                (PartVerdict::Erased { .. } | PartVerdict::Erasing, _) => {}
                (PartVerdict::Faulty(why), _) => {
                    return Err(LedgerError::Personal {
                        position: entry.position,
                        why,
                    });
                }
            }
        }
        entry.content.parts = parts;
        Ok(())
    }

    pub(crate) async fn open_part(
        &self,
        keys: &dyn KeyStore,
        entry: &Entry,
        index: usize,
        part: &Part,
    ) -> Result<Opened, LedgerError> {
        // What was recorded before the ledger sealed its data, erased or not.
        if part.kind == PartKind::Plain
            || (part.kind == PartKind::Erased && seal::key_of(part).is_none())
        {
            return Ok(PartVerdict::Intact.into());
        }
        self.learn_custody_once().await?;
        let ledger_id = self.store().ledger_id();
        let context = context(
            ledger_id,
            entry.stream.0,
            entry.version,
            &entry.content,
            index,
        );
        let opened = self.vault().open_part(keys, part, &context)?;
        if !matches!(opened.verdict, PartVerdict::Faulty(_)) {
            return Ok(opened);
        }
        // The ledger may say something that was not read yet.
        self.learn_custody().await?;
        self.vault().open_part(keys, part, &context)
    }

    async fn learn_custody_once(&self) -> Result<(), LedgerError> {
        if self.vault().known().is_read {
            return Ok(());
        }
        self.learn_custody().await
    }

    /// Reads what was recorded about customers' data since it was last asked for.
    pub(crate) async fn learn_custody(&self) -> Result<(), LedgerError> {
        loop {
            let next = self.vault().known().next;
            let stream = LedgerStream::Subjects.into();
            let entries = self.store().read_stream(stream, next, PAGE).await?;
            {
                let mut known = self.vault().known();
                for entry in entries.iter().filter(|entry| entry.version >= next) {
                    let fact = codec::decode_ledger(entry)?;
                    if entry.version == known.next {
                        known.custodies.evolve(fact.position, &fact.event);
                        known.next = known.next.next();
                    }
                }
            }
            if entries.len() < PAGE {
                self.vault().known().is_read = true;
                return Ok(());
            }
        }
    }

    /// Whether every key that an entry is sealed under is there, or was.
    async fn check_every_key(&self, keys: &dyn KeyStore) -> Result<(), LedgerError> {
        let mut known = keys.list()?.into_iter().collect::<BTreeSet<_>>();
        let mut next = Position::FIRST;
        loop {
            let entries = self.store().read_all(next, PAGE).await?;
            for entry in &entries {
                for id in entry.content.parts.iter().filter_map(seal::key_of) {
                    // A key may have been made since they were listed: it is there before an entry that is sealed under it.
                    if known.insert(id)
                        && matches!(keys.find(id)?, Found::Unknown)
                        && self
                            .vault()
                            .custodies()
                            .receipt(subject_of(id), id.epoch)
                            .is_none()
                    {
                        return Err(LedgerError::Personal {
                            position: entry.position,
                            why: PartFault::KeyMissing,
                        });
                    }
                }
            }
            match entries.last() {
                Some(last) => next = last.position.next(),
                None => return Ok(()),
            }
        }
    }

    /// Checks what an older copy of the key store would lack, or have too much: it has keys that were destroyed since, and
    /// not those of the newest entries.
    #[cfg(feature = "sqlite")]
    pub(crate) async fn check_keys(&self) -> Result<(), LedgerError> {
        self.check_restored().await?;
        let Some(head) = self.store().head().await? else {
            return Ok(());
        };
        let newest = u64::try_from(PAGE).unwrap_or(u64::MAX).saturating_sub(1);
        let first = Position::new(head.get().saturating_sub(newest));
        for mut entry in self.store().read_all(first, PAGE).await? {
            self.open_parts(&mut entry).await?;
        }
        Ok(())
    }

    /// Refuses keys that the ledger says were destroyed: an old copy of the key store was put back.
    pub(crate) async fn check_restored(&self) -> Result<(), LedgerError> {
        self.learn_custody().await?;
        let Some(keys) = self.vault().keys() else {
            return Ok(());
        };
        let custodies = self.vault().custodies();
        for (customer, epoch) in custodies.destroyed() {
            if matches!(keys.find(key_id(customer, epoch))?, Found::Live(_)) {
                return Err(LedgerError::KeyRestored(customer));
            }
        }
        Ok(())
    }
}
