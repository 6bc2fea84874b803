//! The columns that a mapping names, and under which other names files may have them.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{ColumnName, Mapping};

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
}

/// What becomes of a file without a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// No row could be read, or read rightly.
    Always,
    /// The column may be declared optional.
    Choice,
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

    /// What is wrong with [columns], and where.
    pub(super) fn contradicts_columns(&self) -> Option<(usize, &'static str)> {
        let named = self.named();
        self.columns.iter().find_map(|(name, rules)| {
            let mut needs = named.iter().filter(|(known, _)| *known == name);
            let message = match needs.next() {
                None => "no other table of the mapping reads this column",
                Some(_) if !rules.get_ref().optional => return None,
                Some((_, Need::Choice)) if needs.all(|(_, need)| *need == Need::Choice) => {
                    return None;
                }
                Some(_) => "this column cannot be optional: rows cannot be read without it",
            };
            Some((rules.span().start, message))
        })
    }

    fn named(&self) -> Vec<(&ColumnName, Need)> {
        let received = &self.received;
        let classified = &self.classified;
        let ended_at = self.ended.as_ref().and_then(|rules| rules.at.as_ref());
        let always = [&self.case.key, &received.at]
            .into_iter()
            .chain(self.update.iter().map(|rules| &rules.at))
            .chain(ended_at)
            .chain(self.states.iter().map(|rules| &rules.column))
            .chain(&classified.category);
        let of_receipt = [
            &received.receiver,
            &received.customer_pseudonym,
            &received.subject,
            &received.description,
            &received.product,
        ];
        let choice = of_receipt
            .into_iter()
            .flatten()
            .chain(self.update.iter().map(|rules| &rules.by))
            .chain(self.assigned.iter().flat_map(|rules| {
                let others = [&rules.person, &rules.at, &rules.due];
                std::iter::once(&rules.department).chain(others.into_iter().flatten())
            }))
            .chain(self.resolved.iter().map(|rules| &rules.cause))
            .chain(self.recorded.iter().flat_map(|rules| &rules.at_close))
            .chain(self.disputed().map(|said| &said.column));
        let coded = [
            Some((&received.channel.column, received.channel.default.is_some())),
            classified
                .severity
                .as_ref()
                .map(|rules| (&rules.column, rules.default.is_some())),
            classified
                .priority
                .as_ref()
                .map(|rules| (&rules.column, rules.default.is_some())),
        ];
        let coded = coded.into_iter().flatten().map(|(name, has_default)| {
            (
                name,
                if has_default {
                    Need::Choice
                } else {
                    Need::Always
                },
            )
        });
        always
            .map(|name| (name, Need::Always))
            .chain(choice.map(|name| (name, Need::Choice)))
            .chain(coded)
            .collect()
    }
}
