//! A process that is killed at any step of an erasure, or of the first recording about a customer: nothing acknowledged is
//! lost, no key comes back, and the erasure comes to its end when it is asked for again.
//!
//! What lies between two writes to one file is killed where that file is written: the keys in `redress-evidence`.

use std::ffi::OsStr;
use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::evidence::Hash;
use redress::evidence::keys::{
    DataKey, FileKeys, Found, KeyId, KeyStore, KeyStoreError, WrappingKey,
};
use redress::sqlite::{Options, SqliteStore};
use redress::store::contract::child::{Child, wait_to_be_killed};
use redress::store::{
    Append, AppendError, Appended, Entry, EventStore, Remains, StoreError, StreamId,
};
use redress::{CommandId, ComplaintId, PartVerdict, Policy, Position, SystemEnvironment, Version};
use uuid::Uuid;

use crate::canary::hits;
use crate::desk::subject;
use crate::wishes::{WORDS, agent, note, receive};
use crate::world::LEDGER;

const FOLDER: &str = "REDRESS_KILL_ERASURE";
const STEP: &str = "REDRESS_KILL_ERASURE_STEP";
const TASK: &str = "REDRESS_KILL_ERASURE_TASK";

/// Waits to be killed before or after the one step that it was told of.
#[derive(Clone)]
struct Fuse(String);

impl Fuse {
    fn before(&self, step: &str) {
        self.reached(&format!("before {step}"));
    }

    fn after(&self, step: &str) {
        self.reached(&format!("after {step}"));
    }

    fn reached(&self, moment: &str) {
        if self.0 == moment {
            wait_to_be_killed(moment);
        }
    }

    fn around<T>(&self, step: &str, act: impl FnOnce() -> T) -> T {
        self.before(step);
        let done = act();
        self.after(step);
        done
    }
}

/// What an append is called here: by the kind of its first fact.
fn step_of(append: &Append) -> String {
    format!("fact {}", append.entries[0].event_type)
}

struct FusedKeys(FileKeys, Fuse);

impl KeyStore for FusedKeys {
    fn find(&self, id: KeyId) -> Result<Found, KeyStoreError> {
        self.0.find(id)
    }

    fn create(&self, id: KeyId) -> Result<DataKey, KeyStoreError> {
        self.1.around("key made", || self.0.create(id))
    }

    fn destroy(&self, id: KeyId) -> Result<Hash, KeyStoreError> {
        self.1.around("key destroyed", || self.0.destroy(id))
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
        let step = step_of(&append);
        self.1.before(&step);
        let appended = self.0.append(append).await;
        self.1.after(&step);
        appended
    }

    async fn erase_parts(&self, remains: Vec<Remains>) -> Result<usize, StoreError> {
        self.1.before("parts removed");
        let erased = self.0.erase_parts(remains).await;
        self.1.after("parts removed");
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
fn child_is_killed_at_a_step() {
    let variable = |name| std::env::var(name).ok();
    let (Some(folder), Some(step), Some(task)) = (variable(FOLDER), variable(STEP), variable(TASK))
    else {
        return;
    };
    let folder = Path::new(&folder);
    let fuse = Fuse(step);
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

/// Kills a child at this step.
#[track_caller]
fn kill_at(folder: &Path, task: &str, step: &str) {
    let variables: [(&str, &OsStr); 3] = [
        (FOLDER, folder.as_ref()),
        (STEP, step.as_ref()),
        (TASK, task.as_ref()),
    ];
    let child = Child::start("erasure_kill::child_is_killed_at_a_step", variables);
    assert!(child.is_killed_at(step), "{task} has no step `{step}`");
}

/// Before and after each of these steps.
fn moments<const N: usize>(steps: [&str; N]) -> Vec<String> {
    let around = |step| ["before", "after"].map(|when| format!("{when} {step}"));
    steps.into_iter().flat_map(around).collect()
}

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    drop(SqliteStore::create(path(folder.path()), LEDGER, Options::default()).unwrap());
    drop(open(folder.path()));
    folder
}

#[test]
fn an_erasure_that_is_killed_at_any_step_is_finished_by_the_next_one() {
    // 105 the request, 106 the receipt, 16 the tombstone.
    let steps = [
        "fact 105",
        "key destroyed",
        "fact 106",
        "parts removed",
        "fact 16",
    ];
    for (number, step) in moments(steps).iter().enumerate() {
        let folder = prepared();
        record(&open(folder.path()));
        kill_at(folder.path(), "erase", step);
        let ledger = open(folder.path());
        let verdicts = ledger.examine_parts(id()).unwrap();
        let all = |wanted: fn(&PartVerdict) -> bool| verdicts.iter().all(|(_, it)| wanted(it));
        let as_before = all(|it| matches!(it, PartVerdict::Intact));
        let under_way = all(|it| matches!(it, PartVerdict::Erasing | PartVerdict::Erased { .. }));
        // The key is gone from the moment after its destruction, and never before.
        let expected = if number < 3 { as_before } else { under_way };
        assert!(expected, "{step}: {verdicts:?}");
        let erasure = ledger.erase_subject(subject(), "GDPR Art. 17", &agent());
        let erasure = erasure.unwrap().unwrap();
        assert_eq!(erasure.keys, 1, "{step}");
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
        assert_eq!(tombstones.count(), 1, "{step}");
        drop(ledger);
        drop(open(folder.path()));
        assert_eq!(hits(folder.path(), WORDS), Vec::<String>::new(), "{step}");
    }
}

#[test]
fn a_recording_that_is_killed_at_any_step_leaves_no_ciphertext_without_its_key() {
    // 102 the founding rules, 1 the complaint, 10 the note.
    let moments = moments(["fact 102", "key made", "fact 1", "fact 10"]);
    for (step, recorded) in moments.iter().zip([0, 0, 0, 0, 0, 1, 1, 2]) {
        let folder = prepared();
        kill_at(folder.path(), "record", step);
        // It opens, so every sealed part has its key.
        let ledger = open(folder.path());
        assert_eq!(ledger.history(id()).unwrap().len(), recorded, "{step}");
        if recorded == 0 {
            record(&ledger);
        }
        let verdicts = ledger.examine_parts(id()).unwrap();
        assert!(!verdicts.is_empty());
        assert!(
            verdicts.iter().all(|(_, it)| *it == PartVerdict::Intact),
            "{step}"
        );
    }
}
