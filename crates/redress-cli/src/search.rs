//! `redress search`: complaints by words, and by what is known of them.

use std::io::Write;

use redress::Timestamp;
use redress::archive::{Hit, Query, Summary};
use serde::Serialize;

use crate::args::SearchArgs;
use crate::describe;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::names::Names;
use crate::output::{Output, instant};
use crate::reading;

/// What was found, for programs. Nothing personal.
#[derive(Serialize)]
struct Found<'a> {
    total: u64,
    complaints: Vec<&'a Summary>,
}

/// Runs `redress search`.
pub(crate) fn run(args: &SearchArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let archive = reading::archive(&ledger)?;
    let query = query(args);
    let hits = archive.search(&query)?;
    let total = archive.count(&query)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&Found {
            total,
            complaints: hits.iter().map(|hit| &hit.summary).collect(),
        })?;
    } else {
        output.line(&headline(total, hits.len()))?;
        if !hits.is_empty() {
            output.line("")?;
            print(&mut output, &hits)?;
        }
    }
    Ok(Exit::Done)
}

/// How many there are, and how to see the rest.
fn headline(total: u64, shown: usize) -> String {
    let more = if u64::try_from(shown).unwrap_or(u64::MAX) < total {
        format!(", the newest {shown} shown; --limit {total} shows all")
    } else {
        String::new()
    };
    format!("{total} found{more}")
}

fn query(args: &SearchArgs) -> Query {
    let mut query = Query::new().limit(args.limit);
    if let Some(text) = args.text.as_deref().filter(|text| !text.trim().is_empty()) {
        query = query.text(text);
    }
    if let Some(category) = &args.category {
        query = query.category(category.as_str());
    }
    if let Some(department) = &args.department {
        query = query.department(department.as_str());
    }
    if let Some(state) = args.state {
        query = query.state(state);
    }
    if let Some(channel) = args.channel {
        query = query.channel(channel);
    }
    if let Some(cause) = &args.cause {
        query = query.cause(cause.as_str());
    }
    if let Some(severity) = args.severity {
        query = query.severity(severity);
    }
    if let Some(priority) = args.priority {
        query = query.priority(priority);
    }
    if let Some(tag) = &args.tag {
        query = query.tag(tag.as_str());
    }
    if args.from.is_some() || args.to.is_some() {
        query =
            query.received(args.from.unwrap_or(Timestamp::MIN)..args.to.unwrap_or(Timestamp::MAX));
    }
    query
}

/// Prints what was found, for people.
pub(crate) fn print(output: &mut Output<'_>, hits: &[Hit]) -> Result<(), Failure> {
    let mut names = Names::default();
    output.table(&grid(hits, &mut names))?;
    if let Some(legend) = names.legend() {
        output.line("")?;
        output.line(&legend)?;
    }
    Ok(())
}

fn grid(hits: &[Hit], names: &mut Names) -> Grid {
    let mut grid = Grid::new(&[
        "Complaint",
        "Received",
        "State",
        "Department",
        "~Category",
        "Priority",
        "~Cause",
    ]);
    for hit in hits {
        let summary = &hit.summary;
        let category = summary.category.as_ref().map(|path| path.as_str());
        let cause = summary.cause.as_ref().map(|code| code.as_str());
        grid.row([
            name(summary),
            instant(summary.received_at),
            describe::word(&summary.state.name()),
            or_blank(summary.lead.as_ref().map(|lead| &lead.department)),
            category.map_or("", |path| names.short(path)).to_owned(),
            or_blank(summary.priority.as_ref().map(describe::word).as_ref()),
            cause.map_or("", |code| names.short(code)).to_owned(),
        ]);
    }
    grid.without_empty_columns().0
}

/// What `redress show` takes: the reference, or the id of a complaint that has none.
fn name(summary: &Summary) -> String {
    match &summary.external_ref {
        Some(reference) => reference.to_string(),
        None => summary.id.to_string(),
    }
}

fn or_blank(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}
