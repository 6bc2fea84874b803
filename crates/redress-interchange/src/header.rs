//! Finding the columns that a mapping names in the header of a file.

use std::io::Read;

use crate::cell::even_blanks;
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
    pub(crate) channel: Column,
    pub(crate) updated_at: Column,
    pub(crate) updated_by: Column,
    pub(crate) category: Vec<Column>,
    pub(crate) severity: Column,
    pub(crate) priority: Column,
    pub(crate) department: Option<Column>,
    pub(crate) person: Option<Column>,
    pub(crate) state: Column,
    pub(crate) cause: Option<Column>,
    pub(crate) recorded: Vec<Column>,
    /// The names of all columns.
    names: Vec<String>,
}

impl Layout {
    /// The column at this place, from 0.
    pub(crate) fn column(&self, index: usize) -> Column {
        Column {
            number: index + 1,
            name: self.names.get(index).cloned().unwrap_or_default(),
        }
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
            Found::Whole => Self::of(&record),
            Found::TooLong => Err(ImportError::HeaderTooLong { line, max_bytes }),
            Found::Unclosed => Err(ImportError::HeaderUnclosed { line }),
            Found::End => Err(ImportError::Empty),
        }
    }

    fn of(record: &Record) -> Result<Self, ImportError> {
        let line = record.line;
        let name = |(index, field)| match str::from_utf8(field) {
            Ok(text) => Ok(even_blanks(text).into_owned()),
            Err(_) => Err(ImportError::HeaderNotUtf8 {
                line,
                column: index + 1,
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
    pub(crate) fn locate(&self, mapping: &Mapping) -> Result<Layout, ImportError> {
        let mut search = Search::default();
        let layout = self.layout(mapping, &mut search)?;
        let line = self.line;
        let Search { missing, found_one } = search;
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
            Err(self.wrong_delimiter(mapping))
        } else {
            Err(ImportError::NoHeader { line, missing })
        }
    }

    fn layout(&self, mapping: &Mapping, search: &mut Search) -> Result<Layout, ImportError> {
        let mut find = |name: &ColumnName| self.find(name.as_str(), search);
        let received = &mapping.received;
        let classified = &mapping.classified;
        let assigned = mapping.assigned.as_ref();
        let recorded = mapping.recorded.as_ref();
        Ok(Layout {
            key: find(&mapping.case.key)?,
            received_at: find(&received.at)?,
            receiver: received.receiver.as_ref().map(&mut find).transpose()?,
            customer: received
                .customer_pseudonym
                .as_ref()
                .map(&mut find)
                .transpose()?,
            channel: find(&received.channel.column)?,
            updated_at: find(&mapping.update.at)?,
            updated_by: find(&mapping.update.by)?,
            category: classified
                .category
                .iter()
                .map(&mut find)
                .collect::<Result<_, _>>()?,
            severity: find(&classified.severity.column)?,
            priority: find(&classified.priority.column)?,
            department: assigned.map(|rules| find(&rules.department)).transpose()?,
            person: assigned
                .and_then(|rules| rules.person.as_ref())
                .map(&mut find)
                .transpose()?,
            state: find(&mapping.states.column)?,
            cause: mapping
                .resolved
                .as_ref()
                .map(|rules| find(&rules.cause))
                .transpose()?,
            recorded: recorded
                .iter()
                .flat_map(|rules| &rules.at_close)
                .map(&mut find)
                .collect::<Result<_, _>>()?,
            names: self.names.clone(),
        })
    }

    /// The column of this name; a missing one is noted and stands for the first.
    fn find(&self, name: &str, search: &mut Search) -> Result<Column, ImportError> {
        let mut places = (1..).zip(&self.names).filter(|(_, column)| *column == name);
        let first = places.next().map(|(number, _)| number);
        if let (Some(first), Some((second, _))) = (first, places.next()) {
            return Err(ImportError::RepeatedColumn {
                line: self.line,
                name: name.to_owned(),
                first,
                second,
            });
        }
        search.found_one |= first.is_some();
        if first.is_none() && !search.missing.iter().any(|known| known == name) {
            search.missing.push(name.to_owned());
        }
        Ok(Column {
            number: first.unwrap_or(1),
            name: name.to_owned(),
        })
    }

    fn wrong_delimiter(&self, mapping: &Mapping) -> ImportError {
        let delimiter = char::from(mapping.file.delimiter.0);
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
#[derive(Default)]
struct Search {
    missing: Vec<String>,
    found_one: bool,
}
