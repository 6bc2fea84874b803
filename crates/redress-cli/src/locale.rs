//! The language that tables are in when nobody says: what the environment asks for.

use std::ffi::OsString;

use redress::Language;

/// What tells it, the first that is set and not empty, as POSIX has it.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language of the environment.
pub(crate) fn from_environment() -> Language {
    language(|name| std::env::var_os(name))
}

/// Chinese for any locale whose language is; English for every other, and for none.
fn language(variable: impl Fn(&str) -> Option<OsString>) -> Language {
    let mut values = VARIABLES.into_iter().filter_map(variable);
    let locale = values.find(|value| !value.is_empty()).unwrap_or_default();
    let locale = locale.to_string_lossy();
    match locale.split(['_', '-', '.', '@']).next() {
        Some(language) if language.eq_ignore_ascii_case("zh") => Language::Chinese,
        Some(_) | None => Language::English,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Language) {
        let found = language(|name| {
            let mut values = variables.iter().filter(|(own, _)| *own == name);
            values.next().map(|(_, value)| OsString::from(value))
        });
        assert_eq!(found, expected, "{variables:?}");
    }

    #[test]
    fn the_first_that_is_set_tells_the_language() {
        check(&[], Language::English);
        check(&[("LANG", "zh_CN.UTF-8")], Language::Chinese);
        check(&[("LANG", "zh")], Language::Chinese);
        check(&[("LANG", "zh-Hans")], Language::Chinese);
        check(&[("LANG", "zha_CN")], Language::English);
        check(&[("LANG", "zh_CN"), ("LC_ALL", "C")], Language::English);
        check(&[("LANG", "zh_CN"), ("LC_ALL", "")], Language::Chinese);
        check(
            &[("LC_MESSAGES", "zh_CN"), ("LANG", "de_DE")],
            Language::Chinese,
        );
        check(
            &[("LC_ALL", "en_GB"), ("LC_MESSAGES", "zh_CN")],
            Language::English,
        );
    }
}
