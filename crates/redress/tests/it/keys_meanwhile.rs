//! A key that another thread makes while every entry is checked is not taken for a lost one.

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::event::{Customer, Received};
use redress::evidence::Hash;
use redress::evidence::keys::{
    DataKey, FileKeys, Found, KeyId, KeyStore, KeyStoreError, WrappingKey,
};
use redress::sqlite::{Options, SqliteStore};
use redress::store::EventStore;
use redress::{Policy, SystemEnvironment};

use crate::wishes::{agent, receive};

/// A key store whose list was taken before there were any keys.
struct ListedEarlier(FileKeys);

impl KeyStore for ListedEarlier {
    fn find(&self, id: KeyId) -> Result<Found, KeyStoreError> {
        self.0.find(id)
    }

    fn create(&self, id: KeyId) -> Result<DataKey, KeyStoreError> {
        self.0.create(id)
    }

    fn destroy(&self, id: KeyId) -> Result<Hash, KeyStoreError> {
        self.0.destroy(id)
    }

    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        Ok(Vec::new())
    }
}

/// A complaint of a customer who is new.
fn of_somebody_new(ledger: &Ledger<SqliteStore>) -> Received {
    let subject = ledger.new_subject().unwrap();
    Received {
        external_ref: None,
        customer: Customer::anonymous(subject),
        ..receive()
    }
}

#[test]
fn a_key_made_while_every_entry_is_checked_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let ledger = Ledger::open(&path, Policy::standard()).unwrap();
    let received = of_somebody_new(&ledger);
    ledger.receive(received, &agent()).unwrap().unwrap();
    drop(ledger);

    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let id = store.ledger_id();
    let secret = WrappingKey::load(&path.with_extension("key")).unwrap();
    let keys = FileKeys::open(path.with_extension("keys"), id, &secret).unwrap();
    let ledger = redress::Ledger::sealed(
        store,
        Archive::in_memory(id).unwrap(),
        Policy::standard(),
        SystemEnvironment,
        ListedEarlier(keys),
    );
    let ledger = Ledger::from(pollster::block_on(ledger).unwrap());
    // The first key that this ledger makes: every entry is read before it, one of them sealed under a key not listed.
    let received = of_somebody_new(&ledger);
    ledger.receive(received, &agent()).unwrap().unwrap();
}
