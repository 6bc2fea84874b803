//! The tabular cumulative sum: a chart that sees small shifts and when they began.
//!
//! Formulas: Montgomery, *Introduction to Statistical Quality Control*, chapter 9.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ round alike everywhere"
)]

use serde::Serialize;

/// The settings of a CUSUM chart, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cusum {
    /// The mean while the process is in control: μ₀.
    pub target: f64,
    /// How far from the target a value may stand before it adds up: K, not below 0; half the shift to be seen.
    pub slack: f64,
    /// From which sum on the process is out of control: H, above 0; often five standard deviations.
    pub limit: f64,
}

/// The sums after a value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CusumPoint {
    /// C⁺: the sum of what was too high.
    pub high: f64,
    /// C⁻: the sum of what was too low; not below 0 either.
    pub low: f64,
    /// N⁺: for how many values C⁺ has been above 0; the shift is likely to have begun that long ago.
    pub high_for: u64,
    /// N⁻: the same for C⁻.
    pub low_for: u64,
    /// Whether a sum is above the limit.
    pub is_out: bool,
}

impl Cusum {
    /// The sums after each value, from 0.
    ///
    /// C⁺ᵢ = max(0, xᵢ − (μ₀ + K) + C⁺ᵢ₋₁); C⁻ᵢ = max(0, (μ₀ − K) − xᵢ + C⁻ᵢ₋₁). `None` where a setting is out of its range,
    /// or a setting, a value or a sum is not finite.
    ///
    /// ```
    /// use redress_causes::statistics::Cusum;
    ///
    /// let weekly = Cusum { target: 10.0, slack: 1.0, limit: 4.0 };
    /// let points = weekly.chart(&[10.0, 13.0, 13.0, 13.0]).ok_or("not finite")?;
    /// let high: Vec<f64> = points.iter().map(|point| point.high).collect();
    /// assert_eq!(high, [0.0, 2.0, 4.0, 6.0]);
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn chart(&self, values: &[f64]) -> Option<Vec<CusumPoint>> {
        let is_valid = self.target.is_finite()
            && self.slack.is_finite()
            && self.slack >= 0.0
            && self.limit.is_finite()
            && self.limit > 0.0;
        if !is_valid {
            return None;
        }
        let (mut high, mut low) = (0.0_f64, 0.0_f64);
        let (mut high_for, mut low_for) = (0_u64, 0_u64);
        let points = values.iter().map(|value| {
            if !value.is_finite() {
                return None;
            }
            high = (value - (self.target + self.slack) + high).max(0.0);
            low = ((self.target - self.slack) - value + low).max(0.0);
            high_for = if high > 0.0 {
                high_for.saturating_add(1)
            } else {
                0
            };
            low_for = if low > 0.0 {
                low_for.saturating_add(1)
            } else {
                0
            };
            (high.is_finite() && low.is_finite()).then_some(CusumPoint {
                high,
                low,
                high_for,
                low_for,
                is_out: high > self.limit || low > self.limit,
            })
        });
        points.collect()
    }
}
