//! Prepared words, filled with what the facts tell, or refused.

use proptest::prelude::*;
use redress_core::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, Change, Erased, Feedback, FeedbackKind,
    Money, Product, Received, ReceivedPersonal, Remedy, RemedyKind, Resolved, ResolvedPersonal,
};
use redress_core::policy::{Department, Placeholder, Shipped, Template, Values};
use redress_core::{Channel, Language, Name, Personal, Policy, Span, SubjectId, letter};
use uuid::Uuid;

use crate::story::{Story, assign, classify, code, pause, receive, resolve, start};

/// A policy of an organisation in Shanghai, eight hours ahead of UTC: 15 calendar days to resolve.
fn policy() -> Policy {
    let mut policy = Shipped::ExampleCnBank.policy();
    let name = Name {
        zh_cn: "物流部".to_owned(),
        en: "Logistics".to_owned(),
    };
    let logistics = Department {
        name: Some(name),
        ..Department::default()
    };
    for (id, department) in [
        ("logistics", logistics),
        ("service_desk", Department::default()),
    ] {
        policy.departments.insert(code(id), department);
    }
    policy
}

fn letter_of_a_customer() -> Received {
    let product = Product {
        code: code("kettle"),
        model: Some(code("K-2")),
        batch: None,
        order_ref: None,
    };
    Received {
        external_ref: Some(code("2026-17")),
        product: Some(product),
        personal: Personal::Known(ReceivedPersonal {
            name: Some("王芳".to_owned()),
            subject: "水壶漏水".to_owned(),
            description: "第二天就漏水".to_owned(),
            ..ReceivedPersonal::default()
        }),
        ..receive()
    }
}

fn received() -> Story {
    Story {
        policy: policy(),
        ..Story::new()
    }
    .then(letter_of_a_customer())
}

fn processing() -> Story {
    received()
        .then(classify("delivery/delay"))
        .then(assign("logistics", "wang.fang"))
}

fn solution() -> Resolved {
    let refund = Remedy {
        kind: RemedyKind::Refund,
        amount: Some(Money {
            minor_units: 12_850,
            currency: "CNY".to_owned().try_into().unwrap(),
        }),
    };
    let apology = Remedy {
        kind: RemedyKind::Apology,
        amount: None,
    };
    Resolved {
        remedies: Some(vec![refund, apology]),
        personal: Personal::Known(ResolvedPersonal {
            solution: "退还货款并道歉".to_owned(),
        }),
        ..resolve()
    }
}

fn values(story: &Story, language: Language) -> Values {
    letter::values(
        &story.facts,
        &story.complaint,
        &story.rules(),
        language,
        story.now,
    )
}

/// Checks every value there is; the id of the complaint is the same throughout.
#[track_caller]
fn check(story: &Story, language: Language, expected: &[(Placeholder, &str)]) {
    let found = values(story, language);
    let id = Story::id().to_string();
    let all = expected
        .iter()
        .fold(Values::new(), |values, (place, value)| {
            values.with(*place, *value)
        })
        .with(Placeholder::Complaint, id);
    for place in Placeholder::ALL {
        assert_eq!(found.get(place), all.get(place), "{}", place.name());
    }
}

/// Received at 09:00 UTC, which is 17:00 in Shanghai, on 2 March; 15 calendar days end with 17 March.
#[test]
fn values_are_told_in_the_language_and_zone_of_the_organisation() {
    use Placeholder::*;
    check(
        &processing(),
        Language::English,
        &[
            (Category, "Delay"),
            (Customer, "王芳"),
            (Department, "Logistics"),
            (Due, "17 March 2026, 24:00"),
            (ExternalRef, "2026-17"),
            (Product, "kettle K-2"),
            (ReceivedAt, "2 March 2026, 17:00"),
            (Subject, "水壶漏水"),
        ],
    );
    check(
        &received(),
        Language::Chinese,
        &[
            (Customer, "王芳"),
            (Department, "service_desk"),
            (Due, "2026年3月17日 24:00"),
            (ExternalRef, "2026-17"),
            (Product, "kettle K-2"),
            (ReceivedAt, "2026年3月2日 17:00"),
            (Subject, "水壶漏水"),
        ],
    );
}

/// Under the standard policy: no zone, so UTC; the result is due 24 hours after the solution, the revisit 3 days after it.
#[test]
fn each_state_has_the_deadline_the_customer_waits_for() {
    let due = |story: &Story| {
        values(story, Language::English)
            .get(Placeholder::Due)
            .map(str::to_owned)
    };
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(due(&Story::received()), told("12 March 2026, 09:00 UTC"));
    assert_eq!(due(&Story::resolved()), told("3 March 2026, 10:00 UTC"));
    assert_eq!(due(&Story::fed_back()), told("5 March 2026, 11:00 UTC"));
    assert_eq!(due(&Story::closed()), None);
    // What stands still is due at no known time.
    let paused = Story::processing().then(pause(Some(start() + Span::hours(5))));
    assert_eq!(due(&paused), None);
}

#[test]
fn a_solution_its_remedies_and_a_promise_are_told() {
    let promise = Feedback {
        promised_by: Some(start() + Span::hours(2)),
        ..Feedback::new(FeedbackKind::Progress, Channel::Sms, "soon")
    };
    let story = processing().then(promise).then(solution());
    let of = |language, place| values(&story, language).get(place).map(str::to_owned);
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(
        of(Language::English, Placeholder::Remedies),
        told("refund 128.50 CNY, apology")
    );
    assert_eq!(
        of(Language::Chinese, Placeholder::Remedies),
        told("退款 128.50 CNY、道歉")
    );
    assert_eq!(
        of(Language::Chinese, Placeholder::Solution),
        told("退还货款并道歉")
    );
    assert_eq!(
        of(Language::Chinese, Placeholder::PromisedBy),
        told("2026年3月2日 19:00")
    );
    let nothing = processing().then(resolve());
    let found = values(&nothing, Language::Chinese);
    assert_eq!(found.get(Placeholder::Remedies), Some("无"));
    assert_eq!(found.get(Placeholder::Solution), None);
}

#[test]
fn corrections_are_told_and_what_was_erased_is_not() {
    let corrected = Amended {
        cause: AmendmentCause::Correction,
        patch: vec![Change::Product(None)],
        outcome: AmendOutcome::Corrected,
        warnings: None,
        personal: Personal::Known(AmendedPersonal {
            name: Some("王方".to_owned()),
            ..AmendedPersonal::default()
        }),
    };
    let story = processing().then(solution()).then(corrected);
    let found = values(&story, Language::Chinese);
    assert_eq!(found.get(Placeholder::Customer), Some("王方"));
    assert_eq!(found.get(Placeholder::Subject), Some("水壶漏水"));
    assert_eq!(found.get(Placeholder::Product), None);

    let erased = story.then(Erased {
        subject: SubjectId::new(Uuid::from_u128(7)),
        basis: "request".to_owned(),
    });
    let found = values(&erased, Language::Chinese);
    for place in [
        Placeholder::Customer,
        Placeholder::Subject,
        Placeholder::Solution,
    ] {
        assert_eq!(found.get(place), None, "{}", place.name());
    }
    assert_eq!(found.get(Placeholder::ExternalRef), Some("2026-17"));
}

fn template(text: &str) -> Template {
    Template {
        channels: vec![],
        text: Name {
            zh_cn: text.to_owned(),
            en: text.to_owned(),
        },
    }
}

#[track_caller]
fn filled(text: &str, values: &Values, expected: Result<&str, &str>) {
    let found = template(text).fill(Language::English, values);
    let found = found.as_deref().map_err(ToString::to_string);
    assert_eq!(found, expected.map_err(str::to_owned));
}

#[test]
fn a_place_without_a_value_is_told_and_no_letter_has_a_hole() {
    let values = Values::new()
        .with(Placeholder::Customer, "{complaint} & 王芳")
        .with(Placeholder::Subject, " \n ");
    filled("", &values, Ok(""));
    filled(
        "{customer}, {customer}!",
        &values,
        Ok("{complaint} & 王芳, {complaint} & 王芳!"),
    );
    filled(
        "{customer} {product} {due}",
        &values,
        Err(
            "there is no value for `{product}`: no product was recorded; record it, or take a template without this place",
        ),
    );
    // A blank text is no value.
    filled(
        "{subject}",
        &values,
        Err(
            "there is no value for `{subject}`: the matter was not recorded in a line, or was erased; record it, or take a template without this place",
        ),
    );
    // What no policy file can say, a program can.
    filled("1 } 2 { 3", &values, Ok("1 } 2 { 3"));
    filled(
        "{nobody}",
        &values,
        Err(
            "there is no value for `{nobody}`: no complaint has a value of this name; record it, or take a template without this place",
        ),
    );
}

#[test]
fn no_debug_output_shows_a_value() {
    let shown = format!("{:?}", values(&processing(), Language::Chinese));
    assert!(shown.contains("Customer"), "{shown}");
    assert!(!shown.contains("王芳") && !shown.contains("漏水"));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the words and values are: with a value for each place, the words come out with each place replaced.
    #[test]
    fn words_between_places_stay_as_they_are(
        words in prop::collection::vec("[^{}]{0,6}", 1..6),
        value in "\\PC{0,6}x",
    ) {
        let values = Placeholder::ALL.into_iter().fold(Values::new(), |all, place| all.with(place, &*value));
        let text = words.join("{due}");
        prop_assert_eq!(template(&text).fill(Language::Chinese, &values), Ok(words.join(&value)));
    }

    #[test]
    fn no_text_makes_filling_panic(text in "[a-z{}复]{0,12}") {
        let filled = template(&text).fill(Language::English, &Values::new());
        let has_place = text.split_once('{').is_some_and(|(_, rest)| rest.contains('}'));
        prop_assert_eq!(filled.ok(), (!has_place).then_some(text));
    }
}
