//! What is wrong with a file of rules, and where.

use std::fmt;

/// Everything that is wrong with a file of rules, one fault for each rule, in the order of the file. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleErrors {
    first: RuleError,
    others: Vec<RuleError>,
}

/// One thing that is wrong with a file of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The name of the file, as the caller gave it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// A fault, at a byte of the text.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl RuleErrors {
    pub(crate) fn from_faults(faults: Vec<Fault>, text: &str, file: &str) -> Option<Self> {
        let mut errors = faults.into_iter().map(|fault| fault.in_file(text, file));
        errors.next().map(|first| Self {
            first,
            others: errors.collect(),
        })
    }

    /// The first of them, and how many follow.
    #[must_use]
    pub const fn first(&self) -> (&RuleError, usize) {
        (&self.first, self.others.len())
    }

    /// Each of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &RuleError> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl Fault {
    fn in_file(self, text: &str, file: &str) -> RuleError {
        let before = text.get(..self.at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        RuleError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message: readable(&self.message),
        }
    }
}

/// A text of one line that steers no terminal.
fn readable(text: &str) -> String {
    let is_bad = redress_core::id::is_unprintable;
    text.chars()
        .map(|c| if is_bad(c) { '\u{fffd}' } else { c })
        .collect()
}

impl std::error::Error for RuleErrors {}

impl fmt::Display for RuleErrors {
    /// One line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.others
            .iter()
            .try_for_each(|error| write!(f, "\n{error}"))
    }
}

impl std::error::Error for RuleError {}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(f, "{file}:{line}:{column}: {message}")
    }
}
