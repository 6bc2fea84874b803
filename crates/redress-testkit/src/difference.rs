//! Where a process and its mutants part ways.

use std::collections::HashSet;

use redress_core::{Complaint, Policy, Span, Timestamp};

use crate::alphabet::Alphabet;
use crate::cast::COMPLAINT;
use crate::explorer::{Bounds, Extent};
use crate::history::{History, Place, Step, record, start, target};
use crate::key::{Key, deadlines, key};
use crate::mutant::Mutant;
use crate::wish::Move;

/// For each mutant the shortest history after which a step tells it from its policy.
pub(crate) struct Differences {
    pub(crate) found: Vec<Option<(History, Step)>>,
    pub(crate) extent: Extent,
}

struct Node {
    complaint: Complaint,
    now: Timestamp,
    seen: u64,
    depth: usize,
    via: Option<(usize, Span, Move)>,
}

/// Walks through the policy's own histories, shortest first, and asks each mutant at every step whether it says the same.
///
/// Up to the first difference a mutant has said the same throughout, so one walk does for all.
pub(crate) fn differences(
    policy: &Policy,
    mutants: &[Mutant],
    alphabet: &Alphabet,
    bounds: Bounds,
) -> Differences {
    let with_clocks = alphabet.asks_for_clocks();
    let root = Node {
        complaint: Complaint::Absent,
        now: start(),
        seen: 0,
        depth: 0,
        via: None,
    };
    let identity = |node: &Node| {
        (
            key(&node.complaint, policy, node.now, with_clocks),
            node.seen,
        )
    };
    let mut known: HashSet<(Key, u64)> = HashSet::from([identity(&root)]);
    let mut nodes = vec![root];
    let mut found: Vec<Option<(History, Step)>> = mutants.iter().map(|_| None).collect();
    let (mut number, mut extent) = (0, Extent::Exhaustive);
    while let Some(node) = nodes.get(number) {
        if node.depth >= bounds.steps || nodes.len() >= bounds.states {
            extent = Extent::Cut;
            break;
        }
        let mut next = Vec::new();
        for (wait, one, seen) in moves(node, policy, alphabet) {
            let step = step(node, wait, one, policy, alphabet);
            let at = node.now + wait;
            let other = target(policy, &step.command, at);
            let place = Place {
                id: COMPLAINT,
                number: node.depth,
                position: 0,
                at,
                target: other.as_ref(),
            };
            let ours = record(policy, &node.complaint, &step, &place);
            for (mutant, told) in mutants
                .iter()
                .zip(&mut found)
                .filter(|(_, told)| told.is_none())
            {
                if says_otherwise(&ours, &record(mutant, &node.complaint, &step, &place)) {
                    let steps = way_to(&nodes, number, policy, alphabet);
                    let history = History::play(policy, steps).unwrap_or_default();
                    *told = Some((history, step.clone()));
                }
            }
            if let Some((_, after)) = ours.ok().and_then(|mut done| done.pop()) {
                let via = Some((number, wait, one));
                next.push(Node {
                    complaint: after,
                    now: at,
                    seen,
                    depth: node.depth + 1,
                    via,
                });
            }
        }
        for node in next {
            if known.insert(identity(&node)) {
                nodes.push(node);
            }
        }
        number += 1;
    }
    Differences { found, extent }
}

type Said = Result<Vec<(redress_core::Recorded, Complaint)>, crate::history::Refused>;

/// Whether one accepts what the other refuses, or both accept and it comes to something else. Why something is refused
/// is not compared.
fn says_otherwise(ours: &Said, theirs: &Said) -> bool {
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => ours != theirs,
        (Err(_), Err(_)) => false,
        (Ok(_), Err(_)) | (Err(_), Ok(_)) => true,
    }
}

fn moves(node: &Node, policy: &Policy, alphabet: &Alphabet) -> Vec<(Span, Move, u64)> {
    let mut waits = vec![Span::ZERO];
    let next = deadlines(
        &node.complaint,
        policy,
        node.now,
        alphabet.asks_for_clocks(),
    );
    if let Some(at) = next.first() {
        let left = at.since(node.now);
        waits.extend([left, left + Span::micros(1)]);
    }
    waits.extend(&alphabet.waits);
    waits.sort_unstable();
    waits.dedup();
    let entering = |one: &Move| Some((*one, alphabet.seen_after(*one, node.seen)?));
    let entering: Vec<(Move, u64)> = alphabet.moves.iter().filter_map(entering).collect();
    let all = waits.into_iter();
    all.flat_map(|wait| entering.iter().map(move |(one, seen)| (wait, *one, *seen)))
        .collect()
}

fn step(node: &Node, wait: Span, one: Move, policy: &Policy, alphabet: &Alphabet) -> Step {
    let command = one
        .wish
        .command(&alphabet.cast, &node.complaint, policy, node.now + wait);
    Step {
        wait,
        actor: alphabet.cast.person(one.by),
        command,
    }
}

fn way_to(nodes: &[Node], number: usize, policy: &Policy, alphabet: &Alphabet) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut place = nodes.get(number);
    while let Some((parent, wait, one)) = place.and_then(|node| node.via) {
        place = nodes.get(parent);
        steps.extend(place.map(|before| step(before, wait, one, policy, alphabet)));
    }
    steps.reverse();
    steps
}
