//! `redress replay`: the whole history folded again, and counted.

mod counterexample;

use std::collections::BTreeMap;
use std::io::Write;

use redress::Timestamp;
use redress::blocking::Ledger;
use redress::core::{ClockKind, LedgerEventType};
use redress::sla::{Duplicates, SlaView, SourceCount, Workload};
use redress::store::EventStore;
use serde::Serialize;

use crate::args::ReplayArgs;
use crate::error::{Exit, Failure};
use crate::fact_counts::FactCounts;
use crate::grid::Grid;
use crate::output::Output;
use crate::reading;

/// What a replay counted.
#[derive(Serialize)]
pub(crate) struct Report {
    as_of: Option<Timestamp>,
    facts: u64,
    facts_by_kind: BTreeMap<&'static str, u64>,
    refusals: u64,
    workload: Workload,
    recorded_by_sources: Vec<SourceCount>,
    own_resolution_clocks: redress::sla::StatusCounts,
}

/// Runs `redress replay`.
pub(crate) fn run(args: &ReplayArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    if counterexample::is_one(&args.ledger) {
        return counterexample::run(args, writer);
    }
    let ledger = reading::open_with_rules(&args.ledger)?;
    let report = report(&ledger, args.as_of)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&report)?;
    } else {
        print(&mut output, &report)?;
    }
    Ok(Exit::Done)
}

/// Folds the history, or what of it was known at an instant, and counts.
pub(crate) fn report<S: EventStore>(
    ledger: &Ledger<S>,
    as_of: Option<Timestamp>,
) -> Result<Report, Failure> {
    let mut views = (SlaView::new(ledger.as_async().policy()), FactCounts::new());
    reading::fold_shared(ledger, as_of, &mut views, "replaying")?;
    let (view, counts) = views;
    let (facts, facts_by_kind) = (counts.total(), counts.by_kind());
    let own_resolution_clocks =
        resolution_clocks(&view, as_of.unwrap_or_else(|| ledger.as_async().now()));
    Ok(Report {
        as_of,
        facts,
        refusals: facts_by_kind
            .get(LedgerEventType::Refused.name())
            .copied()
            .unwrap_or(0),
        facts_by_kind,
        workload: view.workload(Duplicates::Excluded),
        recorded_by_sources: view.source_counts(Duplicates::Excluded),
        own_resolution_clocks,
    })
}

/// The verdicts on the resolution clocks of all departments together.
fn resolution_clocks(view: &SlaView, at: Timestamp) -> redress::sla::StatusCounts {
    let filter = redress::sla::BoardFilter {
        clock: Some(ClockKind::Resolution),
        ..Default::default()
    };
    view.board(at, &filter)
        .rows
        .iter()
        .map(|row| row.counts)
        .sum()
}

/// Prints a report for people.
pub(crate) fn print(output: &mut Output<'_>, report: &Report) -> Result<(), Failure> {
    let work = &report.workload;
    let mut grid = Grid::new(&["Replay", ">"]);
    let mut line = |name: &str, count: u64| grid.row([name.to_owned(), count.to_string()]);
    line("facts", report.facts);
    line("complaints", work.complaints);
    line("  open", work.open);
    line("  closed", work.closed);
    line("reopenings", work.reopenings.total);
    line("  after an unhappy reply", work.reopenings.by_reply);
    line("  after a revisit", work.reopenings.by_revisit);
    line("  of closed complaints", work.reopenings.from_closed);
    line("complaints reopened", work.reopenings.complaints);
    line("assignments", work.assignments.total);
    line("  first", work.assignments.first);
    line("  within a department", work.assignments.within_department);
    line("  dispatched by intake", work.assignments.dispatches);
    line("  returned to intake", work.assignments.returns);
    line(
        "  handed over from one department to another",
        work.assignments.hand_overs,
    );
    line("escalations", work.escalations);
    line("priority raised", work.priority_raised);
    line("priority lowered", work.priority_lowered);
    line("refusals", report.refusals);
    output.table(&grid)?;
    output.line("")?;
    let mut facts = Grid::new(&["Facts by kind", ">"]);
    for (kind, count) in &report.facts_by_kind {
        facts.row([(*kind).to_owned(), count.to_string()]);
    }
    output.table(&facts)?;
    if !report.recorded_by_sources.is_empty() {
        output.line("")?;
        sources(output, report)?;
    }
    Ok(())
}

/// What other systems had recorded, beside our own verdict.
fn sources(output: &mut Output<'_>, report: &Report) -> Result<(), Failure> {
    let mut grid = Grid::new(&["Recorded by the source", "Field", "Value", ">Complaints"]);
    for count in &report.recorded_by_sources {
        grid.row([
            count.system.to_string(),
            count.field.clone(),
            count.value.clone(),
            count.complaints.to_string(),
        ]);
    }
    output.table(&grid)?;
    let counts = &report.own_resolution_clocks;
    output.line("")?;
    output.line(&format!(
        "Our own resolution clocks, each cycle by itself: {} met, {} missed, {} without a limit.",
        counts.met,
        counts.missed,
        counts.untargeted_running + counts.untargeted_ended
    ))?;
    Ok(())
}
