//! Charts, rules and percentiles worked by hand.

use redress_causes::statistics::{
    Change, Cusum, Durations, Ewma, Histogram, Observation, RunRule, SurvivalCurve, c_chart,
    laney_p_chart, p_chart, run_signals, u_chart,
};
use redress_core::{Ratio, Span};

use super::close;

fn ratios(samples: &[(u64, u64)]) -> Vec<Ratio> {
    let ratios = samples.iter();
    ratios
        .filter_map(|(count, size)| Ratio::new(*count, *size))
        .collect()
}

#[test]
fn a_p_chart_has_narrower_limits_for_larger_samples() {
    // p̄ = (10 + 40) / (100 + 400) = 0.1; errors √(0.09 / 100) = 0.03 and √(0.09 / 400) = 0.015.
    let chart = p_chart(&ratios(&[(10, 100), (40, 400)])).unwrap();
    close(chart.points[0].upper, 0.19, 1e-12);
    close(chart.points[0].lower, 0.01, 1e-12);
    close(chart.points[1].upper, 0.145, 1e-12);
    close(chart.points[1].lower, 0.055, 1e-12);
}

#[test]
fn limits_of_shares_stay_within_none_and_all() {
    let chart = p_chart(&ratios(&[(9, 10), (10, 10), (8, 10)])).unwrap();
    assert!(chart.points.iter().all(|point| point.upper == 1.0));
    let chart = p_chart(&ratios(&[(1, 10), (0, 10), (2, 10)])).unwrap();
    assert!(chart.points.iter().all(|point| point.lower == 0.0));
}

#[test]
fn a_u_chart_counts_per_unit_and_may_exceed_one() {
    // ū = (8 + 24) / (2 + 2) = 8; error √(8 / 2) = 2.
    let chart = u_chart(&ratios(&[(8, 2), (24, 2)])).unwrap();
    assert_eq!((chart.centre, chart.points[1].value), (8.0, 12.0));
    assert_eq!((chart.points[0].lower, chart.points[0].upper), (2.0, 14.0));
    assert_eq!(chart.points[1].sigmas, 2.0);
}

#[test]
fn a_c_chart_is_in_control_within_three_roots_of_its_mean() {
    // c̄ = 36 / 4 = 9; limits 9 ± 3 · 3.
    let chart = c_chart(&[9, 0, 18, 9]).unwrap();
    assert_eq!((chart.points[0].lower, chart.points[0].upper), (0.0, 18.0));
    assert!(chart.outside().is_empty());
    // c̄ = 40 / 10 = 4; the upper limit is 10.
    let chart = c_chart(&[3, 3, 3, 3, 3, 3, 3, 3, 5, 11]).unwrap();
    assert_eq!((chart.centre, chart.outside()), (4.0, vec![9]));
    // (11 − 4) / 2 = 3.5 standard errors.
    let signals = chart.signals();
    assert_eq!(signals.len(), 1);
    assert_eq!(
        (signals[0].at, signals[0].rule),
        (9, RunRule::BeyondThreeSigma)
    );
}

#[test]
fn where_nothing_varies_nothing_signals() {
    let none = c_chart(&[0; 40]).unwrap();
    assert!(none.points.iter().all(|point| point.sigmas == 0.0));
    assert!(none.outside().is_empty());
    let even = laney_p_chart(&ratios(&[(1, 10), (10, 100), (100, 1000)])).unwrap();
    assert_eq!(even.sigma_z, 0.0);
    assert!(even.chart.points.iter().all(|point| point.sigmas == 0.0));
}

#[test]
fn what_cannot_be_charted_is_none() {
    assert_eq!(p_chart(&[]), None);
    assert_eq!(u_chart(&[]), None);
    assert_eq!(c_chart(&[]), None);
    assert_eq!(p_chart(&ratios(&[(11, 10)])), None);
    assert_eq!(laney_p_chart(&ratios(&[(1, 10)])), None);
    let cusum = Cusum {
        target: 0.0,
        slack: 0.0,
        limit: 1.0,
    };
    assert_eq!(cusum.chart(&[f64::NAN]), None);
    assert_eq!(cusum.chart(&[f64::MAX, f64::MAX]), None);
    assert_eq!(
        Cusum {
            slack: -1.0,
            ..cusum
        }
        .chart(&[1.0]),
        None
    );
    assert_eq!(
        Cusum {
            limit: 0.0,
            ..cusum
        }
        .chart(&[1.0]),
        None
    );
    assert_eq!(cusum.chart(&[]), Some(Vec::new()));
    let ewma = Ewma {
        target: 0.0,
        sigma: 1.0,
        weight: 0.5,
        width: 3.0,
    };
    assert!(ewma.chart(&[1.0]).is_some());
    assert_eq!(ewma.chart(&[]), None);
    assert_eq!(ewma.chart(&[f64::INFINITY]), None);
    for wrong in [
        Ewma {
            weight: 0.0,
            ..ewma
        },
        Ewma {
            weight: 1.5,
            ..ewma
        },
        Ewma { sigma: 0.0, ..ewma },
        Ewma {
            width: f64::NAN,
            ..ewma
        },
    ] {
        assert_eq!(wrong.chart(&[1.0]), None, "{wrong:?}");
    }
}

/// Where a rule signals, and that its mirror image signals there too.
#[track_caller]
fn check_rule(rule: RunRule, sigmas: &[f64], expected: &[usize]) {
    let of = |sigmas: &[f64]| -> Vec<usize> {
        let signals = run_signals(sigmas).into_iter();
        signals
            .filter(|signal| signal.rule == rule)
            .map(|signal| signal.at)
            .collect()
    };
    assert_eq!(of(sigmas), expected, "{rule:?}");
    let mirrored: Vec<f64> = sigmas.iter().map(|sigmas| -sigmas).collect();
    assert_eq!(of(&mirrored), expected, "{rule:?}, mirrored");
}

#[test]
fn each_run_rule_is_completed_by_its_last_point_and_not_before() {
    check_rule(RunRule::BeyondThreeSigma, &[3.0, 3.1, 2.9], &[1]);
    check_rule(RunRule::NineOnOneSide, &[0.1; 10], &[8, 9]);
    let mut broken = [0.1; 17];
    broken[8] = 0.0;
    check_rule(RunRule::NineOnOneSide, &broken, &[]);
    let rising = [-1.0, -0.8, -0.6, -0.4, -0.2, 0.0, 0.0];
    check_rule(RunRule::SixRisingOrFalling, &rising, &[5]);
    let zigzag: Vec<f64> = (0..15)
        .map(|n| if n % 2 == 0 { 0.5 } else { -0.5 })
        .collect();
    check_rule(RunRule::FourteenAlternating, &zigzag, &[13, 14]);
    let mut flat = zigzag;
    flat[6] = flat[5];
    check_rule(RunRule::FourteenAlternating, &flat, &[]);
    check_rule(
        RunRule::TwoOfThreeBeyondTwoSigma,
        &[2.1, 0.0, 2.1, 0.0, 0.0, 2.1, -2.1],
        &[2],
    );
    check_rule(
        RunRule::FourOfFiveBeyondOneSigma,
        &[1.1, 1.2, 0.0, 1.1, 1.1, 0.5, 1.1],
        &[4],
    );
    check_rule(RunRule::FifteenWithinOneSigma, &[0.9; 15], &[14]);
    check_rule(RunRule::FifteenWithinOneSigma, &[1.0; 15], &[]);
    let both = [1.1, -1.1, 1.2, 1.3, -1.4, 1.1, 1.1, 1.1];
    check_rule(RunRule::EightBeyondOneSigma, &both, &[7]);
    check_rule(RunRule::EightBeyondOneSigma, &[1.1; 8], &[]);
}

#[test]
fn changes_are_rounded_away_from_nothing_and_signed() {
    let percent = |before, after| Change { before, after }.percent();
    assert_eq!(percent(3, 4).as_deref(), Some("+33.3%"));
    assert_eq!(percent(3, 2).as_deref(), Some("-33.3%"));
    assert_eq!(percent(2000, 2001).as_deref(), Some("+0.1%"));
    assert_eq!(percent(2000, 1999).as_deref(), Some("-0.1%"));
    assert_eq!(percent(5, 5).as_deref(), Some("0.0%"));
    assert_eq!(percent(7, 0).as_deref(), Some("-100.0%"));
    assert_eq!(percent(0, 0), None);
    assert_eq!(
        percent(1, u64::MAX).as_deref(),
        Some("+1844674407370955161400.0%")
    );
}

#[test]
fn the_mean_and_the_sum_of_the_longest_spans_do_not_overflow() {
    let longest = Span::micros(i64::MAX);
    let took = Durations::of([longest; 5]).unwrap();
    assert_eq!((took.mean, took.total, took.count), (longest, longest, 5));
    let took = Durations::of([1, 1, 3].map(Span::micros)).unwrap();
    assert_eq!(took.mean, Span::micros(1)); // 5 / 3
}

#[test]
fn a_histogram_holds_the_largest_values_and_refuses_to_give_what_it_has_not() {
    let mut one = Histogram::default();
    one.record(u64::MAX);
    one.record(0);
    assert_eq!(one.percentile(100), Some(u64::MAX));
    assert_eq!(one.percentile(255), Some(u64::MAX));
    assert_eq!((one.percentile(0), one.percentile(50)), (Some(0), Some(0)));
    let mut other = Histogram::default();
    other.record(1);
    assert_eq!(one.without(&other), None);
    assert_eq!(one.without(&one), Some(Histogram::default()));
}

#[test]
fn without_censoring_the_curve_is_the_share_that_is_left() {
    let after = |days| Observation {
        time: Span::days(days),
        ended: true,
    };
    let curve = SurvivalCurve::of((1..=10).map(after));
    let survival: Vec<f64> = curve.steps.iter().map(|step| step.survival).collect();
    let left: Vec<f64> = (0..10).rev().map(|left| f64::from(left) / 10.0).collect();
    assert_eq!(survival, left);
    assert_eq!(curve.median(), Some(Span::days(5)));
    assert_eq!(curve.steps[9].interval, None);
}

#[test]
fn a_curve_that_stays_above_one_half_has_no_median() {
    let open = Observation {
        time: Span::days(9),
        ended: false,
    };
    let ended = Observation {
        time: Span::days(1),
        ended: true,
    };
    let curve = SurvivalCurve::of([open, open, ended]);
    assert_eq!(curve.median(), None);
    assert_eq!(SurvivalCurve::of([open]).median(), None);
    assert_eq!(SurvivalCurve::of([]), SurvivalCurve::default());
}
