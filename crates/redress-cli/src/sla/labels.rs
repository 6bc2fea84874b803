//! The words of the board, in English and Chinese.

use redress::Language;
use redress::core::{ClockKind, Status};

/// What is timed.
pub(super) const fn clock(language: Language, clock: ClockKind) -> &'static str {
    match (language, clock) {
        (Language::English, clock) => clock.name(),
        (Language::Chinese, ClockKind::Acknowledge) => "受理确认",
        (Language::Chinese, ClockKind::FirstResponse) => "首次响应",
        (Language::Chinese, ClockKind::Assignment) => "分派",
        (Language::Chinese, ClockKind::Handling) => "部门处理",
        (Language::Chinese, ClockKind::Resolution) => "解决",
        (Language::Chinese, ClockKind::Feedback) => "结果反馈",
        (Language::Chinese, ClockKind::Revisit) => "回访",
        (Language::Chinese, ClockKind::Reply) => "回复",
        (Language::Chinese, ClockKind::Promise) => "承诺",
        (Language::Chinese, ClockKind::Final) => "最终答复",
    }
}

/// How a clock stands that has not ended; the other verdicts by their names for programs.
pub(super) const fn open_status(language: Language, status: Status) -> &'static str {
    match (language, status) {
        (Language::English, Status::OnTrack) => "on track",
        (Language::English, Status::AtRisk) => "at risk",
        (Language::Chinese, Status::OnTrack) => "正常",
        (Language::Chinese, Status::AtRisk) => "临期",
        (Language::Chinese, Status::Overdue) => "超时",
        (Language::Chinese, Status::Paused) => "暂停",
        (
            _,
            Status::Overdue
            | Status::Paused
            | Status::Met
            | Status::Missed
            | Status::Early
            | Status::Cancelled
            | Status::HandedOverInTime
            | Status::HandedOverLate
            | Status::UntargetedRunning
            | Status::UntargetedEnded
            | Status::NotEvaluable,
        ) => status.name(),
    }
}

pub(super) const fn clocks(language: Language) -> &'static str {
    match language {
        Language::English => "Clock",
        Language::Chinese => "时限",
    }
}

pub(super) const fn department(language: Language) -> &'static str {
    match language {
        Language::English => "Department",
        Language::Chinese => "部门",
    }
}

pub(super) const fn person(language: Language) -> &'static str {
    match language {
        Language::English => "Department and person",
        Language::Chinese => "部门与人员",
    }
}

/// The columns of the board after the first.
pub(super) const fn columns(language: Language) -> [&'static str; 15] {
    match language {
        Language::English => [
            ">On\ntrack",
            ">At\nrisk",
            ">Over-\ndue",
            ">Paused",
            ">Met",
            ">Missed",
            ">Early",
            ">Handed\nover",
            ">Can-\ncelled",
            ">No\nlimit",
            ">No\nverdict",
            ">In time",
            ">Median",
            ">p90",
            ">Oldest",
        ],
        Language::Chinese => [
            ">正常",
            ">临期",
            ">超时",
            ">暂停",
            ">及时",
            ">逾期",
            ">过早",
            ">转出",
            ">取消",
            ">无时限",
            ">无法\n判定",
            ">及时率",
            ">中位数",
            ">p90",
            ">最久",
        ],
    }
}

/// The columns of the departments' work after the first.
pub(super) const fn work(language: Language) -> [&'static str; 15] {
    match language {
        Language::English => [
            ">Open\n< 1 d",
            ">Open\n1-3 d",
            ">Open\n3-7 d",
            ">Open\n> 7 d",
            ">First",
            ">Given\nin",
            ">Handed\nin",
            ">Handed\nout",
            ">Returned\nin",
            ">Returned\nout",
            ">With-\nin",
            ">Esca-\nlated",
            ">Rework",
            ">Content",
            ">Reached",
        ],
        Language::Chinese => [
            ">未结\n<1天",
            ">未结\n1-3天",
            ">未结\n3-7天",
            ">未结\n>7天",
            ">首次",
            ">派入",
            ">转入",
            ">转出",
            ">退回",
            ">退单",
            ">内部\n改派",
            ">升级",
            ">返工",
            ">满意度",
            ">应答率",
        ],
    }
}

/// The columns of a forecast.
pub(super) const fn forecast(language: Language) -> [&'static str; 7] {
    match language {
        Language::English => [
            "Due",
            "Complaint",
            "Clock",
            "Department",
            "Person",
            "Now",
            ">Over by",
        ],
        Language::Chinese => ["到期", "投诉", "时限", "部门", "人员", "目前", ">超时长"],
    }
}

/// What the columns mean that do not say it themselves.
pub(super) const fn legend(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => [
            "In time = met / (met + missed + overdue), none where there is none of these. Median and p90: how long clocks ran",
            "that ended met or missed, pauses taken out. Oldest: how long ago the oldest open one began.",
            "No verdict: the working calendar is not published far enough. Columns of zeros and blanks are left out.",
        ],
        Language::Chinese => [
            "及时率 = 及时 /（及时 + 逾期 + 超时），三者皆无时为“无”。中位数与 p90：已结束（及时或逾期）的实际用时，",
            "不含暂停。最久：最早的未结时限已开始多久。无法判定：工作日历尚未公布到该日期。",
            "全为零或空白的列不显示。",
        ],
    }
}
