//! `redress search`: complaints by words, and by what is known of them.

use std::io::Write;

use redress::Timestamp;
use redress::archive::{Hit, Query, Summary};
use serde::Serialize;

use crate::args::SearchArgs;
use crate::describe;
use crate::error::{Exit, Failure};
use crate::output::{Grid, Output};
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
    let archive = reading::archive(&args.ledger, &ledger)?;
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
        output.line(&format!("{total} found, {} shown", hits.len()))?;
        if !hits.is_empty() {
            output.line("")?;
            output.table(grid(&hits))?;
        }
    }
    Ok(Exit::Done)
}

fn query(args: &SearchArgs) -> Query {
    let mut query = Query::new().limit(args.limit);
    if !args.text.is_empty() {
        query = query.text(args.text.as_str());
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

/// What was found, for people.
pub(crate) fn grid(hits: &[Hit]) -> Grid {
    let mut grid = Grid::new(&[
        "Complaint",
        "Reference",
        "Received",
        "State",
        "Department",
        "Category",
        "Priority",
        "Cause",
    ]);
    for hit in hits {
        let summary = &hit.summary;
        grid.row([
            summary.id.to_string(),
            or_blank(summary.external_ref.as_ref()),
            summary.received_at.to_string(),
            describe::word(&summary.state.name()),
            or_blank(summary.lead.as_ref().map(|lead| &lead.department)),
            or_blank(summary.category.as_ref()),
            summary
                .priority
                .as_ref()
                .map_or_else(String::new, describe::word),
            or_blank(summary.cause.as_ref()),
        ]);
    }
    grid
}

fn or_blank(value: Option<&impl ToString>) -> String {
    value.map_or_else(String::new, ToString::to_string)
}
