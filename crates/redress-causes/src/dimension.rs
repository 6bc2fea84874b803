//! What complaints can be counted by.

use redress_core::{Channel, DepartmentId, Language, Name, ProductCode, Rulebook};
use serde::Serialize;

use crate::query::Grain;
use crate::track::Track;

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

    /// The value a complaint has; the grain matters for categories and causes alone.
    pub(crate) fn value(self, track: &Track, grain: Grain) -> Option<&str> {
        match self {
            Self::Category => {
                let class = track.complaint.classification();
                class.map(|class| grain.of(class.category.as_str()))
            }
            Self::Department => track.lead().map(|lead| lead.department.as_str()),
            Self::Person => Some(track.lead()?.person.as_ref()?.as_str()),
            Self::ResponsibleDepartment => {
                let responsible = track.primary_cause()?.responsible_department.as_ref();
                responsible.map(DepartmentId::as_str)
            }
            Self::Product => track.product.as_ref().map(ProductCode::as_str),
            Self::Channel => track.channel.map(Channel::code),
            Self::Cause => {
                let cause = track.primary_cause()?;
                Some(grain.of(cause.code.as_str()))
            }
        }
    }

    /// The name of a value for people; the code itself where it has no name.
    pub(crate) fn label(self, code: &str, rules: &Rulebook) -> Name {
        match self {
            Self::Category => rules.category_name(code),
            Self::Cause => rules.cause_name(code),
            Self::Department
            | Self::Person
            | Self::ResponsibleDepartment
            | Self::Product
            | Self::Channel => Name {
                zh_cn: code.to_owned(),
                en: code.to_owned(),
            },
        }
    }
}
