//! What holds at every place where a history can be cut in two.

use proptest::prelude::*;
use redress_core::Policy;
use redress_store::snapshot::{Origin, Snapshot, Unfit};
use redress_store::{Projection, Share, Shares};

use crate::View;
use crate::histories::{config, facts};
use crate::laws::folded;
use crate::ledger::as_facts;

pub(crate) fn origin() -> Origin {
    Origin {
        ledger: "6f1b2c3d-0000-4000-8000-000000000001".parse().unwrap(),
        last: None,
    }
}

pub(crate) fn restored(bytes: &[u8]) -> Result<View, Unfit> {
    let mut view = View::new(Policy::standard());
    view.restore(bytes, &mut |_| Ok(()))?;
    Ok(view)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..config() })]

    #[test]
    fn a_snapshot_at_any_cut_and_what_came_after_are_the_full_replay(facts in facts()) {
        let whole = folded(&facts);
        let facts = as_facts(&facts);
        let mut view = View::new(Policy::standard());
        for cut in 0..=facts.len() {
            let mut other = restored(&view.snapshot(origin()).unwrap()).unwrap();
            prop_assert_eq!(&other, &view);
            other.fold(&facts[cut..]).unwrap();
            prop_assert_eq!(&other, &whole, "cut before {}", cut);
            view.fold(&facts[cut..(cut + 1).min(facts.len())]).unwrap();
        }
    }

    #[test]
    fn shares_of_any_prefix_merged_and_gone_on_with_are_the_full_replay(facts in facts(), of in 0_u8..5) {
        let whole = folded(&facts);
        let half = folded(&facts[..facts.len() / 2]);
        let facts = as_facts(&facts);
        for cut in 0..=facts.len() {
            let (before, after) = facts.split_at(cut);
            let folded_share = |share: Share| {
                let mut view = View::new(Policy::standard());
                let own = before.iter().filter(|fact| share.holds_fact(fact)).cloned();
                view.fold_among(&own.collect::<Vec<_>>()).unwrap();
                if let Some(last) = before.last() {
                    view.step_over(last.position().next());
                }
                view
            };
            // What it held before does not matter.
            let mut view = half.clone();
            view.merge(Share::all(of).map(folded_share).collect());
            view.fold(after).unwrap();
            prop_assert_eq!(&view, &whole, "cut before {}", cut);
        }
    }
}
