//! The key store in a file: what it promises, what it refuses, and every bit of it altered.

use std::fs;
use std::path::PathBuf;

use redress_evidence::Hash;
use redress_evidence::keys::{FileKeys, Found, KeyId, KeyStore, KeyStoreError, WrappingKey};
use tempfile::TempDir;
use uuid::Uuid;

const LEDGER: Uuid = Uuid::from_u128(0x1ed6e7);

fn secret() -> WrappingKey {
    WrappingKey::key([9; 32])
}

fn id(number: u8) -> KeyId {
    KeyId {
        subject: [number; 16],
        epoch: 1,
    }
}

struct Folder {
    folder: TempDir,
}

impl Folder {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("complaints.keys")
    }

    fn create(&self) -> FileKeys {
        FileKeys::create(self.path(), LEDGER, &secret()).unwrap()
    }

    fn open(&self) -> Result<FileKeys, KeyStoreError> {
        FileKeys::open(self.path(), LEDGER, &secret())
    }
}

fn live(keys: &FileKeys, id: KeyId) -> Option<Hash> {
    match keys.find(id).unwrap() {
        Found::Live(key) => Some(key.commitment()),
        Found::Destroyed(_) | Found::Unknown => None,
    }
}

#[test]
fn keys_are_there_again_after_opening() {
    let folder = Folder::new();
    let keys = folder.create();
    let made: Vec<Hash> = (0..20)
        .map(|number| keys.create(id(number)).unwrap().commitment())
        .collect();
    drop(keys);
    let keys = folder.open().unwrap();
    for (number, commitment) in (0..20).zip(&made) {
        assert_eq!(live(&keys, id(number)), Some(*commitment));
    }
    assert!(matches!(keys.find(id(99)).unwrap(), Found::Unknown));
    assert_eq!(keys.list().unwrap().len(), 20);
    assert_eq!(fs::metadata(folder.path()).unwrap().len(), 21 * 256);
}

#[cfg(unix)]
#[test]
fn its_owner_alone_reads_it() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let keys = folder.create();
    let mode = || fs::metadata(folder.path()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    keys.rewrap(&WrappingKey::key([8; 32])).unwrap();
    assert_eq!(mode(), 0o600);
}

#[test]
fn a_destroyed_key_is_gone_from_the_file_and_never_comes_back() {
    let folder = Folder::new();
    let keys = folder.create();
    let commitment = keys.create(id(1)).unwrap().commitment();
    keys.create(id(2)).unwrap();
    let before = fs::read(folder.path()).unwrap();
    assert_eq!(keys.destroy(id(1)).unwrap(), commitment);
    assert_eq!(
        keys.destroy(id(1)).unwrap(),
        commitment,
        "again is no failure"
    );
    let wrapped = &before[256 + 53..256 + 157];
    let after = fs::read(folder.path()).unwrap();
    assert!(
        !after
            .windows(16)
            .any(|window| wrapped.windows(16).any(|it| it == window && it != [0; 16]))
    );
    drop(keys);
    let keys = folder.open().unwrap();
    assert!(matches!(keys.find(id(1)).unwrap(), Found::Destroyed(it) if it == commitment));
    assert!(matches!(
        keys.create(id(1)),
        Err(KeyStoreError::AlreadyKnown(_))
    ));
    assert!(live(&keys, id(2)).is_some());
    assert!(matches!(
        keys.destroy(id(3)),
        Err(KeyStoreError::Unknown(_))
    ));
    let next = KeyId { epoch: 2, ..id(1) };
    assert_ne!(keys.create(next).unwrap().commitment(), commitment);
}

#[test]
fn rewrapping_keeps_the_keys_and_forgets_the_secret() {
    let folder = Folder::new();
    let keys = folder.create();
    let first = keys.create(id(1)).unwrap().commitment();
    let second = keys.create(id(2)).unwrap().commitment();
    keys.destroy(id(2)).unwrap();
    let other = WrappingKey::key([8; 32]);
    keys.rewrap(&other).unwrap();
    assert_eq!(live(&keys, id(1)), Some(first));
    let third = keys.create(id(3)).unwrap().commitment();
    drop(keys);
    assert!(matches!(folder.open(), Err(KeyStoreError::WrongKey(_))));
    let keys = FileKeys::open(folder.path(), LEDGER, &other).unwrap();
    assert_eq!(live(&keys, id(1)), Some(first));
    assert!(matches!(keys.find(id(2)).unwrap(), Found::Destroyed(it) if it == second));
    assert_eq!(live(&keys, id(3)), Some(third));
}

#[test]
fn a_passphrase_opens_it_and_another_one_does_not() {
    let folder = Folder::new();
    let right = WrappingKey::passphrase("correct horse battery staple");
    let keys = FileKeys::create(folder.path(), LEDGER, &right).unwrap();
    let made = keys.create(id(1)).unwrap().commitment();
    drop(keys);
    let open = |secret: &WrappingKey| FileKeys::open(folder.path(), LEDGER, secret);
    assert_eq!(live(&open(&right).unwrap(), id(1)), Some(made));
    let error = open(&WrappingKey::passphrase("correct horse")).unwrap_err();
    assert!(matches!(error, KeyStoreError::WrongKey(_)));
    let text = error.to_string();
    assert!(
        text.contains("does not open with this passphrase or key"),
        "{text}"
    );
    assert!(!text.contains("horse") && !format!("{right:?}").contains("horse"));
    let error = open(&secret()).unwrap_err();
    assert!(
        matches!(error, KeyStoreError::OtherWrapping { .. }),
        "{error}"
    );
}

#[test]
fn a_head_that_asks_for_too_much_is_refused() {
    let folder = Folder::new();
    let right = WrappingKey::passphrase("a");
    drop(FileKeys::create(folder.path(), LEDGER, &right).unwrap());
    let mut bytes = fs::read(folder.path()).unwrap();
    bytes[33..37].copy_from_slice(&u32::MAX.to_be_bytes());
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes[..192]);
    bytes[192..224].copy_from_slice(&digest);
    fs::write(folder.path(), bytes).unwrap();
    let error = FileKeys::open(folder.path(), LEDGER, &right).unwrap_err();
    assert!(matches!(error, KeyStoreError::Passphrase(_)), "{error}");
}

#[test]
fn one_program_at_a_time_holds_it() {
    let folder = Folder::new();
    let keys = folder.create();
    assert!(matches!(folder.open(), Err(KeyStoreError::Locked(_))));
    keys.rewrap(&secret()).unwrap();
    assert!(matches!(folder.open(), Err(KeyStoreError::Locked(_))));
    drop(keys);
    assert!(folder.open().is_ok());
}

#[test]
fn another_ledgers_store_or_another_file_is_refused() {
    let folder = Folder::new();
    drop(folder.create());
    let other = FileKeys::open(folder.path(), Uuid::from_u128(2), &secret());
    assert!(matches!(other, Err(KeyStoreError::OtherLedger(_))));
    assert!(matches!(
        FileKeys::create(folder.path(), LEDGER, &secret()),
        Err(KeyStoreError::Io { .. })
    ));
    for content in [vec![], b"hello".to_vec(), vec![7; 1000]] {
        fs::write(folder.path(), &content).unwrap();
        assert!(matches!(folder.open(), Err(KeyStoreError::NotAKeyStore(_))));
        assert_eq!(fs::read(folder.path()).unwrap(), content);
    }
    fs::remove_file(folder.path()).unwrap();
    assert!(matches!(folder.open(), Err(KeyStoreError::Io { .. })));
}

/// A head, a live key, a destroyed one, a live one.
fn three(folder: &Folder) -> Vec<u8> {
    let keys = folder.create();
    for number in 0..3 {
        keys.create(id(number)).unwrap();
    }
    keys.destroy(id(1)).unwrap();
    fs::read(folder.path()).unwrap()
}

#[test]
fn every_altered_bit_is_found() {
    let folder = Folder::new();
    let whole = three(&folder);
    let mut flipped = 0;
    for bit in 0..whole.len() * 8 {
        let mut altered = whole.clone();
        altered[bit / 8] ^= 1 << (bit % 8);
        fs::write(folder.path(), &altered).unwrap();
        let error = folder.open().unwrap_err();
        let record = bit / 8 / 256;
        if record > 0 {
            let place = format!("record {}", record - 1);
            assert!(error.to_string().contains(&place), "bit {bit}: {error}");
        }
        flipped += 1;
    }
    assert_eq!(flipped, 4 * 256 * 8);
}

#[test]
fn swapped_and_repeated_records_are_found() {
    let folder = Folder::new();
    let whole = three(&folder);
    let block = |number: usize| &whole[number * 256..(number + 1) * 256];
    for order in [[0, 3, 2, 1], [0, 1, 1, 3], [0, 2, 3, 3]] {
        let content: Vec<u8> = order
            .iter()
            .flat_map(|number| block(*number))
            .copied()
            .collect();
        fs::write(folder.path(), content).unwrap();
        assert!(folder.open().unwrap_err().is_damage(), "{order:?}");
    }
}

#[test]
fn what_a_killed_program_left_of_a_record_is_removed() {
    let folder = Folder::new();
    let whole = three(&folder);
    for kept in 1..256 {
        fs::write(folder.path(), &whole[..768 + kept]).unwrap();
        assert_eq!(
            folder.open().unwrap().list().unwrap().len(),
            2,
            "{kept} bytes"
        );
        assert_eq!(fs::metadata(folder.path()).unwrap().len(), 768);
    }
    // The file grew, and nothing was written yet.
    fs::write(folder.path(), [&whole[..768], &[0; 256]].concat()).unwrap();
    let keys = folder.open().unwrap();
    assert_eq!(keys.list().unwrap().len(), 2);
    keys.create(id(7)).unwrap();
    drop(keys);
    assert_eq!(folder.open().unwrap().list().unwrap().len(), 3);
    // But not in the middle.
    fs::write(
        folder.path(),
        [&whole[..512], &[0; 256], &whole[768..]].concat(),
    )
    .unwrap();
    assert!(folder.open().unwrap_err().is_damage());
}

#[test]
fn a_rotation_that_was_killed_leaves_the_store_as_it_was() {
    let folder = Folder::new();
    let whole = three(&folder);
    let beside = folder.path().with_extension("keys.new");
    fs::write(&beside, &whole[..700]).unwrap();
    assert_eq!(folder.open().unwrap().list().unwrap().len(), 3);
    assert!(!beside.exists());
}
