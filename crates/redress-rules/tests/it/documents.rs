//! `docs/rules.md` lists the whole vocabulary, and what it shows can be read.

use redress_rules::{Field, Person, Template, parse};

const PAGE: &str = include_str!("../../../../docs/rules.md");

fn rows(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect()
}

fn section(name: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("\n## {name}\n")).unwrap();
    rest.split("\n## ").next().unwrap()
}

#[test]
fn every_word_of_the_vocabulary_has_its_row() {
    assert_eq!(
        rows(section("Templates")),
        Template::ALL.map(Template::name)
    );
    assert_eq!(rows(section("Who and when")), Person::ALL.map(Person::name));
    assert_eq!(rows(section("Fields")), Field::ALL.map(Field::name));
}

#[test]
fn what_the_page_shows_can_be_read() {
    let (_, rest) = PAGE.split_once("```text\n# What").unwrap();
    let (file, _) = rest.split_once("```").unwrap();
    assert_eq!(parse(&format!("# {file}"), "page").unwrap().len(), 3);
    for line in section("Templates")
        .lines()
        .filter(|line| line.starts_with("| `"))
    {
        let example = line.split('|').nth(4).unwrap().split('`').nth(1).unwrap();
        let text = format!("rule shown \"\": {example}");
        let rules = parse(&text, "page").unwrap_or_else(|errors| panic!("{text}: {errors}"));
        assert!(
            line.starts_with(&format!("| `{}`", example.split('(').next().unwrap())),
            "{line}"
        );
        assert_eq!(rules.len(), 1);
    }
}
