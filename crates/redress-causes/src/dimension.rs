//! What complaints can be counted by.

use redress_core::{Channel, DepartmentId, Name, ProductCode, Rulebook};
use serde::Serialize;

use crate::query::Grain;
use crate::track::Track;

/// What complaints can be counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// What the customer complains of, by the class the complaint has now.
    Category,
    /// The department that led when the resolution that stands was recorded.
    Department,
    /// The department that answers for the root cause.
    ResponsibleDepartment,
    /// The product or service, as amended.
    Product,
    /// The channel it came through.
    Channel,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: [Self; 5] = [
        Self::Category,
        Self::Department,
        Self::ResponsibleDepartment,
        Self::Product,
        Self::Channel,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Department => "department",
            Self::ResponsibleDepartment => "responsible_department",
            Self::Product => "product",
            Self::Channel => "channel",
        }
    }

    /// The value a complaint has; the grain matters for categories alone.
    pub(crate) fn value(self, track: &Track, grain: Grain) -> Option<&str> {
        match self {
            Self::Category => {
                let class = track.complaint.classification();
                class.map(|class| grain.of(class.category.as_str()))
            }
            Self::Department => track.lead_at_resolution().map(DepartmentId::as_str),
            Self::ResponsibleDepartment => {
                let responsible = track.primary_cause()?.responsible_department.as_ref();
                responsible.map(DepartmentId::as_str)
            }
            Self::Product => track.product.as_ref().map(ProductCode::as_str),
            Self::Channel => track.channel.map(Channel::code),
        }
    }

    /// The name of a value for people; the code itself where it has no name.
    pub(crate) fn label(self, code: &str, rules: &Rulebook) -> Name {
        match self {
            Self::Category => rules.category_name(code),
            Self::Department | Self::ResponsibleDepartment | Self::Product | Self::Channel => {
                Name {
                    zh_cn: code.to_owned(),
                    en: code.to_owned(),
                }
            }
        }
    }
}
