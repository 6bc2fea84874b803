//! Snapshots: what was written is read back, and what is not as it was written is never believed.

use redress_causes::CauseView;
use redress_core::Policy;
use redress_store::Projection;
use redress_store::snapshot::Snapshot;

use crate::actions;
use crate::cuts::{origin, restored};

#[test]
fn actions_are_in_it_at_every_stage() {
    let facts = actions::four_facts();
    for cut in 0..=facts.len() {
        let mut whole = CauseView::new(Policy::standard());
        whole.fold(&facts[..cut]).unwrap();
        let mut view = restored(&whole.snapshot(origin()).unwrap()).unwrap();
        assert_eq!(view, whole);
        view.fold(&facts[cut..]).unwrap();
        whole.fold(&facts[cut..]).unwrap();
        assert_eq!(view, whole);
    }
}

#[test]
fn no_byte_can_be_changed_unnoticed() {
    let mut view = CauseView::new(Policy::standard());
    view.fold(&actions::four_facts()).unwrap();
    let bytes = view.snapshot(origin()).unwrap();
    for place in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1;
        assert!(restored(&flipped).is_err(), "byte {place}");
    }
}
