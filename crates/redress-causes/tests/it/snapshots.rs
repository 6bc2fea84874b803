//! Snapshots: what was written is read back, and what is not as it was written is never believed.

use proptest::prelude::*;
use redress_causes::CauseView;
use redress_core::Policy;
use redress_store::snapshot::{Origin, Snapshot, Unfit};
use redress_store::{Projection, Share, Shares};

use crate::actions;
use crate::histories::{config, facts};
use crate::laws::folded;
use crate::ledger::as_facts;

pub(crate) fn origin() -> Origin {
    Origin {
        ledger: "6f1b2c3d-0000-4000-8000-000000000001".parse().unwrap(),
        last: None,
    }
}

pub(crate) fn restored(bytes: &[u8]) -> Result<CauseView, Unfit> {
    let mut view = CauseView::new(Policy::standard());
    view.restore(bytes, &mut |_| Ok(()))?;
    Ok(view)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn shares_merged_are_the_whole(facts in facts(), of in 0_u8..5) {
        let folded_share = |share: Share| {
            let mut view = CauseView::new(Policy::standard());
            let mut own = as_facts(&facts);
            own.retain(|fact| share.holds_fact(fact));
            view.fold_among(&own).unwrap();
            view
        };
        let mut view = folded(&facts[..facts.len() / 2]);
        view.merge(Share::all(of).map(folded_share).collect());
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
