//! A key store in a file beside the ledger: a head, then a record for each key, in the order in which they were made.
//!
//! A file of its own rather than a database: a record stays where it is, so destroying a key overwrites the very bytes
//! that held it, and no journal keeps a copy. A record is on disk before its key is handed out.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redress_store::file::{self, sync_folder};
use uuid::Uuid;

use super::error::{KeyStoreError, random};
use super::record::Record;
use super::steps::reached;
use super::wrapping::{self, BLOCK, StoreKeys, WrappingKey};
use super::{DataKey, Found, KeyId, KeyStore};
use crate::hash::Hash;

/// A key store in a file. One program at a time holds it.
#[derive(Debug)]
pub struct FileKeys {
    path: PathBuf,
    ledger_id: Uuid,
    inner: Mutex<Inner>,
}

struct Inner {
    file: File,
    keys: StoreKeys,
    records: BTreeMap<KeyId, u64>,
    /// A write failed: what the file holds is known again after opening.
    stopped: bool,
    /// Another program may be writing.
    read_only: bool,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner")
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Closing the file would not do: a process that is just being started from this one may hold the same handle
        // for a moment, and with it the lock.
        self.file.unlock().ok();
    }
}

impl FileKeys {
    /// Makes a key store without keys where there is no file, readable by its owner alone.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`] where there is a file or it cannot be written, [`KeyStoreError::Random`],
    /// [`KeyStoreError::Passphrase`].
    pub fn create(
        path: impl Into<PathBuf>,
        ledger_id: Uuid,
        wrapping: &WrappingKey,
    ) -> Result<Self, KeyStoreError> {
        let path = path.into();
        if path.try_exists().unwrap_or(true) {
            let there = io::Error::from(io::ErrorKind::AlreadyExists);
            return Err(KeyStoreError::io(&path, "made", there));
        }
        let (head, keys) = wrapping::new_head(ledger_id, wrapping)?;
        let file = replace(&path, &head)?;
        Ok(Self::with(path, ledger_id, file, keys, BTreeMap::new()))
    }

    /// Opens a key store, and checks every record of it.
    ///
    /// What a program left that was killed while it made a key is removed: nobody was given that key.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError::Io`], [`KeyStoreError::Locked`], [`KeyStoreError::NotAKeyStore`], [`KeyStoreError::Damaged`],
    /// [`KeyStoreError::OtherLedger`], [`KeyStoreError::OtherWrapping`], [`KeyStoreError::WrongKey`].
    ///
    /// ```
    /// use redress_evidence::keys::{FileKeys, Found, KeyId, KeyStore, WrappingKey};
    /// use uuid::Uuid;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("complaints.keys");
    /// let (ledger, secret) = (Uuid::from_u128(1), WrappingKey::key([9; 32]));
    /// let id = KeyId { subject: [7; 16], epoch: 1 };
    ///
    /// let keys = FileKeys::create(&path, ledger, &secret)?;
    /// let commitment = keys.create(id)?.commitment();
    /// drop(keys);
    /// let keys = FileKeys::open(&path, ledger, &secret)?;
    /// assert!(matches!(keys.find(id)?, Found::Live(key) if key.commitment() == commitment));
    /// assert_eq!(keys.destroy(id)?, commitment);
    /// assert!(matches!(keys.find(id)?, Found::Destroyed(_)));
    /// assert!(keys.create(id).is_err(), "an erased key never comes back");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(
        path: impl Into<PathBuf>,
        ledger_id: Uuid,
        wrapping: &WrappingKey,
    ) -> Result<Self, KeyStoreError> {
        let path = path.into();
        let mut file = file::open_plain(&path)
            .and_then(|_plain| OpenOptions::new().read(true).write(true).open(&path))
            .map_err(|cause| KeyStoreError::io(&path, "opened", cause))?;
        lock(&file, &path)?;
        let keys = read_store_keys(&mut file, ledger_id, wrapping, &path)?;
        let (records, end) = read_records(&mut file, &keys, &path)?;
        cut_off(&file, end, &path)?;
        // A leftover of a rotation that did not come to its end holds keys under a secret that is to be forgotten.
        remove_leftover(&path)?;
        Ok(Self::with(path, ledger_id, file, keys, records))
    }

    /// Opens a key store for reading, also while another program holds it.
    ///
    /// # Errors
    ///
    /// As [`FileKeys::open`], but for [`KeyStoreError::Locked`].
    pub fn open_read_only(
        path: impl Into<PathBuf>,
        ledger_id: Uuid,
        wrapping: &WrappingKey,
    ) -> Result<Self, KeyStoreError> {
        let path = path.into();
        let mut file =
            file::open_plain(&path).map_err(|cause| KeyStoreError::io(&path, "opened", cause))?;
        let keys = read_store_keys(&mut file, ledger_id, wrapping, &path)?;
        let (records, _) = read_records(&mut file, &keys, &path)?;
        let mut opened = Self::with(path, ledger_id, file, keys, records);
        let inner = opened.inner.get_mut();
        inner.unwrap_or_else(PoisonError::into_inner).read_only = true;
        Ok(opened)
    }

    fn with(
        path: PathBuf,
        ledger_id: Uuid,
        file: File,
        keys: StoreKeys,
        records: BTreeMap<KeyId, u64>,
    ) -> Self {
        Self {
            path,
            ledger_id,
            inner: Mutex::new(Inner {
                file,
                keys,
                records,
                stopped: false,
                read_only: false,
            }),
        }
    }

    /// Wraps every key anew under another secret, and forgets the one before. The ledger stays as it is.
    ///
    /// The file is replaced at once: killed at any moment, one of the two secrets opens it. What was overwritten of
    /// destroyed keys becomes unreadable on any medium once the secret before is gone.
    ///
    /// # Errors
    ///
    /// [`KeyStoreError`]; one of the two secrets opens the store, the one before unless its folder could not be synchronised.
    pub fn rewrap(&self, wrapping: &WrappingKey) -> Result<(), KeyStoreError> {
        let mut inner = self.inner()?;
        self.check_writable(&inner)?;
        let (head, keys) = wrapping::new_head(self.ledger_id, wrapping)?;
        let mut content = head.to_vec();
        for number in 0..inner.count() {
            let record = self.record(&inner, number)?;
            let record = match record.is_live() {
                true => Record::live(number, &self.unwrap_key(&inner, number, &record)?, &keys)?,
                false => Record::destroyed(number, record.id(), &record.commitment(), &keys),
            };
            content.extend_from_slice(&record.0);
        }
        // Where it fails, the file that is held may no longer be the one that bears the name.
        inner.stopped = true;
        let file = replace(&self.path, &content)?;
        inner.stopped = false;
        let before = std::mem::replace(&mut inner.file, file);
        inner.keys = keys;
        drop(inner);
        // The new file is in place; that the old bytes are wiped too is only more care.
        wipe(&before).ok();
        reached("old bytes wiped");
        Ok(())
    }

    fn inner(&self) -> Result<MutexGuard<'_, Inner>, KeyStoreError> {
        // Whatever panicked here, `stopped` was set before the file was changed.
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.stopped {
            return Err(KeyStoreError::Stopped(self.path.clone()));
        }
        Ok(inner)
    }

    fn record(&self, inner: &Inner, number: u64) -> Result<Record, KeyStoreError> {
        let mut block = [0; BLOCK];
        let mut file = &inner.file;
        file.seek(SeekFrom::Start(offset(number)))
            .and_then(|_| file.read_exact(&mut block))
            .map_err(|cause| KeyStoreError::io(&self.path, "read", cause))?;
        Record::read(number, block, &inner.keys).ok_or_else(|| self.damaged(number))
    }

    fn unwrap_key(
        &self,
        inner: &Inner,
        number: u64,
        record: &Record,
    ) -> Result<DataKey, KeyStoreError> {
        record
            .unwrap_key(&inner.keys)
            .ok_or_else(|| self.damaged(number))
    }

    fn write(&self, inner: &mut Inner, number: u64, record: &Record) -> Result<(), KeyStoreError> {
        self.check_writable(inner)?;
        inner.stopped = true;
        reached("record to be written");
        let mut file = &inner.file;
        file.seek(SeekFrom::Start(offset(number)))
            .and_then(|_| file.write_all(&record.0))
            .inspect(|()| reached("record written"))
            .and_then(|()| file.sync_data())
            .map_err(|cause| KeyStoreError::io(&self.path, "written", cause))?;
        reached("record durable");
        inner.stopped = false;
        Ok(())
    }

    fn check_writable(&self, inner: &Inner) -> Result<(), KeyStoreError> {
        if inner.read_only {
            let cause = io::Error::from(io::ErrorKind::PermissionDenied);
            return Err(KeyStoreError::io(&self.path, "written", cause));
        }
        Ok(())
    }

    fn damaged(&self, number: u64) -> KeyStoreError {
        KeyStoreError::damaged(&self.path, format!("record {number}"))
    }
}

impl Inner {
    fn count(&self) -> u64 {
        u64::try_from(self.records.len()).unwrap_or(u64::MAX)
    }
}

impl KeyStore for FileKeys {
    fn find(&self, id: KeyId) -> Result<Found, KeyStoreError> {
        let mut inner = self.inner()?;
        if inner.read_only && !inner.records.contains_key(&id) {
            let Inner { file, keys, .. } = &mut *inner;
            let (records, _) = read_records(file, keys, &self.path)?;
            inner.records = records;
        }
        let Some(number) = inner.records.get(&id).copied() else {
            return Ok(Found::Unknown);
        };
        let record = self.record(&inner, number)?;
        if !record.is_live() {
            return Ok(Found::Destroyed(record.commitment()));
        }
        self.unwrap_key(&inner, number, &record).map(Found::Live)
    }

    fn create(&self, id: KeyId) -> Result<DataKey, KeyStoreError> {
        let mut inner = self.inner()?;
        if inner.records.contains_key(&id) {
            return Err(KeyStoreError::AlreadyKnown(id));
        }
        let key = DataKey::new(id, random()?);
        let number = inner.count();
        let record = Record::live(number, &key, &inner.keys)?;
        self.write(&mut inner, number, &record)?;
        inner.records.insert(id, number);
        Ok(key)
    }

    fn destroy(&self, id: KeyId) -> Result<Hash, KeyStoreError> {
        let mut inner = self.inner()?;
        let number = inner.records.get(&id).copied();
        let number = number.ok_or(KeyStoreError::Unknown(id))?;
        let record = self.record(&inner, number)?;
        let commitment = record.commitment();
        if record.is_live() {
            let record = Record::destroyed(number, id, &commitment, &inner.keys);
            self.write(&mut inner, number, &record)?;
        }
        Ok(commitment)
    }

    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        Ok(self.inner()?.records.keys().copied().collect())
    }
}

fn offset(number: u64) -> u64 {
    number.saturating_add(1).saturating_mul(BLOCK as u64)
}

/// Reads the head.
fn read_store_keys(
    file: &mut File,
    ledger_id: Uuid,
    wrapping: &WrappingKey,
    path: &Path,
) -> Result<StoreKeys, KeyStoreError> {
    let mut head = [0; BLOCK];
    let read = |cause| KeyStoreError::io(path, "read", cause);
    let length = file.metadata().map_err(read)?.len();
    if length < BLOCK as u64 {
        return Err(KeyStoreError::NotAKeyStore(path.to_path_buf()));
    }
    file.read_exact(&mut head).map_err(read)?;
    if !wrapping::is_head(&head) {
        return Err(KeyStoreError::NotAKeyStore(path.to_path_buf()));
    }
    wrapping::read_head(&head, ledger_id, wrapping, path)
}

/// Reads every record, and where the last one ends. What does not fill a block at the end, or is all zeros there, was
/// never finished.
fn read_records(
    file: &mut File,
    keys: &StoreKeys,
    path: &Path,
) -> Result<(BTreeMap<KeyId, u64>, u64), KeyStoreError> {
    let failed = |cause| KeyStoreError::io(path, "read", cause);
    let mut records = BTreeMap::new();
    file.seek(SeekFrom::Start(BLOCK as u64)).map_err(failed)?;
    let mut reader = BufReader::new(&*file);
    let mut number = 0_u64;
    let end = loop {
        let mut block = Vec::with_capacity(BLOCK);
        let limited = &mut reader.by_ref().take(BLOCK as u64);
        limited.read_to_end(&mut block).map_err(failed)?;
        let Ok(block) = <[u8; BLOCK]>::try_from(block) else {
            break offset(number);
        };
        let Some(record) = Record::read(number, block, keys) else {
            let is_last = reader.fill_buf().map_err(failed)?.is_empty();
            if is_last && block == [0; BLOCK] {
                break offset(number);
            }
            return Err(KeyStoreError::damaged(path, format!("record {number}")));
        };
        if records.insert(record.id(), number).is_some() {
            return Err(KeyStoreError::damaged(path, format!("record {number}")));
        }
        number = number.saturating_add(1);
    };
    Ok((records, end))
}

/// Removes what was never finished.
fn cut_off(file: &File, end: u64, path: &Path) -> Result<(), KeyStoreError> {
    let cut = || {
        if file.metadata()?.len() == end {
            return Ok(());
        }
        file.set_len(end)?;
        file.sync_data()
    };
    cut().map_err(|cause| KeyStoreError::io(path, "written", cause))
}

fn lock(file: &File, path: &Path) -> Result<(), KeyStoreError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => KeyStoreError::Locked(path.to_path_buf()),
        TryLockError::Error(cause) => KeyStoreError::io(path, "locked", cause),
    })
}

/// Removes what was left of a file that was to take the place of this one.
pub(super) fn remove_leftover(path: &Path) -> Result<(), KeyStoreError> {
    match fs::remove_file(file::temporary(path)) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(KeyStoreError::io(path, "tidied up", cause))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Puts a file of these bytes, readable by its owner alone, in the place of whatever stands there, durably and at once.
/// Returns it, locked.
pub(super) fn replace(path: &Path, content: &[u8]) -> Result<File, KeyStoreError> {
    remove_leftover(path)?;
    let new = file::temporary(path);
    let failed = |cause| KeyStoreError::io(path, "written", cause);
    reached("file to be made");
    let mut file = file::create_private(&new).map_err(failed)?;
    reached("file made");
    lock(&file, path)?;
    file.write_all(content)
        .inspect(|()| reached("file written"))
        .and_then(|()| file.sync_all())
        .inspect(|()| reached("file durable"))
        .and_then(|()| fs::rename(&new, path))
        .inspect(|()| reached("file renamed"))
        .and_then(|()| sync_folder(path))
        .map_err(failed)?;
    reached("name durable");
    Ok(file)
}

/// Overwrites a file with zeros, durably.
pub(super) fn wipe(mut file: &File) -> io::Result<()> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::repeat(0).take(length), &mut file)?;
    file.sync_all()
}
