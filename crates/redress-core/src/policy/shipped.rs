//! The policies that redress carries with it.

use std::sync::LazyLock;

use super::Policy;

/// A policy that redress carries with it; its name serves as a base in `extends` and on the command line.
///
/// ```
/// use redress_core::policy::Shipped;
///
/// let bank = Shipped::named("bank").map(Shipped::policy);
/// assert!(bank.is_some_and(|bank| bank.categories.knows("price/wrong_charging/account_fee")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shipped {
    /// What every other one extends.
    Standard,
    /// Catering 餐饮.
    Catering,
    /// E-commerce 电子商务.
    ECommerce,
    /// Cars: sale, repair, recall 汽车.
    Automotive,
    /// Travel 旅游.
    Travel,
    /// Banks 银行.
    Bank,
    /// Telecommunications 电信.
    Telecom,
    /// Insurance 保险.
    Insurance,
    /// An example, not advice: the periods of a Chinese bank, 15, 30 and 60 days.
    ExampleCnBank,
    /// An example, not advice: the periods of a firm under the British DISP rules, 3 business days and 8 weeks.
    ExampleUkDisp,
    /// An example, not advice: the periods of a Chinese city's hotline, 13 working days.
    ExampleCnHotline,
}

impl Shipped {
    /// Each of them.
    pub const ALL: [Self; 11] = [
        Self::Standard,
        Self::Catering,
        Self::ECommerce,
        Self::Automotive,
        Self::Travel,
        Self::Bank,
        Self::Telecom,
        Self::Insurance,
        Self::ExampleCnBank,
        Self::ExampleUkDisp,
        Self::ExampleCnHotline,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Catering => "catering",
            Self::ECommerce => "e_commerce",
            Self::Automotive => "automotive",
            Self::Travel => "travel",
            Self::Bank => "bank",
            Self::Telecom => "telecom",
            Self::Insurance => "insurance",
            Self::ExampleCnBank => "example_cn_bank",
            Self::ExampleUkDisp => "example_uk_disp",
            Self::ExampleCnHotline => "example_cn_hotline",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shipped| shipped.name() == name)
    }

    /// Its file, to read or to start from.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Standard => include_str!("../../policies/standard.toml"),
            Self::Catering => include_str!("../../policies/catering.toml"),
            Self::ECommerce => include_str!("../../policies/e_commerce.toml"),
            Self::Automotive => include_str!("../../policies/automotive.toml"),
            Self::Travel => include_str!("../../policies/travel.toml"),
            Self::Bank => include_str!("../../policies/bank.toml"),
            Self::Telecom => include_str!("../../policies/telecom.toml"),
            Self::Insurance => include_str!("../../policies/insurance.toml"),
            Self::ExampleCnBank => include_str!("../../policies/example_cn_bank.toml"),
            Self::ExampleUkDisp => include_str!("../../policies/example_uk_disp.toml"),
            Self::ExampleCnHotline => include_str!("../../policies/example_cn_hotline.toml"),
        }
    }

    /// What its file says.
    #[must_use]
    pub fn policy(self) -> Policy {
        // Most programs ask for the standard again and again, and for another one once.
        static STANDARD: LazyLock<Policy> = LazyLock::new(|| read(Shipped::Standard));
        if self == Self::Standard {
            STANDARD.clone()
        } else {
            read(self)
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "files of this crate, each read by a test"
)]
fn read(shipped: Shipped) -> Policy {
    Policy::parse(shipped.text(), shipped.name()).expect("a shipped policy is well formed")
}
