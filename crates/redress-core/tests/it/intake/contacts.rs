//! How contacts are written: each kind at its edges.

use proptest::prelude::*;
use redress_core::event::{Contact, ContactKind};
use redress_core::intake::{Warning, warnings};
use redress_core::{Event, Policy};

use super::{contact, flagged, saying};
use crate::story::{Story, start};

#[track_caller]
fn check(kind: ContactKind, well_formed: bool, values: &[&str]) {
    for value in values {
        let fact = saying(|said| said.contacts = vec![contact(kind, value)]);
        let expected: &[Warning] = if well_formed {
            &[]
        } else {
            &[Warning::ContactFormat]
        };
        assert_eq!(flagged(fact), expected, "{kind:?} {value:?}");
    }
}

/// The numbers of the prefixes are those the numbering plan of the mainland gives to mobile networks: 13 to 19.
#[test]
fn a_mobile_number_of_the_mainland_has_eleven_digits_and_starts_with_13_to_19() {
    check(
        ContactKind::Phone,
        true,
        &[
            "13800138000",
            "19900000000",
            "138 0013 8000",
            " 138-0013-8000 ",
            "+8613800138000",
            "+86 138 0013 8000",
            "0086 13800138000",
        ],
    );
    check(
        ContactKind::Phone,
        false,
        &[
            "1380013800",
            "138001380000",
            "12800138000",
            "11100138000",
            "23800138000",
            "+861380013800",
            "+86138001380000",
            "1380013800x",
            "１３８００１３８０００",
        ],
    );
}

/// ITU-T E.164: at most fifteen digits with the country code, which does not start with 0.
#[test]
fn a_number_from_abroad_starts_with_a_plus_and_has_seven_to_fifteen_digits() {
    check(
        ContactKind::Phone,
        true,
        &[
            "+442079460000",
            "+1 (202) 555-0123",
            "+6531234567",
            "+86 10 6552 9999",
            "+1234567",
            "+123456789012345",
        ],
    );
    check(
        ContactKind::Phone,
        false,
        &[
            "",
            "+",
            "+123456",
            "+1234567890123456",
            "+0442079460000",
            "++442079460000",
            "442079460000",
            "+44 20 7946 O000",
            "unknown",
        ],
    );
}

#[test]
fn an_address_has_a_name_and_a_domain() {
    let long_local = format!("{}@example.com", "a".repeat(64));
    let long_label = format!("a@{}.com", "b".repeat(63));
    check(
        ContactKind::Email,
        true,
        &[
            "wang.fang@example.com",
            " wang@example.com ",
            "a+b_c-d@mail.example.co.uk",
            "王芳@例子.公司",
            "a@b.c",
            &long_local,
            &long_label,
        ],
    );
    // 64 + 1 + 3 x 63 + 2 = 256 octets, two more than there may be, with no part too long.
    let too_long = format!("{}@{}", "a".repeat(64), [&"b".repeat(63)[..]; 3].join("."));
    check(
        ContactKind::Email,
        false,
        &[
            "",
            "wang.fang",
            "@example.com",
            "wang@",
            "wang@example",
            "wang@@example.com",
            "wang@example@com",
            "wang fang@example.com",
            ".wang@example.com",
            "wang.@example.com",
            "wa..ng@example.com",
            "wang@example..com",
            "wang@.com",
            "wang@-example.com",
            "wang@example-.com",
            "wang@exam_ple.com",
            "\"wang fang\"@example.com",
            "wang＠example.com",
            &format!("a{long_local}"),
            &long_label.replace("b.", "bb."),
            &too_long,
        ],
    );
}

#[test]
fn any_name_or_postal_address_will_do_unless_it_is_blank() {
    for kind in [ContactKind::Handle, ContactKind::Post] {
        check(kind, true, &["wangfang_88", "上海市浦东新区 1 号", "x"]);
        check(kind, false, &["", " ", "\u{3000}\n"]);
    }
}

#[test]
fn one_wrong_contact_among_several_is_flagged_once() {
    let right = contact(ContactKind::Phone, "13800138000");
    let wrong = contact(ContactKind::Email, "wang");
    let contacts = vec![wrong.clone(), right, wrong];
    let fact = saying(|said| said.contacts = contacts);
    assert_eq!(flagged(fact), [Warning::ContactFormat]);
    assert_eq!(flagged(saying(|said| said.contacts = Vec::new())), []);
}

fn kinds() -> impl Strategy<Value = ContactKind> {
    prop_oneof![
        Just(ContactKind::Phone),
        Just(ContactKind::Email),
        Just(ContactKind::Handle),
        Just(ContactKind::Post),
    ]
}

proptest! {
    /// Whatever is written down, it is judged, and neither the fact nor the warnings show it.
    #[test]
    fn any_text_is_judged_and_never_shown(kind in kinds(), value in any::<String>(), mark in "[a-z]{12}") {
        let value = format!("{mark}{value}");
        let fact = saying(|said| {
            said.contacts = vec![contact(kind, &value)];
            said.description = value.clone();
            said.name = Some(value.clone());
        });
        let flagged = warnings(&fact, start(), &Policy::standard());
        prop_assert!(flagged.is_sorted());
        let events: Vec<Event> = Story::new().would(fact).unwrap();
        let shown = format!("{events:?}{flagged:?}");
        prop_assert!(!shown.contains(&mark), "{shown}");
    }

    #[test]
    fn texts_of_the_right_characters_are_judged_too(value in "[+0-9 ().@a-z-]{0,40}") {
        for kind in [ContactKind::Phone, ContactKind::Email] {
            let Contact { value, .. } = contact(kind, &value);
            let fact = saying(|said| said.contacts = vec![contact(kind, &value)]);
            let well_formed = warnings(&fact, start(), &Policy::standard()).is_empty();
            let digits = value.chars().filter(char::is_ascii_digit).count();
            prop_assert!(!well_formed || kind == ContactKind::Email || (7..=15).contains(&digits));
            prop_assert!(!well_formed || kind == ContactKind::Phone || value.matches('@').count() == 1);
        }
    }
}
