//! What the view keeps of one complaint, packed.

use std::collections::BTreeMap;

use redress_core::{ComplaintId, Label};
use redress_store::packed::{
    Damaged, Interned, Kept, Pack, Packer, Symbols, Unpacker, pack_complaint, unpack_complaint,
};
use serde::{Deserialize, Serialize};

use crate::happening::{Happening, Passage, What};
use crate::track::Track;

/// Nothing here asks who complains again, or what was done about it.
const KEPT: Kept = Kept {
    subject: false,
    solution: false,
};

/// The values that recur among complaints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TrackSymbols {
    complaint: Symbols,
    passages: Interned<Passage>,
    fields: Interned<(Label, String)>,
}

impl Pack for Track {
    type Symbols = TrackSymbols;

    fn pack(&self, symbols: &mut TrackSymbols, to: &mut Packer) {
        pack_complaint(&self.complaint, KEPT, &mut symbols.complaint, to);
        to.all(&self.happenings, |happening, to| {
            pack_happening(happening, symbols, to);
        });
        to.count(self.source.values().map(BTreeMap::len).sum());
        for (system, fields) in &self.source {
            for (field, value) in fields {
                to.symbol(&mut symbols.fields, &(system.clone(), field.clone()));
                to.symbol(&mut symbols.complaint.texts, value);
            }
        }
    }

    fn unpack(
        id: ComplaintId,
        symbols: &TrackSymbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged> {
        let complaint = unpack_complaint(id, KEPT, &symbols.complaint, from)?;
        let happenings = from.all(|from| unpack_happening(symbols, from))?;
        let mut source: BTreeMap<Label, BTreeMap<String, String>> = BTreeMap::new();
        for _ in 0..from.count()? {
            let (system, field) = from.symbol(&symbols.fields)?;
            let value = from.symbol(&symbols.complaint.texts)?;
            source.entry(system).or_default().insert(field, value);
        }
        Ok(Self {
            complaint,
            happenings,
            source,
        })
    }

    /// In a closed complaint no clock runs.
    fn is_settled(&self) -> bool {
        !self.complaint.is_open()
    }
}

fn pack_happening(happening: &Happening, symbols: &mut TrackSymbols, to: &mut Packer) {
    let TrackSymbols {
        complaint,
        passages,
        fields: _,
    } = symbols;
    to.time(happening.at);
    to.symbol(&mut complaint.departments, &happening.department);
    match &happening.what {
        What::Assigned(passage, department) => {
            to.number(0);
            to.code(passages, passage);
            to.symbol(&mut complaint.departments, department);
        }
        What::Escalated(department) => {
            to.number(1);
            to.symbol(&mut complaint.departments, department);
        }
        What::PriorityRaised => to.number(2),
        What::PriorityLowered => to.number(3),
        What::Extended => to.number(4),
        What::ReopenedByReply => to.number(5),
        What::ReopenedFromClosed => to.number(6),
        What::Revisited { reached, reopened } => {
            to.number(7);
            to.optional(*reached, |found, to| {
                to.code(&mut complaint.satisfactions, &found);
            });
            to.flags([*reopened]);
        }
        What::Closed => to.number(8),
    }
}

fn unpack_happening(symbols: &TrackSymbols, from: &mut Unpacker<'_>) -> Result<Happening, Damaged> {
    let departments = &symbols.complaint.departments;
    let at = from.time()?;
    let department = from.symbol(departments)?;
    let what = match from.number()? {
        0 => What::Assigned(from.code(&symbols.passages)?, from.symbol(departments)?),
        1 => What::Escalated(from.symbol(departments)?),
        2 => What::PriorityRaised,
        3 => What::PriorityLowered,
        4 => What::Extended,
        5 => What::ReopenedByReply,
        6 => What::ReopenedFromClosed,
        7 => {
            let reached = from.optional(|from| from.code(&symbols.complaint.satisfactions))?;
            let [reopened] = from.flags()?;
            What::Revisited { reached, reopened }
        }
        8 => What::Closed,
        _ => return Err(Damaged),
    };
    Ok(Happening {
        at,
        what,
        department,
    })
}
