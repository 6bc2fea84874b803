//! What stands above and below the line of a figure.

use redress_core::Span;

/// What a mark adds to a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adds {
    /// One above the line.
    Above,
    /// One below the line, and above it too where it is so.
    Below { is_above: bool },
    /// One below the line, and above it how long that took.
    Took(Span),
    /// Something that cannot be judged, for its calendar ends.
    Unknown,
}

impl Adds {
    pub(super) fn amount(self) -> Amount {
        let (above, below, unknown) = match self {
            Self::Above => (1, 0, 0),
            Self::Below { is_above } => (i128::from(is_above), 1, 0),
            Self::Took(span) => (i128::from(span.as_micros()), 1, 0),
            Self::Unknown => (0, 0, 1),
        };
        Amount {
            above,
            below,
            unknown,
        }
    }
}

/// What stands above and below the line of a figure, or is added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) above: i128,
    pub(super) below: i128,
    /// How many clocks cannot be judged, for their calendar ends.
    pub(super) unknown: i128,
}

impl Amount {
    pub(super) const NOTHING: Self = Self {
        above: 0,
        below: 0,
        unknown: 0,
    };

    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            above: self.above.saturating_add(other.above),
            below: self.below.saturating_add(other.below),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }

    pub(super) const fn minus(self, other: Self) -> Self {
        Self {
            above: self.above.saturating_sub(other.above),
            below: self.below.saturating_sub(other.below),
            unknown: self.unknown.saturating_sub(other.unknown),
        }
    }
}
