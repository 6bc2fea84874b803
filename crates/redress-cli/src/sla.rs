//! `redress sla`: how each department stands with its clocks.

use std::io::Write;

use redress::core::Ratio;
use redress::sla::{Board, BoardFilter, BoardRow, SlaView};

use crate::args::SlaArgs;
use crate::error::{Exit, Failure};
use crate::output::{Grid, Output};
use crate::reading;

/// Runs `redress sla`.
pub(crate) fn run(args: &SlaArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let mut view = SlaView::new(ledger.as_async().policy().clone());
    ledger.replay_into(&mut view)?;
    let at = args.at.unwrap_or_else(|| ledger.as_async().now());
    let filter = BoardFilter {
        department: args.department.clone(),
        ..BoardFilter::default()
    };
    let board = view.board(at, &filter);
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&board)?;
    } else if board.rows.is_empty() {
        output.line("No clocks.")?;
    } else {
        output.line(&format!("Clocks by department at {}", board.at))?;
        output.line("")?;
        output.table(grid(&board, usize::MAX))?;
        output.line("")?;
        output.line(LEGEND)?;
    }
    Ok(Exit::Done)
}

/// What the columns mean that do not say it themselves.
pub(crate) const LEGEND: &str = "In time = met / (met + missed + overdue); `none` where none of these. Median and p90: time that ended clocks ran, pauses taken out.";

/// The first rows of a board, for people.
pub(crate) fn grid(board: &Board, rows: usize) -> Grid {
    let mut grid = Grid::new(&[
        "Department",
        "Clock",
        ">On track",
        ">At risk",
        ">Overdue",
        ">Paused",
        ">Met",
        ">Missed",
        ">Early",
        ">Handed over",
        ">Cancelled",
        ">No limit",
        ">In time",
        ">Median",
        ">p90",
        "Oldest open",
    ]);
    for row in board.rows.iter().take(rows) {
        grid.row(cells(row));
    }
    grid
}

fn cells(row: &BoardRow) -> Vec<String> {
    let counts = &row.counts;
    let active = |of: fn(&redress::sla::ActiveTime) -> redress::Span| {
        row.active
            .as_ref()
            .map_or_else(String::new, |active| of(active).to_string())
    };
    let mut cells = vec![row.department.to_string(), row.clock.name().to_owned()];
    cells.extend(
        [
            counts.on_track,
            counts.at_risk,
            counts.overdue,
            counts.paused,
            counts.met,
            counts.missed,
            counts.early,
            counts.handed_over_in_time + counts.handed_over_late,
            counts.cancelled,
            counts.untargeted_running + counts.untargeted_ended,
        ]
        .map(|count| count.to_string()),
    );
    cells.extend([
        percent(row.compliance),
        active(|active| active.p50),
        active(|active| active.p90),
        row.oldest_open
            .map_or_else(String::new, |since| since.to_string()),
    ]);
    cells
}

/// A rate for people: there is none where nothing is below the line.
pub(crate) fn percent(ratio: Option<Ratio>) -> String {
    ratio.map_or_else(|| "none".to_owned(), Ratio::percent)
}
