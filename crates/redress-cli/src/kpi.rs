//! `redress kpi`: the figures of complaint handling.

mod rows;

use std::io::Write;

use redress::causes::statistics::Change;
use redress::causes::{
    CauseQuery, CauseView, Dimension, Figure, Kpi, KpiQuery, KpiRow, Kpis, Period,
};
use redress::{Language, Span, Timestamp};
use serde::Serialize;

use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::names::{self, Names};
use crate::output::{Output, instant};
use crate::reading;
use crate::report_args::{KpiArgs, ReportFormat};
use crate::words;

/// The figures of a period, beside those of the period before it.
#[derive(Serialize)]
struct Report {
    period: Period,
    at: Timestamp,
    as_of: Option<Timestamp>,
    #[serde(flatten)]
    kpis: Kpis,
    /// Those of the period of the same length just before; none where an end of the period is open.
    before: Option<Kpis>,
    efficiency_gain: Option<Change>,
    time_saved: Option<Span>,
}

/// The figures of a period for each value of a dimension.
#[derive(Serialize)]
struct ByReport<'a> {
    period: Period,
    at: Timestamp,
    as_of: Option<Timestamp>,
    by: Dimension,
    rows: &'a [KpiRow],
}

/// Runs `redress kpi`.
pub(crate) fn run(args: &KpiArgs, writer: &mut dyn Write) -> Result<Exit, Failure> {
    let ledger = reading::open_with_rules(&args.ledger)?;
    let clock = ledger.as_async().now();
    let now = args.report.at(clock);
    let mut view = CauseView::new(ledger.as_async().policy());
    if now < clock {
        // What happened after it is no part of any figure; the snapshot holds it.
        view = view.until(now);
        reading::fold_shared(&ledger, args.report.as_of, &mut view, "reading")?;
    } else {
        reading::fold_on(&args.ledger, &ledger, &mut view, args.report.as_of)?;
    }
    let query = query(args, &view, now);
    let mut output = Output::new(writer, Format::Table);
    match args.by {
        Some(by) => print_by(&mut output, args, by, &query, &view.kpis_by(by, &query))?,
        None => print_whole(&mut output, args, &query, &view)?,
    }
    Ok(Exit::Done)
}

fn query(args: &KpiArgs, view: &CauseView, now: Timestamp) -> KpiQuery {
    KpiQuery {
        complaints: CauseQuery {
            period: args.report.period(view.rules().in_force_at(now)),
            duplicates: args.duplicates.get(),
            ..CauseQuery::default()
        },
        now,
        served: args.served,
    }
}

fn print_whole(
    output: &mut Output<'_>,
    args: &KpiArgs,
    query: &KpiQuery,
    view: &CauseView,
) -> Result<(), Failure> {
    let kpis = view.kpis(query);
    let before = before(query).map(|before| view.kpis(&before));
    match args.report.format {
        ReportFormat::Table => {
            print_heading(output, args, query)?;
            let language = args.report.language.get();
            output.table(&rows::whole(language, &kpis, before.as_ref()))?;
        }
        ReportFormat::Json => output.json(&Report {
            period: query.complaints.period,
            at: query.now,
            as_of: args.report.as_of,
            efficiency_gain: before
                .as_ref()
                .and_then(|before| kpis.efficiency_gain(before)),
            time_saved: before.as_ref().and_then(|before| kpis.time_saved(before)),
            kpis,
            before,
        })?,
        ReportFormat::Csv => {
            let rows = rows::csv(&kpis).into_iter();
            output.csv(
                ["figure", "numerator", "denominator"],
                rows.map(|(figure, above, below)| [figure, above, below]),
            )?;
        }
    }
    Ok(())
}

/// The same question about the period before; how many customers were served then is not known.
fn before(query: &KpiQuery) -> Option<KpiQuery> {
    let period = query.complaints.period.previous()?;
    Some(KpiQuery {
        complaints: CauseQuery {
            period,
            ..query.complaints
        },
        now: query.now,
        served: None,
    })
}

fn print_by(
    output: &mut Output<'_>,
    args: &KpiArgs,
    by: Dimension,
    query: &KpiQuery,
    rows: &[KpiRow],
) -> Result<(), Failure> {
    match args.report.format {
        ReportFormat::Table => {
            let language = args.report.language.get();
            print_heading(output, args, query)?;
            output.table(&by_value(language, by, rows))?;
            let mut names = Names::default();
            for value in rows.iter().filter_map(|row| row.value.as_deref()) {
                names.short(value);
            }
            if let Some(legend) = names.legend(language) {
                output.line("")?;
                output.line(&legend)?;
            }
        }
        ReportFormat::Json => output.json(&ByReport {
            period: query.complaints.period,
            at: query.now,
            as_of: args.report.as_of,
            by,
            rows,
        })?,
        ReportFormat::Csv => {
            let lines = rows.iter().flat_map(|row| {
                let value = row.value.clone().unwrap_or_default();
                let lines = rows::csv(&row.kpis).into_iter();
                lines.map(move |(figure, above, below)| [value.clone(), figure, above, below])
            });
            output.csv([by.name(), "figure", "numerator", "denominator"], lines)?;
        }
    }
    Ok(())
}

fn print_heading(output: &mut Output<'_>, args: &KpiArgs, query: &KpiQuery) -> Result<(), Failure> {
    let language = args.report.language.get();
    let period = query.complaints.period;
    let (from, to) = (period.from.map(instant), period.to.map(instant));
    let (from, to) = (from.as_deref(), to.as_deref());
    let now = instant(query.now);
    output.line(&match (language, from, to) {
        (Language::English, None, None) => format!("Figures of all time, as of {now}"),
        (Language::Chinese, None, None) => format!("全部期间的指标，截至 {now}"),
        (Language::English, from, to) => format!(
            "Figures from {} to {}, as of {now}",
            from.unwrap_or("the beginning"),
            to.unwrap_or("the end"),
        ),
        (Language::Chinese, from, to) => format!(
            "{} 至 {} 的指标，截至 {now}",
            from.unwrap_or("最初"),
            to.unwrap_or("最后"),
        ),
    })?;
    args.report.print_as_of(output)?;
    output.line("")?;
    Ok(())
}

/// The figures most asked for; the others are in JSON and CSV.
const COLUMNS: [Figure; 4] = [
    Figure::Timeliness,
    Figure::Satisfaction,
    Figure::Rework,
    Figure::Repeat,
];

fn by_value(language: Language, by: Dimension, rows: &[KpiRow]) -> Grid {
    let words = match language {
        Language::English => [
            "~Name",
            ">Received",
            ">Resolved",
            ">Open",
            ">Mean time",
            ">p90",
        ],
        Language::Chinese => ["~名称", ">收到", ">解决", ">未结", ">平均处理时间", ">p90"],
    };
    let title = format!("~{}", by.title(language));
    let figures = COLUMNS.map(|figure| format!(">{}", figure.label(language)));
    let headings: Vec<&str> = std::iter::once(title.as_str())
        .chain(words)
        .chain(figures.iter().map(String::as_str))
        .collect();
    let mut grid = Grid::new(&headings);
    for row in rows {
        let value = row.value.as_deref().map_or("—", names::short).to_owned();
        let name = name(language, by, row);
        let kpis = &row.kpis;
        let time = kpis.handling_time;
        let words = [
            name.filter(|name| *name != value).unwrap_or_default(),
            kpis.received.to_string(),
            kpis.resolved.to_string(),
            kpis.backlog.open.to_string(),
            time.map_or_else(String::new, |time| time.mean.to_string()),
            time.map_or_else(String::new, |time| time.p90.to_string()),
        ];
        let rates = COLUMNS.map(|figure| in_full(language, figure, figure.of(kpis)));
        grid.row(std::iter::once(value).chain(words).chain(rates));
    }
    grid.without_empty_columns().0
}

/// What people call the value of a row.
fn name(language: Language, by: Dimension, row: &KpiRow) -> Option<String> {
    let label = row.label.as_ref()?.in_language(language);
    Some(match by {
        Dimension::Channel if language == Language::Chinese => words::word(language, &label),
        Dimension::Channel
        | Dimension::Category
        | Dimension::Department
        | Dimension::Person
        | Dimension::ResponsibleDepartment
        | Dimension::Product
        | Dimension::Cause => names::short(label).to_owned(),
    })
}

/// A rate with its numbers, such as `66.7% (2/3)`.
pub(crate) fn in_full(language: Language, figure: Figure, kpi: Kpi) -> String {
    match kpi.ratio() {
        Some(ratio) => format!("{} ({ratio})", value(language, figure, kpi)),
        None => value(language, figure, kpi),
    }
}

/// A rate without its numbers.
fn value(language: Language, figure: Figure, kpi: Kpi) -> String {
    match kpi.ratio() {
        None => words::none(language).to_owned(),
        Some(ratio) if figure == Figure::HandOvers => {
            let per_mille = ratio.per_mille();
            format!("{}.{:03}", per_mille / 1000, per_mille % 1000)
        }
        Some(ratio) => ratio.percent(),
    }
}
