//! Whatever is printed of what holds personal data tells nothing of it: `Debug` of every type that holds some, and every
//! error about it.

use proptest::prelude::*;
use redress::archive::Query;
use redress::blocking::Ledger;
use redress::event::{
    AmendedPersonal, AssignmentNote, ClosingNote, Contact, ContactKind, FeedbackText, NoteText,
    PauseNote, ReceivedPersonal, ResolvedPersonal, RevisitNote,
};
use redress::store::{Append, EventStore, ExpectedVersion, MemoryStore, PartKind};
use redress::{Language, Personal, Position, Rejection, Span, Submission};

use crate::desk::{live, subject, wishes};
use crate::wishes::{agent, receive};
use crate::world::{LEDGER, World, in_memory};

/// Neither the words nor their bytes, as `Debug` shows numbers.
#[track_caller]
fn check(told: &str, secret: &str) {
    let bytes = format!("{:?}", secret.as_bytes());
    assert!(!told.contains(secret), "{told}");
    assert!(!told.contains(bytes.trim_matches(['[', ']'])), "{told}");
    // Half of it would tell too.
    let half: String = secret.chars().take(8).collect();
    assert!(!told.contains(&half), "{told}");
}

/// Everything personal there is, by itself.
fn bare(secret: &str) -> Vec<String> {
    let said = || secret.to_owned();
    let contact = Contact {
        kind: ContactKind::Handle,
        value: said(),
    };
    let received = ReceivedPersonal {
        name: Some(said()),
        contacts: vec![contact.clone()],
        on_behalf_of: Some(said()),
        subject: said(),
        description: said(),
        captions: vec![said()],
        place: Some(said()),
    };
    let amended = AmendedPersonal {
        name: Some(said()),
        contacts: Some(vec![contact.clone()]),
        subject: Some(said()),
        description: Some(said()),
        place: Some(said()),
    };
    let feedback = FeedbackText {
        content: said(),
        opinion: Some(said()),
    };
    vec![
        format!("{:?}", Personal::Known(received.clone())),
        format!("{received:?}{contact:?}{amended:?}{feedback:?}"),
        format!("{:?}", AssignmentNote { note: said() }),
        format!("{:?}", PauseNote { note: said() }),
        format!("{:?}", NoteText { text: said() }),
        format!("{:?}", ClosingNote { note: said() }),
        format!("{:?}", ResolvedPersonal { solution: said() }),
        format!("{:?}", RevisitNote { suggestion: said() }),
    ]
}

/// What a ledger hands out about a complaint that holds the words everywhere.
fn handed_out(secret: &str) -> Vec<String> {
    let world = in_memory();
    let ledger: &Ledger<_> = &world.ledger;
    let id = live(ledger, subject(), secret);
    let contacts = Vec::new();
    let until = ledger.as_async().now() + Span::days(5);
    let wishes = wishes(&|what: &str| format!("{what} {secret}"), contacts, until);
    let query = Query::new().text(secret).place(secret);
    let mut told = vec![
        format!("{:?}", ledger.history(id).unwrap()),
        format!("{:?}", ledger.entries(id).unwrap()),
        format!("{:?}", ledger.complaint(id).unwrap()),
        format!("{:?}", ledger.duties(id).unwrap()),
        format!("{:?}", ledger.examine_parts(id).unwrap()),
        format!("{:?}", ledger.custody(subject()).unwrap()),
        format!("{:?}", ledger.refusals().unwrap()),
        format!("{ledger:?}{:?}", ledger.as_async().replay()),
    ];
    for language in [Language::English, Language::Chinese] {
        let letter = ledger.letter(id, &"acknowledgement".parse().unwrap(), language);
        told.push(format!("{letter:?}"));
    }
    for wish in wishes {
        let submission = Submission::new(wish.clone(), agent());
        // Handed in again, most are refused.
        let outcome = ledger.execute(id, wish.clone(), &agent()).unwrap();
        let message = outcome.as_ref().err().map(Rejection::to_string);
        told.push(format!("{wish:?}{submission:?}{outcome:?}{message:?}"));
    }
    let views = ledger.views().unwrap();
    told.extend([
        format!("{:?}{views:?}", *views),
        format!("{:?}{query:?}", views.archive.search(&query)),
        format!("{:?}", views.archive.search(&Query::new()).unwrap()),
        format!("{:?}", views.archive.file(id).unwrap()),
    ]);
    told
}

/// The errors about a personal part that says what it must not, in every place in which a reader could quote it.
fn errors(secret: &str) -> Vec<String> {
    let shapes = [
        format!("{{\"name\":\"{secret}\",\"contacts\":\"{secret}\"}}"),
        format!("{{\"{secret}\":1}}"),
        format!("{{\"contacts\":[{{\"kind\":\"{secret}\",\"value\":\"x\"}}]}}"),
        format!("\"{secret}\""),
        format!("{{\"name\":{secret}"),
        secret.to_owned(),
    ];
    let error_of = |shape: String| {
        let sound = in_memory();
        sound.ledger.receive(receive(), &agent()).unwrap().unwrap();
        let world = World::on(MemoryStore::new(LEDGER));
        let store = world.ledger.as_async().store();
        for mut entry in sound.entries() {
            for part in &mut entry.content.parts {
                assert_eq!(part.kind, PartKind::Plain);
                part.bytes = shape.clone().into_bytes();
            }
            let append = Append {
                stream: entry.stream,
                expected: ExpectedVersion::Any,
                recorded_at: entry.recorded_at,
                entries: vec![entry.content],
            };
            pollster::block_on(store.append(append)).unwrap();
        }
        let error = world.ledger.views().map(drop).unwrap_err();
        let mut told = format!("{error}{error:?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(next) = cause {
            told.push_str(&format!("{next}{next:?}"));
            cause = next.source();
        }
        let replayed = world.ledger.replay_pages(None, Position::FIRST, |_| Ok(()));
        told + &format!("{:?}", replayed.unwrap_err())
    };
    shapes.into_iter().map(error_of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_printed_tells_anything_personal(secret in "[A-Z]{3}[a-z]{9}[退款王芳]{3}") {
        let told = [bare(&secret), handed_out(&secret), errors(&secret)].concat();
        prop_assert!(told.len() > 30);
        for text in told {
            prop_assert!(!text.is_empty());
            check(&text, &secret);
        }
    }
}
