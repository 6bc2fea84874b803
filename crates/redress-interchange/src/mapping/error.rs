//! Why a mapping cannot be used, and where.

use crate::cell::quoted;

/// Why a mapping cannot be used: file, line, column, key and reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.text())]
pub struct MappingError {
    file: String,
    place: Option<Place>,
    message: String,
}

/// Where in a mapping something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    key: Option<String>,
}

impl MappingError {
    pub(super) fn new(file: &str, text: &str, error: &toml::de::Error) -> Self {
        Self {
            file: file.to_owned(),
            place: error.span().map(|span| Place::of(text, span.start)),
            message: error.message().to_owned(),
        }
    }

    pub(super) fn at(file: &str, text: &str, offset: usize, message: &str) -> Self {
        Self {
            file: file.to_owned(),
            place: Some(Place::of(text, offset)),
            message: message.to_owned(),
        }
    }

    pub(super) fn not_shipped(name: &str) -> Self {
        let names: Vec<_> = super::Mapping::shipped_names().collect();
        Self {
            file: quoted(name),
            place: None,
            message: format!("is no shipped mapping; there are: {}", names.join(", ")),
        }
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.line)
    }

    /// The column in characters, from 1.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        self.place.as_ref().map(|place| place.column)
    }

    /// The key or section on that line.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.place.as_ref().and_then(|place| place.key.as_deref())
    }

    fn text(&self) -> String {
        let Self {
            file,
            place,
            message,
        } = self;
        match place {
            None => format!("{file}: {message}"),
            Some(Place {
                line,
                column,
                key: None,
            }) => format!("{file}:{line}:{column}: {message}"),
            Some(Place {
                line,
                column,
                key: Some(key),
            }) => format!("{file}:{line}:{column}: at `{key}`: {message}"),
        }
    }
}

impl Place {
    fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        let source_line = text.get(line_start..).unwrap_or_default();
        let source_line = source_line.lines().next().unwrap_or_default();
        let key = source_line.split('=').next().unwrap_or_default().trim();
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            key: (!key.is_empty()).then(|| key.to_owned()),
        }
    }
}
