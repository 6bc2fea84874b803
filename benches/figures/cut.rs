//! What is measured on: the shipped cut of the UCI incident log, repeated under other incident numbers.

use std::io::Write;
use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::sqlite::{Options, SqliteStore};
use redress::store::{Entry, EventStore, MemoryStore};
use redress::{Policy, Position, SystemEnvironment};
use redress_cli::{Summary, take_over};
use redress_interchange::{Importer, Mapping, demo_csv};
use uuid::Uuid;

use crate::{Outcome, check};

/// The ledger id of everything that is measured.
pub(crate) const LEDGER: Uuid = Uuid::from_u128(0x0001_9533_7a6c_7d31_9b0e_2f4c_8d17_a650);

/// The founding rules, which a new ledger records before anything else.
pub(crate) const FOUNDING: usize = 1;

/// How many rows are read at a time.
const PAGE: usize = 1_000;

/// The cut as often as asked for; each time its incidents have numbers of their own.
pub(crate) fn csv(copies: usize) -> Outcome<Vec<u8>> {
    let (header, rows) = demo_csv().split_once('\n').ok_or("the cut has no header")?;
    let mut csv = Vec::new();
    writeln!(csv, "{header}")?;
    for copy in 0..copies {
        for row in rows.lines() {
            let (number, rest) = row.split_once(',').ok_or("a row of the cut has no comma")?;
            writeln!(csv, "{number}-{copy},{rest}")?;
        }
    }
    Ok(csv)
}

/// What reads the rows of the cut.
pub(crate) fn importer(csv: &[u8]) -> Outcome<Importer<&[u8]>> {
    let mapping = Mapping::shipped("uci-incidents")?;
    Ok(Importer::new(
        &mapping,
        csv,
        redress_interchange::Options::default(),
    )?)
}

/// A new ledger in a file, with an archive in memory that nothing was folded into.
pub(crate) fn create(path: &Path) -> Outcome<Ledger<SqliteStore>> {
    let store = SqliteStore::create(path, LEDGER, Options::default())?;
    around(store)
}

fn around<S: EventStore>(store: S) -> Outcome<Ledger<S>> {
    let archive = Archive::in_memory(store.ledger_id())?;
    let ledger = redress::Ledger::unsealed(store, archive, Policy::standard(), SystemEnvironment);
    Ok(ledger.into())
}

/// Takes the rows over, and checks that each was read and nothing went wrong.
pub(crate) fn fill<S: EventStore>(
    ledger: &Ledger<S>,
    csv: &[u8],
    rejects: &Path,
) -> Outcome<Summary> {
    let (summary, failure) = take_over(ledger, importer(csv)?, rejects)?;
    if let Some(failure) = failure {
        return Err(failure.into());
    }
    let lines = csv.iter().filter(|byte| **byte == b'\n').count();
    let rows = usize::try_from(summary.rows.read)?;
    check(rows + 1 == lines, || {
        format!("{rows} rows of {lines} lines were read")
    })?;
    let stored = stored(ledger)?;
    check(stored == summary.facts_recorded + FOUNDING, || {
        format!("{stored} entries for {} facts", summary.facts_recorded)
    })?;
    Ok(summary)
}

/// How many entries a ledger holds.
pub(crate) fn stored<S: EventStore>(ledger: &Ledger<S>) -> Outcome<usize> {
    let head = ledger.head()?.map_or(0, |head| head.get() + 1);
    Ok(usize::try_from(head)?)
}

/// The entries of the cut, each copy with streams of its own, in the order of the ledger; without the founding rules.
pub(crate) fn entries(copies: usize) -> Outcome<Vec<Entry>> {
    let folder = tempfile::tempdir()?;
    let ledger = around(MemoryStore::new(LEDGER))?;
    fill(&ledger, &csv(copies)?, &folder.path().join("rejects.csv"))?;
    Ok(all(ledger.as_async().store())?.split_off(FOUNDING))
}

/// Every entry of a store.
pub(crate) fn all(store: &impl EventStore) -> Outcome<Vec<Entry>> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let from = entries
            .last()
            .map_or(Position::FIRST, |last| last.position.next());
        let page = pollster::block_on(store.read_all(from, PAGE))?;
        if page.is_empty() {
            return Ok(entries);
        }
        entries.extend(page);
    }
}

/// The entries of each stream together.
pub(crate) fn by_stream(mut entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    entries.sort_by_key(|entry| (entry.stream, entry.version));
    entries
        .chunk_by(|one, next| one.stream == next.stream)
        .map(<[Entry]>::to_vec)
        .collect()
}
