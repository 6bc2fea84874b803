//! Values of a policy file, each with the key it stands under and where it is.
//!
//! Reading a value gives what it says, or `None` after noting why it says nothing.

use std::str::FromStr;

use chrono::NaiveDate;
use toml::de::{DeTable, DeValue};

use super::near::advice;
use super::source::{Source, shown};
use crate::id::InvalidCode;
use crate::policy::length;
use crate::time::{Span, Timestamp};

/// A value, the key it stands under and where it is.
#[derive(Clone)]
pub(crate) struct Node<'a> {
    source: &'a Source<'a>,
    key: String,
    at: usize,
    value: &'a DeValue<'a>,
}

/// A table, the key it stands under and where it is.
#[derive(Clone)]
pub(crate) struct Fields<'a> {
    source: &'a Source<'a>,
    key: String,
    at: usize,
    entries: &'a DeTable<'a>,
}

impl<'a> Node<'a> {
    /// Notes what is wrong with it.
    pub(crate) fn refuse(&self, message: impl AsRef<str>) {
        self.source.refuse(self.at, &self.key, message.as_ref());
    }

    /// The key it stands under, with those above it.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The line it is on, from 1.
    pub(crate) fn line(&self) -> usize {
        self.source.line(self.at)
    }

    /// Notes that it is of the wrong type; `wanted` says what would be right.
    fn mistyped<T>(&self, wanted: &str) -> Option<T> {
        let found = match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or a time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.refuse(format!("this is {found}; write {wanted}"));
        None
    }

    pub(crate) fn text(&self, wanted: &str) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => self.mistyped(wanted),
        }
    }

    /// A code of ours, such as the name of a department.
    pub(crate) fn code<T: FromStr<Err = InvalidCode>>(&self) -> Option<T> {
        let text = self.text("a name in quotes")?;
        match text.parse() {
            Ok(code) => Some(code),
            Err(why) => {
                self.refuse(format!("the name {why}; write another one"));
                None
            }
        }
    }

    /// A whole number within these bounds.
    pub(crate) fn number<T: TryFrom<i64>>(&self, least: i64, most: i64) -> Option<T> {
        let DeValue::Integer(integer) = self.value else {
            return self.mistyped("a whole number without quotes");
        };
        let number = i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok();
        let within = number.filter(|number| (least..=most).contains(number));
        let taken = within.and_then(|number| T::try_from(number).ok());
        if taken.is_none() {
            self.refuse(format!(
                "`{}` is out of range; write a number from {least} to {most}",
                shown(&integer.to_string())
            ));
        }
        taken
    }

    pub(crate) fn flag(&self) -> Option<bool> {
        let DeValue::Boolean(flag) = self.value else {
            return self.mistyped("true or false, without quotes");
        };
        Some(*flag)
    }

    /// A length of time.
    pub(crate) fn span(&self) -> Option<Span> {
        let wanted = "a length in quotes, such as \"24h\", \"3d\" or \"1d 12h\"";
        let text = self.text(wanted)?;
        let span = length::parse(text);
        if span.is_none() {
            self.refuse(format!(
                "`{}` is no length of time; write {wanted}",
                shown(text)
            ));
        }
        span
    }

    /// A length of time that is not nothing.
    pub(crate) fn positive_span(&self) -> Option<Span> {
        let span = self.span()?;
        if span > Span::ZERO {
            return Some(span);
        }
        self.refuse("the length is zero; write a longer one");
        None
    }

    pub(crate) fn date(&self) -> Option<NaiveDate> {
        let wanted = "a date without quotes, such as 2026-01-01";
        let DeValue::Datetime(datetime) = self.value else {
            return self.mistyped(wanted);
        };
        let date = datetime
            .date
            .filter(|_| datetime.time.is_none() && datetime.offset.is_none())
            .and_then(|date| {
                let (year, month, day) = (date.year, date.month, date.day);
                NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
            });
        if date.is_none() {
            self.refuse(format!("`{datetime}` is no date; write {wanted}"));
        }
        date
    }

    pub(crate) fn instant(&self) -> Option<Timestamp> {
        let wanted = "an instant without quotes, such as 2026-01-01T09:00:00+08:00";
        let DeValue::Datetime(datetime) = self.value else {
            return self.mistyped(wanted);
        };
        let instant = datetime.to_string().parse().ok();
        if instant.is_none() {
            self.refuse(format!("`{datetime}` is no instant; write {wanted}"));
        }
        instant
    }

    /// One of these names; `what` says what they are the names of.
    pub(crate) fn choice<T: Copy>(&self, what: &str, known: &[(&str, T)]) -> Option<T> {
        let text = self.text(&format!("the name of a {what} in quotes"))?;
        if let Some((_, value)) = known.iter().find(|(name, _)| *name == text) {
            return Some(*value);
        }
        self.unknown(what, text, known.iter().map(|(name, _)| *name));
        None
    }

    /// Notes that a name stands for nothing.
    pub(crate) fn unknown<'k>(
        &self,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let advice = advice(name, known);
        self.refuse(format!("there is no {what} `{}`; {advice}", shown(name)));
    }

    /// The items of a list.
    pub(crate) fn list(&self, wanted: &str) -> Option<Vec<Self>> {
        let DeValue::Array(items) = self.value else {
            return self.mistyped(wanted);
        };
        let nodes = items.iter().enumerate().map(|(index, item)| Self {
            source: self.source,
            key: format!("{}[{}]", self.key, index + 1),
            at: item.span().start,
            value: item.get_ref(),
        });
        Some(nodes.collect())
    }

    /// A table that has no other keys than these.
    pub(crate) fn fields(&self, known: &[&str]) -> Option<Fields<'a>> {
        let some: Vec<String> = known.iter().take(2).map(|key| format!("`{key}`")).collect();
        let wanted = format!("a table with keys such as {}", some.join(" and "));
        let fields = self.table(&wanted)?;
        fields.only(known);
        Some(fields)
    }

    /// A table with keys of the writer's choice; `wanted` says what a table here looks like.
    pub(crate) fn table(&self, wanted: &str) -> Option<Fields<'a>> {
        let DeValue::Table(entries) = self.value else {
            return self.mistyped(wanted);
        };
        Some(Fields {
            source: self.source,
            key: self.key.clone(),
            at: self.at,
            entries,
        })
    }

    /// Reads each item of a list; `wanted` says what a list here looks like.
    pub(crate) fn each<T>(
        &self,
        wanted: &str,
        read: impl Fn(&Self) -> Option<T>,
    ) -> Vec<(Self, T)> {
        let items = self.list(wanted).unwrap_or_default();
        let read = items.into_iter().filter_map(|item| {
            let value = read(&item)?;
            Some((item, value))
        });
        read.collect()
    }

    /// Reads each item of a list that must not say anything twice.
    pub(crate) fn set<T: PartialEq>(
        &self,
        wanted: &str,
        read: impl Fn(&Self) -> Option<T>,
    ) -> Vec<T> {
        let mut values = Vec::new();
        for (item, value) in self.each(wanted, read) {
            if values.contains(&value) {
                item.refuse("this is in the list already; leave one out");
            } else {
                values.push(value);
            }
        }
        values
    }
}

impl<'a> Fields<'a> {
    /// The whole file.
    pub(crate) fn root(source: &'a Source<'a>, entries: &'a DeTable<'a>) -> Self {
        Self {
            source,
            key: String::new(),
            at: 0,
            entries,
        }
    }

    /// Notes what is wrong with the table as a whole.
    pub(crate) fn refuse(&self, message: impl AsRef<str>) {
        self.source.refuse(self.at, &self.key, message.as_ref());
    }

    /// Notes each key that is not one of these.
    pub(crate) fn only(&self, known: &[&str]) {
        for key in self.entries.keys() {
            let name = key.get_ref();
            if !known.contains(&name.as_ref()) {
                let advice = advice(name, known.iter().copied());
                let message = format!("there is no such key; {advice}");
                self.source
                    .refuse(key.span().start, &self.key_of(name), &message);
            }
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Node<'a>> {
        let value = self.entries.get(name)?;
        Some(Node {
            source: self.source,
            key: self.key_of(name),
            at: value.span().start,
            value: value.get_ref(),
        })
    }

    /// A key that must be there; `example` shows how.
    pub(crate) fn need(&self, name: &str, example: &str) -> Option<Node<'a>> {
        let node = self.get(name);
        if node.is_none() {
            self.missing(name, example);
        }
        node
    }

    /// Notes that a key is missing which a policy to extend would give.
    pub(crate) fn missing_at_the_bottom(&self, name: &str, example: &str) {
        let message = format!(
            "this is missing, and the file extends nothing; add it, for instance {name} = {example}, or add extends = \"standard\""
        );
        self.source.refuse(self.at, &self.key_of(name), &message);
    }

    /// Notes that a key is missing.
    pub(crate) fn missing(&self, name: &str, example: &str) {
        let message = format!("this is missing; add it, for instance {name} = {example}");
        self.source.refuse(self.at, &self.key_of(name), &message);
    }

    /// Every key as a code of ours, with its value.
    pub(crate) fn named<T: FromStr<Err = InvalidCode>>(&self) -> Vec<(T, Node<'a>)> {
        let mut named = Vec::new();
        for key in self.entries.keys() {
            let name = key.get_ref();
            match name.parse() {
                Ok(code) => named.extend(self.get(name).map(|node| (code, node))),
                Err(why) => {
                    let message = format!("the name {why}; write another one");
                    self.source
                        .refuse(key.span().start, &self.key_of(name), &message);
                }
            }
        }
        named
    }

    fn key_of(&self, name: &str) -> String {
        let bare = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        let name = if bare {
            name.to_owned()
        } else {
            format!("\"{}\"", shown(name))
        };
        if self.key.is_empty() {
            name
        } else {
            format!("{}.{name}", self.key)
        }
    }
}
