//! A customer's data are erased: nothing personal of theirs is left, and every count stays.

use std::fs;
use std::path::Path;

use redress_archive::{Archive, Query};
use redress_core::event::{AmendedPersonal, FeedbackKind, Satisfaction};
use redress_core::{Command, ComplaintId, Personal, Policy};
use redress_store::Projection;

use crate::histories::{
    History, LEDGER, amended, as_facts, assign, classified, complaint, erased, feedback, note,
    received, resolved, revisit,
};

/// A whole life in which everything said holds this word, so that each text can be looked for.
fn life(history: &mut History, id: ComplaintId, customer: u128, word: &str) {
    let says = |what: &str| format!("{what} {word}");
    let wishes: [Command; 9] = [
        received(customer, &says("subject"), &says("description")).into(),
        classified("delivery/delay").into(),
        assign("logistics", "ann").into(),
        note(&says("note")).into(),
        resolved("service/slow_response", &says("solution")).into(),
        feedback(FeedbackKind::Result, &says("result")).into(),
        amended(
            vec![],
            AmendedPersonal {
                description: Some(says("corrected")),
                ..AmendedPersonal::default()
            },
        )
        .into(),
        revisit(Satisfaction::Neutral, &says("suggestion")).into(),
        feedback(FeedbackKind::CustomerReply, &says("reply")).into(),
    ];
    for wish in wishes {
        history.then(id, wish);
    }
}

/// Whether any file in the folder holds these bytes, whatever their case.
fn on_disk(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let mut bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.make_ascii_lowercase();
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    })
}

#[test]
fn nothing_personal_is_left_in_any_file() {
    let mut history = History::new(Policy::standard());
    life(&mut history, complaint(1), 1, "Qwyzzle");
    life(&mut history, complaint(2), 1, "Qwyzzle 退款");
    life(&mut history, complaint(3), 2, "Plumbus");
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("views"), LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let told = |archive: &Archive, text: &str| archive.count(&Query::new().text(text)).unwrap();
    assert_eq!(told(&archive, "qwyzzle"), 2);
    assert!(on_disk(folder.path(), "qwyzzle"));
    assert!(on_disk(folder.path(), "13800001111"));

    let before = history.facts.len();
    history.then(complaint(1), erased(1));
    archive.fold(&as_facts(&history.facts[before..])).unwrap();

    assert!(!on_disk(folder.path(), "qwyzzle"));
    assert!(!on_disk(folder.path(), "corrected qwyzzle"));
    assert_eq!(told(&archive, "qwyzzle"), 0);
    assert_eq!(told(&archive, "退款"), 0);
    assert_eq!(told(&archive, "plumbus"), 1);
    assert!(on_disk(folder.path(), "plumbus"));
    assert_eq!(archive.count(&Query::new()).unwrap(), 3);
    assert_eq!(
        archive.count(&Query::new().category("delivery")).unwrap(),
        3
    );
    for id in [complaint(1), complaint(2)] {
        let file = archive.file(id).unwrap().unwrap();
        assert_eq!(file.personal, Personal::Withheld);
        let facts = history.facts.iter().filter(|fact| fact.complaint_id == id);
        assert_eq!(file.timeline.len(), facts.count());
    }
    let hits = archive.search(&Query::new()).unwrap();
    let known = hits.iter().filter(|hit| hit.subject.known().is_some());
    assert_eq!(known.count(), 1);
}

/// The letter after every `ticket` and its five digits in any file of the folder.
fn letters(folder: &Path) -> Vec<u8> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        for window in bytes.windows(12) {
            if window.starts_with(b"ticket") && window[6..11].iter().all(u8::is_ascii_digit) {
                found.push(window[11]);
            }
        }
    }
    found
}

/// An index of many pages has signposts between them, made of words; they must not outlive what they are made of.
#[test]
fn no_word_is_left_between_the_pages_of_a_large_index() {
    // In the index each word of the one stands just before that of the other with the same number, so that a signpost at
    // the other needs its letter.
    let ending = |letter: char| {
        (0..10_000)
            .map(|number| format!("ticket{number:05}{letter} "))
            .collect::<String>()
    };
    let mut history = History::new(Policy::standard());
    history.then(complaint(1), received(1, "long", &ending('y')));
    history.then(complaint(2), received(2, "long", &ending('x')));
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("views"), LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    assert!(letters(folder.path()).contains(&b'y'));
    history.then(complaint(1), erased(1));
    archive.fold(&as_facts(&history.facts[2..])).unwrap();
    let left = letters(folder.path());
    assert!(!left.contains(&b'y'));
    assert!(left.contains(&b'x'));
}

/// After the first erasure the index lies in one piece; the second must leave as little.
#[test]
fn a_second_erasure_leaves_as_little_as_the_first() {
    let mut history = History::new(Policy::standard());
    for (number, word) in [(1, "Qwyzzle"), (2, "Plumbus"), (3, "Snorkel")] {
        let many: String = (0..3_000).map(|part| format!(" {word}{part:04}")).collect();
        history.then(complaint(number), received(number, word, &many));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut archive = Archive::open(folder.path().join("views"), LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    for (number, word) in [(1, "qwyzzle"), (2, "plumbus")] {
        assert!(on_disk(folder.path(), word));
        let before = history.facts.len();
        history.then(complaint(number), erased(number));
        archive.fold(&as_facts(&history.facts[before..])).unwrap();
        assert!(!on_disk(folder.path(), word), "{word}");
        assert_eq!(archive.count(&Query::new().text(word)).unwrap(), 0);
    }
    assert_eq!(archive.count(&Query::new().text("snorkel0007")).unwrap(), 1);
    assert!(on_disk(folder.path(), "snorkel"));
}

#[test]
fn what_is_said_after_an_erasure_is_kept() {
    let mut history = History::new(Policy::standard());
    life(&mut history, complaint(1), 1, "before");
    history.then(complaint(1), erased(1));
    history.then(complaint(1), note("said afterwards"));
    history.then(
        complaint(1),
        amended(
            vec![],
            AmendedPersonal {
                subject: Some("renamed".to_owned()),
                ..AmendedPersonal::default()
            },
        ),
    );
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let hits = |text: &str| archive.search(&Query::new().text(text)).unwrap();
    assert_eq!(hits("before"), Vec::new());
    assert_eq!(hits("afterwards").len(), 1);
    assert_eq!(
        hits("renamed")[0].subject,
        Personal::Known("renamed".to_owned())
    );
}

#[test]
fn a_corrected_text_leaves_no_word_behind() {
    let mut history = History::new(Policy::standard());
    history.then(complaint(1), received(1, "wrongly filed", "snorkel"));
    history.then(
        complaint(1),
        amended(
            vec![],
            AmendedPersonal {
                description: Some("umbrella".to_owned()),
                ..AmendedPersonal::default()
            },
        ),
    );
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let count = |text: &str| archive.count(&Query::new().text(text)).unwrap();
    assert_eq!(count("snorkel"), 0);
    assert_eq!(count("umbrella"), 1);
    assert_eq!(count("wrongly"), 1);
}

#[test]
fn debug_shows_nothing_personal() {
    let mut history = History::new(Policy::standard());
    life(&mut history, complaint(1), 1, "Qwyzzle");
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let query = Query::new().text("Qwyzzle");
    let shown = format!(
        "{archive:?} {query:?} {:?} {:?}",
        archive.search(&query).unwrap(),
        archive.file(complaint(1)).unwrap()
    );
    for secret in ["Qwyzzle", "王芳", "13800001111"] {
        assert!(!shown.contains(secret), "{secret} is shown");
    }
}
