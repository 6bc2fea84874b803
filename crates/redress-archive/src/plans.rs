//! How SQLite goes about each kind of question: by an index, or along the order asked for, and without sorting what is many.

use redress_core::event::{Flag, Satisfaction, Severity, Source};
use redress_core::{Channel, ComplaintId, Level, Policy, State, SubjectId, Timestamp};
use rusqlite::params_from_iter;
use uuid::Uuid;

use crate::clause::Clause;
use crate::clocks::{Which, chosen};
use crate::filter::{Filter, Walk};
use crate::page::page_sql;
use crate::query::{Query, Sort};
use crate::{Archive, Moment, TYPICAL_CASE};

/// Twenty thousand complaints: each state, channel and department has many of them, each customer and product few.
fn many() -> Archive {
    let archive = Archive::in_memory(Uuid::from_u128(1)).unwrap();
    archive
        .connection
        .execute_batch(
            "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 20000)
             INSERT INTO complaints (n, id, received_at, closed_at, reached, asked, severity_rank, subject, state, cycle, level, channel,
                 source, category, severity, safety, product, intake_department, department, external_ref)
             SELECT n, unhex(format('%032x', n * 7919 % 20011)), n * 1000000, iif(n % 3, n * 1000000 + 5, NULL), 0, 0, n % 5,
                 format('customer-%d', n % 4000), iif(n % 3, 'closed', 'processing'), 1, n % 1000 = 0,
                 iif(n % 2, 'email', 'sms'), 'internal', 'delivery/delay', 'minor', 0, format('product-%d', n % 500),
                 'intake', iif(n % 2, 'logistics', 'billing'), format('REF-%d', n)
             FROM i;
             INSERT INTO tags SELECT n, '典型案例' FROM complaints WHERE n % 100 = 0;
             INSERT INTO flags SELECT n, 'group' FROM complaints;
             INSERT INTO words (rowid, text, pairs) SELECT n << 27, 'late 退 款', '退款' FROM complaints;
             INSERT INTO words (rowid, text, pairs) SELECT (n << 27) + 8, 'lost', '' FROM complaints WHERE n % 500 = 0;",
        )
        .unwrap();
    archive
}

/// How each way is gone.
fn plans(archive: &Archive, query: &Query) -> Vec<String> {
    let walk = Walk::of(&archive.connection, query).unwrap();
    let ways = walk.ways.iter().map(|way| {
        let sql = page_sql(query, way);
        let mut statement = archive
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {}", sql.text))
            .unwrap();
        let steps = statement
            .query_map(params_from_iter(sql.values), |row| row.get::<_, String>(3))
            .unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    });
    ways.collect()
}

/// The complaints come by this index, and are sorted or not.
#[track_caller]
fn check(archive: &Archive, query: &Query, by: &str, sorts: bool) {
    check_ways(archive, query, &[by], sorts);
}

/// There are as many ways, by these indexes.
#[track_caller]
fn check_ways(archive: &Archive, query: &Query, by: &[&str], sorts: bool) {
    let plans = plans(archive, query);
    assert_eq!(plans.len(), by.len(), "{plans:?}");
    for (plan, by) in plans.iter().zip(by) {
        check_way(plan, by, sorts);
    }
    // The whole list is what it is without any index to go by.
    let hits = archive_ids(archive, query);
    assert!(hits.len() <= query.limit);
}

#[track_caller]
fn check_way(plan: &str, by: &str, sorts: bool) {
    assert!(
        plan.lines().next().unwrap_or_default().contains(by),
        "{plan}"
    );
    assert_eq!(
        plan.contains("USE TEMP B-TREE FOR ORDER BY"),
        sorts,
        "{plan}"
    );
    assert!(
        !plan.lines().any(|step| step == "SCAN complaints"),
        "{plan}"
    );
}

fn archive_ids(archive: &Archive, query: &Query) -> Vec<i64> {
    let walk = Walk::of(&archive.connection, query).unwrap();
    let places = crate::page::by_column(&archive.connection, query, walk).unwrap();
    places.into_iter().map(|place| place.number.get()).collect()
}

#[test]
fn what_few_have_is_looked_up_and_sorted() {
    let archive = many();
    let subject = SubjectId::from_random([7; 16]);
    let complaint = ComplaintId::new(Uuid::from_u128(7919));
    check(
        &archive,
        &Query::new().id(complaint),
        "complaints_by_id",
        false,
    );
    check(
        &archive,
        &Query::new().subject(subject),
        "complaints_by_subject",
        true,
    );
    check(
        &archive,
        &Query::new().external_ref("REF-7"),
        "complaints_by_external_ref",
        true,
    );
    check(
        &archive,
        &Query::new().product("product-7"),
        "complaints_by_product",
        true,
    );
    check(
        &archive,
        &Query::new().product("product-7").state(State::Closed),
        "complaints_by_product",
        true,
    );
    check(
        &archive,
        &Query::new().product("product-7").sort(Sort::Closed),
        "complaints_by_product",
        true,
    );
    check(
        &archive,
        &Query::new().level_at_least(Level::new(1)),
        "complaints_by_level",
        true,
    );
    check(
        &archive,
        &Query::new().tag(TYPICAL_CASE),
        "INTEGER PRIMARY KEY",
        true,
    );
    check(
        &archive,
        &Query::new().text("lost"),
        "INTEGER PRIMARY KEY",
        true,
    );
    check(
        &archive,
        &Query::new().text("退款 lost").channel(Channel::Sms),
        "INTEGER PRIMARY KEY",
        true,
    );
    check(
        &archive,
        &Query::new().satisfaction(Satisfaction::Satisfied),
        "complaints_by_satisfaction",
        true,
    );
}

#[test]
fn what_many_have_is_walked_in_order_and_not_sorted() {
    let archive = many();
    let year = Timestamp::from_micros(0).unwrap()..Timestamp::MAX;
    check(&archive, &Query::new(), "complaints_by_receipt", false);
    check(
        &archive,
        &Query::new().state(State::Closed),
        "complaints_by_state",
        false,
    );
    check_ways(
        &archive,
        &Query::new().channel(Channel::Sms).state(State::Closed),
        &["complaints_by_channel", "complaints_by_state"],
        false,
    );
    check(
        &archive,
        &Query::new().state(State::Closed).received(year.clone()),
        "complaints_by_state (state=? AND received_at>? AND received_at<?)",
        false,
    );
    check(
        &archive,
        &Query::new().received(year.clone()),
        "complaints_by_receipt",
        false,
    );
    check(
        &archive,
        &Query::new().flag(Flag::Group),
        "complaints_by_receipt",
        false,
    );
    check(
        &archive,
        &Query::new().category("delivery"),
        "complaints_by_receipt",
        false,
    );
    check(
        &archive,
        &Query::new().state(State::Closed).state(State::Processing),
        "complaints_by_receipt",
        false,
    );
    check(
        &archive,
        &Query::new()
            .severity(Severity::Minor)
            .source(Source::Internal),
        "complaints_by_receipt",
        false,
    );
    check(&archive, &Query::new().open(true), "complaints_open", false);
    check(
        &archive,
        &Query::new().sort(Sort::Closed),
        "complaints_by_closing",
        false,
    );
    check(
        &archive,
        &Query::new().sort(Sort::Closed).state(State::Closed),
        "complaints_by_closing",
        false,
    );
    check(
        &archive,
        &Query::new().sort(Sort::Severity).channel(Channel::Sms),
        "complaints_by_severity_rank",
        false,
    );
}

/// To find out whether the open ones are few, no closed one is looked at.
#[test]
fn open_complaints_are_counted_by_their_own_index() {
    let archive = many();
    let sql = format!(
        "EXPLAIN QUERY PLAN SELECT count(*) FROM (SELECT 1 FROM complaints WHERE {} LIMIT 501)",
        Clause::open().driving
    );
    let mut statement = archive.connection.prepare(&sql).unwrap();
    let steps = statement.query_map([], |row| row.get::<_, String>(3));
    let plan: Vec<String> = steps.unwrap().map(Result::unwrap).collect();
    let plan = plan.join("\n");
    assert!(plan.contains("COVERING INDEX complaints_open"), "{plan}");
}

#[test]
fn a_page_further_on_goes_the_same_way() {
    let archive = many();
    for (query, by) in [
        (Query::new().limit(3), "complaints_by_receipt"),
        (
            Query::new().limit(3).state(State::Closed),
            "complaints_by_state",
        ),
        (
            Query::new().limit(3).sort(Sort::Severity),
            "complaints_by_severity_rank",
        ),
    ] {
        let walk = Walk::of(&archive.connection, &query).unwrap();
        let places = crate::page::by_column(&archive.connection, &query, walk).unwrap();
        let number = places[2].number.get();
        let id = u128::try_from(number * 7919 % 20011).unwrap();
        assert_eq!(places[2].id, ComplaintId::new(Uuid::from_u128(id)));
        let cursor = places[2].cursor(query.digest(), None);
        let next = query.after(cursor);
        check(&archive, &next, by, false);
        let seen = [3, 2, 1].map(|_| number);
        assert!(
            !archive_ids(&archive, &next)
                .iter()
                .any(|number| seen.contains(number))
        );
    }
}

/// Words that many complaints hold are looked for in a block of complaints at a time, by the index of words.
#[test]
fn common_words_are_looked_for_as_complaints_come_along() {
    let archive = many();
    let query = Query::new().text("退款");
    let walk = Walk::of(&archive.connection, &query).unwrap();
    assert_eq!(walk.checks.len(), 1);
    check(&archive, &query, "complaints_by_receipt", false);
    let newest: Vec<i64> = (19_951..=20_000).rev().collect();
    assert_eq!(archive_ids(&archive, &query), newest);
    assert_eq!(archive.count(&query).unwrap(), 20_000);
    assert_eq!(archive.count_up_to(&query, 10_001).unwrap(), 10_001);
    // Every complaint holds both words, in this order alone.
    let apart = Query::new().text("退款 late");
    assert_eq!(archive_ids(&archive, &apart), newest);
    assert_eq!(archive.count(&Query::new().text("款退")).unwrap(), 0);
}

/// Common words that no complaint holds together, and common words of few complaints, far from each other.
#[test]
fn common_words_of_few_complaints_are_found() {
    let archive = many();
    archive
        .connection
        .execute_batch(
            "INSERT INTO words (rowid, text, pairs) SELECT (n << 27) + 16, 'odd', '' FROM complaints WHERE n % 2;
             INSERT INTO words (rowid, text, pairs) SELECT (n << 27) + 16, 'even', '' FROM complaints WHERE n % 2 = 0;",
        )
        .unwrap();
    let none = Query::new().text("odd even");
    assert_eq!(archive_ids(&archive, &none), Vec::<i64>::new());
    assert_eq!(archive.count(&none).unwrap(), 0);
    let either = Query::new().text("odd").text("even").limit(3);
    assert_eq!(archive_ids(&archive, &either), [20_000, 19_999, 19_998]);
    let tagged = Query::new().text("even").tag(TYPICAL_CASE);
    assert_eq!(archive.count(&tagged).unwrap(), 200);
    assert_eq!(archive_ids(&archive, &tagged.limit(2)), [20_000, 19_900]);
    let none = Query::new().text("odd").tag(TYPICAL_CASE);
    assert_eq!(archive.count(&none).unwrap(), 0);
}

/// Clocks that run are found without a look at every complaint, unless complaints are looked up.
#[test]
fn clocks_that_run_are_looked_up() {
    let archive = many();
    let plan = |query: &Query| {
        let filter = Filter::of(&archive.connection, query).unwrap();
        let at = Moment::new(Policy::standard(), Timestamp::from_micros(0).unwrap());
        let which = Which {
            kind: None,
            running: true,
        };
        let sql = chosen(&at, which, &filter);
        let mut statement = archive
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN SELECT * FROM {}", sql.text))
            .unwrap();
        let steps = statement
            .query_map(params_from_iter(sql.values), |row| row.get::<_, String>(3))
            .unwrap();
        steps.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    };
    for query in [
        Query::new(),
        Query::new().open(true).state(State::Processing),
    ] {
        let plan = plan(&query);
        assert!(
            plan.contains("USING INDEX clocks_by_end (ended_at=?)"),
            "{plan}"
        );
        assert!(
            plan.contains("USING INDEX clocks_by_end (ended_at>?)"),
            "{plan}"
        );
        assert!(
            plan.contains("SEARCH complaints USING INTEGER PRIMARY KEY (rowid=?)"),
            "{plan}"
        );
        assert!(!plan.contains("SCAN"), "{plan}");
    }
    let narrow = plan(&Query::new().product("product-7"));
    assert!(
        narrow.starts_with("SEARCH complaints USING INDEX complaints_by_product"),
        "{narrow}"
    );
}
