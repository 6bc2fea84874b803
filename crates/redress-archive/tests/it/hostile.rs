//! Search text of any kind finds the right thing or nothing, and is never a mistake in a query.

use proptest::prelude::*;
use redress_archive::{Archive, Query};
use redress_core::{ComplaintId, Policy};
use redress_store::Projection;

use crate::filters::config;
use crate::histories::{History, LEDGER, as_facts, complaint, received};

/// What a search box is fed: operators, quotes, signs that steer a terminal, emoji, scripts of all kinds.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop_oneof![
        prop::sample::select(
            &[
                "AND",
                "OR",
                "NOT",
                "NEAR(a b)",
                "\"",
                "'",
                "''",
                "*",
                "^",
                ":",
                "text:",
                "pairs : \"退款\"",
                "-",
                "+",
                "(",
                ")",
                "{",
                "}",
                "--",
                ";",
                "/*",
                "%",
                "_",
                "\\",
                "\0",
                "\u{1b}[2J",
                "\u{202e}",
                "\u{2066}",
                "\u{feff}",
                "😀",
                "👩‍👩‍👧",
                "🇨🇳",
                "退款",
                "退",
                "款",
                "refund",
                "ＲＥＦＵＮＤ",
                "e\u{301}",
                "ß",
                "İ",
                "\u{fffd}",
                "\u{10ffff}",
                "\u{e000}",
                " ",
                "\n",
                "\t",
                "ﬁ",
                "𠮷",
                "가나",
                "カナ",
                "ｶﾅ",
                "rowid",
                "words",
            ][..]
        )
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::vec(scrap, 0..12).prop_map(|scraps| scraps.concat())
}

fn found(archive: &Archive, query: Query) -> Vec<ComplaintId> {
    let hits = archive.search(&query).unwrap();
    let found: Vec<ComplaintId> = hits.iter().map(|hit| hit.summary.id).collect();
    assert_eq!(archive.count(&query).unwrap(), found.len() as u64);
    found
}

proptest! {
    #![proptest_config(config())]

    /// A text finds the complaint that says it, unless it holds no word; whatever else is typed is no error.
    #[test]
    fn a_text_finds_what_says_it(said in scraps(), asked in scraps()) {
        let mut history = History::new(Policy::standard());
        history.then(complaint(1), received(1, "a matter", &said));
        history.then(complaint(2), received(2, "a matter", "an ordinary matter"));
        let mut archive = Archive::in_memory(LEDGER).unwrap();
        archive.fold(&as_facts(&history.facts)).unwrap();
        let has_words = said.chars().any(char::is_alphanumeric);
        let by_itself = found(&archive, Query::new().text(said.clone()).reveal(true));
        if has_words {
            prop_assert!(by_itself.contains(&complaint(1)), "{:?}", said);
        }
        found(&archive, Query::new().text(asked.clone()).reveal(true));
        found(&archive, Query::new().place(asked.clone()));
        found(&archive, Query::new().text(said).text(asked.clone()).category(asked.clone()));
        for query in [
            Query::new().external_ref(asked.clone()),
            Query::new().tag(asked.clone()),
            Query::new().source_fact(asked.clone(), asked.clone(), asked.clone()),
            Query::new().is(redress_archive::Dimension::CategoryRoot, asked),
        ] {
            prop_assert!(found(&archive, query).is_empty());
        }
    }
}

/// A megabyte of anything is no error, as text or as any other value.
#[test]
fn a_megabyte_is_no_error() {
    let mut history = History::new(Policy::standard());
    history.then(complaint(1), received(1, "a matter", "refund"));
    let mut archive = Archive::in_memory(LEDGER).unwrap();
    archive.fold(&as_facts(&history.facts)).unwrap();
    for piece in ["\"", "(", "退", "a\"", "\0", "😀", "*a ", "\u{202e}x"] {
        let text = piece.repeat((1 << 20) / piece.len());
        found(&archive, Query::new().text(text.clone()));
        assert!(found(&archive, Query::new().place(text.clone())).is_empty());
        assert!(found(&archive, Query::new().tag(text.clone())).is_empty());
        assert!(found(&archive, Query::new().category(text)).is_empty());
    }
}
