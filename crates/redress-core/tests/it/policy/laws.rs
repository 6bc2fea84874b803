//! Laws of reading a policy, whatever the file.

use proptest::prelude::*;
use redress_core::Policy;
use redress_core::policy::{Notation, compare};

use super::{BASE, base};

/// The parts of the good file: what stands before the first heading, then each heading with what belongs to it.
fn parts() -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in BASE.lines() {
        if line.starts_with('[') {
            parts.push(String::new());
        }
        let last = parts.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
    }
    parts
}

fn heading(part: &str) -> &str {
    part.lines().next().unwrap_or_default()
}

/// What must hold of any text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let first = Policy::parse(text, "any.toml");
    prop_assert_eq!(&first, &Policy::parse(text, "any.toml"));
    match first {
        Ok(policy) => {
            prop_assert!(compare(&policy, &policy).is_empty());
            let dot = policy.draw(Notation::Dot);
            prop_assert!(dot.ends_with("}\n"), "{dot}");
            prop_assert_eq!(
                policy.draw(Notation::Mermaid),
                policy.draw(Notation::Mermaid)
            );
        }
        Err(errors) => {
            let places: Vec<_> = errors
                .iter()
                .map(|error| (error.line, error.column))
                .collect();
            prop_assert!(!places.is_empty());
            prop_assert!(places.is_sorted());
            for error in errors.iter() {
                let line = text.split('\n').nth(error.line - 1);
                let length = line.map(|line| line.chars().count());
                prop_assert!(
                    length.is_some_and(|length| error.column <= length + 1),
                    "{error}"
                );
                prop_assert_eq!(error.to_string().lines().count(), 1, "{}", error);
                prop_assert!(error.message.chars().count() < 2_000, "{error}");
            }
        }
    }
    Ok(())
}

/// A value of some type, right or wrong.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        "[a-z_/]{0,12}".prop_map(|text| format!("\"{text}\"")),
        "[0-9]{1,4}[dhms]".prop_map(|text| format!("\"{text}\"")),
        ".{0,12}".prop_map(|text| format!("{text:?}")),
        Just("2026-02-30".to_owned()),
        Just("2026-01-01".to_owned()),
        Just("9999-12-31T23:59:59+00:00".to_owned()),
        Just("1e400".to_owned()),
        Just("[]".to_owned()),
        Just("{}".to_owned()),
        Just("[{}, 1, \"a\"]".to_owned()),
        Just("{ workdays = [\"00:00-24:00\"], monday = [\"22:00-06:00\"] }".to_owned()),
        Just("[\"99:59-00:00\"]".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_characters_of_toml_are_read_or_refused(text in "([a-z]{1,3}|[\\[\\]{}=\\.\"'#,\n 0-9-]){0,60}") {
        check(&text)?;
    }

    #[test]
    fn any_value_under_any_key_is_read_or_refused(
        changes in prop::collection::vec((any::<prop::sample::Index>(), value()), 1..4),
    ) {
        let mut lines: Vec<String> = BASE.lines().map(str::to_owned).collect();
        for (index, value) in changes {
            let line = index.get_mut(&mut lines);
            if let Some((key, _)) = line.split_once(" = ") {
                *line = format!("{key} = {value}");
            }
        }
        check(&lines.join("\n"))?;
    }

    #[test]
    fn any_part_may_be_missing_or_twice(
        cut in any::<prop::sample::Index>(),
        again in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
    ) {
        let mut parts = parts();
        let copy = again.get(&parts).clone();
        parts.remove(cut.index(parts.len()));
        parts.insert(at.index(parts.len() + 1), copy);
        check(&parts.concat())?;
    }

    #[test]
    fn any_cut_is_read_or_refused(at in any::<prop::sample::Index>()) {
        let ends: Vec<usize> = BASE.char_indices().map(|(at, _)| at).collect();
        check(&BASE[..*at.get(&ends)])?;
    }

    /// The order of the sections makes no difference, as long as lists keep theirs.
    #[test]
    fn sections_may_stand_in_any_order(order in Just(parts()).prop_shuffle()) {
        let first = parts().remove(0);
        let mut sections: Vec<String> = order.into_iter().filter(|part| *part != first).collect();
        let original = parts();
        let headings: Vec<String> = sections.iter().map(|part| heading(part).to_owned()).collect();
        for (index, title) in headings.iter().enumerate() {
            let nth = headings[..index].iter().filter(|other| *other == title).count();
            let mut alike = original.iter().filter(|part| heading(part) == title);
            sections[index] = alike.nth(nth).unwrap().clone();
        }
        let shuffled = format!("{first}{}", sections.concat());
        prop_assert_eq!(Policy::parse(&shuffled, "shuffled.toml"), Ok(base()));
    }
}
