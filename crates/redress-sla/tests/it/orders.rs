//! The same streams in other orders. Shared by the tests of every view.

use std::collections::{BTreeMap, VecDeque};

use proptest::prelude::*;
use redress_core::{ComplaintId, Position, Recorded};

/// Whose turn it is, again and again.
pub(crate) fn turns() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0_usize..60, 1..90)
}

/// The facts in another order at new positions: each complaint's keep theirs, the turns tell whose comes next.
pub(crate) fn interleaved(facts: &[Recorded], turns: &[usize]) -> Vec<Recorded> {
    let mut streams: BTreeMap<ComplaintId, VecDeque<Recorded>> = BTreeMap::new();
    for fact in facts {
        let stream = streams.entry(fact.complaint_id).or_default();
        stream.push_back(fact.clone());
    }
    let mut streams: Vec<VecDeque<Recorded>> = streams.into_values().collect();
    let mut turns = turns.iter().cycle();
    let mut order = Vec::new();
    while !streams.is_empty() {
        let next = turns.next().unwrap() % streams.len();
        order.extend(streams[next].pop_front());
        streams.retain(|stream| !stream.is_empty());
    }
    for (place, fact) in order.iter_mut().enumerate() {
        fact.position = Position::new(u64::try_from(place).unwrap());
    }
    order
}

/// The same, where only facts recorded at one and the same instant change places.
pub(crate) fn interleaved_within_instants(facts: &[Recorded], turns: &[usize]) -> Vec<Recorded> {
    let instants = facts.chunk_by(|one, next| one.recorded_at == next.recorded_at);
    let mut order: Vec<Recorded> = instants
        .flat_map(|facts| interleaved(facts, turns))
        .collect();
    for (place, fact) in order.iter_mut().enumerate() {
        fact.position = Position::new(u64::try_from(place).unwrap());
    }
    order
}
