//! How fast the rows of another system become facts of a new ledger.

use std::hint::black_box;

use redress::store::Append;
use tempfile::TempDir;

use crate::plain::Plain;
use crate::report::{Figure, Section, Unit, grouped};
use crate::stopwatch::{Plan, Sample, compare, time};
use crate::{Outcome, check, cut, streams};

pub(crate) fn measure(plan: &Plan) -> Outcome<Section> {
    let csv = cut::csv(plan.copies)?;
    let rows = csv.iter().filter(|byte| **byte == b'\n').count() - 1;
    let entries = cut::entries(plan.copies)?;
    let facts = entries.len();
    let cases: Vec<Append> = cut::by_stream(entries)
        .iter()
        .map(|case| streams::continuing(case))
        .collect();
    let [imported, steps, parsed, plain] = compare(
        plan.rounds,
        [
            &mut |_| import(&csv, facts),
            &mut |_| read(&csv, rows),
            &mut |_| parse(&csv, rows),
            &mut |_| write_plainly(&cases, facts),
        ],
    )?;
    let in_rows = |sample: Sample| Sample {
        operations: rows,
        ..sample
    };
    let ours = Figure::alone(
        "rows into a new ledger",
        Unit::PerSecond("rows"),
        in_rows(imported),
    );
    let in_facts = Figure::alone("the same, in facts", Unit::PerSecond("facts"), imported);
    let reading = Figure::alone("rows to steps, no ledger", Unit::PerSecond("rows"), steps);
    Ok(Section {
        title: "Import",
        about: format!(
            "The shipped cut of the UCI incident log, {} times over: {} rows, {} complaints, {} facts. \
             Sixteen workers, each case a durable append of its own.",
            plan.copies,
            grouped(u128::try_from(rows)?),
            grouped(u128::try_from(cases.len())?),
            grouped(u128::try_from(facts)?)
        ),
        figures: vec![
            ours.beside("the csv crate alone, no meaning", parsed),
            in_facts.beside("the same facts by plain rusqlite, a commit a case", plain),
            reading.beside("the csv crate alone, no meaning", parsed),
        ],
    })
}

fn import(csv: &[u8], facts: usize) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let ((), took) = time(|| {
        let ledger = cut::create(&folder.path().join("complaints.redress"))?;
        let summary = cut::fill(&ledger, csv, &folder.path().join("rejects.csv"))?;
        check(summary.facts_recorded == facts, || {
            format!("{} facts instead of {facts}", summary.facts_recorded)
        })
    })?;
    Ok(Sample {
        operations: facts,
        took,
    })
}

fn read(csv: &[u8], rows: usize) -> Outcome<Sample> {
    let (count, took) = time(|| {
        let mut importer = cut::importer(csv)?;
        for row in importer.by_ref() {
            black_box(row?);
        }
        Ok(usize::try_from(importer.report().rows)?)
    })?;
    check(count == rows, || format!("{count} rows instead of {rows}"))?;
    Ok(Sample {
        operations: rows,
        took,
    })
}

fn parse(csv: &[u8], rows: usize) -> Outcome<Sample> {
    let (count, took) = time(|| {
        let mut reader = csv::Reader::from_reader(csv);
        let mut record = csv::ByteRecord::new();
        let mut count = 0;
        while reader.read_byte_record(&mut record)? {
            black_box(&record);
            count += 1;
        }
        Ok(count)
    })?;
    check(count == rows, || format!("{count} rows instead of {rows}"))?;
    Ok(Sample {
        operations: rows,
        took,
    })
}

fn write_plainly(cases: &[Append], facts: usize) -> Outcome<Sample> {
    let folder = TempDir::new()?;
    let (plain, took) = time(|| {
        let mut plain = Plain::create(&folder.path().join("plain.db"))?;
        for case in cases {
            plain.commit([case])?;
        }
        Ok(plain)
    })?;
    let count = plain.count()?;
    check(count == facts, || {
        format!("{count} rows instead of {facts}")
    })?;
    Ok(Sample {
        operations: facts,
        took,
    })
}
