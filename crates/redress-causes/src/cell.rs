//! Cross tables of any number of dimensions.

use std::collections::BTreeMap;

use redress_core::Ratio;
use serde::Serialize;

use crate::dimension::{Dimension, Values as _};
use crate::query::CauseQuery;
use crate::statistics::pareto;
use crate::view::CauseView;

/// The resolved complaints with one value of each dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The values, in the order of the dimensions asked for; none where there is none.
    pub values: Vec<Option<String>>,
    /// How many complaints.
    pub count: u64,
    /// Out of all that were resolved in the period.
    pub share: Ratio,
}

impl CauseView {
    /// Counts the complaints whose standing resolution lies in the period by several dimensions at once, such as cause ×
    /// category × department × product × channel: the largest cell first, then by values. Empty cells are left out.
    #[must_use]
    pub fn cells(&self, dimensions: &[Dimension], query: &CauseQuery) -> Vec<Cell> {
        let mut counts: BTreeMap<Vec<Option<String>>, u64> = BTreeMap::new();
        for track in self.resolved(query) {
            let values = dimensions.iter().map(|dimension| {
                let value = dimension.value(&track, query.grain);
                value.map(str::to_owned)
            });
            *counts.entry(values.collect()).or_default() += 1;
        }
        let cells = pareto(counts).into_iter().map(|bar| Cell {
            values: bar.key,
            count: bar.count,
            share: bar.share,
        });
        cells.collect()
    }
}
