//! A ledger in a folder, and a complaint in which everything personal holds the same words.

use std::path::PathBuf;

use redress::blocking::Ledger;
use redress::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, AssignmentNote, CloseReason, Closed,
    ClosingNote, Contact, ContactKind, Customer, FeedbackKind, FeedbackText, PauseNote,
    PauseReason, Paused, Received, ReceivedPersonal, ResolvedPersonal, ResumeCause, Resumed,
    RevisitNote, Satisfaction,
};
use redress::sqlite::SqliteStore;
use redress::store::EventStore;
use redress::{Command, ComplaintId, LedgerError, Personal, Policy, Span, SubjectId, Timestamp};
use tempfile::TempDir;

use crate::wishes::{agent, assign, classify, handler, note, receive, resolve, revisit, tell};

/// What the desk knows: where its files are.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
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

/// The customer whose data these tests are about.
pub(crate) fn subject() -> SubjectId {
    SubjectId::from_random([7; 16])
}

/// A life in which whatever can be personal holds these words: nine personal parts.
pub(crate) fn live<S: EventStore>(
    ledger: &Ledger<S>,
    customer: SubjectId,
    words: &str,
) -> ComplaintId {
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

/// What is done about it after it was received: ten commands.
pub(crate) fn wishes(
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
