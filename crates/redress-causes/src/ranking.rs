//! Counts in order of size, with shares: the shape of a Pareto.

use std::collections::BTreeMap;

use redress_core::{Name, Ratio};
use serde::Serialize;

use crate::statistics::pareto;
use crate::track::Track;

/// Counts of complaints by a code, the largest first, with shares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ranking {
    /// By count from the largest down, then by code.
    pub rows: Vec<Ranked>,
    /// The complaints in the rows: what the shares are shares of.
    pub counted: u64,
    /// The complaints that have no such code; in no row and no share.
    pub unrecorded: u64,
}

/// The complaints with one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ranked {
    /// The code.
    pub code: String,
    /// Its name for people; the code itself where it has no name.
    pub label: Name,
    /// How many complaints.
    pub count: u64,
    /// Out of all that have a code.
    pub share: Ratio,
    /// With all rows above, out of all that have a code.
    pub cumulative: Ratio,
}

impl Ranking {
    /// Ranks complaints by the code each has.
    pub(crate) fn of(
        tracks: impl Iterator<Item = Track>,
        code: impl Fn(&Track) -> Option<&str>,
        label: impl Fn(&str) -> Name,
    ) -> Self {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut unrecorded = 0;
        for track in tracks {
            let Some(code) = code(&track) else {
                unrecorded += 1;
                continue;
            };
            match counts.get_mut(code) {
                Some(count) => *count += 1,
                None => {
                    counts.insert(code.to_owned(), 1);
                }
            }
        }
        let counted = counts.values().sum();
        let rows = pareto(counts).into_iter().map(|bar| Ranked {
            label: label(&bar.key),
            code: bar.key,
            count: bar.count,
            share: bar.share,
            cumulative: bar.cumulative,
        });
        Self {
            rows: rows.collect(),
            counted,
            unrecorded,
        }
    }
}
