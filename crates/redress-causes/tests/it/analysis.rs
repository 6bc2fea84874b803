//! Trends, cross tables, concentrations, weeks and survival, worked by hand.

use redress_causes::statistics::{Change, c_chart};
use redress_causes::{
    CauseQuery, CauseView, Concentration, ConcentrationRule, Dimension, Grain, Kpi, Period, Week,
    WeeklyChart,
};
use redress_core::calendar::{Calendar, Hours, Tz};
use redress_core::event::{
    Channel, CloseReason, FeedbackKind, Priority, Product, RevisitOutcome, Satisfaction,
};
use redress_core::{Policy, Span, Timestamp, WorkingTime};

use crate::laws::folded;
use crate::ledger::{Ledger, assign, classify, close, h, receive, reopen, resolve, revisit, tell};

const SLOW: &str = "service/slow_response";
const RUDE: &str = "service/poor_attitude";
const DESIGN: &str = "product/design_defect";

/// A complaint: the hour it came, the hour it was resolved, product and cause.
type Row = (i64, Option<i64>, &'static str, &'static str);

fn ledger(rows: &[Row]) -> Ledger {
    let mut ledger = Ledger::new(Policy::standard().for_history(), rows.len());
    for (index, (received, resolved, product, cause)) in rows.iter().enumerate() {
        let mut fact = receive("service", Channel::Email);
        fact.product = Some(Product {
            code: product.parse().unwrap(),
            model: None,
            batch: None,
            order_ref: None,
        });
        ledger
            .at(*received, index, fact)
            .at(
                *received,
                index,
                classify("delivery/delay", Priority::Normal),
            )
            .at(*received, index, assign("logistics", "p1"));
        if let Some(resolved) = resolved {
            ledger.at(*resolved, index, resolve(cause));
        }
    }
    ledger
}

fn view(rows: &[Row]) -> CauseView {
    folded(&ledger(rows).facts)
}

fn between(from: i64, to: i64) -> CauseQuery {
    CauseQuery {
        period: Period {
            from: Some(h(from)),
            to: Some(h(to)),
        },
        ..CauseQuery::default()
    }
}

#[test]
fn a_trend_sets_a_period_beside_the_one_of_the_same_length_before_it() {
    let view = view(&[
        (0, Some(9), "P", RUDE), // before the period before
        (0, Some(10), "P", SLOW),
        (0, Some(19), "P", DESIGN),
        (0, Some(20), "P", SLOW),
        (0, Some(29), "P", SLOW),
        (0, Some(29), "P", RUDE),
        (0, Some(30), "P", DESIGN), // after the period
    ]);
    let rows = view.trend(&between(20, 30)).unwrap();
    let shown: Vec<(&str, u64, u64)> = rows
        .iter()
        .map(|row| {
            (
                row.cause.as_str(),
                row.complaints.before,
                row.complaints.after,
            )
        })
        .collect();
    assert_eq!(shown, [(SLOW, 1, 2), (RUDE, 0, 1), (DESIGN, 1, 0)]);
    assert_eq!(rows[0].label.zh_cn, "响应时间长");
    let change = Change {
        before: 1,
        after: 2,
    };
    assert_eq!(
        (rows[0].complaints, change.percent().as_deref()),
        (change, Some("+100.0%"))
    );
    assert_eq!(rows[1].complaints.percent(), None);
    assert_eq!(view.trend(&CauseQuery::default()), None);
}

#[test]
fn the_period_before_ends_where_the_period_begins() {
    let period = between(20, 30).period;
    assert_eq!(period.previous(), Some(between(10, 20).period));
    assert_eq!(between(30, 20).period.previous(), None);
    let open = Period { to: None, ..period };
    assert_eq!(open.previous(), None);
    let earliest = Period {
        from: Some(Timestamp::MIN),
        to: Some(Timestamp::MAX),
    };
    assert!(
        earliest
            .previous()
            .is_some_and(|before| !before.contains(Timestamp::MIN))
    );
}

#[test]
fn cells_count_by_several_dimensions_at_once() {
    let view = view(&[
        (0, Some(1), "P", SLOW),
        (0, Some(1), "P", RUDE),
        (0, Some(1), "Q", SLOW),
        (0, Some(1), "P", SLOW),
        (0, None, "P", SLOW),
    ]);
    let shown = |grain, dimensions: &[Dimension]| -> Vec<(String, String)> {
        let query = CauseQuery {
            grain,
            ..CauseQuery::default()
        };
        let cells = view.cells(dimensions, &query).into_iter();
        cells
            .map(|cell| {
                let values: Vec<String> = cell.values.into_iter().flatten().collect();
                (values.join(" × "), cell.share.to_string())
            })
            .collect()
    };
    let cell = |values: &str, share: &str| (values.to_owned(), share.to_owned());
    assert_eq!(
        shown(Grain::Leaf, &[Dimension::Cause, Dimension::Product]),
        [
            cell("service/slow_response × P", "2/4"),
            cell("service/poor_attitude × P", "1/4"),
            cell("service/slow_response × Q", "1/4"),
        ]
    );
    assert_eq!(
        shown(
            Grain::Branch,
            &[Dimension::Product, Dimension::Cause, Dimension::Category]
        ),
        [
            cell("P × service × delivery", "3/4"),
            cell("Q × service × delivery", "1/4")
        ]
    );
    assert_eq!(shown(Grain::Leaf, &[]), [cell("", "4/4")]);
}

#[test]
fn complaints_gather_within_less_than_the_window() {
    // P, slow: at 0, 100, 167 (0 and 167 lie less than 168 hours apart), 168 (100 to 168), 400.
    let view = view(&[
        (0, Some(401), "P", SLOW),
        (100, Some(402), "P", SLOW),
        (167, Some(403), "P", SLOW),
        (168, Some(404), "P", SLOW),
        (400, Some(405), "P", SLOW),
        (0, Some(401), "P", RUDE),
        (1, Some(401), "P", RUDE),
        (0, Some(401), "Q", SLOW),
    ]);
    let found = view.concentrations(ConcentrationRule::default(), &CauseQuery::default());
    let expected = Concentration {
        product: "P".to_owned(),
        cause: SLOW.to_owned(),
        count: 3,
        first: h(0),
        last: h(167),
    };
    assert_eq!(found, [expected]);
    let pairs = ConcentrationRule {
        least: 2,
        window: Span::hours(2),
    };
    let found = view.concentrations(pairs, &CauseQuery::default());
    let shown: Vec<(&str, u64, Timestamp)> = found
        .iter()
        .map(|found| (found.cause.as_str(), found.count, found.first))
        .collect();
    assert_eq!(shown, [(RUDE, 2, h(0)), (SLOW, 2, h(167))]);
    let later = view.concentrations(pairs, &between(168, 500));
    assert!(later.is_empty());
}

#[test]
fn a_reopened_complaint_leaves_the_concentration() {
    let rows: [Row; 3] = [
        (0, Some(9), "P", SLOW),
        (1, Some(9), "P", SLOW),
        (2, Some(9), "P", SLOW),
    ];
    let mut ledger = ledger(&rows);
    let found = |ledger: &Ledger| {
        let rule = ConcentrationRule::default();
        folded(&ledger.facts)
            .concentrations(rule, &CauseQuery::default())
            .len()
    };
    assert_eq!(found(&ledger), 1);
    ledger
        .at(20, 1, close(CloseReason::Waived))
        .at(30, 1, reopen());
    assert_eq!(found(&ledger), 0);
}

/// Hour 0 is Monday, 2 March 2026, 9:00 UTC; in Shanghai 17:00.
fn shanghai() -> WorkingTime {
    let calendar = Calendar {
        name: "every hour".to_owned(),
        version: "1".to_owned(),
        zone: Tz::Asia__Shanghai,
        hours: Hours::Always,
    };
    WorkingTime::new(&calendar).unwrap()
}

#[test]
fn weeks_begin_on_monday_in_the_zone_of_the_calendar() {
    // Sunday 8 March 24:00 in Shanghai is 16:00 UTC: hour 6 · 24 + 7 = 151.
    let view = view(&[
        (0, Some(150), "P", SLOW),
        (150, None, "P", SLOW),
        (151, None, "P", SLOW),
        (151 + 3 * 168, None, "P", SLOW),
    ]);
    let by = |query: &CauseQuery, now: Timestamp| -> Vec<(String, u64)> {
        let weeks = view.weekly(&shanghai(), query, now).into_iter();
        weeks
            .map(|week| (week.monday.to_string(), week.received))
            .collect()
    };
    let of = |query: &CauseQuery| by(query, Timestamp::MAX);
    let week = |monday: &str, received| (monday.to_owned(), received);
    let all = of(&CauseQuery::default());
    let expected = [
        week("2026-03-02", 2),
        week("2026-03-09", 1),
        week("2026-03-16", 0),
        week("2026-03-23", 0),
        week("2026-03-30", 1),
    ];
    assert_eq!(all, expected);
    // Only whole weeks of the period: from hour 1 the first one is not whole; the third ends at 151 + 2 · 168.
    assert_eq!(of(&between(1, 151 + 2 * 168)), expected[1..3]);
    assert_eq!(of(&between(1, 151 + 2 * 168 - 1)), expected[1..2]);
    assert_eq!(of(&between(0, 100)), []);
    // Only weeks that are over: the second ends at 151 + 168.
    assert_eq!(by(&CauseQuery::default(), h(151 + 168)), expected[..2]);
    assert_eq!(by(&CauseQuery::default(), h(151 + 168 - 1)), expected[..1]);
    let counts: Vec<u64> = all.iter().map(|(_, received)| *received).collect();
    assert_eq!(c_chart(&counts).unwrap().centre, 0.8); // 4 / 5
    let none = folded(&[]);
    assert!(
        none.weekly(&shanghai(), &CauseQuery::default(), Timestamp::MAX)
            .is_empty()
    );
}

#[test]
fn a_week_tells_rework_and_dissatisfaction() {
    let mut ledger = ledger(&[(0, Some(10), "P", SLOW), (0, Some(10), "P", SLOW)]);
    let unhappy = RevisitOutcome::Reached {
        result: Satisfaction::Dissatisfied,
        process: Satisfaction::Dissatisfied,
        score: None,
        residual_problem: false,
        would_recommend: None,
        survey: None,
    };
    ledger
        .at(11, 0, tell(FeedbackKind::Result))
        .at(12, 0, revisit(unhappy))
        .at(200, 0, resolve(SLOW));
    let weeks = folded(&ledger.facts).weekly(&shanghai(), &CauseQuery::default(), Timestamp::MAX);
    let kpi = |numerator, denominator| Kpi {
        numerator,
        denominator,
    };
    let shown: Vec<(Kpi, Kpi, Kpi)> = weeks
        .iter()
        .map(|week| (week.rework, week.dissatisfaction, week.upheld))
        .collect();
    // The first resolution of the first complaint does not stand; its dissatisfaction does.
    let expected = [
        (kpi(0, 1), kpi(1, 1), kpi(1, 1)),
        (kpi(1, 1), kpi(0, 0), kpi(1, 1)),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn a_weekly_chart_leaves_out_weeks_without_a_sample() {
    // Resolved in the weeks of 2 and 23 March, 4 and 9 complaints, of which 2 and 0 in a second cycle.
    let kpi = |numerator, denominator| Kpi {
        numerator,
        denominator,
    };
    let monday = |day: &str| day.parse().unwrap();
    let week = |day, rework| Week {
        monday: monday(day),
        received: 0,
        escalation: Kpi::default(),
        rework,
        upheld: Kpi::default(),
        dissatisfaction: Kpi::default(),
    };
    let weeks = [
        week("2026-03-02", kpi(2, 4)),
        week("2026-03-09", kpi(0, 0)),
        week("2026-03-23", kpi(0, 9)),
    ];
    let chart = WeeklyChart::of(&weeks, |week| week.rework).unwrap();
    assert_eq!(chart.mondays, [monday("2026-03-02"), monday("2026-03-23")]);
    let values: Vec<f64> = chart
        .laney
        .chart
        .points
        .iter()
        .map(|point| point.value)
        .collect();
    assert_eq!(values, [0.5, 0.0]);
    assert!(chart.signals.is_empty());
    assert_eq!(WeeklyChart::of(&weeks[..2], |week| week.rework), None);
    assert_eq!(WeeklyChart::of(&weeks, |week| week.upheld), None);
}

#[test]
fn open_complaints_are_censored_at_now_and_closed_ones_when_they_closed() {
    let mut ledger = ledger(&[
        (0, Some(10), "P", SLOW),
        (0, Some(30), "P", SLOW),
        (0, None, "P", SLOW),
        (5, None, "P", SLOW),
        (60, Some(70), "P", SLOW),
    ]);
    ledger.at(20, 2, close(CloseReason::Withdrawn));
    let view = folded(&ledger.facts);
    let steps = |now: i64| -> Vec<(Span, u64, f64)> {
        let curve = view.time_to_resolve(&CauseQuery::default(), h(now));
        let steps = curve.steps.iter();
        steps
            .map(|step| (step.time, step.at_risk, step.survival))
            .collect()
    };
    // At 40: resolved after 10 and 30 hours, withdrawn after 20, open for 35; the last has not come yet.
    assert_eq!(
        steps(40),
        [(Span::hours(10), 4, 0.75), (Span::hours(30), 2, 0.375)]
    );
    // At 25: the second is still open, for 25 hours.
    assert_eq!(steps(25), [(Span::hours(10), 4, 0.75)]);
    assert!(steps(0).is_empty());
    let first = view.time_to_resolve(&between(60, 61), h(100));
    assert_eq!((first.ended, first.censored), (1, 0));
    assert_eq!(first.median(), Some(Span::hours(10)));
}
