//! What each department has open, what was passed to it and from it, and how content its customers were.

use redress::Language;
use redress::core::Ratio;
use redress::sla::DepartmentRow;

use super::labels;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::Output;
use crate::words;

/// What stands above the table.
pub(super) const fn title(language: Language) -> &'static str {
    match language {
        Language::English => "Open complaints, work passed on, revisits",
        Language::Chinese => "未结投诉、流转与回访",
    }
}

pub(super) fn print(
    output: &mut Output<'_>,
    language: Language,
    rows: &[DepartmentRow],
) -> Result<(), Failure> {
    let mut headings = vec![labels::department(language)];
    headings.extend(labels::work(language));
    let mut grid = Grid::new(&headings);
    for row in rows {
        let rates = [row.revisits.satisfaction(), row.revisits.response()];
        let name = std::iter::once(row.department.to_string());
        let counts = counts(row).map(|count| count.to_string());
        let rates =
            rates.map(|rate| rate.map_or_else(|| words::none(language).to_owned(), Ratio::percent));
        grid.row(name.chain(counts).chain(rates));
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    Ok(())
}

/// What is open, and what was passed on, in the order of the columns.
pub(super) const fn counts(row: &DepartmentRow) -> [u64; 13] {
    [
        row.open.under_1_day,
        row.open.from_1_to_3_days,
        row.open.from_3_to_7_days,
        row.open.over_7_days,
        row.first_assignments,
        row.dispatched_in,
        row.handed_over_in,
        row.handed_over_out,
        row.returned_in,
        row.returned_out,
        row.reassignments,
        row.escalations_in,
        row.rework_cycles,
    ]
}
