//! Percentiles of very many values in little room: log-linear buckets of whole numbers.

use std::collections::BTreeMap;

use serde::Serialize;

/// Each doubling is cut into 2⁷ = 128 buckets of equal width.
const PRECISION_BITS: u32 = 7;
const BUCKETS_A_DOUBLING: u64 = 1 << PRECISION_BITS;

/// How often values came, in buckets that grow with the values.
///
/// Values below 256 stand alone. A percentile is never below the exact one (by nearest rank), and above it by less than
/// 1/128 of it (0.79 %). Histograms of parts add up to that of the whole, in any order, and what was added can be taken
/// out again.
///
/// ```
/// use redress_causes::statistics::Histogram;
///
/// let mut spans = Histogram::default();
/// (1..=1000).for_each(|value| spans.record(value));
/// assert_eq!(spans.percentile(5), Some(50));
/// assert_eq!(spans.percentile(90), Some(903)); // 900 to 903 share a bucket
/// assert_eq!(Histogram::default().percentile(50), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Histogram {
    /// How many values each bucket holds; buckets of nothing are left out.
    buckets: BTreeMap<u64, u64>,
}

impl Histogram {
    /// Counts a value once more.
    pub fn record(&mut self, value: u64) {
        let count = self.buckets.entry(bucket(value)).or_default();
        *count = count.saturating_add(1);
    }

    /// How many values it holds.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets
            .values()
            .fold(0, |all, count| all.saturating_add(*count))
    }

    /// Adds what another one holds.
    pub fn add(&mut self, other: &Self) {
        for (bucket, count) in &other.buckets {
            let own = self.buckets.entry(*bucket).or_default();
            *own = own.saturating_add(*count);
        }
    }

    /// This one without what another one holds; `None` where the other holds something that this one does not.
    #[must_use]
    pub fn without(&self, other: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for (bucket, count) in &other.buckets {
            let own = rest.buckets.get_mut(bucket)?;
            *own = own.checked_sub(*count)?;
        }
        rest.buckets.retain(|_, count| *count > 0);
        Some(rest)
    }

    /// The value that `percent` of a hundred values do not exceed, by nearest rank: the greatest one of its bucket.
    ///
    /// `None` where there are no values. 0 per cent is the smallest value, and whatever is above 100 counts as 100.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Option<u64> {
        let count = u128::from(self.count());
        let place = (count * u128::from(percent.min(100))).div_ceil(100).max(1);
        let mut so_far = 0_u128;
        self.buckets.iter().find_map(|(bucket, count)| {
            so_far += u128::from(*count);
            (so_far >= place).then(|| greatest(*bucket))
        })
    }
}

/// The bucket of a value.
fn bucket(value: u64) -> u64 {
    let doublings = doublings(value);
    doublings * BUCKETS_A_DOUBLING + (value >> doublings)
}

/// By how many bits the values of a bucket are wider than the precision.
fn doublings(value: u64) -> u64 {
    u64::from((u64::BITS - value.leading_zeros()).saturating_sub(PRECISION_BITS + 1))
}

/// The greatest value of a bucket.
fn greatest(bucket: u64) -> u64 {
    // The first two stretches of 128 buckets hold single values; the leading one of the others is in the step itself.
    let doublings = (bucket / BUCKETS_A_DOUBLING).saturating_sub(1);
    let step = bucket - doublings * BUCKETS_A_DOUBLING;
    (step << doublings) + ((1 << doublings) - 1)
}
