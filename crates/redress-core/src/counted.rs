//! Which complaints a figure counts: in which time, and whether duplicates do.

use serde::Serialize;

use crate::time::{Span, Timestamp};

/// A stretch of time `[from, to)`; an end that is not given is open.
///
/// ```
/// use redress_core::{Period, Timestamp};
///
/// let march: Timestamp = "2026-03-01T00:00:00Z".parse()?;
/// let april: Timestamp = "2026-04-01T00:00:00Z".parse()?;
/// let period = Period { from: Some(march), to: Some(april) };
/// assert!(period.contains(march));
/// assert!(!period.contains(april));
/// # Ok::<(), redress_core::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Until just before this moment.
    pub to: Option<Timestamp>,
}

impl Period {
    /// Any time.
    pub const ALL: Self = Self {
        from: None,
        to: None,
    };

    /// Whether the moment lies in it.
    #[must_use]
    pub fn contains(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// The period of the same length just before; `None` where an end is open or it ends before it begins.
    #[must_use]
    pub fn previous(&self) -> Option<Self> {
        let (from, to) = (self.from?, self.to?);
        let length = to.since(from);
        (!length.is_negative()).then_some(Self {
            from: Some(from + (Span::ZERO - length)),
            to: Some(from),
        })
    }
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
