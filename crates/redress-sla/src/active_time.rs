//! How long ended clocks ran: mean and percentiles, exact.

use redress_core::Span;
use serde::Serialize;

/// How long the clocks that ended met or missed ran, pauses taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ActiveTime {
    /// How many clocks.
    pub clocks: u64,
    /// The mean, in microseconds, rounded down to a whole one.
    pub mean: Span,
    /// The median by nearest rank: half of them ran at most this long. In microseconds.
    pub p50: Span,
    /// The 90th percentile by nearest rank: nine of ten ran at most this long. In microseconds.
    pub p90: Span,
}

impl ActiveTime {
    /// Measures these spans; `None` where there are none.
    ///
    /// Nearest rank: of `n` spans in order, the `p`-th percentile is the one at place ⌈p · n / 100⌉, counted from 1. It is
    /// always one of the spans, never a value between two.
    pub(crate) fn of(mut spans: Vec<Span>) -> Option<Self> {
        spans.sort_unstable();
        let count = i128::try_from(spans.len()).ok()?;
        let total: i128 = spans.iter().map(|span| i128::from(span.as_micros())).sum();
        let mean = total.checked_div(count)?;
        Some(Self {
            clocks: u64::try_from(count).ok()?,
            mean: Span::micros(i64::try_from(mean).ok()?),
            p50: nearest_rank(&spans, 50)?,
            p90: nearest_rank(&spans, 90)?,
        })
    }
}

fn nearest_rank(sorted: &[Span], percentile: usize) -> Option<Span> {
    let place = sorted.len().saturating_mul(percentile).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hours: impl IntoIterator<Item = i64>, p50: i64, p90: i64) {
        let spans: Vec<Span> = hours.into_iter().map(Span::hours).collect();
        let active = ActiveTime::of(spans).unwrap();
        let expected = (Span::hours(p50), Span::hours(p90));
        assert_eq!((active.p50, active.p90), expected);
    }

    #[test]
    fn percentiles_are_members_by_nearest_rank() {
        check([7], 7, 7);
        check([2, 1], 1, 2);
        check([3, 1, 2], 2, 3); // places ⌈1.5⌉ = 2 and ⌈2.7⌉ = 3
        check(1..=10, 5, 9);
        check(1..=11, 6, 10); // places ⌈5.5⌉ = 6 and ⌈9.9⌉ = 10
        check((1..=100).rev(), 50, 90);
    }

    #[test]
    fn the_mean_is_rounded_down() {
        let spans = [1, 1, 3].map(Span::micros);
        let active = ActiveTime::of(Vec::from(spans)).unwrap();
        assert_eq!(active.mean, Span::micros(1)); // 5 / 3
        assert_eq!(active.clocks, 3);
    }

    #[test]
    fn the_mean_of_the_longest_spans_does_not_overflow() {
        let longest = Span::micros(i64::MAX);
        let active = ActiveTime::of(vec![longest; 5]).unwrap();
        assert_eq!(active.mean, longest);
    }

    #[test]
    fn of_nothing_there_is_no_mean() {
        assert_eq!(ActiveTime::of(Vec::new()), None);
    }
}
