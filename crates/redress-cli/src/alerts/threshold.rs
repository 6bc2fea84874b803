//! From which figure on a rule warns, in words.

use redress::Language;
use redress::core::Ratio;
use redress::core::policy::WarningRule;
use redress::core::policy::warning::{Limit, Threshold};

use super::table::level;

/// Every level of a rule with what it warns from, the mildest first, and of how many at least.
pub(super) fn thresholds(rule: &WarningRule, language: Language) -> String {
    let levels = rule.levels.iter().map(|(own, threshold)| {
        let level = level(*own, language);
        format!("{level} {}", line(*threshold, language))
    });
    let mut words: Vec<String> = levels.collect();
    if rule.min_sample > 1 {
        words.push(match language {
            Language::English => format!("of {} or more", rule.min_sample),
            Language::Chinese => format!("样本 ≥ {}", rule.min_sample),
        });
    }
    words.join(", ")
}

fn line(threshold: Threshold, language: Language) -> String {
    match (language, threshold) {
        (_, Threshold::AtLeast(Limit::Number(number))) => format!("≥ {number}"),
        (_, Threshold::AtLeast(Limit::PerMille(share))) => format!("≥ {}", percent(share)),
        (_, Threshold::AtLeast(Limit::Time(span))) => format!("≥ {span}"),
        (_, Threshold::AtMost { per_mille }) => format!("≤ {}", percent(per_mille)),
        (Language::English, Threshold::Sigmas { sigmas, periods }) => {
            format!("≥ mean + {sigmas}σ of {periods} windows before")
        }
        (Language::Chinese, Threshold::Sigmas { sigmas, periods }) => {
            format!("≥ 前 {periods} 期均值 + {sigmas}σ")
        }
        (Language::English, Threshold::Growth { percent, periods }) => {
            format!("≥ {percent}% more than in {periods} windows before")
        }
        (Language::Chinese, Threshold::Growth { percent, periods }) => {
            format!("较前 {periods} 期增长 ≥ {percent}%")
        }
    }
}

fn percent(per_mille: u32) -> String {
    Ratio::new(per_mille.into(), 1_000).map_or_else(String::new, Ratio::percent)
}

#[cfg(test)]
mod tests {
    use redress::Policy;

    use super::*;

    #[track_caller]
    fn check(keys: &str, english: &str, chinese: &str) {
        let text = format!(
            "version = \"2\"\nextends = \"standard\"\n[[warning]]\nname = \"it\"\nwindow = \"7d\"\n\
             procedure = {{ zh_cn = \"核实\", en = \"Look\" }}\n{keys}"
        );
        let policy = Policy::parse(&text, "ours.toml").unwrap();
        let rule = policy
            .warnings
            .iter()
            .find(|(name, _)| name.as_str() == "it");
        let told = |language| rule.map(|(_, rule)| thresholds(rule, language));
        assert_eq!(told(Language::English).as_deref(), Some(english));
        assert_eq!(told(Language::Chinese).as_deref(), Some(chinese));
    }

    #[test]
    fn every_threshold_is_told() {
        check(
            "metric = \"count\"\nyellow = { growth = \"50%\", periods = 3 }\nred = { sigmas = 2, periods = 4 }",
            "yellow ≥ 50% more than in 3 windows before, red ≥ mean + 2σ of 4 windows before",
            "黄色 较前 3 期增长 ≥ 50%, 红色 ≥ 前 4 期均值 + 2σ",
        );
        check(
            "metric = \"timeliness\"\nmin_sample = 10\norange = { at_most = \"90%\" }",
            "orange ≤ 90.0%, of 10 or more",
            "橙色 ≤ 90.0%, 样本 ≥ 10",
        );
        check(
            "metric = \"aht\"\norange = { at_least = \"10h\" }",
            "orange ≥ 10h",
            "橙色 ≥ 10h",
        );
    }
}
