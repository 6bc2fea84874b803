//! `redress actions`: what is done against causes and warnings, and whether it helped.

use std::io::Write;

use redress::action::{Evaluated, FigureValue, Origin};
use redress::causes::{ActionCounts, ActionGroup, ActionRow, CauseView, CountedActions};
use redress::{Language, Timestamp};
use serde::Serialize;

use crate::args::ActionsArgs;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::reading;

/// Every action, and how many stand how.
#[derive(Serialize)]
struct Report {
    at: Timestamp,
    actions: Vec<ActionRow>,
    totals: ActionCounts,
    by_owner_department: Vec<CountedActions>,
    by_cause: Vec<CountedActions>,
}

/// Runs `redress actions`.
pub(crate) fn run(args: &ActionsArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open(&args.ledger)?;
    let mut view = CauseView::new(ledger.as_async().policy());
    reading::fold(&ledger, &mut view, None)?;
    let at = args.at.unwrap_or_else(|| ledger.as_async().now());
    let report = Report {
        at,
        actions: view.actions(at),
        totals: view.action_totals(at),
        by_owner_department: view.action_counts(ActionGroup::OwnerDepartment, at),
        by_cause: view.action_counts(ActionGroup::Cause, at),
    };
    let mut output = Output::new(writer, args.output.format);
    if output.is_json() {
        output.json(&report)?;
    } else {
        print(&mut output, &report)?;
    }
    Ok(Exit::Done)
}

fn print(output: &mut Output<'_>, report: &Report) -> Result<(), Failure> {
    let ActionCounts {
        opened,
        assigned,
        overdue,
        ..
    } = report.totals;
    output.line(&format!(
        "Actions at {}: {}, of them {opened} without an owner and {assigned} in progress, {overdue} overdue",
        instant(report.at),
        report.actions.len(),
    ))?;
    if report.actions.is_empty() {
        return Ok(());
    }
    output.line("")?;
    let headings = [
        "State", "~Measure", "~Origin", "~Cause", "~Owner", "Due", ">Round", "~Effect",
    ];
    let mut grid = Grid::new(&headings);
    for row in &report.actions {
        grid.row(cells(row));
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    print_counts(
        output,
        "By department of the owner",
        &report.by_owner_department,
    )?;
    print_counts(output, "By cause", &report.by_cause)?;
    output.line("")?;
    output.line("--format json tells ids, complaints and periods too.")?;
    Ok(())
}

fn cells(row: &ActionRow) -> [String; 8] {
    let state = row.state.label(Language::English);
    let owner = row.owner.as_ref();
    [
        if row.is_overdue {
            format!("{state}, overdue")
        } else {
            state.to_owned()
        },
        row.measure.clone(),
        origin(&row.origin),
        row.cause
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        owner.map_or_else(String::new, |owner| {
            format!("{}, {}", owner.person, owner.department)
        }),
        row.due.map(instant).unwrap_or_default(),
        row.round.to_string(),
        row.effect.as_ref().map(effect).unwrap_or_default(),
    ]
}

fn origin(origin: &Origin) -> String {
    match origin {
        Origin::Alert(alert) => format!("{} alert {}", alert.level.name(), alert.rule),
        Origin::Cause | Origin::Review | Origin::Complaint => origin.name().to_owned(),
    }
}

/// The verdict with its figures, such as `partly: late_deliveries 12.0% to 7.8%`.
fn effect(fact: &Evaluated) -> String {
    format!(
        "{}: {} {} to {}",
        fact.effective.name(),
        fact.metric,
        figure(fact.before.value),
        figure(fact.after.value)
    )
}

fn figure(value: FigureValue) -> String {
    match value {
        FigureValue::Ratio(count) if count.denominator() == 1 => count.numerator().to_string(),
        FigureValue::Ratio(ratio) => ratio.percent(),
        FigureValue::Span(span) => span.to_string(),
    }
}

fn print_counts(
    output: &mut Output<'_>,
    title: &str,
    rows: &[CountedActions],
) -> Result<(), Failure> {
    output.heading(title)?;
    let mut grid = Grid::new(&[
        "Code",
        "~Name",
        ">Opened",
        ">Assigned",
        ">Overdue",
        ">Done",
        ">Late",
        ">Effective",
        ">Partly",
        ">Ineffective",
        ">Cancelled",
    ]);
    for row in rows {
        let code = row.value.clone().unwrap_or_else(|| "(none)".to_owned());
        let name = row
            .label
            .as_ref()
            .map(|label| label.in_language(Language::English));
        let name = name
            .filter(|name| *name != code)
            .unwrap_or_default()
            .to_owned();
        let counts = &row.counts;
        let numbers = [
            counts.opened,
            counts.assigned,
            counts.overdue,
            counts.done,
            counts.late,
            counts.effective,
            counts.partly,
            counts.ineffective,
            counts.cancelled,
        ];
        grid.row(
            [code, name]
                .into_iter()
                .chain(numbers.map(|number| number.to_string())),
        );
    }
    let (grid, _) = grid.without_empty_columns();
    output.table(&grid)?;
    Ok(())
}
