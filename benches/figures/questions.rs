//! Questions to the archive of a large ledger, each kind asked many times over.

use std::path::Path;

use redress::archive::{Archive, Moment, Query, Sort};
use redress::core::{State, Status};
use redress::event::Priority;
use redress::sqlite::SqliteStore;
use redress::store::EventStore;
use redress::{ComplaintId, Policy, Position, Timestamp};

use crate::crowd::random::Random;
use crate::crowd::words::WORK;
use crate::large::reader;
use crate::report::{Figure, Unit};
use crate::stopwatch::{Plan, Sample, median, percentile, time};
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

/// A page of hits.
const PAGE: usize = 20;

/// How far a count goes that is shown beside a page.
const COUNTED: u64 = 10_001;

pub(crate) fn measure(plan: &Plan, path: &Path, facts: usize) -> Outcome<Vec<Figure>> {
    let store = reader(path)?;
    let views = path.with_extension("views");
    let archive = Archive::open_read_only(views, cut::LEDGER)?.ok_or("there is no archive")?;
    let count = 2_000 / plan.divisor;
    let mut figures = Vec::new();
    figures.extend(files(&archive, &store, facts, count)?);
    figures.extend(pages(&archive, count)?);
    figures.extend(words(&archive, count / 4)?);
    figures.extend(clocks(&archive, &moment(&store, facts)?, count / 100)?);
    figures.extend(counts(&archive, count / 40)?);
    Ok(figures)
}

/// When the last fact was recorded, under the standard policy.
fn moment(store: &SqliteStore, facts: usize) -> Outcome<Moment> {
    let last = Position::new(u64::try_from(facts)?.saturating_sub(1));
    let entries = pollster::block_on(store.read_all(last, 1))?;
    let at: Timestamp = entries.first().ok_or("there is no entry")?.recorded_at;
    Ok(Moment::new(Policy::standard(), at))
}

fn files(
    archive: &Archive,
    store: &SqliteStore,
    facts: usize,
    count: usize,
) -> Outcome<[Figure; 2]> {
    let mut random = Random::new(7);
    let ids = (0..count)
        .map(|_| some_complaint(store, facts, &mut random))
        .collect::<Outcome<Vec<_>>>()?;
    figures("a complaint's file by its id", "< 1 ms", count, |number| {
        let id = ids[number];
        let file = archive.file(id)?;
        check(file.is_some_and(|file| file.summary.id == id), || {
            format!("{id} is not in the archive")
        })
    })
}

fn some_complaint(store: &SqliteStore, facts: usize, random: &mut Random) -> Outcome<ComplaintId> {
    let position = Position::new(u64::try_from(random.below(facts))?);
    let entries = pollster::block_on(store.read_all(position, 1))?;
    let entry = entries.first().ok_or("there is no entry there")?;
    Ok(ComplaintId::new(entry.stream.0))
}

fn pages(archive: &Archive, count: usize) -> Outcome<Vec<Figure>> {
    let three = |number: usize| {
        let (department, category, _) = WORK[number % WORK.len()];
        let state = [State::Closed, State::Processing][number / WORK.len() % 2];
        let query = Query::new().department(department).category(category);
        query.state(state)
    };
    let worst_first = |number: usize| {
        let (department, ..) = WORK[number % WORK.len()];
        let query = Query::new().department(department);
        query.priority(Priority::Urgent).sort(Sort::Severity)
    };
    let filters = figures("a page, three filters", "< 10 ms", count, |number| {
        page(archive, three(number))
    })?;
    let sorted = figures(
        "a page, two filters, the worst first",
        "< 10 ms",
        count,
        |number| page(archive, worst_first(number)),
    )?;
    Ok(filters.into_iter().chain(sorted).collect())
}

fn words(archive: &Archive, count: usize) -> Outcome<Vec<Figure>> {
    let sought = |number: usize| SOUGHT[number % SOUGHT.len()];
    let two = |number: usize| format!("{} {}", sought(number), sought(number / SOUGHT.len() + 1));
    let one = figures("a page, Chinese full text", "< 50 ms", count, |number| {
        page(archive, Query::new().text(sought(number)))
    })?;
    let both = figures(
        "a page, two Chinese texts at once",
        "< 50 ms",
        count,
        |number| page(archive, Query::new().text(two(number))),
    )?;
    let filtered = figures(
        "a page, Chinese full text and two filters",
        "< 50 ms",
        count,
        |number| {
            let (department, ..) = WORK[number % WORK.len()];
            let query = Query::new().text(sought(number)).department(department);
            page(archive, query.state(State::Closed))
        },
    )?;
    Ok([one, both, filtered].into_iter().flatten().collect())
}

fn clocks(archive: &Archive, moment: &Moment, count: usize) -> Outcome<Vec<Figure>> {
    let overdue = figures("a page of what is overdue", "", count, |_| {
        page(archive, Query::new().clock(None, [Status::Overdue], moment))
    })?;
    let due = figures("a page of what is due first", "", count, |_| {
        page(
            archive,
            Query::new().open(true).sort(Sort::Due(moment.clone())),
        )
    })?;
    Ok(overdue.into_iter().chain(due).collect())
}

fn counts(archive: &Archive, count: usize) -> Outcome<[Figure; 2]> {
    figures(
        "counted up to 10,001, Chinese full text",
        "",
        count,
        |number| {
            let query = Query::new().text(SOUGHT[number % SOUGHT.len()]);
            let found = archive.count_up_to(&query, COUNTED)?;
            check(found <= COUNTED, || format!("{found} counted"))
        },
    )
}

fn page(archive: &Archive, query: Query) -> Outcome<()> {
    let hits = archive.search(&query.limit(PAGE))?;
    check(hits.len() <= PAGE, || format!("{} hits", hits.len()))
}

/// How long the slowest but one of a hundred takes, and the one in the middle.
fn figures(
    what: &str,
    target: &'static str,
    count: usize,
    mut ask: impl FnMut(usize) -> Outcome<()>,
) -> Outcome<[Figure; 2]> {
    let mut samples = Vec::with_capacity(count);
    for number in 0..count.max(1) {
        let ((), took) = time(|| ask(number))?;
        let operations = 1;
        samples.push(Sample { operations, took });
    }
    let slow = percentile(samples.clone(), 99).ok_or("nothing was asked")?;
    let middle = median(samples).ok_or("nothing was asked")?;
    Ok([
        Figure::alone(format!("{what}, p99"), Unit::Each, slow).target(target),
        Figure::alone(format!("{what}, p50"), Unit::Each, middle),
    ])
}
