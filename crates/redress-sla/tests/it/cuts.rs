//! What holds at every place where a history can be cut in two.

use proptest::prelude::*;
use redress_core::Policy;
use redress_sla::SlaView;
use redress_store::snapshot::Snapshot;
use redress_store::{Projection, Share, Shares};

use crate::histories::{config, facts};
use crate::laws::folded;
use crate::ledger::as_facts;
use crate::snapshots::{origin, restored};

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..config() })]

    #[test]
    fn a_snapshot_at_any_cut_and_what_came_after_are_the_full_replay(facts in facts()) {
        let whole = folded(&facts);
        let facts = as_facts(&facts);
        let mut view = SlaView::new(Policy::standard());
        for cut in 0..=facts.len() {
            let mut other = restored(&view.snapshot(origin()).unwrap()).unwrap();
            prop_assert_eq!(&other, &view);
            other.fold(&facts[cut..]).unwrap();
            prop_assert_eq!(&other, &whole, "cut before {}", cut);
            view.fold(&facts[cut..(cut + 1).min(facts.len())]).unwrap();
        }
    }

    #[test]
    fn shares_of_any_prefix_merged_and_gone_on_with_are_the_full_replay(facts in facts(), of in 1_u8..5) {
        let whole = folded(&facts);
        let facts = as_facts(&facts);
        for cut in 0..=facts.len() {
            let folded_share = |share: Share| {
                let mut view = SlaView::new(Policy::standard());
                for fact in facts[..cut].iter().filter(|fact| share.holds_fact(fact)) {
                    view.step_over(fact.position());
                    view.fold(std::slice::from_ref(fact)).unwrap();
                }
                if let Some(last) = facts[..cut].last() {
                    view.step_over(last.position().next());
                }
                view
            };
            let mut view = SlaView::new(Policy::standard());
            view.merge(Share::all(of).map(folded_share).collect());
            view.fold(&facts[cut..]).unwrap();
            prop_assert_eq!(&view, &whole, "cut before {}", cut);
        }
    }
}
