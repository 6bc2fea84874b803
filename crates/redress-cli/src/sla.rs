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

use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::output::{Output, instant};
use crate::reading;
use crate::report_args::{ReportFormat, SlaArgs, SlaBy};

pub(crate) use table::{busiest as print_busiest, legend as print_legend, totals as print_totals};

/// The board and what it is broken down to, for programs.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    board: &'a Board,
    as_of: Option<Timestamp>,
    /// What departments have open and passed on; none of one person.
    #[serde(skip_serializing_if = "Option::is_none")]
    departments: Option<Vec<DepartmentRow>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<Vec<PersonRow>>,
}

/// Runs `redress sla`.
pub(crate) fn run(args: &SlaArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    if args.by == SlaBy::Work && args.person.is_some() {
        return Err(Failure::WorkOfPerson);
    }
    let ledger = reading::open_with_rules(&args.ledger)?;
    let mut view = SlaView::new(ledger.as_async().policy());
    reading::fold_on(&args.ledger, &ledger, &mut view, args.report.as_of)?;
    let at = args.report.at(ledger.as_async().now());
    let filter = BoardFilter {
        department: args.department.clone(),
        person: args.person.clone(),
        clock: None,
        period: args.report.period(view.rules().in_force_at(at)),
        limits: args.limits.into(),
        duplicates: args.duplicates.get(),
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
            as_of: args.report.as_of,
            departments: (args.person.is_none()).then(|| departments(view, at, filter)),
            people: (by == SlaBy::Person).then(|| view.people(at, filter)),
            board: &board,
        })?),
        (ReportFormat::Csv, SlaBy::Department) => csv::departments(output, &board),
        (ReportFormat::Csv, SlaBy::Person) => csv::people(output, &view.people(at, filter)),
        (ReportFormat::Csv, SlaBy::Clock) => csv::clocks(output, &board),
        (ReportFormat::Csv, SlaBy::Work) => csv::work(output, &departments(view, at, filter)),
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
    if args.by == SlaBy::Work {
        output.line(&match language {
            Language::English => format!("{} at {moment}", work::title(language)),
            Language::Chinese => format!("{}，{moment}", work::title(language)),
        })?;
        args.report.print_as_of(output)?;
        output.line("")?;
        return work::print(output, language, &departments(view, board.at, filter));
    }
    if board.rows.is_empty() {
        output.line(&match language {
            Language::English => format!("No clocks at {moment}."),
            Language::Chinese => format!("{moment} 没有任何时限。"),
        })?;
        return Ok(());
    }
    let whose = [
        args.person.as_ref().map(ToString::to_string),
        args.department.as_ref().map(ToString::to_string),
    ];
    let whose: Vec<String> = whose.into_iter().flatten().collect();
    output.line(&match (language, whose.as_slice()) {
        (Language::English, []) => format!("Clocks of all departments together at {moment}"),
        (Language::Chinese, []) => format!("全部门时限，{moment}"),
        (Language::English, whose) => format!("Clocks of {} at {moment}", whose.join(", ")),
        (Language::Chinese, whose) => format!("{} 的时限，{moment}", whose.join("、")),
    })?;
    args.report.print_as_of(output)?;
    output.line("")?;
    match (args.by, &args.department) {
        (SlaBy::Department, None) => table::departments(output, language, board)?,
        (SlaBy::Department, Some(_)) => table::clocks(output, language, board)?,
        (SlaBy::Clock, _) => table::totals(output, language, board)?,
        (SlaBy::Person, _) => {
            table::totals(output, language, board)?;
            table::people(output, language, board.at, &view.people(board.at, filter))?;
        }
        (SlaBy::Work, _) => {}
    }
    if args.by == SlaBy::Department && args.person.is_none() {
        output.heading(work::title(language))?;
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
