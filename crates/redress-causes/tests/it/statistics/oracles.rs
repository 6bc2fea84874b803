//! The statistics against scipy and numpy; `tests/oracles/statistics.py` wrote the answers.

use redress_causes::statistics::{
    Durations, Ewma, Histogram, Observation, SurvivalCurve, laney_p_chart,
};
use redress_core::{Ratio, Span};
use serde_json::Value;

use super::close;

/// How far sums in another order may lie apart.
const ROUNDING: f64 = 1e-9;

#[track_caller]
fn cases(name: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../data/statistics.json")).unwrap();
    let cases = all[name].as_array().unwrap().clone();
    assert_eq!(cases.len(), 20);
    cases
}

fn floats(value: &Value) -> Vec<f64> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn survival_curves_are_those_of_scipy() {
    for case in cases("survival") {
        let observations = case["observations"].as_array().unwrap().iter();
        let curve = SurvivalCurve::of(observations.map(|pair| Observation {
            time: Span::micros(pair[0].as_i64().unwrap()),
            ended: pair[1].as_bool().unwrap(),
        }));
        let steps = case["steps"].as_array().unwrap();
        assert_eq!(curve.steps.len(), steps.len());
        for (found, expected) in curve.steps.iter().zip(steps) {
            assert_eq!(found.time.as_micros(), expected[0].as_i64().unwrap());
            close(found.survival, expected[1].as_f64().unwrap(), ROUNDING);
            assert_eq!(found.interval.is_none(), expected[2].is_null());
            if let Some(interval) = found.interval {
                close(interval.lower, expected[2].as_f64().unwrap(), ROUNDING);
                close(interval.upper, expected[3].as_f64().unwrap(), ROUNDING);
            }
        }
    }
}

#[test]
fn percentiles_are_those_of_numpy() {
    for case in cases("percentiles") {
        let values: Vec<i64> = case["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|value| value.as_i64().unwrap())
            .collect();
        let (p50, p90) = (case["p50"].as_i64().unwrap(), case["p90"].as_i64().unwrap());
        let exact = Durations::of(values.iter().copied().map(Span::micros)).unwrap();
        assert_eq!((exact.p50.as_micros(), exact.p90.as_micros()), (p50, p90));
        let mut histogram = Histogram::default();
        for value in values {
            histogram.record(u64::try_from(value).unwrap());
        }
        for (percent, exact) in [(50, p50), (90, p90)] {
            let exact = u64::try_from(exact).unwrap();
            let found = histogram.percentile(percent).unwrap();
            assert!(
                exact <= found && found - exact <= exact / 128,
                "{found} for {exact}"
            );
        }
    }
}

#[test]
fn laneys_charts_are_those_of_numpy() {
    for case in cases("laney") {
        let samples: Vec<Ratio> = case["samples"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|pair| Ratio::new(pair[0].as_u64().unwrap(), pair[1].as_u64().unwrap()))
            .collect();
        let laney = laney_p_chart(&samples).unwrap();
        close(
            laney.chart.centre,
            case["centre"].as_f64().unwrap(),
            ROUNDING,
        );
        close(laney.sigma_z, case["sigma_z"].as_f64().unwrap(), ROUNDING);
        let limits = floats(&case["lower"])
            .into_iter()
            .zip(floats(&case["upper"]));
        assert_eq!(laney.chart.points.len(), limits.len());
        for (point, (lower, upper)) in laney.chart.points.iter().zip(limits) {
            close(point.lower, lower, ROUNDING);
            close(point.upper, upper, ROUNDING);
        }
    }
}

#[test]
fn moving_averages_are_those_of_scipy() {
    for case in cases("moving_average") {
        let ewma = Ewma {
            target: 10.0,
            sigma: 1.0,
            weight: case["weight"].as_f64().unwrap(),
            width: 3.0,
        };
        let chart = ewma.chart(&floats(&case["values"])).unwrap();
        let averages = floats(&case["averages"]);
        assert_eq!(chart.points.len(), averages.len());
        for (point, average) in chart.points.iter().zip(averages) {
            close(point.value, average, ROUNDING);
        }
    }
}
