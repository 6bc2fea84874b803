//! Rankings and tables worked by hand.

use redress_causes::{CauseQuery, CauseView, Dimension, Duplicates, Grain, Period, Ranking};
use redress_core::event::{
    AmendOutcome, Amended, AmendmentCause, Cause, Change, Channel, CloseReason, Feedback,
    FeedbackKind, Linked, Priority, Product, Relation, Resolved, Verdict,
};
use redress_core::{Personal, Policy};
use redress_store::Projection;

use crate::laws::folded;
use crate::ledger::{
    Ledger, as_facts, assign, classify, close, department, h, id, receive, reopen, resolve, tell,
};

const SLOW: &str = "service/slow_response";
const RUDE: &str = "service/poor_attitude";
const DESIGN: &str = "product/design_defect";

/// Complaints resolved one an hour from hour 10 on, each with its cause.
fn resolved(causes: &[Option<&str>]) -> Ledger {
    let mut ledger = Ledger::new(Policy::standard().for_history(), causes.len());
    for (index, cause) in causes.iter().enumerate() {
        let hour = 10 + i64::try_from(index).unwrap();
        let fact = cause.map_or_else(Resolved::default, resolve);
        ledger
            .at(0, index, receive("service", Channel::Email))
            .at(1, index, classify("delivery/delay", Priority::Normal))
            .at(2, index, assign("logistics", "p1"))
            .at(hour, index, fact);
    }
    ledger
}

/// Code, count, share and cumulative share of each row.
fn rows(ranking: &Ranking) -> Vec<(&str, u64, String, String)> {
    ranking
        .rows
        .iter()
        .map(|row| {
            let (share, cumulative) = (row.share.percent(), row.cumulative.percent());
            (row.code.as_str(), row.count, share, cumulative)
        })
        .collect()
}

fn all() -> CauseQuery {
    CauseQuery::default()
}

#[track_caller]
fn check(ranking: &Ranking, expected: &[(&str, u64, &str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, count, share, cumulative)| {
            (*code, *count, (*share).to_owned(), (*cumulative).to_owned())
        })
        .collect();
    assert_eq!(rows(ranking), expected);
}

#[test]
fn the_pareto_ranks_by_count_then_code_and_adds_up() {
    let causes = [RUDE, SLOW, SLOW, DESIGN, SLOW, RUDE].map(Some);
    let mut with_none = Vec::from(causes);
    with_none.extend([None, None]);
    with_none.push(Some("market/culture"));
    let pareto = folded(&resolved(&with_none).facts).pareto(&all());

    check(
        &pareto,
        &[
            (SLOW, 3, "42.9%", "42.9%"),
            (RUDE, 2, "28.6%", "71.4%"),
            ("market/culture", 1, "14.3%", "85.7%"),
            (DESIGN, 1, "14.3%", "100.0%"),
        ],
    );
    assert_eq!((pareto.counted, pareto.unrecorded), (7, 2));
    assert_eq!(pareto.rows[0].label.zh_cn, "响应时间长");
    assert_eq!(pareto.rows[0].label.en, "Slow response");
}

#[test]
fn branches_group_and_imported_trees_stay_apart_by_source() {
    let causes = [
        SLOW,
        RUDE,
        DESIGN,
        "imported/old/code 6/late",
        "imported/old/code 6/lost",
        "imported/new/code 6",
        "undetermined",
    ];
    let query = CauseQuery {
        grain: Grain::Branch,
        ..all()
    };
    let pareto = folded(&resolved(&causes.map(Some)).facts).pareto(&query);
    let shown: Vec<(&str, u64)> = pareto
        .rows
        .iter()
        .map(|row| (row.code.as_str(), row.count))
        .collect();
    let expected = [
        ("imported/old/code 6", 2),
        ("service", 2),
        ("imported/new/code 6", 1),
        ("product", 1),
        ("undetermined", 1),
    ];
    assert_eq!(shown, expected);
    assert_eq!(pareto.rows[1].label.zh_cn, "服务因素");
    assert_eq!(pareto.rows[0].label.en, "imported/old/code 6");
}

#[test]
fn a_period_takes_its_begin_in_and_leaves_its_end_out() {
    // Resolved at hours 10, 11 and 12.
    let view = folded(&resolved(&[Some(SLOW), Some(RUDE), Some(DESIGN)]).facts);
    let period = Period {
        from: Some(h(10)),
        to: Some(h(12)),
    };
    let pareto = view.pareto(&CauseQuery { period, ..all() });
    let codes: Vec<&str> = pareto.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, [RUDE, SLOW]);
    assert_eq!(pareto.rows[0].share.to_string(), "1/2");
}

#[test]
fn a_reopened_complaint_gives_its_cause_back_until_it_is_resolved_again() {
    let mut ledger = resolved(&[Some(SLOW)]);
    ledger.at(20, 0, close(CloseReason::Waived));
    check(
        &folded(&ledger.facts).pareto(&all()),
        &[(SLOW, 1, "100.0%", "100.0%")],
    );

    ledger.at(30, 0, reopen());
    let pareto = folded(&ledger.facts).pareto(&all());
    assert!(pareto.rows.is_empty());
    assert_eq!((pareto.counted, pareto.unrecorded), (0, 0));

    ledger.at(40, 0, resolve(RUDE));
    check(
        &folded(&ledger.facts).pareto(&all()),
        &[(RUDE, 1, "100.0%", "100.0%")],
    );
}

#[test]
fn an_unhappy_reply_gives_the_cause_back_too() {
    let mut ledger = resolved(&[Some(SLOW), Some(SLOW)]);
    let unhappy = Feedback {
        verdict: Some(Verdict::Dissatisfied),
        ..tell(FeedbackKind::CustomerReply)
    };
    ledger.at(20, 1, unhappy);
    assert_eq!(folded(&ledger.facts).pareto(&all()).counted, 1);
}

fn amended(cause: &str) -> Amended {
    Amended {
        cause: AmendmentCause::CauseReview,
        patch: vec![Change::Causes {
            primary: Cause::new(cause.parse().unwrap()),
            contributing: vec![Cause::new(SLOW.parse().unwrap())],
        }],
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Withheld,
    }
}

#[test]
fn an_amended_cause_counts_as_amended_at_the_time_of_the_resolution() {
    let mut ledger = resolved(&[Some(SLOW), None]);
    ledger.at(50, 0, amended(DESIGN)).at(51, 1, amended(DESIGN));
    let period = Period {
        from: None,
        to: Some(h(12)),
    };
    let pareto = folded(&ledger.facts).pareto(&CauseQuery { period, ..all() });
    check(&pareto, &[(DESIGN, 2, "100.0%", "100.0%")]);
    assert_eq!(pareto.unrecorded, 0);
}

#[test]
fn a_duplicate_counts_only_when_asked_for() {
    let mut ledger = resolved(&[Some(SLOW), Some(SLOW)]);
    let link = Linked {
        relation: Relation::DuplicateOf,
        target: id(0),
        unlink: false,
    };
    ledger
        .at(30, 1, link)
        .at(31, 1, close(CloseReason::Duplicate { of: id(0) }));
    let view = folded(&ledger.facts);
    let asked = CauseQuery {
        duplicates: Duplicates::Included,
        ..all()
    };
    assert_eq!(view.pareto(&all()).counted, 1);
    assert_eq!(view.pareto(&asked).counted, 2);
    assert_eq!(view.counts(Dimension::Channel, &all()).counted, 1);
    assert_eq!(view.counts(Dimension::Channel, &asked).counted, 2);
}

#[test]
fn complaints_are_counted_by_each_dimension() {
    let mut ledger = Ledger::new(Policy::standard().for_history(), 3);
    let mut about_product = receive("service", Channel::PhoneHotline);
    about_product.product = Some(Product {
        code: "P-1".parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    });
    let mut fact = resolve(SLOW);
    if let Some(cause) = fact.primary_cause.as_mut() {
        cause.responsible_department = Some(department("legal"));
    }
    ledger
        .at(0, 0, about_product)
        .at(1, 0, classify("delivery/delay", Priority::Normal))
        .at(2, 0, assign("logistics", "p1"))
        .at(3, 0, fact)
        .at(4, 0, assign("billing", "p1")) // who led when it was resolved counts
        .at(5, 1, receive("service", Channel::Email))
        .at(6, 1, classify("delivery/loss", Priority::Normal))
        .at(7, 2, receive("service", Channel::Email));
    let view = folded(&ledger.facts);

    let of = |dimension| {
        let ranking = view.counts(dimension, &all());
        let rows: Vec<(String, u64)> = ranking
            .rows
            .into_iter()
            .map(|row| (row.code, row.count))
            .collect();
        (rows, ranking.unrecorded)
    };
    let one = |code: &str| (code.to_owned(), 1);
    assert_eq!(
        of(Dimension::Category),
        (vec![one("delivery/delay"), one("delivery/loss")], 1)
    );
    assert_eq!(of(Dimension::Department), (vec![one("logistics")], 2));
    assert_eq!(
        of(Dimension::ResponsibleDepartment),
        (vec![one("legal")], 2)
    );
    assert_eq!(of(Dimension::Product), (vec![one("P-1")], 2));
    assert_eq!(
        of(Dimension::Channel),
        (vec![("email".to_owned(), 2), one("phone_hotline")], 0)
    );

    let branch = CauseQuery {
        grain: Grain::Branch,
        ..all()
    };
    check(
        &view.counts(Dimension::Category, &branch),
        &[("delivery", 2, "100.0%", "100.0%")],
    );
    let late = CauseQuery {
        period: Period {
            from: Some(h(5)),
            to: Some(h(7)),
        },
        ..all()
    };
    check(
        &view.counts(Dimension::Channel, &late),
        &[("email", 1, "100.0%", "100.0%")],
    );
}

#[test]
fn the_cross_table_follows_the_pareto() {
    let mut ledger = resolved(&[Some(RUDE), Some(SLOW), Some(SLOW), Some(SLOW), None]);
    let other = classify("delivery/loss", Priority::Normal);
    ledger.at(30, 2, other.clone()).at(30, 3, other);
    let table = folded(&ledger.facts).cross(Dimension::Category, &all());
    assert_eq!(table.unrecorded, 1);
    let shown: Vec<(&str, Option<&str>, u64)> = table
        .rows
        .iter()
        .flat_map(|row| {
            let cells = row.values.iter();
            cells.map(|cell| (row.cause.as_str(), cell.value.as_deref(), cell.count))
        })
        .collect();
    let expected = [
        (SLOW, Some("delivery/loss"), 2),
        (SLOW, Some("delivery/delay"), 1),
        (RUDE, Some("delivery/delay"), 1),
    ];
    assert_eq!(shown, expected);
    assert_eq!(
        table.rows[0].values[0].label.as_ref().unwrap().zh_cn,
        "丢失"
    );

    let by_product = folded(&ledger.facts).cross(Dimension::Product, &all());
    assert_eq!(by_product.rows[0].values[0].value, None);
    assert_eq!(by_product.rows[0].values[0].count, 3);
}

#[test]
fn a_ranking_reads_well_as_json() {
    let pareto = folded(&resolved(&[Some(SLOW)]).facts).pareto(&all());
    let json = serde_json::to_value(pareto).unwrap();
    assert_eq!(json["rows"][0]["code"], SLOW);
    assert_eq!(json["rows"][0]["label"]["zh_cn"], "响应时间长");
    assert_eq!(json["rows"][0]["share"]["denominator"], 1);
    assert_eq!(json["unrecorded"], 0);
}

#[test]
fn a_fact_that_cannot_follow_stops_the_view_before_it() {
    let facts = resolved(&[Some(SLOW)]).facts;
    let mut twice = facts.clone();
    let mut again = facts[2].clone();
    again.position = redress_core::Position::new(4);
    twice.push(again);
    let mut view = CauseView::new(Policy::standard());
    let error = view.fold(&as_facts(&twice)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the causes view stopped at position 4: fact 3 (assigned) at position 4 cannot follow: version 5 was expected"
    );
    assert_eq!(view, folded(&facts));

    let error = view.fold(&as_facts(&facts)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the causes view stopped at position 0: position 4 was expected"
    );
}
