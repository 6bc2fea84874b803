//! Examples that textbooks and papers print, with the digits they print; the sources stand in docs/sources.md.

use redress_causes::statistics::{Cusum, Ewma, Observation, SurvivalCurve, laney_p_chart, p_chart};
use redress_core::{Ratio, Span};

use super::close;

/// Half of the last digit printed.
const FOUR_DIGITS: f64 = 0.000_05;
const TWO_DIGITS: f64 = 0.005;

/// Montgomery's cans of orange juice: how many of 50 leaked, in 30 samples.
const LEAKING: [u64; 30] = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12,
    7, 13, 9, 6,
];

/// Montgomery's data for the cumulative sum and the moving average: twenty with mean 10, then ten with mean 11.
const SHIFTED: [f64; 30] = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.20, 10.34, 9.03, 11.47, 10.51, 9.40,
    10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.90, 9.33, 12.29, 11.50, 10.60, 11.08, 10.38, 11.62,
    11.31, 10.52,
];

fn orange_juice() -> Vec<Ratio> {
    LEAKING
        .iter()
        .filter_map(|leaking| Ratio::new(*leaking, 50))
        .collect()
}

#[test]
fn montgomerys_p_chart_of_orange_juice() {
    let chart = p_chart(&orange_juice()).unwrap();
    close(chart.centre, 0.2313, FOUR_DIGITS);
    for point in &chart.points {
        close(point.upper, 0.4102, FOUR_DIGITS);
        close(point.lower, 0.0524, FOUR_DIGITS);
    }
    // Samples 15 and 23, counted from 1.
    assert_eq!(chart.outside(), [14, 22]);
}

#[test]
fn laneys_sigma_z_of_the_same_samples() {
    let laney = laney_p_chart(&orange_juice()).unwrap();
    close(laney.sigma_z, 1.6609, FOUR_DIGITS);
    // The samples vary more than chance alone gives, so that only the limits of p′ hold them all.
    assert!(laney.chart.outside().is_empty());
}

#[test]
fn montgomerys_cumulative_sums() {
    let cusum = Cusum {
        target: 10.0,
        slack: 0.5,
        limit: 5.0,
    };
    let points = cusum.chart(&SHIFTED).unwrap();
    let high: Vec<(usize, f64, u64)> = points
        .iter()
        .enumerate()
        .map(|(place, point)| (place + 1, point.high, point.high_for))
        .filter(|(sample, ..)| [4, 7, 28, 29, 30].contains(sample))
        .collect();
    let printed = [
        (4, 1.16, 1),
        (7, 0.04, 4),
        (28, 4.47, 6),
        (29, 5.28, 7),
        (30, 5.30, 8),
    ];
    for (found, expected) in high.into_iter().zip(printed) {
        assert_eq!((found.0, found.2), (expected.0, expected.2));
        close(found.1, expected.1, TWO_DIGITS);
    }
    close(points[2].low, 1.77, TWO_DIGITS);
    let first_out = points.iter().position(|point| point.is_out);
    assert_eq!(first_out, Some(28)); // sample 29
}

#[test]
fn montgomerys_moving_averages_of_the_same_data() {
    let ewma = Ewma {
        target: 10.0,
        sigma: 1.0,
        weight: 0.10,
        width: 2.7,
    };
    let chart = ewma.chart(&SHIFTED).unwrap();
    let printed = [
        (1, 9.945),
        (2, 9.7495),
        (3, 9.703_55),
        (5, 10.1253),
        (22, 10.0227),
        (28, 10.5731),
        (29, 10.6468),
        (30, 10.6341),
    ];
    for (sample, average) in printed {
        close(chart.points[sample - 1].value, average, FOUR_DIGITS);
    }
    // 10 ± 2.7 · 0.1 for the first, 10 ± 2.7 √(0.1 / 1.9) for the late ones.
    close(chart.points[0].upper, 10.27, TWO_DIGITS);
    close(chart.points[0].lower, 9.73, TWO_DIGITS);
    close(chart.points[29].upper, 10.62, TWO_DIGITS);
    close(chart.points[29].lower, 9.38, TWO_DIGITS);
}

/// Weeks of remission of the children who were given 6-mercaptopurine; those still in remission are censored.
fn freireich() -> Vec<Observation> {
    let weeks = |ended| {
        move |weeks: i64| Observation {
            time: Span::days(7 * weeks),
            ended,
        }
    };
    let relapsed = [6, 6, 6, 7, 10, 13, 16, 22, 23].map(weeks(true));
    let in_remission = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map(weeks(false));
    relapsed.into_iter().chain(in_remission).collect()
}

#[test]
fn freireichs_remissions() {
    let curve = SurvivalCurve::of(freireich());
    assert_eq!((curve.ended, curve.censored), (9, 12));
    // Week, at risk, S, and the standard error by Greenwood, as they are printed.
    let printed = [
        (6, 21, 0.8571, 0.0764),
        (7, 17, 0.8067, 0.0869),
        (10, 15, 0.7529, 0.0963),
        (13, 12, 0.6902, 0.1068),
        (16, 11, 0.6275, 0.1141),
        (22, 7, 0.5378, 0.1282),
        (23, 6, 0.4482, 0.1346),
    ];
    assert_eq!(curve.steps.len(), printed.len());
    for (step, (week, at_risk, survival, error)) in curve.steps.iter().zip(printed) {
        assert_eq!((step.time, step.at_risk), (Span::days(7 * week), at_risk));
        close(step.survival, survival, FOUR_DIGITS);
        let interval = step.interval.unwrap();
        close((step.survival - interval.lower) / 1.96, error, FOUR_DIGITS);
    }
    assert_eq!(curve.median(), Some(Span::days(7 * 23)));
    let week = Span::days(7);
    assert_eq!(curve.after(week), 1.0);
    close(curve.after(Span::days(7 * 12)), 0.7529, FOUR_DIGITS);
    close(curve.after(Span::days(7 * 99)), 0.4482, FOUR_DIGITS);
}
