//! What will be overdue later if nothing happens until then.

use redress::sla::QueueItem;
use redress::{Language, Span, Timestamp};
use serde::Serialize;

use super::labels;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::report_args::ReportFormat;

#[derive(Serialize)]
struct Report<'a> {
    at: Timestamp,
    until: Timestamp,
    clocks: &'a [QueueItem],
}

/// Prints it, in any format.
pub(super) fn print(
    output: &mut Output<'_>,
    (language, format): (Language, ReportFormat),
    (at, until): (Timestamp, Timestamp),
    clocks: &[QueueItem],
) -> Result<(), Failure> {
    match format {
        ReportFormat::Table => table(output, language, (at, until), clocks)?,
        ReportFormat::Json => output.json(&Report { at, until, clocks })?,
        ReportFormat::Csv => output.csv(
            [
                "due",
                "complaint",
                "clock",
                "cycle",
                "joint",
                "department",
                "person",
                "status",
                "remaining_us",
            ],
            clocks.iter().map(record),
        )?,
    }
    Ok(())
}

fn table(
    output: &mut Output<'_>,
    language: Language,
    (at, until): (Timestamp, Timestamp),
    clocks: &[QueueItem],
) -> Result<(), Failure> {
    let (from, to) = (instant(at), instant(until));
    let count = clocks.len();
    output.line(&match language {
        Language::English => {
            format!("{count} clocks overdue at {to} if nothing happens after {from}")
        }
        Language::Chinese => format!("若 {from} 之后不作处理，到 {to} 将有 {count} 项超时"),
    })?;
    if clocks.is_empty() {
        return Ok(());
    }
    output.line("")?;
    let mut grid = Grid::new(&labels::forecast(language));
    for item in clocks {
        let over = item.remaining.map(|left| Span::ZERO - left);
        grid.row([
            item.due.map_or_else(String::new, instant),
            item.complaint.to_string(),
            labels::clock(language, item.clock).to_owned(),
            item.department.to_string(),
            person(item),
            labels::open_status(language, item.status).to_owned(),
            over.map_or_else(String::new, |over| over.to_string()),
        ]);
    }
    output.table(&grid)?;
    Ok(())
}

fn record(item: &QueueItem) -> [String; 9] {
    let micros = item.remaining.map(|left| left.as_micros().to_string());
    [
        item.due.map_or_else(String::new, |due| due.to_string()),
        item.complaint.to_string(),
        item.clock.name().to_owned(),
        item.cycle.to_string(),
        item.joint.to_string(),
        item.department.to_string(),
        person(item),
        item.status.name().to_owned(),
        micros.unwrap_or_default(),
    ]
}

fn person(item: &QueueItem) -> String {
    let person = item.person.as_ref();
    person.map_or_else(String::new, ToString::to_string)
}
