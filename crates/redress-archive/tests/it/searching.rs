//! What is found, by words and by every dimension.

use proptest::prelude::*;
use redress_archive::{Archive, MAX_PHRASES, Outcome, Query};
use redress_core::event::{
    CloseReason, FeedbackKind, Flag, Linked, Nature, Priority, Relation, RemedyKind, Satisfaction,
    Severity, Source, Upheld,
};
use redress_core::{Channel, ComplaintId, Cycle, Level, Policy, Span, State};
use redress_store::Projection;

use crate::histories::{
    History, LEDGER, as_facts, assign, classified, closed, complaint, feedback, note, received,
    resolved, revisit, source_record, start, subject,
};

/// An archive of complaints with these words, numbered from 1.
fn archive_of(words: &[&str]) -> Archive {
    let mut history = History::new(Policy::standard());
    for (index, words) in words.iter().enumerate() {
        history.then(complaint(index as u128 + 1), received(1, "a matter", words));
    }
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    archive
}

#[track_caller]
fn check(archive: &Archive, query: Query, expected: &[u128]) {
    let hits = archive.search(&query).unwrap();
    let mut found: Vec<ComplaintId> = hits.iter().map(|hit| hit.summary.id).collect();
    found.sort_unstable();
    let expected: Vec<ComplaintId> = expected.iter().copied().map(complaint).collect();
    assert_eq!(found, expected);
    assert_eq!(archive.count(&query).unwrap(), expected.len() as u64);
}

#[test]
fn words_are_found_in_chinese_and_english() {
    let archive = archive_of(&[
        "快递延迟三天，我要求全额退款！",
        "Please REFUND my order.",
        "退货后没有收到款项",
        "ＲＥＦＵＮＤ　ｎｏｗ",
        "iPhone退款被拒",
    ]);
    let text = |text: &str| Query::new().text(text);
    check(&archive, text("退款"), &[1, 5]);
    check(&archive, text("退"), &[1, 3, 5]);
    check(&archive, text("全额退款"), &[1]);
    check(&archive, text("款退"), &[]);
    check(&archive, text("退款 延迟"), &[1]);
    check(&archive, text("refund"), &[2, 4]);
    check(&archive, text("Refund ORDER"), &[2]);
    check(&archive, text("ref"), &[]);
    check(&archive, text("iphone 退款"), &[5]);
    check(&archive, text("ｉｐｈｏｎｅ退款"), &[5]);
    check(&archive, text("matter"), &[1, 2, 3, 4, 5]);
}

#[test]
fn words_of_every_fact_count_together() {
    let mut history = History::new(Policy::standard());
    let id = complaint(1);
    history.then(id, received(1, "subject", "description"));
    history.then(id, classified("delivery/delay"));
    history.then(id, assign("logistics", "ann"));
    history.then(id, note("investigated"));
    history.then(id, resolved("service/slow_response", "compensated"));
    history.then(id, feedback(FeedbackKind::Result, "told"));
    history.then(id, revisit(Satisfaction::Satisfied, "suggested"));
    history.then(complaint(2), received(1, "subject", "told"));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let all = "subject description investigated compensated told suggested";
    check(&archive, Query::new().text(all), &[1]);
    check(&archive, Query::new().text("subject told"), &[1, 2]);
    // A phrase lies within one text.
    check(&archive, Query::new().text("subject-description"), &[]);
}

#[test]
fn a_text_that_is_an_id_or_a_reference_finds_its_complaint() {
    let mut history = History::new(Policy::standard());
    let mut letter = received(1, "a matter", "nothing");
    letter.external_ref = Some("INC-0000045".parse().unwrap());
    history.then(complaint(1), letter);
    history.then(complaint(2), received(1, "a matter", "see INC-0000045"));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    check(&archive, Query::new().text(" INC-0000045 "), &[1, 2]);
    check(&archive, Query::new().text("INC-00000"), &[]);
    check(&archive, Query::new().text(complaint(2).to_string()), &[2]);
    check(&archive, Query::new().external_ref("INC-0000045"), &[1]);
    let hits = archive.by_external_ref("INC-0000045").unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(archive.by_external_ref("INC-0000046").unwrap(), Vec::new());
}

#[test]
fn text_of_any_kind_is_safe() {
    let archive = archive_of(&["say \"AND\" or NOT", "a*b near c:d"]);
    let text = |text: &str| Query::new().text(text);
    for nothing in [
        "", "   ", "\"", "\"\"", "*", "-", ":", "^", "()", "{}", "\0", "\u{202e}", "'; --",
    ] {
        check(&archive, text(nothing), &[]);
    }
    check(&archive, text("AND"), &[1]);
    check(&archive, text("\"and\" NOT"), &[1]);
    // Words, not an operator.
    check(&archive, text("NEAR(c d)"), &[2]);
    check(&archive, text("NEAR(a d)"), &[]);
    check(&archive, text("near c:d"), &[2]);
    check(&archive, text("a*b"), &[2]);
    check(&archive, text("near\0"), &[2]);
    check(&archive, text("text:near"), &[]);
    let long = "退款 refund ".repeat(1 << 16);
    check(&archive, text(&long), &[]);
    check(&archive, text(&"退".repeat(1 << 18)), &[]);
    check(&archive, text(&"a b ".repeat(1 << 18)), &[2]);
    check(&archive, text(&"x".repeat(1 << 20)), &[]);
    let most: String = (0..MAX_PHRASES)
        .map(|number| format!("w{number} "))
        .collect();
    check(&archive, text(&most), &[]);
}

#[test]
fn as_many_phrases_as_allowed_are_found_at_once() {
    let said: String = (0..MAX_PHRASES)
        .map(|number| format!("w{number} "))
        .collect();
    let archive = archive_of(&[&said]);
    check(&archive, Query::new().text(&said), &[1]);
    check(
        &archive,
        Query::new().text(format!("{said} one too many")),
        &[],
    );
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(1),
        ..ProptestConfig::with_cases(256)
    })]

    /// Against an obvious model: a run of these characters is found where it stands in the text.
    #[test]
    fn a_run_of_chinese_is_found_exactly_where_it_stands(
        texts in prop::collection::vec("[退款延迟]{1,6}", 1..6),
        run in "[退款延迟]{1,3}",
    ) {
        let words: Vec<&str> = texts.iter().map(String::as_str).collect();
        let archive = archive_of(&words);
        let expected = texts.iter().filter(|text| text.contains(&run)).count();
        prop_assert_eq!(archive.count(&Query::new().text(run)).unwrap(), expected as u64);
    }

    #[test]
    fn no_text_is_an_error(
        text in prop_oneof![any::<String>(), "[\"*:^(){}\\-+ \0a-bANDORNEAR退款]{0,20}"],
    ) {
        let archive = archive_of(&["退款 a b AND NEAR"]);
        prop_assert!(archive.count(&Query::new().text(text)).unwrap() <= 1);
    }

    /// What somebody wrote is found by what they wrote, if there is a word in it.
    #[test]
    fn a_text_finds_itself(text in any::<String>()) {
        let archive = archive_of(&[&text]);
        let has_words = text.chars().any(char::is_alphanumeric);
        let found = archive.count(&Query::new().text(text)).unwrap();
        prop_assert!(found == 1 || !has_words);
    }
}

/// Two complaints that differ in every dimension; the first has gone all the way.
fn two_complaints() -> Archive {
    let mut history = History::new(Policy::standard());
    let mut first = received(1, "parcel", "late");
    first.channel = Channel::ThirdParty;
    first.source = Source::External;
    first.tags = vec!["典型案例".parse().unwrap(), "spring".parse().unwrap()];
    first.flags = vec![Flag::Vulnerable];
    first.language = Some("zh-CN".parse().unwrap());
    history.then(complaint(2), received(2, "parcel", "lost"));
    history.then(complaint(1), first);
    let class = redress_core::event::Classified {
        severity: Severity::Serious,
        priority: Priority::High,
        nature: Nature::Emotional,
        safety: true,
        ..classified("delivery/delay")
    };
    history.then(complaint(1), class);
    history.then(complaint(1), assign("billing", "bob"));
    history.then(complaint(1), assign("logistics", "ann"));
    history.then(
        complaint(1),
        redress_core::Escalate {
            to_level: Some(Level::new(2)),
            to: None,
            trigger: redress_core::event::Trigger::Manual,
            reason: "stuck".to_owned(),
        },
    );
    history.then(
        complaint(1),
        Linked {
            relation: Relation::RepeatOf,
            target: complaint(2),
            unlink: false,
        },
    );
    history.then(complaint(1), source_record("priority", "2 - High"));
    history.then(complaint(1), resolved("service/slow_response", "refunded"));
    history.then(complaint(1), feedback(FeedbackKind::Result, "refunded"));
    history.then(complaint(1), revisit(Satisfaction::Dissatisfied, ""));
    history.then(complaint(1), resolved("service/slow_response", "refunded"));
    history.then(complaint(1), feedback(FeedbackKind::Result, "refunded"));
    history.then(complaint(1), revisit(Satisfaction::Satisfied, ""));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    archive
}

#[test]
fn every_dimension_tells_the_first_complaint_from_the_second() {
    let archive = two_complaints();
    // Received in the second hour, resolved for good in the twelfth, closed in the fourteenth.
    let hour = |hours| start() + Span::hours(hours);
    let only_first = [
        Query::new().subject(subject(1)),
        Query::new().category("delivery"),
        Query::new().category("delivery/delay"),
        Query::new().cause("service"),
        Query::new().cause("service/slow_response"),
        Query::new().department("logistics"),
        Query::new().department_ever("billing"),
        Query::new().department_ever("logistics"),
        Query::new().person("ann"),
        Query::new().state(State::Closed),
        Query::new().open(false),
        Query::new().channel(Channel::ThirdParty),
        Query::new().source(Source::External),
        Query::new().nature(Nature::Emotional),
        Query::new().severity(Severity::Serious),
        Query::new().priority(Priority::High),
        Query::new().safety(true),
        Query::new().language("zh-CN"),
        Query::new().cycle_at_least(Cycle::new(2)),
        Query::new().level_at_least(Level::new(1)),
        Query::new().received(hour(2)..hour(3)),
        Query::new().resolved(hour(12)..hour(13)),
        Query::new().closed(hour(14)..hour(15)),
        Query::new().outcome(Outcome::Satisfied),
        Query::new().upheld(Upheld::Upheld),
        Query::new().satisfaction(Satisfaction::Satisfied),
        Query::new().remedy(RemedyKind::Refund),
        Query::new().tag("典型案例").tag("spring"),
        Query::new().flag(Flag::Vulnerable),
        Query::new().relation(Relation::RepeatOf),
        Query::new().source_fact("helpdesk", "priority", "2 - High"),
        Query::new()
            .text("parcel")
            .category("delivery")
            .tag("spring")
            .open(false),
    ];
    for query in only_first {
        check(&archive, query, &[1]);
    }
}

#[test]
fn a_condition_that_does_not_hold_finds_nothing() {
    let archive = two_complaints();
    let hour = |hours| start() + Span::hours(hours);
    let nothing = [
        Query::new().category("deli"),
        Query::new().category(""),
        Query::new().category("delivery/delay/x"),
        Query::new().category("delivery' OR '1'='1"),
        Query::new().cause("product"),
        Query::new().department("billing"),
        Query::new().department_ever("nobody"),
        Query::new().person("bob"),
        Query::new().channel(Channel::Sms),
        Query::new().cycle_at_least(Cycle::new(3)),
        Query::new().level_at_least(Level::new(3)),
        Query::new().received(hour(3)..hour(9)),
        Query::new().received(hour(2)..hour(2)),
        Query::new().closed(hour(2)..hour(14)),
        Query::new().outcome(Outcome::Withdrawn),
        Query::new().satisfaction(Satisfaction::Dissatisfied),
        Query::new().tag("winter").tag("autumn"),
        Query::new().tag("典型案例").flag(Flag::Group),
        Query::new().flag(Flag::Group),
        Query::new().source_fact("helpdesk", "priority", "high"),
        Query::new().text("parcel").category("price"),
    ];
    for query in nothing {
        check(&archive, query, &[]);
    }
    check(&archive, Query::new().safety(false), &[2]);
    check(&archive, Query::new().open(true), &[2]);
    check(&archive, Query::new().intake_department("intake"), &[1, 2]);
    assert_eq!(archive.search(&Query::new().limit(0)).unwrap(), Vec::new());
}

#[test]
fn the_list_goes_on_where_it_stopped_whatever_comes_in() {
    let mut history = History::new(Policy::standard());
    // Three at the same instant: the id decides.
    for number in [3, 1, 2] {
        let letter = received(1, "a matter", "words").into();
        history.try_do(complaint(number), "ann", &letter).unwrap();
    }
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    let first = archive.search(&Query::new().limit(2)).unwrap();
    assert_eq!(first[0].summary.id, complaint(3));
    assert_eq!(first[1].summary.id, complaint(2));

    let before = history.facts.len();
    history.then(complaint(4), received(1, "a matter", "words"));
    history.then(complaint(1), closed(CloseReason::Withdrawn, "taken back"));
    archive.fold(&as_facts(&history.facts[before..])).unwrap();
    let rest = archive
        .search(&Query::new().after(first[1].cursor()))
        .unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].summary.id, complaint(1));
}
