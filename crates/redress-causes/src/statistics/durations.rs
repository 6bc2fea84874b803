//! How long things took: mean and percentiles, exact.

use redress_core::Span;
use serde::Serialize;

/// How long things took, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Durations {
    /// How many things.
    pub count: u64,
    /// All their times together: what stands above the line of the mean. At most what a [`Span`] can hold.
    pub total: Span,
    /// The mean, rounded down to a whole microsecond.
    pub mean: Span,
    /// The median by nearest rank: half of them took at most this long.
    pub p50: Span,
    /// The 90th percentile by nearest rank: nine of ten took at most this long.
    pub p90: Span,
}

impl Durations {
    /// Measures these spans; `None` where there are none.
    ///
    /// Nearest rank: of `n` spans in order, the `p`-th percentile is the one at place ⌈p · n / 100⌉, counted from 1. It is
    /// always one of the spans, never a value between two.
    ///
    /// ```
    /// use redress_causes::statistics::Durations;
    /// use redress_core::Span;
    ///
    /// let took = Durations::of([3, 1, 2].map(Span::hours)).ok_or("no spans")?;
    /// assert_eq!((took.mean, took.p50, took.p90), (Span::hours(2), Span::hours(2), Span::hours(3)));
    /// assert_eq!(Durations::of([]), None);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Option<Self> {
        let mut spans: Vec<Span> = spans.into_iter().collect();
        spans.sort_unstable();
        let count = i128::try_from(spans.len()).ok()?;
        let total: i128 = spans.iter().map(|span| i128::from(span.as_micros())).sum();
        let mean = total.checked_div_euclid(count)?;
        Some(Self {
            count: u64::try_from(count).ok()?,
            total: span(total),
            mean: span(mean),
            p50: nearest_rank(&spans, 50)?,
            p90: nearest_rank(&spans, 90)?,
        })
    }
}

fn span(micros: i128) -> Span {
    let clamped = micros.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
    Span::micros(i64::try_from(clamped).unwrap_or(i64::MAX))
}

fn nearest_rank(sorted: &[Span], percentile: usize) -> Option<Span> {
    let place = sorted.len().saturating_mul(percentile).div_ceil(100);
    sorted.get(place.checked_sub(1)?).copied()
}
