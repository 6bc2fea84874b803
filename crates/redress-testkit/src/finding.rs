//! What an explorer found, with the history that shows it.

use crate::history::{History, Step};

/// How a rule failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The last fact of the history breaks it.
    Broken,
    /// It is owed after the history, and no way is left to keep it.
    Lost,
    /// The last step was accepted and cannot be folded.
    CannotBeFolded,
    /// A fact of the last step does not do what it must.
    WithoutEffect,
    /// What must be permitted after the history is not.
    NotPermitted,
    /// What must be refused after the history is not.
    NotRefused,
    /// From here the state can no longer be reached.
    DeadEnd,
    /// No history reaches the state, or has the fact; the one given is empty.
    Unreachable,
}

/// A rule that fails, and one of the shortest histories that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: String,
    /// How it fails.
    pub how: How,
    /// What was accepted.
    pub history: History,
    /// The step that was accepted and cannot be folded.
    pub last: Option<Step>,
}
