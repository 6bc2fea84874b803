//! Exact shares and rates: two whole numbers, never a float.

use std::fmt;

use serde::{Deserialize, Serialize};

/// So many out of so many, exact. There is none with nothing below the line: such a rate is unknown, not zero.
///
/// ```
/// use redress_core::Ratio;
///
/// let met = Ratio::new(2, 3).ok_or("nothing below the line")?;
/// assert_eq!(met.to_string(), "2/3");
/// assert_eq!(met.percent(), "66.7%");
/// assert_eq!(Ratio::new(0, 0), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Ratio {
    numerator: u64,
    denominator: u64,
}

/// A ratio as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parts {
    numerator: u64,
    denominator: u64,
}

/// Two numbers that are no ratio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("has nothing below the line")]
struct ZeroBelow;

impl Ratio {
    /// Takes the two numbers as they are, without reducing them; `None` where there is nothing below the line.
    #[must_use]
    pub const fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        Some(Self {
            numerator,
            denominator,
        })
    }

    /// The number above the line.
    #[must_use]
    pub const fn numerator(self) -> u64 {
        self.numerator
    }

    /// The number below the line; never 0.
    #[must_use]
    pub const fn denominator(self) -> u64 {
        self.denominator
    }

    /// In whole thousandths, a half rounded up.
    ///
    /// ```
    /// # use redress_core::Ratio;
    /// assert_eq!(Ratio::new(1, 2000).map(Ratio::per_mille), Some(1)); // 0.5 ‰
    /// assert_eq!(Ratio::new(1, 2001).map(Ratio::per_mille), Some(0));
    /// ```
    #[must_use]
    pub const fn per_mille(self) -> u128 {
        let (above, below) = (self.numerator as u128, self.denominator as u128);
        (above * 2000 + below) / (below * 2)
    }

    /// In per cent with one decimal, a half rounded up, such as `66.7%`.
    #[must_use]
    pub fn percent(self) -> String {
        let per_mille = self.per_mille();
        format!("{}.{}%", per_mille / 10, per_mille % 10)
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.numerator, self.denominator))
    }
}

impl TryFrom<Parts> for Ratio {
    type Error = ZeroBelow;

    fn try_from(parts: Parts) -> Result<Self, ZeroBelow> {
        Self::new(parts.numerator, parts.denominator).ok_or(ZeroBelow)
    }
}

impl From<Ratio> for Parts {
    fn from(ratio: Ratio) -> Self {
        Self {
            numerator: ratio.numerator,
            denominator: ratio.denominator,
        }
    }
}
