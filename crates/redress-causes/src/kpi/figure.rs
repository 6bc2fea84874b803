//! The rates among the figures: their names, and what each counts.

use redress_core::Language;
use serde::Serialize;

use super::{Kpi, Kpis};

/// A rate among the figures: what stands above the line, what below, and in which period it falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// 投诉率: complaints received in the period, out of the customers served.
    ComplaintRate,
    /// 及时率: clocks met, out of those met, missed, or open and overdue. A clock falls in the period in which it ended;
    /// an overdue one in that in which it was due.
    Timeliness,
    /// 满意度: content with the result, out of the complaints whose standing verdict was given in the period. A verdict
    /// stands until the customer is reached again, or the handling begins again for another reason than the verdict itself.
    Satisfaction,
    /// 回访应答率: complaints whose customer was reached by a revisit in the period, out of those revisited in it.
    Response,
    /// 投诉重复率: repeats, out of the complaints received in the period. A repeat is tied to an earlier complaint as such,
    /// or is of the same customer and the same category or product, within 30 days of an earlier one's receipt or of the
    /// resolution of it that stands.
    Repeat,
    /// 返工率: in their second cycle or a later one, out of the complaints resolved in the period.
    Rework,
    /// 升级率: ever escalated, out of the complaints received in the period.
    Escalation,
    /// 投诉成立率: upheld in full or in part, out of the complaints resolved in the period that tell.
    Upheld,
    /// 回访完成率: revisits that reached the customer, out of those that were owed from the period on and not called off.
    RevisitCompletion,
    /// 平均转派次数: how often the lead passed to another department, per complaint received in the period. May be above 1.
    HandOvers,
    /// 标准化程度: through every stage in order, out of the complaints closed in the period that did not end before their
    /// time (withdrawn, refused, duplicate).
    Conformity,
    /// 数据完整率: with class, product, time of the occurrence and demand, out of the complaints received in the period.
    DataQuality,
}

impl Figure {
    /// Every rate, in the order of a report.
    pub const ALL: [Self; 12] = [
        Self::ComplaintRate,
        Self::Timeliness,
        Self::Satisfaction,
        Self::Response,
        Self::Repeat,
        Self::Rework,
        Self::Escalation,
        Self::Upheld,
        Self::RevisitCompletion,
        Self::HandOvers,
        Self::Conformity,
        Self::DataQuality,
    ];

    /// Its value among the figures.
    #[must_use]
    pub const fn of(self, kpis: &Kpis) -> Kpi {
        match self {
            Self::ComplaintRate => kpis.complaint_rate,
            Self::Timeliness => kpis.timeliness,
            Self::Satisfaction => kpis.satisfaction,
            Self::Response => kpis.response,
            Self::Repeat => kpis.repeat,
            Self::Rework => kpis.rework,
            Self::Escalation => kpis.escalation,
            Self::Upheld => kpis.upheld,
            Self::RevisitCompletion => kpis.revisit_completion,
            Self::HandOvers => kpis.hand_overs,
            Self::Conformity => kpis.conformity,
            Self::DataQuality => kpis.data_quality,
        }
    }

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ComplaintRate => "complaint_rate",
            Self::Timeliness => "timeliness",
            Self::Satisfaction => "satisfaction",
            Self::Response => "response",
            Self::Repeat => "repeat",
            Self::Rework => "rework",
            Self::Escalation => "escalation",
            Self::Upheld => "upheld",
            Self::RevisitCompletion => "revisit_completion",
            Self::HandOvers => "hand_overs",
            Self::Conformity => "conformity",
            Self::DataQuality => "data_quality",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::ComplaintRate) => "Complaint rate",
            (Language::English, Self::Timeliness) => "Timeliness",
            (Language::English, Self::Satisfaction) => "Satisfaction",
            (Language::English, Self::Response) => "Response to revisits",
            (Language::English, Self::Repeat) => "Repeat rate",
            (Language::English, Self::Rework) => "Rework",
            (Language::English, Self::Escalation) => "Escalation rate",
            (Language::English, Self::Upheld) => "Upheld rate",
            (Language::English, Self::RevisitCompletion) => "Revisit completion",
            (Language::English, Self::HandOvers) => "Hand-overs per complaint",
            (Language::English, Self::Conformity) => "Conformity",
            (Language::English, Self::DataQuality) => "Data quality",
            (Language::Chinese, Self::ComplaintRate) => "投诉率",
            (Language::Chinese, Self::Timeliness) => "及时率",
            (Language::Chinese, Self::Satisfaction) => "满意度",
            (Language::Chinese, Self::Response) => "回访应答率",
            (Language::Chinese, Self::Repeat) => "投诉重复率",
            (Language::Chinese, Self::Rework) => "返工率",
            (Language::Chinese, Self::Escalation) => "升级率",
            (Language::Chinese, Self::Upheld) => "投诉成立率",
            (Language::Chinese, Self::RevisitCompletion) => "回访完成率",
            (Language::Chinese, Self::HandOvers) => "平均转派次数",
            (Language::Chinese, Self::Conformity) => "标准化程度",
            (Language::Chinese, Self::DataQuality) => "数据完整率",
        }
    }
}
