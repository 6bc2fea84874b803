//! Reading beside a writer: what is committed is seen, without a gap, and a waiting reader is told.

use std::sync::atomic::{AtomicBool, Ordering};

use pollster::block_on;
use redress_core::Position;
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::join_all;
use redress_store::{EventStore, StoreErrorKind};

use crate::open::{fill, ledger, listing};

#[test]
fn readers_see_every_entry_once_and_in_order_while_it_is_written() {
    const TOTAL: u64 = 403;
    let (_folder, path) = ledger();
    let writer = SqliteStore::open(&path, Options::default()).unwrap();
    let other = SqliteStore::open_read_only(&path, Options::default()).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for store in [&writer, &other] {
            let done = &done;
            scope.spawn(move || {
                let mut next = Position::FIRST;
                loop {
                    let finished = done.load(Ordering::SeqCst);
                    let page = block_on(store.read_all(next, 7)).unwrap();
                    for entry in &page {
                        assert_eq!(entry.position, next);
                        next = next.next();
                    }
                    if page.is_empty() && finished {
                        assert_eq!(next, Position::new(TOTAL));
                        return;
                    }
                }
            });
        }
        fill(&writer, 1000, 400);
        done.store(true, Ordering::SeqCst);
    });
}

#[test]
fn a_store_that_only_reads_is_told_of_what_another_one_writes() {
    let (_folder, path) = ledger();
    let writer = SqliteStore::open(&path, Options::default()).unwrap();
    let reader = SqliteStore::open_read_only(&path, Options::default()).unwrap();
    std::thread::scope(|scope| {
        let waits = (0..8).map(|number| reader.wait_for(Position::new(number)));
        let waiting = scope.spawn(|| block_on(join_all(waits)));
        fill(&writer, 1000, 5);
        for result in waiting.join().unwrap() {
            result.unwrap();
        }
    });
    assert_eq!(block_on(reader.head()).unwrap(), Some(Position::new(7)));
}

#[test]
fn a_reader_that_goes_first_or_last_leaves_a_tidy_folder() {
    for reader_goes_first in [true, false] {
        let (folder, path) = ledger();
        let writer = SqliteStore::open(&path, Options::default()).unwrap();
        let reader = SqliteStore::open_read_only(&path, Options::default()).unwrap();
        fill(&writer, 1000, 5);
        if reader_goes_first {
            drop(reader);
            fill(&writer, 2000, 5);
            drop(writer);
        } else {
            drop(writer);
            assert_eq!(block_on(reader.head()).unwrap(), Some(Position::new(7)));
            drop(reader);
        }
        // Whoever opens it next finds everything, and tidies up what is left.
        drop(SqliteStore::open(&path, Options::default()).unwrap());
        let names: Vec<_> = listing(folder.path()).into_keys().collect();
        assert_eq!(
            names,
            [path.clone(), folder.path().join("complaints.redress-lock")]
        );
    }
}

/// The files of a ledger as a power cut would leave them: three entries in the file, five in the -wal file.
fn crashed() -> (tempfile::TempDir, std::path::PathBuf) {
    let (folder, path) = ledger();
    let writer = SqliteStore::open(&path, Options::default()).unwrap();
    fill(&writer, 1000, 5);
    let image = tempfile::tempdir().unwrap();
    for (path, bytes) in listing(folder.path()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if !name.ends_with("-shm") {
            std::fs::write(image.path().join(name), bytes).unwrap();
        }
    }
    let path = image.path().join(path.file_name().unwrap());
    (image, path)
}

/// The files that hold data; the -shm file is made anew from them.
fn data(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let files = listing(folder).into_iter();
    let is_data = |path: &std::path::Path| !path.to_str().unwrap().ends_with("-shm");
    files.filter(|(path, _)| is_data(path)).collect()
}

#[test]
fn reading_what_a_crash_left_shows_everything_and_moves_nothing() {
    let (folder, path) = crashed();
    let before = data(folder.path());
    let reader = SqliteStore::open_read_only(&path, Options::default()).unwrap();
    let entries = block_on(reader.read_all(Position::FIRST, 100)).unwrap();
    assert_eq!(entries.len(), 8);
    drop(reader);
    assert!(data(folder.path()) == before, "something was moved");

    let writer = SqliteStore::open(&path, Options::default()).unwrap();
    assert_eq!(block_on(writer.head()).unwrap(), Some(Position::new(7)));
    drop(writer);
    let names: Vec<_> = listing(folder.path()).into_keys().collect();
    assert_eq!(
        names,
        [path.clone(), folder.path().join("complaints.redress-lock")]
    );
}

#[test]
fn what_a_crash_left_of_a_damaged_ledger_stays_as_it_is() {
    let (folder, path) = crashed();
    let whole = std::fs::read(&path).unwrap();
    let mut garbage = whole.clone();
    // The page with the ledger's id is never in the -wal file.
    garbage[4096..8192].fill(0xa5);
    std::fs::write(&path, garbage).unwrap();
    let before = data(folder.path());
    for opened in [
        SqliteStore::open(&path, Options::default()),
        SqliteStore::open_read_only(&path, Options::default()),
    ] {
        let error = opened.err().unwrap();
        assert_eq!(error.kind(), StoreErrorKind::Damaged, "{error}");
        assert!(data(folder.path()) == before, "something was changed");
    }
}
