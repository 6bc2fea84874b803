//! What complaints can be counted by.

use serde::Serialize;

use crate::language::Language;

/// What complaints can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// What the customer complains of, by the class the complaint has now.
    Category,
    /// The department that led when the resolution that stands was recorded; of an unresolved one, that leads now.
    Department,
    /// The person who led then, or leads now.
    Person,
    /// The department that answers for the root cause.
    ResponsibleDepartment,
    /// The product or service, as amended.
    Product,
    /// The channel it came through.
    Channel,
    /// The root cause of the resolution that stands.
    Cause,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 7] = [
        Self::Category,
        Self::Department,
        Self::Person,
        Self::ResponsibleDepartment,
        Self::Product,
        Self::Channel,
        Self::Cause,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Department => "department",
            Self::Person => "person",
            Self::ResponsibleDepartment => "responsible_department",
            Self::Product => "product",
            Self::Channel => "channel",
            Self::Cause => "cause",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn title(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::Category) => "Category",
            (Language::English, Self::Department) => "Department",
            (Language::English, Self::Person) => "Person",
            (Language::English, Self::ResponsibleDepartment) => "Responsible department",
            (Language::English, Self::Product) => "Product",
            (Language::English, Self::Channel) => "Channel",
            (Language::English, Self::Cause) => "Root cause",
            (Language::Chinese, Self::Category) => "投诉分类",
            (Language::Chinese, Self::Department) => "主办部门",
            (Language::Chinese, Self::Person) => "主办人",
            (Language::Chinese, Self::ResponsibleDepartment) => "责任部门",
            (Language::Chinese, Self::Product) => "产品",
            (Language::Chinese, Self::Channel) => "渠道",
            (Language::Chinese, Self::Cause) => "根本原因",
        }
    }
}
