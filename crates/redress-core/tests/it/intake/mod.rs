//! Checks at intake: what is refused, what is flagged, and what is owed for it.

mod contacts;
mod owed;
mod refused;
mod warnings;

use redress_core::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, Change, Contact, ContactKind, Received,
    ReceivedPersonal,
};
use redress_core::intake::Warning;
use redress_core::{Event, Personal};

use crate::story::{Story, receive};

/// An intake like any other, except for this of its personal part.
fn saying(change: impl FnOnce(&mut ReceivedPersonal)) -> Received {
    let mut fact = receive();
    let mut personal = fact.personal.known().unwrap().clone();
    change(&mut personal);
    fact.personal = Personal::Known(personal);
    fact
}

fn contact(kind: ContactKind, value: &str) -> Contact {
    Contact {
        kind,
        value: value.to_owned(),
    }
}

/// What is flagged of an intake when it is decided on.
#[track_caller]
fn flagged(fact: Received) -> Vec<Warning> {
    let events = Story::new().would(fact).unwrap();
    let warnings = |event: &Event| {
        if let Event::Received(fact) = event {
            Some(fact.warnings.clone())
        } else {
            None
        }
    };
    events.first().and_then(warnings).unwrap()
}

/// What is flagged of a complaint now.
fn open(story: &Story) -> &[Warning] {
    &story.complaint.case().unwrap().checks.warnings
}

fn change(change: Change) -> Amended {
    Amended {
        patch: vec![change],
        ..Amended::check(AmendmentCause::Correction, AmendOutcome::Corrected)
    }
}

fn change_said(personal: AmendedPersonal) -> Amended {
    Amended {
        personal: Personal::Known(personal),
        ..Amended::check(AmendmentCause::Correction, AmendOutcome::Corrected)
    }
}

fn reviewed(outcome: AmendOutcome) -> Amended {
    Amended::check(AmendmentCause::ManualReview, outcome)
}
