//! What stands above and below the line of a figure.

/// What stands above and below the line of a figure, or is added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amount {
    pub(super) above: i128,
    pub(super) below: i128,
    /// How many clocks cannot be judged, for their calendar ends.
    pub(super) unknown: i128,
}

impl Amount {
    pub(super) const fn above(above: i128) -> Self {
        Self {
            above,
            below: 0,
            unknown: 0,
        }
    }

    /// One below the line, and above it where it is so.
    pub(super) const fn one(is_so: bool) -> Self {
        Self {
            above: if is_so { 1 } else { 0 },
            below: 1,
            unknown: 0,
        }
    }

    pub(super) const fn unknown() -> Self {
        Self {
            above: 0,
            below: 0,
            unknown: 1,
        }
    }

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
