//! The tables of warnings: those that stand first, and what is calm at nothing in a line.

use std::cmp::Reverse;

use redress::causes::{Alerts, GroupValue, Measured, Raised, Standing};
use redress::core::policy::warning::Unit;
use redress::core::{Ratio, action::AlertLevel};
use redress::{Label, Language, Policy, Span};

use super::Action;
use super::threshold::thresholds;
use crate::error::Failure;
use crate::grid::Grid;
use crate::output::{Output, instant};
use crate::report_args::AlertsArgs;

/// The words of the tables.
struct Words {
    at: &'static str,
    standing: [&'static str; 7],
    unwatched: &'static str,
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
    standing: [
        "Level",
        "Rule",
        "~Group",
        ">Figure",
        ">Out of",
        "~Warns from",
        "Since",
    ],
    unwatched: "nothing yet",
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
    standing: [
        "级别",
        "规则",
        "~分组",
        ">指标值",
        ">分子/分母",
        "~预警线",
        "起始",
    ],
    unwatched: "暂无",
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

/// Prints how the figures stand that these rules watch, then what was raised, then the actions.
pub(super) fn print(
    output: &mut Output<'_>,
    args: &AlertsArgs,
    (alerts, policy): (&Alerts, &Policy),
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
    print_standings(output, (alerts, policy), language, &words)?;
    output.heading(words.history)?;
    let mut grid = Grid::new(&words.raised);
    for raised in &alerts.raised {
        grid.row(cells(raised, language, &words));
    }
    table_or_none(output, &grid, &words)?;
    if let Some(actions) = actions {
        output.heading(words.actions)?;
        print_actions(output, actions, &words)?;
    }
    Ok(())
}

/// What warns comes first, the gravest on top; of groups that are calm at nothing there may be many.
fn print_standings(
    output: &mut Output<'_>,
    (alerts, policy): (&Alerts, &Policy),
    language: Language,
    words: &Words,
) -> Result<(), Failure> {
    let (quiet, mut shown): (Vec<&Standing>, Vec<&Standing>) =
        alerts.standings.iter().partition(|one| is_quiet(one));
    shown.sort_by_key(|one| (Reverse(one.level), one.not_evaluable.is_none()));
    let from = |rule: &Label| {
        let rule = policy.warnings.get(rule);
        rule.map_or_else(String::new, |rule| thresholds(rule, language))
    };
    let mut grid = Grid::new(&words.standing);
    for standing in shown {
        grid.row([
            state(standing, language),
            standing.rule.to_string(),
            group(&standing.group),
            value(standing.figure, words),
            out_of(standing.figure),
            from(&standing.rule),
            standing.raised_at.map(instant).unwrap_or_default(),
        ]);
    }
    let is_watched = |rule: &Label| alerts.standings.iter().any(|one| one.rule == *rule);
    for rule in policy.warnings.keys().filter(|rule| !is_watched(rule)) {
        let none = String::new;
        let unwatched = words.unwatched.to_owned();
        let rule_name = rule.to_string();
        grid.row([
            unwatched,
            rule_name,
            none(),
            none(),
            none(),
            from(rule),
            none(),
        ]);
    }
    table_or_none(output, &grid, words)?;
    if quiet.is_empty() {
        return Ok(());
    }
    let count = quiet.len();
    output.line("")?;
    Ok(output.line(&match language {
        Language::English => {
            format!("Groups at 0, which are calm: {count}; --format csv lists them")
        }
        Language::Chinese => {
            format!("另有 {count} 个分组的指标值为 0，状态正常；--format csv 可列出全部")
        }
    })?)
}

/// A group without a warning in which nothing stands above the line.
fn is_quiet(standing: &Standing) -> bool {
    let is_calm = standing.level.is_none() && standing.not_evaluable.is_none();
    is_calm && standing.figure.above == 0 && !standing.group.is_empty()
}

fn print_actions(
    output: &mut Output<'_>,
    actions: Vec<Action>,
    words: &Words,
) -> Result<(), Failure> {
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
    table_or_none(output, &grid, words)
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

pub(super) const fn level(level: AlertLevel, language: Language) -> &'static str {
    match (language, level) {
        (Language::English, _) => level.name(),
        (Language::Chinese, AlertLevel::Yellow) => "黄色",
        (Language::Chinese, AlertLevel::Orange) => "橙色",
        (Language::Chinese, AlertLevel::Red) => "红色",
    }
}

pub(super) fn group(group: &[GroupValue]) -> String {
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
