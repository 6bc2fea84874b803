//! `redress alerts`: early warnings, and the actions they ask for.

mod counted;
mod table;
mod threshold;

use std::io::Write;
use std::sync::Arc;

use redress::blocking::Ledger;
use redress::causes::{Alerts, Period, Raised, Timeline};
use redress::{ActionId, AlertAction, Policy, Timestamp};
use serde::Serialize;

use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::report_args::{AlertsArgs, ReportFormat};
use crate::{oversee, reading, secret};

/// The warnings, for programs.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    alerts: &'a Alerts,
    /// Those listed were in force at some time in it.
    period: Period,
    as_of: Option<Timestamp>,
    /// The actions that were opened, where that was asked for.
    actions: Option<Vec<Action>>,
}

#[derive(Serialize)]
struct Action {
    rule: String,
    group: Option<String>,
    id: Option<ActionId>,
    /// Opened by this very call.
    opened: bool,
    /// Why it was refused.
    refused: Option<String>,
}

/// Runs `redress alerts`.
pub(crate) fn run(args: &AlertsArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    // A ledger that does not exist is not made here.
    let ledger = reading::open_with_rules(&args.ledger)?;
    let at = args.report.at(ledger.as_async().now());
    let timeline = if args.occurred {
        Timeline::Occurred
    } else {
        Timeline::Recorded
    };
    let mut view = redress::causes::AlertView::new(ledger.as_async().policy(), timeline);
    reading::fold_alerts(&args.ledger, &ledger, &mut view, args.report.as_of)?;
    let policy = Arc::clone(view.rules().in_force_at(at));
    let period = args.report.period(&policy);
    let mut alerts = view.alerts(at);
    alerts.raised.retain(|raised| stood_in(raised, period));
    if let Some(by) = args.by {
        counted::write(args, by, &alerts, writer)?;
        return Ok(Exit::Done);
    }
    let actions = if args.open_actions {
        drop(ledger);
        let ledger = Ledger::open_with(
            &args.ledger,
            Policy::standard(),
            secret::from_environment()?,
        )?;
        reading::tell_rebuilt(&ledger);
        let actions = ledger.open_alert_actions(&oversee::overseer()?)?;
        Some(actions.into_iter().map(Action::of).collect::<Vec<_>>())
    } else {
        None
    };
    let is_refused = |action: &Action| action.refused.is_some();
    let exit = match &actions {
        Some(actions) if actions.iter().any(is_refused) => Exit::SomeRefused,
        Some(_) | None => Exit::Done,
    };
    let mut output = Output::new(writer, Format::Table);
    match args.report.format {
        ReportFormat::Table => table::print(&mut output, args, (&alerts, &policy), actions)?,
        ReportFormat::Json => output.json(&Report {
            alerts: &alerts,
            period,
            as_of: args.report.as_of,
            actions,
        })?,
        ReportFormat::Csv => print_csv(&mut output, &alerts)?,
    }
    Ok(exit)
}

/// Whether a warning was in force at some time in a period.
fn stood_in(raised: &Raised, period: Period) -> bool {
    period.to.is_none_or(|to| raised.alert.raised_at < to)
        && raised.ended_at.is_none_or(|ended| {
            let from = period.from.unwrap_or(Timestamp::MIN);
            from < ended
        })
}

impl Action {
    fn of(action: AlertAction) -> Self {
        let (id, opened, refused) = match action.outcome {
            Ok(receipt) => (Some(receipt.action_id), !receipt.repeated, None),
            Err(rejection) => (None, false, Some(rejection.to_string())),
        };
        Self {
            rule: action.raised.alert.rule.to_string(),
            group: action.raised.alert.group.map(String::from),
            id,
            opened,
            refused,
        }
    }
}

fn print_csv(output: &mut Output<'_>, alerts: &Alerts) -> Result<(), Failure> {
    let header = [
        "rule",
        "group",
        "metric",
        "above",
        "below",
        "level",
        "raised_at",
        "not_evaluable",
    ];
    let rows = alerts.standings.iter().map(|standing| {
        let why = standing.not_evaluable.map(|why| why.name());
        [
            standing.rule.to_string(),
            table::group(&standing.group),
            standing.figure.metric.name().to_owned(),
            standing.figure.above.to_string(),
            standing.figure.below.to_string(),
            standing
                .level
                .map_or_else(String::new, |level| level.name().to_owned()),
            standing
                .raised_at
                .map(|at| at.to_string())
                .unwrap_or_default(),
            why.unwrap_or_default().to_owned(),
        ]
    });
    output.csv(header, rows)?;
    Ok(())
}
