//! What holds for every history: a warning once shown stays shown, and figures are what the other views count.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use redress_causes::{
    AlertView, Alerts, CauseQuery, CauseView, Dimension, Figure, KpiQuery, Kpis, Period, Standing,
    Timeline,
};
use redress_core::policy::warning::Metric;
use redress_core::{Complaint, ComplaintId, Event, Policy, Recorded, Span, Timestamp, evolve};
use redress_sla::{BoardFilter, SlaView};
use redress_store::Projection;

use super::{folded, policy};
use crate::histories::{Facts, config, facts, facts_and_moment};
use crate::ledger::{as_facts, h};
use crate::orders::{interleaved, interleaved_within_instants, turns};

const WINDOW: Span = Span::days(2);

/// A rule for each metric, quick to warn, with baselines and quiet times.
pub(crate) fn watching() -> Policy {
    let rules = [
        (
            "count",
            "red = { growth = \"50%\", periods = 2 }\nyellow = { at_least = 2 }",
        ),
        ("rate", "served = 10\norange = { at_least = \"20%\" }"),
        (
            "share",
            "by = [\"channel\"]\nmin_sample = 2\nred = { at_least = \"60%\" }",
        ),
        (
            "overdue",
            "by = [\"department\"]\norange = { at_least = 2 }\nred = { at_least = 4 }",
        ),
        (
            "timeliness",
            "min_sample = 2\nyellow = { at_most = \"90%\" }\nred = { at_most = \"50%\" }",
        ),
        ("dissatisfaction", "orange = { at_least = \"50%\" }"),
        (
            "repeat_rate",
            "min_sample = 2\nred = { at_least = \"50%\" }",
        ),
        (
            "escalation_count",
            "yellow = { at_least = 1 }\nred = { sigmas = 1, periods = 2 }",
        ),
        ("aht", "yellow = { at_least = \"10h\" }"),
        (
            "cause_count",
            "by = [\"product\", \"cause\"]\norange = { at_least = 1 }",
        ),
    ];
    let rules = rules.map(|(metric, keys)| {
        format!(
            "[[warning]]\nname = \"{metric}\"\nmetric = \"{metric}\"\nwindow = \"2d\"\ncooldown = \"5h\"\n\
             procedure = {{ zh_cn = \"核实\", en = \"Look\" }}\n{keys}\n"
        )
    });
    policy(&rules.concat())
}

/// What had been recorded by an instant.
fn known(facts: &[Recorded], at: Timestamp) -> &[Recorded] {
    &facts[..facts.partition_point(|fact| fact.recorded_at <= at)]
}

fn of<'a>(alerts: &'a Alerts, rule: &str) -> impl Iterator<Item = &'a Standing> {
    let rule = rule.to_owned();
    let standings = alerts.standings.iter();
    standings.filter(move |standing| standing.rule.as_str() == rule)
}

/// Above and below the line of a rule without groups.
fn whole(alerts: &Alerts, rule: &str) -> (u64, u64) {
    let figure = of(alerts, rule).next().unwrap().figure;
    (figure.above, figure.below)
}

/// What stands above the line of each group, where anything does.
fn by_group(alerts: &Alerts, rule: &str) -> BTreeMap<Vec<String>, u64> {
    let groups = of(alerts, rule).map(|standing| {
        let values = standing.group.iter().map(|one| one.value.clone());
        (values.collect(), standing.figure.above)
    });
    groups.filter(|(_, above)| *above > 0).collect()
}

fn kpis(view: &CauseView, query: &KpiQuery, figure: Figure) -> (u64, u64) {
    let kpi = figure.of(&view.kpis(query));
    (kpi.numerator, kpi.denominator)
}

/// Escalations in the window, of what is not closed as a duplicate.
fn escalations(facts: &[Recorded], period: Period) -> u64 {
    let mut complaints: BTreeMap<ComplaintId, (Complaint, u64)> = BTreeMap::new();
    for fact in facts {
        let (state, count) = complaints.entry(fact.complaint_id).or_default();
        *state = evolve(std::mem::take(state), fact).unwrap();
        let is_one = matches!(fact.event, Event::Escalated(_));
        *count += u64::from(is_one && period.contains(fact.occurred_at));
    }
    let counted = complaints.values();
    let counted = counted.filter(|(state, _)| !state.is_closed_as_duplicate());
    counted.map(|(_, count)| count).sum()
}

proptest! {
    #![proptest_config(config())]

    /// Whoever looked then saw what is told of then now.
    #[test]
    fn what_was_shown_is_told_for_ever((facts, near) in facts_and_moment()) {
        let policy = watching();
        let then = known(&facts, near);
        let live = folded(&policy, then).alerts(near);
        let replayed = folded(&policy, &facts).alerts(near);
        prop_assert_eq!(live, replayed);
    }

    /// How often somebody looks, and how many facts are folded at a time, makes no difference.
    #[test]
    fn what_was_raised_stays_raised(facts in facts(), hours in prop::collection::vec(0_i64..24 * 12, 1..6)) {
        let policy = watching();
        let mut piecewise = folded(&policy, &[]);
        for fact in as_facts(&facts) {
            piecewise.fold(&[fact]).unwrap();
        }
        let view = folded(&policy, &facts);
        prop_assert_eq!(&view, &piecewise);
        let last = view.alerts(h(24 * 30)).raised;
        for hour in hours {
            let so_far = view.alerts(h(hour));
            let known = last.iter().filter(|raised| raised.alert.raised_at <= h(hour));
            prop_assert!(so_far.raised.iter().map(|raised| &raised.alert).eq(known.map(|raised| &raised.alert)));
            for standing in &so_far.standings {
                let open = so_far.raised.iter().filter(|raised| raised.ended_at.is_none());
                let mut open = open.filter(|raised| raised.alert.rule == standing.rule && raised.group == standing.group);
                let raised = open.next();
                prop_assert!(open.next().is_none(), "two warnings of one figure stand");
                prop_assert_eq!(raised.map(|raised| raised.level), standing.level);
                prop_assert_eq!(raised.map(|raised| raised.alert.raised_at), standing.raised_at);
            }
        }
    }

    #[test]
    fn facts_of_one_instant_may_come_in_any_order((facts, at) in facts_and_moment(), turns in turns()) {
        let policy = watching();
        let other = interleaved_within_instants(&facts, &turns);
        for now in [at, h(24 * 30)] {
            prop_assert_eq!(folded(&policy, &facts).alerts(now), folded(&policy, &other).alerts(now));
        }
    }

    /// As if each fact had been recorded when it happened. Only of repeats the complaints of one customer depend on each
    /// other.
    #[test]
    fn by_when_they_happened_streams_may_come_in_any_order((facts, at) in facts_and_moment(), turns in turns()) {
        let mut policy = watching();
        policy.warnings.retain(|_, rule| rule.metric != Metric::RepeatRate);
        let as_it_occurred = |facts: &[Recorded]| {
            let mut view = AlertView::new(policy.clone(), Timeline::Occurred);
            view.fold(&as_facts(facts)).unwrap();
            view
        };
        let (one, other) = (as_it_occurred(&facts), as_it_occurred(&interleaved(&facts, &turns)));
        for now in [at, h(24 * 30)] {
            prop_assert_eq!(one.alerts(now), other.alerts(now));
        }
    }

    #[test]
    fn figures_are_what_the_other_views_count((facts, at) in facts_and_moment()) {
        let policy = watching();
        let alerts = folded(&policy, &facts).alerts(at);
        let facts = known(&facts, at);
        let mut view = CauseView::new(Policy::standard());
        view.fold(&as_facts(facts)).unwrap();
        let instant = Span::micros(1);
        let period = Period {
            from: Some(at + (Span::ZERO - WINDOW) + instant),
            to: Some(at + instant),
        };
        let complaints = CauseQuery { period, ..CauseQuery::default() };
        let query = KpiQuery { complaints, now: at, served: None };
        let all: Kpis = view.kpis(&query);

        prop_assert_eq!(whole(&alerts, "count"), (all.received, 1));
        prop_assert_eq!(whole(&alerts, "rate"), (all.received, 10));
        prop_assert_eq!(whole(&alerts, "timeliness"), kpis(&view, &query, Figure::Timeliness));
        prop_assert_eq!(whole(&alerts, "repeat_rate"), kpis(&view, &query, Figure::Repeat));
        let (satisfied, asked) = kpis(&view, &query, Figure::Satisfaction);
        let (dissatisfied, below) = whole(&alerts, "dissatisfaction");
        prop_assert_eq!(below, asked);
        prop_assert!(dissatisfied <= asked - satisfied);
        prop_assert_eq!(whole(&alerts, "escalation_count"), (escalations(facts, period), 1));
        let took = all.handling_time.map_or((0, 0), |took| (took.total.as_micros(), took.count));
        prop_assert_eq!(whole(&alerts, "aht"), (u64::try_from(took.0).unwrap(), took.1));

        let received = view.kpis_by(Dimension::Channel, &query).into_iter();
        let received = received.map(|row| (vec![row.value.unwrap()], row.kpis.received));
        let received = received.filter(|(_, count)| *count > 0);
        prop_assert_eq!(by_group(&alerts, "share"), received.collect());
        prop_assert!(of(&alerts, "share").all(|share| share.figure.below == all.received));

        let cells = view.cells(&[Dimension::Product, Dimension::Cause], &complaints).into_iter();
        let cells = cells.filter_map(|cell| Some((cell.values.into_iter().collect::<Option<_>>()?, cell.count)));
        prop_assert_eq!(by_group(&alerts, "cause_count"), cells.collect());

        let mut sla = SlaView::new(Policy::standard());
        sla.fold(&as_facts(facts)).unwrap();
        let mut overdue = BTreeMap::new();
        for row in sla.board(at, &BoardFilter::default()).rows {
            *overdue.entry(vec![row.department.to_string()]).or_default() += row.counts.overdue;
        }
        overdue.retain(|_, count| *count > 0);
        prop_assert_eq!(by_group(&alerts, "overdue"), overdue);
    }
}

#[test]
fn the_histories_raise_and_end_warnings_of_every_rule() {
    let mut runner = prop::test_runner::TestRunner::new(config());
    let policy = watching();
    let (mut raised, mut ended, mut changed) = (BTreeMap::new(), 0, 0);
    for _ in 0..200 {
        let facts: Facts = facts().new_tree(&mut runner).unwrap().current();
        for one in folded(&policy, &facts).alerts(h(24 * 60)).raised {
            *raised.entry(one.alert.rule.to_string()).or_insert(0) += 1;
            ended += usize::from(one.ended_at.is_some());
            changed += one.changes.len();
        }
    }
    for rule in policy.warnings.keys() {
        assert!(
            raised.get(rule.as_str()).is_some_and(|count| *count > 2),
            "{rule} {raised:?}"
        );
    }
    assert!(
        ended > 200 && changed > 50,
        "{ended} ended, {changed} changes"
    );
}
