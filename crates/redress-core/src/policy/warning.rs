//! Rules of early warning 投诉预警: which figure is watched, from when on it warns, and who acts on it how.

use std::collections::BTreeMap;

use crate::action::AlertLevel;
use crate::dimension::Dimension;
use crate::event::{Assignee, Channel, Flag, Priority, Severity};
use crate::id::{CategoryPath, DepartmentId, ProductCode};
use crate::language::Name;
use crate::time::Span;

/// A rule of early warning. Its name stands beside it in [`Policy::warnings`](super::Policy::warnings).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarningRule {
    /// The figure that is watched.
    pub metric: Metric,
    /// The figure is watched for each combination of values of these by itself; none: for all complaints together.
    pub by: Vec<Dimension>,
    /// The complaints that are watched.
    pub scope: Scope,
    /// The figure is that of the time up to now, so long.
    pub window: Span,
    /// How many customers are served in a window; 0 where the metric does not ask.
    pub served: u64,
    /// Below so many below the line of a rate or a mean nothing is judged.
    pub min_sample: u64,
    /// From which figure on it warns, for each level it knows.
    pub levels: BTreeMap<AlertLevel, Threshold>,
    /// After a warning has ended, how long none that is not graver is raised again.
    pub cooldown: Span,
    /// Who acts on it; `None` for the quality department.
    pub owner: Option<Assignee>,
    /// What is to be done, in both languages.
    pub procedure: Name,
}

/// The complaints a rule watches: those that fit everything named here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Of this category or below it.
    pub category: Option<CategoryPath>,
    /// Of this severity.
    pub severity: Option<Severity>,
    /// Of this priority.
    pub priority: Option<Priority>,
    /// That came through this channel.
    pub channel: Option<Channel>,
    /// About this product.
    pub product: Option<ProductCode>,
    /// That this department leads.
    pub department: Option<DepartmentId>,
    /// Life or health is at stake.
    pub safety: bool,
    /// That call for this special care.
    pub flag: Option<Flag>,
}

/// A figure that can be watched.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// 投诉数量: complaints received in the window.
    Count,
    /// 投诉率: complaints received in the window, out of the customers served in one.
    Rate,
    /// 占比: complaints received in the window, out of those of all groups.
    Share,
    /// 超时: clocks that run and are overdue, whenever they started.
    Overdue,
    /// 及时率: clocks met, out of those met, missed or overdue, by when that was settled. Warns when it is low.
    Timeliness,
    /// 不满意率: dissatisfied with the result, out of the complaints whose standing verdict was given in the window.
    Dissatisfaction,
    /// 投诉重复率: repeats, out of the complaints received in the window.
    RepeatRate,
    /// 升级数量: escalations in the window.
    EscalationCount,
    /// 平均处理时间: mean handling time of the complaints resolved in the window.
    Aht,
    /// 原因集中: complaints resolved in the window whose resolution names a root cause.
    CauseCount,
}

/// In what a metric is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Number,
    /// So many out of so many.
    Share,
    /// A length of time.
    Time,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Self; 10] = [
        Self::Count,
        Self::Rate,
        Self::Share,
        Self::Overdue,
        Self::Timeliness,
        Self::Dissatisfaction,
        Self::RepeatRate,
        Self::EscalationCount,
        Self::Aht,
        Self::CauseCount,
    ];

    /// Its name in policies and in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Rate => "rate",
            Self::Share => "share",
            Self::Overdue => "overdue",
            Self::Timeliness => "timeliness",
            Self::Dissatisfaction => "dissatisfaction",
            Self::RepeatRate => "repeat_rate",
            Self::EscalationCount => "escalation_count",
            Self::Aht => "aht",
            Self::CauseCount => "cause_count",
        }
    }

    /// In what it is measured.
    #[must_use]
    pub const fn unit(self) -> Unit {
        match self {
            Self::Count | Self::Overdue | Self::EscalationCount | Self::CauseCount => Unit::Number,
            Self::Rate
            | Self::Share
            | Self::Timeliness
            | Self::Dissatisfaction
            | Self::RepeatRate => Unit::Share,
            Self::Aht => Unit::Time,
        }
    }

    /// Whether what is below its line is counted from complaints, so that there may be too few of them to judge by.
    #[must_use]
    pub const fn has_sample(self) -> bool {
        match self {
            Self::Share
            | Self::Timeliness
            | Self::Dissatisfaction
            | Self::RepeatRate
            | Self::Aht => true,
            Self::Count | Self::Rate | Self::Overdue | Self::EscalationCount | Self::CauseCount => {
                false
            }
        }
    }
}

/// From which figure on a rule warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// From this figure up.
    AtLeast(Limit),
    /// From this share down; for timeliness alone. What is compared is what lacks to all of it.
    AtMost {
        /// In thousandths.
        per_mille: u32,
    },
    /// From so many standard deviations above the mean of the windows before, and above the mean itself.
    Sigmas {
        /// How many.
        sigmas: u32,
        /// Of how many windows before this one, one after the other.
        periods: u32,
    },
    /// From so much more than in the windows before, taken together.
    Growth {
        /// By how many per cent more.
        percent: u32,
        /// Than in how many windows before this one, one after the other.
        periods: u32,
    },
}

/// A fixed figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// So many.
    Number(u64),
    /// Such a share, in thousandths.
    PerMille(u32),
    /// So long.
    Time(Span),
}

impl Threshold {
    /// How many windows before this one it looks at.
    #[must_use]
    pub const fn periods(self) -> u32 {
        match self {
            Self::AtLeast(_) | Self::AtMost { .. } => 0,
            Self::Sigmas { periods, .. } | Self::Growth { periods, .. } => periods,
        }
    }
}
