//! A ledger of many complaints: archived, opened, and searched.

use std::path::Path;

use redress::Policy;
use redress::archive::Archive;
use redress::blocking::Ledger;
use redress::store::EventStore;
use tempfile::TempDir;

use crate::large::{around, folded, per_second, reader, write};
use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, time};
use crate::{Outcome, check, cut, questions};

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let temporary = TempDir::new()?;
    let folder = plan.folder.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let path = folder.join("complaints.redress");
    let facts = if path.exists() {
        facts(&path)?
    } else {
        write(&path, plan.complaints)?.0
    };
    let archived = archive(&path, facts)?;
    remove_snapshots(&path)?;
    let [folded, opened] = [open(&path, facts)?, open(&path, facts)?];
    let mut figures = vec![
        per_second("into a new archive file", archived).target("50,000 facts/s"),
        Figure::alone(
            "opened without snapshots: both views folded",
            Unit::Each,
            folded,
        ),
        Figure::alone(
            "opened with snapshots, views up to date",
            Unit::Each,
            opened,
        )
        .target("< 1 s"),
    ];
    figures.extend(questions::measure(plan, &path, facts)?);
    Ok(Section {
        title: "Large ledger, searched",
        about: format!(
            "{} complaints of a seeded crowd, {} facts; `--complaints 1000000` for the full size, `--folder PATH` to keep \
             it. Archived and opened once. Searches: the slowest but one of a hundred, and the one in the middle.",
            grouped(u128::try_from(plan.complaints)?),
            grouped(u128::try_from(facts)?)
        ),
        figures,
    })
}

/// How many facts the ledger that is there holds.
pub(crate) fn facts(path: &Path) -> Outcome<usize> {
    let head = pollster::block_on(reader(path)?.head())?;
    Ok(usize::try_from(head.map_or(0, |head| head.get() + 1))?)
}

pub(crate) fn archive(path: &Path, facts: usize) -> Outcome<Sample> {
    let ledger = around(reader(path)?)?;
    let views = path.with_extension("views");
    if views.exists() {
        std::fs::remove_file(&views)?;
    }
    let (end, took) = time(|| {
        let mut archive = Archive::open(&views, cut::LEDGER)?;
        let mut loader = archive.loader();
        let end = ledger.replay_into(&mut loader)?;
        loader.finish()?;
        Ok(end)
    })?;
    folded(end, facts, took)
}

fn remove_snapshots(ledger: &Path) -> Outcome<()> {
    for ending in ["sla", "causes"] {
        let path = ledger.with_extension(ending);
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Dropping the ledger writes the snapshots that the next opening reads.
fn open(path: &Path, facts: usize) -> Outcome<Sample> {
    let (ledger, took) = time(|| Ok(Ledger::open(path, Policy::standard())?))?;
    let end = ledger.views()?.next_position();
    check(ledger.as_async().rebuilt().is_empty(), || {
        "a snapshot did not fit".to_owned()
    })?;
    let opened = folded(end, facts, took)?;
    Ok(Sample {
        operations: 1,
        ..opened
    })
}
