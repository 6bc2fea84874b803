//! What is flagged, each warning both ways at its edge, and how it is cleared.

use redress_core::event::{
    AmendOutcome, AmendedPersonal, Change, ContactKind, InitialAssessment, Occurrence, Received,
};
use redress_core::intake::Warning;
use redress_core::{Command, Event, Language, Personal, Policy, Span, Timestamp};

use super::{change, change_said, contact, flagged, open, reviewed, saying};
use crate::story::{Story, classify, receive, start};

fn occurred(time: Timestamp) -> Received {
    Received {
        occurred: Some(Occurrence { time }),
        ..receive()
    }
}

fn bare() -> Received {
    Received {
        product: None,
        initial: None,
        ..receive()
    }
}

#[test]
fn an_intake_that_tells_everything_is_not_flagged() {
    assert_eq!(flagged(receive()), []);
}

#[test]
fn what_happened_after_the_complaint_about_it() {
    assert_eq!(flagged(occurred(start())), []);
    assert_eq!(
        flagged(occurred(start() + Span::micros(1))),
        [Warning::OccurredAfterReceipt]
    );
    assert_eq!(
        flagged(occurred(Timestamp::MAX)),
        [Warning::OccurredAfterReceipt]
    );
}

/// Received on 2 March 2026 at 09:00 UTC: three years before are 2 March 2023 at 09:00 UTC, 1,096 days (2024 has a leap day).
#[test]
fn what_happened_more_than_three_years_before() {
    let three_years: Timestamp = "2023-03-02T09:00:00Z".parse().unwrap();
    assert_eq!(start().since(three_years), Span::days(1_096));
    assert_eq!(flagged(occurred(three_years)), []);
    assert_eq!(
        flagged(occurred(three_years + Span::micros(-1))),
        [Warning::OccurredLongAgo]
    );
    assert_eq!(
        flagged(occurred(Timestamp::MIN)),
        [Warning::OccurredLongAgo]
    );
}

#[test]
fn three_years_before_a_leap_day_is_the_28th_of_february() {
    let flagged_at = |time: &str| {
        let story = Story {
            now: "2028-02-29T09:00:00Z".parse().unwrap(),
            ..Story::new()
        };
        let story = story.then(occurred(time.parse().unwrap()));
        open(&story).to_vec()
    };
    assert_eq!(flagged_at("2025-02-28T09:00:00Z"), []);
    assert_eq!(
        flagged_at("2025-02-28T08:59:59.999999Z"),
        [Warning::OccurredLongAgo]
    );
}

/// The standard asks for ten characters. White space around them is not counted, that between them is; a character is one
/// however many bytes it has.
#[test]
fn a_short_description() {
    let described = |words: &str| flagged(saying(|said| said.description = words.to_owned()));
    assert_eq!(described("要求退款并且赔偿损失"), []);
    assert_eq!(described("要求退款并赔偿损失"), [Warning::ShortDescription]);
    assert_eq!(described("  0123456789\n"), []);
    assert_eq!(described("  012345678\n"), [Warning::ShortDescription]);
    assert_eq!(described("no refund!"), []);
    // The matter in a line makes up for no description.
    let in_a_line = saying(|said| {
        said.subject = "要求退款并且赔偿损失".to_owned();
        said.description = String::new();
    });
    assert_eq!(flagged(in_a_line), [Warning::ShortDescription]);
}

#[test]
fn how_short_is_for_the_policy_to_say() {
    let mut story = Story::new();
    story.policy.min_description_chars = 0;
    let wordless = saying(|said| {
        said.subject = "退款".to_owned();
        said.description = String::new();
    });
    assert_eq!(open(&story.clone().then(wordless.clone())), []);
    story.policy.min_description_chars = u32::MAX;
    assert_eq!(open(&story.then(wordless)), [Warning::ShortDescription]);
}

#[test]
fn no_product_and_no_priority() {
    let without_product = Received {
        product: None,
        ..receive()
    };
    assert_eq!(flagged(without_product), [Warning::NoProduct]);
    for initial in [
        None,
        Some(InitialAssessment {
            nature: None,
            priority: None,
        }),
    ] {
        let unjudged = Received {
            initial,
            ..receive()
        };
        assert_eq!(flagged(unjudged), [Warning::PriorityAbsent]);
    }
}

#[test]
fn all_at_once_are_listed_in_order() {
    let mut fact = saying(|said| {
        said.description = "退款".to_owned();
        said.contacts = vec![contact(ContactKind::Phone, "none")];
    });
    fact.occurred = Some(Occurrence {
        time: Timestamp::MAX,
    });
    fact.product = None;
    fact.initial = None;
    let found = flagged(fact);
    let expected: Vec<Warning> = Warning::ALL
        .into_iter()
        .filter(|warning| *warning != Warning::OccurredLongAgo)
        .collect();
    assert_eq!(found, expected);
    assert!(Warning::ALL.is_sorted());
}

#[test]
fn nobody_but_the_checks_sets_a_warning() {
    let told = Received {
        warnings: vec![Warning::NoProduct, Warning::ContactFormat],
        ..receive()
    };
    assert_eq!(flagged(told), []);
    let hidden = Received {
        warnings: vec![],
        ..bare()
    };
    assert_eq!(
        flagged(hidden),
        [Warning::NoProduct, Warning::PriorityAbsent]
    );
    let mut forged = reviewed(AmendOutcome::Corrected);
    forged.warnings = Some(vec![]);
    let story = Story::new().then(bare()).then(forged);
    assert_eq!(open(&story).len(), 2);
}

/// What stands in the fact is not what the sender wrote, and is the same wish all the same.
#[test]
fn a_wish_sent_again_is_known_by_its_fact() {
    let wanted = Command::from(bare());
    let fact = Story::new().would(bare()).unwrap().remove(0);
    assert!(wanted.asks_for(&fact));
    let story = Story::new().then(bare());
    let amend = change(Change::Product(receive().product));
    let fact = story.would(amend.clone()).unwrap().remove(0);
    assert!(Command::from(amend).asks_for(&fact));
}

#[test]
fn history_that_is_taken_over_is_not_flagged() {
    let story = Story {
        policy: Policy::standard().for_history(),
        ..Story::new()
    };
    let told = Received {
        warnings: vec![Warning::NoProduct],
        ..bare()
    };
    let story = story.then(told).then(change(Change::Product(None)));
    assert_eq!(open(&story), []);
}

#[test]
fn a_value_put_right_is_not_flagged_any_more_and_one_put_wrong_is() {
    let story = Story::new().then(bare());
    let product = receive().product;
    let named = story.then(change(Change::Product(product)));
    assert_eq!(open(&named), [Warning::PriorityAbsent]);
    let unnamed = named.then(change(Change::Product(None)));
    assert_eq!(
        open(&unnamed),
        [Warning::NoProduct, Warning::PriorityAbsent]
    );

    let late = Story::new().then(occurred(Timestamp::MAX));
    assert_eq!(open(&late), [Warning::OccurredAfterReceipt]);
    let old = late.then(change(Change::Occurred(Some(Occurrence {
        time: Timestamp::MIN,
    }))));
    assert_eq!(open(&old), [Warning::OccurredLongAgo]);
    let unknown = old.then(change(Change::Occurred(None)));
    assert_eq!(open(&unknown), []);
}

#[test]
fn words_and_contacts_put_right() {
    let phone = |value: &str| vec![contact(ContactKind::Phone, value)];
    let story = Story::new().then(saying(|said| {
        said.contacts = phone("1380013800");
        said.description = "退款".to_owned();
    }));
    assert_eq!(
        open(&story),
        [Warning::ContactFormat, Warning::ShortDescription]
    );
    let name_alone = change_said(AmendedPersonal {
        name: Some("王芳".to_owned()),
        ..AmendedPersonal::default()
    });
    let story = story.then(name_alone);
    assert_eq!(open(&story).len(), 2);
    let reached = change_said(AmendedPersonal {
        contacts: Some(phone("13800138000")),
        ..AmendedPersonal::default()
    });
    let story = story.then(reached);
    assert_eq!(open(&story), [Warning::ShortDescription]);
    let told = change_said(AmendedPersonal {
        description: Some("包裹三天没有送到，要求退款".to_owned()),
        ..AmendedPersonal::default()
    });
    assert_eq!(open(&story.then(told)), []);
}

/// What is flagged must not depend on personal parts that may be gone when it is read again.
#[test]
fn what_is_flagged_outlives_what_is_personal() {
    let story = Story::new().then(saying(|said| said.description = "退款".to_owned()));
    let told = change_said(AmendedPersonal {
        description: Some("包裹三天没有送到，要求退款".to_owned()),
        ..AmendedPersonal::default()
    });
    let story = story.then(told);
    let mut bare = Story::new();
    for fact in &story.facts {
        let mut event = fact.event.clone();
        if let Event::Received(fact) = &mut event {
            fact.personal = Personal::Withheld;
        } else if let Event::Amended(fact) = &mut event {
            fact.personal = Personal::Withheld;
        }
        bare.record(event, fact.occurred_at);
    }
    assert_eq!(bare.complaint, story.complaint);
}

#[test]
fn a_class_says_how_urgent_it_is() {
    let story = Story::new().then(bare()).then(classify("delivery/delay"));
    assert_eq!(open(&story), [Warning::NoProduct]);
}

#[test]
fn a_review_that_finds_everything_right_leaves_nothing_flagged() {
    let story = Story::new().then(bare());
    for outcome in [
        AmendOutcome::Corrected,
        AmendOutcome::Disputed,
        AmendOutcome::Unanswered,
    ] {
        let story = story.clone().then(reviewed(outcome));
        assert_eq!(open(&story).len(), 2, "{outcome:?}");
    }
    assert_eq!(open(&story.then(reviewed(AmendOutcome::Confirmed))), []);
}

#[test]
fn every_warning_has_a_code_and_words_of_its_own() {
    for (index, warning) in Warning::ALL.into_iter().enumerate() {
        let stored = serde_json::to_value(warning).unwrap();
        assert_eq!(stored, warning.code());
        for earlier in &Warning::ALL[..index] {
            assert_ne!(earlier.code(), warning.code());
            for language in [Language::English, Language::Chinese] {
                assert_ne!(earlier.message(language), warning.message(language));
            }
        }
    }
}

#[test]
fn an_intake_without_the_field_is_read_as_one_without_warnings() {
    let stored = serde_json::to_value(receive()).unwrap();
    assert!(stored.get("warnings").is_none());
    let read: Received = serde_json::from_value(stored).unwrap();
    assert!(read.warnings.is_empty());
}
