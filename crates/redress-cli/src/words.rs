//! The stored words of classes, channels, outcomes and the like, as people read them.

use redress::Language;
use serde::Serialize;

use crate::describe;

/// Where nothing stands below the line.
pub(crate) const fn none(language: Language) -> &'static str {
    match language {
        Language::English => "none",
        Language::Chinese => "无",
    }
}

/// A small value, in this language; one that is no word of ours as it is.
pub(crate) fn word(language: Language, value: &impl Serialize) -> String {
    let english = describe::word(value);
    let chinese = CHINESE.iter().find(|(word, _)| *word == english);
    match (language, chinese) {
        (Language::Chinese, Some((_, chinese))) => (*chinese).to_owned(),
        (Language::Chinese | Language::English, _) => english,
    }
}

/// What each word is called in Chinese. No word means two things.
const CHINESE: [(&str, &str); 71] = [
    // Priority and severity.
    ("low", "低"),
    ("normal", "普通"),
    ("high", "高"),
    ("urgent", "紧急"),
    ("minor", "轻微"),
    ("moderate", "一般"),
    ("serious", "严重"),
    ("critical", "特别严重"),
    // Nature.
    ("functional", "功能性"),
    ("non functional", "非功能性"),
    ("emotional", "情感性"),
    ("social", "社会性"),
    // Channels and sources.
    ("phone hotline", "电话热线"),
    ("email", "电子邮件"),
    ("online service", "在线客服"),
    ("social media", "社交媒体"),
    ("mobile app", "手机应用"),
    ("website", "网站"),
    ("front desk", "前台"),
    ("self service", "自助"),
    ("third party", "第三方"),
    ("sms", "短信"),
    ("post", "信函"),
    ("internal", "内部"),
    ("external", "外部"),
    // How it ended, and how content the customer is.
    ("satisfied", "满意"),
    ("neutral", "一般满意"),
    ("dissatisfied", "不满意"),
    ("withdrawn", "撤诉"),
    ("refused", "不予受理"),
    ("duplicate", "重复件"),
    ("unreachable", "无法联系"),
    ("final position", "最终答复"),
    ("waived", "免回访"),
    ("upheld", "成立"),
    ("partly", "部分成立"),
    ("not upheld", "不成立"),
    // Remedies.
    ("apology", "道歉"),
    ("compensation", "赔偿"),
    ("refund", "退款"),
    ("exchange", "换货"),
    ("repair", "维修"),
    ("return", "退货"),
    ("discount", "折扣"),
    ("rearrangement", "重新安排"),
    ("recall", "召回"),
    ("improvement", "改进"),
    ("explanation", "解释说明"),
    // Ties and flags.
    ("duplicate of", "重复于"),
    ("repeat of", "再次投诉"),
    ("related", "相关"),
    ("part of", "属于"),
    ("vulnerable", "需特别照顾"),
    ("publicity risk", "舆情风险"),
    ("group", "群体投诉"),
    // What run rules find in a chart.
    ("beyond three sigma", "超出三倍标准差"),
    ("nine on one side", "连续九点在同侧"),
    ("six rising or falling", "连续六点递增或递减"),
    ("fourteen alternating", "连续十四点上下交替"),
    ("two of three beyond two sigma", "三点中两点超出两倍标准差"),
    ("four of five beyond one sigma", "五点中四点超出一倍标准差"),
    ("fifteen within one sigma", "连续十五点在一倍标准差内"),
    ("eight beyond one sigma", "连续八点超出一倍标准差"),
    // Where words were found.
    ("subject", "主题"),
    ("description", "描述"),
    ("solution", "解决方案"),
    ("feedback", "反馈"),
    ("opinion", "客户意见"),
    ("suggestion", "客户建议"),
    ("note", "备注"),
    ("place", "地点"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use redress::archive::{Field, Outcome};
    use redress::event::Channel;

    use super::*;

    #[test]
    fn no_word_means_two_things() {
        let words: BTreeSet<&str> = CHINESE.iter().map(|(word, _)| *word).collect();
        assert_eq!(words.len(), CHINESE.len());
    }

    #[test]
    fn every_channel_outcome_and_text_has_a_chinese_word() {
        let fields = Field::ALL.map(Field::name).into_iter();
        let channels = Channel::ALL.into_iter().map(Channel::code);
        let outcomes = Outcome::ALL.map(Outcome::name).into_iter();
        for code in fields.chain(channels).chain(outcomes) {
            let chinese = word(Language::Chinese, &code);
            assert!(!chinese.is_ascii(), "{code}: {chinese}");
        }
        assert_eq!(word(Language::English, &"final_position"), "final position");
        assert_eq!(word(Language::Chinese, &"typical"), "typical");
    }
}
