//! What is wrong with a policy file, and where.

use std::fmt;

/// Everything that is wrong with a policy file, in the order of the file. Never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyErrors {
    errors: Vec<PolicyError>,
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
        (!errors.is_empty()).then_some(Self { errors })
    }

    /// Each of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyError> {
        self.errors.iter()
    }
}

impl std::error::Error for PolicyErrors {}

impl fmt::Display for PolicyErrors {
    /// One line for each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}{error}")?;
        }
        Ok(())
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
