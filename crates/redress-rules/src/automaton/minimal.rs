//! The smallest automaton that says the same.

use std::collections::BTreeMap;

use super::State;
use crate::verdict::Verdict;

/// Makes one state of all that say the same whatever follows (Moore 1956); the first one stays the first.
///
/// Whoever explores histories then meets each situation once.
pub(super) fn minimal(
    next: &[Vec<State>],
    verdicts: &[Verdict],
) -> (Vec<Vec<State>>, Vec<Verdict>) {
    let mut classes = numbered(verdicts);
    loop {
        let class_of = |state: &State| classes.get(*state).copied();
        let seen = next.iter().zip(&classes).map(|(row, own)| {
            let row: Vec<Option<State>> = row.iter().map(class_of).collect();
            (*own, row)
        });
        let finer = numbered(&seen.collect::<Vec<_>>());
        if finer == classes {
            break;
        }
        classes = finer;
    }
    let mut rows = Vec::new();
    let mut kept = Vec::new();
    for ((row, verdict), class) in next.iter().zip(verdicts).zip(&classes) {
        // Classes are numbered as they first appear, so each new one is the next.
        if *class == rows.len() {
            let row = row.iter().filter_map(|to| classes.get(*to).copied());
            rows.push(row.collect());
            kept.push(*verdict);
        }
    }
    (rows, kept)
}

/// Numbers things from 0, as they first appear; equal ones get the same number.
fn numbered<T: Ord>(things: &[T]) -> Vec<State> {
    let mut known = BTreeMap::new();
    things
        .iter()
        .map(|thing| {
            let next = known.len();
            *known.entry(thing).or_insert(next)
        })
        .collect()
}
