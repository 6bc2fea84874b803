//! Where the words that were asked for stand; shown only when that is asked for.

use proptest::prelude::*;
use redress_archive::{Archive, Field, MAX_SNIPPETS, Query};
use redress_core::event::AmendedPersonal;
use redress_core::{Personal, Policy};
use redress_store::Projection;

use crate::filters::config;
use crate::histories::{
    History, LEDGER, amended, as_facts, assign, classified, complaint, note, received, resolved,
};
use crate::walks::walks;

fn story() -> Archive {
    let mut history = History::new(Policy::standard());
    let id = complaint(1);
    let mut letter = received(1, "退款", "快递延迟，我要求退款！");
    if let Personal::Known(said) = &mut letter.personal {
        said.place = Some("上海浦东机场".to_owned());
    }
    history.then(id, letter);
    history.then(id, classified("delivery/delay"));
    history.then(id, assign("logistics", "ann"));
    history.then(id, note("asked the driver"));
    history.then(id, resolved("service/slow_response", "Refund agreed: 退款"));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    archive
}

#[test]
fn words_are_marked_in_the_text_as_it_was_written() {
    let archive = story();
    let hits = archive
        .search(&Query::new().text("退款").reveal(true))
        .unwrap();
    let snippets: Vec<_> = hits[0]
        .snippets
        .iter()
        .map(|snippet| {
            (
                snippet.field,
                snippet.version.get(),
                snippet.excerpt.known().unwrap().as_str(),
                snippet.ranges[0].clone(),
            )
        })
        .collect();
    // A Chinese character takes three bytes; eight stand before the second 退款.
    assert!(
        hits[0]
            .snippets
            .iter()
            .all(|snippet| snippet.ranges.len() == 1)
    );
    assert_eq!(
        snippets,
        [
            (Field::Subject, 1, "退款", 0..6),
            (Field::Description, 1, "快递延迟，我要求退款！", 24..30),
            (Field::Solution, 5, "Refund agreed: 退款", 15..21),
        ]
    );
    let hits = archive
        .search(&Query::new().text("refund 延迟").reveal(true))
        .unwrap();
    let marked: Vec<_> = hits[0]
        .snippets
        .iter()
        .map(|snippet| &snippet.excerpt.known().unwrap()[snippet.ranges[0].clone()])
        .collect();
    assert_eq!(marked, ["延迟", "Refund"]);
}

#[test]
fn without_being_asked_for_no_word_is_shown() {
    let archive = story();
    let hits = archive.search(&Query::new().text("退款")).unwrap();
    assert_eq!(hits[0].snippets.len(), MAX_SNIPPETS);
    for snippet in &hits[0].snippets {
        assert_eq!(snippet.excerpt, Personal::Withheld);
        assert!(!snippet.ranges.is_empty());
    }
    let revealed = archive
        .search(&Query::new().text("退款").reveal(true))
        .unwrap();
    assert!(!format!("{revealed:?}").contains("退款"));
    assert!(
        archive.search(&Query::new()).unwrap()[0]
            .snippets
            .is_empty()
    );
}

#[test]
fn a_place_is_found_as_a_place() {
    let mut history = History::new(Policy::standard());
    let mut letter = received(1, "at the airport", "words");
    if let Personal::Known(said) = &mut letter.personal {
        said.place = Some("上海浦东机场".to_owned());
    }
    history.then(complaint(1), letter);
    history.then(complaint(2), received(2, "浦东机场", "words"));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let count = |archive: &Archive, query: Query| archive.count(&query).unwrap();
    assert_eq!(count(&archive, Query::new().place("浦东")), 1);
    assert_eq!(count(&archive, Query::new().place("浦")), 1);
    assert_eq!(count(&archive, Query::new().place("airport")), 0);
    assert_eq!(count(&archive, Query::new().text("浦东")), 2);
    assert_eq!(
        count(&archive, Query::new().place("浦东").text("airport")),
        1
    );
    let moved = AmendedPersonal {
        place: Some("北京".to_owned()),
        ..AmendedPersonal::default()
    };
    let before = history.facts.len();
    history.then(complaint(1), amended(vec![], moved));
    archive.fold(&as_facts(&history.facts[before..])).unwrap();
    assert_eq!(count(&archive, Query::new().place("浦东")), 0);
    assert_eq!(count(&archive, Query::new().place("北京")), 1);
}

proptest! {
    #![proptest_config(config())]

    /// Every hit by words has a snippet that can be cut out, in order, and the marks lie within it.
    #[test]
    fn ranges_lie_within_the_excerpt(facts in walks(), word in prop::sample::select(&["退款", "延迟", "refund", "迟", "done"][..])) {
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        archive.fold(&as_facts(&facts)).unwrap();
        for hit in archive.search(&Query::new().text(word).reveal(true)).unwrap() {
            prop_assert!(!hit.snippets.is_empty());
            prop_assert!(hit.snippets.len() <= MAX_SNIPPETS);
            for snippet in hit.snippets {
                let excerpt = snippet.excerpt.known().unwrap();
                let mut end = 0;
                for range in snippet.ranges {
                    prop_assert!(range.start >= end && range.end > range.start);
                    end = range.end;
                    prop_assert!(excerpt.get(range).is_some());
                }
            }
        }
    }
}
