//! Every column of the board beside its verdicts, against the model.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use redress_core::event::{
    Channel, FeedbackKind, PauseReason, Paused, Priority, RevisitOutcome, Satisfaction,
};
use redress_core::{
    ClockKind, DepartmentId, PersonId, Personal, Policy, Recorded, Span, Status, Timestamp,
};
use redress_sla::{BoardFilter, Duplicates, Limits, Period, PersonRow, RevisitCounts};

use crate::histories::{DEPARTMENTS, Facts, config, facts_and_moment};
use crate::laws::{OPEN, as_map, folded, percentile, verdicts};
use crate::ledger::{
    Ledger, assign, classify, department, h, person, receive, reopen, resolve, revisit, tell,
};
use crate::model::{File, Tallies, Verdicted, files, tallies};

/// A stretch that often cuts through a history; either end may be open.
fn period() -> impl Strategy<Value = Period> {
    let end = || prop::option::of((0_i64..60 * 24 * 12).prop_map(|m| h(0) + Span::minutes(m)));
    (end(), end()).prop_map(|(from, to)| Period { from, to })
}

fn filter() -> impl Strategy<Value = BoardFilter> {
    let limits =
        prop_oneof![2 => Just(Limits::Any), 1 => Just(Limits::Own), 1 => Just(Limits::Policy)];
    (
        prop::option::weighted(0.3, 0..DEPARTMENTS.len()),
        prop::option::weighted(0.3, 0_usize..3),
        prop::option::weighted(0.2, 0..ClockKind::ALL.len()),
        period(),
        limits,
        any::<bool>(),
    )
        .prop_map(
            |(whose, who, clock, period, limits, included)| BoardFilter {
                department: whose.map(|index| department(DEPARTMENTS[index])),
                person: who.map(|index| person(["p1", "p2", "p3"][index])),
                clock: clock.map(|index| ClockKind::ALL[index]),
                period,
                limits,
                duplicates: if included {
                    Duplicates::Included
                } else {
                    Duplicates::Excluded
                },
            },
        )
}

/// What the model says of the clocks that the filter lets through.
fn shown(facts: &[Recorded], at: Timestamp, filter: &BoardFilter) -> Vec<Verdicted> {
    let counts =
        |file: &File<'_>| filter.duplicates == Duplicates::Included || !file.is_duplicate();
    let mut shown = verdicts(facts, at, counts);
    shown.retain(|one| {
        let whose = filter.department.as_ref();
        let who = filter.person.as_ref();
        let limit = match filter.limits {
            Limits::Any => true,
            Limits::Own => one.own_limit,
            Limits::Policy => !one.own_limit,
        };
        let in_time = one.ended_at.is_none_or(|end| {
            filter.period.from.is_none_or(|from| end >= from)
                && filter.period.to.is_none_or(|to| end < to)
        });
        whose.is_none_or(|whose| one.department == *whose)
            && (who.is_none() || one.person.as_ref() == who)
            && filter.clock.is_none_or(|kind| kind == one.kind)
            && limit
            && in_time
    });
    shown
}

/// What can be said of clocks together: verdicts, joint ones, rate, mean, median, p90, oldest.
type Columns = (
    BTreeMap<Status, u64>,
    u64,
    Option<(u64, u64)>,
    Option<(Span, Span, Span)>,
    Option<Timestamp>,
);

fn columns(clocks: &[&Verdicted]) -> Columns {
    let mut counts = BTreeMap::new();
    for clock in clocks {
        *counts.entry(clock.status).or_default() += 1;
    }
    let of = |status: Status| counts.get(&status).copied().unwrap_or_default();
    let below = of(Status::Met) + of(Status::Missed) + of(Status::Overdue);
    let mut times: Vec<Span> = clocks
        .iter()
        .filter(|clock| [Status::Met, Status::Missed].contains(&clock.status))
        .map(|clock| clock.elapsed)
        .collect();
    times.sort();
    let sum: i64 = times.iter().map(|time| time.as_micros()).sum();
    let times = (!times.is_empty()).then(|| {
        let mean = Span::micros(sum / i64::try_from(times.len()).unwrap());
        (mean, percentile(&times, 50), percentile(&times, 90))
    });
    let open = clocks.iter().filter(|clock| OPEN.contains(&clock.status));
    (
        counts.clone(),
        u64::try_from(clocks.iter().filter(|clock| clock.joint).count()).unwrap(),
        (below > 0).then(|| (of(Status::Met), below)),
        times,
        open.map(|clock| clock.started_at).min(),
    )
}

fn grouped<K: Ord>(clocks: &[Verdicted], key: impl Fn(&Verdicted) -> K) -> BTreeMap<K, Columns> {
    let mut groups: BTreeMap<K, Vec<&Verdicted>> = BTreeMap::new();
    for clock in clocks {
        groups.entry(key(clock)).or_default().push(clock);
    }
    groups
        .into_iter()
        .map(|(key, clocks)| (key, columns(&clocks)))
        .collect()
}

/// The columns of a row or a total, which have the same names.
macro_rules! columns_of {
    ($row:expr) => {{
        let row = $row;
        (
            as_map(&row.counts),
            row.joint,
            row.compliance
                .map(|ratio| (ratio.numerator(), ratio.denominator())),
            row.active
                .map(|active| (active.mean, active.p50, active.p90)),
            row.oldest_open,
        )
    }};
}

type ByPerson = (DepartmentId, Option<PersonId>, ClockKind);

fn check(facts: &Facts, at: Timestamp, filter: &BoardFilter) {
    let view = folded(facts);
    let clocks = shown(facts, at, filter);
    let board = view.board(at, filter);
    let rows: Vec<((DepartmentId, ClockKind), Columns)> = board
        .rows
        .iter()
        .map(|row| ((row.department.clone(), row.clock), columns_of!(row)))
        .collect();
    let by_department = grouped(&clocks, |one| (one.department.clone(), one.kind));
    assert_eq!(rows, Vec::from_iter(by_department));

    let totals: Vec<(ClockKind, Columns)> = board
        .totals
        .iter()
        .map(|total| (total.clock, columns_of!(total)))
        .collect();
    assert_eq!(totals, Vec::from_iter(grouped(&clocks, |one| one.kind)));

    let people: Vec<(ByPerson, Columns)> = view
        .people(at, filter)
        .iter()
        .map(|PersonRow { person, row }| {
            let key = (row.department.clone(), person.clone(), row.clock);
            (key, columns_of!(row))
        })
        .collect();
    let by_person = grouped(&clocks, |one| {
        (one.department.clone(), one.person.clone(), one.kind)
    });
    assert_eq!(people, Vec::from_iter(by_person));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_column_is_what_the_list_of_facts_says(
        (facts, at) in facts_and_moment(),
        filter in filter(),
    ) {
        check(&facts, at, &filter);
    }

    #[test]
    fn departments_are_what_the_list_of_facts_says(
        (facts, at) in facts_and_moment(),
        period in period(),
    ) {
        let mut expected = Tallies::new();
        for file in files(&facts).iter().filter(|file| !file.is_duplicate()) {
            file.tally(at, period, &mut expected);
        }
        let rows = folded(&facts).departments(at, period, Duplicates::Excluded);
        prop_assert_eq!(tallies(&rows), expected);
        prop_assert!(rows.is_sorted_by_key(|row| row.department.clone()));
    }

    #[test]
    fn the_forecast_is_what_is_overdue_then_if_nothing_happens(
        (facts, _) in facts_and_moment(),
        (after, ahead) in (0_i64..5000, 0_i64..20_000),
    ) {
        let last = facts.iter().map(|fact| fact.occurred_at).max().unwrap_or(h(0));
        let at = last + Span::minutes(after);
        let until = at + Span::minutes(ahead);
        let mut expected: Vec<_> = verdicts(&facts, until, |file| !file.is_duplicate())
            .into_iter()
            .filter(|one| one.status == Status::Overdue)
            .map(|one| (one.department, one.kind, one.started_at, one.remaining, one.person))
            .collect();
        let forecast = folded(&facts).forecast(at, until, &BoardFilter::default());
        prop_assert!(forecast.is_sorted_by_key(|item| (item.due.is_none(), item.due)));
        let mut shown: Vec<_> = forecast
            .into_iter()
            .map(|one| (one.department, one.clock, one.started_at, one.remaining, one.person))
            .collect();
        expected.sort();
        shown.sort();
        prop_assert_eq!(shown, expected);
    }
}

#[test]
fn the_histories_reach_every_column() {
    let mut runner = prop::test_runner::TestRunner::new(config());
    let mut seen = Tallies::new();
    let mut people = 0;
    for _ in 0..200 {
        let (facts, at) = facts_and_moment().new_tree(&mut runner).unwrap().current();
        let view = folded(&facts);
        let rows = view.departments(at, Period::ALL, Duplicates::Included);
        for ((_, column), count) in tallies(&rows) {
            *seen.entry((department("all"), column)).or_default() += count;
        }
        people += view.people(at, &BoardFilter::default()).len();
    }
    assert_eq!(seen.len(), 18, "{seen:?}");
    assert!(seen.values().all(|count| *count > 10), "{seen:?}");
    assert!(people > 1000);
}

#[test]
fn ages_meet_at_one_three_and_seven_days() {
    let mut ledger = Ledger::new(Policy::standard().for_history(), 1);
    ledger.at(0, 0, receive("service", Channel::Email));
    let view = folded(&ledger.facts);
    let at = |moment: Timestamp| {
        let rows = view.departments(moment, Period::ALL, Duplicates::Excluded);
        rows.first().map(|row| row.open)
    };
    let instant = Span::micros(1);
    let before = Span::micros(-1);
    assert_eq!(at(h(0) + before), None);
    for (moment, columns) in [
        (h(0), [1, 0, 0, 0]),
        (h(24) + before, [1, 0, 0, 0]),
        (h(24), [0, 1, 0, 0]),
        (h(72) + before, [0, 1, 0, 0]),
        (h(72), [0, 0, 1, 0]),
        (h(168), [0, 0, 1, 0]),
        (h(168) + instant, [0, 0, 0, 1]),
    ] {
        let open = at(moment).unwrap();
        let shown = [
            open.under_1_day,
            open.from_1_to_3_days,
            open.from_3_to_7_days,
            open.over_7_days,
        ];
        assert_eq!(shown, columns, "{moment}");
        assert_eq!(open.total(), 1);
    }
}

/// Told at hour 6, satisfied at hour 30, and reopened at hour 50.
#[test]
fn a_reopening_takes_the_verdict_back() {
    let satisfied = RevisitOutcome::Reached {
        result: Satisfaction::Satisfied,
        process: Satisfaction::Satisfied,
        score: None,
        residual_problem: false,
        would_recommend: None,
        survey: None,
    };
    let mut ledger = Ledger::new(Policy::standard().for_history(), 1);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("delivery/delay", Priority::Normal))
        .at(1, 0, assign("logistics", "p1"))
        .at(5, 0, resolve("service/slow_response"))
        .at(6, 0, tell(FeedbackKind::Result))
        .at(30, 0, revisit(satisfied))
        .at(50, 0, reopen());
    let view = folded(&ledger.facts);
    let found = |hour: i64, from: i64| {
        let period = Period {
            from: Some(h(from)),
            to: None,
        };
        let rows = view.departments(h(hour), period, Duplicates::Excluded);
        let row = rows
            .into_iter()
            .find(|row| row.department == department("logistics"));
        row.unwrap().revisits
    };
    let stands = RevisitCounts {
        satisfied: 1,
        ..RevisitCounts::default()
    };
    let taken_back = RevisitCounts {
        taken_back: 1,
        ..RevisitCounts::default()
    };
    assert_eq!(found(29, 0), RevisitCounts::default());
    assert_eq!((found(30, 0), found(49, 30)), (stands, stands));
    assert_eq!(found(50, 0), taken_back);
    assert_eq!(taken_back.satisfaction(), None);
    assert_eq!(
        taken_back.response().map(|rate| rate.percent()).as_deref(),
        Some("100.0%")
    );
    assert_eq!(found(50, 31), RevisitCounts::default());
}

/// At `logistics` from hour 1, 120 hours by the policy; paused from hour 11 to hour 61; resolved at hour 100.
fn paused_once() -> Ledger {
    let mut ledger = Ledger::new(Policy::standard().for_history(), 1);
    let pause = Paused {
        reason: PauseReason::AwaitingCustomer,
        until: Some(h(61)),
        personal: Personal::Withheld,
    };
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("delivery/delay", Priority::Normal))
        .at(1, 0, assign("logistics", "p1"))
        .at(11, 0, pause)
        .at(100, 0, resolve("service/slow_response"));
    ledger
}

#[test]
fn a_forecast_knows_nothing_of_what_came_later() {
    let view = folded(&paused_once().facts);
    let filter = BoardFilter {
        clock: Some(ClockKind::Handling),
        ..BoardFilter::default()
    };
    let forecast = |at: i64, until: i64| view.forecast(h(at), h(until), &filter);

    // Before the pause was thought of, it was due at hour 121; since, at hour 171.
    assert!(forecast(5, 121).is_empty());
    let item = &forecast(5, 122)[0];
    assert_eq!((item.status, item.due), (Status::OnTrack, Some(h(121))));
    assert_eq!(item.remaining, Some(Span::hours(-1)));
    assert!(forecast(20, 171).is_empty());
    let item = &forecast(20, 172)[0];
    assert_eq!((item.status, item.due), (Status::Paused, Some(h(171))));
    assert_eq!(item.department, department("logistics"));
    assert_eq!(item.person, Some(person("p1")));
    // Resolved at hour 100: nothing is left to be late.
    assert!(forecast(100, 9999).is_empty());
}

#[test]
fn a_clock_counts_in_the_period_in_which_it_ended() {
    let view = folded(&paused_once().facts);
    let met = |from: i64, to: i64, at: i64| {
        let filter = BoardFilter {
            period: Period {
                from: Some(h(from)),
                to: Some(h(to)),
            },
            ..BoardFilter::default()
        };
        let board = view.board(h(at), &filter);
        let row = board.row(&department("logistics"), ClockKind::Handling);
        row.map(|row| (row.counts.met, row.counts.open()))
    };
    assert_eq!(met(0, 100, 200), None);
    assert_eq!(met(100, 101, 200), Some((1, 0)));
    assert_eq!(met(101, 200, 200), None);
    // At hour 99 it runs, whatever the period.
    assert_eq!(met(100, 101, 99), Some((0, 1)));
}
