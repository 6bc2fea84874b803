//! How a number changed from one period to the next.

use serde::Serialize;

/// A number before and after.
///
/// The relative change is (after − before) / before × 100 %. Of a time it is the efficiency gain 处理效率提升率: a
/// negative one means faster.
///
/// ```
/// use redress_causes::statistics::Change;
///
/// let hours = Change { before: 48, after: 36 };
/// assert_eq!(hours.difference(), -12);
/// assert_eq!(hours.percent().as_deref(), Some("-25.0%"));
/// assert_eq!(Change { before: 0, after: 3 }.percent(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// In the earlier period.
    pub before: u64,
    /// In the later one.
    pub after: u64,
}

impl Change {
    /// After − before.
    #[must_use]
    pub const fn difference(self) -> i128 {
        self.after as i128 - self.before as i128
    }

    /// The relative change in whole thousandths, a half rounded away from nothing; `None` where there was nothing before.
    #[must_use]
    pub const fn per_mille(self) -> Option<i128> {
        if self.before == 0 {
            return None;
        }
        let (difference, before) = (self.difference(), self.before as i128);
        let rounded = (difference.abs() * 2000 + before) / (before * 2);
        Some(if difference < 0 { -rounded } else { rounded })
    }

    /// The relative change in per cent with one decimal and its sign, such as `-25.0%`.
    #[must_use]
    pub fn percent(self) -> Option<String> {
        let per_mille = self.per_mille()?;
        let sign = match per_mille.signum() {
            1 => "+",
            -1 => "-",
            _ => "",
        };
        let size = per_mille.unsigned_abs();
        Some(format!("{sign}{}.{}%", size / 10, size % 10))
    }
}
