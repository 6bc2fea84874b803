//! A rotation of the secret that is killed at any step: the ledger opens, and the same call ends what was begun.

use std::path::PathBuf;

use redress_core::event::{Customer, Received, ReceivedPersonal};
use redress_core::{Actor, Channel, Policy, SubjectId};
use redress_store::contract::child::{Child, wait_to_be_killed};
use tempfile::TempDir;

use super::*;
use crate::blocking::Ledger;

const FOLDER: &str = "REDRESS_KILL_REWRAP";
const FROM: &str = "REDRESS_KILL_REWRAP_FROM";
const TO: &str = "REDRESS_KILL_REWRAP_TO";
const STEP: &str = "REDRESS_KILL_REWRAP_STEP";

const UNDER_KEY_FILE: [&str; 3] = ["next key written", "keys rewrapped", "key file settled"];
const UNDER_SECRET: [&str; 2] = ["keys rewrapped", "key file removed"];

fn path(folder: &Path) -> PathBuf {
    folder.join("complaints.redress")
}

/// A secret by its name; `file` is the key file.
fn secret(name: &str) -> Option<WrappingKey> {
    match name {
        "one" => Some(WrappingKey::key([1; 32])),
        "other" => Some(WrappingKey::key([2; 32])),
        _ => None,
    }
}

fn open(folder: &Path, name: &str) -> Result<Ledger<SqliteStore>, LedgerError> {
    Ledger::open_with(path(folder), Policy::standard(), secret(name))
}

/// A ledger that holds something personal, its keys wrapped under this secret.
fn ledger(wrapped: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(folder.path(), wrapped).unwrap();
    let desk = "service_desk";
    let agent = Actor::human(
        "li.na".parse().unwrap(),
        "agent".parse().unwrap(),
        desk.parse().unwrap(),
    );
    let said = ReceivedPersonal {
        description: "要求退款".to_owned(),
        ..ReceivedPersonal::default()
    };
    let customer = Customer::anonymous(SubjectId::from_random([7; 16]));
    let id = agent.id.clone();
    let received = Received::new(customer, Channel::Post, id, desk.parse().unwrap(), said);
    ledger.receive(received, &agent).unwrap().unwrap();
    folder
}

/// Opens only if every part of the newest entries opens.
fn opens(folder: &Path, name: &str) -> bool {
    open(folder, name).is_ok()
}

/// What the child does; without the variables, when it is run as a test, it has nothing to do.
#[test]
fn child_is_killed_at_a_step() {
    let variable = |name| std::env::var(name).ok();
    let all = (
        variable(FOLDER),
        variable(FROM),
        variable(TO),
        variable(STEP),
    );
    let (Some(folder), Some(from), Some(to), Some(step)) = all else {
        return;
    };
    let ledger = path(Path::new(&folder));
    let id = SqliteStore::open_read_only(&ledger, Options::default()).unwrap();
    let files = Files::beside(&ledger, id.ledger_id());
    let reached = |name: &str| {
        if name == step {
            wait_to_be_killed(name);
        }
    };
    let from = secret(&from);
    match secret(&to) {
        Some(to) => files.rewrap_under(from.as_ref(), &to, &reached),
        None => files.rewrap_under_key_file(from.as_ref(), &reached),
    }
    .unwrap();
}

/// Kills a rotation at each of these steps, and ends it.
#[track_caller]
fn check(from: &str, to: &str, steps: &[&str]) {
    for step in steps {
        let told = format!("from {from} to {to}, killed after `{step}`");
        let folder = ledger(from);
        let folder = folder.path();
        let variables = [
            (FOLDER, folder.as_os_str()),
            (FROM, from.as_ref()),
            (TO, to.as_ref()),
            (STEP, step.as_ref()),
        ];
        let child = Child::start(
            "custody::rewrap::tests::child_is_killed_at_a_step",
            variables,
        );
        assert!(child.is_killed_at(step), "{told}: no such step");
        // Opening ends what was begun, so half of the cases are left as they are.
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(folder).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        assert!(opens(copy.path(), from) || opens(copy.path(), to), "{told}");
        assert!(!copy.path().join("complaints.next-key").exists(), "{told}");

        rewrap(path(folder), secret(from), secret(to)).expect(&told);
        assert!(opens(folder, to), "{told}");
        assert_eq!(opens(folder, from), from == to, "{told}");
        let is_file = |ending| path(folder).with_extension(ending).exists();
        assert_eq!(is_file("key"), secret(to).is_none(), "{told}");
        assert!(!is_file("next-key"), "{told}");
    }
}

#[test]
fn a_rotation_that_is_killed_is_ended_by_the_next() {
    check("file", "file", &UNDER_KEY_FILE);
    check("one", "file", &UNDER_KEY_FILE);
    check("file", "one", &UNDER_SECRET);
    check("one", "other", &UNDER_SECRET);
}

#[test]
fn a_rotation_touches_neither_the_ledger_nor_what_is_read_of_it() {
    let folder = ledger("file");
    let folder = folder.path();
    let before = std::fs::read(path(folder)).unwrap();
    let key = std::fs::read(path(folder).with_extension("key")).unwrap();
    rewrap(path(folder), None, None).unwrap();
    assert_eq!(std::fs::read(path(folder)).unwrap(), before);
    assert_ne!(
        std::fs::read(path(folder).with_extension("key")).unwrap(),
        key
    );
    assert!(opens(folder, "file"));
    assert!(Ledger::open_read_only(path(folder), Policy::standard(), None).is_ok());
}

#[test]
fn a_wrong_secret_rotates_nothing() {
    let folder = ledger("one");
    let folder = folder.path();
    let error = rewrap(path(folder), secret("other"), None).unwrap_err();
    assert!(
        error.to_string().contains("does not open with this"),
        "{error}"
    );
    assert!(opens(folder, "one"));
    assert!(!path(folder).with_extension("key").exists());
}

#[test]
fn a_ledger_that_is_open_is_not_rotated() {
    let folder = ledger("file");
    let _open = open(folder.path(), "file").unwrap();
    let error = rewrap(path(folder.path()), None, secret("one")).unwrap_err();
    assert!(
        error.to_string().contains("another program holds"),
        "{error}"
    );
    assert!(path(folder.path()).with_extension("key").exists());
}
