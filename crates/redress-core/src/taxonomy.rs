//! Trees of codes with names: what customers complain of, and why it happened.

use std::collections::BTreeMap;

use crate::id::is_path_within;
use crate::language::{Language, Name};

/// The root below which any code is known: classes of complaints that another system recorded under its own tree.
///
/// Below it, each source has a branch of its own, such as `imported/uci-incidents`, so that trees of different sources never mix.
pub const IMPORTED: &str = "imported";

/// The cause that stands for "not yet known"; it asks for a date until when it will be.
pub const UNDETERMINED: &str = "undetermined";

/// A tree of codes, written as paths, with a name for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taxonomy {
    names: BTreeMap<String, Name>,
}

impl Taxonomy {
    fn from_table(table: &[(&str, &str, &str)]) -> Self {
        let names = table
            .iter()
            .map(|(path, zh_cn, en)| {
                let name = Name {
                    zh_cn: (*zh_cn).to_owned(),
                    en: (*en).to_owned(),
                };
                ((*path).to_owned(), name)
            })
            .collect();
        Self { names }
    }

    /// The built-in tree of categories: what customers complain of.
    #[must_use]
    pub fn categories() -> Self {
        Self::from_table(CATEGORIES)
    }

    /// The built-in tree of causes: why it happened.
    #[must_use]
    pub fn causes() -> Self {
        Self::from_table(CAUSES)
    }

    /// Whether the tree knows this code, or lets any code of its branch in.
    ///
    /// ```
    /// use redress_core::taxonomy::Taxonomy;
    ///
    /// let causes = Taxonomy::causes();
    /// assert!(causes.knows("service/slow_response"));
    /// assert!(causes.knows("imported/helpdesk/code 6"));
    /// assert!(!causes.knows("service/bad_luck"));
    /// ```
    #[must_use]
    pub fn knows(&self, path: &str) -> bool {
        self.names.contains_key(path) || is_path_within(path, IMPORTED)
    }

    /// The name of a code in a language; the code itself where it has no name.
    #[must_use]
    pub fn label<'a>(&'a self, path: &'a str, language: Language) -> &'a str {
        self.names
            .get(path)
            .map_or(path, |name| name.in_language(language))
    }

    /// Every code with its name, in the order of the codes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.names.iter().map(|(path, name)| (path.as_str(), name))
    }
}

const CATEGORIES: &[(&str, &str, &str)] = &[
    ("product_quality", "产品质量", "Product quality"),
    ("product_quality/performance", "性能", "Performance"),
    ("product_quality/durability", "耐用性", "Durability"),
    ("product_quality/reliability", "可靠性", "Reliability"),
    (
        "product_quality/function_failure",
        "功能失效",
        "Failure of a function",
    ),
    ("product_quality/safety_hazard", "安全隐患", "Safety hazard"),
    ("service_quality", "服务质量", "Service quality"),
    ("service_quality/attitude", "服务态度", "Attitude"),
    (
        "service_quality/response_speed",
        "响应速度",
        "Speed of response",
    ),
    (
        "service_quality/after_sale_support",
        "售后支持",
        "After-sale support",
    ),
    ("service_quality/booking_error", "预订差错", "Booking error"),
    ("price", "价格", "Price"),
    ("price/wrong_charging", "乱收费", "Wrong charging"),
    ("price/unclear_terms", "价格条款不清", "Unclear terms"),
    ("price/refund", "退款", "Refund"),
    ("delivery", "交付物流", "Delivery"),
    ("delivery/delay", "延误", "Delay"),
    ("delivery/loss", "丢失", "Loss"),
    ("delivery/damage", "破损", "Damage"),
    ("delivery/manner", "交付方式", "Manner of delivery"),
    ("ip", "知识产权", "Intellectual property"),
    ("ip/trademark", "商标", "Trade mark"),
    ("ip/patent", "专利", "Patent"),
    ("ip/copyright", "著作权", "Copyright"),
    ("description", "描述不符", "Not as described"),
    ("description/advertising", "广告宣传", "Advertising"),
    ("description/goods", "商品不符", "Goods not as described"),
    ("handling", "投诉处理", "Complaint handling"),
    ("handling/no_answer", "未予答复", "No answer"),
    ("handling/unfair", "处理不公", "Unfair handling"),
    ("other", "其他", "Other"),
];

const CAUSES: &[(&str, &str, &str)] = &[
    ("product", "产品因素", "Product"),
    (
        "product/quality_below_standard",
        "产品质量不达标",
        "Quality below standard",
    ),
    (
        "product/not_as_advertised",
        "功能与宣传不符",
        "Not as advertised",
    ),
    (
        "product/after_sale_inadequate",
        "售后服务不到位",
        "Inadequate after-sale service",
    ),
    ("product/design_defect", "设计缺陷", "Design defect"),
    ("product/safety_hazard", "安全隐患", "Safety hazard"),
    (
        "product/supplier_process",
        "供应商工艺问题",
        "Supplier's process",
    ),
    ("service", "服务因素", "Service"),
    ("service/poor_attitude", "服务态度差", "Poor attitude"),
    ("service/slow_response", "响应时间长", "Slow response"),
    (
        "service/late_handling",
        "处理投诉不及时",
        "Late handling of complaints",
    ),
    ("service/operating_error", "操作失误", "Operating error"),
    (
        "service/poor_communication",
        "沟通不畅",
        "Poor communication",
    ),
    (
        "service/delivery_failure",
        "交付物流失误",
        "Delivery failure",
    ),
    (
        "service/knowledge_lack",
        "专业知识不足",
        "Lack of knowledge",
    ),
    ("management", "管理因素", "Management"),
    (
        "management/unreasonable_process",
        "内部流程不合理",
        "Unreasonable process",
    ),
    (
        "management/insufficient_training",
        "员工培训不足",
        "Insufficient training",
    ),
    (
        "management/no_mechanism",
        "缺乏有效的投诉处理机制",
        "No effective complaint mechanism",
    ),
    (
        "management/opaque_process",
        "流程繁琐或不透明",
        "Cumbersome or opaque process",
    ),
    (
        "management/poor_coordination",
        "部门协作不畅",
        "Poor coordination",
    ),
    (
        "management/pricing_charging",
        "定价或收费不当",
        "Improper pricing or charging",
    ),
    ("management/system_failure", "系统故障", "System failure"),
    ("market", "市场因素", "Market"),
    (
        "market/fierce_competition",
        "市场竞争激烈",
        "Fierce competition",
    ),
    (
        "market/expectation_too_high",
        "消费者期望过高",
        "Expectation too high",
    ),
    ("market/poor_brand", "品牌形象不佳", "Poor brand image"),
    (
        "market/unmet_personal_need",
        "个性化需求未满足",
        "Unmet personal need",
    ),
    (
        "market/wrong_positioning",
        "市场定位不准确",
        "Wrong positioning",
    ),
    ("market/law_change", "法律法规变化", "Change of law"),
    ("market/culture", "社会文化差异", "Cultural difference"),
    (UNDETERMINED, "待查明", "Undetermined"),
];
