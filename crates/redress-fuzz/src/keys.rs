//! The file of a key store.

use std::fs;
use std::path::Path;

use redress_evidence::keys::{FileKeys, Found, KeyId, KeyStore as _, KeyStoreError, WrappingKey};
use uuid::Uuid;

const LEDGER: Uuid = Uuid::from_u128(0x1ed6e7);

fn open(path: &Path) -> Result<FileKeys, KeyStoreError> {
    FileKeys::open(path, LEDGER, &WrappingKey::key([9; 32]))
}

/// Takes the input for the file.
pub(crate) fn check(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fuzz.keys");
    fs::write(&path, bytes).unwrap();
    let Ok(keys) = open(&path) else {
        assert_eq!(
            fs::read(&path).unwrap(),
            bytes,
            "what is refused stays as it is"
        );
        return;
    };
    // What a killed program left at the end is gone; everything before it is as it was.
    let kept = fs::read(&path).unwrap();
    assert!(bytes.starts_with(&kept) && kept.len().is_multiple_of(256));
    let ids = keys.list().unwrap();
    assert_eq!(ids.len(), kept.len() / 256 - 1);
    check_each(&keys, &ids);
    drop(keys);
    let again = open(&path).unwrap();
    assert_eq!(again.list().unwrap(), ids);
}

/// Every key is the one that it says; one that is destroyed stays so, and none is made twice.
fn check_each(keys: &FileKeys, ids: &[KeyId]) {
    for id in ids {
        let commitment = match keys.find(*id).unwrap() {
            Found::Live(key) => key.commitment(),
            Found::Destroyed(commitment) => commitment,
            Found::Unknown => unreachable!("it was listed"),
        };
        assert!(keys.create(*id).is_err());
        assert_eq!(keys.destroy(*id).unwrap(), commitment);
        assert!(matches!(keys.find(*id).unwrap(), Found::Destroyed(left) if left == commitment));
    }
}

/// An empty store, one with a live and a destroyed key, and what a killed program can leave of it.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("seed.keys");
    let keys = FileKeys::create(&path, LEDGER, &WrappingKey::key([9; 32])).unwrap();
    let empty = fs::read(&path).unwrap();
    for number in 1..3 {
        let id = KeyId {
            subject: [number; 16],
            epoch: 1,
        };
        keys.create(id).unwrap();
        if number == 2 {
            keys.destroy(id).unwrap();
        }
    }
    let full = fs::read(&path).unwrap();
    let torn = full[..full.len() - 9].to_vec();
    let grown = [full.as_slice(), &[0; 256]].concat();
    vec![empty, full, torn, grown]
}
