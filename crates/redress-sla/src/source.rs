//! What another system had recorded, beside our own verdict.

use std::collections::BTreeMap;

use redress_core::{ClockKind, Duplicates, Label, Timestamp};
use serde::Serialize;

use crate::status_counts::StatusCounts;
use crate::track::{Standing, Track};
use crate::view::SlaView;

/// Of how many complaints another system had recorded a value; of several values of one complaint the last counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceCount {
    /// That system.
    pub system: Label,
    /// Its name of the field.
    pub field: String,
    /// The value.
    pub value: String,
    /// Of how many complaints.
    pub complaints: u64,
}

/// What another system had recorded in a field, against our verdict on a clock. Each count is of complaints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceComparison {
    /// A row for each recorded value, in its order.
    pub rows: Vec<ComparisonRow>,
    /// The complaints of which that system had recorded no value.
    pub unrecorded: u64,
}

/// The complaints of which another system had recorded one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparisonRow {
    /// The value.
    pub recorded: String,
    /// Their number.
    pub complaints: u64,
    /// By our verdict on the clock.
    pub counts: StatusCounts,
    /// Those that had no such clock yet.
    pub without_clock: u64,
}

impl SlaView {
    /// Sets what `system` had recorded in `field` against our verdict at `at` on a clock.
    ///
    /// A complaint may have had several clocks of the kind; the one that started last counts, and of handling only the lead's.
    /// Complaints received after `at` and duplicates are left out.
    #[must_use]
    pub fn source_comparison(
        &self,
        system: &Label,
        field: &str,
        clock: ClockKind,
        at: Timestamp,
    ) -> SourceComparison {
        let mut rows: BTreeMap<String, ComparisonRow> = BTreeMap::new();
        let mut unrecorded = 0;
        let received = |track: &Track| {
            let case = track.complaint.case();
            case.is_some_and(|case| case.received_at <= at)
        };
        for (_, track) in self.tracks(Duplicates::Excluded) {
            if !received(&track) {
                continue;
            }
            let Some(recorded) = recorded(&track, system, field) else {
                unrecorded += 1;
                continue;
            };
            let row = rows
                .entry(recorded.to_owned())
                .or_insert_with(|| empty_row(recorded));
            row.complaints += 1;
            let last = track
                .standings(self.rules(), at)
                .filter(|standing| standing.clock.kind == clock && !standing.is_joint())
                .max_by_key(|standing| standing.clock.started_at);
            match last {
                Some(Standing { reading, .. }) => row.counts.add(reading.status),
                None => row.without_clock += 1,
            }
        }
        SourceComparison {
            rows: rows.into_values().collect(),
            unrecorded,
        }
    }

    /// Of how many complaints other systems had recorded which values, by system, field and value.
    #[must_use]
    pub fn source_counts(&self, duplicates: Duplicates) -> Vec<SourceCount> {
        let mut counts: BTreeMap<(Label, String, String), u64> = BTreeMap::new();
        for (_, track) in self.tracks(duplicates) {
            for (system, fields) in track.source {
                for (field, value) in fields {
                    *counts.entry((system.clone(), field, value)).or_default() += 1;
                }
            }
        }
        counts
            .into_iter()
            .map(|((system, field, value), complaints)| SourceCount {
                system,
                field,
                value,
                complaints,
            })
            .collect()
    }
}

fn recorded<'a>(track: &'a Track, system: &Label, field: &str) -> Option<&'a str> {
    let fields = track.source.get(system)?;
    fields.get(field).map(String::as_str)
}

fn empty_row(recorded: &str) -> ComparisonRow {
    ComparisonRow {
        recorded: recorded.to_owned(),
        complaints: 0,
        counts: StatusCounts::default(),
        without_clock: 0,
    }
}
