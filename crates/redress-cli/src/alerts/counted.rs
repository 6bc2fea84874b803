//! How many warnings there were, by rule, level or department.

use std::collections::BTreeMap;
use std::io::Write;

use redress::Language;
use redress::causes::{Alerts, Raised};
use redress::core::action::AlertLevel;
use serde::Serialize;

use super::table::level;
use crate::args::Format;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::report_args::{AlertsArgs, AlertsBy, ReportFormat};

#[derive(Serialize)]
struct Report {
    at: redress::Timestamp,
    by: AlertsBy,
    rows: Vec<Row>,
}

/// The warnings of one rule, level or department.
#[derive(Serialize)]
struct Row {
    value: String,
    raised: u64,
    /// Those of them that have not ended.
    standing: u64,
}

pub(super) fn write(
    args: &AlertsArgs,
    by: AlertsBy,
    alerts: &Alerts,
    writer: &mut dyn Write,
) -> Result<(), Failure> {
    let rows = rows(alerts, by);
    let mut output = Output::new(writer, Format::Table);
    match args.report.format {
        ReportFormat::Table => print(&mut output, args, by, alerts, &rows)?,
        ReportFormat::Json => output.json(&Report {
            at: alerts.at,
            by,
            rows,
        })?,
        ReportFormat::Csv => {
            let rows = rows.into_iter();
            let rows =
                rows.map(|row| [row.value, row.raised.to_string(), row.standing.to_string()]);
            output.csv([name(by), "raised", "standing"], rows)?;
        }
    }
    Ok(())
}

fn rows(alerts: &Alerts, by: AlertsBy) -> Vec<Row> {
    let mut rows: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for raised in &alerts.raised {
        let (count, standing) = rows.entry(value(raised, by)).or_default();
        *count += 1;
        *standing += u64::from(raised.ended_at.is_none());
    }
    let rows = rows.into_iter().map(|(value, (raised, standing))| Row {
        value,
        raised,
        standing,
    });
    rows.collect()
}

/// The level is that which the warning had last.
fn value(raised: &Raised, by: AlertsBy) -> String {
    match by {
        AlertsBy::Rule => raised.alert.rule.to_string(),
        AlertsBy::Level => raised.level.name().to_owned(),
        AlertsBy::Department => raised.owner.department.to_string(),
    }
}

const fn name(by: AlertsBy) -> &'static str {
    match by {
        AlertsBy::Rule => "rule",
        AlertsBy::Level => "level",
        AlertsBy::Department => "department",
    }
}

fn print(
    output: &mut Output<'_>,
    args: &AlertsArgs,
    by: AlertsBy,
    alerts: &Alerts,
    rows: &[Row],
) -> Result<(), Failure> {
    let language = args.report.language.get();
    let at = instant(alerts.at);
    output.line(&match language {
        Language::English => format!("Warnings up to {at}"),
        Language::Chinese => format!("截至 {at} 的预警"),
    })?;
    args.report.print_as_of(output)?;
    output.line("")?;
    let mut grid = Grid::new(&match (language, by) {
        (Language::English, AlertsBy::Rule) => ["Rule", ">Raised", ">Standing"],
        (Language::English, AlertsBy::Level) => ["Level", ">Raised", ">Standing"],
        (Language::English, AlertsBy::Department) => ["Department", ">Raised", ">Standing"],
        (Language::Chinese, AlertsBy::Rule) => ["规则", ">触发", ">持续"],
        (Language::Chinese, AlertsBy::Level) => ["级别", ">触发", ">持续"],
        (Language::Chinese, AlertsBy::Department) => ["责任部门", ">触发", ">持续"],
    });
    for row in rows {
        let levels = [AlertLevel::Yellow, AlertLevel::Orange, AlertLevel::Red];
        let known = levels.into_iter().find(|known| known.name() == row.value);
        let value = match known.filter(|_| by == AlertsBy::Level) {
            Some(known) => level(known, language).to_owned(),
            None => row.value.clone(),
        };
        grid.row([value, row.raised.to_string(), row.standing.to_string()]);
    }
    if grid.is_empty() {
        output.line(crate::words::none(language))?;
    } else {
        output.table(&grid)?;
    }
    Ok(())
}
