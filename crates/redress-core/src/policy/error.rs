//! What is wrong with a policy file, and where.

use std::fmt;

/// Everything that is wrong with a policy file, in the order of the file. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors {
    first: PolicyError,
    others: Vec<PolicyError>,
}

/// One thing that is wrong with a policy file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The key it is about, with those above it, such as `route[2].department`; empty where the file is not TOML.
    pub key: String,
    /// What is wrong, and what would be right.
    pub message: String,
    /// The name of the file, as the caller gave it.
    pub file: String,
}

impl PolicyErrors {
    /// Takes what was found, if anything was.
    pub(crate) fn from_found(mut errors: Vec<PolicyError>) -> Option<Self> {
        errors.sort_unstable();
        errors.dedup();
        let mut errors = errors.into_iter();
        errors.next().map(|first| Self {
            first,
            others: errors.collect(),
        })
    }

    /// The first of them, and how many follow.
    #[must_use]
    pub fn first(&self) -> (&PolicyError, usize) {
        (&self.first, self.others.len())
    }

    /// Each of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyError> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

impl std::error::Error for PolicyErrors {}

impl fmt::Display for PolicyErrors {
    /// One line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.fmt(f)?;
        self.others
            .iter()
            .try_for_each(|error| write!(f, "\n{error}"))
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            column,
            key,
            message,
            file,
        } = self;
        if key.is_empty() {
            write!(f, "{file}:{line}:{column}: {message}")
        } else {
            write!(f, "{file}:{line}:{column}: at `{key}`: {message}")
        }
    }
}
