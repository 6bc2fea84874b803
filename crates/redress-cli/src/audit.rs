//! `redress audit`: rules asked of the whole history.

use std::io::Write;
use std::path::Path;

use redress::blocking::Ledger;
use redress::sqlite::SqliteStore;
use redress::store::Fact;
use redress::{LedgerError, Position};
use redress_rules::audit::{Audit, How, Report};
use redress_rules::{Calendars, Rule};

use crate::args::AuditArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::{policy, progress, reading};

/// Runs `redress audit`.
pub(crate) fn run(args: &AuditArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let rules = rules(&args.rules)?;
    let ledger = reading::open_with_rules(&args.ledger)?;
    // Learns what the ledger has adopted.
    ledger.rules()?;
    let calendars = match &args.policy {
        Some(name) => Calendars::from(&policy::usable(name)?),
        None => Calendars::from(&*ledger.as_async().policy()),
    };
    let report = report(args, &ledger, Audit::new(rules, calendars)?)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&report)?;
    } else {
        print(&mut output, &report, args.limit)?;
    }
    Ok(if report.findings.is_empty() && report.faults.is_empty() {
        Exit::Done
    } else {
        Exit::Found
    })
}

/// The rules of a file, or shipped ones; a file of that name goes first.
fn rules(name: &str) -> Result<Vec<Rule>, Failure> {
    let path = Path::new(name);
    match name {
        "standard" if !path.exists() => return Ok(redress_rules::standard()),
        "limits" if !path.exists() => return Ok(redress_rules::limits()),
        _ => {}
    }
    let text = reading::text("rules", path)?;
    redress_rules::parse(&text, name).map_err(|errors| Failure::rules(&errors))
}

fn report(
    args: &AuditArgs,
    ledger: &Ledger<SqliteStore>,
    mut audit: Audit,
) -> Result<Report, Failure> {
    let facts = ledger.head()?.map_or(0, |head| head.next().get());
    let bar = progress::bar(facts, "auditing");
    ledger.replay_pages(None, Position::FIRST, |page| {
        for fact in page {
            match fact {
                Fact::Complaint(recorded) => audit.fold(recorded),
                // Rules are about complaints; what the ledger says of itself is not asked.
                Fact::Ledger(_) | Fact::Action(_) => {}
            }
        }
        bar.inc(u64::try_from(page.len()).unwrap_or(0));
        Ok::<(), LedgerError>(())
    })?;
    bar.finish_and_clear();
    let now = args.at.unwrap_or_else(|| ledger.as_async().now());
    Ok(audit.report(now))
}

fn print(output: &mut Output<'_>, report: &Report, limit: usize) -> Result<(), Failure> {
    output.line(&format!(
        "{} rules, {} complaints, {} facts",
        report.rules.len(),
        report.complaints,
        report.facts
    ))?;
    output.line("")?;
    let mut grid = Grid::new(&["Rule", ">Kept", ">Owed", ">Broken", ">Unjudged", "~Says"]);
    for rule in &report.rules {
        let counts = [rule.kept, rule.owed, rule.broken, rule.unjudged];
        let counts = counts.iter().map(ToString::to_string);
        let cells = std::iter::once(rule.rule.clone()).chain(counts);
        grid.row(cells.chain([rule.words.clone()]));
    }
    output.table(&grid)?;
    if !report.findings.is_empty() {
        output.heading(&headed("Broken", report.findings.len(), limit))?;
        output.table(&findings(report, limit))?;
    }
    if !report.faults.is_empty() {
        output.heading(&headed("Not judged", report.faults.len(), limit))?;
        output.table(&faults(report, limit))?;
    }
    Ok(())
}

fn headed(what: &str, all: usize, limit: usize) -> String {
    if all > limit {
        format!("{what}: {all}, of which the first {limit}; --limit shows more")
    } else {
        format!("{what}: {all}")
    }
}

fn findings(report: &Report, limit: usize) -> Grid {
    let mut grid = Grid::new(&["Rule", "Complaint", ">Position", "Fact", "Happened", "How"]);
    for finding in report.findings.iter().take(limit) {
        grid.row([
            finding.rule.clone(),
            finding.complaint.to_string(),
            finding.position.to_string(),
            finding.fact.to_owned(),
            instant(finding.occurred_at),
            told(finding.how).to_owned(),
        ]);
    }
    grid
}

const fn told(how: How) -> &'static str {
    match how {
        How::Fact => "by this fact",
        How::Time => "time ran out",
        How::Closed => "closed without",
    }
}

fn faults(report: &Report, limit: usize) -> Grid {
    let mut grid = Grid::new(&["Rule", "Complaint", ">Position", "~Reason"]);
    for fault in report.faults.iter().take(limit) {
        grid.row([
            fault
                .rule
                .clone()
                .unwrap_or_else(|| "every rule".to_owned()),
            fault.complaint.to_string(),
            fault.position.to_string(),
            fault.reason.clone(),
        ]);
    }
    grid
}
