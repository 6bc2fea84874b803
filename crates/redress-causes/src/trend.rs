//! Causes of a period beside those of the period before.

use std::collections::BTreeMap;

use redress_core::Name;
use serde::Serialize;

use crate::query::CauseQuery;
use crate::statistics::Change;
use crate::view::CauseView;

/// How often a root cause came, and had come in the period before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrendRow {
    /// The cause.
    pub cause: String,
    /// Its name for people; the code itself where it has no name.
    pub label: Name,
    /// The complaints with it, in the period before and in this one.
    pub complaints: Change,
}

impl CauseView {
    /// The root causes of a period and of the period of the same length just before it, the largest of this one first, then
    /// by code. `None` where an end of the period is open.
    #[must_use]
    pub fn trend(&self, query: &CauseQuery) -> Option<Vec<TrendRow>> {
        let before = CauseQuery {
            period: query.period.previous()?,
            ..*query
        };
        let mut rows: BTreeMap<String, (Name, Change)> = BTreeMap::new();
        for row in self.pareto(&before).rows {
            let change = Change {
                before: row.count,
                after: 0,
            };
            rows.insert(row.code, (row.label, change));
        }
        for row in self.pareto(query).rows {
            let none = Change {
                before: 0,
                after: 0,
            };
            rows.entry(row.code).or_insert((row.label, none)).1.after = row.count;
        }
        let mut rows: Vec<TrendRow> = rows
            .into_iter()
            .map(|(cause, (label, complaints))| TrendRow {
                cause,
                label,
                complaints,
            })
            .collect();
        // The causes are in order already, and the sort is stable.
        rows.sort_by_key(|row| std::cmp::Reverse(row.complaints.after));
        Some(rows)
    }
}
