//! Which complaints and clocks a question is about.

use redress_core::{ClockKind, DepartmentId};

/// What a board shows; by default everything but duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardFilter {
    /// The rows of this department alone.
    pub department: Option<DepartmentId>,
    /// The rows of this clock alone.
    pub clock: Option<ClockKind>,
    /// Whether duplicates count.
    pub duplicates: Duplicates,
}

/// Whether complaints that were closed as duplicates count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// They do not: the same matter counts once.
    #[default]
    Excluded,
    /// They count like any other complaint.
    Included,
}
