//! A ledger of many complaints, written and replayed.

use std::num::NonZeroU8;
use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::sla::SlaView;
use redress::sqlite::{Options, SqliteStore};
use redress::store::EventStore;
use redress::{Policy, Position};
use tempfile::TempDir;

use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check, crowd, cut};

const ONE_THREAD: NonZeroU8 = NonZeroU8::MIN;
const TWO_THREADS: NonZeroU8 = ONE_THREAD.saturating_add(1);

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
        [&mut |_| replay(&path, facts, ONE_THREAD), &mut |_| {
            replay(&path, facts, TWO_THREADS)
        }],
    )?;
    let figures = vec![
        per_second("written through the store", written),
        per_second("into SLA and causes, one thread", one).target("1,000,000 facts/s"),
        per_second("into SLA and causes, two threads", two)
            .beside("one thread", one)
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

pub(crate) fn folded(end: Position, facts: usize, took: std::time::Duration) -> Outcome<Sample> {
    check(usize::try_from(end.get())? == facts, || {
        format!("{end} facts instead of {facts}")
    })?;
    let operations = facts;
    Ok(Sample { operations, took })
}

/// On one thread the facts are folded one after the other as they are read.
fn replay(path: &Path, facts: usize, threads: NonZeroU8) -> Outcome<Sample> {
    let ledger = around(reader(path)?)?;
    let mut views = (
        SlaView::new(Policy::standard()),
        CauseView::new(Policy::standard()),
    );
    let replay = ledger.as_async().replay();
    let (end, took) = time(|| {
        let folded = replay.fold_shared(&mut views, threads, |_| Ok(()));
        Ok(pollster::block_on(folded)?)
    })?;
    folded(end, facts, took)
}

pub(crate) fn around(store: SqliteStore) -> Outcome<Ledger<SqliteStore>> {
    let archive = Archive::in_memory(store.ledger_id())?;
    let environment = redress::SystemEnvironment;
    Ok(redress::Ledger::unsealed(store, archive, Policy::standard(), environment).into())
}
