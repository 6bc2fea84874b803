//! The documents keep pace with the code.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use redress_core::{ActionEventType, ActionState, ClockKind, EventType, LedgerEventType, State};

use crate::files::{below, root, shown, text};

fn documents() -> Vec<PathBuf> {
    let documents = below(&root(), ".md");
    assert!(documents.len() > 20, "the documents were not found");
    documents
}

/// The first cell of every row of every table.
fn first_cells(document: &str) -> impl Iterator<Item = &str> {
    document
        .lines()
        .filter_map(|line| line.trim().strip_prefix('|'))
        .filter_map(|row| row.split('|').next())
        .map(str::trim)
}

/// A first cell that is a code: lower-case words, marked as code.
fn code(cell: &str) -> Option<&str> {
    let name = cell.strip_prefix('`')?.strip_suffix('`')?;
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c == '_')
        .then_some(name)
}

/// A first cell that is the number of a requirement.
fn requirement(cell: &str) -> Option<&str> {
    let number = cell.strip_prefix('R')?;
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    is_number.then_some(cell)
}

/// Checks that the first column names what exists: each once, and nothing else.
#[track_caller]
fn check_listed_once(path: &str, expected: &[String], named: fn(&str) -> Option<&str>) {
    let document = text(path);
    let mut counts = BTreeMap::new();
    for name in first_cells(&document).filter_map(named) {
        *counts.entry(name.to_owned()).or_insert(0) += 1;
    }
    for name in expected {
        let count = counts.get(name).copied().unwrap_or(0);
        assert_eq!(
            count, 1,
            "how often `{name}` stands in the first column of {path}"
        );
    }
    for name in counts.keys() {
        assert!(
            expected.contains(name),
            "{path} lists `{name}`, which does not exist"
        );
    }
}

#[test]
fn every_event_has_a_page_and_every_page_an_event() {
    let expected: Vec<String> = EventType::ALL
        .iter()
        .map(|kind| format!("{}.md", kind.name()))
        .collect();
    let found: Vec<String> = below(&root().join("docs/events"), ".md")
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| name != "README.md")
        .collect();
    for page in &expected {
        assert!(found.contains(page), "docs/events/{page} is missing");
    }
    for page in &found {
        assert!(
            expected.contains(page),
            "docs/events/{page} describes no event"
        );
    }
}

#[test]
fn every_page_of_an_event_names_each_of_its_fields() {
    let sources: String = below(&root().join("crates/redress-core/src/event"), ".rs")
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for kind in EventType::ALL {
        let name = format!("{kind:?}");
        let page = text(&format!("docs/events/{}.md", kind.name()));
        assert!(
            page.starts_with(&format!("# {name}")),
            "the page of {name} has another title"
        );
        let fields = fields_of(&sources, &name);
        assert!(!fields.is_empty(), "the fields of {name} were not found");
        for field in fields.iter().filter(|field| *field != "personal") {
            assert!(
                page.contains(&format!("| `{field}` |")),
                "docs/events/{}.md has no row for `{field}`",
                kind.name()
            );
        }
    }
}

/// The public fields of a struct, read from its source.
fn fields_of(source: &str, name: &str) -> Vec<String> {
    source
        .split(&format!("pub struct {name} {{"))
        .nth(1)
        .and_then(|rest| rest.split("\n}").next())
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub "))
        .filter_map(|field| field.split(':').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_kind_of_fact_of_the_ledger_itself_is_described() {
    let facts = text("crates/redress-core/src/ledger_fact.rs");
    let source = facts
        + &text("crates/redress-core/src/adoption.rs")
        + &text("crates/redress-core/src/erasure.rs");
    let format = text("docs/format.md");
    for kind in LedgerEventType::ALL {
        let page = match kind {
            LedgerEventType::Refused => text("docs/refusals.md"),
            LedgerEventType::PolicyAdopted => text("docs/adoption.md"),
            LedgerEventType::Held
            | LedgerEventType::Released
            | LedgerEventType::ErasureRequested
            | LedgerEventType::KeyDestroyed => text("docs/erasure.md"),
        };
        let number = format!("Number {} · name `{}`", kind.number(), kind.name());
        assert!(page.contains(&number), "no page says: {number}");
        let fields = fields_of(&source, &format!("{kind:?}"));
        assert!(!fields.is_empty(), "the fields of {kind:?} were not found");
        for field in fields {
            let row = format!("| `{field}` |");
            assert!(page.contains(&row), "the page of {kind:?} has no {row}");
        }
        let id = kind.stream().as_uuid().to_string();
        assert!(format.contains(&id), "docs/format.md does not name {id}");
    }
}

#[test]
fn every_kind_of_fact_of_an_action_is_described() {
    let sources: String = below(&root().join("crates/redress-core/src/action"), ".rs")
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let page = text("docs/actions.md");
    for kind in ActionEventType::ALL {
        let title = format!("### {kind:?}\n");
        let (_, section) = page.split_once(&title).unwrap();
        let section = section.split("\n#").next().unwrap();
        let number = format!("Number {} · name `{}`", kind.number(), kind.name());
        assert!(section.contains(&number), "{kind:?} lacks: {number}");
        let fields = fields_of(&sources, &format!("{kind:?}"));
        assert!(!fields.is_empty(), "the fields of {kind:?} were not found");
        for field in fields {
            let named = section
                .lines()
                .filter_map(|line| line.strip_prefix("| ")?.split(" |").next())
                .any(|cell| cell.contains(&format!("`{field}`")));
            assert!(named, "the table of {kind:?} has no row for `{field}`");
        }
    }
    for state in ActionState::ALL {
        let row = format!("| `{}` |", state.name());
        assert!(page.contains(&row), "docs/actions.md has no {row}");
    }
}

/// What the arms of a function give, where each gives a text.
fn texts_of_arms(source: &str, function: &str) -> Vec<String> {
    let (_, body) = source.split_once(function).unwrap();
    let body = body.split("\n    }").next().unwrap();
    let arms = body.lines().filter_map(|line| line.split("=> \"").nth(1));
    arms.filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_rejection_is_listed_once() {
    let source = text("crates/redress-core/src/rejection.rs");
    let codes = texts_of_arms(&source, "pub const fn code(&self)");
    assert!(codes.len() > 50, "the codes were not found in the source");
    check_listed_once("docs/rejections.md", &codes, code);
}

#[test]
fn every_reason_of_a_reject_file_is_told() {
    let source = text("crates/redress-interchange/src/finding.rs");
    let page = text("docs/import.md");
    let codes = texts_of_arms(&source, "pub const fn code(&self)");
    assert!(codes.len() >= 20, "{codes:?}");
    for code in codes {
        assert!(page.contains(&format!("`{code}`")), "{code}");
    }
}

#[test]
fn every_requirement_is_listed_once() {
    let expected: Vec<String> = (1..=114).map(|number| format!("R{number}")).collect();
    check_listed_once("docs/requirements.md", &expected, requirement);
}

/// Every test that stands in code in the last cell of a row of a page's table of threats, by its heading.
fn named_in_last_cells<'a>(page: &'a str, heading: &str) -> Vec<(&'a str, Vec<&'a str>)> {
    let (_, section) = page.split_once(heading).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| "));
    rows.skip(1)
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
            let named = cells
                .last()
                .unwrap()
                .split('`')
                .skip(1)
                .step_by(2)
                .collect();
            (cells[0], named)
        })
        .collect()
}

/// Whether a file of this name, or a module of it, has a test of this name.
fn has_test(files: &[(PathBuf, String)], name: &str) -> bool {
    let (module, function) = name.rsplit_once("::").unwrap_or(("", name));
    let module = module.rsplit("::").next().unwrap();
    let start = format!("fn {function}(");
    files.iter().any(|(path, text)| {
        let mut tests = text.split("#[test]").skip(1).map(str::trim_start);
        path.file_stem().is_some_and(|stem| stem == module)
            && tests.any(|test| test.starts_with(&start))
    })
}

#[test]
fn every_threat_is_shown_by_tests_that_exist() {
    let files: Vec<(PathBuf, String)> = below(&root().join("crates"), ".rs")
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    let page = text("docs/security.md");
    let rows = named_in_last_cells(&page, "## Attacks, and what detects them");
    assert!(rows.len() > 15, "the threats were not found");
    for (threat, named) in rows {
        assert!(!named.is_empty(), "no test shows: {threat}");
        for name in named {
            assert!(
                has_test(&files, name),
                "docs/security.md names the test `{name}`, which does not exist"
            );
        }
    }
}

#[test]
fn a_test_that_does_not_exist_is_not_found() {
    let page = "## Threats\n\n| threat | test |\n|---|---|\n| one | `a::b`, `a::c` |\n\n## Else\n| x | `d` |\n";
    let rows = named_in_last_cells(page, "## Threats");
    assert_eq!(rows, [("one", vec!["a::b", "a::c"])]);
    let files = [(PathBuf::from("it/a.rs"), "#[test]\nfn b() {}".to_owned())];
    assert!(has_test(&files, "a::b") && has_test(&files, "it::a::b"));
    assert!(!has_test(&files, "a::c") && !has_test(&files, "c::b"));
}

fn check_tests_exist(page: &str, named: &[&str]) {
    let files = below(&root().join("crates"), ".rs");
    let sources: String = files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for name in named {
        let function = name.rsplit("::").next().unwrap();
        assert!(
            sources.contains(&format!("fn {function}(")),
            "{page} names the test `{name}`, which does not exist"
        );
    }
}

#[test]
fn every_test_named_by_a_requirement_exists() {
    let page = text("docs/requirements.md");
    let named: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| R"))
        .filter_map(|row| row.split('|').nth(4))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 20, "the tests were not found");
    check_tests_exist("docs/requirements.md", &named);
}

#[test]
fn every_figure_says_how_it_is_checked() {
    let source = text("crates/redress-causes/src/kpi/figure.rs");
    let names = texts_of_arms(&source, "pub const fn name(self)");
    assert!(names.len() > 10, "the figures were not found in the source");
    check_listed_once("docs/figures.md", &names, code);

    let page = text("docs/figures.md");
    let tests = page.split('`').skip(1).step_by(2);
    let tests: Vec<&str> = tests.filter(|name| name.contains("::")).collect();
    assert!(tests.len() > 40, "the tests were not found");
    check_tests_exist("docs/figures.md", &tests);
}

#[test]
fn every_clock_is_described_once() {
    let names: Vec<String> = ClockKind::ALL
        .iter()
        .map(|kind| kind.name().to_owned())
        .collect();
    let page = text("docs/clocks.md");
    for name in &names {
        let count = first_cells(&page)
            .filter(|cell| code(cell) == Some(name))
            .count();
        assert_eq!(
            count, 1,
            "the table of clocks in docs/clocks.md must list `{name}` once"
        );
    }
}

#[test]
fn every_state_and_event_stands_in_the_table_of_states() {
    let page = text("docs/states.md");
    for state in State::ALL {
        assert!(
            page.contains(&format!("`{}`", state.name())),
            "docs/states.md lacks {}",
            state.name()
        );
    }
    for kind in EventType::ALL {
        let link = format!("events/{}.md", kind.name());
        assert!(page.contains(&link), "docs/states.md has no link to {link}");
    }
}

#[test]
fn every_decision_is_listed() {
    let index = text("docs/adr/README.md");
    for path in below(&root().join("docs/adr"), ".md") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name != "README.md" {
            assert!(
                index.contains(&format!("]({name})")),
                "docs/adr/README.md does not list {name}"
            );
        }
    }
}

#[test]
fn no_document_names_a_path_of_some_machine() {
    let places = ["/home/", "/root/", "/work/", "/Users/", "C:\\"];
    let mut wrong = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for (index, line) in text.lines().enumerate() {
            if places.iter().any(|place| line.contains(place)) {
                wrong.push(format!("{}:{}", shown(&path), index + 1));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "paths of some machine:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_local_link_leads_somewhere() {
    let mut broken = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        for link in links(&text).into_iter().filter(|link| is_local(link)) {
            let file = link.split('#').next().unwrap_or_default();
            if !file.is_empty() && !path.parent().unwrap().join(file).exists() {
                broken.push(format!("{}: {link}", shown(&path)));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "links that lead nowhere:\n{}",
        broken.join("\n")
    );
}

/// The targets of all links `[text](target)` outside blocks of code.
fn links(document: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let targets = line.split("](").skip(1);
            found.extend(
                targets
                    .filter_map(|rest| rest.split(')').next())
                    .map(str::to_owned),
            );
        }
    }
    found
}

fn is_local(link: &str) -> bool {
    !link.contains("://") && !link.starts_with("mailto:")
}

#[test]
fn links_are_found_outside_blocks_of_code() {
    let document =
        "See [a](a.md) and [b](b.md#c).\n```\n[no](no.md)\n```\n[c](https://example.org)";
    assert_eq!(links(document), ["a.md", "b.md#c", "https://example.org"]);
    assert!(!is_local("https://example.org"));
}

#[test]
fn fields_are_read_from_a_struct() {
    let source = "pub struct Thing {\n    /// One.\n    pub one: u8,\n    pub two: Vec<u8>,\n}\npub struct Other {\n    pub three: u8,\n}";
    assert_eq!(fields_of(source, "Thing"), ["one", "two"]);
}
