//! Many complaints about one product for one cause in a short time.

use std::collections::{BTreeMap, VecDeque};

use redress_core::{Span, Timestamp};
use serde::Serialize;

use crate::query::CauseQuery;
use crate::track::Track;
use crate::view::CauseView;

/// How many complaints in how short a time are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConcentrationRule {
    /// From how many complaints on.
    pub least: u64,
    /// In less than so much time between the first and the last receipt.
    pub window: Span,
}

impl Default for ConcentrationRule {
    /// Three in seven days.
    fn default() -> Self {
        Self {
            least: 3,
            window: Span::days(7),
        }
    }
}

/// Complaints about one product for one cause that came close together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Concentration {
    /// The product.
    pub product: String,
    /// The root cause.
    pub cause: String,
    /// How many came in the densest window.
    pub count: u64,
    /// When the first of them was received.
    pub first: Timestamp,
    /// When the last of them was received.
    pub last: Timestamp,
}

impl CauseView {
    /// Where complaints received in the period gather: same product, same root cause of the resolution that stands.
    ///
    /// One for each product and cause, with its densest window, the earliest of equal ones; the densest first, then by
    /// product and cause.
    #[must_use]
    pub fn concentrations(
        &self,
        rule: ConcentrationRule,
        query: &CauseQuery,
    ) -> Vec<Concentration> {
        let mut gathered: BTreeMap<(String, String), Vec<Timestamp>> = BTreeMap::new();
        for track in self.received(query) {
            if let Some((key, at)) = arrival(&track, query) {
                gathered.entry(key).or_default().push(at);
            }
        }
        let mut found: Vec<Concentration> = gathered
            .into_iter()
            .filter_map(|((product, cause), mut times)| {
                times.sort_unstable();
                let (count, first, last) = densest(&times, rule.window)?;
                (count >= rule.least).then_some(Concentration {
                    product,
                    cause,
                    count,
                    first,
                    last,
                })
            })
            .collect();
        // They are in order of product and cause already, and the sort is stable.
        found.sort_by_key(|found| std::cmp::Reverse(found.count));
        found
    }
}

fn arrival(track: &Track, query: &CauseQuery) -> Option<((String, String), Timestamp)> {
    let product = track.product.as_ref()?.as_str();
    let cause = query.grain.of(track.primary_cause()?.code.as_str());
    let key = (product.to_owned(), cause.to_owned());
    Some((key, track.complaint.case()?.received_at))
}

/// The most times that lie less than a window apart, with the first and the last of them.
fn densest(times: &[Timestamp], window: Span) -> Option<(u64, Timestamp, Timestamp)> {
    let mut inside: VecDeque<Timestamp> = VecDeque::new();
    let mut best: Option<(u64, Timestamp, Timestamp)> = None;
    for at in times {
        inside.push_back(*at);
        while inside.len() > 1
            && inside
                .front()
                .is_some_and(|first| at.since(*first) >= window)
        {
            inside.pop_front();
        }
        let count = u64::try_from(inside.len()).unwrap_or(u64::MAX);
        if best.is_none_or(|(most, ..)| count > most) {
            best = inside.front().map(|first| (count, *first, *at));
        }
    }
    best
}
