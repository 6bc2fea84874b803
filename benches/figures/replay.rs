//! How fast a ledger is folded again.

use std::path::Path;

use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::causes::CauseView;
use redress::sla::SlaView;
use redress::sqlite::SqliteStore;
use redress::store::{EventStore, codec};
use redress::{Policy, Position};
use tempfile::TempDir;

use crate::plain::Plain;
use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check, cut, streams};

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let folder = TempDir::new()?;
    let ledger = cut::create(&folder.path().join("complaints.redress"))?;
    let csv = cut::csv(plan.copies)?;
    cut::fill(&ledger, &csv, &folder.path().join("rejects.csv"))?;
    let facts = cut::stored(&ledger)?;
    let plain = copy(&ledger, &folder.path().join("plain.db"))?;
    let ledger = &ledger;
    let [views, archive, decoded, read, scanned, scanned_decoded] = compare(
        plan.rounds,
        [
            &mut |_| into_views(ledger, facts),
            &mut |round| into_archive(ledger, facts, &folder.path().join(format!("{round}.views"))),
            &mut |_| decode(ledger, facts),
            &mut |_| read(ledger, facts),
            &mut |_| scan(&plain, facts),
            &mut |_| scan_and_decode(&plain, facts),
        ],
    )?;
    let figure = |what: &'static str, ours| Figure::alone(what, Unit::PerSecond("facts"), ours);
    let beside_scan =
        |figure: Figure| figure.beside("plain rusqlite, scan of the same rows", scanned);
    let beside_decode =
        |figure: Figure| figure.beside("plain rusqlite, scan and decode", scanned_decoded);
    Ok(Section {
        title: "Replay",
        about: format!(
            "A ledger of {} facts in one SQLite file, read and folded from its beginning. One fact after the other; \
             nothing runs beside it.",
            grouped(u128::try_from(facts)?)
        ),
        figures: vec![
            beside_scan(figure("into SLA and causes", views)).target("1,000,000 facts/s"),
            beside_decode(figure("into SLA and causes", views)),
            beside_decode(figure("into a new archive file", archive)),
            beside_decode(figure("read and decoded, folded into nothing", decoded)),
            beside_scan(figure("read through the store, not decoded", read)),
        ],
    })
}

/// The same entries by hand.
fn copy(ledger: &Ledger<SqliteStore>, path: &Path) -> Outcome<Plain> {
    let mut plain = Plain::create(path)?;
    let entries = cut::all(ledger.as_async().store())?;
    // One at a time, so that the rows lie in the same order as in the ledger.
    let appends: Vec<_> = entries.chunks(1).map(streams::continuing).collect();
    plain.commit(&appends)?;
    Ok(plain)
}

fn into_views(ledger: &Ledger<SqliteStore>, facts: usize) -> Outcome<Sample> {
    let mut views = (
        SlaView::new(Policy::standard()),
        CauseView::new(Policy::standard()),
    );
    let (end, took) = time(|| Ok(ledger.replay_into(&mut views)?))?;
    done(end, facts, took)
}

fn into_archive(ledger: &Ledger<SqliteStore>, facts: usize, path: &Path) -> Outcome<Sample> {
    let (end, took) = time(|| {
        let mut archive = Archive::open(path, cut::LEDGER)?;
        let mut loader = archive.loader();
        let end = ledger.replay_into(&mut loader)?;
        loader.finish()?;
        Ok(end)
    })?;
    done(end, facts, took)
}

fn decode(ledger: &Ledger<SqliteStore>, facts: usize) -> Outcome<Sample> {
    let (end, took) = time(|| Ok(ledger.replay_pages(None, Position::FIRST, |_| Ok(()))?))?;
    done(end, facts, took)
}

fn read(ledger: &Ledger<SqliteStore>, facts: usize) -> Outcome<Sample> {
    let store = ledger.as_async().store();
    let (end, took) = time(|| {
        let mut next = Position::FIRST;
        loop {
            let page = pollster::block_on(store.read_all(next, 1_000))?;
            let Some(last) = page.last() else {
                return Ok(next);
            };
            next = last.position.next();
        }
    })?;
    done(end, facts, took)
}

fn done(end: Position, facts: usize, took: std::time::Duration) -> Outcome<Sample> {
    check(usize::try_from(end.get())? == facts, || {
        format!("{end} facts instead of {facts}")
    })?;
    Ok(Sample {
        operations: facts,
        took,
    })
}

fn scan(plain: &Plain, facts: usize) -> Outcome<Sample> {
    let ((count, bytes), took) = time(|| plain.scan())?;
    check(count == facts && bytes > facts, || {
        format!("{count} rows instead of {facts}")
    })?;
    Ok(Sample {
        operations: facts,
        took,
    })
}

fn scan_and_decode(plain: &Plain, facts: usize) -> Outcome<Sample> {
    let (count, took) = time(|| {
        let mut count = 0;
        plain.for_each(|entry| {
            std::hint::black_box(codec::decode(&entry, codec::no_upcasts)?);
            count += 1;
            Ok(())
        })?;
        Ok(count)
    })?;
    check(count == facts, || {
        format!("{count} rows instead of {facts}")
    })?;
    Ok(Sample {
        operations: facts,
        took,
    })
}
