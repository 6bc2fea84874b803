//! Which complaints count, and how finely codes are told apart.

use redress_core::taxonomy::IMPORTED;
use redress_core::{Duplicates, Period};

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
