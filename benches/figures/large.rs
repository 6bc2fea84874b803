//! A ledger of many complaints, written and replayed.

use std::path::Path;
use std::sync::mpsc::sync_channel;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::sla::SlaView;
use redress::sqlite::{Options, SqliteStore};
use redress::store::codec::{self, Decoder};
use redress::store::{EventStore, Fact, Projection};
use redress::{Policy, Position};
use tempfile::TempDir;

use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check, crowd, cut};

/// How many entries are read at a time.
const PAGE: usize = 1_000;

/// How many pages may wait between two threads.
const WAITING_PAGES: usize = 4;

/// From how many complaints on a round takes so long that one is enough.
const MANY: usize = 100_000;

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let folder = TempDir::new()?;
    let path = folder.path().join("complaints.redress");
    let (facts, written) = write(&path, plan.complaints)?;
    let rounds = if plan.complaints < MANY {
        plan.rounds
    } else {
        1
    };
    let [one, two] = compare(
        rounds,
        [&mut |_| replay(&path, facts), &mut |_| {
            replay_on_two(&path, facts)
        }],
    )?;
    let figures = vec![
        per_second("written through the store", written),
        per_second("into SLA and causes, one thread at a time", one).target("1,000,000 facts/s"),
        per_second("into SLA and causes, read and fold side by side", two)
            .beside("one thread at a time", one)
            .target(">= 1.7"),
    ];
    Ok(Section {
        title: "Large ledger, replayed",
        about: format!(
            "{} complaints of a seeded crowd, {} facts; `--complaints 1000000` for the full size. Medians of {rounds} \
             rounds; written once.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?)
        ),
        figures,
    })
}

pub(crate) fn per_second(what: &'static str, sample: Sample) -> Figure {
    Figure::alone(what, Unit::PerSecond("facts"), sample)
}

pub(crate) fn write(path: &Path, complaints: usize) -> Outcome<(usize, Sample)> {
    let store = SqliteStore::create(path, cut::LEDGER, Options::default())?;
    let (facts, took) = time(|| crowd::write(&store, complaints))?;
    let head = pollster::block_on(store.head())?.map_or(0, |head| head.get() + 1);
    check(usize::try_from(head)? == facts, || {
        format!("{head} entries for {facts} facts")
    })?;
    let operations = facts;
    Ok((facts, Sample { operations, took }))
}

pub(crate) fn reader(path: &Path) -> Outcome<SqliteStore> {
    Ok(SqliteStore::open_read_only(path, Options::default())?)
}

fn views() -> (SlaView, CauseView) {
    (
        SlaView::new(Policy::standard()),
        CauseView::new(Policy::standard()),
    )
}

pub(crate) fn folded(end: Position, facts: usize, took: std::time::Duration) -> Outcome<Sample> {
    check(usize::try_from(end.get())? == facts, || {
        format!("{end} facts instead of {facts}")
    })?;
    let operations = facts;
    Ok(Sample { operations, took })
}

fn replay(path: &Path, facts: usize) -> Outcome<Sample> {
    let ledger = around(reader(path)?)?;
    let (mut sla, mut causes) = views();
    let (end, took) = time(|| {
        Ok(ledger.replay_pages(None, Position::FIRST, |page| {
            sla.fold(page)?;
            Ok(causes.fold(page)?)
        })?)
    })?;
    folded(end, facts, took)
}

pub(crate) fn around(store: SqliteStore) -> Outcome<Ledger<SqliteStore>> {
    let archive = Archive::in_memory(store.ledger_id())?;
    let environment = redress::SystemEnvironment;
    Ok(redress::Ledger::unsealed(store, archive, Policy::standard(), environment).into())
}

/// One thread reads and decodes, this one folds.
fn replay_on_two(path: &Path, facts: usize) -> Outcome<Sample> {
    let store = reader(path)?;
    let store = &store;
    let (mut sla, mut causes) = views();
    let (end, took) = time(|| {
        std::thread::scope(|scope| {
            let (sender, pages) = sync_channel(WAITING_PAGES);
            let reading = scope.spawn(move || read(store, |page| Ok(sender.send(page)?)));
            let end = pages.into_iter().try_fold(Position::FIRST, |_, page| {
                sla.fold(&page)?;
                causes.fold(&page)?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(causes.next_position())
            });
            reading.join().map_err(|_| "the reader panicked")??;
            end
        })
    })?;
    folded(end, facts, took)
}

fn read(store: &SqliteStore, mut take: impl FnMut(Vec<Fact>) -> Outcome<()>) -> Outcome<()> {
    let mut next = Position::FIRST;
    let mut decoder = Decoder::new(codec::no_upcasts);
    loop {
        let page = pollster::block_on(store.read_all(next, PAGE))?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        next = last.position.next();
        let facts = page.iter().map(|entry| decoder.decode(entry));
        take(facts.collect::<Result<_, _>>()?)?;
    }
}
