//! What holds for any numbers.

use proptest::prelude::*;
use redress_causes::statistics::{
    ControlChart, Histogram, Observation, SurvivalCurve, c_chart, laney_p_chart, p_chart, pareto,
    u_chart,
};
use redress_core::{Ratio, Span};

use crate::histories::config;

fn histogram(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::default();
    values.iter().for_each(|value| histogram.record(*value));
    histogram
}

fn values() -> impl Strategy<Value = Vec<u64>> {
    let size = (any::<u64>(), 0_u32..64).prop_map(|(value, bits)| value >> bits);
    prop::collection::vec(size, 0..80)
}

fn samples() -> impl Strategy<Value = Vec<Ratio>> {
    let any_size = (any::<u64>(), 0_u32..64, any::<u64>());
    let sample = any_size.prop_map(|(size, bits, count)| {
        let size = (size >> bits).max(1);
        let count = count.checked_rem(size.saturating_add(1)).unwrap_or(count);
        Ratio::new(count, size).unwrap()
    });
    prop::collection::vec(sample, 1..40)
}

fn is_sound(chart: &ControlChart) -> bool {
    chart.centre.is_finite()
        && chart.points.iter().all(|point| {
            let numbers = [point.value, point.lower, point.upper, point.sigmas];
            numbers.iter().all(|number| number.is_finite()) && point.lower <= point.upper
        })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn histograms_of_parts_add_up_and_come_apart_again(one in values(), other in values()) {
        let (first, second) = (histogram(&one), histogram(&other));
        let mut both = first.clone();
        both.add(&second);
        let mut swapped = second.clone();
        swapped.add(&first);
        prop_assert_eq!(&both, &swapped);
        prop_assert_eq!(&both, &histogram(&[one.clone(), other].concat()));
        prop_assert_eq!(both.without(&second), Some(first));
        prop_assert_eq!(histogram(&one).count(), one.len() as u64);
    }

    #[test]
    fn a_percentile_is_at_most_a_128th_above_the_exact_one(values in values(), percent in 1_u8..=100) {
        let mut sorted = values.clone();
        sorted.sort_unstable();
        let place = (sorted.len() * usize::from(percent)).div_ceil(100);
        let exact = place.checked_sub(1).map(|place| sorted[place]);
        let found = histogram(&values).percentile(percent);
        prop_assert_eq!(found.is_some(), exact.is_some());
        if let (Some(found), Some(exact)) = (found, exact) {
            prop_assert!(exact <= found && found - exact <= exact / 128, "{} for {}", found, exact);
        }
    }

    #[test]
    fn charts_are_finite_for_any_samples(samples in samples()) {
        let counts: Vec<u64> = samples.iter().map(|sample| sample.numerator()).collect();
        let laney = laney_p_chart(&samples);
        prop_assert_eq!(laney.is_some(), samples.len() > 1);
        let charts = [p_chart(&samples), u_chart(&samples), c_chart(&counts), laney.map(|laney| laney.chart)];
        for chart in charts.iter().flatten() {
            prop_assert!(is_sound(chart), "{:?}", chart);
        }
    }

    #[test]
    fn survival_falls_within_one_and_none(observed in prop::collection::vec((any::<i16>(), any::<bool>()), 0..60)) {
        let curve = SurvivalCurve::of(observed.iter().map(|(time, ended)| Observation {
            time: Span::micros(i64::from(*time)),
            ended: *ended,
        }));
        prop_assert_eq!(curve.ended + curve.censored, observed.len() as u64);
        let mut before = 1.0;
        for step in &curve.steps {
            prop_assert!((0.0..=before).contains(&step.survival));
            before = step.survival;
            if let Some(interval) = step.interval {
                prop_assert!(0.0 <= interval.lower && interval.upper <= 1.0);
                prop_assert!(interval.lower <= step.survival && step.survival <= interval.upper);
            }
        }
    }

    #[test]
    fn a_pareto_falls_and_adds_up(counts in prop::collection::btree_map(any::<u8>(), 0_u64..1000, 0..30)) {
        let bars = pareto(counts.clone());
        let all: u64 = counts.values().sum();
        prop_assert_eq!(bars.iter().map(|bar| bar.count).sum::<u64>(), all);
        prop_assert!(bars.is_sorted_by(|one, next| one.count > next.count
            || one.count == next.count && one.key < next.key));
        if let Some(last) = bars.last() {
            prop_assert_eq!((last.cumulative.numerator(), last.cumulative.denominator()), (all, all));
        }
    }
}
