//! A complaint from receipt to a satisfied revisit, and what the views and `Debug` show of it.

use redress::archive::Query;
use redress::causes::CauseQuery;
use redress::event::{FeedbackKind, Satisfaction};
use redress::sla::{BoardFilter, StatusCounts};
use redress::store::EventStore;
use redress::{ComplaintId, Span, Timestamp};

use crate::wishes::{
    NAME, PHONE, SOLUTION, WORDS, agent, assign, classify, handler, receive, resolve, revisit,
    tell, wish,
};
use crate::world::{World, on_both_stores, start};

fn h(hours: i64) -> Timestamp {
    start() + Span::hours(hours)
}

/// Received at hour 0, assigned at 1, resolved at 11, told at 12, revisited at 60.
fn tell_story<S: EventStore>(world: &World<S>) -> ComplaintId {
    let World { ledger, clock, .. } = world;
    let id = ledger
        .receive(receive(), &agent())
        .unwrap()
        .unwrap()
        .complaint_id;
    clock.advance(Span::hours(1));
    let category = classify("delivery/delay");
    ledger.execute(id, category, &agent()).unwrap().unwrap();
    ledger.execute(id, assign(), &agent()).unwrap().unwrap();
    clock.advance(Span::hours(10));
    ledger.execute(id, resolve(), &handler()).unwrap().unwrap();
    clock.advance(Span::hours(1));
    let result = tell(FeedbackKind::Result);
    ledger.execute(id, result, &handler()).unwrap().unwrap();
    clock.advance(Span::hours(48));
    let content = revisit(Satisfaction::Satisfied);
    let last = ledger.execute(id, content, &agent()).unwrap().unwrap();
    let place = last.recorded.unwrap();
    // The revisit closes the complaint in the same append.
    assert_eq!(
        (place.position.get(), place.version.get(), place.facts),
        (6, 6, 2)
    );
    assert_eq!(place.recorded_at, h(60));
    id
}

on_both_stores!(
    the_views_show_it,
    personal_words_find_it,
    debug_tells_nothing_personal
);

fn the_views_show_it<S: EventStore>(world: &World<S>) {
    let id = tell_story(world);
    assert!(!world.ledger.complaint(id).unwrap().is_open());
    let views = world.ledger.views().unwrap();

    let file = views.archive.file(id).unwrap().unwrap();
    let kinds: Vec<&str> = file
        .timeline
        .iter()
        .map(|fact| fact.event.event_type().name())
        .collect();
    let facts = world.ledger.history(id).unwrap();
    assert_eq!(file.timeline, facts);
    assert_eq!(kinds.len(), 7);
    assert_eq!(file.summary.closed_at, Some(h(60)));
    assert_eq!(file.summary.satisfaction, Some(Satisfaction::Satisfied));

    let board = views.sla.board(h(60), &BoardFilter::default());
    let counts: Vec<(&str, &str, StatusCounts)> = board
        .rows
        .iter()
        .map(|row| (row.department.as_str(), row.clock.name(), row.counts))
        .collect();
    let met = StatusCounts {
        met: 1,
        ..StatusCounts::default()
    };
    for (department, clock) in [
        ("logistics", "handling"),
        ("logistics", "resolution"),
        ("quality", "revisit"),
        ("service_desk", "assignment"),
    ] {
        assert!(counts.contains(&(department, clock, met)), "{clock}");
    }
    let handling = board.rows.iter().find(|row| row.clock.name() == "handling");
    let handled_for = handling.unwrap().active.unwrap().mean;
    assert_eq!(handled_for, Span::hours(10));

    let pareto = views.causes.pareto(&CauseQuery::default());
    assert_eq!(pareto.rows.len(), 1);
    assert_eq!(pareto.rows[0].code, "service/delivery_failure");
    assert_eq!(pareto.rows[0].count, 1);
    assert_eq!(pareto.rows[0].cumulative.percent(), "100.0%");
}

fn personal_words_find_it<S: EventStore>(world: &World<S>) {
    let id = tell_story(world);
    let other = redress::event::ReceivedPersonal {
        description: "发票抬头写错了".to_owned(),
        ..Default::default()
    };
    let mut unlike = receive();
    unlike.personal = redress::Personal::Known(other);
    unlike.customer.anonymous = true;
    world.ledger.receive(unlike, &agent()).unwrap().unwrap();

    let views = world.ledger.views().unwrap();
    for words in ["退款", "重新派送", "三天"] {
        let hits = views.archive.search(&Query::new().text(words)).unwrap();
        let found: Vec<ComplaintId> = hits.iter().map(|hit| hit.summary.id).collect();
        assert_eq!(found, [id], "{words}");
    }
    let nobody = views.archive.search(&Query::new().text("退货")).unwrap();
    assert_eq!(nobody, []);
}

fn debug_tells_nothing_personal<S: EventStore>(world: &World<S>) {
    let id = tell_story(world);
    let ledger = &world.ledger;
    let views = ledger.views().unwrap();
    let query = Query::new().text(WORDS);
    let shown = [
        format!("{:?}", ledger.history(id).unwrap()),
        format!("{:?}", ledger.entries(id).unwrap()),
        format!("{:?}", ledger.complaint(id).unwrap()),
        format!("{:?}", wish(1, receive())),
        format!("{:?}", wish(1, resolve())),
        format!("{:?}", *views),
        format!("{views:?}"),
        format!("{:?}", views.archive.file(id).unwrap()),
        format!("{:?}", views.archive.search(&query).unwrap()),
        format!("{query:?}"),
    ];
    for (index, text) in shown.iter().enumerate() {
        assert!(text.len() > 20, "{index}");
        for personal in [NAME, PHONE, WORDS, SOLUTION] {
            assert!(!text.contains(personal), "{index}: {text}");
            // `Debug` of bytes shows numbers.
            let bytes = format!("{:?}", personal.as_bytes());
            assert!(!text.contains(bytes.trim_matches(['[', ']'])), "{index}");
        }
    }
}

#[test]
fn debug_of_a_ledger_tells_nothing_personal() {
    let world = crate::world::in_memory();
    tell_story(&world);
    let shown = format!("{:?}{:?}", world.ledger, world.ledger.as_async().replay());
    for personal in [NAME, PHONE, WORDS, SOLUTION] {
        assert!(!shown.contains(personal));
        let bytes = format!("{:?}", personal.as_bytes());
        assert!(!shown.contains(bytes.trim_matches(['[', ']'])));
    }
}
