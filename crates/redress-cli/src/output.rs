//! Writing results: aligned tables for people, JSON for programs.

use std::io::{self, Write};
use std::path::Path;

use redress::Timestamp;
use redress::core::id::is_unprintable;
use serde::Serialize;

use crate::args::Format;
use crate::csv_output;
use crate::grid::Grid;

/// Where results go. A reader that has gone away ends the program quietly.
pub(crate) struct Output<'a> {
    writer: &'a mut dyn Write,
    format: Format,
}

impl<'a> Output<'a> {
    pub(crate) fn new(writer: &'a mut dyn Write, format: Format) -> Self {
        Self { writer, format }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "{}", printable(text))
    }

    pub(crate) fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.writer, "\n{}\n", printable(text))
    }

    pub(crate) fn table(&mut self, grid: &Grid) -> io::Result<()> {
        for line in grid.lines() {
            writeln!(self.writer, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// Writes CSV for spreadsheets.
    pub(crate) fn csv<const N: usize>(
        &mut self,
        header: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> io::Result<()> {
        let header = Vec::from(header.map(str::to_owned));
        let rows = rows.into_iter().map(Vec::from);
        csv_output::write(std::iter::once(header).chain(rows), self.writer)
    }

    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        writeln!(self.writer, "{}", escaped(&text))
    }
}

/// The text on one line, with a mark for whatever would steer a terminal or the direction of writing.
///
/// ```
/// assert_eq!(redress_cli::printable("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb c");
/// ```
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' => ' ',
            steering if is_unprintable(steering) => '\u{fffd}',
            other => other,
        })
        .collect()
}

/// An instant for people: to the second, with a blank between day and time.
pub(crate) fn instant(at: Timestamp) -> String {
    let micros = at.as_micros().div_euclid(1_000_000) * 1_000_000;
    let second = Timestamp::from_micros(micros).unwrap_or(at);
    second.to_string().replace('T', " ")
}

/// A path as it is typed in a shell.
pub(crate) fn typed(path: &Path) -> String {
    let path = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if path.chars().all(is_plain) {
        path
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// The same JSON, with characters that steer a terminal as escapes.
///
/// Outside strings JSON knows no such characters but white space, and inside strings white space is escaped already.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if is_unprintable(character) && !matches!(character, '\n' | '\r' | '\t') {
            text.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_shown_as_a_mark() {
        assert_eq!(
            printable("退\u{1b}[31m款\u{202e}"),
            "退\u{fffd}[31m款\u{fffd}"
        );
        assert_eq!(printable("one\ntwo"), "one two");
    }

    #[test]
    fn json_stays_the_same_value_and_steers_nothing() {
        let value = "退\u{9b}\u{7f}\u{202e}\n\u{1b}款";
        let json = serde_json::to_string(value).unwrap_or_default();
        let safe = escaped(&json);
        assert!(!safe.chars().any(is_unprintable));
        assert_eq!(
            serde_json::from_str::<String>(&safe).ok().as_deref(),
            Some(value)
        );
    }

    #[test]
    fn a_path_with_blanks_is_typed_in_quotes() {
        let typed = |path: &str| typed(Path::new(path));
        assert_eq!(typed("/tmp/投诉.redress"), "/tmp/投诉.redress");
        assert_eq!(typed("my file"), "'my file'");
        assert_eq!(typed("it's"), r"'it'\''s'");
    }

    #[test]
    fn an_instant_is_shown_to_the_second() {
        let at = |text: &str| text.parse().map(instant).unwrap_or_default();
        assert_eq!(at("2016-03-04T16:13:00Z"), "2016-03-04 16:13:00Z");
        assert_eq!(at("2016-03-04T16:13:00.999999Z"), "2016-03-04 16:13:00Z");
        assert_eq!(at("1969-12-31T23:59:59.5Z"), "1969-12-31 23:59:59Z");
    }
}
