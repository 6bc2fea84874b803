//! Opening: what is no ledger, or cannot be used, gets a clear error and stays exactly as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pollster::block_on;
use redress_core::Position;
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::{append, entry};
use redress_store::{AppendError, EventStore, ExpectedVersion, StoreError, StoreErrorKind};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(0x1ed);

/// A folder with a ledger of three entries at rest.
pub(crate) fn ledger() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("complaints.redress");
    let store = SqliteStore::create(&path, ID, Options::default()).unwrap();
    fill(&store, 1, 3);
    (folder, path)
}

/// Appends `count` entries, one at a time, as commands from `first` on.
pub(crate) fn fill(store: &SqliteStore, first: u128, count: u32) {
    for number in 0..count {
        let command = first + u128::from(number);
        let next = append(1, ExpectedVersion::Any, vec![entry(command, number)]);
        block_on(store.append(next)).unwrap();
    }
}

/// Every file of a folder with its bytes.
pub(crate) fn listing(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|item| item.unwrap().path())
        .map(|path| {
            let bytes = if path.is_file() {
                fs::read(&path).unwrap()
            } else {
                Vec::new()
            };
            (path, bytes)
        })
        .collect()
}

/// Tries every way to open `path` and checks the error of each, and that the folder stays as it was.
#[track_caller]
fn check_refused(folder: &Path, path: &Path, kind: StoreErrorKind, words: &str) {
    let before = listing(folder);
    let options = Options::default;
    let ways: [&dyn Fn() -> Result<SqliteStore, StoreError>; 3] = [
        &|| SqliteStore::open(path, options()),
        &|| SqliteStore::open_or_create(path, ID, options()),
        &|| SqliteStore::open_read_only(path, options()),
    ];
    for way in ways {
        let Err(error) = way() else {
            panic!("it was opened");
        };
        assert_eq!(error.kind(), kind, "{error}");
        let message = error.to_string();
        assert!(message.contains(words), "{message}");
        assert!(message.contains(path.file_name().unwrap().to_str().unwrap()));
        assert!(listing(folder) == before, "something was changed on disk");
    }
}

#[test]
fn files_that_are_no_ledgers() {
    let folder = tempfile::tempdir().unwrap();
    let binary: Vec<u8> = (0..100_000_u32)
        .map(|n| u8::try_from(n * 31 % 251).unwrap())
        .collect();
    let table = "id,时间\n1,2026\n".repeat(1000);
    let files: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("short.txt", b"hello"),
        ("long.csv", table.as_bytes()),
        ("magic", b"SQLite format 3\0"),
        ("binary %3F?#.bin", &binary),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        check_refused(
            folder.path(),
            &path,
            StoreErrorKind::NotALedger,
            "not a redress ledger",
        );
    }
}

#[test]
fn databases_of_others() {
    for journal in ["delete", "wal"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.db");
        let other = Connection::open(&path).unwrap();
        other.pragma_update(None, "journal_mode", journal).unwrap();
        other
            .execute_batch("CREATE TABLE entries (position INTEGER); PRAGMA user_version = 1;")
            .unwrap();
        let kind = StoreErrorKind::NotALedger;
        check_refused(folder.path(), &path, kind, "not a redress ledger");
        drop(other);
        check_refused(folder.path(), &path, kind, "not a redress ledger");
    }
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("folder");
    fs::create_dir(&path).unwrap();
    check_refused(folder.path(), &path, StoreErrorKind::NotALedger, "a folder");
}

#[test]
fn a_newer_format() {
    let (folder, path) = ledger();
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    check_refused(
        folder.path(),
        &path,
        StoreErrorKind::NewerFormat,
        "format 2",
    );
}

#[test]
fn a_format_that_never_was() {
    let (folder, path) = ledger();
    let connection = Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 0).unwrap();
    drop(connection);
    check_refused(folder.path(), &path, StoreErrorKind::Damaged, "format 0");
}

#[test]
fn every_truncation() {
    let (folder, path) = ledger();
    let whole = fs::read(&path).unwrap();
    let page = 4096;
    assert_eq!(whole.len() % page, 0);
    for length in (0..whole.len()).step_by(1000) {
        fs::write(&path, &whole[..length]).unwrap();
        // The name of the file stands in its first 100 bytes; without them it is nothing.
        let kind = if length < 100 {
            StoreErrorKind::NotALedger
        } else {
            StoreErrorKind::Damaged
        };
        check_refused(folder.path(), &path, kind, "");
    }
    for length in (page..whole.len()).step_by(page) {
        fs::write(&path, &whole[..length]).unwrap();
        check_refused(folder.path(), &path, StoreErrorKind::Damaged, "damaged");
    }
}

#[test]
fn a_truncation_without_the_lock_file() {
    let (folder, path) = ledger();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..8192]).unwrap();
    fs::remove_file(folder.path().join("complaints.redress-lock")).unwrap();
    check_refused(folder.path(), &path, StoreErrorKind::Damaged, "damaged");
}

#[test]
fn tables_that_are_missing_or_changed() {
    for change in [
        "DROP TABLE meta",
        "DELETE FROM meta",
        "INSERT INTO meta VALUES (x'00')",
        "UPDATE meta SET ledger_id = x'0011'",
        "DROP TABLE entries",
        "ALTER TABLE entries RENAME COLUMN recorded_at TO seen_at",
    ] {
        let (folder, path) = ledger();
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(change).unwrap();
        drop(connection);
        check_refused(folder.path(), &path, StoreErrorKind::Damaged, "damaged");
    }
}

#[test]
fn a_missing_file_or_folder() {
    let folder = tempfile::tempdir().unwrap();
    for path in ["none.redress", "no-folder/none.redress"] {
        let path = folder.path().join(path);
        for opened in [
            SqliteStore::open(&path, Options::default()),
            SqliteStore::open_read_only(&path, Options::default()),
        ] {
            let error = opened.err().unwrap();
            assert_eq!(error.kind(), StoreErrorKind::NotFound, "{error}");
        }
    }
    let nowhere = folder.path().join("no-folder/none.redress");
    for created in [
        SqliteStore::create(&nowhere, ID, Options::default()),
        SqliteStore::open_or_create(&nowhere, ID, Options::default()),
    ] {
        assert_eq!(created.err().unwrap().kind(), StoreErrorKind::NotFound);
    }
    assert!(listing(folder.path()).is_empty());
}

#[test]
fn a_ledger_that_is_being_written() {
    let (folder, path) = ledger();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    fill(&store, 10, 2);
    let before = listing(folder.path());
    for second in [
        SqliteStore::open(&path, Options::default()),
        SqliteStore::open_or_create(&path, ID, Options::default()),
    ] {
        let error = second.err().unwrap();
        assert!(error.is_locked(), "{error}");
        assert!(error.to_string().contains("another program writes"));
    }
    assert!(listing(folder.path()) == before);
    fill(&store, 20, 1);
    drop(store);
    SqliteStore::open(&path, Options::default()).unwrap();
}

#[cfg(unix)]
#[test]
fn a_link_to_a_ledger_that_is_being_written() {
    let (folder, path) = ledger();
    let link = folder.path().join("link.redress");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let second = SqliteStore::open(&link, Options::default());
    assert!(second.err().unwrap().is_locked());
    drop(store);
    let through_link = SqliteStore::open(&link, Options::default()).unwrap();
    assert_eq!(through_link.path(), path.canonicalize().unwrap());
}

#[test]
fn a_write_protected_ledger() {
    let (folder, path) = ledger();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let before = listing(folder.path());
    let error = SqliteStore::open(&path, Options::default()).err().unwrap();
    assert_eq!(error.kind(), StoreErrorKind::ReadOnly, "{error}");
    assert!(listing(folder.path()) == before);

    let store = SqliteStore::open_read_only(&path, Options::default()).unwrap();
    assert_eq!(block_on(store.head()).unwrap(), Some(Position::new(2)));
    drop(store);
    assert!(listing(folder.path()) == before);
}

#[test]
fn a_store_that_only_reads() {
    let (folder, path) = ledger();
    let before = listing(folder.path());
    let store = SqliteStore::open_read_only(&path, Options::default()).unwrap();
    assert_eq!(store.ledger_id(), ID);
    let entries = block_on(store.read_all(Position::FIRST, 10)).unwrap();
    assert_eq!(entries.len(), 3);
    let refused = block_on(store.append(append(1, ExpectedVersion::Any, vec![entry(9, 1)])));
    match refused {
        Err(AppendError::Store(error)) => assert_eq!(error.kind(), StoreErrorKind::ReadOnly),
        other => panic!("{other:?}"),
    }
    drop(store);
    assert!(listing(folder.path()) == before);
}

#[test]
fn creating_takes_no_name_that_is_taken() {
    let (folder, path) = ledger();
    let stray = folder.path().join("stray.redress");
    fs::write(
        folder.path().join("stray.redress-wal"),
        b"of another ledger",
    )
    .unwrap();
    let before = listing(folder.path());
    for path in [path.as_path(), folder.path(), &stray] {
        let error = SqliteStore::create(path, ID, Options::default())
            .err()
            .unwrap();
        assert_eq!(error.kind(), StoreErrorKind::AlreadyExists, "{error}");
        assert!(listing(folder.path()) == before);
    }
}

#[test]
fn what_a_killed_creator_left_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("l.redress");
    fs::write(folder.path().join("l.redress-new"), b"half a ledger").unwrap();
    fs::write(folder.path().join("l.redress-new-journal"), b"junk").unwrap();
    let store = SqliteStore::open_or_create(&path, ID, Options::default()).unwrap();
    drop(store);
    let names: Vec<PathBuf> = listing(folder.path()).into_keys().collect();
    assert_eq!(names, [path.clone(), folder.path().join("l.redress-lock")]);
}

#[test]
fn an_open_ledger_keeps_the_id_it_was_created_with() {
    let (_folder, path) = ledger();
    let other = Uuid::from_u128(99);
    let store = SqliteStore::open_or_create(&path, other, Options::default()).unwrap();
    assert_eq!(store.ledger_id(), ID);
}

#[test]
#[cfg(unix)]
fn everything_beside_an_open_ledger_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, path) = ledger();
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    fill(&store, 10, 3);
    let modes: BTreeMap<String, u32> = fs::read_dir(folder.path())
        .unwrap()
        .map(|item| {
            let item = item.unwrap();
            let mode = item.metadata().unwrap().permissions().mode() & 0o777;
            (item.file_name().to_string_lossy().into_owned(), mode)
        })
        .collect();
    let names = ["", "-lock", "-shm", "-wal"].map(|suffix| format!("complaints.redress{suffix}"));
    assert_eq!(modes, names.map(|name| (name, 0o600)).into());
}

#[test]
#[cfg(unix)]
fn a_second_name_of_the_file_is_no_ledger() {
    let (folder, path) = ledger();
    let second = folder.path().join("second.redress");
    fs::hard_link(&path, &second).unwrap();
    check_refused(
        folder.path(),
        &second,
        StoreErrorKind::NotALedger,
        "hard links",
    );
    fs::remove_file(&second).unwrap();
    assert!(SqliteStore::open(&path, Options::default()).is_ok());
}
