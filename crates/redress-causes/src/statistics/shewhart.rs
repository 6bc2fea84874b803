//! Shewhart charts of counts: p for shares, u for counts per unit, c for counts.
//!
//! Formulas: Montgomery, *Introduction to Statistical Quality Control*, chapter 7. Limits are three standard errors.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ √ round alike everywhere"
)]

use redress_core::Ratio;

use super::chart::{ControlChart, THREE_SIGMA, point, pooled, value};

/// The chart of shares, such as dissatisfied customers out of those asked.
///
/// Centre p̄ = Σ count / Σ size; standard error √(p̄ (1 − p̄) / nᵢ) for a sample of size nᵢ; limits within 0 and 1.
/// `None` without samples, and where a sample has more above the line than below.
///
/// ```
/// use redress_causes::statistics::p_chart;
/// use redress_core::Ratio;
///
/// let weeks: Vec<Ratio> = [2, 3, 1, 9].into_iter().filter_map(|late| Ratio::new(late, 25)).collect();
/// let chart = p_chart(&weeks).ok_or("no samples")?;
/// assert_eq!(chart.centre, 0.15); // 15 / 100
/// // 0.15 + 3 √(0.15 · 0.85 / 25) = 0.364; 9 / 25 = 0.36
/// assert!(chart.outside().is_empty());
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn p_chart(samples: &[Ratio]) -> Option<ControlChart> {
    if samples
        .iter()
        .any(|sample| sample.numerator() > sample.denominator())
    {
        return None;
    }
    let centre = pooled(samples)?;
    Some(chart(samples, centre, 1.0, |size| {
        (centre * (1.0 - centre) / size).sqrt()
    }))
}

/// The chart of counts per unit, such as complaints per customer served.
///
/// Centre ū = Σ count / Σ size; standard error √(ū / nᵢ); limits not below 0. `None` without samples.
#[must_use]
pub fn u_chart(samples: &[Ratio]) -> Option<ControlChart> {
    let centre = pooled(samples)?;
    Some(chart(samples, centre, f64::MAX, |size| {
        (centre / size).sqrt()
    }))
}

/// The chart of counts over equal stretches, such as complaints a week.
///
/// Centre c̄ = mean count; standard error √c̄; limits not below 0. `None` without counts.
#[must_use]
pub fn c_chart(counts: &[u64]) -> Option<ControlChart> {
    let samples: Option<Vec<Ratio>> = counts.iter().map(|count| Ratio::new(*count, 1)).collect();
    u_chart(&samples?)
}

fn chart(samples: &[Ratio], centre: f64, most: f64, error: impl Fn(f64) -> f64) -> ControlChart {
    let points = samples.iter().map(|sample| {
        let error = error(sample.denominator() as f64);
        point(value(*sample), centre, error, THREE_SIGMA, (0.0, most))
    });
    ControlChart {
        centre,
        points: points.collect(),
    }
}
