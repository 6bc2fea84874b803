//! Groups and their figures, by hand and against a slow recomputation.

use std::collections::BTreeMap;

use proptest::prelude::*;
use redress_archive::{Archive, Dimension, Moment, Query, Summary};
use redress_core::event::{FeedbackKind, Satisfaction};
use redress_core::{ClockKind, Complaint, Policy, Ratio, Recorded, Span, Status, evolve};
use redress_store::Projection;

use crate::filters::{config, moments, statuses};
use crate::histories::{
    History, LEDGER, as_facts, assign, classified, complaint, feedback, received, resolved,
    revisit, start,
};
use crate::walks::walks;

/// The figures of some complaints, each counted by itself.
#[derive(Debug, Default, PartialEq, Eq)]
struct Slow {
    complaints: u64,
    handled: (u64, i128),
    timely: (u64, u64),
    satisfied: (u64, u64),
    reached: u64,
    asked: u64,
}

impl Slow {
    fn add(
        &mut self,
        of: &Summary,
        complaint: &Complaint,
        policy: &Policy,
        at: redress_core::Timestamp,
    ) {
        self.complaints += 1;
        if let Some(resolution) = complaint.resolution() {
            let case = complaint.case().unwrap();
            let mut span = resolution.at.since(case.received_at);
            for pause in &case.pauses {
                let end = pause.end().unwrap_or(resolution.at).min(resolution.at);
                if end > pause.from {
                    span = span - end.since(pause.from);
                }
            }
            self.handled.0 += 1;
            self.handled.1 += i128::from(span.as_micros());
        }
        for status in statuses(complaint, Some(ClockKind::Resolution), policy, at) {
            self.timely.0 += u64::from(status == Status::Met);
            self.timely.1 +=
                u64::from([Status::Met, Status::Missed, Status::Overdue].contains(&status));
        }
        self.satisfied.0 += u64::from(of.satisfaction == Some(Satisfaction::Satisfied));
        self.satisfied.1 += u64::from(of.satisfaction.is_some());
        self.reached += u64::from(of.reached);
        self.asked += u64::from(of.asked);
    }

    fn is_told_by(&self, figures: &redress_archive::Figures) {
        assert_eq!(figures.complaints, self.complaints);
        let handling = figures
            .handling
            .map(|handling| (handling.complaints, handling.total_us));
        assert_eq!(handling, (self.handled.0 > 0).then_some(self.handled));
        assert_eq!(figures.timeliness, Ratio::new(self.timely.0, self.timely.1));
        assert_eq!(
            figures.satisfaction,
            Ratio::new(self.satisfied.0, self.satisfied.1)
        );
        assert_eq!(figures.response, Ratio::new(self.reached, self.asked));
    }
}

fn folded(facts: &[Recorded]) -> Archive {
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(facts)).unwrap();
    archive
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn groups_equal_a_slow_recomputation(facts in walks(), at in moments()) {
        let archive = folded(&facts);
        let policy = Policy::standard();
        let moment = Moment::new(policy.clone(), at);
        for query in [Query::new(), Query::new().duplicate(false), Query::new().open(false).text("退款")] {
            let hits = archive.search(&query.clone().limit(usize::MAX)).unwrap();
            for dimension in Dimension::ALL {
                let mut total = Slow::default();
                let mut expected: BTreeMap<Option<String>, Slow> = BTreeMap::new();
                for hit in &hits {
                    let own = facts.iter().filter(|fact| fact.complaint_id == hit.summary.id);
                    let complaint = own.fold(Complaint::Absent, |complaint, fact| evolve(complaint, fact).unwrap());
                    total.add(&hit.summary, &complaint, &policy, at);
                    let values = dimension.values(&hit.summary);
                    let values = if values.is_empty() { vec![None] } else { values.into_iter().map(Some).collect() };
                    for value in values {
                        expected.entry(value).or_default().add(&hit.summary, &complaint, &policy, at);
                    }
                }
                let groups = archive.groups(&query, dimension, &moment).unwrap();
                total.is_told_by(&groups.total);
                prop_assert_eq!(groups.rows.len(), expected.len());
                for row in &groups.rows {
                    let slow = &expected[&row.value];
                    slow.is_told_by(&row.figures);
                    prop_assert_eq!(Some(row.share), Ratio::new(slow.complaints, total.complaints));
                }
                let order: Vec<_> = groups.rows.iter().map(|row| (row.value.is_none(), std::cmp::Reverse(row.figures.complaints), row.value.clone())).collect();
                prop_assert!(order.is_sorted());
                if !dimension.is_multiple() {
                    let sum: u64 = groups.rows.iter().map(|row| row.figures.complaints).sum();
                    prop_assert_eq!(sum, archive.count(&query).unwrap());
                }
            }
        }
    }
}

/// Two complaints about delivery, one about a price; each fact an hour after the one before.
#[test]
fn three_complaints_by_hand() {
    let mut history = History::new(Policy::standard());
    for (number, category, verdict) in [
        (1, "delivery/delay", Satisfaction::Satisfied),
        (2, "delivery/delay", Satisfaction::Dissatisfied),
    ] {
        let id = complaint(number);
        history.then(id, received(1, "a", "b"));
        history.then(id, classified(category));
        history.then(id, assign("logistics", "ann"));
        history.then(id, resolved("service/slow_response", "refunded"));
        history.then(id, feedback(FeedbackKind::Result, "refunded"));
        history.then(id, revisit(verdict, ""));
    }
    history.then(complaint(3), received(1, "a", "b"));
    history.then(complaint(3), classified("price/refund"));
    let archive = folded(&history.facts);
    let moment = Moment::new(Policy::standard(), start() + Span::hours(14));
    let groups = archive
        .groups(&Query::new(), Dimension::CategoryRoot, &moment)
        .unwrap();
    assert_eq!(groups.total.complaints, 3);
    let [delivery, price] = groups.rows.as_slice() else {
        panic!("two groups")
    };
    assert_eq!(
        (delivery.value.as_deref(), delivery.share),
        (Some("delivery"), Ratio::new(2, 3).unwrap())
    );
    // The second was dissatisfied: its solution does not stand, and its new cycle runs.
    let handling = delivery.figures.handling.unwrap();
    assert_eq!((handling.complaints, handling.mean), (1, Span::hours(3)));
    // Both first cycles were resolved in time; the new one is not judged yet.
    assert_eq!(delivery.figures.timeliness, Ratio::new(2, 2));
    assert_eq!(delivery.figures.satisfaction, Ratio::new(1, 2));
    assert_eq!(delivery.figures.response, Ratio::new(2, 2));
    assert_eq!(
        (price.value.as_deref(), price.share),
        (Some("price"), Ratio::new(1, 3).unwrap())
    );
    let none = redress_archive::Figures {
        complaints: 1,
        ..Default::default()
    };
    assert_eq!(price.figures, none);
    let nothing = archive
        .groups(&Query::new().tag("none"), Dimension::Tag, &moment)
        .unwrap();
    assert_eq!(nothing.total, redress_archive::Figures::default());
    assert!(nothing.rows.is_empty());
}
