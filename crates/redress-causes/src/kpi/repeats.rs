//! Which complaints repeat an earlier one.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use redress_core::{CategoryPath, ComplaintId, ProductCode, Span, SubjectId, Timestamp};

use crate::track::Track;

/// How soon after an earlier complaint one counts as its repeat.
const WITHIN: Span = Span::days(30);

/// What two complaints of a customer have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    Category(CategoryPath),
    Product(ProductCode),
}

/// The complaints that repeat another one of these: see [`Figure::Repeat`](super::Figure::Repeat).
pub(crate) fn repeats(tracks: impl Iterator<Item: Borrow<Track>>) -> BTreeSet<ComplaintId> {
    let mut matters: BTreeMap<(SubjectId, Matter), Vec<Arrival>> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for track in tracks {
        let track = track.borrow();
        let Some(case) = track.complaint.case() else {
            continue;
        };
        if track.is_tied_as_repeat() {
            found.insert(case.id);
        }
        for matter in matters_of(track) {
            matters
                .entry((case.subject, matter))
                .or_default()
                .push(Arrival {
                    received_at: case.received_at,
                    id: case.id,
                    resolved_at: track.resolution().map(|resolution| resolution.at),
                });
        }
    }
    for arrivals in matters.values_mut() {
        arrivals.sort_unstable();
        found.extend(repeated(arrivals));
    }
    found
}

fn matters_of(track: &Track) -> impl Iterator<Item = Matter> {
    let class = track.complaint.classification();
    let category = class.map(|class| Matter::Category(class.category.clone()));
    let product = track.product.clone().map(Matter::Product);
    category.into_iter().chain(product)
}

/// A complaint among those of one customer about one matter; in the order of receipt, then of ids.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Arrival {
    received_at: Timestamp,
    id: ComplaintId,
    resolved_at: Option<Timestamp>,
}

/// Those that come soon enough after the one before them, or after the resolution of any before them.
fn repeated(arrivals: &[Arrival]) -> impl Iterator<Item = ComplaintId> {
    let mut last_received: Option<Timestamp> = None;
    let mut resolved: BTreeSet<Timestamp> = BTreeSet::new();
    arrivals.iter().filter_map(move |arrival| {
        let last_resolved = resolved.range(..=arrival.received_at).next_back().copied();
        let last = last_received.max(last_resolved);
        last_received = Some(arrival.received_at);
        resolved.extend(arrival.resolved_at);
        let soon = last.is_some_and(|last| arrival.received_at.since(last) <= WITHIN);
        soon.then_some(arrival.id)
    })
}
