//! The small values of a mapping, checked as they are read.

use redress_core::taxonomy::IMPORTED;
use redress_core::{Actor, InvalidCode, Label, PersonId, Role};
use serde::Deserialize;

use crate::cell::even_blanks;

/// The name of a source; also a branch of the trees of categories and causes, and a system in notes.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct SourceName {
    system: Label,
    importer: Actor,
}

impl SourceName {
    /// The longest name, in characters: most of a code is left to the source's own codes.
    const MAX_CHARS: usize = 40;

    pub(crate) fn as_str(&self) -> &str {
        self.system.as_str()
    }

    /// The source as a system of its own.
    pub(crate) const fn system(&self) -> &Label {
        &self.system
    }

    /// Who acts where the source does not say who did.
    pub(crate) const fn importer(&self) -> &Actor {
        &self.importer
    }

    /// The path of a code of this source.
    pub(crate) fn branch<'a>(&self, steps: impl IntoIterator<Item = &'a str>) -> String {
        let mut path = format!("{IMPORTED}/{}", self.as_str());
        for step in steps {
            path.push('/');
            path.push_str(&step.replace('/', "-"));
        }
        path
    }
}

impl TryFrom<String> for SourceName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || name.len() > Self::MAX_CHARS || !name.bytes().all(is_plain) {
            let max = Self::MAX_CHARS;
            return Err(format!(
                "a name is 1 to {max} small letters, digits and hyphens"
            ));
        }
        let said = |why: InvalidCode| why.to_string();
        let id = PersonId::new("importer").map_err(said)?;
        let role = Role::new("importer").map_err(said)?;
        Ok(Self {
            system: Label::new(name).map_err(said)?,
            importer: Actor::system(id, role),
        })
    }
}

/// The name of a column, as the header writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct ColumnName(String);

impl ColumnName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ColumnName {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, &'static str> {
        let name = even_blanks(&name);
        if name.is_empty() {
            return Err("the name of the column is empty");
        }
        Ok(Self(name.into_owned()))
    }
}

impl std::borrow::Borrow<str> for ColumnName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A value as it stands in a cell, with even blanks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct CellValue(String);

impl std::borrow::Borrow<str> for CellValue {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl CellValue {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CellValue {
    type Error = &'static str;

    fn try_from(value: String) -> Result<Self, &'static str> {
        if value.is_empty() {
            return Err("the empty cell is always missing; leave it out");
        }
        if even_blanks(&value) != value {
            return Err("write the value with single blanks, and none at its ends");
        }
        Ok(Self(value))
    }
}

/// The byte between two cells.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Delimiter(pub(crate) u8);

impl TryFrom<String> for Delimiter {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.as_bytes() {
            [b'"' | b'\r' | b'\n'] => Err("quotation marks and line ends cannot be a delimiter"),
            [byte] if byte.is_ascii() => Ok(Self(*byte)),
            _ => Err("a delimiter is one ASCII character"),
        }
    }
}

/// A zone of the IANA time zone database.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Zone(pub(crate) chrono_tz::Tz);

impl TryFrom<String> for Zone {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, &'static str> {
        name.parse()
            .map(Self)
            .map_err(|_| "is no IANA time zone, such as \"Asia/Shanghai\" or \"UTC\"")
    }
}
