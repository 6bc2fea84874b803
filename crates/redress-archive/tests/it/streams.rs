//! Complaints that have nothing to do with each other may be recorded in any order, and the archive closed at any place.

use proptest::prelude::*;
use redress_archive::{Archive, Dimension, Moment, Query};
use redress_core::{Event, Policy, Position, Recorded, Span};
use redress_store::Projection;

use crate::dump::dump;
use crate::histories::{LEDGER, as_facts, start};
use crate::laws::config;
use crate::orders::{interleaved, turns};
use crate::walks::walks;

fn folded(facts: &[Recorded]) -> Archive {
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(facts)).unwrap();
    archive
}

/// Up to the first erasure, which is about every complaint of a customer.
fn independent(mut facts: Vec<Recorded>) -> Vec<Recorded> {
    let erasure = facts
        .iter()
        .position(|fact| matches!(fact.event, Event::Erased(_)));
    facts.truncate(erasure.unwrap_or(facts.len()));
    facts
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_of_independent_streams_does_not_matter(
        facts in walks().prop_map(independent),
        turns in turns(),
    ) {
        let (one, other) = (folded(&facts), folded(&interleaved(&facts, &turns)));
        let all = Query::new().limit(usize::MAX);
        let hits = one.search(&all).unwrap();
        prop_assert_eq!(&hits, &other.search(&all).unwrap());
        for hit in hits {
            let file = |archive: &Archive| {
                let mut file = archive.file(hit.summary.id).unwrap().unwrap();
                for fact in &mut file.timeline {
                    fact.position = Position::FIRST;
                }
                file
            };
            prop_assert_eq!(file(&one), file(&other));
        }
        let moment = Moment::new(Policy::standard(), start() + Span::days(30));
        for dimension in Dimension::ALL {
            let groups = |archive: &Archive| archive.groups(&Query::new(), dimension, &moment).unwrap();
            prop_assert_eq!(groups(&one), groups(&other));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..config() })]

    #[test]
    fn closed_and_opened_again_after_every_fact_it_is_the_rebuilt_one(facts in walks()) {
        let (folder, whole) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = |folder: &tempfile::TempDir| folder.path().join("views");
        for fact in as_facts(&facts) {
            let mut archive = Archive::open(path(&folder), LEDGER).unwrap();
            prop_assert_eq!(archive.next_position(), fact.position());
            archive.fold(&[fact]).unwrap();
        }
        Archive::open(path(&whole), LEDGER).unwrap().fold(&as_facts(&facts)).unwrap();
        prop_assert_eq!(dump(&path(&folder)), dump(&path(&whole)));
    }
}
