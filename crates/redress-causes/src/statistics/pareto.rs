//! The order of a Pareto chart: the largest first, each with its share and the share of all so far.

use std::cmp::Reverse;

use redress_core::Ratio;

/// One bar of a Pareto chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar<K> {
    /// What was counted.
    pub key: K,
    /// How many.
    pub count: u64,
    /// Out of all.
    pub share: Ratio,
    /// With all bars before, out of all.
    pub cumulative: Ratio,
}

/// Puts counts in order of size, the largest first, and equal ones by key; counts of nothing are left out.
///
/// ```
/// use redress_causes::statistics::pareto;
///
/// let bars = pareto([("late", 2), ("rude", 5), ("lost", 1), ("none", 0)]);
/// let shown: Vec<_> = bars.iter().map(|bar| (bar.key, bar.cumulative.to_string())).collect();
/// assert_eq!(shown, [("rude", "5/8".into()), ("late", "7/8".into()), ("lost", "8/8".into())]);
/// ```
pub fn pareto<K: Ord>(counts: impl IntoIterator<Item = (K, u64)>) -> Vec<Bar<K>> {
    let mut sorted: Vec<(K, u64)> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    sorted
        .sort_by(|(one, count), (next, other)| (Reverse(count), one).cmp(&(Reverse(other), next)));
    let total = sum(sorted.iter().map(|(_, count)| *count));
    let mut so_far = 0_u64;
    sorted
        .into_iter()
        .filter_map(|(key, count)| {
            so_far = so_far.saturating_add(count);
            Some(Bar {
                key,
                count,
                share: Ratio::new(count, total)?,
                cumulative: Ratio::new(so_far, total)?,
            })
        })
        .collect()
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}
