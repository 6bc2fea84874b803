//! What the columns of a file mean, written in TOML.
//!
//! A mapping names columns; it holds no code. Codes that the file brings along (categories, causes) go below
//! `imported/NAME`, where `NAME` is the mapping's own, so that the trees of different sources never mix. In every
//! value, a run of blanks counts as one, and a `/` inside a category or cause is written `-`.
//!
#![doc = concat!("```toml\n", include_str!("example.toml"), "```")]
//!
//! Where a row is not an update but a whole case:
//!
#![doc = concat!("```toml\n", include_str!("whole_cases.toml"), "```")]

mod columns;
mod error;
mod time_format;
mod value;

use std::collections::BTreeMap;

use redress_core::event::{PauseReason, Priority, Severity};
use redress_core::{Channel, DepartmentId, Role};
use serde::Deserialize;
use toml::Spanned;

use columns::Columns;
pub use error::MappingError;
pub(crate) use time_format::{TimeFormats, TimeOfDay};
pub(crate) use value::{CellValue, ColumnName, Delimiter, SourceName, Zone};

use crate::encoding::FileEncoding;

/// The mappings that redress ships, by name.
const SHIPPED: [(&str, &str); 4] = [
    ("boston-311", include_str!("../../mappings/boston-311.toml")),
    ("cfpb", include_str!("../../mappings/cfpb.toml")),
    ("nyc-311", include_str!("../../mappings/nyc-311.toml")),
    (
        "uci-incidents",
        include_str!("../../mappings/uci-incidents.toml"),
    ),
];

/// What the columns of a file mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    pub(crate) name: SourceName,
    source: Source,
    pub(crate) file: FileRules,
    #[serde(default)]
    columns: Columns,
    pub(crate) case: CaseRules,
    pub(crate) received: ReceivedRules,
    pub(crate) update: Option<UpdateRules>,
    pub(crate) classified: ClassifiedRules,
    pub(crate) assigned: Option<AssignedRules>,
    pub(crate) states: Option<Coded<StateMeaning>>,
    pub(crate) ended: Option<EndedRules>,
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
    /// Without it, what stands most often in the header.
    pub(crate) delimiter: Option<Delimiter>,
    #[serde(default)]
    pub(crate) encoding: FileEncoding,
    #[serde(default)]
    pub(crate) missing: Vec<CellValue>,
    time_format: Spanned<TimeFormats>,
    /// For files with dates alone.
    pub(crate) time_of_day: Option<TimeOfDay>,
    pub(crate) zone: Zone,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseRules {
    pub(crate) key: ColumnName,
    rows: Spanned<RowMeaning>,
    /// In which order the updates of a case are taken; without it, a row out of the order of time is rejected.
    pub(crate) order: Option<RowOrder>,
}

/// In which order the updates of a case are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowOrder {
    /// As they stand in the file; a time that goes back is moved up.
    File,
    /// Sorted by their times.
    Time,
}

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RowMeaning {
    /// An update of a case: all its values from then on.
    Updates,
    /// A whole case, as it stood when the file was made.
    Cases,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReceivedRules {
    pub(crate) at: ColumnName,
    pub(crate) intake_department: DepartmentId,
    pub(crate) receiver: Option<ColumnName>,
    pub(crate) customer_pseudonym: Option<ColumnName>,
    pub(crate) subject: Option<ColumnName>,
    pub(crate) description: Option<ColumnName>,
    pub(crate) product: Option<ColumnName>,
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
    pub(crate) severity: Option<Coded<Severity>>,
    pub(crate) priority: Option<Coded<Priority>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssignedRules {
    pub(crate) department: ColumnName,
    pub(crate) person: Option<ColumnName>,
    /// Since when; without it, from the beginning. For whole cases only.
    pub(crate) at: Option<ColumnName>,
    /// Until when the source wanted it handled. For whole cases only.
    pub(crate) due: Option<ColumnName>,
}

/// How a whole case ended.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndedRules {
    /// When; without it, the source does not say when.
    pub(crate) at: Option<ColumnName>,
    pub(crate) disputed: Option<Said>,
}

/// A column in which some values say yes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Said {
    pub(crate) column: ColumnName,
    pub(crate) values: Vec<CellValue>,
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

impl FileRules {
    pub(crate) fn time_formats(&self) -> &TimeFormats {
        self.time_format.get_ref()
    }
}

impl Mapping {
    /// Reads a mapping; `file_name` stands in front of its errors.
    ///
    /// # Errors
    ///
    /// [`MappingError`] with line, column and key: text that is no TOML, a key that is unknown or missing, a value
    /// that is not allowed.
    pub fn parse(toml_text: &str, file_name: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(toml_text)
            .map_err(|error| MappingError::new(file_name, toml_text, &error))?;
        match mapping.contradiction() {
            None => Ok(mapping),
            Some((place, message)) => Err(MappingError::at(file_name, toml_text, place, message)),
        }
    }

    /// What does not go together, and where.
    fn contradiction(&self) -> Option<(usize, &'static str)> {
        let format = &self.file.time_format;
        let of_format = match (format.get_ref().has_dates_alone(), self.file.time_of_day) {
            (false, Some(_)) => {
                Some("the format has a time of day; `time_of_day` is for dates alone")
            }
            (true, None) => {
                Some("the format has no time of day; say which to take by `time_of_day`")
            }
            (false, None) | (true, Some(_)) => None,
        };
        let of_rows = || Some((self.case.rows.span().start, self.contradicts_rows()?));
        of_format
            .map(|message| (format.span().start, message))
            .or_else(of_rows)
            .or_else(|| self.contradicts_columns())
    }

    /// What does not go with the way its rows are meant.
    fn contradicts_rows(&self) -> Option<&'static str> {
        let assigned = self.assigned.as_ref();
        let of_cases = assigned.is_some_and(|rules| rules.at.is_some() || rules.due.is_some());
        match self.rows() {
            RowMeaning::Updates if self.update.is_none() => {
                Some("rows that are updates need a table [update]")
            }
            RowMeaning::Updates if self.states.is_none() => {
                Some("rows that are updates need a table [states]")
            }
            RowMeaning::Updates if self.ended.is_some() => {
                Some("[ended] is for rows that are whole cases; updates tell the end by [states]")
            }
            RowMeaning::Updates if of_cases => {
                Some("`at` and `due` of [assigned] are for rows that are whole cases")
            }
            RowMeaning::Cases if self.case.order.is_some() => {
                Some("`order` of [case] is for rows that are updates")
            }
            RowMeaning::Cases if self.update.is_some() => {
                Some("[update] is for rows that are updates")
            }
            RowMeaning::Cases => match &self.ended {
                None => Some("rows that are whole cases need a table [ended]"),
                Some(ended) if ended.at.is_none() && self.states.is_none() => {
                    Some("without `at` in [ended], [states] must tell what has ended")
                }
                Some(_) => None,
            },
            RowMeaning::Updates => None,
        }
    }

    /// What tells that a customer did not accept the end.
    pub(crate) fn disputed(&self) -> Option<&Said> {
        self.ended.as_ref()?.disputed.as_ref()
    }

    /// What a row is.
    pub(crate) fn rows(&self) -> RowMeaning {
        *self.case.rows.get_ref()
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
    fn the_examples_of_the_documentation_are_mappings() {
        for (text, name) in [
            (include_str!("example.toml"), "helpdesk"),
            (include_str!("whole_cases.toml"), "city-desk"),
        ] {
            let mapping = Mapping::parse(text, "example.toml");
            assert_eq!(
                mapping.map(|mapping| mapping.name().to_owned()),
                Ok(name.to_owned())
            );
        }
    }
}
