//! Every filter, order and page against a slow look at every complaint.

use std::cmp::Reverse;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use redress_archive::{Archive, Dimension, Moment, Query, Sort, Summary};
use redress_core::event::Severity;
use redress_core::{
    ClockKind, Complaint, ComplaintId, Policy, Recorded, Span, Status, Timestamp, evolve,
};
use redress_store::Projection;

use crate::histories::{LEDGER, as_facts, start};
use crate::walks::walks;

/// Every complaint of a history, folded one by one.
struct Slow {
    complaints: Vec<(Summary, Complaint)>,
}

impl Slow {
    fn of(archive: &Archive, facts: &[Recorded]) -> Self {
        let hits = archive.search(&Query::new().limit(usize::MAX)).unwrap();
        let complaints = hits.into_iter().map(|hit| {
            let own = facts
                .iter()
                .filter(|fact| fact.complaint_id == hit.summary.id);
            let complaint = own.fold(Complaint::Absent, |complaint, fact| {
                evolve(complaint, fact).unwrap()
            });
            (hit.summary, complaint)
        });
        Self {
            complaints: complaints.collect(),
        }
    }

    fn that(&self, holds: impl Fn(&Summary, &Complaint) -> bool) -> Vec<ComplaintId> {
        let found = self
            .complaints
            .iter()
            .filter(|(summary, complaint)| holds(summary, complaint));
        found.map(|(summary, _)| summary.id).collect()
    }
}

/// How the clocks of a kind, or of any, stand: read as the domain reads them.
pub(crate) fn statuses(
    complaint: &Complaint,
    kind: Option<ClockKind>,
    policy: &Policy,
    at: Timestamp,
) -> Vec<Status> {
    let case = complaint.case().unwrap();
    let clocks = case.clocks.iter().filter(|clock| clock.started_at <= at);
    clocks
        .filter(|clock| kind.is_none_or(|kind| clock.kind == kind))
        .map(|clock| clock.read(&case.pauses, policy, at).status)
        .collect()
}

fn due(complaint: &Complaint, policy: &Policy, at: Timestamp) -> Option<Timestamp> {
    let case = complaint.case().unwrap();
    let clocks = case.clocks.iter().filter(|clock| clock.runs_at(at));
    clocks
        .filter_map(|clock| clock.read(&case.pauses, policy, at).due)
        .min()
}

fn ids(archive: &Archive, query: &Query) -> Vec<ComplaintId> {
    let hits = archive.search(query).unwrap();
    hits.into_iter().map(|hit| hit.summary.id).collect()
}

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 32,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2),
        ..ProptestConfig::default()
    }
}

/// A moment within a history, or long after it.
pub(crate) fn moments() -> impl Strategy<Value = Timestamp> {
    (0..6_000_i64).prop_map(|hours| start() + Span::hours(hours))
}

fn folded(facts: &[Recorded]) -> Archive {
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(facts)).unwrap();
    archive
}

const KINDS: [Option<ClockKind>; 4] = [
    None,
    Some(ClockKind::Resolution),
    Some(ClockKind::Handling),
    Some(ClockKind::Acknowledge),
];

proptest! {
    #![proptest_config(config())]

    /// One field with one or two of its values, and that together with a second field.
    #[test]
    fn dimensions_find_what_a_slow_look_finds(
        facts in walks(),
        picks in prop::collection::vec(any::<[prop::sample::Index; 4]>(), 12),
    ) {
        let archive = folded(&facts);
        let slow = Slow::of(&archive, &facts);
        for [one, other, first, second] in picks {
            let (one, other) = (*one.get(&Dimension::ALL), *other.get(&Dimension::ALL));
            let values = |dimension: Dimension| {
                let mut values: Vec<String> = slow.complaints.iter().flat_map(|(of, _)| dimension.values(of)).collect();
                values.push("nobody uses this".to_owned());
                values
            };
            let wanted = [first.get(&values(one)).clone(), second.get(&values(one)).clone()];
            let also = second.get(&values(other)).clone();
            let has = |of: &Summary| dimension_has(of, one, &wanted);
            let either = Query::new().is(one, &*wanted[0]).is(one, &*wanted[1]);
            prop_assert_eq!(ids(&archive, &either), slow.that(|of, _| has(of)), "{:?} {:?}", one, wanted);
            let both = either.is(other, &*also);
            let expected = if one == other {
                let three = [wanted[0].clone(), wanted[1].clone(), also];
                slow.that(|of, _| dimension_has(of, one, &three))
            } else {
                slow.that(|of, _| has(of) && dimension_has(of, other, std::slice::from_ref(&also)))
            };
            prop_assert_eq!(archive.count(&both).unwrap(), expected.len() as u64);
            prop_assert_eq!(ids(&archive, &both), expected);
        }
    }

    #[test]
    fn clocks_find_what_reading_each_finds(facts in walks(), at in moments(), status in prop::sample::select(&Status::ALL[..])) {
        let archive = folded(&facts);
        let slow = Slow::of(&archive, &facts);
        let policy = Policy::standard();
        let moment = Moment::new(policy.clone(), at);
        for kind in KINDS {
            let query = Query::new().clock(kind, [status, Status::Overdue], &moment);
            let expected = slow.that(|_, complaint| {
                let statuses = statuses(complaint, kind, &policy, at);
                statuses.contains(&status) || statuses.contains(&Status::Overdue)
            });
            prop_assert_eq!(ids(&archive, &query), expected);
            let open = query.open(true);
            let expected = slow.that(|_, complaint| {
                let statuses = statuses(complaint, kind, &policy, at);
                complaint.is_open() && (statuses.contains(&status) || statuses.contains(&Status::Overdue))
            });
            prop_assert_eq!(archive.count(&open).unwrap(), expected.len() as u64);
        }
        let soon = at..at + Span::days(3);
        let expected = slow.that(|_, complaint| due(complaint, &policy, at).is_some_and(|due| soon.contains(&due)));
        prop_assert_eq!(ids(&archive, &Query::new().due(soon.clone(), &moment)), expected);
    }

    #[test]
    fn every_order_is_an_order_and_its_pages_are_the_whole(facts in walks(), at in moments(), size in 1..4_usize) {
        let archive = folded(&facts);
        let slow = Slow::of(&archive, &facts);
        let policy = Policy::standard();
        let moment = Moment::new(policy.clone(), at);
        let alike = |of: &Summary| (of.received_at, of.id);
        let severity = |of: &Summary| of.severity.map(|severity| match severity {
            Severity::Minor => 1,
            Severity::Moderate => 2,
            Severity::Serious => 3,
            Severity::Critical => 4,
        });
        let sorted = |order: &dyn Fn(&Summary, &Complaint) -> [Option<i64>; 2]| {
            let mut all: Vec<_> = slow.complaints.iter().collect();
            all.sort_by_key(|(of, complaint)| (order(of, complaint), Reverse(alike(of))));
            all.into_iter().map(|(of, _)| of.id).collect::<Vec<_>>()
        };
        let down = |key: Option<i64>| [None, Some(-key.unwrap_or(i64::MIN + 1))];
        let orders = [
            (Sort::Received, sorted(&|_, _| [None, None])),
            (Sort::Closed, sorted(&|of, _| down(of.closed_at.map(Timestamp::as_micros)))),
            (Sort::Severity, sorted(&|of, _| down(severity(of)))),
            (Sort::Due(moment), sorted(&|_, complaint| {
                let due = due(complaint, &policy, at).map(Timestamp::as_micros);
                [Some(due.unwrap_or(i64::MAX)), None]
            })),
        ];
        for (sort, expected) in orders {
            let query = Query::new().sort(sort);
            prop_assert_eq!(&ids(&archive, &query), &expected);
            let mut pages = Vec::new();
            let mut page = query.limit(size);
            loop {
                let hits = archive.search(&page).unwrap();
                let Some(last) = hits.last() else { break };
                // As text and back, as a caller keeps it.
                page = page.after(last.cursor().to_string().parse().unwrap());
                pages.extend(hits.into_iter().map(|hit| hit.summary.id));
            }
            prop_assert_eq!(pages, expected);
        }
    }

    /// Between two pages anything may be recorded: what was on neither end is still seen exactly once.
    #[test]
    fn pages_stay_in_place_while_facts_come_in(facts in walks(), cut in any::<prop::sample::Index>(), size in 1..3_usize) {
        let cut = cut.index(facts.len() + 1);
        let mut archive = folded(&facts[..cut]);
        let before = ids(&archive, &Query::new());
        let query = Query::new().limit(size);
        let first = archive.search(&query).unwrap();
        archive.fold(&as_facts(&facts[cut..])).unwrap();
        let mut seen: Vec<ComplaintId> = first.iter().map(|hit| hit.summary.id).collect();
        if let Some(last) = first.last() {
            seen.extend(ids(&archive, &query.after(last.cursor()).limit(usize::MAX)));
        }
        prop_assert_eq!(seen, before);
    }
}

fn dimension_has(of: &Summary, dimension: Dimension, wanted: &[String]) -> bool {
    dimension
        .values(of)
        .iter()
        .any(|value| wanted.contains(value))
}

#[test]
fn a_cursor_goes_with_its_query_alone() {
    let mut history = crate::histories::History::new(Policy::standard());
    for number in 1..=3 {
        let letter = crate::histories::received(1, "a matter", "words");
        history.then(crate::histories::complaint(number), letter);
    }
    let archive = folded(&history.facts);
    let query = Query::new().text("words").limit(1);
    let cursor = archive.search(&query).unwrap()[0].cursor();
    assert_eq!(
        archive
            .search(&query.clone().after(cursor).limit(9))
            .unwrap()
            .len(),
        2
    );
    let moment = Moment::new(Policy::standard(), start());
    let others = [
        Query::new(),
        Query::new().text("matter"),
        Query::new().text("words").open(true),
        Query::new().text("words").sort(Sort::Closed),
        Query::new().text("words").sort(Sort::Due(moment)),
        Query::new().place("words"),
    ];
    for other in others {
        let error = archive.search(&other.after(cursor)).unwrap_err();
        assert!(error.is_other_query());
        assert_eq!(
            error.to_string(),
            "the place to go on from belongs to another question; ask again from the beginning"
        );
    }
    for text in [
        "",
        "00",
        &"g".repeat(96),
        &"é".repeat(48),
        &"f".repeat(95),
        &format!("{}7{}", "0".repeat(48), "f".repeat(47)),
    ] {
        assert!(text.parse::<redress_archive::Cursor>().is_err(), "{text}");
    }
}
