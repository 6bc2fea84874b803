//! Nelson's eight rules: patterns that a process in control hardly ever shows.
//!
//! Source: Nelson, "The Shewhart control chart: tests for special causes", *Journal of Quality Technology* 16(4), 1984,
//! 237–239. Rules 1, 5 and 6 are the first three of the Western Electric *Statistical Quality Control Handbook* (1956);
//! its fourth asks for eight on one side where Nelson's second asks for nine.
#![expect(
    clippy::float_arithmetic,
    reason = "a change of sign alone, which is exact"
)]

use std::cmp::Ordering;

use serde::Serialize;

/// One of Nelson's rules, in his order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunRule {
    /// 1: one point more than 3 σ from the centre.
    BeyondThreeSigma,
    /// 2: nine in a row on the same side of the centre.
    NineOnOneSide,
    /// 3: six in a row steadily rising, or steadily falling.
    SixRisingOrFalling,
    /// 4: fourteen in a row, up and down by turns.
    FourteenAlternating,
    /// 5: two of three in a row more than 2 σ away on the same side.
    TwoOfThreeBeyondTwoSigma,
    /// 6: four of five in a row more than 1 σ away on the same side.
    FourOfFiveBeyondOneSigma,
    /// 7: fifteen in a row within 1 σ, on either side.
    FifteenWithinOneSigma,
    /// 8: eight in a row more than 1 σ away, on either side, with some on each.
    EightBeyondOneSigma,
}

/// A rule that a point completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// The place of the point, from 0.
    pub at: usize,
    /// The rule.
    pub rule: RunRule,
}

impl RunRule {
    /// Every rule, in Nelson's order.
    pub const ALL: [Self; 8] = [
        Self::BeyondThreeSigma,
        Self::NineOnOneSide,
        Self::SixRisingOrFalling,
        Self::FourteenAlternating,
        Self::TwoOfThreeBeyondTwoSigma,
        Self::FourOfFiveBeyondOneSigma,
        Self::FifteenWithinOneSigma,
        Self::EightBeyondOneSigma,
    ];

    /// Its name in output for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BeyondThreeSigma => "beyond_three_sigma",
            Self::NineOnOneSide => "nine_on_one_side",
            Self::SixRisingOrFalling => "six_rising_or_falling",
            Self::FourteenAlternating => "fourteen_alternating",
            Self::TwoOfThreeBeyondTwoSigma => "two_of_three_beyond_two_sigma",
            Self::FourOfFiveBeyondOneSigma => "four_of_five_beyond_one_sigma",
            Self::FifteenWithinOneSigma => "fifteen_within_one_sigma",
            Self::EightBeyondOneSigma => "eight_beyond_one_sigma",
        }
    }

    /// How many points in a row it looks at.
    #[must_use]
    pub const fn length(self) -> usize {
        match self {
            Self::BeyondThreeSigma => 1,
            Self::NineOnOneSide => 9,
            Self::SixRisingOrFalling => 6,
            Self::FourteenAlternating => 14,
            Self::TwoOfThreeBeyondTwoSigma => 3,
            Self::FourOfFiveBeyondOneSigma => 5,
            Self::FifteenWithinOneSigma => 15,
            Self::EightBeyondOneSigma => 8,
        }
    }

    /// Whether the points, as many as [`RunRule::length`], show its pattern.
    fn shows(self, run: &[f64]) -> bool {
        match self {
            Self::BeyondThreeSigma => on_one_side(run, 3.0, 1),
            Self::NineOnOneSide => on_one_side(run, 0.0, 9),
            Self::SixRisingOrFalling => {
                let steps: Vec<Ordering> = steps(run).collect();
                let all = |way| steps.iter().all(|step| *step == way);
                all(Ordering::Greater) || all(Ordering::Less)
            }
            Self::FourteenAlternating => {
                let steps: Vec<Ordering> = steps(run).collect();
                let turns = |pair: &[Ordering]| pair[0] == pair[1].reverse();
                !steps.contains(&Ordering::Equal) && steps.windows(2).all(turns)
            }
            Self::TwoOfThreeBeyondTwoSigma => completes(run, 2.0, 2),
            Self::FourOfFiveBeyondOneSigma => completes(run, 1.0, 4),
            Self::FifteenWithinOneSigma => run.iter().all(|sigmas| sigmas.abs() < 1.0),
            Self::EightBeyondOneSigma => {
                run.iter().all(|sigmas| sigmas.abs() > 1.0)
                    && run.iter().any(|sigmas| *sigmas > 0.0)
                    && run.iter().any(|sigmas| *sigmas < 0.0)
            }
        }
    }
}

/// Finds where points, given in standard errors from the centre, complete one of Nelson's rules.
///
/// By place, then in Nelson's order. A pattern that goes on is told again at each further point.
///
/// ```
/// use redress_causes::statistics::{RunRule, Signal, run_signals};
///
/// let signals = run_signals(&[0.5, 2.2, -0.3, 2.4, 3.1]);
/// assert_eq!(signals, [
///     Signal { at: 3, rule: RunRule::TwoOfThreeBeyondTwoSigma },
///     Signal { at: 4, rule: RunRule::BeyondThreeSigma },
///     Signal { at: 4, rule: RunRule::TwoOfThreeBeyondTwoSigma },
/// ]);
/// ```
#[must_use]
pub fn run_signals(sigmas: &[f64]) -> Vec<Signal> {
    let at = |at: usize| {
        RunRule::ALL.into_iter().filter_map(move |rule| {
            let start = (at + 1).checked_sub(rule.length())?;
            rule.shows(&sigmas[start..=at])
                .then_some(Signal { at, rule })
        })
    };
    (0..sigmas.len()).flat_map(at).collect()
}

/// Whether at least so many points stand more than `limit` away, on one and the same side.
fn on_one_side(run: &[f64], limit: f64, least: usize) -> bool {
    let above = run.iter().filter(|sigmas| **sigmas > limit).count();
    let below = run.iter().filter(|sigmas| **sigmas < -limit).count();
    above >= least || below >= least
}

/// The same, where the last point is one of them: a point inside completes nothing.
fn completes(run: &[f64], limit: f64, least: usize) -> bool {
    let Some(last) = run.last() else {
        return false;
    };
    let side = |sigmas: &f64| {
        if *last > 0.0 {
            *sigmas > limit
        } else {
            *sigmas < -limit
        }
    };
    side(last) && run.iter().filter(|sigmas| side(sigmas)).count() >= least
}

/// Which way each step goes.
fn steps(run: &[f64]) -> impl Iterator<Item = Ordering> {
    run.windows(2).map(|pair| {
        if pair[1] > pair[0] {
            Ordering::Greater
        } else if pair[1] < pair[0] {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    })
}
