//! The board for spreadsheets: a row for each group, times in microseconds.

use redress::Timestamp;
use redress::core::{Ratio, Span, Status};
use redress::sla::{ActiveTime, Board, BoardRow, DepartmentRow, PersonRow, StatusCounts};

use crate::error::Failure;
use crate::output::Output;
use crate::sla::work;

const HEADER: [&str; 24] = [
    "department",
    "person",
    "clock",
    "on_track",
    "at_risk",
    "overdue",
    "paused",
    "met",
    "missed",
    "early",
    "cancelled",
    "handed_over_in_time",
    "handed_over_late",
    "untargeted_running",
    "untargeted_ended",
    "not_evaluable",
    "joint",
    "met_of",
    "out_of",
    "measured",
    "mean_us",
    "p50_us",
    "p90_us",
    "oldest_open",
];

pub(super) fn departments(output: &mut Output<'_>, board: &Board) -> Result<(), Failure> {
    let rows = board.rows.iter().map(|row| of_row(row, ""));
    Ok(output.csv(HEADER, rows)?)
}

pub(super) fn people(output: &mut Output<'_>, people: &[PersonRow]) -> Result<(), Failure> {
    let rows = people.iter().map(|PersonRow { person, row }| {
        let person = person.as_ref().map_or("", |person| person.as_str());
        of_row(row, person)
    });
    Ok(output.csv(HEADER, rows)?)
}

pub(super) fn clocks(output: &mut Output<'_>, board: &Board) -> Result<(), Failure> {
    let rows = board.totals.iter().map(|total| {
        record(
            ["", "", total.clock.name()],
            &total.counts,
            total.joint,
            total.compliance,
            total.active,
            total.oldest_open,
        )
    });
    Ok(output.csv(HEADER, rows)?)
}

const WORK: [&str; 20] = [
    "department",
    "open_under_1_day",
    "open_from_1_to_3_days",
    "open_from_3_to_7_days",
    "open_over_7_days",
    "first_assignments",
    "dispatched_in",
    "handed_over_in",
    "handed_over_out",
    "returned_in",
    "returned_out",
    "reassignments",
    "escalations_in",
    "rework_cycles",
    "satisfied",
    "neutral",
    "dissatisfied",
    "reached",
    "not_reached",
    "taken_back",
];

/// What each department has open, what was passed to it and from it, and what its revisits found.
pub(super) fn work(output: &mut Output<'_>, rows: &[DepartmentRow]) -> Result<(), Failure> {
    let rows = rows.iter().map(|row| {
        let revisits = [
            row.revisits.satisfied,
            row.revisits.neutral,
            row.revisits.dissatisfied,
            row.revisits.reached(),
            row.revisits.not_reached,
            row.revisits.taken_back,
        ];
        let counts = work::counts(row).into_iter().chain(revisits);
        let mut cells = std::iter::once(row.department.to_string())
            .chain(counts.map(|count| count.to_string()));
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    });
    Ok(output.csv(WORK, rows)?)
}

fn of_row(row: &BoardRow, person: &str) -> [String; 24] {
    record(
        [row.department.as_str(), person, row.clock.name()],
        &row.counts,
        row.joint,
        row.compliance,
        row.active,
        row.oldest_open,
    )
}

fn record(
    [department, person, clock]: [&str; 3],
    counts: &StatusCounts,
    joint: u64,
    compliance: Option<Ratio>,
    active: Option<ActiveTime>,
    oldest_open: Option<Timestamp>,
) -> [String; 24] {
    let mut cells = vec![department.to_owned(), person.to_owned(), clock.to_owned()];
    cells.extend(Status::ALL.map(|status| counts.of(status).to_string()));
    let number = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
    let micros = |span: Option<Span>| span.map_or_else(String::new, |s| s.as_micros().to_string());
    cells.extend([
        joint.to_string(),
        number(compliance.map(Ratio::numerator)),
        number(compliance.map(Ratio::denominator)),
        number(active.map(|active| active.clocks)),
        micros(active.map(|active| active.mean)),
        micros(active.map(|active| active.p50)),
        micros(active.map(|active| active.p90)),
        oldest_open.map_or_else(String::new, |at| at.to_string()),
    ]);
    std::array::from_fn(|place| cells.get(place).cloned().unwrap_or_default())
}
