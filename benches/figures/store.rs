//! How fast entries become durable, and how fast one stream is read.

use redress::Version;
use redress::sqlite::{Options, SqliteStore};
use redress::store::{Append, EventStore, StreamId};
use tempfile::TempDir;

use crate::commit_group::CommitGroup;
use crate::plain::Plain;
use crate::report::{Figure, Section, Unit};
use crate::stopwatch::{Plan, Sample, compare, median, time};
use crate::streams::{appends, deal};
use crate::{Outcome, check, cut, in_flight};

const WRITERS: usize = 16;
const WINDOW: usize = 512;
const EVENTS: Unit = Unit::PerSecond("events");

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let real = cut::entries(1)?;
    let one = appends(&real, 3_000 / plan.divisor, 1);
    let eight = appends(&real, 6_000 / plan.divisor, 8);
    let many = appends(&real, 60_000 / plan.divisor, 1);
    let bulk = appends(&real, 100_usize.div_ceil(plan.divisor), 1_000);
    let mut figures = Vec::new();

    let [ours, plain] = compare(
        plan.rounds,
        [&mut |_| in_turn(&one), &mut |_| in_turn_plainly(&one)],
    )?;
    figures.push(
        Figure::alone("1 writer, 1 event an append", EVENTS, ours)
            .beside("plain rusqlite", plain)
            .target(">= 0.9"),
    );

    let [ours, plain, group] = compare(
        plan.rounds,
        [
            &mut |_| side_by_side(&eight),
            &mut |_| in_turn_plainly(&eight),
            &mut |_| side_by_side_plainly(&eight),
        ],
    )?;
    let figure = || Figure::alone("16 writers, 8 events an append", EVENTS, ours);
    figures.push(figure().beside("plain rusqlite, a commit each", plain));
    figures.push(
        figure()
            .beside("group commit by hand", group)
            .target(">= 0.8"),
    );

    let [ours, group] = compare(
        plan.rounds,
        [&mut |_| at_once(&many), &mut |_| at_once_plainly(&many)],
    )?;
    figures.push(
        Figure::alone("512 in flight, 1 event an append", EVENTS, ours)
            .beside("group commit by hand", group)
            .target(">= 0.8"),
    );

    let [ours, plain] = compare(
        plan.rounds,
        [&mut |_| in_turn(&bulk), &mut |_| in_turn_plainly(&bulk)],
    )?;
    figures.push(
        Figure::alone("bulk, 1,000 events an append", EVENTS, ours).beside("plain rusqlite", plain),
    );

    figures.push(loading(plan, &eight)?);
    Ok(Section {
        title: "Store",
        about: "Durable appends of the bytes of real facts, each to a new stream of a new file (WAL, synchronous FULL). \
                The store looks up each command and each stream before it writes; the yardsticks do not."
            .to_owned(),
        figures,
    })
}

fn create(folder: &TempDir) -> Outcome<SqliteStore> {
    let path = folder.path().join("complaints.redress");
    Ok(SqliteStore::create(path, cut::LEDGER, Options::default())?)
}

fn create_plain(folder: &TempDir) -> Outcome<Plain> {
    Plain::create(&folder.path().join("plain.db"))
}

fn events(appends: &[Append]) -> usize {
    appends.iter().map(|append| append.entries.len()).sum()
}

/// Checks that everything is there, after the clock has stopped.
fn whole(stored: usize, appends: &[Append], took: std::time::Duration) -> Outcome<Sample> {
    let operations = events(appends);
    check(stored == operations, || {
        format!("{stored} events instead of {operations}")
    })?;
    Ok(Sample { operations, took })
}

fn stored(store: &SqliteStore) -> Outcome<usize> {
    let head = pollster::block_on(store.head())?;
    Ok(usize::try_from(head.map_or(0, |head| head.get() + 1))?)
}

fn in_turn(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let store = create(&folder)?;
    let copies = appends.to_vec();
    let ((), took) = time(|| {
        for append in copies {
            pollster::block_on(store.append(append))?;
        }
        Ok(())
    })?;
    whole(stored(&store)?, appends, took)
}

fn in_turn_plainly(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let mut plain = create_plain(&folder)?;
    let ((), took) = time(|| {
        for append in appends {
            plain.commit([append])?;
        }
        Ok(())
    })?;
    whole(plain.count()?, appends, took)
}

fn side_by_side(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let store = create(&folder)?;
    let hands = deal(appends.to_vec(), WRITERS);
    let ((), took) = time(|| {
        each_on_a_thread(hands, |hand| {
            for append in hand {
                pollster::block_on(store.append(append))?;
            }
            Ok(())
        })
    })?;
    whole(stored(&store)?, appends, took)
}

fn side_by_side_plainly(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let group = CommitGroup::start(create_plain(&folder)?);
    let hands = deal(appends.to_vec(), WRITERS);
    let writers: Vec<_> = hands
        .into_iter()
        .map(|hand| (group.handle(), hand))
        .collect();
    let ((), took) = time(|| {
        each_on_a_thread(writers, |(handle, hand)| {
            for append in hand {
                handle.send(append)?;
                handle.wait()?;
            }
            Ok(())
        })
    })?;
    whole(group.finish()?, appends, took)
}

/// Gives each writer a thread, and waits for all of them.
pub(crate) fn each_on_a_thread<T: Send>(
    writers: Vec<T>,
    work: impl Fn(T) -> Outcome<()> + Sync,
) -> Outcome<()> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = writers
            .into_iter()
            .map(|writer| scope.spawn(move || work(writer)))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err("a writer panicked".into()))
        })
    })
}

fn at_once(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let store = create(&folder)?;
    let copies = appends.to_vec();
    let ((), took) = time(|| {
        let futures = copies.into_iter().map(|append| store.append(append));
        in_flight::run(futures, WINDOW, |appended| {
            appended?;
            Ok(())
        })
    })?;
    whole(stored(&store)?, appends, took)
}

fn at_once_plainly(appends: &[Append]) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let group = CommitGroup::start(create_plain(&folder)?);
    let handle = group.handle();
    let copies = appends.to_vec();
    let ((), took) = time(|| {
        for (number, append) in copies.into_iter().enumerate() {
            if number >= WINDOW {
                handle.wait()?;
            }
            handle.send(append)?;
        }
        (0..WINDOW.min(appends.len())).try_for_each(|_| handle.wait())
    })?;
    drop(handle);
    whole(group.finish()?, appends, took)
}

/// Streams read one by one, in no order; the median of single reads.
fn loading(plan: &Plan, appends: &[Append]) -> Outcome<Figure> {
    let folder = TempDir::new()?;
    let store = create(&folder)?;
    let mut plain = create_plain(&folder)?;
    plain.commit(appends)?;
    in_flight::run(
        appends.iter().map(|append| store.append(append.clone())),
        WINDOW,
        |appended| {
            appended?;
            Ok(())
        },
    )?;
    let reads = 5_000 / plan.divisor;
    let [ours, plainly] = compare(
        plan.rounds,
        [
            &mut |_| {
                load_each(appends, reads, |stream| {
                    let read = store.read_stream(stream, Version::FIRST, 1_000);
                    Ok(pollster::block_on(read)?.len())
                })
            },
            &mut |_| load_each(appends, reads, |stream| Ok(plain.load(stream)?.len())),
        ],
    )?;
    let what = "load one stream of 8 events, p50";
    Ok(Figure::alone(what, Unit::Each, ours)
        .beside("plain rusqlite, the same thread", plainly)
        .target(">= 0.5"))
}

fn load_each(
    appends: &[Append],
    reads: usize,
    mut load: impl FnMut(StreamId) -> Outcome<usize>,
) -> Outcome<Sample> {
    let mut samples = Vec::with_capacity(reads);
    for number in 0..reads {
        // A step that shares no divisor with the number of streams meets all of them, far apart.
        let append = &appends[number * 7_919 % appends.len()];
        let (count, took) = time(|| load(append.stream))?;
        check(count == append.entries.len(), || {
            format!("{count} entries of {}", append.entries.len())
        })?;
        samples.push(Sample {
            operations: 1,
            took,
        });
    }
    median(samples).ok_or_else(|| "nothing was read".into())
}
