//! What holds for the figures of every history.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use redress_causes::{
    CauseQuery, CauseView, Dimension, Duplicates, Figure, Kpi, KpiQuery, Kpis, Period,
};
use redress_core::event::{Change, Demand, DemandKind, Money, Occurrence, Relation, Upheld};
use redress_core::{Event, Policy, Recorded, Span, Status, SubjectId, Timestamp};
use redress_sla::{BoardFilter, RevisitCounts, SlaView};
use redress_store::Projection;

use super::model;
use crate::clocks;
use crate::histories::{Facts, config, facts, facts_and_moment};
use crate::laws::folded;
use crate::ledger::{as_facts, h};

/// The same history with what the shared ones never vary: customers, verdicts, costs, demands, repeats. None of it
/// changes what can follow what.
fn varied(facts: &Facts) -> Facts {
    let vary = |(number, fact): (usize, &Recorded)| {
        let mut fact = fact.clone();
        match &mut fact.event {
            Event::Received(received) => {
                let customer = u8::try_from(number % 2).unwrap();
                received.customer.subject = SubjectId::from_random([customer; 16]);
                received.occurred =
                    (!number.is_multiple_of(3)).then_some(Occurrence { time: h(0) });
                received.demand = (!number.is_multiple_of(4)).then(demand);
            }
            Event::Resolved(resolved) => {
                resolved.upheld = upheld(number);
                resolved.cost = cost(number);
            }
            Event::Amended(amended) => amended.patch.push(match number % 4 {
                0 => Change::Upheld(upheld(number / 4).unwrap_or(Upheld::NotUpheld)),
                1 => Change::Cost(cost(number / 4)),
                2 => Change::Demand((number % 3 == 0).then(demand)),
                _ => Change::Occurred((number % 3 > 0).then_some(Occurrence { time: h(1) })),
            }),
            Event::Linked(link) if link.relation == Relation::Related => {
                link.relation = Relation::RepeatOf;
            }
            _ => {}
        }
        fact
    };
    Facts(facts.iter().enumerate().map(vary).collect())
}

fn demand() -> Demand {
    Demand {
        kind: DemandKind::Prevent,
        remedies_sought: Vec::new(),
    }
}

fn upheld(number: usize) -> Option<Upheld> {
    [
        None,
        Some(Upheld::Upheld),
        Some(Upheld::Partly),
        Some(Upheld::NotUpheld),
    ][number % 4]
}

fn cost(number: usize) -> Option<Money> {
    let currency = ["CNY", "EUR"][number % 2].to_owned().try_into().unwrap();
    (!number.is_multiple_of(3)).then(|| Money {
        minor_units: i64::try_from(number).unwrap() * 7 - 90,
        currency,
    })
}

/// A history, and a question about a period that begins at or beside one of its facts.
fn question() -> impl Strategy<Value = (Facts, KpiQuery)> {
    let ends = (
        any::<bool>(),
        any::<bool>(),
        0_i64..60 * 24 * 40,
        -2_i64..60,
    );
    (
        facts_and_moment(),
        ends,
        any::<bool>(),
        prop::option::of(0_u64..9),
    )
        .prop_map(
            |((facts, from), (open_from, open_to, minutes, days), included, served)| {
                let to = from + Span::minutes(minutes);
                let query = KpiQuery {
                    complaints: CauseQuery {
                        period: Period {
                            from: (!open_from).then_some(from),
                            to: (!open_to).then_some(to),
                        },
                        duplicates: if included {
                            Duplicates::Included
                        } else {
                            Duplicates::Excluded
                        },
                        ..CauseQuery::default()
                    },
                    now: from + Span::days(days),
                    served,
                };
                (varied(&facts), query)
            },
        )
}

/// Met, missed and overdue clocks, each looked up in the bare list of facts.
fn timeliness(facts: &Facts, query: &KpiQuery) -> Kpi {
    let mut timeliness = Kpi::default();
    let included = query.complaints.duplicates == Duplicates::Included;
    let files = clocks::files(facts);
    let counted = files.iter().filter(|file| included || !file.is_duplicate());
    let verdicts = counted.flat_map(|file| file.verdicts(&Policy::standard(), query.now));
    for clock in verdicts {
        let (is_met, settled_at) = match clock.status {
            Status::Met => (1, clock.ended_at),
            Status::Missed => (0, clock.ended_at),
            Status::Overdue => (0, clock.due),
            _ => continue,
        };
        if query.complaints.period.contains(settled_at.unwrap()) {
            timeliness.numerator += is_met;
            timeliness.denominator += 1;
        }
    }
    timeliness
}

/// Met, missed and overdue clocks, by the view of the departments.
fn timeliness_of_sla(facts: &Facts, query: &KpiQuery) -> Kpi {
    let mut view = SlaView::new(Policy::standard());
    view.fold(&as_facts(facts)).unwrap();
    let duplicates = query.complaints.duplicates;
    let filter = BoardFilter {
        duplicates,
        ..BoardFilter::default()
    };
    let rows = view.board(query.now, &filter).rows;
    let met = rows.iter().map(|row| row.counts.met).sum();
    let late: u64 = rows
        .iter()
        .map(|row| row.counts.missed + row.counts.overdue)
        .sum();
    Kpi {
        numerator: met,
        denominator: met + late,
    }
}

fn at_any_time(query: &KpiQuery) -> KpiQuery {
    within(query, None, None)
}

fn within(query: &KpiQuery, from: Option<Timestamp>, to: Option<Timestamp>) -> KpiQuery {
    KpiQuery {
        complaints: CauseQuery {
            period: Period { from, to },
            ..query.complaints
        },
        ..*query
    }
}

fn added(one: Kpi, other: Kpi) -> Kpi {
    Kpi {
        numerator: one.numerator + other.numerator,
        denominator: one.denominator + other.denominator,
    }
}

/// The figures that a complaint can be in at most once in each of two periods that follow each other.
fn adds_up(figure: Figure) -> bool {
    ![Figure::ComplaintRate, Figure::Response].contains(&figure)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_figures_are_what_the_list_of_facts_says((facts, query) in question()) {
        let found = folded(&facts).kpis(&query);
        let expected = Kpis { timeliness: timeliness(&facts, &query), ..model::kpis(&facts, &query) };
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn timeliness_of_any_time_is_that_of_all_departments((facts, query) in question()) {
        let found = folded(&facts).kpis(&at_any_time(&query)).timeliness;
        prop_assert_eq!(found, timeliness_of_sla(&facts, &query));
    }

    #[test]
    fn the_departments_revisits_add_up_to_the_figures((facts, query) in question()) {
        let mut view = SlaView::new(Policy::standard());
        view.fold(&as_facts(&facts)).unwrap();
        let CauseQuery { period, duplicates, .. } = query.complaints;
        let rows = view.departments(h(24 * 400), period, duplicates);
        let sum = |count: fn(&RevisitCounts) -> u64| rows.iter().map(|row| count(&row.revisits)).sum::<u64>();
        let kpis = folded(&facts).kpis(&query);
        let satisfaction = Kpi { numerator: sum(|one| one.satisfied), denominator: sum(RevisitCounts::verdicts) };
        let asked = sum(|one| one.reached() + one.not_reached);
        prop_assert_eq!(kpis.satisfaction, satisfaction);
        prop_assert_eq!(kpis.response, Kpi { numerator: sum(RevisitCounts::reached), denominator: asked });
    }

    #[test]
    fn figures_of_periods_that_follow_each_other_add_up((facts, query) in question(), days in 0_i64..20) {
        let view = folded(&facts);
        let middle = h(0) + Span::days(days);
        let before = view.kpis(&within(&query, None, Some(middle)));
        let after = view.kpis(&within(&query, Some(middle), None));
        let whole = view.kpis(&at_any_time(&query));
        for figure in Figure::ALL.into_iter().filter(|figure| adds_up(*figure)) {
            prop_assert_eq!(added(figure.of(&before), figure.of(&after)), figure.of(&whole), "{:?}", figure);
        }
        prop_assert_eq!(before.backlog, whole.backlog);
    }

    #[test]
    fn figures_by_any_dimension_add_up((facts, query) in question()) {
        let view = folded(&facts);
        let whole = view.kpis(&query);
        for dimension in Dimension::ALL {
            let rows = view.kpis_by(dimension, &query);
            prop_assert!(rows.is_sorted_by(|one, next| one.value < next.value));
            for figure in Figure::ALL.into_iter().filter(|figure| *figure != Figure::ComplaintRate) {
                let sum = rows.iter().map(|row| figure.of(&row.kpis)).fold(Kpi::default(), added);
                prop_assert_eq!(sum, figure.of(&whole), "{:?} by {:?}", figure, dimension);
            }
            prop_assert_eq!(rows.iter().map(|row| row.kpis.received).sum::<u64>(), whole.received);
            prop_assert_eq!(rows.iter().map(|row| row.kpis.backlog.open).sum::<u64>(), whole.backlog.open);
        }
    }

    #[test]
    fn a_reopening_takes_values_back_out_of_every_figure((facts, query) in question()) {
        let mut query = at_any_time(&query);
        query.complaints.duplicates = Duplicates::Included;
        let mut view = CauseView::new(Policy::standard());
        for fact in facts.iter() {
            let before = view.kpis(&query);
            view.fold(&[fact.clone().into()]).unwrap();
            let after = view.kpis(&query);
            if matches!(fact.event, Event::Reopened(_)) {
                prop_assert_eq!(after.closed + 1, before.closed);
                prop_assert!(after.resolved <= before.resolved);
                prop_assert_eq!(after.resolved, after.rework.denominator);
                prop_assert!(after.satisfaction.numerator <= before.satisfaction.numerator);
                let took = |kpis: &Kpis| kpis.handling_time.map_or(0, |took| took.count);
                prop_assert_eq!(took(&after), after.resolved);
                prop_assert_eq!(after.received, before.received);
            }
        }
    }
}

#[test]
fn the_histories_reach_what_the_figures_are_about() {
    let mut runner = prop::test_runner::TestRunner::new(config());
    let query = KpiQuery {
        complaints: CauseQuery::default(),
        now: h(24 * 9),
        served: Some(10),
    };
    let mut sums = vec![Kpi::default(); Figure::ALL.len()];
    let (mut costs, mut backlog) = (0, [0; 4]);
    for _ in 0..300 {
        let facts = varied(&facts().new_tree(&mut runner).unwrap().current());
        let kpis = folded(&facts).kpis(&query);
        for (sum, figure) in sums.iter_mut().zip(Figure::ALL) {
            *sum = added(*sum, figure.of(&kpis));
        }
        costs += kpis.costs.len();
        let ages = kpis.backlog;
        let ages = [
            ages.under_1_day,
            ages.from_1_to_3_days,
            ages.from_3_to_7_days,
            ages.over_7_days,
        ];
        for (sum, count) in backlog.iter_mut().zip(ages) {
            *sum += count;
        }
    }
    for (sum, figure) in sums.iter().zip(Figure::ALL) {
        assert!(sum.numerator > 3, "{figure:?} {sum:?}");
        assert!(sum.denominator > sum.numerator, "{figure:?} {sum:?}");
    }
    assert!(costs > 50, "{costs}");
    assert!(backlog.iter().all(|count| *count > 3), "{backlog:?}");
}
