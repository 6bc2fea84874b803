//! The text of a cell: blanks made even, and values made fit to be quoted in a message.

use std::borrow::Cow;

use redress_core::id::is_unprintable;

/// The longest value that a message quotes, in characters.
const MAX_QUOTED_CHARS: usize = 40;

/// Trims the text and makes one blank of each run of white space.
///
/// Exports pad their columns (`Opened by  8`), and two codes must not differ by blanks alone.
pub(crate) fn even_blanks(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let uneven = |pair: [char; 2]| pair[0].is_whitespace() && pair[1].is_whitespace();
    let mut before = '.';
    let is_even = text.chars().all(|character| {
        let odd = character.is_whitespace() && character != ' ';
        let pair = [std::mem::replace(&mut before, character), character];
        !odd && !uneven(pair)
    });
    if is_even {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// The value between quotation marks, shortened, without anything that steers a terminal.
pub(crate) fn quoted(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(MAX_QUOTED_CHARS)
        .map(|character| {
            if is_unprintable(character) {
                '\u{fffd}'
            } else {
                character
            }
        })
        .collect();
    if value.chars().nth(MAX_QUOTED_CHARS).is_some() {
        shown.push('…');
    }
    format!("\"{shown}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_made_even() {
        for (given, wanted) in [
            ("Opened by  8", "Opened by 8"),
            (" Group 56 ", "Group 56"),
            ("a\tb", "a b"),
            ("a \u{a0}\u{3000} b", "a b"),
            ("Group 56", "Group 56"),
            ("   ", ""),
            ("", ""),
        ] {
            assert_eq!(even_blanks(given), wanted, "{given:?}");
        }
    }

    #[test]
    fn a_quoted_value_is_short_and_harmless() {
        assert_eq!(quoted("退款"), "\"退款\"");
        assert_eq!(quoted("\u{1b}[31m"), "\"\u{fffd}[31m\"");
        assert_eq!(quoted(&"x".repeat(40)), format!("\"{}\"", "x".repeat(40)));
        assert_eq!(quoted(&"x".repeat(41)), format!("\"{}…\"", "x".repeat(40)));
    }
}
