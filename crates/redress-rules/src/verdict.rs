//! What a rule says of a history so far.

/// What a rule says of a history so far, of which it is not known how it goes on.
///
/// The four values of RV-LTL (Bauer, Leucker, Schallhart 2010), read over finite histories as Declare does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is kept, and nothing that may follow changes that.
    Satisfied,
    /// It is kept if nothing more happens, and may still be broken.
    PossiblySatisfied,
    /// It is broken if nothing more happens, and may still be kept.
    PossiblyViolated,
    /// It is broken, and nothing that may follow changes that.
    Violated,
}

impl Verdict {
    /// From whether it is kept now, and whether it may ever be kept or broken from here on.
    pub(crate) const fn of(kept: bool, may_be_kept: bool, may_be_broken: bool) -> Self {
        match (kept, may_be_kept, may_be_broken) {
            (true, _, false) => Self::Satisfied,
            (true, _, true) => Self::PossiblySatisfied,
            (false, true, _) => Self::PossiblyViolated,
            (false, false, _) => Self::Violated,
        }
    }

    /// The verdict if nothing more happens.
    pub(crate) const fn open(kept: bool) -> Self {
        Self::of(kept, true, true)
    }

    /// Whether the rule is kept if nothing more happens.
    ///
    /// ```
    /// use redress_rules::Verdict;
    ///
    /// assert!(Verdict::PossiblySatisfied.is_kept());
    /// assert!(!Verdict::PossiblyViolated.is_kept());
    /// ```
    #[must_use]
    pub const fn is_kept(self) -> bool {
        match self {
            Self::Satisfied | Self::PossiblySatisfied => true,
            Self::PossiblyViolated | Self::Violated => false,
        }
    }

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::PossiblySatisfied => "possibly_satisfied",
            Self::PossiblyViolated => "possibly_violated",
            Self::Violated => "violated",
        }
    }

    /// The verdict on the opposite rule.
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::Satisfied => Self::Violated,
            Self::PossiblySatisfied => Self::PossiblyViolated,
            Self::PossiblyViolated => Self::PossiblySatisfied,
            Self::Violated => Self::Satisfied,
        }
    }
}
