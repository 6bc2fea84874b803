//! Reading beside a writer: what is committed is seen, without a gap, and a waiting reader is told.

use std::sync::atomic::{AtomicBool, Ordering};

use pollster::block_on;
use redress_core::Position;
use redress_sqlite::{Options, SqliteStore};
use redress_store::EventStore;
use redress_store::contract::join_all;

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
