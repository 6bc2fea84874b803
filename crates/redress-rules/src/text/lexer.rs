//! Cutting the text of rules into words.

/// A word of the text, and at which byte it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

/// What a piece of text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, digits and `_ - . / @`.
    Word(String),
    /// Between double quotes.
    Quoted(String),
    /// Between double quotes that do not end on the line.
    Unclosed,
    /// Any other character.
    Sign(char),
    /// The text is over.
    End,
}

/// Whether a character may stand in a word without quotes.
pub(crate) fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || "_-./@".contains(c)
}

/// Every word of a text; the last one is [`Kind::End`]. Comments go from `#` to the end of the line.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text;
    // A mark that some editors put at the beginning of a file.
    rest = rest.strip_prefix('\u{feff}').unwrap_or(rest);
    while let Some(first) = rest.chars().next() {
        let at = text.len() - rest.len();
        let length = if first == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if first.is_whitespace() {
            first.len_utf8()
        } else {
            let (kind, length) = token(rest, first);
            found.push(Token { at, kind });
            length
        };
        rest = &rest[length..];
    }
    found.push(Token {
        at: text.len(),
        kind: Kind::End,
    });
    found
}

/// The token that a text begins with, and its length in bytes.
fn token(text: &str, first: char) -> (Kind, usize) {
    if is_plain(first) {
        let length = text.find(|c| !is_plain(c)).unwrap_or(text.len());
        (Kind::Word(text[..length].to_owned()), length)
    } else if first == '"' {
        quoted(text)
    } else {
        (Kind::Sign(first), first.len_utf8())
    }
}

/// A text in quotes; `\` takes the next character as it is.
fn quoted(text: &str) -> (Kind, usize) {
    let mut inside = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (Kind::Quoted(inside), at + 1),
            '\n' => return (Kind::Unclosed, at),
            '\\' => inside.extend(characters.next().map(|(_, c)| c)),
            other => inside.push(other),
        }
    }
    (Kind::Unclosed, text.len())
}
