//! Snapshots: what was written is read back and gone on with, and what is not as it was written is never believed.

use proptest::prelude::*;
use redress_causes::{AlertView, Timeline};
use redress_core::event::{Channel, Priority};
use redress_core::{Policy, Rulebook};
use redress_store::snapshot::{Origin, Snapshot, Unfit};
use redress_store::{Fact, Projection};
use sha2::{Digest, Sha256};

use super::laws::watching;
use super::{among_adoptions, folded, rule};
use crate::histories::{config, facts};
use crate::ledger::{Ledger, as_facts, assign, classify, h, receive, resolve};

fn written(view: &AlertView) -> Vec<u8> {
    let origin = Origin {
        ledger: "6f1b2c3d-0000-4000-8000-000000000001".parse().unwrap(),
        last: view.last_fact(),
    };
    view.snapshot(origin).unwrap()
}

fn restored(empty: &AlertView, bytes: &[u8]) -> Result<AlertView, Unfit> {
    let mut view = empty.clone();
    view.restore(bytes, &mut |_| Ok(()))?;
    Ok(view)
}

/// Other rules than those: some go on, some end, some begin, and repeats are asked for no more.
fn changed(before: &Policy) -> Policy {
    let mut policy = before.clone();
    policy.version = "changed".parse().unwrap();
    policy
        .warnings
        .retain(|name, _| name.as_str() != "repeat_rate");
    for (name, rule) in &mut policy.warnings {
        if ["count", "overdue"].contains(&name.as_str()) {
            rule.window = redress_core::Span::hours(30);
        }
    }
    let again = rule("metric = \"repeat_rate\"\nwindow = \"9d\"\nred = { at_least = \"10%\" }");
    policy.warnings.extend(again.warnings);
    policy
}

#[track_caller]
fn check_every_cut(empty: &AlertView, history: &[Fact]) {
    let mut whole = empty.clone();
    whole.fold(history).unwrap();
    let mut view = empty.clone();
    for cut in 0..=history.len() {
        let mut other = restored(empty, &written(&view)).unwrap();
        assert_eq!(other, view, "cut before {cut}");
        other.fold(&history[cut..]).unwrap();
        assert_eq!(other, whole, "cut before {cut}");
        view.fold(&history[cut..(cut + 1).min(history.len())])
            .unwrap();
    }
    assert_eq!(
        whole.last_fact(),
        history
            .last()
            .map(|fact| (fact.event_id(), fact.recorded_at()))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..config() })]

    #[test]
    fn a_snapshot_at_any_cut_and_what_came_after_are_the_full_replay(facts in facts(), places in (0_usize..40, 0_usize..40)) {
        let (founding, policy) = (watching(), changed(&watching()));
        let place = places.0.max(places.1).min(facts.len());
        let at = facts[..place].last().map_or(h(0), |fact| fact.recorded_at);
        let founded = places.0.min(place).min(1);
        let adoptions = [(founded, None, &founding), (place, Some(at), &policy)];
        let history = among_adoptions(&facts, &adoptions);
        for timeline in Timeline::ALL {
            check_every_cut(&AlertView::new(Policy::standard(), timeline), &history);
        }
    }
}

/// Two complaints, overdue after some days.
fn received(policy: &Policy) -> Ledger {
    let mut ledger = Ledger::new(policy.clone(), 2);
    for index in [0, 1] {
        ledger
            .at(0, index, receive("service", Channel::Email))
            .at(1, index, classify("delivery/delay", Priority::High))
            .at(2, index, assign("logistics", "p1"));
    }
    ledger
}

fn small() -> (Policy, AlertView) {
    let keys =
        "metric = \"overdue\"\nwindow = \"1d\"\nby = [\"department\"]\nred = { at_least = 1 }";
    let policy = rule(keys);
    let view = folded(&policy, &received(&policy).facts);
    (policy, view)
}

/// What is recorded after them: of each complaint, a solution.
fn later(policy: &Policy) -> Vec<Fact> {
    let mut ledger = received(policy);
    let known = ledger.facts.len();
    for index in [0, 1] {
        ledger.at(50, index, resolve("service/slow_response"));
    }
    as_facts(&ledger.facts[known..])
}

#[test]
fn no_bit_can_be_flipped_unnoticed() {
    let (policy, view) = small();
    let empty = AlertView::new(policy, Timeline::Recorded);
    let bytes = written(&view);
    assert_eq!(restored(&empty, &bytes).unwrap(), view);
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        for bit in 0..8 {
            flipped[place] = bytes[place] ^ (1 << bit);
            assert!(
                restored(&empty, &flipped).is_err(),
                "bit {bit} of byte {place}"
            );
        }
        assert!(
            restored(&empty, &bytes[..place]).is_err(),
            "cut before byte {place}"
        );
    }
}

/// Warnings of one timeline or under some rules are none of another or under others.
#[test]
fn what_was_made_otherwise_is_not_read() {
    let (policy, view) = small();
    let bytes = written(&view);
    let as_it_occurred = AlertView::new(policy.clone(), Timeline::Occurred);
    assert_eq!(restored(&as_it_occurred, &bytes), Err(Unfit::OtherKind));
    let fixed = AlertView::new(Rulebook::fixed(policy), Timeline::Recorded);
    assert_eq!(restored(&fixed, &bytes), Err(Unfit::OtherRules));
    // No adoption tells by which rules these were judged.
    let others = AlertView::new(Policy::standard(), Timeline::Recorded);
    assert_eq!(restored(&others, &bytes), Err(Unfit::OtherRules));
}

/// Of what is kept of a complaint, nothing tells who complained, and a view that was read tells the same as the one written.
#[test]
fn what_is_read_back_tells_the_same() {
    let (policy, view) = small();
    let again = restored(&AlertView::new(policy, Timeline::Recorded), &written(&view)).unwrap();
    for hour in [0, 30, 24 * 30] {
        assert_eq!(again.alerts(h(hour)), view.alerts(h(hour)));
    }
    assert!(!view.alerts(h(24 * 30)).raised.is_empty());
}

/// The head of a snapshot that its checksum covers, and the checksum.
const HEAD: (usize, usize) = (128, 32);

/// A checksum shows damage, not forgery: a false snapshot may be believed, but it stops no program.
#[test]
fn what_was_forged_is_read_or_not_and_stops_nothing() {
    let (policy, view) = small();
    let empty = AlertView::new(policy.clone(), Timeline::Recorded);
    let bytes = written(&view);
    let more = later(&policy);
    let (mut believed, mut rejected) = (0, 0);
    for place in HEAD.0 + HEAD.1..bytes.len() {
        for change in [1, 2, 0x10, 0x80, 0xff] {
            let mut forged = bytes.clone();
            forged[place] ^= change;
            let (head, body) = forged.split_at(HEAD.0 + HEAD.1);
            let sum = Sha256::new()
                .chain_update(&head[..HEAD.0])
                .chain_update(body);
            forged[HEAD.0..HEAD.0 + HEAD.1].copy_from_slice(&sum.finalize());
            match restored(&empty, &forged) {
                Ok(mut view) => {
                    drop(view.alerts(h(100)));
                    drop(view.fold(&more));
                    drop(view.alerts(h(1_000)));
                    believed += 1;
                }
                Err(_) => rejected += 1,
            }
        }
    }
    assert!(believed > 10 && rejected > 1_000, "{believed} {rejected}");
}
