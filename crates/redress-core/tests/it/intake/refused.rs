//! Every error of an intake that must not be taken in. Reuse of an id is for the ledger, and tested there.

use redress_core::event::{ContactKind, Customer, Received, Sha256Hex};
use redress_core::{Rejection, Span, SubjectId};
use uuid::Uuid;

use super::{contact, saying};
use crate::story::{Story, code, receive};

#[track_caller]
fn check(fact: Received, expected: &Rejection) {
    assert_eq!(Story::new().would(fact).unwrap_err(), *expected);
}

#[test]
fn a_receipt_in_the_future() {
    let story = Story::new();
    story.would_at(receive(), story.now).unwrap();
    let future = story.now + Span::micros(1);
    assert_eq!(
        story.would_at(receive(), future).unwrap_err(),
        Rejection::OccurredInFuture
    );
}

/// The types leave no room for an intake without them; a stored one is not read.
#[test]
fn no_channel_no_receiver_no_department() {
    let whole = serde_json::to_value(receive()).unwrap();
    serde_json::from_value::<Received>(whole.clone()).unwrap();
    for field in ["channel", "receiver", "intake_department", "customer"] {
        let mut lacking = whole.clone();
        lacking.as_object_mut().unwrap().remove(field).unwrap();
        let error = serde_json::from_value::<Received>(lacking).unwrap_err();
        assert_eq!(error.to_string(), format!("missing field `{field}`"));
    }
    for field in ["receiver", "intake_department"] {
        let mut blank = whole.clone();
        blank[field] = "".into();
        let error = serde_json::from_value::<Received>(blank).unwrap_err();
        assert!(error.to_string().contains("empty"), "{error}");
    }
}

#[test]
fn nothing_said() {
    let silent = |subject: &str, description: &str| {
        saying(|said| {
            said.subject = subject.to_owned();
            said.description = description.to_owned();
        })
    };
    check(silent("", ""), &Rejection::NothingSaid);
    check(silent(" ", "\n\u{3000}"), &Rejection::NothingSaid);
    Story::new().would(silent("退款", "")).unwrap();
    Story::new().would(silent("", "退款")).unwrap();
}

#[test]
fn neither_a_contact_nor_the_wish_to_stay_unknown() {
    let known = |contacts| Received {
        customer: Customer::new(SubjectId::new(Uuid::from_u128(7))),
        ..saying(|said| said.contacts = contacts)
    };
    check(known(Vec::new()), &Rejection::NoContact);
    // A blank line reaches nobody.
    let blank = contact(ContactKind::Phone, " ");
    check(known(vec![blank.clone()]), &Rejection::NoContact);
    let letter = contact(ContactKind::Post, "上海市浦东新区 1 号");
    Story::new().would(known(vec![blank, letter])).unwrap();
}

#[test]
fn evidence_without_a_digest_that_can_be_one() {
    let digest = |text: &str| Sha256Hex::try_from(text.to_owned());
    let good = "0123456789abcdef".repeat(4);
    digest(&good).unwrap();
    for wrong in [
        String::new(),
        good[1..].to_owned(),
        format!("{good}0"),
        good.to_uppercase(),
        good.replace('f', "g"),
        "零".repeat(64),
    ] {
        let error = digest(&wrong).unwrap_err().to_string();
        assert_eq!(
            error,
            "is no SHA-256 digest of 64 lower-case hexadecimal digits"
        );
        // A stored one is not read either.
        let mut fact = serde_json::to_value(receive()).unwrap();
        fact["evidence"] = serde_json::json!([
            { "uri": "https://example.com/1", "media_type": "image/png", "sha256": wrong }
        ]);
        let error = serde_json::from_value::<Received>(fact).unwrap_err();
        assert!(error.to_string().contains("no SHA-256 digest"), "{error}");
    }
}

#[test]
fn a_reference_that_is_personal() {
    for personal in ["13800138000", "+86 138-0013-8000", "wang@example.com"] {
        let fact = Received {
            external_ref: Some(code(personal)),
            ..receive()
        };
        check(fact, &Rejection::PersonalReference);
    }
}

#[test]
fn taken_in_twice() {
    assert_eq!(
        Story::received().would(receive()).unwrap_err(),
        Rejection::AlreadyReceived
    );
}
