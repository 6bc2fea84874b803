//! A history in words, in Chinese or English.

use std::fmt::Write;

use redress_core::{EventType, Language};

use crate::history::{History, start};

/// A line for each fact: when, who, what, and where the complaint then stands.
#[must_use]
pub fn narrate(history: &History, language: Language) -> String {
    let mut words = String::new();
    for (_, fact, after) in history.transitions() {
        let past = fact.occurred_at.since(start());
        let (who, what) = (&fact.actor.id, label(fact.event.event_type(), language));
        let state = after.state().label(language);
        // Writing to a string cannot fail.
        let _written = match language {
            Language::English => writeln!(
                words,
                "after {past}: {who}: {what}; the complaint is {state}"
            ),
            Language::Chinese => writeln!(words, "{past}后：{who}：{what}，投诉{state}"),
        };
    }
    words
}

const fn label(kind: EventType, language: Language) -> &'static str {
    match (language, kind) {
        (Language::English, kind) => kind.name(),
        (Language::Chinese, EventType::Received) => "接收",
        (Language::Chinese, EventType::Classified) => "分类",
        (Language::Chinese, EventType::Assigned) => "分派",
        (Language::Chinese, EventType::Escalated) => "升级",
        (Language::Chinese, EventType::Resolved) => "解决",
        (Language::Chinese, EventType::Feedback) => "反馈",
        (Language::Chinese, EventType::Revisited) => "回访",
        (Language::Chinese, EventType::Paused) => "暂停",
        (Language::Chinese, EventType::Resumed) => "恢复",
        (Language::Chinese, EventType::Noted) => "备注",
        (Language::Chinese, EventType::Amended) => "更正",
        (Language::Chinese, EventType::Linked) => "关联",
        (Language::Chinese, EventType::Extended) => "延期",
        (Language::Chinese, EventType::Closed) => "归档",
        (Language::Chinese, EventType::Reopened) => "重启",
        (Language::Chinese, EventType::Erased) => "删除个人信息",
    }
}
