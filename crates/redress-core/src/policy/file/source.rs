//! The text of a policy file, and what was found wrong in it so far.

use std::cell::RefCell;

use super::super::error::{PolicyError, PolicyErrors};
use crate::id::is_unprintable;

/// How much of a wrong value a message repeats, in characters.
const SHOWN_CHARS: usize = 60;

/// A text under reading. Reading goes on after a fault, so faults are collected beside it.
pub(crate) struct Source<'a> {
    file: &'a str,
    text: &'a str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    found: RefCell<Vec<PolicyError>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file,
            text,
            lines: std::iter::once(0).chain(starts).collect(),
            found: RefCell::new(Vec::new()),
        }
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Notes that something is wrong at this byte.
    pub(crate) fn refuse(&self, at: usize, key: &str, message: &str) {
        let (line, column) = self.position(at);
        self.found.borrow_mut().push(PolicyError {
            line,
            column,
            key: readable(key),
            message: readable(message),
            file: self.file.to_owned(),
        });
    }

    /// Ends the reading with everything that was found, if anything was.
    pub(crate) fn verdict<T>(self, read: T) -> Result<T, PolicyErrors> {
        PolicyErrors::from_found(self.found.into_inner()).map_or(Ok(read), Err)
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|start| *start <= at).max(1)
    }

    fn position(&self, at: usize) -> (usize, usize) {
        let line = self.line(at);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}

/// The beginning of a value, for a message.
pub(crate) fn shown(value: &str) -> String {
    match value.char_indices().nth(SHOWN_CHARS) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// A text of one line that steers no terminal.
fn readable(text: &str) -> String {
    text.chars()
        .map(|c| if is_unprintable(c) { '\u{fffd}' } else { c })
        .collect()
}
