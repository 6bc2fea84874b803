//! `redress sla`: how each department stands with its clocks.

mod csv;
mod forecast;
mod labels;
mod table;
mod work;

use std::io::Write;

use redress::sla::{Board, BoardFilter, DepartmentRow, PersonRow, SlaView};
use redress::{Language, Timestamp};
use serde::Serialize;

use crate::args::{Format, ReportFormat, SlaArgs, SlaBy};
use crate::error::{Exit, Failure};
use crate::output::{Output, instant};
use crate::reading;

pub(crate) use table::{busiest as print_busiest, legend as print_legend, totals as print_totals};

/// The board and what it is broken down to, for programs.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    board: &'a Board,
    departments: Vec<DepartmentRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<Vec<PersonRow>>,
}

/// Runs `redress sla`.
pub(crate) fn run(args: &SlaArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let mut view = SlaView::new(ledger.as_async().policy());
    reading::fold_on(&args.ledger, &ledger, &mut view)?;
    let at = (args.report.at).unwrap_or_else(|| ledger.as_async().now());
    let period = args.report.period.period(view.rules().in_force_at(at));
    let filter = BoardFilter {
        department: args.department.clone(),
        period,
        ..BoardFilter::default()
    };
    let mut output = Output::new(writer, Format::Table);
    if let Some(until) = args.until {
        let clocks = view.forecast(at, until, &filter);
        let how = (args.report.language.get(), args.report.format);
        forecast::print(&mut output, how, (at, until), &clocks)?;
    } else {
        print(&mut output, args, &view, at, &filter)?;
    }
    Ok(Exit::Done)
}

fn print(
    output: &mut Output<'_>,
    args: &SlaArgs,
    view: &SlaView,
    at: Timestamp,
    filter: &BoardFilter,
) -> Result<(), Failure> {
    let board = view.board(at, filter);
    match (args.report.format, args.by) {
        (ReportFormat::Table, _) => print_tables(output, args, view, &board, filter),
        (ReportFormat::Json, by) => Ok(output.json(&Report {
            departments: departments(view, at, filter),
            people: (by == SlaBy::Person).then(|| view.people(at, filter)),
            board: &board,
        })?),
        (ReportFormat::Csv, SlaBy::Department) => csv::departments(output, &board),
        (ReportFormat::Csv, SlaBy::Person) => csv::people(output, &view.people(at, filter)),
        (ReportFormat::Csv, SlaBy::Clock) => csv::clocks(output, &board),
    }
}

fn print_tables(
    output: &mut Output<'_>,
    args: &SlaArgs,
    view: &SlaView,
    board: &Board,
    filter: &BoardFilter,
) -> Result<(), Failure> {
    let language = args.report.language.get();
    let moment = instant(board.at);
    if board.rows.is_empty() {
        output.line(&match language {
            Language::English => format!("No clocks at {moment}."),
            Language::Chinese => format!("{moment} 没有任何时限。"),
        })?;
        return Ok(());
    }
    output.line(&match (language, &args.department) {
        (Language::English, Some(department)) => format!("Clocks of {department} at {moment}"),
        (Language::English, None) => format!("Clocks of all departments together at {moment}"),
        (Language::Chinese, Some(department)) => format!("{department} 的时限，{moment}"),
        (Language::Chinese, None) => format!("全部门时限，{moment}"),
    })?;
    output.line("")?;
    match (args.by, &args.department) {
        (SlaBy::Department, None) => table::departments(output, language, board)?,
        (SlaBy::Department, Some(_)) => table::clocks(output, language, board)?,
        (SlaBy::Clock, _) => table::totals(output, language, board)?,
        (SlaBy::Person, _) => {
            table::totals(output, language, board)?;
            table::people(output, language, board.at, &view.people(board.at, filter))?;
        }
    }
    if args.by == SlaBy::Department {
        work::print(output, language, &departments(view, board.at, filter))?;
    }
    output.line("")?;
    table::legend(output, language)
}

fn departments(view: &SlaView, at: Timestamp, filter: &BoardFilter) -> Vec<DepartmentRow> {
    let mut rows = view.departments(at, filter.period, filter.duplicates);
    let wanted = filter.department.as_ref();
    rows.retain(|row| wanted.is_none_or(|department| *department == row.department));
    rows
}
