//! Which complaints count, and how finely codes are told apart.

use redress_core::taxonomy::IMPORTED;
use redress_core::{Span, Timestamp};
use serde::Serialize;

/// Which complaints count, and how finely; by default all of any time but duplicates, at full depth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CauseQuery {
    /// In which time.
    pub period: Period,
    /// How finely.
    pub grain: Grain,
    /// Whether duplicates count.
    pub duplicates: Duplicates,
}

/// A stretch of time `[from, to)`; an end that is not given is open.
///
/// ```
/// use redress_causes::Period;
/// use redress_core::{Span, Timestamp};
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

/// How finely codes of a tree are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grain {
    /// Every code by itself.
    #[default]
    Leaf,
    /// By the first level of the tree; of trees taken over from elsewhere, by the first level below the source.
    Branch,
}

impl Grain {
    /// The code or the part of it that counts.
    ///
    /// ```
    /// use redress_causes::Grain;
    ///
    /// assert_eq!(Grain::Branch.of("service/slow_response"), "service");
    /// assert_eq!(Grain::Branch.of("imported/helpdesk/code 6/late"), "imported/helpdesk/code 6");
    /// assert_eq!(Grain::Leaf.of("service/slow_response"), "service/slow_response");
    /// ```
    #[must_use]
    pub fn of(self, code: &str) -> &str {
        let levels = match self {
            Self::Leaf => return code,
            Self::Branch if code.split('/').next() == Some(IMPORTED) => 3,
            Self::Branch => 1,
        };
        let end = code.match_indices('/').nth(levels - 1);
        end.map_or(code, |(end, _)| &code[..end])
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
