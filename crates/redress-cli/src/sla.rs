//! `redress sla`: how each department stands with its clocks.

use std::io::Write;

use redress::blocking::Ledger;
use redress::core::{ClockKind, Ratio};
use redress::sla::{ActiveTime, Board, BoardFilter, BoardRow, SlaView, StatusCounts};
use redress::{Span, Timestamp};
use serde::Serialize;

use crate::args::SlaArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::reading;

/// The board with the sums of each clock, for programs.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    board: &'a Board,
    totals: Vec<Total>,
}

/// One clock in all departments of a board together.
#[derive(Serialize)]
struct Total {
    clock: ClockKind,
    counts: StatusCounts,
    compliance: Option<Ratio>,
    oldest_open: Option<Timestamp>,
}

/// Runs `redress sla`.
pub(crate) fn run(args: &SlaArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let board = board(&ledger, args)?;
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        let totals = totals(&board);
        output.json(&Report {
            board: &board,
            totals,
        })?;
        return Ok(Exit::Done);
    }
    if board.rows.is_empty() {
        output.line(&format!("No clocks at {}.", instant(board.at)))?;
        return Ok(Exit::Done);
    }
    match &args.department {
        Some(department) => {
            output.line(&format!("Clocks of {department} at {}", instant(board.at)))?;
            output.line("")?;
            let lines = board.rows.iter().map(|row| (row.clock.name(), row.into()));
            print_grid(&mut output, "Clock", board.at, lines)?;
        }
        None => print(&mut output, &board)?,
    }
    output.line("")?;
    print_legend(&mut output)?;
    Ok(Exit::Done)
}

fn board(ledger: &Ledger<redress::sqlite::SqliteStore>, args: &SlaArgs) -> Result<Board, Failure> {
    let mut view = SlaView::new(ledger.as_async().policy());
    reading::fold(ledger, &mut view)?;
    let at = args.at.unwrap_or_else(|| ledger.as_async().now());
    let filter = BoardFilter {
        department: args.department.clone(),
        ..BoardFilter::default()
    };
    Ok(view.board(at, &filter))
}

/// The clocks of all departments together, then each clock by department.
fn print(output: &mut Output<'_>, board: &Board) -> Result<(), Failure> {
    output.line(&format!(
        "Clocks of all departments together at {}",
        instant(board.at)
    ))?;
    output.line("")?;
    print_totals(output, board)?;
    for clock in ClockKind::ALL {
        let rows: Vec<&BoardRow> = board.rows.iter().filter(|row| row.clock == clock).collect();
        if rows.iter().any(|row| has_limit(&row.counts)) {
            output.heading(&format!("{} by department", clock.name()))?;
            let lines = rows
                .iter()
                .map(|row| (row.department.as_str(), (*row).into()));
            print_grid(output, "Department", board.at, lines)?;
        }
    }
    Ok(())
}

/// Prints one line for each clock, summed over all departments of the board.
pub(crate) fn print_totals(output: &mut Output<'_>, board: &Board) -> Result<(), Failure> {
    let totals = totals(board);
    let lines = totals
        .iter()
        .map(|total| (total.clock.name(), total.into()));
    print_grid(output, "Clock", board.at, lines)
}

/// Prints the departments that have most clocks of a kind, with their number.
pub(crate) fn print_busiest(
    output: &mut Output<'_>,
    board: &Board,
    clock: ClockKind,
    rows: usize,
) -> Result<(), Failure> {
    let mut busiest: Vec<&BoardRow> = board.rows.iter().filter(|row| row.clock == clock).collect();
    busiest.sort_by_key(|row| std::cmp::Reverse(row.counts.total()));
    let lines = busiest
        .iter()
        .take(rows)
        .map(|row| (row.department.as_str(), (*row).into()));
    print_grid(output, "Department", board.at, lines)
}

/// Says what the columns mean that do not say it themselves.
pub(crate) fn print_legend(output: &mut Output<'_>) -> Result<(), Failure> {
    for line in [
        "In time = met / (met + missed + overdue), none where there is none of these. Median and p90: how long clocks ran",
        "that ended met or missed, pauses taken out. Oldest: how long ago the oldest open one began.",
        "No verdict: the working calendar is not published far enough. Columns of zeros and blanks are left out.",
    ] {
        output.line(line)?;
    }
    Ok(())
}

fn totals(board: &Board) -> Vec<Total> {
    ClockKind::ALL
        .into_iter()
        .filter_map(|clock| {
            let rows = || board.rows.iter().filter(|row| row.clock == clock);
            let counts: StatusCounts = rows().map(|row| row.counts).sum();
            (counts.total() > 0).then(|| Total {
                clock,
                counts,
                compliance: counts.compliance(),
                oldest_open: rows().filter_map(|row| row.oldest_open).min(),
            })
        })
        .collect()
}

/// Whether any of these clocks is measured against a limit.
fn has_limit(counts: &StatusCounts) -> bool {
    counts.total() > without_limit(counts)
}

fn without_limit(counts: &StatusCounts) -> u64 {
    counts.untargeted_running + counts.untargeted_ended
}

/// What a line of the board says, whatever it is about.
struct Line {
    counts: StatusCounts,
    compliance: Option<Ratio>,
    active: Option<ActiveTime>,
    oldest_open: Option<Timestamp>,
}

impl From<&BoardRow> for Line {
    fn from(row: &BoardRow) -> Self {
        Self {
            counts: row.counts,
            compliance: row.compliance,
            active: row.active,
            oldest_open: row.oldest_open,
        }
    }
}

impl From<&Total> for Line {
    /// Sums can be added up over departments; a median cannot.
    fn from(total: &Total) -> Self {
        Self {
            counts: total.counts,
            compliance: total.compliance,
            active: None,
            oldest_open: total.oldest_open,
        }
    }
}

fn print_grid<'a>(
    output: &mut Output<'_>,
    of: &str,
    at: Timestamp,
    lines: impl Iterator<Item = (&'a str, Line)>,
) -> Result<(), Failure> {
    let mut grid = Grid::new(&[
        of,
        ">On\ntrack",
        ">At\nrisk",
        ">Over-\ndue",
        ">Paused",
        ">Met",
        ">Missed",
        ">Early",
        ">Handed\nover",
        ">Can-\ncelled",
        ">No\nlimit",
        ">No\nverdict",
        ">In time",
        ">Median",
        ">p90",
        ">Oldest",
    ]);
    for (name, line) in lines {
        grid.row(cells(name, at, &line));
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    Ok(())
}

fn cells(name: &str, at: Timestamp, line: &Line) -> Vec<String> {
    let counts = &line.counts;
    let mut cells = vec![name.to_owned()];
    let counted = [
        counts.on_track,
        counts.at_risk,
        counts.overdue,
        counts.paused,
        counts.met,
        counts.missed,
        counts.early,
        counts.handed_over_in_time + counts.handed_over_late,
        counts.cancelled,
        without_limit(counts),
        counts.not_evaluable,
    ];
    cells.extend(counted.map(|count| count.to_string()));
    let span = |span: Option<Span>| span.map_or_else(String::new, |span| span.to_string());
    cells.extend([
        line.compliance
            .map_or_else(|| "none".to_owned(), Ratio::percent),
        span(line.active.map(|active| active.p50)),
        span(line.active.map(|active| active.p90)),
        span(line.oldest_open.map(|since| at.since(since))),
    ]);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verdict_is_counted_in_some_column() {
        // Written out in full, so that a new verdict does not compile until it has a column.
        let counts = StatusCounts {
            on_track: 1,
            at_risk: 1,
            overdue: 1,
            paused: 1,
            met: 1,
            missed: 1,
            early: 1,
            cancelled: 1,
            handed_over_in_time: 1,
            handed_over_late: 1,
            untargeted_running: 1,
            untargeted_ended: 1,
            not_evaluable: 1,
        };
        let line = Line {
            counts,
            compliance: None,
            active: None,
            oldest_open: None,
        };
        let cells = cells("Group 1", Timestamp::MIN, &line);
        let shown: u64 = cells
            .iter()
            .filter_map(|cell| cell.parse::<u64>().ok())
            .sum();
        assert_eq!(shown, counts.total());
        assert_eq!(shown, 13);
    }
}
