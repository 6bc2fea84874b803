//! The board broken down by person.

use std::collections::BTreeMap;

use redress_core::{ClockKind, DepartmentId, PersonId, Timestamp};
use serde::Serialize;

use crate::board::{BoardRow, Group};
use crate::filter::BoardFilter;
use crate::view::SlaView;

/// How the clocks of one kind stand with one person of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PersonRow {
    /// The person; none for the clocks of which the record names nobody in the department.
    pub person: Option<PersonId>,
    /// What the board says, of this person's clocks alone.
    #[serde(flatten)]
    pub row: BoardRow,
}

impl SlaView {
    /// The rows of [`SlaView::board`] by person: by department, then the clocks of nobody, then by person.
    #[must_use]
    pub fn people(&self, at: Timestamp, filter: &BoardFilter) -> Vec<PersonRow> {
        type Key = (DepartmentId, Option<PersonId>, ClockKind);
        let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
        self.each_standing(at, filter.duplicates, |standing| {
            if filter.shows(standing) {
                let person = standing.person().cloned();
                let key = (standing.department.clone(), person, standing.clock.kind);
                groups.entry(key).or_default().add(standing);
            }
        });
        groups
            .into_iter()
            .map(|((department, person, clock), group)| PersonRow {
                person,
                row: group.into_row(&department, clock),
            })
            .collect()
    }
}
