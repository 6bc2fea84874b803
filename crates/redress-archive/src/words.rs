//! Text made ready for the full-text index, and what a user typed turned into phrases.
//!
//! Both go through [`normalised`], so that what is stored and what is asked for agree:
//!
//! - full-width letters, digits and signs become the ordinary ones (`ＡＢＣ１` is `abc1`);
//! - letters become lower case;
//! - a character of a script written without spaces (Chinese, Japanese, and Korean too) becomes a word of its own;
//! - everything that is neither letter nor digit separates words and counts no further, so `退，款` is found by `退款`.
//!
//! What is not done: simplified and traditional characters stay different, as do `e` and `é`; words are not reduced to
//! a stem, so `refund` does not find `refunds`; half-width katakana are not widened; Thai and its like stay whole runs.

/// The most phrases of a text to search for; a text of more finds nothing by its words.
pub const MAX_PHRASES: usize = 64;
/// The most words (of Chinese: characters) of a text to search for; a text of more finds nothing by its words.
pub const MAX_WORDS: usize = 512;

/// The words of a text in their order, one space between two.
pub(crate) fn normalised(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars().map(half_width) {
        if stands_alone(character) {
            separate(&mut words);
            words.push(character);
            words.push(' ');
        } else if is_of_word(character) {
            words.extend(character.to_lowercase());
        } else {
            separate(&mut words);
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// What must be found, each in one piece: a run of Chinese is a phrase, and so is what stands between two spaces.
///
/// `None` where nothing can be found: there is no word, or too much to search for.
pub(crate) fn phrases(text: &str) -> Option<Vec<String>> {
    let mut phrases = Vec::new();
    let mut words = 0;
    for chunk in text.split_whitespace() {
        let characters: Vec<char> = chunk.chars().collect();
        for run in characters.chunk_by(|left, right| stands_alone(*left) == stands_alone(*right)) {
            let phrase = normalised(&run.iter().collect::<String>());
            if phrase.is_empty() || phrases.contains(&phrase) {
                continue;
            }
            words += phrase.split(' ').count();
            phrases.push(phrase);
            if phrases.len() > MAX_PHRASES || words > MAX_WORDS {
                return None;
            }
        }
    }
    (!phrases.is_empty()).then_some(phrases)
}

fn separate(words: &mut String) {
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
}

fn half_width(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        other => other,
    }
}

/// A mark set upon a letter belongs to its word.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether the character belongs to a script that is searched character by character.
fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{2e80}'..='\u{2fdf}' // radicals
        | '\u{3005}'..='\u{3007}' // 々 〆 〇
        | '\u{3041}'..='\u{30ff}' // hiragana, katakana
        | '\u{3105}'..='\u{312f}' // bopomofo
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' // hangul
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9f}' // half-width katakana
        | '\u{20000}'..='\u{323af}')
        && character.is_alphanumeric()
        || matches!(character, '\u{2e80}'..='\u{2fdf}')
}

#[cfg(test)]
mod tests {
    use super::{MAX_PHRASES, MAX_WORDS, normalised, phrases};

    #[track_caller]
    fn check_normalised(text: &str, expected: &str) {
        assert_eq!(normalised(text), expected);
    }

    #[test]
    fn text_becomes_words() {
        check_normalised("", "");
        check_normalised("  ", "");
        check_normalised("Refund, PLEASE!", "refund please");
        check_normalised("要求退款", "要 求 退 款");
        check_normalised("iPhone退款A4纸", "iphone 退 款 a4 纸");
        check_normalised("ＲＥＦＵＮＤ　１２３", "refund 123");
        check_normalised("退\u{0}款\n。", "退 款");
        check_normalised("a\u{202e}b\"c\"*", "a b c");
        check_normalised("𠮷野家", "𠮷 野 家");
        check_normalised("cafe\u{301}s", "cafe\u{301}s");
    }

    #[test]
    fn normalising_twice_changes_nothing() {
        for text in ["İstanbul ẞ", "退款ABC１", "a-b_c"] {
            let once = normalised(text);
            assert_eq!(normalised(&once), once);
        }
    }

    #[track_caller]
    fn check_phrases(text: &str, expected: &[&str]) {
        let found = phrases(text).unwrap_or_default();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_a_user_types_becomes_phrases() {
        check_phrases("", &[]);
        check_phrases("\"*:-()^ ", &[]);
        check_phrases("退款", &["退 款"]);
        check_phrases("退款，延迟 refund", &["退 款", "延 迟", "refund"]);
        check_phrases("foo-bar", &["foo bar"]);
        check_phrases("late LATE", &["late"]);
        check_phrases("A4纸", &["a4", "纸"]);
    }

    #[test]
    fn too_much_to_search_for_is_nothing() {
        let many = |count: usize| {
            (0..count)
                .map(|number| format!("w{number} "))
                .collect::<String>()
        };
        assert_eq!(
            phrases(&many(MAX_PHRASES)).map(|found| found.len()),
            Some(MAX_PHRASES)
        );
        assert_eq!(phrases(&many(MAX_PHRASES + 1)), None);
        assert!(phrases(&"退".repeat(MAX_WORDS)).is_some());
        assert_eq!(phrases(&"退".repeat(MAX_WORDS + 1)), None);
    }
}
