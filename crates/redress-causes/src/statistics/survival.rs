//! Kaplan–Meier: how long things take when some have not ended yet.
//!
//! Formulas: Kaplan and Meier, "Nonparametric estimation from incomplete observations", *Journal of the American
//! Statistical Association* 53, 1958, 457–481; the variance is Greenwood's.
#![expect(
    clippy::float_arithmetic,
    reason = "for showing only; + − × ÷ √ round alike everywhere"
)]

use std::collections::BTreeMap;

use redress_core::Span;
use serde::Serialize;

/// The two-sided 95 % point of the normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;
/// A curve this close to one half has reached it: products of fractions are not exact.
const ROUNDING: f64 = 1e-9;

/// How long one thing took, or has taken so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Observation {
    /// How long it was watched.
    pub time: Span,
    /// It ended then; otherwise it was watched no further (right-censored).
    pub ended: bool,
}

/// The share of things that last longer than a time, as a curve of steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SurvivalCurve {
    /// One for each time at which something ended, in order.
    pub steps: Vec<Step>,
    /// How many things ended.
    pub ended: u64,
    /// How many were watched no further.
    pub censored: u64,
}

/// What happens to the curve at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The time, in microseconds.
    pub time: Span,
    /// How many were watched until just before.
    pub at_risk: u64,
    /// How many ended.
    pub ended: u64,
    /// S(t): the share that lasts longer than this.
    pub survival: f64,
    /// Where the share lies with 95 % confidence; none once nothing is left.
    pub interval: Option<Interval>,
}

/// A range of a share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its low end, not below 0.
    pub lower: f64,
    /// Its high end, not above 1.
    pub upper: f64,
}

impl SurvivalCurve {
    /// The curve of these observations; a time at which one ends and another is censored counts the ending first.
    ///
    /// S(t) = Π (1 − dⱼ / nⱼ) over the times tⱼ ≤ t, with dⱼ ended of nⱼ at risk. The interval is S ± 1.96 √V with Greenwood's
    /// V = S² Σ dⱼ / (nⱼ (nⱼ − dⱼ)).
    #[must_use]
    pub fn of(observations: impl IntoIterator<Item = Observation>) -> Self {
        let mut times: BTreeMap<Span, (u64, u64)> = BTreeMap::new();
        for observation in observations {
            let (ended, censored) = times.entry(observation.time).or_default();
            *if observation.ended { ended } else { censored } += 1;
        }
        let mut curve = Self {
            ended: times.values().map(|(ended, _)| ended).sum(),
            censored: times.values().map(|(_, censored)| censored).sum(),
            steps: Vec::new(),
        };
        let mut at_risk = curve.ended + curve.censored;
        let mut product = Product::new(at_risk);
        for (time, (ended, censored)) in times {
            if ended > 0 {
                product.take(at_risk, ended);
                curve.steps.push(Step {
                    time,
                    at_risk,
                    ended,
                    survival: product.survival(at_risk - ended),
                    interval: product.interval(at_risk - ended),
                });
            }
            at_risk -= ended + censored;
            if censored > 0 {
                product.leave(at_risk + censored, at_risk);
            }
        }
        curve
    }

    /// S(t): the share that lasts longer than this; 1 before the first step.
    #[must_use]
    pub fn after(&self, time: Span) -> f64 {
        let passed = self.steps.partition_point(|step| step.time <= time);
        let last = passed.checked_sub(1).and_then(|last| self.steps.get(last));
        last.map_or(1.0, |step| step.survival)
    }

    /// The time by which half have ended: the first at which S(t) ≤ ½; `None` where the curve stays above.
    #[must_use]
    pub fn median(&self) -> Option<Span> {
        let half = self
            .steps
            .iter()
            .find(|step| step.survival <= 0.5 + ROUNDING);
        half.map(|step| step.time)
    }
}

/// The product so far. Between censored observations it is one fraction, so that it is as exact as a division.
struct Product {
    /// S up to the last censored observation.
    before: f64,
    /// How many were at risk just after it.
    at_risk: u64,
    /// Greenwood's sum; none once nothing is left.
    greenwood: Option<f64>,
}

impl Product {
    const fn new(at_risk: u64) -> Self {
        Self {
            before: 1.0,
            at_risk,
            greenwood: Some(0.0),
        }
    }

    fn take(&mut self, at_risk: u64, ended: u64) {
        let left = at_risk - ended;
        self.greenwood = match self.greenwood {
            Some(sum) if left > 0 => Some(sum + ended as f64 / (at_risk as f64 * left as f64)),
            Some(_) | None => None,
        };
    }

    /// Some are watched no further.
    fn leave(&mut self, from: u64, to: u64) {
        self.before = self.survival(from);
        self.at_risk = to;
    }

    fn survival(&self, left: u64) -> f64 {
        if self.at_risk == 0 {
            return self.before;
        }
        self.before * (left as f64 / self.at_risk as f64)
    }

    fn interval(&self, left: u64) -> Option<Interval> {
        let survival = self.survival(left);
        let reach = Z_95 * survival * self.greenwood?.sqrt();
        Some(Interval {
            lower: (survival - reach).max(0.0),
            upper: (survival + reach).min(1.0),
        })
    }
}
