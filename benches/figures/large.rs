//! A ledger of many complaints: replayed, opened, and searched.

use std::path::Path;
use std::sync::mpsc::sync_channel;

use redress::archive::{Archive, Query};
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::core::State;
use redress::sla::SlaView;
use redress::sqlite::{Options, SqliteStore};
use redress::store::{EventStore, Fact, Projection, codec};
use redress::{ComplaintId, Policy, Position};
use tempfile::TempDir;

use crate::crowd::random::Random;
use crate::crowd::words::{SOUGHT, WORK};
use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, percentile, time};
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
    let archived = archive(&path, facts)?;
    let opened = open(&path, facts)?;
    let mut figures = vec![
        per_second("written through the store", written),
        per_second("into SLA and causes, one thread at a time", one).target("1,000,000 facts/s"),
        per_second("into SLA and causes, read and fold side by side", two)
            .beside("one thread at a time", one)
            .target(">= 1.7"),
        per_second("into a new archive file", archived),
        Figure::alone("opened, views up to date", Unit::Each, opened).target("< 1 s"),
    ];
    figures.extend(searches(plan, &path, facts)?);
    Ok(Section {
        title: "A large ledger",
        about: format!(
            "{} complaints of a seeded crowd, {} facts; `--complaints 1000000` for the full size. Replay: {rounds} \
             rounds; written, archived and opened once. Searches: the slowest but one of a hundred.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?)
        ),
        figures,
    })
}

fn per_second(what: &'static str, sample: Sample) -> Figure {
    Figure::alone(what, Unit::PerSecond("facts"), sample)
}

fn write(path: &Path, complaints: usize) -> Outcome<(usize, Sample)> {
    let store = SqliteStore::create(path, cut::LEDGER, Options::default())?;
    let (facts, took) = time(|| crowd::write(&store, complaints))?;
    let head = pollster::block_on(store.head())?.map_or(0, |head| head.get() + 1);
    check(usize::try_from(head)? == facts, || {
        format!("{head} entries for {facts} facts")
    })?;
    let operations = facts;
    Ok((facts, Sample { operations, took }))
}

fn reader(path: &Path) -> Outcome<SqliteStore> {
    Ok(SqliteStore::open_read_only(path, Options::default())?)
}

fn views() -> (SlaView, CauseView) {
    (
        SlaView::new(Policy::standard()),
        CauseView::new(Policy::standard()),
    )
}

fn folded(end: Position, facts: usize, took: std::time::Duration) -> Outcome<Sample> {
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

fn around(store: SqliteStore) -> Outcome<Ledger<SqliteStore>> {
    let archive = Archive::in_memory(store.ledger_id())?;
    let environment = redress::SystemEnvironment;
    Ok(redress::Ledger::with(store, archive, Policy::standard(), environment).into())
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
    loop {
        let page = pollster::block_on(store.read_all(next, PAGE))?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        next = last.position.next();
        let facts = page
            .iter()
            .map(|entry| codec::decode(entry, codec::no_upcasts));
        take(facts.collect::<Result<_, _>>()?)?;
    }
}

fn archive(path: &Path, facts: usize) -> Outcome<Sample> {
    let ledger = around(reader(path)?)?;
    let (end, took) = time(|| {
        let mut archive = Archive::open(path.with_extension("views"), cut::LEDGER)?;
        Ok(ledger.replay_into(&mut archive)?)
    })?;
    folded(end, facts, took)
}

fn open(path: &Path, facts: usize) -> Outcome<Sample> {
    let (ledger, took) = time(|| Ok(Ledger::open(path, Policy::standard())?))?;
    let end = ledger.views()?.next_position();
    let opened = folded(end, facts, took)?;
    Ok(Sample {
        operations: 1,
        ..opened
    })
}

fn searches(plan: &Plan, path: &Path, facts: usize) -> Outcome<Vec<Figure>> {
    let store = reader(path)?;
    let views = path.with_extension("views");
    let archive = Archive::open_read_only(views, cut::LEDGER)?.ok_or("there is no archive")?;
    let mut random = Random::new(7);
    let count = 2_000 / plan.divisor;
    let ids = (0..count)
        .map(|_| some_complaint(&store, facts, &mut random))
        .collect::<Outcome<Vec<_>>>()?;
    let file = slowest(count, |number| {
        let id = ids[number];
        let file = archive.file(id)?;
        check(file.is_some_and(|file| file.summary.id == id), || {
            format!("{id} is not in the archive")
        })
    })?;
    let pages = slowest(count, |number| {
        let (department, category, _) = WORK[number % WORK.len()];
        let state = [State::Closed, State::Processing][number / WORK.len() % 2];
        let query = Query::new().department(department).category(category);
        page(&archive, &query.state(state))
    })?;
    let words = slowest(count / 4, |number| {
        page(&archive, &Query::new().text(SOUGHT[number % SOUGHT.len()]))
    })?;
    let p99 = |what, sample| Figure::alone(what, Unit::Each, sample);
    Ok(vec![
        p99("a complaint's file by its id, p99", file).target("< 1 ms"),
        p99("a page of 20, three filters, p99", pages).target("< 10 ms"),
        p99("a page of 20, Chinese full text, p99", words).target("< 50 ms"),
    ])
}

fn some_complaint(store: &SqliteStore, facts: usize, random: &mut Random) -> Outcome<ComplaintId> {
    let position = Position::new(u64::try_from(random.below(facts))?);
    let entries = pollster::block_on(store.read_all(position, 1))?;
    let entry = entries.first().ok_or("there is no entry there")?;
    Ok(ComplaintId::new(entry.stream.0))
}

fn page(archive: &Archive, query: &Query) -> Outcome<()> {
    let hits = archive.search(&query.clone().limit(20))?;
    check(hits.len() <= 20, || format!("{} hits", hits.len()))
}

/// How long the slowest but one of a hundred takes.
fn slowest(count: usize, mut ask: impl FnMut(usize) -> Outcome<()>) -> Outcome<Sample> {
    let mut samples = Vec::with_capacity(count);
    for number in 0..count {
        let ((), took) = time(|| ask(number))?;
        let operations = 1;
        samples.push(Sample { operations, took });
    }
    percentile(samples, 99).ok_or_else(|| "nothing was asked".into())
}
