//! The columns that a mapping names, and under which other names files may have them.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Coded, ColumnName, Mapping, RowMeaning};

/// What not every file of a source has alike.
pub(crate) type Columns = BTreeMap<ColumnName, Spanned<ColumnRules>>;

/// How a column may differ from file to file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnRules {
    /// Its names in other files.
    #[serde(default)]
    pub(crate) also: Vec<ColumnName>,
    /// Files without it are read as if all its cells were empty.
    #[serde(default)]
    pub(crate) optional: bool,
    /// What an empty cell says; without it, that there is no value.
    pub(crate) empty: Option<Empty>,
}

/// What an empty cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Empty {
    /// The value of the row before goes on.
    Keeps,
}

impl Mapping {
    /// The names under which a file may have a column, the mapping's own first.
    pub(crate) fn names_of<'a>(&'a self, name: &'a ColumnName) -> impl Iterator<Item = &'a str> {
        let also = self.columns.get(name).map(|rules| &rules.get_ref().also);
        std::iter::once(name)
            .chain(also.into_iter().flatten())
            .map(ColumnName::as_str)
    }

    /// Whether files without this column are good.
    pub(crate) fn is_optional(&self, name: &str) -> bool {
        let rules = self.columns.get(name);
        rules.is_some_and(|rules| rules.get_ref().optional)
    }

    /// Whether an empty cell of this column keeps the value of the row before.
    pub(crate) fn keeps(&self, name: &ColumnName) -> bool {
        let rules = self.columns.get(name);
        rules.is_some_and(|rules| rules.get_ref().empty == Some(Empty::Keeps))
    }

    /// The columns in which an empty cell keeps the value of the row before.
    pub(crate) fn keeping(&self) -> impl Iterator<Item = &ColumnName> {
        self.columns.keys().filter(|name| self.keeps(name))
    }

    /// What is wrong with the table `[columns]`, and where.
    pub(super) fn contradicts_columns(&self) -> Option<(usize, &'static str)> {
        let (needed, others) = (self.needed(), self.others());
        self.columns.iter().find_map(|(name, rules)| {
            if rules.get_ref().empty.is_some() {
                if self.rows() == RowMeaning::Cases {
                    return Some((
                        rules.span().start,
                        "`empty` is for rows that are updates: a whole case has no row before",
                    ));
                }
                let of_row = [
                    Some(&self.case.key),
                    self.update.as_ref().map(|update| &update.at),
                ];
                if of_row.contains(&Some(name)) {
                    return Some((
                        rules.span().start,
                        "each row has a case and a time of its own; `empty` cannot keep them",
                    ));
                }
            }
            let message = match (needed.contains(&name), others.contains(&name)) {
                (true, _) if rules.get_ref().optional => {
                    "this column cannot be optional: rows cannot be read without it"
                }
                (true, _) | (false, true) => return None,
                (false, false) => "no other table of the mapping reads this column",
            };
            Some((rules.span().start, message))
        })
    }

    /// The columns without which no row could be read.
    fn needed(&self) -> Vec<&ColumnName> {
        let classified = &self.classified;
        let ended_at = self.ended.as_ref().and_then(|rules| rules.at.as_ref());
        let coded = [
            without_default(&self.received.channel),
            classified.severity.as_ref().and_then(without_default),
            classified.priority.as_ref().and_then(without_default),
        ];
        [&self.case.key, &self.received.at]
            .into_iter()
            .chain(self.update.iter().map(|rules| &rules.at))
            .chain(self.states.iter().map(|rules| &rules.column))
            .chain(&classified.category)
            .chain(ended_at)
            .chain(coded.into_iter().flatten())
            .collect()
    }

    /// The other columns that are read.
    fn others(&self) -> Vec<&ColumnName> {
        let received = &self.received;
        let classified = &self.classified;
        let assigned = self.assigned.as_ref();
        let each = [
            received.receiver.as_ref(),
            received.customer_pseudonym.as_ref(),
            received.subject.as_ref(),
            received.description.as_ref(),
            received.product.as_ref(),
            Some(&received.channel.column),
            self.update.as_ref().map(|rules| &rules.by),
            classified.severity.as_ref().map(|rules| &rules.column),
            classified.priority.as_ref().map(|rules| &rules.column),
            assigned.map(|rules| &rules.department),
            assigned.and_then(|rules| rules.person.as_ref()),
            assigned.and_then(|rules| rules.at.as_ref()),
            assigned.and_then(|rules| rules.due.as_ref()),
            self.disputed().map(|said| &said.column),
            self.resolved.as_ref().map(|rules| &rules.cause),
        ];
        let recorded = self.recorded.iter().flat_map(|rules| &rules.at_close);
        each.into_iter().flatten().chain(recorded).collect()
    }
}

fn without_default<T>(rules: &Coded<T>) -> Option<&ColumnName> {
    rules.default.is_none().then_some(&rules.column)
}
