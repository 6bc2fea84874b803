//! What holds for every history, against a slow recount from the bare list of facts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use redress_causes::{CauseQuery, CauseView, Dimension, Duplicates, Grain, Period, Ranking};
use redress_core::event::{
    Cause, Change, CloseReason, FeedbackKind, RevisitOutcome, Satisfaction, Verdict,
};
use redress_core::{Event, Policy, Recorded, Timestamp};
use redress_store::Projection;

use crate::histories::{Facts, config, facts, facts_and_moment};
use crate::ledger::{among_refusals, as_facts};
use crate::orders::{interleaved, turns};

pub(crate) fn folded(facts: &[Recorded]) -> CauseView {
    let mut view = CauseView::new(Policy::standard());
    view.fold(&as_facts(facts)).unwrap();
    view
}

/// What the bare facts of one complaint say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summary {
    pub(crate) received_at: Option<Timestamp>,
    /// The moment of the resolution that stands.
    resolved_at: Option<Timestamp>,
    pub(crate) cause: Option<Cause>,
    pub(crate) values: BTreeMap<Dimension, String>,
    pub(crate) duplicate: bool,
}

/// Whether this fact takes a resolution before it back.
fn takes_back(event: &Event) -> bool {
    match event {
        Event::Reopened(_) => true,
        Event::Feedback(fact) => {
            fact.kind == FeedbackKind::CustomerReply
                && matches!(
                    fact.verdict,
                    Some(Verdict::Dissatisfied | Verdict::Rejected)
                )
        }
        Event::Revisited(fact) => matches!(
            fact.outcome,
            RevisitOutcome::Reached { result, residual_problem, .. }
                if result == Satisfaction::Dissatisfied || residual_problem
        ),
        _ => false,
    }
}

/// Reads the facts of one complaint from the last to the first.
fn summary(facts: &[&Recorded]) -> Summary {
    let mut summary = Summary::default();
    let last = |which: fn(&Event) -> bool| facts.iter().rposition(|fact| which(&fact.event));
    let resolved = last(|event| matches!(event, Event::Resolved(_)));
    let taken_back = last(takes_back);
    if let Some(place) = resolved.filter(|place| taken_back < Some(*place))
        && let Event::Resolved(fact) = &facts[place].event
    {
        summary.resolved_at = Some(facts[place].occurred_at);
        let amended = facts[place..]
            .iter()
            .rev()
            .find_map(|fact| causes_of(&fact.event));
        summary.cause = amended.or(fact.primary_cause.clone());
        let responsible = summary
            .cause
            .as_ref()
            .and_then(|cause| cause.responsible_department.as_ref());
        let responsible =
            responsible.map(|whose| (Dimension::ResponsibleDepartment, whose.to_string()));
        summary.values.extend(responsible);
        let code = summary.cause.as_ref().map(|cause| cause.code.to_string());
        summary
            .values
            .extend(code.map(|code| (Dimension::Cause, code)));
    }
    // A resolution that stands keeps who led then; otherwise the last assignment tells who leads.
    let until = if summary.resolved_at.is_some() {
        resolved.unwrap()
    } else {
        facts.len()
    };
    let lead = facts[..until]
        .iter()
        .rev()
        .find_map(|fact| match &fact.event {
            Event::Assigned(fact) => Some(&fact.lead),
            _ => None,
        });
    if let Some(lead) = lead {
        summary
            .values
            .insert(Dimension::Department, lead.department.to_string());
        let person = lead.person.as_ref();
        summary
            .values
            .extend(person.map(|person| (Dimension::Person, person.to_string())));
    }
    for fact in facts {
        match &fact.event {
            Event::Received(received) => {
                summary.received_at = Some(fact.occurred_at);
                summary
                    .values
                    .insert(Dimension::Channel, received.channel.code().to_owned());
                set_product(
                    &mut summary,
                    received
                        .product
                        .as_ref()
                        .map(|product| product.code.to_string()),
                );
            }
            Event::Classified(class) => {
                summary
                    .values
                    .insert(Dimension::Category, class.category.to_string());
            }
            Event::Amended(amended) => {
                for change in &amended.patch {
                    if let Change::Product(product) = change {
                        set_product(
                            &mut summary,
                            product.as_ref().map(|product| product.code.to_string()),
                        );
                    }
                }
            }
            Event::Closed(closed) => {
                summary.duplicate = matches!(closed.reason, CloseReason::Duplicate { .. });
            }
            _ => {}
        }
    }
    summary
}

fn set_product(summary: &mut Summary, code: Option<String>) {
    summary.values.remove(&Dimension::Product);
    summary
        .values
        .extend(code.map(|code| (Dimension::Product, code)));
}

fn causes_of(event: &Event) -> Option<Cause> {
    match event {
        Event::Amended(amended) => amended.patch.iter().rev().find_map(|change| match change {
            Change::Causes { primary, .. } => Some(primary.clone()),
            _ => None,
        }),
        _ => None,
    }
}

pub(crate) fn summaries(facts: &[Recorded]) -> Vec<Summary> {
    let mut streams: BTreeMap<_, Vec<&Recorded>> = BTreeMap::new();
    for fact in facts {
        streams.entry(fact.complaint_id).or_default().push(fact);
    }
    streams.values().map(|facts| summary(facts)).collect()
}

fn coarse(grain: Grain, code: &str) -> String {
    let steps: Vec<&str> = code.split('/').collect();
    let kept = match grain {
        Grain::Leaf => steps.len(),
        Grain::Branch if steps[0] == "imported" => 3,
        Grain::Branch => 1,
    };
    steps[..kept.min(steps.len())].join("/")
}

/// Complaints by code, and how many have none.
fn tally(codes: impl Iterator<Item = Option<String>>) -> (BTreeMap<String, u64>, u64) {
    let mut counts = BTreeMap::new();
    let mut none = 0;
    for code in codes {
        match code {
            Some(code) => *counts.entry(code).or_default() += 1,
            None => none += 1,
        }
    }
    (counts, none)
}

fn check_ranking(ranking: &Ranking, (counts, none): (BTreeMap<String, u64>, u64)) {
    let total: u64 = counts.values().sum();
    assert_eq!((ranking.counted, ranking.unrecorded), (total, none));
    let shown: BTreeMap<String, u64> = ranking
        .rows
        .iter()
        .map(|row| (row.code.clone(), row.count))
        .collect();
    assert_eq!(shown, counts);
    assert_eq!(shown.len(), ranking.rows.len());
    for pair in ranking.rows.windows(2) {
        let in_order = pair[0].count > pair[1].count
            || pair[0].count == pair[1].count && pair[0].code < pair[1].code;
        assert!(in_order);
    }
    let mut so_far = 0;
    for row in &ranking.rows {
        so_far += row.count;
        assert_eq!(
            (row.share.numerator(), row.share.denominator()),
            (row.count, total)
        );
        assert_eq!(
            (row.cumulative.numerator(), row.cumulative.denominator()),
            (so_far, total)
        );
    }
    assert_eq!(so_far, total);
}

fn query() -> impl Strategy<Value = CauseQuery> {
    (any::<bool>(), any::<bool>()).prop_map(|(branch, included)| CauseQuery {
        period: Period::ALL,
        grain: if branch { Grain::Branch } else { Grain::Leaf },
        duplicates: if included {
            Duplicates::Included
        } else {
            Duplicates::Excluded
        },
    })
}

/// A history, and a query over a period that begins at or beside one of its facts.
fn facts_and_query() -> impl Strategy<Value = (Facts, CauseQuery)> {
    let ends = (any::<bool>(), any::<bool>(), 0_i64..60 * 24 * 20);
    (facts_and_moment(), query(), ends).prop_map(
        |((facts, from), query, (open_from, open_to, minutes))| {
            let to = from + redress_core::Span::minutes(minutes);
            let period = Period {
                from: (!open_from).then_some(from),
                to: (!open_to).then_some(to),
            };
            (facts, CauseQuery { period, ..query })
        },
    )
}

fn counted(facts: &[Recorded], query: &CauseQuery) -> Vec<Summary> {
    let included = query.duplicates == Duplicates::Included;
    summaries(facts)
        .into_iter()
        .filter(|summary| included || !summary.duplicate)
        .collect()
}

fn within(query: &CauseQuery, at: Option<Timestamp>) -> bool {
    at.is_some_and(|at| {
        query.period.from.is_none_or(|from| at >= from) && query.period.to.is_none_or(|to| at < to)
    })
}

fn cause_code(summary: &Summary, grain: Grain) -> Option<String> {
    summary
        .cause
        .as_ref()
        .map(|cause| coarse(grain, cause.code.as_str()))
}

fn value(summary: &Summary, dimension: Dimension, grain: Grain) -> Option<String> {
    let value = summary.values.get(&dimension)?;
    Some(
        if [Dimension::Category, Dimension::Cause].contains(&dimension) {
            coarse(grain, value)
        } else {
            value.clone()
        },
    )
}

fn check_cross(facts: &[Recorded], query: &CauseQuery) {
    let view = folded(facts);
    let pareto = view.pareto(query);
    for dimension in Dimension::ALL {
        let table = view.cross(dimension, query);
        let rows: Vec<(String, u64)> = table
            .rows
            .iter()
            .map(|row| (row.cause.clone(), row.count))
            .collect();
        let ranked: Vec<(String, u64)> = pareto
            .rows
            .iter()
            .map(|row| (row.code.clone(), row.count))
            .collect();
        assert_eq!(rows, ranked);
        assert_eq!(table.unrecorded, pareto.unrecorded);

        let mut expected: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
        for summary in counted(facts, query)
            .iter()
            .filter(|summary| within(query, summary.resolved_at))
        {
            if let Some(cause) = cause_code(summary, query.grain) {
                *expected
                    .entry((cause, value(summary, dimension, query.grain)))
                    .or_default() += 1;
            }
        }
        let cells = table.rows.iter().flat_map(|row| {
            row.values
                .iter()
                .map(|cell| ((row.cause.clone(), cell.value.clone()), cell.count))
        });
        assert_eq!(cells.collect::<BTreeMap<_, _>>(), expected);
        for row in &table.rows {
            assert_eq!(
                row.values.iter().map(|cell| cell.count).sum::<u64>(),
                row.count
            );
            assert!(row.values.is_sorted_by(|one, next| one.count > next.count
                || one.count == next.count && one.value < next.value));
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_pareto_is_what_the_list_of_facts_says((facts, query) in facts_and_query()) {
        let expected = tally(
            counted(&facts, &query)
                .iter()
                .filter(|summary| within(&query, summary.resolved_at))
                .map(|summary| cause_code(summary, query.grain)),
        );
        check_ranking(&folded(&facts).pareto(&query), expected);
    }

    #[test]
    fn the_counts_are_what_the_list_of_facts_says((facts, query) in facts_and_query()) {
        let view = folded(&facts);
        for dimension in Dimension::ALL {
            let expected = tally(
                counted(&facts, &query)
                    .iter()
                    .filter(|summary| within(&query, summary.received_at))
                    .map(|summary| value(summary, dimension, query.grain)),
            );
            check_ranking(&view.counts(dimension, &query), expected);
        }
    }

    #[test]
    fn the_cross_table_is_what_the_list_of_facts_says((facts, query) in facts_and_query()) {
        check_cross(&facts, &query);
    }

    #[test]
    fn periods_that_follow_each_other_add_up((facts, middle) in facts_and_moment(), query in query()) {
        let view = folded(&facts);
        let of = |from, to| view.pareto(&CauseQuery { period: Period { from, to }, ..query });
        let (before, after, whole) = (of(None, Some(middle)), of(Some(middle), None), of(None, None));
        prop_assert_eq!(before.counted + after.counted, whole.counted);
        prop_assert_eq!(before.unrecorded + after.unrecorded, whole.unrecorded);
    }

    #[test]
    fn in_batches_of_any_size_the_view_is_the_rebuilt_one(
        facts in facts(),
        cuts in prop::collection::vec(1_usize..9, 1..60),
    ) {
        let rebuilt = folded(&facts);
        let mut view = CauseView::new(Policy::standard());
        let mut rest = &facts[..];
        for size in cuts.into_iter().chain([usize::MAX]) {
            let (batch, later) = rest.split_at(size.min(rest.len()));
            view.fold(&as_facts(batch)).unwrap();
            rest = later;
            let folded = usize::try_from(view.next_position().get()).unwrap();
            prop_assert_eq!(folded, facts.len() - rest.len());
        }
        prop_assert_eq!(&view, &rebuilt);
        view.reset();
        prop_assert_eq!(&view, &CauseView::new(Policy::standard()));
        view.fold(&as_facts(&facts)).unwrap();
        prop_assert_eq!(&view, &rebuilt);
    }

    #[test]
    fn refusals_among_the_facts_change_nothing(facts in facts(), query in query()) {
        let mut view = CauseView::new(Policy::standard());
        view.fold(&among_refusals(&facts)).unwrap();
        let expected = 2 * facts.len() + 1;
        prop_assert_eq!(view.next_position().get(), u64::try_from(expected).unwrap());
        let without = folded(&facts);
        prop_assert_eq!(view.pareto(&query), without.pareto(&query));
        for dimension in Dimension::ALL {
            prop_assert_eq!(view.counts(dimension, &query), without.counts(dimension, &query));
        }
    }

    #[test]
    fn the_order_of_independent_streams_does_not_matter(facts in facts(), turns in turns(), query in query()) {
        let (view, other) = (folded(&facts), folded(&interleaved(&facts, &turns)));
        prop_assert_eq!(view.pareto(&query), other.pareto(&query));
        prop_assert_eq!(view, other);
    }

    #[test]
    fn a_fact_that_takes_a_resolution_back_takes_its_cause_out(facts in facts()) {
        let everything = CauseQuery { duplicates: Duplicates::Included, ..CauseQuery::default() };
        let mut view = CauseView::new(Policy::standard());
        for fact in facts.iter() {
            let before = view.pareto(&everything);
            view.fold(&[fact.clone().into()]).unwrap();
            let after = view.pareto(&everything);
            let (had, has) = (before.counted + before.unrecorded, after.counted + after.unrecorded);
            match &fact.event {
                Event::Resolved(_) => prop_assert_eq!(has, had + 1),
                event if takes_back(event) => prop_assert!(has == had || has + 1 == had),
                Event::Amended(_) => prop_assert_eq!(has, had),
                _ => prop_assert_eq!(&after, &before),
            }
        }
    }
}

#[test]
fn the_histories_reach_what_the_laws_are_about() {
    let mut runner = prop::test_runner::TestRunner::new(config());
    let (mut with_cause, mut without, mut duplicates, mut taken_back, mut amended) =
        (0, 0, 0, 0, 0);
    for _ in 0..200 {
        let facts = facts().new_tree(&mut runner).unwrap().current();
        for summary in summaries(&facts) {
            let resolved = summary.resolved_at.is_some();
            with_cause += u32::from(resolved && summary.cause.is_some());
            without += u32::from(resolved && summary.cause.is_none());
            duplicates += u32::from(resolved && summary.duplicate);
        }
        taken_back += facts.iter().filter(|fact| takes_back(&fact.event)).count();
        amended += facts
            .iter()
            .filter(|fact| causes_of(&fact.event).is_some())
            .count();
    }
    let seen = [with_cause, without, duplicates];
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
    assert!(taken_back > 20 && amended > 20, "{taken_back} {amended}");
}
