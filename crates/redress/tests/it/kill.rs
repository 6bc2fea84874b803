//! A process that is killed while sixteen threads record through one ledger loses nothing that it acknowledged.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::event::FeedbackKind;
use redress::sqlite::SqliteStore;
use redress::store::EventStore;
use redress::store::contract::child::Child;
use redress::{CommandId, ComplaintId, Place, Policy, Receipt, Views};

use crate::wishes::{agent, assign, classify, complaint, handler, note, receive, resolve, tell};
use crate::world::{entries, of_complaints};

/// Names the ledger to a child, and tells it which round it is.
const LEDGER: &str = "REDRESS_KILL_EMBEDDED";
const ROUND: &str = "REDRESS_KILL_EMBEDDED_ROUND";
const ROUNDS: u32 = 5;
const THREADS: u32 = 16;
/// Far more than a child can record before it is killed.
const COMPLAINTS: u32 = 100_000;

fn open(path: &Path) -> Ledger<SqliteStore> {
    Ledger::open(path, Policy::standard()).unwrap()
}

/// What the child does; without the variables, when it is run as a test, it has nothing to record.
#[test]
fn child_records_until_it_is_killed() {
    let (Ok(path), Ok(round)) = (std::env::var(LEDGER), std::env::var(ROUND)) else {
        return;
    };
    let round: u32 = round.parse().unwrap();
    let ledger = open(Path::new(&path));
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let ledger = ledger.clone();
            scope.spawn(move || {
                for number in 0..COMPLAINTS {
                    let id = complaint_of(round, thread, number);
                    handle(&ledger, id, |receipt, place| {
                        let (command, facts) = (receipt.command_id, place.facts);
                        let (position, version) = (place.position, place.version);
                        println!("recorded {id} {command} {position} {version} {facts} .");
                    });
                    if thread == 0 {
                        drop(ledger.views().unwrap());
                    }
                }
            });
        }
    });
}

/// Two threads share a complaint, so that they meet.
fn complaint_of(round: u32, thread: u32, number: u32) -> ComplaintId {
    let parts = [round, thread / 2, number + 1];
    complaint(
        parts
            .iter()
            .fold(0, |id, part| (id << 32) | u128::from(*part)),
    )
}

/// Hands in what makes a story, and tells of each receipt as soon as there is one.
fn handle(ledger: &Ledger<SqliteStore>, id: ComplaintId, tell_of: impl Fn(Receipt, Place)) {
    let wishes: [redress::Command; 6] = [
        receive().into(),
        classify("delivery/delay").into(),
        assign().into(),
        note("seen").into(),
        resolve().into(),
        tell(FeedbackKind::Result).into(),
    ];
    for wish in wishes {
        let outcome = ledger.execute(id, wish, &handler()).unwrap();
        if let Ok(receipt) = outcome
            && let Some(place) = receipt.recorded
        {
            tell_of(receipt, place);
        }
    }
}

/// A command that the child said was recorded.
#[derive(Debug, PartialEq, Eq)]
struct Acknowledged {
    complaint: ComplaintId,
    command: CommandId,
    position: usize,
    version: u64,
    facts: usize,
}

fn acknowledged(line: &str) -> Option<Acknowledged> {
    // The test runner may have begun the line with words of its own; a line cut off by the kill lacks the full stop.
    let (_, told) = line.split_once("recorded ")?;
    let words: Vec<&str> = told.strip_suffix(" .")?.split(' ').collect();
    let [complaint, command, position, version, facts] = words[..] else {
        return None;
    };
    Some(Acknowledged {
        complaint: complaint.parse().ok()?,
        command: command.parse().ok()?,
        position: position.parse().ok()?,
        version: version.parse().ok()?,
        facts: facts.parse().ok()?,
    })
}

fn record_and_kill(path: &Path, round: u32, enough: usize) -> Vec<Acknowledged> {
    let variables = [
        (LEDGER, path.into()),
        (ROUND, OsString::from(round.to_string())),
    ];
    let mut child = Child::start("kill::child_records_until_it_is_killed", variables);
    let mut told: Vec<Acknowledged> = Vec::new();
    while told.len() < enough {
        let line = child.line().expect("the child goes on until it is killed");
        told.extend(acknowledged(&line));
    }
    told.extend(child.kill().iter().filter_map(|line| acknowledged(line)));
    told
}

#[test]
fn nothing_acknowledged_is_lost_and_the_views_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("killed.redress");
    let mut all_told = Vec::new();
    for round in 0..ROUNDS {
        let enough = usize::try_from(20 + round * 90).unwrap();
        all_told.extend(record_and_kill(&path, round, enough));
        let ledger = open(&path);
        check_acknowledged(&ledger, &all_told);
        check_views(&ledger);
        // It goes on where it was.
        let fresh = ledger.receive(receive(), &agent()).unwrap();
        assert!(fresh.is_ok());
    }
    assert!(all_told.len() >= 1000, "20 + 110 + … + 380 at least");
}

fn check_acknowledged(ledger: &Ledger<SqliteStore>, told: &[Acknowledged]) {
    let stored = entries(ledger.as_async().store());
    for told in told {
        let facts = &stored[told.position..][..told.facts];
        for (index, fact) in facts.iter().enumerate() {
            assert_eq!(fact.content.command_id, told.command);
            assert_eq!(fact.stream, told.complaint.into());
            assert_eq!(
                fact.version.get(),
                told.version + u64::try_from(index).unwrap()
            );
        }
    }
    let streams: BTreeSet<_> = of_complaints(stored)
        .iter()
        .map(|entry| entry.stream)
        .collect();
    for stream in streams {
        let state = ledger.complaint(ComplaintId::new(stream.0)).unwrap();
        assert!(state.case().is_some());
    }
}

fn check_views(ledger: &Ledger<SqliteStore>) {
    let id = ledger.as_async().store().ledger_id();
    let archive = Archive::in_memory(id).unwrap();
    let mut anew = Views::new(archive, ledger.as_async().policy());
    let end = ledger.replay_pages(
        None,
        redress::Position::FIRST,
        |facts| Ok(anew.fold(facts)?),
    );
    let views = ledger.views().unwrap();
    assert_eq!(views.next_position(), end.unwrap());
    assert_eq!(
        crate::world::Shown::of(&views),
        crate::world::Shown::of(&anew)
    );
}
