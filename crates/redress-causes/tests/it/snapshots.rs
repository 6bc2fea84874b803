//! Snapshots: what was written is read back, and what is not as it was written is never believed.

use proptest::prelude::*;
use redress_causes::CauseView;
use redress_core::Policy;
use redress_store::Projection;
use redress_store::snapshot::{Origin, Snapshot, Unfit};

use crate::actions;
use crate::histories::{config, facts};
use crate::laws::folded;
use crate::ledger::as_facts;

fn origin() -> Origin {
    Origin {
        ledger: "6f1b2c3d-0000-4000-8000-000000000001".parse().unwrap(),
        last: None,
    }
}

fn restored(bytes: &[u8]) -> Result<CauseView, Unfit> {
    let mut view = CauseView::new(Policy::standard());
    view.restore(bytes, &mut |_| Ok(()))?;
    Ok(view)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_snapshot_and_what_came_after_are_the_full_replay(facts in facts(), number in any::<usize>()) {
        let cut = number % (facts.len() + 1);
        let bytes = folded(&facts[..cut]).snapshot(origin()).unwrap();
        let mut view = restored(&bytes).unwrap();
        prop_assert_eq!(&view, &folded(&facts[..cut]));
        view.fold(&as_facts(&facts[cut..])).unwrap();
        prop_assert_eq!(&view, &folded(&facts));
    }
}

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
