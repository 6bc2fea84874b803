//! Complaints tied to each other.
//!
//! A target is looked at before the append, and its stream is not guarded by it: two complaints that are tied to each
//! other as duplicates at the same moment may both be accepted. Both facts stand, and either can be undone.

use redress::event::{CloseReason, Linked, Relation};
use redress::store::EventStore;
use redress::{ComplaintId, Rejection};

use crate::wishes::{agent, close, complaint, duplicate_of, receive};
use crate::world::{World, on_both_stores};

on_both_stores!(
    an_unknown_target_is_refused,
    a_duplicate_of_a_duplicate_is_refused,
    two_complaints_are_never_closed_as_duplicates_of_each_other,
    a_tie_is_undone_even_where_its_target_is_a_duplicate,
);

fn three<S: EventStore>(world: &World<S>) -> [ComplaintId; 3] {
    [(); 3].map(|()| {
        let outcome = world.ledger.receive(receive(), &agent()).unwrap();
        outcome.unwrap().complaint_id
    })
}

fn an_unknown_target_is_refused<S: EventStore>(world: &World<S>) {
    let [one, ..] = three(world);
    let unknown = complaint(99);
    let refused = world.ledger.execute(one, duplicate_of(unknown), &agent());
    assert_eq!(refused.unwrap(), Err(Rejection::LinkTargetUnknown));
    let itself = world.ledger.execute(one, duplicate_of(one), &agent());
    assert_eq!(itself.unwrap(), Err(Rejection::LinkToItself));
    assert_eq!(world.len(), 3);
}

fn a_duplicate_of_a_duplicate_is_refused<S: EventStore>(world: &World<S>) {
    let [one, two, three] = three(world);
    let ledger = &world.ledger;
    let tied = ledger.execute(two, duplicate_of(one), &agent()).unwrap();
    assert!(tied.is_ok());
    for (from, to) in [(three, two), (one, two)] {
        let chain = ledger.execute(from, duplicate_of(to), &agent()).unwrap();
        assert_eq!(chain, Err(Rejection::LinkTargetIsDuplicate));
    }
    // Other ties to a duplicate are fine, and a second copy of the same letter is too.
    let related = Linked {
        relation: Relation::Related,
        ..duplicate_of(two)
    };
    assert!(ledger.execute(three, related, &agent()).unwrap().is_ok());
    let star = ledger.execute(three, duplicate_of(one), &agent()).unwrap();
    assert!(star.is_ok());
    let of = CloseReason::Duplicate { of: one };
    assert!(ledger.execute(three, close(of), &agent()).unwrap().is_ok());
}

fn two_complaints_are_never_closed_as_duplicates_of_each_other<S: EventStore>(world: &World<S>) {
    let [one, two, _] = three(world);
    let ledger = &world.ledger;
    let of = CloseReason::Duplicate { of: two };
    for step in [
        redress::Command::from(duplicate_of(two)),
        redress::Command::from(close(of)),
    ] {
        assert!(ledger.execute(one, step, &agent()).unwrap().is_ok());
    }
    let undone = Linked {
        unlink: true,
        ..duplicate_of(two)
    };
    let refused = ledger.execute(one, undone, &agent()).unwrap();
    assert_eq!(refused, Err(Rejection::ClosedAsDuplicate));
    let back = ledger.execute(two, duplicate_of(one), &agent()).unwrap();
    assert_eq!(back, Err(Rejection::LinkTargetIsDuplicate));
}

fn a_tie_is_undone_even_where_its_target_is_a_duplicate<S: EventStore>(world: &World<S>) {
    let [one, two, three] = three(world);
    let ledger = &world.ledger;
    let first = ledger.execute(two, duplicate_of(one), &agent()).unwrap();
    let later = ledger.execute(one, duplicate_of(three), &agent()).unwrap();
    assert!(first.is_ok() && later.is_ok());
    let undone = Linked {
        unlink: true,
        ..duplicate_of(one)
    };
    assert!(ledger.execute(two, undone, &agent()).unwrap().is_ok());
    let again = ledger.execute(two, undone, &agent()).unwrap();
    assert_eq!(again, Err(Rejection::NotLinked));
}
