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
    pub(crate) recorded: Vec<Column>,
    /// The names of all columns.
    names: Vec<String>,
}

/// Where a row says when it was made, and by whom.
pub(crate) struct UpdateColumns {
    pub(crate) at: Column,
    pub(crate) by: Column,
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
        let mut search = Search {
            header: self,
            missing: Vec::new(),
            found_one: false,
        };
        let layout = search.layout(mapping)?;
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
            Err(self.wrong_delimiter(mapping))
        } else {
            Err(ImportError::NoHeader { line, missing })
        }
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
struct Search<'a> {
    header: &'a Header,
    missing: Vec<String>,
    found_one: bool,
}

impl Search<'_> {
    fn layout(&mut self, mapping: &Mapping) -> Result<Layout, ImportError> {
        let received = &mapping.received;
        let classified = &mapping.classified;
        let assigned = mapping.assigned.as_ref();
        let ended = mapping.ended.as_ref();
        let disputed = ended.and_then(|rules| rules.disputed.as_ref());
        let recorded = mapping.recorded.iter();
        Ok(Layout {
            key: self.one(&mapping.case.key)?,
            received_at: self.one(&received.at)?,
            receiver: self.some(received.receiver.as_ref())?,
            customer: self.some(received.customer_pseudonym.as_ref())?,
            channel: self.one(&received.channel.column)?,
            update: match &mapping.update {
                Some(rules) => Some(UpdateColumns {
                    at: self.one(&rules.at)?,
                    by: self.one(&rules.by)?,
                }),
                None => None,
            },
            category: self.all(&classified.category)?,
            severity: self.some(classified.severity.as_ref().map(|rules| &rules.column))?,
            priority: self.some(classified.priority.as_ref().map(|rules| &rules.column))?,
            department: self.some(assigned.map(|rules| &rules.department))?,
            person: self.some(assigned.and_then(|rules| rules.person.as_ref()))?,
            assigned_at: self.some(assigned.and_then(|rules| rules.at.as_ref()))?,
            due: self.some(assigned.and_then(|rules| rules.due.as_ref()))?,
            state: self.some(mapping.states.as_ref().map(|rules| &rules.column))?,
            ended_at: self.some(ended.and_then(|rules| rules.at.as_ref()))?,
            disputed: self.some(disputed.map(|said| &said.column))?,
            cause: self.some(mapping.resolved.as_ref().map(|rules| &rules.cause))?,
            recorded: self.all(recorded.flat_map(|rules| &rules.at_close))?,
            names: self.header.names.clone(),
        })
    }

    fn all<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a ColumnName>,
    ) -> Result<Vec<Column>, ImportError> {
        names.into_iter().map(|name| self.one(name)).collect()
    }

    fn some(&mut self, name: Option<&ColumnName>) -> Result<Option<Column>, ImportError> {
        name.map(|name| self.one(name)).transpose()
    }

    /// The column of this name; a missing one is noted and stands for the first.
    fn one(&mut self, name: &ColumnName) -> Result<Column, ImportError> {
        let name = name.as_str();
        let names = &self.header.names;
        let mut places = (1..).zip(names).filter(|(_, column)| *column == name);
        let first = places.next().map(|(number, _)| number);
        if let (Some(first), Some((second, _))) = (first, places.next()) {
            return Err(ImportError::RepeatedColumn {
                line: self.header.line,
                name: name.to_owned(),
                first,
                second,
            });
        }
        self.found_one |= first.is_some();
        if first.is_none() && !self.missing.iter().any(|known| known == name) {
            self.missing.push(name.to_owned());
        }
        Ok(Column {
            number: first.unwrap_or(1),
            name: name.to_owned(),
        })
    }
}
