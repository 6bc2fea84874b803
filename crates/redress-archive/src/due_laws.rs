//! Pages by deadline, and of what clocks say, are what reading every clock of every complaint finds.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use redress_core::clock::Part;
use redress_core::event::{Assignee, PauseReason, Priority, Severity};
use redress_core::{
    Clock, ClockEnd, ClockKind, Cycle, Ending, Epoch, Pause, Policy, PolicyAdopted, Rulebook, Span,
    State, Status, Target, Terms, Timestamp,
};
use rusqlite::params;
use uuid::Uuid;

use crate::filter::Walk;
use crate::number::Number;
use crate::page::{Place, by_column};
use crate::upcoming::{Upcoming, is_past};
use crate::{Archive, Moment, Query, Sort, clocks, deadlines};

fn at(hours: i64) -> Timestamp {
    "2026-03-02T01:00:00Z".parse::<Timestamp>().unwrap() + Span::hours(hours)
}

/// The standard rules, and from the sixth day on others, by which much is due sooner.
fn rules() -> Rulebook {
    let text = "version = \"2\"\nextends = \"standard\"\n[[target]]\nclock = \"resolution\"\nelapsed = \"3h\"\n";
    let stricter = Policy::parse(text, "stricter.toml").unwrap();
    let mut rules = Rulebook::new(Policy::standard());
    let founding = PolicyAdopted::founding(&Policy::standard()).unwrap();
    rules.adopt(&founding).unwrap();
    rules
        .adopt(&PolicyAdopted::new(&stricter, at(120)).unwrap())
        .unwrap();
    rules
}

#[derive(Clone, Debug)]
struct Drawn {
    received: i64,
    is_email: bool,
    clocks: Vec<Clock>,
    pauses: Vec<Pause>,
}

fn clock() -> impl Strategy<Value = Clock> {
    let terms = Terms {
        category: Some("delivery/delay".parse().unwrap()),
        severity: Some(Severity::Minor),
        priority: Some(Priority::Urgent),
    };
    let own = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Target::Elapsed(Span::hours(5)))),
        1 => (0..300_i64).prop_map(|hours| Some(Target::At(at(hours)))),
        1 => Just(Some(Target::Unlimited)),
    ];
    let kinds = [
        ClockKind::Resolution,
        ClockKind::Handling,
        ClockKind::Acknowledge,
        ClockKind::Feedback,
    ];
    (
        prop::sample::select(kinds.to_vec()),
        prop::sample::select(vec![Terms::UNCLASSIFIED, terms]),
        0..240_i64,
        own,
        prop::option::weighted(0.1, 0..300_i64),
        prop::option::weighted(0.4, 0..100_i64),
    )
        .prop_map(|(kind, terms, start, own_target, extended, ended)| {
            let mut clock = Clock::start(kind, Cycle::FIRST, at(start), terms);
            clock.own_target = own_target;
            clock.extended_to = extended.map(at);
            clock.part = (kind == ClockKind::Handling).then(|| Part {
                epoch: Epoch::FIRST,
                assignee: Assignee::department("logistics".parse().unwrap()),
                joint: false,
            });
            clock.end = ended.map(|hours| ClockEnd {
                at: at(start + hours),
                how: Ending::Stopped,
                lead: None,
            });
            clock
        })
}

fn pause() -> impl Strategy<Value = Pause> {
    let spans = (
        0..240_i64,
        prop::option::of(1..200_i64),
        prop::option::of(1..200_i64),
    );
    spans.prop_map(|(from, until, ended)| Pause {
        reason: PauseReason::AwaitingCustomer,
        from: at(from),
        until: until.map(|hours| at(from + hours)),
        ended_at: ended.map(|hours| at(from + hours)),
    })
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let clocks = prop::collection::vec(clock(), 0..4);
    let pauses = prop::collection::vec(pause(), 0..2);
    (0..60_i64, any::<bool>(), clocks, pauses).prop_map(|(received, is_email, clocks, pauses)| {
        Drawn {
            received,
            is_email,
            clocks,
            pauses,
        }
    })
}

impl Drawn {
    /// Nothing runs in a closed complaint; one that nothing runs in may be open.
    fn state(&self) -> State {
        let runs = self.clocks.iter().any(|clock| clock.end.is_none());
        if runs || self.received % 2 == 0 {
            State::Processing
        } else {
            State::Closed
        }
    }

    fn due(&self, moment: &Moment) -> Option<Timestamp> {
        let running = self
            .clocks
            .iter()
            .filter(|clock| clock.runs_at(moment.at()));
        let read = running.map(|clock| moment.rules().read(clock, &self.pauses, moment.at()));
        read.filter_map(|reading| reading.due).min()
    }

    fn stands(&self, statuses: &[Status], moment: &Moment) -> bool {
        let mut begun = self
            .clocks
            .iter()
            .filter(|clock| clock.started_at <= moment.at());
        begun.any(|clock| {
            let reading = moment.rules().read(clock, &self.pauses, moment.at());
            statuses.contains(&reading.status)
        })
    }
}

/// An archive of these complaints, numbered from 1 on.
fn archive(complaints: &[Drawn]) -> Archive {
    let archive = Archive::in_memory(Uuid::from_u128(1)).unwrap();
    let transaction = archive.connection.unchecked_transaction().unwrap();
    for (number, drawn) in (1..).zip(complaints) {
        transaction
            .prepare_cached(
                "INSERT INTO complaints (n, id, received_at, reached, asked, severity_rank, subject, state, cycle, level,
                     channel, source, safety, intake_department)
                 VALUES (?1, unhex(format('%032x', ?1)), ?2, 0, 0, 0, 'customer', ?3, 1, 0, ?4, 'internal', 0, 'intake')",
            )
            .unwrap()
            .execute(params![
                number,
                at(drawn.received).as_micros(),
                drawn.state().name(),
                if drawn.is_email { "email" } else { "sms" }
            ])
            .unwrap();
        let number = Number::of_row(number).unwrap();
        clocks::write(&transaction, number, &[], &drawn.clocks).unwrap();
        clocks::write_pauses(&transaction, number, &[], &drawn.pauses).unwrap();
    }
    transaction.commit().unwrap();
    archive
}

/// The numbers of the complaints for which something holds, in an order; of those alike, the latest received first.
fn sorted(
    complaints: &[Drawn],
    holds: impl Fn(&Drawn) -> bool,
    order: impl Fn(&Drawn) -> i64,
) -> Vec<i64> {
    let mut found: Vec<_> = (1..)
        .zip(complaints)
        .filter(|(_, drawn)| holds(drawn))
        .map(|(number, drawn)| (order(drawn), Reverse((drawn.received, number))))
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .map(|(_, Reverse((_, number)))| number)
        .collect()
}

fn numbers(places: Vec<Place>) -> Vec<i64> {
    places.into_iter().map(|place| place.number.get()).collect()
}

/// Every page of a query that sorts by deadline, one after another.
fn pages(archive: &Archive, query: &Query, moment: &Moment, size: usize) -> Vec<i64> {
    let mut all = Vec::new();
    let mut page = query.clone().limit(size);
    loop {
        let places = deadlines::page(&archive.connection, &page, moment).unwrap();
        let Some(last) = places.last() else {
            return all;
        };
        page = page.after(last.cursor(Uuid::nil(), None));
        all.extend(numbers(places));
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 8,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(6),
        max_shrink_iters: 50,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn deadlines_in_order_are_what_reading_every_clock_finds(
        complaints in prop::collection::vec(drawn(), 1_100..1_300),
        hours in prop_oneof![0..340_i64, Just(340_i64), Just(900_i64)],
        size in 150..400_usize,
    ) {
        let archive = archive(&complaints);
        let moment = Moment::new(rules(), at(hours));
        let by_due = |drawn: &Drawn| drawn.due(&moment).map_or(i64::MAX, Timestamp::as_micros);
        let query = Query::new().sort(Sort::Due(moment.clone()));
        let all = sorted(&complaints, |_| true, by_due);
        let first = deadlines::page(&archive.connection, &query.clone().limit(7), &moment).unwrap();
        prop_assert_eq!(numbers(first), &all[..7]);
        prop_assert_eq!(pages(&archive, &query, &moment, size), all);
        let emails = query.channel(redress_core::Channel::Email).open(true);
        let holds = |drawn: &Drawn| drawn.is_email && drawn.state() != State::Closed;
        prop_assert_eq!(pages(&archive, &emails, &moment, size), sorted(&complaints, holds, by_due));
    }

    #[test]
    fn clocks_of_many_are_what_reading_each_finds(
        complaints in prop::collection::vec(drawn(), 1_100..1_300),
        hours in prop_oneof![0..340_i64, Just(340_i64), Just(1_i64)],
        status in prop::sample::select(&Status::ALL[..]),
        limit in 1..60_usize,
    ) {
        let archive = archive(&complaints);
        let moment = Moment::new(rules(), at(hours));
        let check = |query: Query, holds: &dyn Fn(&Drawn) -> bool| {
            let expected = sorted(&complaints, holds, |_| 0);
            let found = |query: &Query| {
                let walk = Walk::of(&archive.connection, query).unwrap();
                numbers(by_column(&archive.connection, query, walk).unwrap())
            };
            let page: Vec<i64> = expected.iter().copied().take(limit).collect();
            prop_assert_eq!(found(&query.clone().limit(limit)), page);
            prop_assert_eq!(&found(&query.clone().limit(usize::MAX)), &expected);
            prop_assert_eq!(archive.count(&query).unwrap(), expected.len() as u64);
            Ok(())
        };
        for statuses in [vec![Status::Overdue], vec![status], vec![status, Status::Paused]] {
            let query = Query::new().clock(None, statuses.clone(), &moment);
            check(query.clone(), &|drawn| drawn.stands(&statuses, &moment))?;
            check(query.channel(redress_core::Channel::Sms), &|drawn| !drawn.is_email && drawn.stands(&statuses, &moment))?;
        }
        let period = at(hours)..at(hours + 12);
        let in_period = |drawn: &Drawn| drawn.due(&moment).is_some_and(|due| period.contains(&due));
        check(Query::new().due(period.clone(), &moment), &in_period)?;
        let early = Query::new().due(Timestamp::MIN..at(2), &moment);
        check(early, &|drawn| drawn.due(&moment).is_some_and(|due| due < at(2)))?;
    }

    /// What the merged tracks promise: none that is due comes behind one that cannot be due so soon.
    #[test]
    fn nothing_is_due_before_the_bound(complaints in prop::collection::vec(drawn(), 200), hours in 0..340_i64) {
        let archive = archive(&complaints);
        let moment = Moment::new(rules(), at(hours));
        let mut upcoming = Upcoming::of(&archive.connection, &moment).unwrap();
        let mut given = BTreeSet::new();
        loop {
            let bound = upcoming.bound();
            for (number, drawn) in (1..).zip(&complaints) {
                let due = drawn.due(&moment);
                let is_before = due.is_some_and(|due| bound.is_none_or(|bound| due < bound));
                prop_assert!(!is_before || given.contains(&number), "{} {:?} {:?}", number, due, bound);
            }
            let block = upcoming.block(9).unwrap();
            if block.is_empty() {
                break;
            }
            given.extend(block.into_iter().map(Number::get));
        }
        let past = complaints.iter().flat_map(|drawn| &drawn.clocks).filter_map(|clock| clock.end.as_ref());
        let past = past.into_iter().any(|end| end.at > moment.at());
        prop_assert_eq!(is_past(&archive.connection, moment.at()).unwrap(), past);
    }
}
