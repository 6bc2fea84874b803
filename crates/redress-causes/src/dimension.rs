//! The values complaints have in what they can be counted by.

pub use redress_core::Dimension;
use redress_core::{Channel, DepartmentId, Name, ProductCode, Rulebook};

use crate::query::Grain;
use crate::track::Track;

/// A dimension as complaints have values in it.
pub(crate) trait Values {
    /// The value a complaint has; the grain matters for categories and causes alone.
    fn value(self, track: &Track, grain: Grain) -> Option<&str>;

    /// The name of a value for people; the code itself where it has no name.
    fn label(self, code: &str, rules: &Rulebook) -> Name;
}

impl Values for Dimension {
    fn value(self, track: &Track, grain: Grain) -> Option<&str> {
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

    fn label(self, code: &str, rules: &Rulebook) -> Name {
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
