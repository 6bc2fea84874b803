//! The exponentially weighted moving average: a chart that sees small shifts.
//!
//! Formulas: Montgomery, *Introduction to Statistical Quality Control*, chapter 9.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ √ round alike everywhere"
)]

use super::chart::{ControlChart, point};

/// The settings of an EWMA chart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ewma {
    /// The mean while the process is in control: μ₀.
    pub target: f64,
    /// The standard deviation of one value: σ, above 0.
    pub sigma: f64,
    /// How much the newest value counts: λ, above 0 and at most 1.
    pub weight: f64,
    /// How many standard errors the limits stand from the target: L, above 0.
    pub width: f64,
}

impl Ewma {
    /// The chart of these values.
    ///
    /// z₀ = μ₀; zᵢ = λ xᵢ + (1 − λ) zᵢ₋₁; standard error σ √(λ / (2 − λ) · (1 − (1 − λ)²ⁱ)); limits μ₀ ± L times that.
    /// `None` without values, and where a setting or a value is out of its range or not finite.
    #[must_use]
    pub fn chart(&self, values: &[f64]) -> Option<ControlChart> {
        let is_valid = self.target.is_finite()
            && is_positive(self.sigma)
            && is_positive(self.width)
            && is_positive(self.weight)
            && self.weight <= 1.0;
        if !is_valid || values.is_empty() {
            return None;
        }
        let kept = 1.0 - self.weight;
        let (mut average, mut faded) = (self.target, 1.0);
        let mut points = Vec::with_capacity(values.len());
        for value in values {
            average = self.weight * value + kept * average;
            faded *= kept * kept;
            let error = self.sigma * (self.weight / (2.0 - self.weight) * (1.0 - faded)).sqrt();
            let place = point(
                average,
                self.target,
                error,
                self.width,
                (f64::MIN, f64::MAX),
            );
            let is_finite = [average, error, place.sigmas]
                .iter()
                .all(|number| number.is_finite());
            points.push(is_finite.then_some(place)?);
        }
        Some(ControlChart {
            centre: self.target,
            points,
        })
    }
}

fn is_positive(number: f64) -> bool {
    number.is_finite() && number > 0.0
}
