//! A process that ends without notice at any step of an erasure, or of the making of a key: nothing acknowledged is lost,
//! no key comes back, and the erasure comes to its end when it is asked for again.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::evidence::Hash;
use redress::evidence::keys::{
    DataKey, FileKeys, Found, KeyId, KeyStore, KeyStoreError, WrappingKey,
};
use redress::sqlite::{Options, SqliteStore};
use redress::store::{
    Append, AppendError, Appended, Entry, EventStore, Remains, StoreError, StreamId,
};
use redress::{CommandId, ComplaintId, PartVerdict, Policy, Position, SystemEnvironment, Version};
use uuid::Uuid;

use crate::erasure::subject;
use crate::wishes::{agent, note, receive};
use crate::world::LEDGER;

const FOLDER: &str = "REDRESS_KILL_ERASURE";
const STEP: &str = "REDRESS_KILL_ERASURE_STEP";
const TASK: &str = "REDRESS_KILL_ERASURE_TASK";

/// Ends the process before and after the steps that change something, at the one that it was told.
#[derive(Clone)]
struct Fuse(Arc<AtomicU32>);

impl Fuse {
    fn burn(&self) {
        if self.0.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
    }

    fn around<T>(&self, act: impl FnOnce() -> T) -> T {
        self.burn();
        let done = act();
        self.burn();
        done
    }
}

struct FusedKeys(FileKeys, Fuse);

impl KeyStore for FusedKeys {
    fn find(&self, id: KeyId) -> Result<Found, KeyStoreError> {
        self.0.find(id)
    }

    fn create(&self, id: KeyId) -> Result<DataKey, KeyStoreError> {
        self.1.around(|| self.0.create(id))
    }

    fn destroy(&self, id: KeyId) -> Result<Hash, KeyStoreError> {
        self.1.around(|| self.0.destroy(id))
    }

    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        self.0.list()
    }
}

struct FusedStore(SqliteStore, Fuse);

impl EventStore for FusedStore {
    fn ledger_id(&self) -> Uuid {
        self.0.ledger_id()
    }

    async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.1.burn();
        let appended = self.0.append(append).await;
        self.1.burn();
        appended
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        self.1.burn();
        let erased = self.0.erase_parts(remains).await;
        self.1.burn();
        erased
    }

    async fn read_stream(
        &self,
        stream: StreamId,
        from: Version,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.0.read_stream(stream, from, limit).await
    }

    async fn read_all(&self, from: Position, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.0.read_all(from, limit).await
    }

    async fn read_command(&self, command: CommandId) -> Result<Vec<Entry>, StoreError> {
        self.0.read_command(command).await
    }

    async fn head(&self) -> Result<Option<Position>, StoreError> {
        self.0.head().await
    }

    async fn wait_for(&self, position: Position) -> Result<(), StoreError> {
        self.0.wait_for(position).await
    }
}

fn id() -> ComplaintId {
    crate::wishes::complaint(5)
}

fn path(folder: &Path) -> std::path::PathBuf {
    folder.join("complaints.redress")
}

fn secret() -> WrappingKey {
    WrappingKey::key([3; 32])
}

fn open(folder: &Path) -> Ledger<SqliteStore> {
    Ledger::open_with(path(folder), Policy::standard(), secret()).unwrap()
}

fn record(ledger: &Ledger<impl EventStore>) {
    let received = ledger.execute(id(), receive(), &agent()).unwrap();
    assert!(received.is_ok());
    assert!(
        ledger
            .execute(id(), note("seen"), &agent())
            .unwrap()
            .is_ok()
    );
}

/// What the child does; without the variables, when it is run as a test, it has nothing to do.
#[test]
fn child_ends_at_a_step() {
    let variable = |name| std::env::var(name).ok();
    let (Some(folder), Some(step), Some(task)) = (variable(FOLDER), variable(STEP), variable(TASK))
    else {
        return;
    };
    let folder = Path::new(&folder);
    let fuse = Fuse(Arc::new(AtomicU32::new(step.parse().unwrap())));
    let store = SqliteStore::open(path(folder), Options::default()).unwrap();
    let keys = FileKeys::open(path(folder).with_extension("keys"), LEDGER, &secret()).unwrap();
    let archive = Archive::open(path(folder).with_extension("views"), LEDGER).unwrap();
    let (store, keys) = (FusedStore(store, fuse.clone()), FusedKeys(keys, fuse));
    let founding = Policy::standard();
    let ledger = redress::Ledger::sealed(store, archive, founding, SystemEnvironment, keys);
    let ledger = Ledger::from(pollster::block_on(ledger).unwrap());
    if task == "record" {
        record(&ledger);
    } else {
        let erased = ledger.erase_subject(subject(), "GDPR Art. 17", &agent());
        assert!(erased.unwrap().is_ok());
    }
}

/// Whether the child was ended at this step; else it had fewer steps.
fn is_ended(folder: &Path, task: &str, step: u32) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "erasure_kill::child_ends_at_a_step"])
        .env(FOLDER, folder)
        .env(STEP, step.to_string())
        .env(TASK, task)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    !status.unwrap().success()
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(SqliteStore::create(path(folder.path()), LEDGER, Options::default()).unwrap());
    drop(open(folder.path()));
    folder
}

#[test]
fn an_erasure_that_ends_at_any_step_is_finished_by_the_next_one() {
    let mut ended = 0;
    for step in 1.. {
        let folder = prepared();
        record(&open(folder.path()));
        if !is_ended(folder.path(), "erase", step) {
            break;
        }
        ended += 1;
        let ledger = open(folder.path());
        let verdicts = ledger.examine_parts(id()).unwrap();
        let all = |wanted: fn(&PartVerdict) -> bool| verdicts.iter().all(|(_, it)| wanted(it));
        let as_before = all(|it| matches!(it, PartVerdict::Intact));
        let under_way = all(|it| matches!(it, PartVerdict::Erasing | PartVerdict::Erased { .. }));
        assert!(as_before || under_way, "step {step}: {verdicts:?}");
        let erasure = ledger.erase_subject(subject(), "GDPR Art. 17", &agent());
        let erasure = erasure.unwrap().unwrap();
        assert_eq!(erasure.keys, 1, "step {step}");
        let receipt = erasure.receipt;
        let verdicts = ledger.examine_parts(id()).unwrap();
        assert_eq!(verdicts.len(), 2);
        assert!(
            verdicts
                .iter()
                .all(|(_, it)| *it == PartVerdict::Erased { receipt })
        );
        let custody = ledger.custody(subject()).unwrap();
        assert_eq!(custody.under_way(), None);
        let tombstones = ledger.history(id()).unwrap();
        let tombstones = tombstones
            .iter()
            .filter(|fact| fact.event.event_type().number() == 16);
        assert_eq!(tombstones.count(), 1, "step {step}");
        drop(ledger);
        drop(open(folder.path()));
    }
    // Before and after each of: request, key, receipt, ciphertext, tombstone.
    assert_eq!(ended, 10);
}

#[test]
fn a_recording_that_ends_at_any_step_leaves_no_ciphertext_without_its_key() {
    let mut ended = 0;
    for step in 1.. {
        let folder = prepared();
        if !is_ended(folder.path(), "record", step) {
            break;
        }
        ended += 1;
        // It opens, so every sealed part has its key.
        let ledger = open(folder.path());
        if ledger.history(id()).unwrap().is_empty() {
            record(&ledger);
        }
        let verdicts = ledger.examine_parts(id()).unwrap();
        assert!(!verdicts.is_empty());
        assert!(
            verdicts.iter().all(|(_, it)| *it == PartVerdict::Intact),
            "step {step}"
        );
    }
    // Before and after each of: the founding rules, the key, two facts.
    assert_eq!(ended, 8);
}
