//! Root causes against another dimension.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use redress_core::Name;
use serde::Serialize;

use crate::dimension::{Dimension, Values as _};
use crate::query::CauseQuery;
use crate::statistics::pareto;
use crate::view::CauseView;

/// Root causes against another dimension. Each count is of complaints; pairs that never met have no entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossTable {
    /// The other dimension.
    pub dimension: Dimension,
    /// A row for each cause, in the order of the Pareto of the same query.
    pub rows: Vec<CrossRow>,
    /// Resolved complaints without a cause; in no row.
    pub unrecorded: u64,
}

/// The complaints with one root cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossRow {
    /// The cause.
    pub cause: String,
    /// Its name for people; the code itself where it has no name.
    pub label: Name,
    /// How many complaints: the sum over the values.
    pub count: u64,
    /// By value of the other dimension, the largest first, then by value.
    pub values: Vec<CrossValue>,
}

/// The complaints with one root cause and one value of the other dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CrossValue {
    /// The value; none for those that have none.
    pub value: Option<String>,
    /// Its name for people.
    pub label: Option<Name>,
    /// How many complaints.
    pub count: u64,
}

impl CauseView {
    /// Counts the complaints whose standing resolution lies in the period by root cause and another dimension.
    #[must_use]
    pub fn cross(&self, dimension: Dimension, query: &CauseQuery) -> CrossTable {
        let mut causes: BTreeMap<String, BTreeMap<Option<String>, u64>> = BTreeMap::new();
        let mut unrecorded = 0;
        for track in self.resolved(query) {
            let Some(cause) = track.primary_cause() else {
                unrecorded += 1;
                continue;
            };
            let values = causes
                .entry(query.grain.of(cause.code.as_str()).to_owned())
                .or_default();
            let value = dimension.value(&track, query.grain);
            *values.entry(value.map(str::to_owned)).or_default() += 1;
        }
        let mut rows: Vec<CrossRow> = causes
            .into_iter()
            .map(|(cause, values)| self.row(dimension, cause, values))
            .collect();
        // The causes are in order already, and the sort is stable.
        rows.sort_by_key(|row| Reverse(row.count));
        CrossTable {
            dimension,
            rows,
            unrecorded,
        }
    }

    fn row(
        &self,
        dimension: Dimension,
        cause: String,
        values: BTreeMap<Option<String>, u64>,
    ) -> CrossRow {
        let rules = self.rules();
        CrossRow {
            label: rules.cause_name(&cause),
            cause,
            count: values.values().sum(),
            values: pareto(values)
                .into_iter()
                .map(|bar| CrossValue {
                    label: (bar.key.as_deref()).map(|value| dimension.label(value, rules)),
                    value: bar.key,
                    count: bar.count,
                })
                .collect(),
        }
    }
}
