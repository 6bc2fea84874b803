//! Erasing a customer: nothing of theirs is left in any file, every figure stays, and nothing brings it back.

use std::fs;
use std::path::{Path, PathBuf};

use redress::blocking::Ledger;
use redress::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, AssignmentNote, CloseReason, Closed,
    ClosingNote, Contact, ContactKind, Customer, FeedbackKind, FeedbackText, PauseNote,
    PauseReason, Paused, Received, ReceivedPersonal, ResolvedPersonal, ResumeCause, Resumed,
    RevisitNote, Satisfaction,
};
use redress::evidence::keys::{FileKeys, KeyStore, WrappingKey};
use redress::evidence::{Frontier, Hash, Leaf};
use redress::sqlite::SqliteStore;
use redress::store::{EventStore, PartKind};
use redress::{
    Actor, Command, ComplaintId, LedgerError, NotErased, PartFault, PartVerdict, Personal, Policy,
    Span, SubjectId, Timestamp,
};
use tempfile::TempDir;

use crate::wishes::{agent, assign, classify, handler, note, receive, resolve, revisit, tell};
use crate::world::entries;

/// What is looked for: it stands in every personal field.
const CANARY: &str = "Kanarienvogel退款";
const BASIS: &str = "GDPR Art. 17";

pub(crate) fn subject() -> SubjectId {
    SubjectId::from_random([7; 16])
}

fn officer() -> Actor {
    agent()
}

pub(crate) struct Desk {
    folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("complaints.redress")
    }

    pub(crate) fn beside(&self, ending: &str) -> PathBuf {
        self.path().with_extension(ending)
    }

    pub(crate) fn open(&self) -> Ledger<SqliteStore> {
        self.try_open().unwrap()
    }

    pub(crate) fn try_open(&self) -> Result<Ledger<SqliteStore>, LedgerError> {
        Ledger::open(self.path(), Policy::standard())
    }
}

/// A life in which whatever can be personal holds these words: nine personal parts.
pub(crate) fn live(ledger: &Ledger<SqliteStore>, customer: SubjectId, words: &str) -> ComplaintId {
    let said = |what: &str| format!("{what} {words}");
    let contacts = vec![Contact {
        kind: ContactKind::Handle,
        value: said("contact"),
    }];
    let received = Received {
        customer: Customer::new(customer),
        personal: Personal::Known(ReceivedPersonal {
            name: Some(said("name")),
            contacts: contacts.clone(),
            on_behalf_of: Some(said("for")),
            subject: said("subject"),
            description: said("description"),
            captions: vec![said("caption")],
            place: Some(said("place")),
        }),
        ..receive()
    };
    let received = ledger.receive(received, &agent()).unwrap();
    let id = received.unwrap().complaint_id;
    let until = ledger.as_async().now() + Span::days(5);
    for wish in wishes(&said, contacts, until) {
        let name = wish.name();
        let outcome = ledger.execute(id, wish, &handler()).unwrap();
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    }
    id
}

fn wishes(
    said: &impl Fn(&str) -> String,
    contacts: Vec<Contact>,
    until: Timestamp,
) -> [Command; 10] {
    let mut assigned = assign();
    let note_of = said("assigned");
    assigned.personal = Personal::Known(AssignmentNote { note: note_of });
    let paused = Paused {
        reason: PauseReason::AwaitingCustomer,
        until: Some(until),
        personal: Personal::Known(PauseNote {
            note: said("paused"),
        }),
    };
    let mut resolved = resolve();
    let solution = said("solution");
    resolved.personal = Personal::Known(ResolvedPersonal { solution });
    let mut told = tell(FeedbackKind::Result);
    told.personal = Personal::Known(FeedbackText {
        content: said("content"),
        opinion: Some(said("opinion")),
    });
    let mut revisited = revisit(Satisfaction::Neutral);
    revisited.personal = Personal::Known(RevisitNote {
        suggestion: said("suggestion"),
    });
    let amended = Amended {
        personal: Personal::Known(AmendedPersonal {
            name: Some(said("other name")),
            contacts: Some(contacts),
            subject: Some(said("other subject")),
            description: Some(said("other description")),
            place: Some(said("other place")),
        }),
        ..Amended::check(AmendmentCause::Correction, AmendOutcome::Corrected)
    };
    let mut closed = Closed::new(CloseReason::Withdrawn);
    let closing = said("closed");
    closed.personal = Personal::Known(ClosingNote { note: closing });
    [
        classify("delivery/delay").into(),
        assigned.into(),
        paused.into(),
        Resumed {
            cause: ResumeCause::Arrived,
        }
        .into(),
        note(&said("note")).into(),
        resolved.into(),
        told.into(),
        revisited.into(),
        amended.into(),
        closed.into(),
    ]
}

/// Every way in which the words could stand in a file.
fn spellings(words: &str) -> Vec<(String, Vec<u8>)> {
    let utf8 = words.as_bytes().to_vec();
    let units: Vec<u16> = words.encode_utf16().collect();
    let little = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    let hex: String = utf8.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut found = vec![
        ("UTF-8".to_owned(), utf8.clone()),
        ("UTF-16LE".to_owned(), little),
        ("UTF-16BE".to_owned(), big),
        ("hex".to_owned(), hex.clone().into_bytes()),
        ("HEX".to_owned(), hex.to_uppercase().into_bytes()),
    ];
    // In base 64 it looks different at each of three places; what the neighbours share is left out.
    for shift in 0..3 {
        let mut padded = vec![b' '; shift];
        padded.extend_from_slice(&utf8);
        let text = base64(&padded);
        let end = text.len() - 4;
        found.push((format!("base64+{shift}"), text.as_bytes()[4..end].to_vec()));
    }
    found.retain(|(_, spelling)| spelling.len() >= 4);
    found
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let groups = bytes.chunks_exact(3).map(|group| {
        let number = group
            .iter()
            .fold(0_usize, |all, byte| all << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(DIGITS[number >> shift & 63]))
    });
    groups.flatten().collect()
}

/// The files under a folder that hold the words, and how.
pub(crate) fn hits(folder: &Path, words: &str) -> Vec<String> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let mut lower = bytes.clone();
        lower.make_ascii_lowercase();
        bytes.extend(lower);
        for (how, spelling) in spellings(words) {
            if bytes
                .windows(spelling.len())
                .any(|window| window == spelling)
            {
                found.push(format!("{} as {how}", path.display()));
            }
        }
    }
    found
}

/// The leaves of the tree over everything that is stored.
fn leaves(ledger: &Ledger<SqliteStore>) -> Vec<Hash> {
    let store = ledger.as_async().store();
    let of = |entry| Leaf::of(entry).hash(store.ledger_id()).unwrap();
    entries(store).iter().map(of).collect()
}

fn root(leaves: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    leaves.iter().for_each(|leaf| frontier.push(*leaf));
    frontier.root()
}

#[test]
fn nothing_personal_is_left_in_any_file_and_every_figure_stays() {
    let desk = Desk::new();
    let ledger = desk.open();
    let first = live(&ledger, subject(), CANARY);
    live(&ledger, subject(), CANARY);
    let other = live(&ledger, SubjectId::from_random([8; 16]), "Plumbus");
    drop(ledger.views().unwrap());
    let told: Vec<String> = hits(desk.folder.path(), CANARY);
    assert!(
        told.iter().all(|hit| hit.contains(".views")),
        "sealed in the ledger: {told:?}"
    );
    assert!(
        hits(desk.folder.path(), "kanarienvogel")
            .iter()
            .any(|hit| hit.contains(".views"))
    );

    let before_erasing = leaves(&ledger);
    let figures = |ledger: &Ledger<SqliteStore>| {
        let views = ledger.views().unwrap();
        let causes = views.causes.counts(
            redress::causes::Dimension::Category,
            &redress::causes::CauseQuery::default(),
        );
        let all = redress::archive::Query::new();
        let open = redress::archive::Query::new().open(true);
        (
            format!("{causes:?}"),
            views.archive.count(&all).unwrap(),
            views.archive.count(&open).unwrap(),
        )
    };
    let before = figures(&ledger);

    let erasure = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    // Received, assigned, paused, noted, resolved, told, revisited, amended, closed: nine parts in each of two.
    assert_eq!(
        (erasure.keys, erasure.parts, erasure.complaints.len()),
        (1, 18, 2)
    );

    assert_eq!(hits(desk.folder.path(), CANARY), Vec::<String>::new());
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
    assert_eq!(figures(&ledger), before);
    for fact in ledger.history(first).unwrap() {
        assert!(!format!("{fact:?}").contains("Kanarien"));
    }
    let verdicts = ledger.examine_parts(first).unwrap();
    assert_eq!(verdicts.len(), 9);
    let receipt = erasure.receipt;
    assert!(
        verdicts
            .iter()
            .all(|(_, it)| *it == PartVerdict::Erased { receipt })
    );
    assert!(
        ledger
            .examine_parts(other)
            .unwrap()
            .iter()
            .all(|(_, it)| *it == PartVerdict::Intact)
    );

    // The tree made before is the beginning of the one made of what is left: proofs stay valid.
    let after_erasing = leaves(&ledger);
    let size = before_erasing.len();
    assert!(after_erasing.len() > size);
    assert_eq!(root(&after_erasing[..size]), root(&before_erasing));

    // Nothing is left to do, and opening again folds the same.
    let again = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    assert_eq!((again.receipt, again.parts), (receipt, 0));
    drop(ledger);
    let ledger = desk.open();
    assert_eq!(figures(&ledger), before);
    drop(ledger);
    fs::remove_file(desk.beside("views")).unwrap();
    let ledger = desk.open();
    assert_eq!(figures(&ledger), before);
    drop(ledger);
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
    assert!(!hits(desk.folder.path(), "plumbus").is_empty());
}

#[test]
fn what_is_recorded_after_an_erasure_has_a_key_of_its_own_and_can_be_erased_too() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    let first = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    let id = live(&ledger, subject(), CANARY);
    assert!(
        ledger
            .examine_parts(id)
            .unwrap()
            .iter()
            .all(|(_, it)| *it == PartVerdict::Intact)
    );
    let second = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    assert_eq!(
        (second.keys, second.parts, second.complaints.len()),
        (2, 9, 2)
    );
    assert!(second.receipt > first.receipt);
    drop(ledger.views().unwrap());
    assert_eq!(
        hits(desk.folder.path(), "kanarienvogel"),
        Vec::<String>::new()
    );
}

#[test]
fn an_old_key_store_is_refused_after_an_erasure() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    drop(ledger);
    let backup = fs::read(desk.beside("keys")).unwrap();
    let ledger = desk.open();
    ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    drop(ledger);
    fs::write(desk.beside("keys"), backup).unwrap();
    let error = desk.try_open().unwrap_err();
    assert!(
        matches!(error, LedgerError::KeyRestored(whose) if whose == subject()),
        "{error}"
    );
    assert!(!error.to_string().contains("Kanarien"));
}

#[test]
fn a_ledger_without_its_keys_does_not_open_and_makes_none_anew() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    drop(ledger);
    let keys = fs::read(desk.beside("keys")).unwrap();

    fs::remove_file(desk.beside("keys")).unwrap();
    assert!(matches!(desk.try_open(), Err(LedgerError::NoKeyStore(_))));
    assert!(!desk.beside("keys").exists());

    // An older copy, from before the customer came.
    fs::write(desk.beside("keys"), &keys[..256]).unwrap();
    let error = desk.try_open().unwrap_err();
    let missing = PartFault::KeyMissing;
    assert!(
        matches!(error, LedgerError::Personal { why, .. } if why == missing),
        "{error}"
    );
    assert_eq!(fs::read(desk.beside("keys")).unwrap(), &keys[..256]);

    let mut damaged = keys.clone();
    damaged[300] ^= 1;
    fs::write(desk.beside("keys"), damaged).unwrap();
    assert!(matches!(desk.try_open(), Err(LedgerError::Keys(error)) if error.is_damage()));

    fs::write(desk.beside("keys"), keys).unwrap();
    let secret = fs::read(desk.beside("key")).unwrap();
    fs::write(desk.beside("key"), "0".repeat(64)).unwrap();
    let error = desk.try_open().unwrap_err().to_string();
    assert!(
        error.contains("does not open with this passphrase or key"),
        "{error}"
    );
    fs::write(desk.beside("key"), secret).unwrap();
    assert!(desk.try_open().is_ok());
}

#[test]
fn a_passphrase_guards_a_ledger_and_leaves_no_key_file() {
    let desk = Desk::new();
    let open = |secret: &str| {
        let secret = WrappingKey::passphrase(secret);
        Ledger::open_with(desk.path(), Policy::standard(), secret)
    };
    let ledger = open("correct horse").unwrap();
    let id = live(&ledger, subject(), CANARY);
    drop(ledger);
    assert!(!desk.beside("key").exists());
    let error = open("wrong horse").unwrap_err().to_string();
    assert!(
        error.contains("does not open with this passphrase"),
        "{error}"
    );
    assert!(!error.contains("horse"));
    assert_eq!(
        open("correct horse")
            .unwrap()
            .examine_parts(id)
            .unwrap()
            .len(),
        9
    );
}

#[test]
fn a_key_that_was_destroyed_behind_the_ledgers_back_is_a_finding() {
    let desk = Desk::new();
    let ledger = desk.open();
    live(&ledger, subject(), CANARY);
    let ledger_id = ledger.as_async().store().ledger_id();
    drop(ledger);
    let secret = WrappingKey::load(&desk.beside("key")).unwrap();
    let keys = FileKeys::open(desk.beside("keys"), ledger_id, &secret).unwrap();
    let id = keys.list().unwrap()[0];
    keys.destroy(id).unwrap();
    drop(keys);
    let error = desk.try_open().unwrap_err();
    let gone = PartFault::Missing;
    assert!(
        matches!(error, LedgerError::Personal { why, .. } if why == gone),
        "{error}"
    );
}

#[test]
fn a_ciphertext_that_was_altered_or_moved_is_a_finding() {
    let desk = Desk::new();
    let ledger = desk.open();
    let id = live(&ledger, subject(), CANARY);
    let sealed = entries(ledger.as_async().store());
    let positions: Vec<i64> = sealed
        .iter()
        .filter(|entry| {
            entry
                .content
                .parts
                .iter()
                .any(|part| part.kind == PartKind::Sealed)
        })
        .map(|entry| i64::try_from(entry.position.get()).unwrap())
        .collect();
    assert_eq!(positions.len(), 9);
    drop(ledger);
    let connection = rusqlite::Connection::open(desk.path()).unwrap();
    // The last byte of the first part, its key commitment in the second, the third in the place of the fourth.
    let part = |position: i64| -> Vec<u8> {
        let query = "SELECT bytes FROM parts WHERE position = ?1";
        connection
            .query_row(query, [position], |row| row.get(0))
            .unwrap()
    };
    let put = |position: i64, bytes: Vec<u8>| {
        let query = "UPDATE parts SET bytes = ?2 WHERE position = ?1";
        connection.execute(query, (position, bytes)).unwrap();
    };
    let mut altered = part(positions[0]);
    *altered.last_mut().unwrap() ^= 1;
    put(positions[0], altered);
    let mut swapped = part(positions[1]);
    swapped[50] ^= 1;
    put(positions[1], swapped);
    put(positions[3], part(positions[2]));
    drop(connection);
    assert!(desk.try_open().is_err());

    let ledger = Ledger::open_read_only(desk.path(), Policy::standard(), None).unwrap();
    let verdicts: Vec<PartVerdict> = ledger
        .examine_parts(id)
        .unwrap()
        .into_iter()
        .map(|(_, verdict)| verdict)
        .collect();
    let (intact, faulty) = (PartVerdict::Intact, PartVerdict::Faulty);
    assert_eq!(
        verdicts,
        [
            faulty(PartFault::Corrupt),
            faulty(PartFault::KeyMismatch),
            intact,
            faulty(PartFault::KeyMismatch),
            intact,
            intact,
            intact,
            intact,
            intact,
        ]
    );
}

#[test]
fn a_ledger_from_before_sealing_is_read_sealed_from_then_on_and_erased_whole() {
    let desk = Desk::new();
    let store = SqliteStore::create(desk.path(), crate::world::LEDGER, Default::default()).unwrap();
    let archive = redress::archive::Archive::in_memory(store.ledger_id()).unwrap();
    let plain = redress::Ledger::unsealed(
        store,
        archive,
        Policy::standard(),
        redress::SystemEnvironment,
    );
    let plain: Ledger<SqliteStore> = plain.into();
    let id = live(&plain, subject(), CANARY);
    assert_eq!(
        plain.erase_subject(subject(), BASIS, &officer()).unwrap(),
        Err(NotErased::NoKeys)
    );
    drop(plain);
    assert!(!hits(desk.folder.path(), CANARY).is_empty());
    let ledger = desk.open();
    assert_eq!(ledger.history(id).unwrap().len(), 11);
    live(&ledger, subject(), CANARY);
    let erasure = ledger
        .erase_subject(subject(), BASIS, &officer())
        .unwrap()
        .unwrap();
    assert_eq!((erasure.keys, erasure.parts), (1, 18));
    drop(ledger);
    assert_eq!(hits(desk.folder.path(), CANARY), Vec::<String>::new());
    assert_eq!(desk.open().history(id).unwrap().len(), 12);
}
