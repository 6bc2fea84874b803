//! Concentrations and weeks, recounted the slow way.

use std::collections::BTreeMap;

use proptest::prelude::*;
use redress_causes::{CauseQuery, ConcentrationRule, Dimension, KpiQuery, Period};
use redress_core::{Policy, Span, Timestamp};

use crate::histories::{config, facts};
use crate::kpis::model;
use crate::laws::{folded, summaries};
use crate::ledger::h;

/// The most receipts in a window that begins with one of them, for each product and cause.
fn densest(arrivals: &[Timestamp], window: Span) -> u64 {
    let inside = |first: Timestamp| {
        let inside = |at: &&Timestamp| **at >= first && at.since(first) < window;
        arrivals.iter().filter(inside).count()
    };
    let most = arrivals.iter().map(|first| inside(*first)).max().unwrap();
    u64::try_from(most).unwrap()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn concentrations_are_the_densest_windows(facts in facts(), least in 1_u64..3, hours in 1_i64..200) {
        let window = Span::hours(hours);
        let mut arrivals: BTreeMap<(String, String), Vec<Timestamp>> = BTreeMap::new();
        for complaint in summaries(&facts).into_iter().filter(|complaint| !complaint.duplicate) {
            let product = complaint.values.get(&Dimension::Product).cloned();
            let cause = complaint.cause.map(|cause| cause.code.to_string());
            if let Some(key) = product.zip(cause) {
                arrivals.entry(key).or_default().push(complaint.received_at.unwrap());
            }
        }
        let expected: BTreeMap<(String, String), u64> = arrivals
            .into_iter()
            .map(|(key, arrivals)| (key, densest(&arrivals, window)))
            .filter(|(_, count)| *count >= least)
            .collect();
        let found = folded(&facts).concentrations(ConcentrationRule { least, window }, &CauseQuery::default());
        prop_assert!(found.is_sorted_by_key(|one| std::cmp::Reverse(one.count)));
        prop_assert!(found.iter().all(|one| one.last.since(one.first) < window));
        let found: BTreeMap<(String, String), u64> =
            found.into_iter().map(|one| ((one.product, one.cause), one.count)).collect();
        prop_assert_eq!(found, expected);
    }

    /// Each week tells what the figures of its seven days do.
    #[test]
    fn weeks_are_figures_of_seven_days(facts in facts()) {
        let policy = Policy::standard();
        let now = h(24 * 1000);
        let weeks = folded(&facts).weekly(policy.calendar_of(None), &CauseQuery::default(), now);
        for week in &weeks {
            let from: Timestamp = format!("{}T00:00:00Z", week.monday).parse().unwrap();
            let complaints = CauseQuery {
                period: Period { from: Some(from), to: Some(from + Span::days(7)) },
                ..CauseQuery::default()
            };
            let kpis = model::kpis(&facts, &KpiQuery { complaints, now, served: None });
            prop_assert_eq!(week.received, kpis.received);
            prop_assert_eq!(week.escalation, kpis.escalation);
            prop_assert_eq!(week.rework, kpis.rework);
            prop_assert_eq!(week.upheld, kpis.upheld);
            prop_assert_eq!(week.dissatisfaction.denominator, kpis.satisfaction.denominator);
            prop_assert!(week.dissatisfaction.numerator + kpis.satisfaction.numerator <= kpis.satisfaction.denominator);
        }
        let received: u64 = weeks.iter().map(|week| week.received).sum();
        let all = model::kpis(&facts, &KpiQuery { complaints: CauseQuery::default(), now, served: None });
        prop_assert_eq!(received, all.received);
    }
}
