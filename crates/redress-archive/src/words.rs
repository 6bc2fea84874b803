//! Text made ready for the full-text index, and what a user typed turned into phrases.
//!
//! Both go through [`words`], so that what is stored and what is asked for agree:
//!
//! - full-width letters, digits and signs become the ordinary ones (`ＡＢＣ１` is `abc1`);
//! - letters become lower case;
//! - a character of a script written without spaces (Chinese, Japanese, and Korean too) becomes a word of its own;
//! - everything that is neither letter nor digit separates words and counts no further, so `退，款` is found by `退款`.
//!
//! What is not done: simplified and traditional characters stay different, as do `e` and `é`; words are not reduced to
//! a stem, so `refund` does not find `refunds`; half-width katakana are not widened; Thai and its like stay whole runs.

use std::ops::Range;

/// The most phrases of a text to search for; a text of more finds nothing by its words.
pub const MAX_PHRASES: usize = 64;
/// The most words (of Chinese: characters) of a text to search for; a text of more finds nothing by its words.
pub const MAX_WORDS: usize = 512;

/// A word of a text, and where it stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// In bytes.
    pub(crate) place: Range<usize>,
    /// It is one character of a script written without spaces.
    stands_alone: bool,
}

/// The words of a text in their order.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut goes_on = false;
    for (start, written) in text.char_indices() {
        let place = start..start + written.len_utf8();
        let character = half_width(written);
        let stands_alone = stands_alone(character);
        if !stands_alone && !is_of_word(character) {
            goes_on = false;
            continue;
        }
        match words.last_mut().filter(|_| goes_on && !stands_alone) {
            Some(word) => {
                word.text.extend(character.to_lowercase());
                word.place.end = place.end;
            }
            None => words.push(Word {
                text: lower(character, stands_alone),
                place,
                stands_alone,
            }),
        }
        goes_on = !stands_alone;
    }
    words
}

fn lower(character: char, stands_alone: bool) -> String {
    if stands_alone {
        character.to_string()
    } else {
        character.to_lowercase().collect()
    }
}

/// A text as the full-text index keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// The words, one space between two.
    pub(crate) text: String,
    /// Each two characters that stand next to each other in a run of Chinese: `要求 求退 退款` for 要求退款.
    ///
    /// Whether one character follows another is then a look at one list, not at the lists of two characters, each of which
    /// half of all complaints may hold. Between two runs stands a word that is no pair.
    pub(crate) pairs: String,
}

const BETWEEN_RUNS: &str = "x";

impl Indexed {
    /// A text made ready.
    pub(crate) fn of(text: &str) -> Self {
        let words = words(text);
        let runs = words
            .chunk_by(|left, right| left.stands_alone == right.stands_alone)
            .filter(|run| run.len() > 1 && run.iter().all(|word| word.stands_alone));
        let pairs: Vec<String> = runs.map(pairs).collect();
        Self {
            text: joined(&words),
            pairs: pairs.join(&format!(" {BETWEEN_RUNS} ")),
        }
    }
}

fn joined(words: &[Word]) -> String {
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    words.join(" ")
}

fn pairs(run: &[Word]) -> String {
    let pairs = run.windows(2).map(|pair| {
        let characters = pair.iter().map(|word| word.text.as_str());
        characters.collect::<String>()
    });
    pairs.collect::<Vec<_>>().join(" ")
}

/// Words that must be found in one piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Phrase(Vec<Word>);

impl Phrase {
    /// How the full-text index is asked for it. Between quotes stand letters and digits alone: they can be nothing but words.
    pub(crate) fn expression(&self) -> String {
        let runs = |run: &&[Word]| run.len() > 1 && run.iter().all(|word| word.stands_alone);
        let alike = |left: &Word, right: &Word| left.stands_alone == right.stands_alone;
        let mut parts: Vec<String> = (self.0.chunk_by(alike).filter(runs))
            .map(|run| format!("pairs : \"{}\"", pairs(run)))
            .collect();
        let is_one_run = self.0.chunk_by(alike).nth(1).is_none();
        if parts.is_empty() || !is_one_run {
            // That one script follows another at once is in no pair; the words stand next to each other.
            parts.push(format!("text : \"{}\"", joined(&self.0)));
        }
        parts.join(" AND ")
    }

    /// Where it stands among the words of a text, each time it does; in bytes of that text.
    pub(crate) fn places(&self, words: &[Word]) -> Vec<Range<usize>> {
        let length = self.0.len();
        let mut places = Vec::new();
        for window in words.windows(length.max(1)) {
            let is_here = window.iter().zip(&self.0).all(|(a, b)| a.text == b.text);
            if let ([first, ..], [.., last], true) = (window, window, is_here) {
                places.push(first.place.start..last.place.end);
            }
        }
        places
    }

    fn is_same(&self, other: &Self) -> bool {
        joined(&self.0) == joined(&other.0)
    }
}

/// What must be found, each in one piece: what stands between two spaces is a phrase, whatever scripts follow each other in
/// it (`地铁3号线`); but a sign next to a run of Chinese ends it.
///
/// `None` where nothing can be found: there is no word, or too much to search for.
pub(crate) fn phrases(text: &str) -> Option<Vec<Phrase>> {
    let mut phrases: Vec<Phrase> = Vec::new();
    let mut count = 0;
    for chunk in text.split_whitespace() {
        let characters: Vec<char> = chunk.chars().collect();
        for run in characters.chunk_by(|left, right| is_one_piece(*left, *right)) {
            let phrase = Phrase(words(&run.iter().collect::<String>()));
            if phrase.0.is_empty() || phrases.iter().any(|known| known.is_same(&phrase)) {
                continue;
            }
            count += phrase.0.len();
            phrases.push(phrase);
            if phrases.len() > MAX_PHRASES || count > MAX_WORDS {
                return None;
            }
        }
    }
    (!phrases.is_empty()).then_some(phrases)
}

/// Whether two characters, one after the other, belong to one phrase.
fn is_one_piece(left: char, right: char) -> bool {
    let is_written = |character| stands_alone(character) || is_of_word(half_width(character));
    stands_alone(left) == stands_alone(right) || is_written(left) && is_written(right)
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
    use super::{Indexed, MAX_PHRASES, MAX_WORDS, phrases, words};

    fn normalised(text: &str) -> String {
        Indexed::of(text).text
    }

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
        let found: Vec<String> = found
            .iter()
            .map(|phrase| super::joined(&phrase.0))
            .collect();
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
        check_phrases("A4纸", &["a4 纸"]);
        check_phrases("地铁3号线，A市", &["地 铁 3 号 线", "a 市"]);
    }

    #[test]
    fn two_characters_side_by_side_are_a_pair() {
        let pairs = |text: &str| Indexed::of(text).pairs;
        assert_eq!(pairs("要求退款"), "要求 求退 退款");
        assert_eq!(pairs("退，款"), "退款");
        // Nothing is between 款 and 纸 that a search could take for a pair.
        assert_eq!(pairs("退款A4纸张"), "退款 x 纸张");
        assert_eq!(pairs("退"), "");
        assert_eq!(pairs("refund 退 now"), "");
    }

    #[test]
    fn the_index_is_asked_for_pairs_or_words() {
        let expression = |text: &str| phrases(text).unwrap_or_default()[0].expression();
        assert_eq!(expression("退"), "text : \"退\"");
        assert_eq!(expression("退款"), "pairs : \"退款\"");
        assert_eq!(expression("要求退"), "pairs : \"要求 求退\"");
        assert_eq!(expression("foo-bar"), "text : \"foo bar\"");
        assert_eq!(expression("A市"), "text : \"a 市\"");
        assert_eq!(
            expression("地铁3号线"),
            "pairs : \"地铁\" AND pairs : \"号线\" AND text : \"地 铁 3 号 线\""
        );
    }

    #[test]
    fn a_phrase_is_found_where_it_stands_in_the_text_as_written() {
        let places = |text: &str, phrase: &str| {
            let phrases = phrases(phrase).unwrap_or_default();
            let found = phrases[0].places(&words(text));
            let shown = found.into_iter().map(|place| text[place].to_owned());
            shown.collect::<Vec<_>>()
        };
        assert_eq!(places("要求退，款或退款", "退款"), ["退，款", "退款"]);
        assert_eq!(places("ＲＥＦＵＮＤ now", "refund"), ["ＲＥＦＵＮＤ"]);
        assert_eq!(places("aa aa aa", "aa-aa"), ["aa aa", "aa aa"]);
        assert_eq!(places("İstanbul", "i\u{307}stanbul"), ["İstanbul"]);
        assert!(places("退", "退款").is_empty());
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
