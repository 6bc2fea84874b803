//! Data that would steer a terminal or turn the direction of writing.

use redress::core::id::is_unprintable;

use crate::program::{Folder, Ran, import, rows, run, text};

#[track_caller]
pub(crate) fn check_harmless(ran: &Ran) {
    for text in [&ran.out, &ran.err] {
        let steering = text
            .chars()
            .find(|character| *character != '\n' && is_unprintable(*character));
        assert_eq!(steering, None, "{text:?}");
    }
}

/// The rows of the demo cut with the category of one incident changed.
fn with_category(category: &str) -> String {
    rows(30).replacen("Category 55", category, 4)
}

#[test]
fn a_hostile_category_never_reaches_the_terminal() {
    for category in [
        "\u{1b}[2J\u{1b}[31mred",
        "\u{9b}31mred",
        "\u{202e}drow",
        "a\u{2066}b",
        "a\u{7}b",
    ] {
        let folder = Folder::new();
        let ledger = folder.path("c.redress");
        let file = folder.write("log.csv", with_category(category));
        let ran = import(&file, &ledger);
        assert_eq!(ran.code, 3, "{category:?}");
        check_harmless(&ran);
        let listed = std::fs::read_to_string(folder.path("c.rejects.csv")).unwrap();
        assert!(
            listed.contains("category (17),rejected,not_a_code"),
            "{listed}"
        );
        assert!(!listed.contains(category), "{listed}");
        let ledger = text(&ledger);
        for args in [
            vec!["archive", ledger],
            vec!["causes", ledger],
            vec!["kpi", ledger],
            vec!["sla", ledger],
        ] {
            check_harmless(&run(&args));
            check_harmless(&run(&[&args[..], &["--format", "json"]].concat()));
        }
    }
}

#[test]
fn a_hostile_header_is_shown_harmless() {
    let folder = Folder::new();
    let header = rows(1).replacen("incident_state", "\u{1b}[31mstate\u{202e}", 1);
    let ran = import(&folder.write("log.csv", header), &folder.path("c.redress"));
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("[31mstate"), "{}", ran.err);
    check_harmless(&ran);
}

#[test]
fn a_hostile_argument_is_shown_harmless() {
    let folder = Folder::new();
    let ran = run(&["sla", text(&folder.path("\u{1b}[31mred.redress"))]);
    assert_eq!(ran.code, 1);
    check_harmless(&ran);
}
