//! `redress archive --by`: complaints by group, with their figures.

use std::io::Write;

use redress::archive::{Dimension, Figures, Groups};
use redress::core::{Ratio, State};
use redress::{Language, Rulebook};

use crate::archive_args::ArchiveArgs;
use crate::args::Format;
use crate::csv_output;
use crate::error::Failure;
use crate::grid::Grid;
use crate::hits::Columns;
use crate::output::Output;
use crate::report_args::ReportFormat;
use crate::words;

/// Writes groups in the format asked for.
pub(crate) fn write(
    args: &ArchiveArgs,
    dimension: Dimension,
    groups: &Groups,
    rules: &Rulebook,
    writer: &mut dyn Write,
) -> Result<(), Failure> {
    let columns = Columns {
        language: args.language.get(),
        rules,
    };
    match args.format {
        ReportFormat::Json => Ok(Output::new(writer, Format::Json).json(groups)?),
        ReportFormat::Csv => Ok(csv_output::write(
            exact(dimension, groups).records(),
            writer,
        )?),
        ReportFormat::Table => {
            Ok(Output::new(writer, Format::Table).table(&table(dimension, groups, columns))?)
        }
    }
}

/// For people: shares in per cent, each rate with the numbers it comes from.
fn table(dimension: Dimension, groups: &Groups, columns: Columns<'_>) -> Grid {
    let label = format!("~{}", dimension.label(columns.language));
    let mut headings = vec![label.as_str()];
    headings.extend(match columns.language {
        Language::English => [
            ">Complaints",
            ">Share",
            ">AHT",
            ">Timeliness",
            ">Satisfaction",
            ">Response",
        ],
        Language::Chinese => [
            ">投诉数",
            ">占比",
            ">平均处理时间",
            ">及时率",
            ">满意度",
            ">回访成功率",
        ],
    });
    let mut grid = Grid::new(&headings);
    for row in &groups.rows {
        let value = row.value.as_deref();
        let value = value.map_or_else(
            || words::none(columns.language).to_owned(),
            |value| match columns.language {
                // As it is typed after `--is`.
                Language::English => value.to_owned(),
                Language::Chinese => in_chinese(dimension, value, columns),
            },
        );
        grid.row(
            [
                vec![
                    value,
                    row.figures.complaints.to_string(),
                    row.share.percent(),
                ],
                rates(&row.figures, columns),
            ]
            .concat(),
        );
    }
    let total = match columns.language {
        Language::English => "total",
        Language::Chinese => "合计",
    };
    let all = Ratio::new(groups.total.complaints, groups.total.complaints);
    grid.row(
        [
            vec![
                total.to_owned(),
                groups.total.complaints.to_string(),
                all.map_or_else(|| words::none(columns.language).to_owned(), Ratio::percent),
            ],
            rates(&groups.total, columns),
        ]
        .concat(),
    );
    grid
}

fn rates(figures: &Figures, columns: Columns<'_>) -> Vec<String> {
    let handling = figures.handling.map(|handling| handling.mean.to_string());
    vec![
        handling.unwrap_or_else(|| words::none(columns.language).to_owned()),
        percent(figures.timeliness, columns),
        percent(figures.satisfaction, columns),
        percent(figures.response, columns),
    ]
}

fn percent(ratio: Option<Ratio>, columns: Columns<'_>) -> String {
    ratio.map_or_else(
        || words::none(columns.language).to_owned(),
        |ratio| format!("{} ({ratio})", ratio.percent()),
    )
}

fn in_chinese(dimension: Dimension, value: &str, columns: Columns<'_>) -> String {
    match dimension {
        Dimension::Category | Dimension::CategoryRoot => columns.category(value),
        Dimension::Cause | Dimension::CauseRoot => columns.cause(value),
        Dimension::State => {
            let state = State::ALL.into_iter().find(|state| state.name() == value);
            let chinese = state.map(|state| state.label(Language::Chinese));
            chinese.unwrap_or(value).to_owned()
        }
        Dimension::Safety => if value == "1" { "是" } else { "否" }.to_owned(),
        Dimension::Channel
        | Dimension::Source
        | Dimension::Nature
        | Dimension::Severity
        | Dimension::Priority
        | Dimension::Outcome
        | Dimension::Upheld
        | Dimension::Remedy
        | Dimension::Satisfaction
        | Dimension::Relation
        | Dimension::Flag => words::word(columns.language, &value),
        Dimension::Cycle
        | Dimension::Level
        | Dimension::Language
        | Dimension::Product
        | Dimension::IntakeDepartment
        | Dimension::Department
        | Dimension::DepartmentEver
        | Dimension::Person
        | Dimension::Tag => value.to_owned(),
    }
}

/// For spreadsheets: what is above and below each line, and nothing rounded. A blank is none.
fn exact(dimension: Dimension, groups: &Groups) -> Grid {
    let mut grid = Grid::new(&[
        dimension.name(),
        "complaints",
        "of",
        "handled",
        "handling_total_us",
        "met",
        "judged",
        "satisfied",
        "reached",
        "asked",
    ]);
    for row in &groups.rows {
        let figures = &row.figures;
        let handling = figures.handling;
        let above = |ratio: Option<Ratio>| {
            ratio.map_or_else(String::new, |ratio| ratio.numerator().to_string())
        };
        let below = |ratio: Option<Ratio>| {
            ratio.map_or_else(String::new, |ratio| ratio.denominator().to_string())
        };
        grid.row([
            row.value.clone().unwrap_or_default(),
            figures.complaints.to_string(),
            row.share.denominator().to_string(),
            handling.map_or_else(String::new, |handling| handling.complaints.to_string()),
            handling.map_or_else(String::new, |handling| handling.total_us.to_string()),
            above(figures.timeliness),
            below(figures.timeliness),
            above(figures.satisfaction),
            below(figures.satisfaction),
            below(figures.response),
        ]);
    }
    grid
}
