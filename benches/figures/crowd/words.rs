//! What customers write and who works for them: a made-up organisation, and texts put together from parts.

use super::random::Random;

/// A department, a category it handles, and a cause found there.
pub(crate) const WORK: [(&str, &str, &str); 12] = [
    ("logistics", "delivery/delay", "service/delivery_failure"),
    ("logistics", "delivery/loss", "service/delivery_failure"),
    (
        "logistics",
        "delivery/damage",
        "product/quality_below_standard",
    ),
    ("logistics", "delivery/manner", "service/knowledge_lack"),
    (
        "quality",
        "product_quality/performance",
        "product/quality_below_standard",
    ),
    (
        "quality",
        "product_quality/durability",
        "product/design_defect",
    ),
    (
        "quality",
        "product_quality/function_failure",
        "product/quality_below_standard",
    ),
    (
        "quality",
        "product_quality/reliability",
        "product/after_sale_inadequate",
    ),
    (
        "marketing",
        "description/advertising",
        "product/not_as_advertised",
    ),
    (
        "after_sales",
        "product_quality/performance",
        "product/after_sale_inadequate",
    ),
    (
        "after_sales",
        "delivery/damage",
        "management/unreasonable_process",
    ),
    (
        "billing",
        "description/advertising",
        "management/opaque_process",
    ),
];

const THINGS: [&str; 16] = [
    "手机",
    "冰箱",
    "洗衣机",
    "快递包裹",
    "耳机",
    "运动鞋",
    "空调",
    "电饭煲",
    "笔记本电脑",
    "奶粉",
    "沙发",
    "机票订单",
    "会员卡",
    "充电器",
    "连衣裙",
    "儿童座椅",
];
const MATTERS: [&str; 12] = [
    "三天没有送到",
    "收到时已经破损",
    "用了一周就坏了",
    "与网页描述不符",
    "一直没有人处理",
    "被重复扣款",
    "少发了一件",
    "屏幕有划痕",
    "噪音太大",
    "客服态度恶劣",
    "安装师傅没有上门",
    "保修被拒绝",
];
const DEMANDS: [&str; 10] = [
    "要求退款",
    "要求换货",
    "要求赔偿",
    "请尽快处理",
    "要求道歉",
    "希望上门维修",
    "要求补发",
    "请给我一个说法",
    "要求全额退款并赔偿运费",
    "希望有人回电",
];
const SURNAMES: [&str; 12] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙",
];
const GIVEN: [&str; 12] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳",
];

/// The customer's own words about a numbered order.
pub(crate) fn description(random: &mut Random) -> String {
    let word = |words: &[&'static str], random: &mut Random| random.pick(words).unwrap_or_default();
    let order = random.below(1_000_000_000);
    format!(
        "订单{order:09}，我买的{}{}，{}。",
        word(&THINGS, random),
        word(&MATTERS, random),
        word(&DEMANDS, random)
    )
}

/// A name put together from the most frequent ones.
pub(crate) fn name(random: &mut Random) -> String {
    let surname = random.pick(&SURNAMES).unwrap_or_default();
    format!("{surname}{}", random.pick(&GIVEN).unwrap_or_default())
}
