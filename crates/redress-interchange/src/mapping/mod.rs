//! What the columns of a file mean, written in TOML.
//!
//! A mapping names columns; it holds no code. Codes that the file brings along (categories, causes) go below
//! `imported/NAME`, where `NAME` is the mapping's own, so that the trees of different sources never mix. In every
//! value, a run of blanks counts as one, and a `/` inside a category or cause is written `-`.
//!
#![doc = concat!("```toml\n", include_str!("example.toml"), "```")]

mod error;
mod value;

use std::collections::BTreeMap;

use redress_core::event::{PauseReason, Priority, Severity};
use redress_core::{Channel, DepartmentId, Role};
use serde::Deserialize;

pub use error::MappingError;
pub(crate) use value::{CellValue, ColumnName, Delimiter, SourceName, TimeFormat, Zone};

/// The mappings that redress ships, by name.
const SHIPPED: [(&str, &str); 1] = [(
    "uci-incidents",
    include_str!("../../mappings/uci-incidents.toml"),
)];

/// What the columns of a file mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(crate) name: SourceName,
    source: Source,
    pub(crate) file: FileRules,
    pub(crate) case: CaseRules,
    pub(crate) received: ReceivedRules,
    pub(crate) update: UpdateRules,
    pub(crate) classified: ClassifiedRules,
    pub(crate) assigned: Option<AssignedRules>,
    pub(crate) states: Coded<StateMeaning>,
    pub(crate) resolved: Option<ResolvedRules>,
    pub(crate) recorded: Option<RecordedRules>,
}

/// Where the data come from, and whom to name with any copy of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What the data are called.
    pub title: String,
    /// Under which terms they may be used.
    pub licence: String,
    /// Whom to name.
    pub attribution: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileRules {
    #[serde(default)]
    pub(crate) delimiter: Delimiter,
    #[serde(default)]
    pub(crate) missing: Vec<CellValue>,
    pub(crate) time_format: TimeFormat,
    pub(crate) zone: Zone,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseRules {
    pub(crate) key: ColumnName,
    #[expect(
        dead_code,
        reason = "a mapping must say how its rows are meant; so far there is one way"
    )]
    rows: RowMeaning,
}

/// What a row is.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RowMeaning {
    /// An update of a case: all its values from then on.
    Updates,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceivedRules {
    pub(crate) at: ColumnName,
    pub(crate) intake_department: DepartmentId,
    pub(crate) receiver: Option<ColumnName>,
    pub(crate) customer_pseudonym: Option<ColumnName>,
    pub(crate) channel: Coded<Channel>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateRules {
    pub(crate) at: ColumnName,
    pub(crate) by: ColumnName,
    pub(crate) role: Role,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassifiedRules {
    pub(crate) category: Vec<ColumnName>,
    pub(crate) severity: Coded<Severity>,
    pub(crate) priority: Coded<Priority>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignedRules {
    pub(crate) department: ColumnName,
    pub(crate) person: Option<ColumnName>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolvedRules {
    pub(crate) cause: ColumnName,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedRules {
    pub(crate) at_close: Vec<ColumnName>,
}

/// A column whose values stand for something of ours.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coded<T> {
    pub(crate) column: ColumnName,
    pub(crate) values: BTreeMap<CellValue, T>,
    /// For a missing value and for one that is not listed.
    pub(crate) default: Option<T>,
}

/// What a state of the source is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateMeaning {
    /// Somebody works on it, or should.
    Open,
    /// It waits for something.
    Pause(PauseReason),
    /// There is a solution.
    Resolved,
    /// It is done with.
    Closed,
}

impl Mapping {
    /// Reads a mapping; `file_name` stands in front of its errors.
    ///
    /// # Errors
    ///
    /// [`MappingError`] with line, column and key: text that is no TOML, a key that is unknown or missing, a value
    /// that is not allowed.
    pub fn parse(toml_text: &str, file_name: &str) -> Result<Self, MappingError> {
        toml::from_str(toml_text).map_err(|error| MappingError::new(file_name, toml_text, &error))
    }

    /// A mapping that redress ships.
    ///
    /// # Errors
    ///
    /// [`MappingError`] where there is none of this name.
    ///
    /// ```
    /// use redress_interchange::Mapping;
    ///
    /// let mapping = Mapping::shipped("uci-incidents")?;
    /// assert_eq!(mapping.source().licence, "CC BY 4.0");
    /// # Ok::<(), redress_interchange::MappingError>(())
    /// ```
    pub fn shipped(name: &str) -> Result<Self, MappingError> {
        let (name, text) = SHIPPED
            .iter()
            .find(|(shipped, _)| *shipped == name)
            .ok_or_else(|| MappingError::not_shipped(name))?;
        Self::parse(text, name)
    }

    /// The names of the mappings that redress ships.
    pub fn shipped_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Its name, which is also the branch of the codes it brings in.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Where the data come from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_documentation_is_a_mapping() {
        assert_eq!(
            Mapping::parse(include_str!("example.toml"), "example.toml")
                .map(|mapping| mapping.name().to_owned()),
            Ok("helpdesk".to_owned())
        );
    }
}
