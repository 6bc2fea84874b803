//! The board as tables for people.

use redress::core::{ClockKind, Ratio};
use redress::sla::{ActiveTime, Board, BoardRow, ClockTotal, PersonRow, StatusCounts};
use redress::{Language, Span, Timestamp};

use super::labels;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::Output;
use crate::words;

/// Prints the clocks of all departments together, then each clock by department.
pub(super) fn departments(
    output: &mut Output<'_>,
    language: Language,
    board: &Board,
) -> Result<(), Failure> {
    totals(output, language, board)?;
    for clock in ClockKind::ALL {
        let rows: Vec<&BoardRow> = board.rows.iter().filter(|row| row.clock == clock).collect();
        if rows.iter().any(|row| has_limit(&row.counts)) {
            let name = labels::clock(language, clock);
            output.heading(&match language {
                Language::English => format!("{name} by department"),
                Language::Chinese => format!("{name}（按部门）"),
            })?;
            let lines = rows
                .iter()
                .map(|row| (row.department.to_string(), (*row).into()));
            grid(
                output,
                language,
                labels::department(language),
                board.at,
                lines,
            )?;
        }
    }
    Ok(())
}

/// Prints one line for each clock of one department.
pub(super) fn clocks(
    output: &mut Output<'_>,
    language: Language,
    board: &Board,
) -> Result<(), Failure> {
    let lines = board
        .rows
        .iter()
        .map(|row| (labels::clock(language, row.clock).to_owned(), row.into()));
    grid(output, language, labels::clocks(language), board.at, lines)
}

/// Prints each clock by person.
pub(super) fn people(
    output: &mut Output<'_>,
    language: Language,
    at: Timestamp,
    people: &[PersonRow],
) -> Result<(), Failure> {
    for clock in ClockKind::ALL {
        let rows: Vec<&PersonRow> = people.iter().filter(|one| one.row.clock == clock).collect();
        if rows.iter().any(|one| has_limit(&one.row.counts)) {
            output.heading(labels::clock(language, clock))?;
            let lines = rows.iter().map(|one| {
                let person = one.person.as_ref().map_or("-", |person| person.as_str());
                (
                    format!("{} {person}", one.row.department),
                    (&one.row).into(),
                )
            });
            grid(output, language, labels::person(language), at, lines)?;
        }
    }
    Ok(())
}

/// Prints one line for each clock, all departments of the board together.
pub(crate) fn totals(
    output: &mut Output<'_>,
    language: Language,
    board: &Board,
) -> Result<(), Failure> {
    let lines = board.totals.iter().map(|total| {
        (
            labels::clock(language, total.clock).to_owned(),
            total.into(),
        )
    });
    grid(output, language, labels::clocks(language), board.at, lines)
}

/// Prints the departments that have most clocks of a kind, with their number.
pub(crate) fn busiest(
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
        .map(|row| (row.department.to_string(), (*row).into()));
    let language = Language::English;
    grid(
        output,
        language,
        labels::department(language),
        board.at,
        lines,
    )
}

/// Says what the columns mean that do not say it themselves.
pub(crate) fn legend(output: &mut Output<'_>, language: Language) -> Result<(), Failure> {
    for line in labels::legend(language) {
        output.line(line)?;
    }
    Ok(())
}

/// Whether any of these clocks is measured against a limit.
fn has_limit(counts: &StatusCounts) -> bool {
    counts.total() > without_limit(counts)
}

pub(super) fn without_limit(counts: &StatusCounts) -> u64 {
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

impl From<&ClockTotal> for Line {
    fn from(total: &ClockTotal) -> Self {
        Self {
            counts: total.counts,
            compliance: total.compliance,
            active: total.active,
            oldest_open: total.oldest_open,
        }
    }
}

fn grid(
    output: &mut Output<'_>,
    language: Language,
    of: &str,
    at: Timestamp,
    lines: impl Iterator<Item = (String, Line)>,
) -> Result<(), Failure> {
    let mut headings = vec![of];
    headings.extend(labels::columns(language));
    let mut grid = Grid::new(&headings);
    for (name, line) in lines {
        grid.row(cells(language, &name, at, &line));
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    Ok(())
}

fn cells(language: Language, name: &str, at: Timestamp, line: &Line) -> Vec<String> {
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
            .map_or_else(|| words::none(language).to_owned(), Ratio::percent),
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
        let cells = cells(Language::English, "Group 1", Timestamp::MIN, &line);
        let shown: u64 = cells
            .iter()
            .filter_map(|cell| cell.parse::<u64>().ok())
            .sum();
        assert_eq!(shown, counts.total());
        assert_eq!(shown, 13);
    }
}
