//! The figures as rows of a table and of a CSV file.

use redress::causes::statistics::Change;
use redress::causes::{Figure, Kpis};
use redress::{Language, Span};

use super::{in_full, value};
use crate::grid::Grid;

/// A row for each figure: its value, the numbers above and below the line, and how it was in the period before.
pub(super) fn whole(language: Language, kpis: &Kpis, before: Option<&Kpis>) -> Grid {
    let mut grid = Grid::new(&match language {
        Language::English => ["Figure", ">Value", ">Out of", ">Before", ">Change"],
        Language::Chinese => ["指标", ">数值", ">分子/分母", ">上期", ">变化"],
    });
    for count in Count::ALL {
        let change = before
            .filter(|_| count.is_of_period())
            .map(|before| Change {
                before: count.of(before),
                after: count.of(kpis),
            });
        grid.row([
            count.label(language).to_owned(),
            count.of(kpis).to_string(),
            String::new(),
            change.map_or_else(String::new, |change| change.before.to_string()),
            change.and_then(Change::percent).unwrap_or_default(),
        ]);
    }
    times(&mut grid, language, kpis, before);
    for figure in Figure::ALL {
        let kpi = figure.of(kpis);
        let numbers = kpi.ratio().map(|ratio| ratio.to_string());
        let before = before.map(|before| in_full(language, figure, figure.of(before)));
        grid.row([
            figure.label(language).to_owned(),
            value(language, figure, kpi),
            numbers.unwrap_or_default(),
            before.unwrap_or_default(),
            String::new(),
        ]);
    }
    for cost in &kpis.costs {
        let label = match language {
            Language::English => "Cost in the smallest unit of",
            Language::Chinese => "成本（最小单位）",
        };
        grid.row([
            format!("{label} {}", String::from(cost.currency.clone())),
            cost.minor_units.to_string(),
            cost.complaints.to_string(),
            String::new(),
            String::new(),
        ]);
    }
    grid
}

fn times(grid: &mut Grid, language: Language, kpis: &Kpis, before: Option<&Kpis>) {
    let labels = match language {
        Language::English => [
            "Mean handling time",
            "Median handling time",
            "90th percentile",
        ],
        Language::Chinese => ["平均处理时间", "处理时间中位数", "处理时间九十分位"],
    };
    let spans = |kpis: &Kpis| -> [Option<Span>; 3] {
        let time = kpis.handling_time;
        [
            time.map(|time| time.mean),
            time.map(|time| time.p50),
            time.map(|time| time.p90),
        ]
    };
    let shown = |span: Option<Span>| span.map_or_else(String::new, |span| span.to_string());
    let gain = before.and_then(|before| kpis.efficiency_gain(before)?.percent());
    let earlier = before.map_or([None; 3], spans);
    let rows = labels.into_iter().zip(spans(kpis)).zip(earlier);
    for (index, ((label, span), before)) in rows.enumerate() {
        let is_mean = index == 0;
        let out_of = kpis.handling_time.filter(|_| is_mean);
        grid.row([
            label.to_owned(),
            shown(span),
            out_of.map_or_else(String::new, |time| format!("{}/{}", time.total, time.count)),
            shown(before),
            gain.clone().filter(|_| is_mean).unwrap_or_default(),
        ]);
    }
}

/// Figure, number above and number below the line; what has nothing below it leaves that empty.
pub(super) fn csv(kpis: &Kpis) -> Vec<(String, String, String)> {
    let plain = |name: &str, number: String| (name.to_owned(), number, String::new());
    let mut rows: Vec<_> = Count::ALL
        .into_iter()
        .map(|count| plain(count.name(), count.of(kpis).to_string()))
        .collect();
    if let Some(time) = kpis.handling_time {
        let micros = |span: Span| span.as_micros().to_string();
        rows.push((
            "handling_time_us".to_owned(),
            micros(time.total),
            time.count.to_string(),
        ));
        rows.push(plain("handling_time_p50_us", micros(time.p50)));
        rows.push(plain("handling_time_p90_us", micros(time.p90)));
    }
    for figure in Figure::ALL {
        let kpi = figure.of(kpis);
        let numbers = (kpi.numerator.to_string(), kpi.denominator.to_string());
        rows.push((figure.name().to_owned(), numbers.0, numbers.1));
    }
    for cost in &kpis.costs {
        let name = format!("cost_minor_units_{}", String::from(cost.currency.clone()));
        rows.push((
            name,
            cost.minor_units.to_string(),
            cost.complaints.to_string(),
        ));
    }
    rows
}

/// A figure that is a plain count.
#[derive(Clone, Copy)]
enum Count {
    Received,
    Resolved,
    Closed,
    Open,
    UnderOneDay,
    OneToThreeDays,
    ThreeToSevenDays,
    OverSevenDays,
}

impl Count {
    const ALL: [Self; 8] = [
        Self::Received,
        Self::Resolved,
        Self::Closed,
        Self::Open,
        Self::UnderOneDay,
        Self::OneToThreeDays,
        Self::ThreeToSevenDays,
        Self::OverSevenDays,
    ];

    const fn of(self, kpis: &Kpis) -> u64 {
        match self {
            Self::Received => kpis.received,
            Self::Resolved => kpis.resolved,
            Self::Closed => kpis.closed,
            Self::Open => kpis.backlog.open,
            Self::UnderOneDay => kpis.backlog.under_1_day,
            Self::OneToThreeDays => kpis.backlog.from_1_to_3_days,
            Self::ThreeToSevenDays => kpis.backlog.from_3_to_7_days,
            Self::OverSevenDays => kpis.backlog.over_7_days,
        }
    }

    /// Whether it counts what happened in the period, and not what is open now.
    const fn is_of_period(self) -> bool {
        matches!(self, Self::Received | Self::Resolved | Self::Closed)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Open => "open",
            Self::UnderOneDay => "open_under_1_day",
            Self::OneToThreeDays => "open_from_1_to_3_days",
            Self::ThreeToSevenDays => "open_from_3_to_7_days",
            Self::OverSevenDays => "open_over_7_days",
        }
    }

    const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Received) => "Complaints received",
            (Language::English, Self::Resolved) => "Complaints resolved",
            (Language::English, Self::Closed) => "Complaints closed",
            (Language::English, Self::Open) => "Open now",
            (Language::English, Self::UnderOneDay) => "  for less than 1 day",
            (Language::English, Self::OneToThreeDays) => "  for 1 to 3 days",
            (Language::English, Self::ThreeToSevenDays) => "  for 3 to 7 days",
            (Language::English, Self::OverSevenDays) => "  for more than 7 days",
            (Language::Chinese, Self::Received) => "收到投诉",
            (Language::Chinese, Self::Resolved) => "解决投诉",
            (Language::Chinese, Self::Closed) => "归档投诉",
            (Language::Chinese, Self::Open) => "当前未结",
            (Language::Chinese, Self::UnderOneDay) => "  不足 1 天",
            (Language::Chinese, Self::OneToThreeDays) => "  1 至 3 天",
            (Language::Chinese, Self::ThreeToSevenDays) => "  3 至 7 天",
            (Language::Chinese, Self::OverSevenDays) => "  超过 7 天",
        }
    }
}
