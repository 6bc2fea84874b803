//! `redress causes`: why things went wrong.

mod tables;

use std::io::Write;

use redress::causes::statistics::{ControlChart, Signal, SurvivalCurve, c_chart};
use redress::causes::{
    CauseQuery, CauseView, Concentration, ConcentrationRule, CrossTable, Dimension, KpiQuery,
    KpiRow, Period, Ranking, TrendRow, Week, WeeklyChart,
};
use redress::{Span, Timestamp};
use serde::Serialize;

use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::output::Output;
use crate::reading;
use crate::report_args::{CausesArgs, ReportFormat};

pub(crate) use tables::print_ranking as print;

/// Root causes, and what goes with them.
#[derive(Serialize)]
struct Report {
    period: Period,
    at: Timestamp,
    as_of: Option<Timestamp>,
    causes: Ranking,
    /// None where an end of the period is open.
    trend: Option<Vec<TrendRow>>,
    /// The figures of complaints with each cause; those of unresolved ones stand under none.
    figures: Vec<KpiRow>,
    by: Vec<Counted>,
    /// The causes against the dimension that was asked for.
    cross: Option<CrossTable>,
    concentrations: Vec<Concentration>,
    weeks: Vec<Week>,
    /// The c chart of the complaints received in each week.
    weekly_received: Option<ControlChart>,
    /// What the run rules find in it.
    signals: Vec<Signal>,
    weekly_rework: Option<WeeklyChart>,
    weekly_dissatisfaction: Option<WeeklyChart>,
    time_to_resolve: TimeToResolve,
}

#[derive(Serialize)]
struct Counted {
    dimension: Dimension,
    #[serde(flatten)]
    ranking: Ranking,
}

/// How long complaints stay unresolved.
#[derive(Serialize)]
struct TimeToResolve {
    median: Option<Span>,
    #[serde(flatten)]
    curve: SurvivalCurve,
}

/// Runs `redress causes`.
pub(crate) fn run(args: &CausesArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let mut view = CauseView::new(ledger.as_async().policy());
    reading::fold_on(&args.ledger, &ledger, &mut view, args.report.as_of)?;
    let now = args.report.at(ledger.as_async().now());
    let report = report(args, &view, now);
    let mut output = Output::new(writer, Format::Table);
    match args.report.format {
        ReportFormat::Table => tables::print_all(&mut output, args, &report)?,
        ReportFormat::Json => output.json(&report)?,
        ReportFormat::Csv => match &report.cross {
            Some(cross) => print_cross_csv(&mut output, cross)?,
            None => print_csv(&mut output, &report)?,
        },
    }
    Ok(Exit::Done)
}

fn report(args: &CausesArgs, view: &CauseView, now: Timestamp) -> Report {
    let query = CauseQuery {
        period: args.report.period(view.rules().in_force_at(now)),
        duplicates: args.duplicates.get(),
        ..CauseQuery::default()
    };
    let figures = KpiQuery {
        complaints: query,
        now,
        served: None,
    };
    // Everything but the cause itself.
    let dimensions = Dimension::ALL
        .into_iter()
        .filter(|dimension| *dimension != Dimension::Cause);
    let weeks = view.weekly(view.rules().in_force_at(now).calendar_of(None), &query, now);
    let received: Vec<u64> = weeks.iter().map(|week| week.received).collect();
    let weekly_received = c_chart(&received);
    let curve = view.time_to_resolve(&query, now);
    Report {
        period: query.period,
        at: now,
        as_of: args.report.as_of,
        causes: view.pareto(&query),
        trend: view.trend(&query),
        figures: view.kpis_by(Dimension::Cause, &figures),
        by: dimensions
            .map(|dimension| Counted {
                dimension,
                ranking: view.counts(dimension, &query),
            })
            .collect(),
        cross: args.by.map(|dimension| view.cross(dimension, &query)),
        concentrations: view.concentrations(ConcentrationRule::default(), &query),
        signals: weekly_received
            .as_ref()
            .map(ControlChart::signals)
            .unwrap_or_default(),
        weekly_rework: WeeklyChart::of(&weeks, |week| week.rework),
        weekly_dissatisfaction: WeeklyChart::of(&weeks, |week| week.dissatisfaction),
        weeks,
        weekly_received,
        time_to_resolve: TimeToResolve {
            median: curve.median(),
            curve,
        },
    }
}

/// A line for each cause, with its count and figures; the shares are out of `counted`.
fn print_csv(output: &mut Output<'_>, report: &Report) -> Result<(), Failure> {
    let header = [
        "cause",
        "complaints",
        "cumulative",
        "counted",
        "before",
        "handling_time_us",
        "rework",
        "satisfied",
        "reached",
    ];
    let rows = report.causes.rows.iter().map(|row| {
        let trend = report.trend.iter().flatten();
        let before = trend
            .filter(|trend| trend.cause == row.code)
            .map(|trend| trend.complaints.before.to_string())
            .next();
        let kpis = figures_of(report, &row.code).map(|row| &row.kpis);
        let number = |of: fn(&redress::causes::Kpis) -> u64| {
            kpis.map_or_else(String::new, |kpis| of(kpis).to_string())
        };
        let time = kpis.and_then(|kpis| kpis.handling_time);
        [
            row.code.clone(),
            row.count.to_string(),
            row.cumulative.numerator().to_string(),
            report.causes.counted.to_string(),
            before.unwrap_or_default(),
            time.map_or_else(String::new, |time| time.total.as_micros().to_string()),
            number(|kpis| kpis.rework.numerator),
            number(|kpis| kpis.satisfaction.numerator),
            number(|kpis| kpis.satisfaction.denominator),
        ]
    });
    output.csv(header, rows)?;
    Ok(())
}

fn print_cross_csv(output: &mut Output<'_>, cross: &CrossTable) -> Result<(), Failure> {
    let rows = cross.rows.iter().flat_map(|row| {
        row.values.iter().map(|value| {
            let name = value.value.clone().unwrap_or_default();
            [row.cause.clone(), name, value.count.to_string()]
        })
    });
    output.csv(["cause", cross.dimension.name(), "complaints"], rows)?;
    Ok(())
}

/// The figures of the complaints with a cause.
fn figures_of<'a>(report: &'a Report, cause: &str) -> Option<&'a KpiRow> {
    let mut rows = report.figures.iter();
    rows.find(|row| row.value.as_deref() == Some(cause))
}
