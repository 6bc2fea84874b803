//! Snapshots: what was written is read back, and what is not as it was written is never believed.

use proptest::prelude::*;
use redress_core::{EventId, Policy, Position, Rulebook};
use redress_sla::SlaView;
use redress_store::snapshot::{Origin, Snapshot, Stamp, Unfit};
use redress_store::{Share, Shares};

use crate::histories::{config, facts};
use crate::laws::folded;
use crate::ledger::{Ledger, as_facts, assign, classify, receive, resolve};

pub(crate) fn origin() -> Origin {
    Origin {
        ledger: "6f1b2c3d-0000-4000-8000-000000000001".parse().unwrap(),
        last: None,
    }
}

pub(crate) fn restored(bytes: &[u8]) -> Result<SlaView, Unfit> {
    let mut view = SlaView::new(Policy::standard());
    view.restore(bytes, &mut |_| Ok(()))?;
    Ok(view)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn shares_merged_are_the_whole(facts in facts(), of in 0_u8..5) {
        let folded_share = |share: Share| {
            let mut view = SlaView::new(Policy::standard());
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

/// One complaint, resolved.
fn small() -> SlaView {
    use redress_core::event::{Channel, Priority};
    let mut ledger = Ledger::new(Policy::standard().for_history(), 1);
    ledger
        .at(0, 0, receive("service", Channel::Email))
        .at(0, 0, classify("delivery/delay", Priority::Normal))
        .at(1, 0, assign("logistics", "p1"))
        .at(9, 0, resolve("service/slow_response"));
    folded(&ledger.facts)
}

#[test]
fn no_byte_can_be_changed_left_out_or_added_unnoticed() {
    let bytes = small().snapshot(origin()).unwrap();
    assert_eq!(restored(&bytes).unwrap(), small());
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            assert!(restored(&flipped).is_err(), "byte {place}, bit {bit}");
        }
        assert!(restored(&bytes[..place]).is_err(), "cut at {place}");
    }
    assert_eq!(restored(&[&bytes[..], &[0]].concat()), Err(Unfit::Damaged));
    assert_eq!(restored(b"not a snapshot"), Err(Unfit::NoSnapshot));
    assert_eq!(restored(b""), Err(Unfit::NoSnapshot));
}

#[test]
fn a_snapshot_of_what_was_adopted_is_not_one_of_fixed_rules() {
    let bytes = small().snapshot(origin()).unwrap();
    let fixed = || SlaView::new(Rulebook::fixed(Policy::standard()));
    let mut view = fixed();
    assert_eq!(
        view.restore(&bytes, &mut |_| Ok(())),
        Err(Unfit::OtherRules)
    );
    assert_eq!(view, fixed());
    let bytes = view.snapshot(origin()).unwrap();
    assert_eq!(restored(&bytes), Err(Unfit::OtherRules));
    assert_eq!(view.restore(&bytes, &mut |_| Ok(())), Ok(()));
}

#[test]
fn who_opens_it_sees_what_it_is_of_and_may_refuse() {
    let last = Some((
        EventId::derived(
            redress_core::CommandId::from_parts(crate::ledger::h(1), [7; 10]),
            0,
        ),
        crate::ledger::h(9),
    ));
    let origin = Origin { last, ..origin() };
    let bytes = small().snapshot(origin).unwrap();
    let mut view = SlaView::new(Policy::standard());
    let mut refuse = |stamp: &Stamp| {
        assert_eq!((stamp.ledger, stamp.last), (origin.ledger, last));
        assert_eq!(stamp.next, Position::new(4));
        Err(Unfit::OtherLedger)
    };
    assert_eq!(view.restore(&bytes, &mut refuse), Err(Unfit::OtherLedger));
    assert_eq!(view, SlaView::new(Policy::standard()));
}
