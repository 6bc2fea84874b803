//! A complaint, packed and unpacked after each fact, is the one that never was.

use std::collections::BTreeMap;

use proptest::prelude::*;
use redress_core::event::{Cause, Resolved};
use redress_core::{Complaint, ComplaintId, ComplaintParts, apply};
use redress_store::packed::{
    Damaged, Kept, Pack, Packer, Symbols, Tracks, Unpacker, pack_complaint, unpack_complaint,
};

use crate::histories::{config, facts};

/// A complaint with all that any view may keep of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Whole(Complaint);

const KEPT: Kept = Kept {
    subject: true,
    solution: true,
};

impl Pack for Whole {
    type Symbols = Symbols;

    fn pack(&self, symbols: &mut Symbols, to: &mut Packer) {
        pack_complaint(&self.0, KEPT, symbols, to);
    }

    fn unpack(
        id: ComplaintId,
        symbols: &Symbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged> {
        unpack_complaint(id, KEPT, symbols, from).map(Self)
    }

    fn is_settled(&self) -> bool {
        !self.0.is_open()
    }
}

/// All but what no view keeps.
fn parts(complaint: &Complaint) -> ComplaintParts {
    let mut parts = complaint.to_parts().unwrap();
    if let Some(class) = &mut parts.classification {
        class.reason = None;
    }
    if let Some(resolution) = &mut parts.resolution {
        let fact = &resolution.fact;
        let cause = fact.primary_cause.as_ref().map(|cause| Cause {
            responsible_department: cause.responsible_department.clone(),
            ..Cause::new(cause.code.clone())
        });
        *resolution.fact = Resolved {
            primary_cause: cause,
            upheld: fact.upheld,
            cost: fact.cost.clone(),
            ..Resolved::default()
        };
    }
    parts
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn packed_after_each_fact_it_is_the_same(facts in facts()) {
        let mut tracks: Tracks<Whole> = Tracks::default();
        let mut complaints: BTreeMap<ComplaintId, Complaint> = BTreeMap::new();
        for fact in facts.iter() {
            let complaint = complaints.entry(fact.complaint_id).or_default();
            apply(complaint, fact).unwrap();
            let folded = tracks.fold(|tracks| {
                tracks.update(fact.complaint_id, |whole| apply(&mut whole.0, fact))
            });
            folded.unwrap();
            let packed = tracks.get(fact.complaint_id).unwrap().unwrap();
            prop_assert_eq!(parts(&packed.0), parts(complaint));
        }
    }
}
