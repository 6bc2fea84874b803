//! Finding the columns that a mapping names in the header of a file.

use std::io::Read;

use crate::cell::even_blanks;
use crate::encoding::FileEncoding;
use crate::error::ImportError;
use crate::finding::Column;
use crate::mapping::{ColumnName, Mapping};
use crate::records::{Found, Record, Records};

/// The columns that a mapping names, as they stand in one file.
pub(crate) struct Layout {
    pub(crate) key: Column,
    pub(crate) received_at: Column,
    pub(crate) receiver: Option<Column>,
    pub(crate) customer: Option<Column>,
    pub(crate) subject: Option<Column>,
    pub(crate) description: Option<Column>,
    pub(crate) product: Option<Column>,
    pub(crate) channel: Option<Column>,
    /// When a row was made, and by whom; for rows that are updates.
    pub(crate) update: Option<UpdateColumns>,
    pub(crate) category: Vec<Column>,
    pub(crate) severity: Option<Column>,
    pub(crate) priority: Option<Column>,
    pub(crate) department: Option<Column>,
    pub(crate) person: Option<Column>,
    pub(crate) assigned_at: Option<Column>,
    pub(crate) due: Option<Column>,
    pub(crate) state: Option<Column>,
    pub(crate) ended_at: Option<Column>,
    pub(crate) disputed: Option<Column>,
    pub(crate) cause: Option<Column>,
    /// The columns in which an empty cell keeps the value of the row before.
    pub(crate) keeping: Vec<Column>,
    /// What is kept of a closed case: under the mapping's name, from this column.
    pub(crate) recorded: Vec<(String, Column)>,
    /// The names of all columns.
    names: Vec<String>,
    /// Which columns are read, by their places from 0.
    is_read: Vec<bool>,
}

/// Where a row says when it was made, and by whom.
pub(crate) struct UpdateColumns {
    pub(crate) at: Column,
    pub(crate) by: Option<Column>,
}

impl Layout {
    /// The column at this place, from 0.
    pub(crate) fn column(&self, index: usize) -> Column {
        Column {
            number: index + 1,
            name: self.names.get(index).cloned().unwrap_or_default(),
        }
    }

    /// Whether anything is read from the column at this place, from 0.
    pub(crate) fn is_read(&self, index: usize) -> bool {
        self.is_read.get(index).copied().unwrap_or(false)
    }

    /// How many columns the file has.
    pub(crate) fn width(&self) -> usize {
        self.names.len()
    }
}

/// The names in a header, with even blanks.
pub(crate) struct Header {
    line: u64,
    names: Vec<String>,
    /// The first name as it stands there: if the delimiter is wrong, the whole line.
    first: String,
}

impl Header {
    /// Reads the first record of a file.
    pub(crate) fn read<R: Read>(
        records: &mut Records<R>,
        max_bytes: usize,
        encoding: FileEncoding,
    ) -> Result<Self, ImportError> {
        let mut record = Record::default();
        let found = records
            .read(&mut record)
            .map_err(|source| ImportError::Read {
                line: records.line(),
                source,
            })?;
        let line = record.line;
        match found {
            Found::Whole => Self::of(&record, encoding),
            Found::TooLong => Err(ImportError::HeaderTooLong { line, max_bytes }),
            Found::Unclosed => Err(ImportError::HeaderUnclosed { line }),
            Found::End => Err(ImportError::Empty),
        }
    }

    fn of(record: &Record, encoding: FileEncoding) -> Result<Self, ImportError> {
        let line = record.line;
        let name = |(index, field)| match str::from_utf8(field) {
            Ok(text) => Ok(even_blanks(text).into_owned()),
            Err(_) => Err(ImportError::HeaderNotText {
                line,
                column: index + 1,
                encoding: encoding.name(),
            }),
        };
        let names = record.fields().enumerate().map(name);
        let names = names.collect::<Result<_, _>>()?;
        let first = record.fields().next().unwrap_or_default();
        Ok(Self {
            line,
            names,
            first: String::from_utf8_lossy(first).into_owned(),
        })
    }

    /// Finds every column that the mapping names.
    pub(crate) fn locate(&self, mapping: &Mapping, delimiter: u8) -> Result<Layout, ImportError> {
        let mut search = Search {
            header: self,
            mapping,
            missing: Vec::new(),
            found_one: false,
            is_read: vec![false; self.names.len()],
        };
        let layout = search.layout()?;
        let line = self.line;
        let Search {
            missing, found_one, ..
        } = search;
        if missing.is_empty() {
            Ok(layout)
        } else if found_one {
            let found = self.names.clone();
            Err(ImportError::MissingColumns {
                line,
                missing,
                found,
            })
        } else if self.names.len() == 1 && self.first.contains(mapping.case.key.as_str()) {
            Err(self.wrong_delimiter(delimiter))
        } else {
            Err(ImportError::NoHeader { line, missing })
        }
    }

    fn wrong_delimiter(&self, delimiter: u8) -> ImportError {
        let delimiter = char::from(delimiter);
        let likely = [',', ';', '\t', '|']
            .into_iter()
            .filter(|other| *other != delimiter)
            .map(|other| (self.first.matches(other).count(), other))
            .filter(|(count, _)| *count > 0)
            .max_by_key(|(count, _)| *count);
        ImportError::WrongDelimiter {
            line: self.line,
            header: self.first.clone(),
            delimiter: delimiter.to_string(),
            likely: likely.map(|(_, other)| other.to_string()),
        }
    }
}

/// What was found and what was not.
struct Search<'a> {
    header: &'a Header,
    mapping: &'a Mapping,
    missing: Vec<String>,
    found_one: bool,
    is_read: Vec<bool>,
}

impl Search<'_> {
    fn layout(&mut self) -> Result<Layout, ImportError> {
        let mapping = self.mapping;
        let received = &mapping.received;
        let classified = &mapping.classified;
        let assigned = mapping.assigned.as_ref();
        let ended = mapping.ended.as_ref();
        let recorded = mapping.recorded.iter().flat_map(|rules| &rules.at_close);
        Ok(Layout {
            key: self.one(&mapping.case.key)?,
            received_at: self.one(&received.at)?,
            receiver: self.some(received.receiver.as_ref())?,
            customer: self.some(received.customer_pseudonym.as_ref())?,
            subject: self.some(received.subject.as_ref())?,
            description: self.some(received.description.as_ref())?,
            product: self.some(received.product.as_ref())?,
            channel: self.some(Some(&received.channel.column))?,
            update: match &mapping.update {
                Some(rules) => Some(UpdateColumns {
                    at: self.one(&rules.at)?,
                    by: self.some(Some(&rules.by))?,
                }),
                None => None,
            },
            category: classified
                .category
                .iter()
                .map(|name| self.one(name))
                .collect::<Result<_, _>>()?,
            severity: self.some(classified.severity.as_ref().map(|rules| &rules.column))?,
            priority: self.some(classified.priority.as_ref().map(|rules| &rules.column))?,
            department: self.some(assigned.map(|rules| &rules.department))?,
            person: self.some(assigned.and_then(|rules| rules.person.as_ref()))?,
            assigned_at: self.some(assigned.and_then(|rules| rules.at.as_ref()))?,
            due: self.some(assigned.and_then(|rules| rules.due.as_ref()))?,
            state: self.some(mapping.states.as_ref().map(|rules| &rules.column))?,
            ended_at: self.some(ended.and_then(|rules| rules.at.as_ref()))?,
            disputed: self.some(mapping.disputed().map(|said| &said.column))?,
            cause: self.some(mapping.resolved.as_ref().map(|rules| &rules.cause))?,
            keeping: mapping
                .keeping()
                .filter_map(|name| self.some(Some(name)).transpose())
                .collect::<Result<_, _>>()?,
            recorded: recorded
                .filter_map(|name| self.recorded(name).transpose())
                .collect::<Result<_, _>>()?,
            names: self.header.names.clone(),
            is_read: std::mem::take(&mut self.is_read),
        })
    }

    fn recorded(&mut self, name: &ColumnName) -> Result<Option<(String, Column)>, ImportError> {
        let column = self.some(Some(name))?;
        Ok(column.map(|column| (name.as_str().to_owned(), column)))
    }

    /// The column of this name; `None` where it is optional and not there.
    fn some(&mut self, name: Option<&ColumnName>) -> Result<Option<Column>, ImportError> {
        let Some(name) = name else { return Ok(None) };
        let column = self.one(name)?;
        Ok((column.number > 0).then_some(column))
    }

    /// The column of this name; one that is not there has the number 0, and is noted unless it is optional.
    fn one(&mut self, name: &ColumnName) -> Result<Column, ImportError> {
        let mapping = self.mapping;
        for is_same in [exactly, nearly] {
            for name in mapping.names_of(name) {
                if let Some(column) = self.find(name, is_same)? {
                    return Ok(column);
                }
            }
        }
        let name = name.as_str();
        if !mapping.is_optional(name) && !self.missing.iter().any(|known| known == name) {
            self.missing.push(name.to_owned());
        }
        Ok(Column {
            number: 0,
            name: name.to_owned(),
        })
    }

    fn find(&mut self, name: &str, is_same: IsSame) -> Result<Option<Column>, ImportError> {
        let names = &self.header.names;
        let mut places = (1..).zip(names).filter(|(_, column)| is_same(column, name));
        let Some((number, found)) = places.next() else {
            return Ok(None);
        };
        if let Some((second, _)) = places.next() {
            return Err(ImportError::RepeatedColumn {
                line: self.header.line,
                name: name.to_owned(),
                first: number,
                second,
            });
        }
        self.found_one = true;
        if let Some(is_read) = self.is_read.get_mut(number - 1) {
            *is_read = true;
        }
        Ok(Some(Column {
            number,
            name: found.clone(),
        }))
    }
}

/// Whether two names of columns mean the same.
type IsSame = fn(&str, &str) -> bool;

fn exactly(one: &str, other: &str) -> bool {
    one == other
}

/// Exports of one system differ in this: `Created Date`, `created_date` and `CREATED DATE` are one column.
fn nearly(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        name.split(|character: char| !character.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let words_of_one = words(one);
    !words_of_one.is_empty() && words_of_one == words(other)
}
