//! What holds for every history.

use std::path::PathBuf;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use redress_archive::{Archive, Query};
use redress_core::{Event, EventType, Position, Recorded};
use redress_store::{Projection, ProjectionFault};
use tempfile::TempDir;

use crate::dump::dump;
use crate::histories::{LEDGER, among_refusals, as_erased, as_facts};
use crate::walks::walks;

/// An archive in a file of its own.
struct Shelf {
    folder: TempDir,
    archive: Archive,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(folder.path().join("views"), LEDGER).unwrap();
        Self { folder, archive }
    }

    fn folded(facts: &[Recorded]) -> Self {
        let mut shelf = Self::new();
        shelf.archive.fold(&as_facts(facts)).unwrap();
        shelf
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("views")
    }

    #[track_caller]
    fn assert_equals(&self, other: &Self) {
        let (left, right) = (dump(&self.path()), dump(&other.path()));
        for (table, lines) in &left {
            assert_eq!(lines, &right[table], "table {table}");
        }
        assert_eq!(left.len(), right.len());
    }
}

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 32,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn incremental_equals_rebuilt(facts in walks(), size in 1..9_usize) {
        let rebuilt = Shelf::folded(&facts);
        let mut incremental = Shelf::new();
        for batch in facts.chunks(size) {
            incremental.archive.fold(&as_facts(batch)).unwrap();
        }
        incremental.assert_equals(&rebuilt);
    }

    #[test]
    fn loaded_equals_folded(facts in walks(), cut in any::<prop::sample::Index>(), size in 1..9_usize) {
        let folded = Shelf::folded(&facts);
        let mut loaded = Shelf::new();
        let (load, rest) = facts.split_at(cut.index(facts.len() + 1));
        let mut loader = loaded.archive.loader();
        for batch in load.chunks(size) {
            loader.fold(&as_facts(batch)).unwrap();
        }
        loader.finish().unwrap();
        loaded.archive.fold(&as_facts(rest)).unwrap();
        loaded.assert_equals(&folded);
    }

    #[test]
    fn reopening_between_batches_changes_nothing(facts in walks(), cut in any::<prop::sample::Index>()) {
        let rebuilt = Shelf::folded(&facts);
        let cut = cut.index(facts.len() + 1);
        let mut reopened = Shelf::folded(&facts[..cut]);
        reopened.archive = Archive::open(reopened.path(), LEDGER).unwrap();
        prop_assert_eq!(reopened.archive.next_position(), Position::new(cut as u64));
        reopened.archive.fold(&as_facts(&facts[cut..])).unwrap();
        reopened.assert_equals(&rebuilt);
    }

    #[test]
    fn refusals_among_the_facts_change_nothing(facts in walks()) {
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        let among = among_refusals(&facts);
        archive.fold(&among).unwrap();
        prop_assert_eq!(archive.next_position(), Position::new(among.len() as u64));
        let last = among.last().map(|fact| (fact.event_id(), fact.recorded_at()));
        prop_assert_eq!(archive.last_fact(), last);
        let mut without = Archive::in_memory(LEDGER).unwrap();
        without.fold(&as_facts(&facts)).unwrap();
        let all = Query::new().limit(usize::MAX);
        let hits = archive.search(&all).unwrap();
        prop_assert_eq!(&hits, &without.search(&all).unwrap());
        for hit in hits {
            let mut file = archive.file(hit.summary.id).unwrap().unwrap();
            let expected = without.file(hit.summary.id).unwrap().unwrap();
            // A refusal stands before each fact.
            for fact in &mut file.timeline {
                fact.position = Position::new(fact.position.get() / 2);
            }
            prop_assert_eq!(file, expected);
        }
    }

    #[test]
    fn an_archive_holds_no_more_than_the_prefix_it_has_folded(
        facts in walks(),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(facts.len() + 1);
        let prefix = &facts[..cut];
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        archive.fold(&as_facts(prefix)).unwrap();
        let all = Query::new().limit(usize::MAX);
        let received = prefix.iter().filter(|fact| matches!(fact.event, Event::Received(_))).count();
        prop_assert_eq!(archive.count(&all).unwrap(), received as u64);
        for hit in archive.search(&all).unwrap() {
            let mut complaint = redress_core::Complaint::Absent;
            for fact in prefix.iter().filter(|fact| fact.complaint_id == hit.summary.id) {
                complaint = redress_core::evolve(complaint, fact).unwrap();
            }
            let case = complaint.case().unwrap();
            prop_assert_eq!(hit.summary.state, complaint.state());
            prop_assert_eq!(hit.summary.version, case.version);
            prop_assert_eq!(hit.summary.cycle, case.cycle);
            prop_assert_eq!(hit.summary.level, case.level);
            prop_assert_eq!(hit.summary.received_at, case.received_at);
            prop_assert_eq!(hit.summary.lead.as_ref(), complaint.lead());
            prop_assert_eq!(&hit.summary.links, &case.links);
        }
    }

    #[test]
    fn erased_in_passing_equals_folded_from_an_erased_ledger(facts in walks(), size in 1..30_usize) {
        let from_erased = Shelf::folded(&as_erased(&facts));
        let mut in_passing = Shelf::new();
        for batch in facts.chunks(size) {
            in_passing.archive.fold(&as_facts(batch)).unwrap();
        }
        in_passing.assert_equals(&from_erased);
    }

    #[test]
    fn the_time_line_is_what_was_recorded(facts in walks()) {
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        archive.fold(&as_facts(&facts)).unwrap();
        let kept = as_erased(&facts);
        for hit in archive.search(&Query::new()).unwrap() {
            let file = archive.file(hit.summary.id).unwrap().unwrap();
            let expected: Vec<Recorded> =
                kept.iter().filter(|fact| fact.complaint_id == hit.summary.id).cloned().collect();
            prop_assert_eq!(file.timeline, expected);
            prop_assert_eq!(file.summary, hit.summary);
        }
    }

    #[test]
    fn pages_together_are_the_whole_list(facts in walks(), size in 1..4_usize) {
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        archive.fold(&as_facts(&facts)).unwrap();
        let whole = archive.search(&Query::new()).unwrap();
        let mut pages = Vec::new();
        let mut query = Query::new().limit(size);
        loop {
            let page = archive.search(&query).unwrap();
            let Some(last) = page.last() else { break };
            query = query.after(last.cursor());
            pages.extend(page);
        }
        prop_assert_eq!(pages, whole);
    }

    #[test]
    fn a_fact_out_of_place_is_refused_and_changes_nothing(
        facts in walks().prop_filter("two facts", |facts| facts.len() > 1),
    ) {
        let shelf = Shelf::folded(&facts);
        let mut again = Shelf::folded(&facts);
        let refused = again.archive.fold(&as_facts(&facts[1..])).unwrap_err();
        prop_assert_eq!(refused.position, Position::new(1));
        let expected = Position::new(facts.len() as u64);
        let gap = matches!(refused.reason, ProjectionFault::Gap { expected: at } if at == expected);
        prop_assert!(gap);
        again.assert_equals(&shelf);
    }
}

#[test]
fn random_histories_reach_every_kind_of_fact() {
    let mut runner = TestRunner::deterministic();
    let mut reached = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let facts = walks().new_tree(&mut runner).unwrap().current();
        reached.extend(facts.iter().map(|fact| fact.event.event_type()));
    }
    let all: Vec<EventType> = reached.into_iter().collect();
    assert_eq!(all, EventType::ALL);
}
