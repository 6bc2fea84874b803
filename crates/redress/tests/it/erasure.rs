//! Erasing a customer, and what becomes of keys and parts: nothing brings them back, and nothing else reads as erased.

use std::fs;

use redress::blocking::Ledger;
use redress::evidence::keys::{FileKeys, KeyStore, WrappingKey};
use redress::sqlite::SqliteStore;
use redress::store::{EventStore, PartKind};
use redress::{Actor, LedgerError, NotErased, PartFault, PartVerdict, Policy};

use crate::canary::{CANARY, hits};
use crate::desk::{Desk, live, subject};
use crate::wishes::agent;
use crate::world::entries;

const BASIS: &str = "GDPR Art. 17";

fn officer() -> Actor {
    agent()
}

#[test]
fn what_is_recorded_after_an_erasure_has_a_key_of_its_own_and_can_be_erased_too() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    let first = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    let id = live(&ledger, subject(), CANARY);
    assert!(
        ledger
            .examine_parts(id)
            .unwrap()
            .iter()
            .all(|(_, it)| *it == PartVerdict::Intact)
    );
    let second = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    assert_eq!(
        (second.keys, second.parts, second.complaints.len()),
        (2, 9, 2)
    );
    assert!(second.receipt > first.receipt);
    drop(ledger.views().unwrap());
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
}

#[test]
fn an_old_key_store_is_refused_after_an_erasure() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    drop(ledger);
    let backup = fs::read(desk.beside("keys")).unwrap();
    let ledger = desk.open();
    ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    drop(ledger);
    fs::write(desk.beside("keys"), backup).unwrap();
    let error = desk.try_open().unwrap_err();
    assert!(
        matches!(error, LedgerError::KeyRestored(whose) if whose == subject()),
        "{error}"
    );
    assert!(!error.to_string().contains("Kanarien"));
}

#[test]
fn a_ledger_without_its_keys_does_not_open_and_makes_none_anew() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    drop(ledger);
    let keys = fs::read(desk.beside("keys")).unwrap();

    fs::remove_file(desk.beside("keys")).unwrap();
    assert!(matches!(desk.try_open(), Err(LedgerError::NoKeyStore(_))));
    assert!(!desk.beside("keys").exists());

    // An older copy, from before the customer came.
    fs::write(desk.beside("keys"), &keys[..256]).unwrap();
    let error = desk.try_open().unwrap_err();
    let missing = PartFault::KeyMissing;
    assert!(
        matches!(error, LedgerError::Personal { why, .. } if why == missing),
        "{error}"
    );
    assert_eq!(fs::read(desk.beside("keys")).unwrap(), &keys[..256]);

    let mut damaged = keys.clone();
    damaged[300] ^= 1;
    fs::write(desk.beside("keys"), damaged).unwrap();
    assert!(matches!(desk.try_open(), Err(LedgerError::Keys(error)) if error.is_damage()));

    fs::write(desk.beside("keys"), keys).unwrap();
    let secret = fs::read(desk.beside("key")).unwrap();
    fs::write(desk.beside("key"), "0".repeat(64)).unwrap();
    let error = desk.try_open().unwrap_err().to_string();
    assert!(
        error.contains("does not open with this passphrase or key"),
        "{error}"
    );
    fs::write(desk.beside("key"), secret).unwrap();
    assert!(desk.try_open().is_ok());
}

#[test]
fn a_passphrase_guards_a_ledger_and_leaves_no_key_file() {
    let desk = Desk::new();
    let open = |secret: &str| {
        let secret = WrappingKey::passphrase(secret);
        Ledger::open_with(desk.path(), Policy::standard(), secret)
    };
    let ledger = open("correct horse").unwrap();
    let id = live(&ledger, subject(), CANARY);
    drop(ledger);
    assert!(!desk.beside("key").exists());
    let error = open("wrong horse").unwrap_err().to_string();
    assert!(
        error.contains("does not open with this passphrase"),
        "{error}"
    );
    assert!(!error.contains("horse"));
    assert_eq!(
        open("correct horse")
            .unwrap()
            .examine_parts(id)
            .unwrap()
            .len(),
        9
    );
}

#[test]
fn a_key_that_was_destroyed_behind_the_ledgers_back_is_a_finding() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    let ledger_id = ledger.as_async().store().ledger_id();
    drop(ledger);
    let secret = WrappingKey::load(&desk.beside("key")).unwrap();
    let keys = FileKeys::open(desk.beside("keys"), ledger_id, &secret).unwrap();
    let id = keys.list().unwrap()[0];
    keys.destroy(id).unwrap();
    drop(keys);
    let error = desk.try_open().unwrap_err();
    let gone = PartFault::Missing;
    assert!(
        matches!(error, LedgerError::Personal { why, .. } if why == gone),
        "{error}"
    );
}

#[test]
fn a_ciphertext_that_was_altered_or_moved_is_a_finding() {
    let desk = Desk::new();
    let ledger = desk.open();
    let id = live(&ledger, subject(), CANARY);
    let sealed = entries(ledger.as_async().store());
    let positions: Vec<i64> = sealed
        .iter()
        .filter(|entry| {
            entry
                .content
                .parts
                .iter()
                .any(|part| part.kind == PartKind::Sealed)
        })
        .map(|entry| i64::try_from(entry.position.get()).unwrap())
        .collect();
    assert_eq!(positions.len(), 9);
    drop(ledger);
    let connection = rusqlite::Connection::open(desk.path()).unwrap();
    // The last byte of the first part, its key commitment in the second, the third in the place of the fourth.
    let part = |position: i64| -> Vec<u8> {
        let query = "SELECT bytes FROM parts WHERE position = ?1";
        connection
            .query_row(query, [position], |row| row.get(0))
            .unwrap()
    };
    let put = |position: i64, bytes: Vec<u8>| {
        let query = "UPDATE parts SET bytes = ?2 WHERE position = ?1";
        connection.execute(query, (position, bytes)).unwrap();
    };
    let mut altered = part(positions[0]);
    *altered.last_mut().unwrap() ^= 1;
    put(positions[0], altered);
    let mut swapped = part(positions[1]);
    swapped[50] ^= 1;
    put(positions[1], swapped);
    put(positions[3], part(positions[2]));
    drop(connection);
    assert!(desk.try_open().is_err());

    let ledger = Ledger::open_read_only(desk.path(), Policy::standard(), None).unwrap();
    let verdicts: Vec<PartVerdict> = ledger
        .examine_parts(id)
        .unwrap()
        .into_iter()
        .map(|(_, verdict)| verdict)
        .collect();
    let (intact, faulty) = (PartVerdict::Intact, PartVerdict::Faulty);
    assert_eq!(
        verdicts,
        [
            faulty(PartFault::Corrupt),
            faulty(PartFault::KeyMismatch),
            intact,
            faulty(PartFault::KeyMismatch),
            intact,
            intact,
            intact,
            intact,
            intact,
        ]
    );
}

#[test]
fn a_ledger_from_before_sealing_is_read_sealed_from_then_on_and_erased_whole() {
    let desk = Desk::new();
    let store = SqliteStore::create(desk.path(), crate::world::LEDGER, Default::default()).unwrap();
    let archive = redress::archive::Archive::in_memory(store.ledger_id()).unwrap();
    let plain = redress::Ledger::unsealed(
        store,
        archive,
        Policy::standard(),
        redress::SystemEnvironment,
    );
    let plain: Ledger<SqliteStore> = plain.into();
    let id = live(&plain, subject(), CANARY);
    assert_eq!(
        plain.erase_subject(subject(), BASIS, &officer()).unwrap(),
        Err(NotErased::NoKeys)
    );
    drop(plain);
    assert!(!hits(desk.folder.path(), CANARY).is_empty());
    let ledger = desk.open();
    assert_eq!(ledger.history(id).unwrap().len(), 11);
    live(&ledger, subject(), CANARY);
    let erasure = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    assert_eq!((erasure.keys, erasure.parts), (1, 18));
    drop(ledger);
    assert_eq!(hits(desk.folder.path(), CANARY), Vec::<String>::new());
    assert_eq!(desk.open().history(id).unwrap().len(), 12);
}
