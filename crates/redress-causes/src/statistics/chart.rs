//! What all control charts have in common: points, a centre line, and limits.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ round alike everywhere"
)]

use serde::Serialize;

use super::run_rules::{Signal, run_signals};

/// How many standard errors the limits of a Shewhart chart stand from its centre.
pub(super) const THREE_SIGMA: f64 = 3.0;

/// A control chart 控制图.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ControlChart {
    /// The centre line.
    pub centre: f64,
    /// One for each sample, in their order.
    pub points: Vec<ChartPoint>,
}

/// One point of a control chart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChartPoint {
    /// What was measured.
    pub value: f64,
    /// Below this the process is out of control.
    pub lower: f64,
    /// Above this the process is out of control.
    pub upper: f64,
    /// How many standard errors it stands above the centre line; 0 where nothing varies.
    pub sigmas: f64,
}

impl ControlChart {
    /// The places of the points outside the limits, from 0.
    #[must_use]
    pub fn outside(&self) -> Vec<usize> {
        let points = self.points.iter().enumerate();
        points
            .filter(|(_, point)| point.value < point.lower || point.value > point.upper)
            .map(|(place, _)| place)
            .collect()
    }

    /// What Nelson's run rules find in it; see [`run_signals`]. Nothing where nothing varies: the rules go by σ, and there
    /// is none.
    #[must_use]
    pub fn signals(&self) -> Vec<Signal> {
        if self.points.iter().all(|point| point.upper <= point.lower) {
            return Vec::new();
        }
        let sigmas: Vec<f64> = self.points.iter().map(|point| point.sigmas).collect();
        run_signals(&sigmas)
    }
}

/// The point of a value whose standard error is `error`, with limits that keep within `[least, most]`.
pub(super) fn point(
    value: f64,
    centre: f64,
    error: f64,
    width: f64,
    (least, most): (f64, f64),
) -> ChartPoint {
    ChartPoint {
        value,
        lower: (centre - width * error).max(least),
        upper: (centre + width * error).min(most),
        sigmas: if error > 0.0 {
            (value - centre) / error
        } else {
            0.0
        },
    }
}

/// The value of a ratio; always finite, for there is something below the line.
pub(super) fn value(ratio: redress_core::Ratio) -> f64 {
    ratio.numerator() as f64 / ratio.denominator() as f64
}

/// All samples together: the sum above the line by the sum below it; `None` without samples.
pub(super) fn pooled(samples: &[redress_core::Ratio]) -> Option<f64> {
    let above: u128 = samples
        .iter()
        .map(|ratio| u128::from(ratio.numerator()))
        .sum();
    let below: u128 = samples
        .iter()
        .map(|ratio| u128::from(ratio.denominator()))
        .sum();
    (below > 0).then(|| above as f64 / below as f64)
}
