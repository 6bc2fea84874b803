//! TOML in the making.

use std::fmt::Display;

use crate::id::is_unprintable;

/// A text under writing.
#[derive(Default)]
pub(super) struct Text(String);

impl Text {
    /// A line for a key and its value, both as they are written.
    pub(super) fn pair(&mut self, key: &str, value: impl Display) {
        self.0.push_str(&format!("{key} = {value}\n"));
    }

    /// The line that begins a table.
    pub(super) fn heading(&mut self, heading: impl Display) {
        self.0.push_str(&format!("\n{heading}\n"));
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            steering if steering.is_control() || is_unprintable(steering) => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(steering)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A list of texts on one line.
pub(super) fn quoted_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(", "))
}

/// A list with an item to a line.
pub(super) fn long_list(items: impl IntoIterator<Item = String>) -> String {
    let lines = items.into_iter().map(|item| format!("    {item},\n"));
    format!("[\n{}]", lines.collect::<String>())
}
