//! Why a published list of holidays was not read.

/// Something in a published list that was not understood. Nothing of the list was taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ImportError {
    /// The line in the text, from 1.
    pub line: usize,
    /// What is wrong there, and what would be right.
    pub message: String,
}

impl ImportError {
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}
