//! Laney's p′ chart: shares of samples so large that their spread is more than chance alone gives.
//!
//! Formulas: Laney, "Improved control charts for attributes", *Quality Engineering* 14(4), 2002, 531–537.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ √ round alike everywhere"
)]

use redress_core::Ratio;
use serde::Serialize;

use super::chart::{ControlChart, THREE_SIGMA, point};
use super::shewhart::p_chart;

/// The expected moving range of two values of a normal distribution with σ = 1, to the digits tables give: d₂ of n = 2.
const D2: f64 = 1.128;
/// A spread below this comes from rounding, not from the samples.
const NO_SPREAD: f64 = 1e-9;

/// Laney's p′ chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LaneyChart {
    /// The chart.
    pub chart: ControlChart,
    /// σz: how much more than chance alone the shares vary; 1 where chance explains it all.
    pub sigma_z: f64,
}

/// The p′ chart, by moving ranges.
///
/// With pᵢ, p̄ and σpᵢ of the p chart: zᵢ = (pᵢ − p̄) / σpᵢ; σz = mean |zᵢ − zᵢ₋₁| / 1.128; limits p̄ ± 3 σpᵢ σz, within
/// 0 and 1. `None` where there is no p chart, and with fewer than two samples.
#[must_use]
pub fn laney_p_chart(samples: &[Ratio]) -> Option<LaneyChart> {
    let plain = p_chart(samples)?;
    let moves: Vec<f64> = plain
        .points
        .windows(2)
        .map(|pair| (pair[1].sigmas - pair[0].sigmas).abs())
        .collect();
    if moves.is_empty() {
        return None;
    }
    let sigma_z = moves.iter().sum::<f64>() / moves.len() as f64 / D2;
    let sigma_z = if sigma_z < NO_SPREAD { 0.0 } else { sigma_z };
    let centre = plain.centre;
    let points = plain.points.iter().zip(samples).map(|(plain, sample)| {
        let error = (centre * (1.0 - centre) / sample.denominator() as f64).sqrt() * sigma_z;
        point(plain.value, centre, error, THREE_SIGMA, (0.0, 1.0))
    });
    Some(LaneyChart {
        chart: ControlChart {
            centre,
            points: points.collect(),
        },
        sigma_z,
    })
}
