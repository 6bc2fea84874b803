//! Snapshots: what was written is read back, and what is not as it was written is never believed.

use redress_core::{EventId, Policy, Position, Rulebook};
use redress_sla::SlaView;
use redress_store::snapshot::{Origin, Snapshot, Stamp, Unfit};

use crate::cuts::{origin, restored};
use crate::laws::folded;
use crate::ledger::{Ledger, assign, classify, receive, resolve};

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
