//! `redress alerts`: early warnings, and the actions they ask for.

mod counted;

use std::io::Write;

use redress::blocking::Ledger;
use redress::causes::{Alerts, GroupValue, Measured, Period, Raised, Standing, Timeline};
use redress::core::policy::warning::Unit;
use redress::core::{Ratio, action::AlertLevel};
use redress::{ActionId, AlertAction, Language, Policy, Span, Timestamp};
use serde::Serialize;

use crate::args::Format;
use crate::error::{Exit, Failure};
use crate::grid::Grid;
use crate::output::{Output, instant};
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
    let period = args.report.period(view.rules().in_force_at(at));
    let mut alerts = view.alerts(at);
    alerts.raised.retain(|raised| stood_in(raised, period));
    if let Some(by) = args.by {
        counted::write(args, by, &alerts, writer)?;
        return Ok(Exit::Done);
    }
    let actions = if args.open_actions {
        drop(ledger);
        let ledger =
            Ledger::open_with(&args.ledger, Policy::standard(), secret::from_environment())?;
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
        ReportFormat::Table => print(&mut output, args, &alerts, actions)?,
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

/// The words of the tables.
struct Words {
    at: &'static str,
    standing: [&'static str; 6],
    raised: [&'static str; 9],
    history: &'static str,
    none: &'static str,
    actions: &'static str,
    action: [&'static str; 4],
    stands: &'static str,
    opened: &'static str,
    known: &'static str,
}

const ENGLISH: Words = Words {
    at: "Warnings at",
    standing: ["Level", "Rule", "~Group", ">Figure", ">Out of", "Since"],
    raised: [
        "Raised",
        "Ended",
        "Level",
        "Rule",
        "~Group",
        ">Figure",
        ">Out of",
        "~Owner",
        "~Procedure",
    ],
    history: "Raised so far",
    none: "none",
    actions: "Actions",
    action: ["Action", "Rule", "~Group", "~Outcome"],
    stands: "stands",
    opened: "opened",
    known: "was open already",
};

const CHINESE: Words = Words {
    at: "预警，截至",
    standing: ["级别", "规则", "~分组", ">指标值", ">分子/分母", "起始"],
    raised: [
        "触发",
        "解除",
        "级别",
        "规则",
        "~分组",
        ">指标值",
        ">分子/分母",
        "~责任人",
        "~处置程序",
    ],
    history: "预警历史",
    none: "无",
    actions: "改进措施",
    action: ["措施", "规则", "~分组", "~结果"],
    stands: "持续",
    opened: "已启动",
    known: "此前已启动",
};

fn print(
    output: &mut Output<'_>,
    args: &AlertsArgs,
    alerts: &Alerts,
    actions: Option<Vec<Action>>,
) -> Result<(), Failure> {
    let language = args.report.language.get();
    let words = match language {
        Language::English => ENGLISH,
        Language::Chinese => CHINESE,
    };
    output.line(&format!("{} {}", words.at, instant(alerts.at)))?;
    args.report.print_as_of(output)?;
    output.line("")?;
    let mut grid = Grid::new(&words.standing);
    for standing in &alerts.standings {
        grid.row([
            state(standing, language),
            standing.rule.to_string(),
            group(&standing.group),
            value(standing.figure, &words),
            out_of(standing.figure),
            standing.raised_at.map(instant).unwrap_or_default(),
        ]);
    }
    table_or_none(output, &grid, &words)?;
    output.heading(words.history)?;
    let mut grid = Grid::new(&words.raised);
    for raised in &alerts.raised {
        grid.row(cells(raised, language, &words));
    }
    table_or_none(output, &grid, &words)?;
    if let Some(actions) = actions {
        output.heading(words.actions)?;
        let mut grid = Grid::new(&words.action);
        for action in actions {
            let outcome = if action.opened {
                words.opened
            } else {
                words.known
            };
            grid.row([
                action.id.map(|id| id.to_string()).unwrap_or_default(),
                action.rule,
                action.group.unwrap_or_default(),
                action.refused.unwrap_or_else(|| outcome.to_owned()),
            ]);
        }
        table_or_none(output, &grid, &words)?;
    }
    Ok(())
}

fn table_or_none(output: &mut Output<'_>, grid: &Grid, words: &Words) -> Result<(), Failure> {
    if grid.is_empty() {
        output.line(words.none)?;
    } else {
        output.table(grid)?;
    }
    Ok(())
}

fn cells(raised: &Raised, language: Language, words: &Words) -> [String; 9] {
    let person = raised.owner.person.as_ref();
    let person = person.map_or_else(String::new, |person| format!(", {person}"));
    [
        instant(raised.alert.raised_at),
        raised
            .ended_at
            .map_or_else(|| words.stands.to_owned(), instant),
        level(raised.level, language).to_owned(),
        raised.alert.rule.to_string(),
        group(&raised.group),
        value(raised.figure, words),
        out_of(raised.figure),
        format!("{}{person}", raised.owner.department),
        raised.procedure.in_language(language).to_owned(),
    ]
}

/// The level that stands, why there is no judgement, or that all is well.
fn state(standing: &Standing, language: Language) -> String {
    let why = standing.not_evaluable.map(|why| why.label(language));
    match (standing.level, why) {
        (Some(own), None) => level(own, language).to_owned(),
        (Some(own), Some(why)) => format!("{}, {why}", level(own, language)),
        (None, Some(why)) => why.to_owned(),
        (None, None) => match language {
            Language::English => "calm".to_owned(),
            Language::Chinese => "正常".to_owned(),
        },
    }
}

const fn level(level: AlertLevel, language: Language) -> &'static str {
    match (language, level) {
        (Language::English, _) => level.name(),
        (Language::Chinese, AlertLevel::Yellow) => "黄色",
        (Language::Chinese, AlertLevel::Orange) => "橙色",
        (Language::Chinese, AlertLevel::Red) => "红色",
    }
}

fn group(group: &[GroupValue]) -> String {
    let values: Vec<&str> = group.iter().map(|one| one.value.as_str()).collect();
    values.join(" + ")
}

fn value(figure: Measured, words: &Words) -> String {
    let Some(ratio) = Ratio::new(figure.above, figure.below) else {
        return words.none.to_owned();
    };
    match figure.unit() {
        Unit::Number => ratio.numerator().to_string(),
        Unit::Share => ratio.percent(),
        Unit::Time => {
            let mean = ratio.numerator() / ratio.denominator();
            Span::micros(i64::try_from(mean).unwrap_or(i64::MAX)).to_string()
        }
    }
}

/// The numbers above and below the line of a share, and how many complaints a mean is of.
fn out_of(figure: Measured) -> String {
    match figure.unit() {
        Unit::Number => String::new(),
        Unit::Share => format!("{}/{}", figure.above, figure.below),
        Unit::Time => figure.below.to_string(),
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
            group(&standing.group),
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
