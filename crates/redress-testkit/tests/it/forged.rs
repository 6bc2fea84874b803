//! Snapshots that were forged under a right checksum: refused, or every complaint in them can be read.

use std::sync::Arc;

use proptest::prelude::*;
use redress_causes::CauseView;
use redress_core::{ComplaintId, Policy, Position, Recorded, State};
use redress_sla::SlaView;
use redress_store::Fact;
use redress_store::snapshot::{Origin, Snapshot};
use redress_testkit::history_reaching;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The bytes before the body, of which the last 32 are the checksum.
const HEAD: usize = 160;

/// How many bytes from the end on are forged: those of two or three complaints.
const FORGED: usize = 150;

fn sealed_again(snapshot: &mut [u8]) {
    let (head, body) = snapshot.split_at_mut(HEAD);
    let (covered, checksum) = head.split_at_mut(HEAD - 32);
    let sum = Sha256::new().chain_update(covered).chain_update(body);
    checksum.copy_from_slice(&sum.finalize());
}

/// Three complaints that went the same way, one after the other.
fn alike(history: &[Recorded]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for number in 0..3 {
        for fact in history {
            facts.push(Fact::from(Recorded {
                complaint_id: ComplaintId::new(Uuid::from_u128(number)),
                position: Position::new(facts.len() as u64),
                ..fact.clone()
            }));
        }
    }
    facts
}

/// Changes each byte at the end in some ways.
fn check<V: Snapshot + Clone + PartialEq>(empty: &V, facts: &[Fact]) {
    let mut view = empty.clone();
    view.fold(facts).unwrap();
    let origin = Origin {
        ledger: Uuid::from_u128(1),
        last: None,
    };
    let mut snapshot = view.snapshot(origin).unwrap();
    let mut read = 0;
    for place in snapshot.len() - FORGED..snapshot.len() {
        let right = snapshot[place];
        let near = [right.wrapping_add(1), right.wrapping_sub(1), right ^ 0x80];
        for byte in [0, 1, 2, 3, 0x7f, 0x80, u8::MAX].into_iter().chain(near) {
            snapshot[place] = byte;
            sealed_again(&mut snapshot);
            let mut back = empty.clone();
            if back.restore(&snapshot, &mut |_| Ok(())).is_ok() {
                read += 1;
                // Comparing reads every complaint of both.
                assert!(back == back.clone(), "byte {place} as {byte}");
            }
        }
        snapshot[place] = right;
    }
    // The last byte of an id may be any, to begin with.
    assert!(read > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_left_out_in_silence(history in history_reaching(Arc::new(Policy::standard()), State::Closed, 8)) {
        let facts = alike(history.facts());
        check(&SlaView::new(Policy::standard()), &facts);
        check(&CauseView::new(Policy::standard()), &facts);
    }
}
