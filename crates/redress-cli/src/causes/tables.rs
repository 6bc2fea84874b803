//! The tables of `redress causes`, for people.

use redress::causes::statistics::{ControlChart, Signal};
use redress::causes::{CrossTable, Dimension, Figure, Ranking};
use redress::core::calendar::NaiveDate;
use redress::{Language, Span};

use super::{Counted, Report, figures_of};
use crate::error::Failure;
use crate::grid::Grid;
use crate::kpi::in_full;
use crate::names::{self, Names};
use crate::output::{Output, instant};
use crate::report_args::CausesArgs;
use crate::words;

/// How many rows a table beside the causes shows; JSON lists them all.
const ROWS: usize = 10;
/// After so many days the share of unresolved complaints is told.
const DAYS: [i64; 4] = [1, 3, 7, 30];

/// One of two texts, by language.
const fn say(language: Language, english: &'static str, chinese: &'static str) -> &'static str {
    match language {
        Language::English => english,
        Language::Chinese => chinese,
    }
}

/// Prints everything of a report.
pub(super) fn print_all(
    output: &mut Output<'_>,
    args: &CausesArgs,
    report: &Report,
) -> Result<(), Failure> {
    let language = args.report.language.get();
    args.report.print_as_of(output)?;
    let title = say(language, "Root causes", "根本原因");
    print(output, language, title, &report.causes, usize::MAX)?;
    print_figures(output, language, report)?;
    print_trend(output, language, report)?;
    match &report.cross {
        Some(cross) => print_cross(output, language, cross)?,
        None => {
            for counted in &report.by {
                let name = counted.dimension.title(language);
                let title = match language {
                    Language::English => format!("Complaints by {}", name.to_lowercase()),
                    Language::Chinese => format!("按{name}统计的投诉"),
                };
                output.line("")?;
                let ranking = in_words(counted);
                print(output, language, &title, &ranking, ROWS)?;
            }
        }
    }
    print_concentrations(output, language, report)?;
    print_weeks(output, language, report)?;
    print_survival(output, language, report)?;
    print_legend(output, language, report)
}

/// What was left out before the names of causes and categories.
fn print_legend(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    let mut names = Names::default();
    let counted = report.by.iter().map(|counted| &counted.ranking);
    for row in std::iter::once(&report.causes)
        .chain(counted)
        .flat_map(|one| &one.rows)
    {
        names.short(&row.code);
    }
    if let Some(legend) = names.legend(language) {
        output.line("")?;
        output.line(&legend)?;
    }
    Ok(())
}

/// Prints the first rows of a ranking in English, with what is left out counted below.
pub(crate) fn print_ranking(
    output: &mut Output<'_>,
    title: &str,
    ranking: &Ranking,
    rows: usize,
) -> Result<(), Failure> {
    print(output, Language::English, title, ranking, rows)
}

/// Its ranking, with channels by their Chinese names too.
fn in_words(counted: &Counted) -> Ranking {
    let mut ranking = counted.ranking.clone();
    if counted.dimension == Dimension::Channel {
        for row in &mut ranking.rows {
            row.label.zh_cn = words::word(Language::Chinese, &row.code);
        }
    }
    ranking
}

fn print(
    output: &mut Output<'_>,
    language: Language,
    title: &str,
    ranking: &Ranking,
    rows: usize,
) -> Result<(), Failure> {
    let (with, without) = (ranking.counted, ranking.unrecorded);
    output.line(&match language {
        Language::English => format!("{title}: {with} with one, {without} without"),
        Language::Chinese => format!("{title}：{with} 件已记录，{without} 件未记录"),
    })?;
    if ranking.rows.is_empty() {
        return Ok(());
    }
    output.line("")?;
    let mut grid = Grid::new(&match language {
        Language::English => ["~Code", "~Name", ">Complaints", ">Share", ">Cumulative"],
        Language::Chinese => ["~代码", "~名称", ">投诉数", ">占比", ">累计占比"],
    });
    for row in ranking.rows.iter().take(rows) {
        let name = names::short(row.label.in_language(language));
        let code = names::short(&row.code);
        grid.row([
            code.to_owned(),
            if name == code {
                String::new()
            } else {
                name.to_owned()
            },
            row.count.to_string(),
            row.share.percent(),
            row.cumulative.percent(),
        ]);
    }
    output.table(&grid.without_empty_columns().0)?;
    print_left_out(output, language, ranking.rows.len().saturating_sub(rows))
}

fn print_left_out(
    output: &mut Output<'_>,
    language: Language,
    left_out: usize,
) -> Result<(), Failure> {
    if left_out > 0 {
        output.line(&match language {
            Language::English => format!("and {left_out} more; --format json lists them all"),
            Language::Chinese => format!("另有 {left_out} 行；--format json 列出全部"),
        })?;
    }
    Ok(())
}

/// How complaints with each cause were handled.
fn print_figures(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    let mut grid = Grid::new(&match language {
        Language::English => ["~Code", ">Mean time", ">p90", ">Rework", ">Satisfaction"],
        Language::Chinese => ["~代码", ">平均处理时间", ">p90", ">返工率", ">满意度"],
    });
    for row in report.causes.rows.iter().take(ROWS) {
        let Some(figures) = figures_of(report, &row.code) else {
            continue;
        };
        let time = figures.kpis.handling_time;
        let rate = |figure: Figure| in_full(language, figure, figure.of(&figures.kpis));
        grid.row([
            names::short(&row.code).to_owned(),
            time.map_or_else(String::new, |time| time.mean.to_string()),
            time.map_or_else(String::new, |time| time.p90.to_string()),
            rate(Figure::Rework),
            rate(Figure::Satisfaction),
        ]);
    }
    let title = say(
        language,
        "How they were handled, from receipt to resolution without pauses",
        "处理情况（自接收至解决，扣除暂停）",
    );
    print_titled(output, title, &grid)?;
    print_left_out(
        output,
        language,
        report.causes.rows.len().saturating_sub(ROWS),
    )
}

fn print_titled(output: &mut Output<'_>, title: &str, grid: &Grid) -> Result<(), Failure> {
    if !grid.is_empty() {
        output.heading(title)?;
        output.table(grid)?;
    }
    Ok(())
}

fn print_trend(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    let mut grid = Grid::new(&match language {
        Language::English => ["~Code", ">Before", ">Now", ">Change"],
        Language::Chinese => ["~代码", ">上期", ">本期", ">变化"],
    });
    let rows = report.trend.as_deref().unwrap_or_default();
    for row in rows.iter().take(ROWS) {
        grid.row([
            names::short(&row.cause).to_owned(),
            row.complaints.before.to_string(),
            row.complaints.after.to_string(),
            row.complaints.percent().unwrap_or_default(),
        ]);
    }
    let title = say(
        language,
        "Against the period of the same length before",
        "与上一个等长期间相比",
    );
    print_titled(output, title, &grid)?;
    print_left_out(output, language, rows.len().saturating_sub(ROWS))
}

fn print_cross(
    output: &mut Output<'_>,
    language: Language,
    cross: &CrossTable,
) -> Result<(), Failure> {
    let name = cross.dimension.title(language);
    let mut grid = Grid::new(&[
        say(language, "~Code", "~代码"),
        name,
        say(language, ">Complaints", ">投诉数"),
    ]);
    for row in &cross.rows {
        for value in &row.values {
            grid.row([
                names::short(&row.cause).to_owned(),
                value.value.as_deref().map_or("—", names::short).to_owned(),
                value.count.to_string(),
            ]);
        }
    }
    let title = match language {
        Language::English => format!("Root causes by {}", name.to_lowercase()),
        Language::Chinese => format!("根本原因 × {name}"),
    };
    print_titled(output, &title, &grid)
}

fn print_concentrations(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    let mut grid = Grid::new(&match language {
        Language::English => ["Product", "~Cause", ">Complaints", "First", "Last"],
        Language::Chinese => ["产品", "~原因", ">投诉数", "最早", "最晚"],
    });
    for found in report.concentrations.iter().take(ROWS) {
        grid.row([
            found.product.clone(),
            names::short(&found.cause).to_owned(),
            found.count.to_string(),
            instant(found.first),
            instant(found.last),
        ]);
    }
    let title = say(
        language,
        "Same product and cause, three or more within seven days",
        "七天内同一产品同一原因三件及以上",
    );
    print_titled(output, title, &grid)?;
    print_left_out(
        output,
        language,
        report.concentrations.len().saturating_sub(ROWS),
    )
}

/// The last weeks of each chart, with what the run rules find.
fn print_weeks(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    if let Some(chart) = &report.weekly_received {
        let title = say(
            language,
            "Complaints received a week (c chart, Nelson's rules)",
            "每周收到投诉（c 控制图，Nelson 判异准则）",
        );
        let mondays: Vec<NaiveDate> = report.weeks.iter().map(|week| week.monday).collect();
        let grid = weeks(language, &mondays, chart, &report.signals, 1);
        let title = format!("{title}{}", last_weeks(language, mondays.len()));
        print_titled(output, &title, &grid)?;
    }
    let rates = [
        (
            &report.weekly_rework,
            say(language, "Rework a week", "每周返工率"),
        ),
        (
            &report.weekly_dissatisfaction,
            say(language, "Dissatisfaction a week", "每周不满意率"),
        ),
    ];
    for (weekly, title) in rates {
        if let Some(weekly) = weekly {
            let chart = &weekly.laney.chart;
            let grid = weeks(language, &weekly.mondays, chart, &weekly.signals, 3);
            let title = match language {
                Language::English => format!("{title} (Laney p′ chart, Nelson's rules)"),
                Language::Chinese => format!("{title}（Laney p′ 控制图，Nelson 判异准则）"),
            };
            let title = format!("{title}{}", last_weeks(language, weekly.mondays.len()));
            print_titled(output, &title, &grid)?;
        }
    }
    Ok(())
}

/// Which part of the weeks is shown, where it is not all of them.
fn last_weeks(language: Language, weeks: usize) -> String {
    if weeks <= ROWS {
        return String::new();
    }
    match language {
        Language::English => format!(", the last {ROWS} of {weeks} weeks"),
        Language::Chinese => format!("，{weeks} 周中的最后 {ROWS} 周"),
    }
}

fn weeks(
    language: Language,
    mondays: &[NaiveDate],
    chart: &ControlChart,
    signals: &[Signal],
    decimals: usize,
) -> Grid {
    let mut grid = Grid::new(&match language {
        Language::English => ["Week of", ">Value", ">Lower", ">Mean", ">Upper", "~Signals"],
        Language::Chinese => ["周（周一）", ">数值", ">下限", ">均值", ">上限", "~信号"],
    });
    let number = |number: f64| format!("{number:.decimals$}");
    let weeks = mondays.iter().zip(&chart.points).enumerate();
    for (place, (monday, point)) in weeks.skip(mondays.len().saturating_sub(ROWS)) {
        let found = signals.iter().filter(|signal| signal.at == place);
        let names: Vec<String> = found
            .map(|signal| words::word(language, &signal.rule.name()))
            .collect();
        grid.row([
            monday.to_string(),
            number(point.value),
            number(point.lower),
            number(chart.centre),
            number(point.upper),
            names.join(say(language, ", ", "、")),
        ]);
    }
    grid
}

fn print_survival(
    output: &mut Output<'_>,
    language: Language,
    report: &Report,
) -> Result<(), Failure> {
    let curve = &report.time_to_resolve.curve;
    if curve.ended + curve.censored == 0 {
        return Ok(());
    }
    let mut grid = Grid::new(&[
        say(language, "Unresolved after", "经过天数"),
        say(language, ">Share", ">仍未解决"),
    ]);
    for days in DAYS {
        let share = format!("{:.3}", curve.after(Span::days(days)));
        grid.row([format!("{days} d"), share]);
    }
    let title = say(
        language,
        "Time to resolve (Kaplan–Meier)",
        "解决用时（Kaplan–Meier）",
    );
    print_titled(output, title, &grid)?;
    let (ended, open) = (curve.ended, curve.censored);
    let median = report.time_to_resolve.median;
    let median = median.map_or_else(
        || say(language, "unknown", "未知").to_owned(),
        |median| median.to_string(),
    );
    output.line(&match language {
        Language::English => format!("{ended} resolved, {open} not; half within {median}"),
        Language::Chinese => format!("{ended} 件已解决，{open} 件未解决；中位数 {median}"),
    })?;
    Ok(())
}
