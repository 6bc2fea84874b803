//! A process that is killed at any step of making, destroying or rewrapping keys: what was acknowledged is there, what was
//! destroyed stays so, and what was begun can be done again.

use std::path::{Path, PathBuf};

use redress_store::contract::child::{Child, wait_to_be_killed};
use uuid::Uuid;

use crate::keys::{FileKeys, Found, KeyId, KeyStore, WrappingKey};

const FOLDER: &str = "REDRESS_KILL_KEYS";
const TASK: &str = "REDRESS_KILL_KEYS_TASK";
const STEP: &str = "REDRESS_KILL_KEYS_STEP";
const LEDGER: Uuid = Uuid::from_u128(1);

const RECORD: [&str; 3] = ["record to be written", "record written", "record durable"];
const FILE: [&str; 6] = [
    "file to be made",
    "file made",
    "file written",
    "file durable",
    "file renamed",
    "name durable",
];

/// In a child that was told to be killed here, the end.
pub(in crate::keys) fn reached(step: &str) {
    if std::env::var(STEP).is_ok_and(|told| told == step) {
        wait_to_be_killed(step);
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join("complaints.keys")
}

fn id(number: u8) -> KeyId {
    KeyId {
        subject: [number; 16],
        epoch: 1,
    }
}

fn before() -> WrappingKey {
    WrappingKey::key([3; 32])
}

fn after() -> WrappingKey {
    WrappingKey::key([4; 32])
}

/// What the child does; without the variables, when it is run as a test, it has nothing to do.
#[test]
fn child_is_killed_at_a_step() {
    let (Ok(folder), Ok(task)) = (std::env::var(FOLDER), std::env::var(TASK)) else {
        return;
    };
    let path = path(Path::new(&folder));
    if task == "found" {
        drop(FileKeys::create(path, LEDGER, &before()).unwrap());
        return;
    }
    let keys = FileKeys::open(path, LEDGER, &before()).unwrap();
    match task.as_str() {
        "make" => drop(keys.create(id(3)).unwrap()),
        "destroy" => drop(keys.destroy(id(1)).unwrap()),
        _ => keys.rewrap(&after()).unwrap(),
    }
}

/// Kills a child at a step of a task, in a folder of its own with two keys in the store.
fn killed(task: &str, step: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    if task != "found" {
        let keys = FileKeys::create(path(folder.path()), LEDGER, &before()).unwrap();
        keys.create(id(1)).unwrap();
        keys.create(id(2)).unwrap();
    }
    let told = folder.path().as_os_str();
    let variables = [(FOLDER, told), (TASK, task.as_ref()), (STEP, step.as_ref())];
    let child = Child::start("keys::steps::tests::child_is_killed_at_a_step", variables);
    assert!(child.is_killed_at(step), "{task} has no step `{step}`");
    folder
}

fn is_live(keys: &FileKeys, number: u8) -> bool {
    matches!(keys.find(id(number)).unwrap(), Found::Live(_))
}

#[test]
fn a_store_that_is_being_made_is_there_as_a_whole_or_not_at_all() {
    for (number, step) in FILE.into_iter().enumerate() {
        let folder = killed("found", step);
        let path = path(folder.path());
        assert_eq!(path.exists(), number >= 4, "{step}");
        if !path.exists() {
            drop(FileKeys::create(&path, LEDGER, &before()).unwrap());
        }
        let keys = FileKeys::open(&path, LEDGER, &before()).unwrap();
        assert_eq!(keys.list().unwrap(), []);
    }
}

#[test]
fn a_key_that_is_being_made_is_there_or_can_be_made() {
    for (number, step) in RECORD.into_iter().enumerate() {
        let folder = killed("make", step);
        let keys = FileKeys::open(path(folder.path()), LEDGER, &before()).unwrap();
        // Whoever was told of the key finds it; nobody was, before it was durable.
        assert_eq!(is_live(&keys, 3), number >= 1, "{step}");
        assert_eq!(keys.create(id(3)).is_ok(), number == 0);
        assert!(is_live(&keys, 1) && is_live(&keys, 2) && is_live(&keys, 3));
    }
}

#[test]
fn a_key_that_is_being_destroyed_is_whole_or_gone_for_ever() {
    for (number, step) in RECORD.into_iter().enumerate() {
        let folder = killed("destroy", step);
        let keys = FileKeys::open(path(folder.path()), LEDGER, &before()).unwrap();
        assert_eq!(is_live(&keys, 1), number == 0, "{step}");
        keys.destroy(id(1)).unwrap();
        assert!(!is_live(&keys, 1) && is_live(&keys, 2));
        assert!(keys.create(id(1)).is_err(), "it never comes back");
    }
}

#[test]
fn while_keys_are_rewrapped_one_of_the_two_secrets_opens_them_all() {
    let steps = [FILE.as_slice(), &["old bytes wiped"]].concat();
    for (number, step) in steps.into_iter().enumerate() {
        let folder = killed("rewrap", step);
        let open = |secret| FileKeys::open(path(folder.path()), LEDGER, secret);
        let (right, wrong) = match number {
            0..4 => (before(), after()),
            _ => (after(), before()),
        };
        assert!(open(&wrong).is_err(), "{step}");
        let keys = open(&right).unwrap();
        assert!(is_live(&keys, 1) && is_live(&keys, 2), "{step}");
        // Nothing wrapped under a secret that is not in force is left.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        keys.rewrap(&after()).unwrap();
        drop(keys);
        assert!(is_live(&open(&after()).unwrap(), 2));
    }
}
