//! How a figure stands against the thresholds of a rule.
#![expect(
    clippy::float_arithmetic,
    reason = "a standard deviation, compared and never stored; + − × ÷ √ round alike everywhere"
)]

use redress_core::policy::WarningRule;
use redress_core::policy::warning::{Limit, Threshold};
use redress_core::{Language, Span, Timestamp};
use serde::Serialize;

use super::amount::Amount;
use super::stairs::Stairs;

/// Why a figure cannot be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotEvaluable {
    /// Nothing stands below its line.
    NoDenominator,
    /// Fewer stand below its line than the rule asks for.
    BelowMinSample,
    /// The windows it is compared with do not all lie in the time that is recorded, or hold nothing to compare with.
    NoBaseline,
    /// The calendars of some clocks end too early to tell whether they are late.
    CalendarEnds,
}

impl NotEvaluable {
    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoDenominator => "no_denominator",
            Self::BelowMinSample => "below_min_sample",
            Self::NoBaseline => "no_baseline",
            Self::CalendarEnds => "calendar_ends",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::English, Self::NoDenominator) => "nothing to judge",
            (Language::English, Self::BelowMinSample) => "too few to judge",
            (Language::English, Self::NoBaseline) => "nothing to compare with",
            (Language::English, Self::CalendarEnds) => "calendar ends",
            (Language::Chinese, Self::NoDenominator) => "无数据",
            (Language::Chinese, Self::BelowMinSample) => "样本不足",
            (Language::Chinese, Self::NoBaseline) => "无基线",
            (Language::Chinese, Self::CalendarEnds) => "日历已尽",
        }
    }
}

/// How a figure stands against one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// At it or beyond.
    Reached,
    /// Short of it, but by no more than a fifth: a warning that stands goes on.
    Held,
    /// Short of it by more than that.
    Calm,
    /// Nobody can tell.
    Unknown(NotEvaluable),
}

/// A warning that stands goes on down to so many tenths of its threshold.
const CLEARS_BELOW_TENTHS: i128 = 8;

/// What a figure is compared with.
enum Line {
    /// So much by so much.
    Exact { above: i128, below: i128 },
    /// A figure that spreads around a mean.
    Spread { mean: f64, line: f64 },
}

/// Whether a figure can be judged at all.
pub(super) fn sample(rule: &WarningRule, figure: Amount) -> Result<(), NotEvaluable> {
    if figure.below <= 0 {
        return Err(if figure.unknown > 0 {
            NotEvaluable::CalendarEnds
        } else {
            NotEvaluable::NoDenominator
        });
    }
    if figure.below < i128::from(rule.min_sample) {
        return Err(NotEvaluable::BelowMinSample);
    }
    Ok(())
}

/// How a figure stands at an instant against a threshold. Windows before it count from `horizon` on.
pub(super) fn judge(
    rule: &WarningRule,
    threshold: Threshold,
    stairs: &Stairs,
    (at, horizon): (Timestamp, Timestamp),
) -> Verdict {
    let figure = stairs.at(at);
    if let Err(why) = sample(rule, figure) {
        return Verdict::Unknown(why);
    }
    let before = before(rule.window, threshold.periods(), at);
    if before.last().is_some_and(|first| *first < horizon) {
        return Verdict::Unknown(NotEvaluable::NoBaseline);
    }
    let before: Vec<Amount> = before.into_iter().map(|at| stairs.at(at)).collect();
    let Some(line) = line(threshold, &before) else {
        return Verdict::Unknown(NotEvaluable::NoBaseline);
    };
    match line.compare(figure) {
        // So much at least: what cannot be told only adds to it.
        Verdict::Reached => Verdict::Reached,
        Verdict::Held | Verdict::Calm | Verdict::Unknown(_) if figure.unknown > 0 => {
            Verdict::Unknown(NotEvaluable::CalendarEnds)
        }
        verdict @ (Verdict::Held | Verdict::Calm | Verdict::Unknown(_)) => verdict,
    }
}

/// The ends of the windows before this one, the last one first.
fn before(window: Span, periods: u32, at: Timestamp) -> Vec<Timestamp> {
    let mut end = at;
    let ends = (0..periods).map(|_| {
        end = end + (Span::ZERO - window);
        end
    });
    ends.collect()
}

fn line(threshold: Threshold, before: &[Amount]) -> Option<Line> {
    match threshold {
        Threshold::AtLeast(Limit::Number(number)) => exact(i128::from(number), 1),
        Threshold::AtLeast(Limit::PerMille(per_mille)) => exact(i128::from(per_mille), 1_000),
        Threshold::AtLeast(Limit::Time(span)) => exact(i128::from(span.as_micros()), 1),
        Threshold::AtMost { per_mille } => exact(1_000 - i128::from(per_mille), 1_000),
        Threshold::Growth { percent, .. } => {
            let sum = before
                .iter()
                .fold(Amount::default(), |sum, one| sum.plus(*one));
            let above = sum.above.saturating_mul(100 + i128::from(percent));
            exact(above, sum.below.saturating_mul(100))
        }
        Threshold::Sigmas { sigmas, .. } => spread(sigmas, before),
    }
}

/// `None` where there is nothing to compare with.
const fn exact(above: i128, below: i128) -> Option<Line> {
    if above <= 0 || below <= 0 {
        return None;
    }
    Some(Line::Exact { above, below })
}

/// Mean and standard deviation √(Σ (x − x̄)² / n) of the windows before.
fn spread(sigmas: u32, before: &[Amount]) -> Option<Line> {
    let figures: Option<Vec<f64>> = before.iter().map(|amount| value(*amount)).collect();
    let figures = figures.filter(|figures| !figures.is_empty())?;
    let count = figures.len() as f64;
    let mean = figures.iter().sum::<f64>() / count;
    let squares = figures
        .iter()
        .map(|figure| (figure - mean) * (figure - mean));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    Some(Line::Spread {
        mean,
        line: mean + f64::from(sigmas) * deviation,
    })
}

fn value(amount: Amount) -> Option<f64> {
    (amount.below > 0).then(|| amount.above as f64 / amount.below as f64)
}

impl Line {
    fn compare(&self, figure: Amount) -> Verdict {
        let (is_reached, is_held) = match *self {
            Self::Exact { above, below } => {
                let (own, line) = (
                    figure.above.saturating_mul(below),
                    above.saturating_mul(figure.below),
                );
                let is_held = own.saturating_mul(10) >= line.saturating_mul(CLEARS_BELOW_TENTHS);
                (own >= line, is_held)
            }
            Self::Spread { mean, line } => {
                let own = value(figure).unwrap_or(0.0);
                (own > mean && own >= line, own > 0.0 && own >= 0.8 * line)
            }
        };
        match (is_reached, is_held) {
            (true, _) => Verdict::Reached,
            (false, true) => Verdict::Held,
            (false, false) => Verdict::Calm,
        }
    }
}
