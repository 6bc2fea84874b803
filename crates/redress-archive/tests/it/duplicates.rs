//! Probable duplicates: what makes two complaints alike, what takes them off the list, and the list of all.

use proptest::prelude::*;
use redress_archive::{Archive, Likeness, ProbableDuplicate, Query};
use redress_core::event::{
    AmendOutcome, Amended, AmendedPersonal, AmendmentCause, Change, Linked, Product, Received,
    Relation,
};
use redress_core::{Channel, Policy, Span};
use redress_store::Projection;

use crate::histories::{History, LEDGER, amended, as_facts, classified, complaint, received};

const WEEK: Span = Span::days(7);

fn product(code: &str) -> Product {
    Product {
        code: code.parse().unwrap(),
        model: None,
        batch: None,
        order_ref: None,
    }
}

fn about(customer: u128, channel: Channel, code: Option<&str>) -> Received {
    Received {
        channel,
        product: code.map(product),
        ..received(customer, "parcel", "my parcel has not come")
    }
}

/// Complaint 1 by e-mail and complaint 2 by telephone, so long after it, both by customer 1 about the same product.
fn two(apart: Span) -> History {
    let mut history = History::new(Policy::standard());
    for (number, channel) in [(1, Channel::Email), (2, Channel::PhoneHotline)] {
        let fact = about(1, channel, Some("parcel")).into();
        history.try_do(complaint(number), "ann", &fact).unwrap();
        history.wait(apart);
    }
    history
}

fn archive(history: &History) -> Archive {
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    archive
}

fn found(history: &History, number: u128) -> Vec<ProbableDuplicate> {
    let found = archive(history).probable_duplicates(complaint(number), WEEK);
    found.unwrap()
}

/// The numbers of the complaints that may be the same as this one.
#[track_caller]
fn check(history: &History, number: u128, expected: &[u128]) {
    let others: Vec<_> = found(history, number)
        .into_iter()
        .map(|pair| pair.other)
        .collect();
    let expected: Vec<_> = expected.iter().map(|number| complaint(*number)).collect();
    assert_eq!(others, expected);
}

fn tie(relation: Relation, target: u128, unlink: bool) -> Linked {
    Linked {
        relation,
        target: complaint(target),
        unlink,
    }
}

fn review(cause: AmendmentCause) -> Amended {
    Amended::check(cause, AmendOutcome::Disputed)
}

#[test]
fn one_matter_through_two_channels_is_found_from_both_sides_with_the_reason() {
    let history = two(Span::hours(50));
    let expected = ProbableDuplicate {
        complaint: complaint(2),
        other: complaint(1),
        reasons: vec![Likeness::Product("parcel".parse().unwrap())],
        apart: Span::hours(50),
        channels: [Channel::PhoneHotline, Channel::Email],
        since: crate::histories::start() + Span::hours(50),
    };
    assert_eq!(found(&history, 2), std::slice::from_ref(&expected));
    let other_side = ProbableDuplicate {
        complaint: complaint(1),
        other: complaint(2),
        channels: [Channel::Email, Channel::PhoneHotline],
        ..expected.clone()
    };
    assert_eq!(found(&history, 1), [other_side]);
    let all = archive(&history).all_probable_duplicates(WEEK, None, 10);
    assert_eq!(all.unwrap(), [expected]);
    assert_eq!(found(&history, 3), []);
}

#[test]
fn a_week_apart_is_near_enough_and_a_microsecond_more_is_not() {
    check(&two(WEEK), 1, &[2]);
    check(&two(WEEK), 2, &[1]);
    let too_far = two(WEEK + Span::micros(1));
    check(&too_far, 1, &[]);
    check(&too_far, 2, &[]);
    check(&two(Span::ZERO), 1, &[2]);
    let archive = archive(&too_far);
    for (within, pairs) in [
        (Span::ZERO, 0),
        (Span::days(-1), 0),
        (WEEK, 0),
        (WEEK + Span::micros(1), 1),
        (Span::micros(i64::MAX), 1),
        (Span::micros(i64::MIN), 0),
    ] {
        let all = archive.all_probable_duplicates(within, None, 10).unwrap();
        assert_eq!(all.len(), pairs, "{within:?}");
        let one = archive.probable_duplicates(complaint(1), within).unwrap();
        assert_eq!(one.len(), pairs, "{within:?}");
    }
}

#[test]
fn alike_is_the_customer_and_the_category_or_the_product() {
    let mut history = History::new(Policy::standard());
    for (number, customer, code) in [
        (1, 1, Some("parcel")),
        (2, 2, Some("parcel")),
        (3, 1, Some("kettle")),
        (4, 1, None),
        (5, 1, None),
    ] {
        history.then(complaint(number), about(customer, Channel::Email, code));
    }
    // Another customer, another product; and no category is not the same category, no product not the same product.
    for number in 1..=5 {
        check(&history, number, &[]);
    }
    for (number, category) in [
        (1, "delivery/delay"),
        (2, "delivery/delay"),
        (3, "delivery/delay"),
        (4, "delivery"),
    ] {
        history.then(complaint(number), classified(category));
    }
    check(&history, 1, &[3]);
    check(&history, 2, &[]);
    // What lies below a category is not the same.
    check(&history, 4, &[]);
    let corrected = amended(
        vec![Change::Product(Some(product("parcel")))],
        AmendedPersonal::default(),
    );
    history.then(complaint(3), corrected);
    let reasons = [
        Likeness::Category("delivery/delay".parse().unwrap()),
        Likeness::Product("parcel".parse().unwrap()),
    ];
    assert_eq!(found(&history, 1)[0].reasons, reasons);
}

#[test]
fn what_people_have_tied_is_decided_in_either_direction() {
    for relation in [Relation::DuplicateOf, Relation::RepeatOf, Relation::Related] {
        for (tied, to) in [(1, 2), (2, 1)] {
            let mut history = two(Span::hours(1));
            history.then(complaint(tied), tie(relation, to, false));
            check(&history, 1, &[]);
            check(&history, 2, &[]);
            let all = archive(&history).all_probable_duplicates(WEEK, None, 10);
            assert_eq!(all.unwrap(), [], "{relation:?}");
            history.then(complaint(tied), tie(relation, to, true));
            check(&history, 1, &[2]);
        }
    }
    let mut history = two(Span::hours(1));
    history.then(complaint(1), tie(Relation::PartOf, 2, false));
    check(&history, 1, &[2]);
}

#[test]
fn two_duplicates_of_a_third_are_decided() {
    let mut history = two(Span::hours(1));
    history.then(complaint(3), about(1, Channel::Sms, Some("parcel")));
    check(&history, 1, &[3, 2]);
    history.then(complaint(1), tie(Relation::DuplicateOf, 3, false));
    check(&history, 1, &[2]);
    history.then(complaint(2), tie(Relation::DuplicateOf, 3, false));
    for number in 1..=3 {
        check(&history, number, &[]);
    }
}

#[test]
fn a_review_of_either_after_both_were_received_decides() {
    for reviewed in [1, 2] {
        let mut history = two(Span::ZERO);
        let wish = review(AmendmentCause::ManualReview).into();
        // At the very moment of receipt, but after it.
        history.try_do(complaint(reviewed), "ann", &wish).unwrap();
        check(&history, 1, &[]);
        check(&history, 2, &[]);
    }
    // A review of the first before the second came knew nothing of it.
    let mut history = History::new(Policy::standard());
    history.then(complaint(1), about(1, Channel::Email, Some("parcel")));
    history.then(complaint(1), review(AmendmentCause::ManualReview));
    history.then(complaint(2), about(1, Channel::Sms, Some("parcel")));
    check(&history, 1, &[2]);
    for cause in [
        AmendmentCause::CustomerConfirmation,
        AmendmentCause::NewEvidence,
        AmendmentCause::Correction,
        AmendmentCause::CauseReview,
    ] {
        history.then(complaint(1), review(cause));
        check(&history, 1, &[2]);
    }
}

/// Three of one customer within a week make three pairs: of complaint 3 first, the latest.
#[test]
fn all_pairs_are_listed_from_the_latest_on() {
    let mut history = two(Span::hours(1));
    history.then(complaint(3), about(1, Channel::Sms, Some("parcel")));
    let archive = archive(&history);
    let pairs = |after: Option<&ProbableDuplicate>, limit| {
        archive.all_probable_duplicates(WEEK, after, limit).unwrap()
    };
    let all = pairs(None, usize::MAX);
    let numbers: Vec<_> = all
        .iter()
        .map(|pair| (pair.complaint, pair.other))
        .collect();
    assert_eq!(
        numbers,
        [(3, 2), (3, 1), (2, 1)].map(|(later, earlier)| (complaint(later), complaint(earlier)))
    );
    assert_eq!(pairs(None, 0), []);
    // What comes meanwhile does not shift the next page.
    history.then(complaint(4), about(1, Channel::Sms, Some("parcel")));
    let grown = self::archive(&history);
    let page = grown.all_probable_duplicates(WEEK, Some(&all[0]), 1);
    assert_eq!(page.unwrap(), all[1..2]);
}

#[test]
fn what_is_flagged_stands_in_the_row() {
    let mut history = History::new(Policy::standard());
    history.then(complaint(1), about(1, Channel::Email, None));
    let codes = |history: &History| -> Vec<&str> {
        let file = archive(history).file(complaint(1)).unwrap().unwrap();
        file.summary
            .warnings
            .iter()
            .map(|warning| warning.code())
            .collect()
    };
    assert_eq!(codes(&history), ["no_product", "priority_absent"]);
    history.then(complaint(1), classified("delivery/delay"));
    assert_eq!(codes(&history), ["no_product"]);
}

/// A few complaints of two customers within some weeks, some of them classified, tied to each other or reviewed.
fn crowds() -> impl Strategy<Value = History> {
    let arrivals = prop::collection::vec((0..2_u8, 0..3_u8, 0..4_000_i64), 2..10);
    let later = prop::collection::vec((1..10_u128, 1..10_u128, 0..4_u8), 0..12);
    (arrivals, later).prop_map(|(arrivals, later)| {
        let mut history = History::new(Policy::standard());
        for (index, (customer, code, minutes)) in arrivals.into_iter().enumerate() {
            history.wait(Span::minutes(minutes));
            let code = [None, Some("parcel"), Some("kettle")][usize::from(code)];
            let fact = about(customer.into(), Channel::Email, code).into();
            let id = complaint(index as u128 + 1);
            history.try_do(id, "ann", &fact).unwrap();
        }
        for (number, other, what) in later {
            let wish = match what {
                0 => tie(Relation::Related, other, false).into(),
                1 => tie(Relation::DuplicateOf, other, false).into(),
                2 => review(AmendmentCause::ManualReview).into(),
                _ => classified("delivery/delay").into(),
            };
            // A wish that is refused changes nothing.
            let _refused = history.try_do(complaint(number), "ann", &wish);
        }
        history
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// The list of all is every complaint's own list, each pair once, whatever the size of the pages.
    #[test]
    fn the_list_of_all_is_that_of_each(history in crowds(), hours in 0..400_i64, size in 1..4_usize) {
        let within = Span::hours(hours);
        let archive = archive(&history);
        let mut expected = Vec::new();
        for hit in archive.search(&Query::new().limit(usize::MAX)).unwrap() {
            for pair in archive.probable_duplicates(hit.summary.id, within).unwrap() {
                let mirrored = archive.probable_duplicates(pair.other, within).unwrap();
                prop_assert!(mirrored.iter().any(|other| other.other == pair.complaint));
                prop_assert!(pair.apart <= within && !pair.reasons.is_empty());
                let other = archive.file(pair.other).unwrap().unwrap().summary;
                if (other.received_at, other.id) < (hit.summary.received_at, hit.summary.id) {
                    expected.push(pair);
                }
            }
        }
        let mut paged: Vec<ProbableDuplicate> = Vec::new();
        loop {
            let page = archive.all_probable_duplicates(within, paged.last(), size).unwrap();
            prop_assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            paged.extend(page);
        }
        prop_assert_eq!(paged, expected);
    }
}
