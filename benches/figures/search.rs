//! A ledger of many complaints: archived, opened, and searched.

use std::path::Path;

use redress::archive::{Archive, Query};
use redress::blocking::Ledger;
use redress::core::State;
use redress::sqlite::SqliteStore;
use redress::store::EventStore;
use redress::{ComplaintId, Policy, Position};
use tempfile::TempDir;

use crate::crowd::random::Random;
use crate::crowd::words::WORK;
use crate::large::{around, folded, per_second, reader, write};
use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, percentile, time};
use crate::{Outcome, check, cut};

/// What the full-text cells look for: frequent, rare, of two characters and of more.
const SOUGHT: [&str; 8] = [
    "退款",
    "破损",
    "赔偿运费",
    "儿童座椅",
    "客服态度恶劣",
    "电饭煲",
    "回电",
    "保修被拒绝",
];

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let folder = TempDir::new()?;
    let path = folder.path().join("complaints.redress");
    let (facts, _) = write(&path, plan.complaints)?;
    let archived = archive(&path, facts)?;
    let opened = open(&path, facts)?;
    let mut figures = vec![
        per_second("into a new archive file", archived),
        Figure::alone("opened, views up to date", Unit::Each, opened).target("< 1 s"),
    ];
    figures.extend(searches(plan, &path, facts)?);
    Ok(Section {
        title: "Large ledger, searched",
        about: format!(
            "{} complaints of a seeded crowd, {} facts; `--complaints 1000000` for the full size. Archived and opened \
             once. Searches: the slowest but one of a hundred.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?)
        ),
        figures,
    })
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
