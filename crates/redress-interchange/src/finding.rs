//! What could not be used of a file, or was used otherwise than it stands there.

use std::fmt;

use redress_core::{InvalidCode, Timestamp};

use crate::cell::quoted;

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Which one, from 1.
    pub number: usize,
    /// Its name in the header, with even blanks.
    pub name: String,
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.number)
    }
}

/// Something about a row that whoever answers for the import should know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {problem}", .column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default())]
pub struct Finding {
    /// The line on which the row begins, from 1.
    pub line: u64,
    /// The column it is about, where it is about one.
    pub column: Option<Column>,
    /// What it is.
    pub problem: Problem,
}

/// Whether messages quote what stands in a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cells {
    /// Its form only: `9` for a digit, `x` for anything else that is no blank and no ASCII punctuation.
    #[default]
    Masked,
    /// As it stands there, which may tell who somebody is.
    Shown,
}

/// Keeps of a character what tells the form of a cell.
fn mask(character: char) -> char {
    if character.is_numeric() {
        '9'
    } else if character.is_ascii_punctuation() || character == ' ' {
        character
    } else {
        'x'
    }
}

/// What became of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Nothing of the row was used.
    Rejected,
    /// The row was used with another time or state than it gives.
    Adjusted,
    /// The row was used without its state.
    IgnoredState,
    /// The row was used without one of its changes.
    IgnoredChange,
    /// A step was added that the file does not name.
    Implied,
}

impl FindingKind {
    /// Its name in the reject file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::Adjusted => "adjusted",
            Self::IgnoredState => "ignored_state",
            Self::IgnoredChange => "ignored_change",
            Self::Implied => "implied",
        }
    }
}

/// What is wrong or unusual. Values of the columns of the case and of the customer are never quoted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A row longer than the limit.
    #[error("the row is longer than {max_bytes} bytes and was passed over, up to line {last_line}")]
    RowTooLong {
        /// The limit.
        max_bytes: usize,
        /// The line on which the row ends.
        last_line: u64,
    },
    /// Quotation marks that are open when the file ends.
    #[error(
        "quotation marks opened in this row are not closed before the file ends on line {last_line}"
    )]
    Unclosed {
        /// The last line of the file.
        last_line: u64,
    },
    /// Too few or too many cells.
    #[error("the row has {found} cells and the header {expected}")]
    CellCount {
        /// As many as the header has.
        expected: usize,
        /// As many as the row has.
        found: usize,
    },
    /// Bytes that are no text in the encoding of the file.
    #[error("the cell is not {encoding} text after its first {valid_chars} characters")]
    NotText {
        /// The encoding that the file should have.
        encoding: &'static str,
        /// How many characters of the cell are good.
        valid_chars: usize,
    },
    /// A missing value that must be there.
    #[error("the value is missing")]
    Missing,
    /// A value that cannot be a code.
    #[error("the value {0}")]
    NotACode(InvalidCode),
    /// A value that the mapping does not list.
    #[error("the value {} is not in the mapping", quoted(.value))]
    Unlisted {
        /// The value.
        value: String,
    },
    /// A time that does not look as the mapping says.
    #[error("{} is no time of the form {}", quoted(.value), alternatives(.formats))]
    UnreadableTime {
        /// The value.
        value: String,
        /// The forms, any of which would do.
        formats: Vec<String>,
    },
    /// A time beyond the calendar of the ledger.
    #[error("{} lies outside the years 1 to 9999; if it stands for no time, list it as `missing` in the mapping", quoted(.value))]
    TimeOutOfRange {
        /// The value.
        value: String,
    },
    /// A time before the one that the case has reached.
    #[error("the time {given} lies before {used}, which the case has reached; {used} is used")]
    TimeWentBack {
        /// The time of the row.
        given: Timestamp,
        /// The time that is used.
        used: Timestamp,
    },
    /// A row before the one that the case has reached, in a file whose order the mapping does not tell.
    #[error(
        "the time {given} lies before {reached}, which the case has reached; write `order = \"time\"` in [case] of the mapping to sort the rows of a case by time, or `order = \"file\"` if the file has the right order and the clock is wrong"
    )]
    OutOfOrder {
        /// The time of the row.
        given: Timestamp,
        /// The time that the case has reached.
        reached: Timestamp,
    },
    /// A case that the ledger has closed and the file has open.
    #[error(
        "the ledger has the case closed, and the file says that it goes on; nothing is recorded of it: ask the source, and reopen the complaint in the ledger if the file is right"
    )]
    EndGone,
    /// A local time that the clock was put forward over.
    #[error("there is no local time {}: the clock was put forward; {used} is used", quoted(.value))]
    TimeInGap {
        /// The value.
        value: String,
        /// The first instant after the gap.
        used: Timestamp,
    },
    /// A local time that came twice.
    #[error("the local time {} came twice: the clock was put back; {used}, the earlier, is used, for the rows of the case do not tell which is meant", quoted(.value))]
    TimeInOverlap {
        /// The value.
        value: String,
        /// The earlier instant.
        used: Timestamp,
    },
    /// A deadline that does not lie after the beginning.
    #[error("the deadline {given} does not lie after the beginning; the case has none")]
    DueTooEarly {
        /// The deadline of the row.
        given: Timestamp,
    },
    /// A case that has ended by one column, and not by another.
    #[error(
        "the case has the time of its end, though its state says that it goes on; the end is taken"
    )]
    EndedAnyway,
    /// An end without a time.
    #[error(
        "the case has ended, and the file does not say when; it is closed as of {used}, the last time known of it"
    )]
    UndatedEnd {
        /// The time that is used.
        used: Timestamp,
    },
    /// A second row of a whole case.
    #[error("the case stands in line {line} already, as a whole")]
    RepeatedCase {
        /// The line of the row that was used.
        line: u64,
    },
    /// A state that the mapping does not list.
    #[error("the state {} is not in the mapping; the state before it goes on", quoted(.value))]
    UnlistedState {
        /// The state; empty where it is missing.
        value: String,
    },
    /// Another class or owner in a case that is closed.
    #[error("the case is closed; the new value is used when it is reopened")]
    ChangeAfterClose,
    /// The priority was raised more often than there are levels.
    #[error(
        "the priority was raised, but the case has reached the top level; it is not escalated further"
    )]
    TopLevelReached,
    /// A pause or a solution of a case that never had an owner.
    #[error("the case never had an owner and now needs one; the intake department is taken")]
    OwnerImplied,
}

impl Problem {
    /// What it is, with what stands in cells of the file as [`Cells`] says.
    ///
    /// ```
    /// use redress_interchange::{Cells, Problem};
    ///
    /// let problem = Problem::Unlisted { value: "王小明 13800001111".to_owned() };
    /// assert_eq!(problem.message(Cells::Masked), "the value \"xxx 99999999999\" is not in the mapping");
    /// ```
    #[must_use]
    pub fn message(&self, cells: Cells) -> String {
        match cells {
            Cells::Shown => self.to_string(),
            Cells::Masked => self.masked().to_string(),
        }
    }

    fn masked(&self) -> Self {
        let mut masked = self.clone();
        match &mut masked {
            Self::Unlisted { value }
            | Self::UnreadableTime { value, .. }
            | Self::TimeOutOfRange { value }
            | Self::TimeInGap { value, .. }
            | Self::TimeInOverlap { value, .. }
            | Self::UnlistedState { value } => *value = value.chars().map(mask).collect(),
            Self::RowTooLong { .. }
            | Self::Unclosed { .. }
            | Self::CellCount { .. }
            | Self::NotText { .. }
            | Self::Missing
            | Self::NotACode(_)
            | Self::TimeWentBack { .. }
            | Self::DueTooEarly { .. }
            | Self::EndedAnyway
            | Self::UndatedEnd { .. }
            | Self::RepeatedCase { .. }
            | Self::OutOfOrder { .. }
            | Self::EndGone
            | Self::ChangeAfterClose
            | Self::TopLevelReached
            | Self::OwnerImplied => {}
        }
        masked
    }

    /// What became of the row.
    #[must_use]
    pub const fn kind(&self) -> FindingKind {
        match self {
            Self::RowTooLong { .. }
            | Self::Unclosed { .. }
            | Self::CellCount { .. }
            | Self::NotText { .. }
            | Self::Missing
            | Self::NotACode(_)
            | Self::Unlisted { .. }
            | Self::UnreadableTime { .. }
            | Self::TimeOutOfRange { .. }
            | Self::OutOfOrder { .. }
            | Self::RepeatedCase { .. } => FindingKind::Rejected,
            Self::TimeWentBack { .. }
            | Self::TimeInGap { .. }
            | Self::TimeInOverlap { .. }
            | Self::EndedAnyway => FindingKind::Adjusted,
            Self::UnlistedState { .. } | Self::EndGone => FindingKind::IgnoredState,
            Self::ChangeAfterClose | Self::TopLevelReached | Self::DueTooEarly { .. } => {
                FindingKind::IgnoredChange
            }
            Self::OwnerImplied | Self::UndatedEnd { .. } => FindingKind::Implied,
        }
    }

    /// Its code in the reject file, the same in every version of redress.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RowTooLong { .. } => "row_too_long",
            Self::Unclosed { .. } => "unclosed_quotation",
            Self::CellCount { .. } => "cell_count",
            Self::NotText { .. } => "not_text",
            Self::Missing => "missing_value",
            Self::NotACode(_) => "not_a_code",
            Self::Unlisted { .. } => "unlisted_value",
            Self::UnreadableTime { .. } => "unreadable_time",
            Self::TimeOutOfRange { .. } => "time_out_of_range",
            Self::TimeWentBack { .. } => "time_went_back",
            Self::OutOfOrder { .. } => "out_of_order",
            Self::EndGone => "end_gone",
            Self::TimeInGap { .. } => "time_in_gap",
            Self::TimeInOverlap { .. } => "time_in_overlap",
            Self::DueTooEarly { .. } => "due_too_early",
            Self::EndedAnyway => "ended_anyway",
            Self::UndatedEnd { .. } => "undated_end",
            Self::RepeatedCase { .. } => "repeated_case",
            Self::UnlistedState { .. } => "unlisted_state",
            Self::ChangeAfterClose => "change_after_close",
            Self::TopLevelReached => "top_level_reached",
            Self::OwnerImplied => "owner_implied",
        }
    }
}

fn alternatives(formats: &[String]) -> String {
    let formats: Vec<_> = formats.iter().map(|format| quoted(format)).collect();
    formats.join(" or ")
}
