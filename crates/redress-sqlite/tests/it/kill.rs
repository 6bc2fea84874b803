//! A process that is killed while it appends loses nothing that it acknowledged, and leaves nothing half-stored.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use pollster::block_on;
use redress_core::{Position, Version};
use redress_sqlite::{Options, SqliteStore};
use redress_store::contract::child::Child;
use redress_store::contract::{append, entry, stream_id};
use redress_store::{Append, Entry, EventStore, ExpectedVersion};
use uuid::Uuid;

/// Names the ledger to a child, and tells it which round it is.
const LEDGER: &str = "REDRESS_KILL_LEDGER";
const ROUND: &str = "REDRESS_KILL_ROUND";
const ROUNDS: u32 = 20;
const THREADS: u32 = 16;
/// Far more than a child can append before it is killed.
const APPENDS: u32 = 1_000_000;

/// Append `number` of `thread` in `round`: one to five entries, of a command that tells which append it is.
fn planned(round: u32, thread: u32, number: u32) -> Append {
    let command = (u128::from(round) << 64) | (u128::from(thread) << 32) | u128::from(number);
    let count = 1 + (thread + number) % 5;
    let entries = (0..count).map(|index| entry(command, index)).collect();
    append(u128::from(thread), ExpectedVersion::Any, entries)
}

/// What the child does; without the variables, when it is run as a test, it has nothing to append to.
#[test]
fn child_appends_until_it_is_killed() {
    let (Ok(path), Ok(round)) = (std::env::var(LEDGER), std::env::var(ROUND)) else {
        return;
    };
    let round: u32 = round.parse().unwrap();
    let id = Uuid::from_u128(1);
    let store = SqliteStore::open_or_create(path, id, Options::default()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let store = &store;
            scope.spawn(move || {
                for number in 0..APPENDS {
                    let done = block_on(store.append(planned(round, thread, number))).unwrap();
                    let (position, version) = (done.first_position, done.last_version);
                    println!("stored {round} {thread} {number} {position} {version} .");
                }
            });
        }
    });
}

/// An append that the child said was stored.
struct Acknowledged {
    plan: Append,
    first_position: Position,
    last_version: Version,
}

fn acknowledged(line: &str) -> Option<Acknowledged> {
    // The test runner may have begun the line with words of its own.
    let (_, told) = line.split_once("stored ")?;
    // A line that was cut off by the kill lacks the full stop, and says nothing.
    let numbers: Option<Vec<u64>> = told
        .strip_suffix(" .")?
        .split(' ')
        .map(|number| number.parse().ok())
        .collect();
    let [round, thread, number, position, version] = numbers?[..] else {
        return None;
    };
    let small = |number: u64| u32::try_from(number).ok();
    Some(Acknowledged {
        plan: planned(small(round)?, small(thread)?, small(number)?),
        first_position: Position::new(position),
        last_version: Version::new(version),
    })
}

/// Lets a child append until it has acknowledged `enough`, kills it, and gives everything it acknowledged.
fn append_and_kill(path: &Path, round: u32, enough: usize) -> Vec<Acknowledged> {
    let variables = [
        (LEDGER, path.into()),
        (ROUND, OsString::from(round.to_string())),
    ];
    let mut child = Child::start("kill::child_appends_until_it_is_killed", variables);
    let mut told: Vec<Acknowledged> = Vec::new();
    while told.len() < enough {
        let line = child.line().expect("the child goes on until it is killed");
        told.extend(acknowledged(&line));
    }
    told.extend(child.kill().iter().filter_map(|line| acknowledged(line)));
    told
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_partial_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.redress");
    let mut all_told = Vec::new();
    for round in 0..ROUNDS {
        let enough = usize::try_from(1 + round * 13).unwrap();
        all_told.extend(append_and_kill(&path, round, enough));

        let store = SqliteStore::open(&path, Options::default()).unwrap();
        let stored = block_on(store.read_all(Position::FIRST, usize::MAX)).unwrap();
        check_acknowledged(&stored, &all_told);
        check_whole(&stored, round);
        check_streams(&store, stored.len());
    }
    assert!(all_told.len() >= 2_490, "1 + 14 + … + 248 at least");
}

/// Every acknowledged append stands where it was said to stand, as it was given.
fn check_acknowledged(stored: &[Entry], told: &[Acknowledged]) {
    for told in told {
        let start = usize::try_from(told.first_position.get()).unwrap();
        let entries = stored.get(start..start + told.plan.entries.len());
        let entries = entries.expect("an acknowledged append is there as a whole");
        assert!(
            entries
                .iter()
                .zip(&told.plan.entries)
                .all(
                    |(stored, given)| stored.stream == told.plan.stream && stored.content == *given
                ),
            "an acknowledged append is as it was given"
        );
        assert_eq!(entries.last().unwrap().version, told.last_version);
    }
}

/// Every append that is there at all, acknowledged or not, is there as a whole, once, and in one piece.
fn check_whole(stored: &[Entry], last_round: u32) {
    let mut appends = BTreeMap::new();
    for run in stored.chunk_by(|one, next| one.content.command_id == next.content.command_id) {
        let command = run[0].content.command_id.as_uuid().as_u128();
        let part = |shift: u32| u32::try_from((command >> shift) & 0xffff_ffff).unwrap();
        let (round, thread, number) = (part(64), part(32), part(0));
        assert!(round <= last_round);
        let plan = planned(round, thread, number);
        let given = run.iter().map(|entry| &entry.content);
        assert!(given.eq(&plan.entries), "an append is there in part");
        let twice = appends.insert(command, ());
        assert!(twice.is_none(), "an append is there twice");
    }
}

/// The streams together are the ledger, each without a gap.
fn check_streams(store: &SqliteStore, total: usize) {
    let lengths = (0..THREADS).map(|thread| {
        let stream = stream_id(u128::from(thread));
        let entries = block_on(store.read_stream(stream, Version::FIRST, usize::MAX)).unwrap();
        let versions = entries.iter().map(|entry| entry.version.get());
        assert!(versions.eq(1..=u64::try_from(entries.len()).unwrap()));
        entries.len()
    });
    assert_eq!(lengths.sum::<usize>(), total);
}
