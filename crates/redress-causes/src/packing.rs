//! What the view keeps of one complaint, packed.

use redress_core::{ComplaintId, ProductCode};
use redress_store::packed::{
    Damaged, Interned, Kept, Pack, Packer, Symbols, Unpacker, pack_complaint, unpack_complaint,
};
use serde::{Deserialize, Serialize};

use crate::track::Track;
use crate::visits::{Attempt, Verdict, Visits};

const KEPT: Kept = Kept {
    subject: true,
    solution: true,
};

/// The values that recur among complaints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TrackSymbols {
    complaint: Symbols,
    products: Interned<ProductCode>,
}

impl Pack for Track {
    type Symbols = TrackSymbols;

    fn pack(&self, symbols: &mut TrackSymbols, to: &mut Packer) {
        pack_complaint(&self.complaint, KEPT, &mut symbols.complaint, to);
        to.optional(self.channel, |channel, to| {
            to.symbol(&mut symbols.complaint.channels, &channel);
        });
        to.optional(self.product.as_ref(), |product, to| {
            to.symbol(&mut symbols.products, product);
        });
        pack_visits(&self.visits, &mut symbols.complaint, to);
        to.number(self.hand_overs);
        to.optional(self.acknowledged_at, |at, to| to.time(at));
        to.flags([self.tells_when, self.tells_demand]);
        to.optional(self.lead_at_resolution.as_ref(), |lead, to| {
            to.symbol(&mut symbols.complaint.assignees, lead);
        });
        to.all(&self.closed, |(closed, reopened), to| {
            to.time(*closed);
            to.optional(*reopened, |at, to| to.time(at));
        });
    }

    fn unpack(
        id: ComplaintId,
        symbols: &TrackSymbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged> {
        let complaint = unpack_complaint(id, KEPT, &symbols.complaint, from)?;
        let channel = from.optional(|from| from.symbol(&symbols.complaint.channels))?;
        let product = from.optional(|from| from.symbol(&symbols.products))?;
        let visits = unpack_visits(&symbols.complaint, from)?;
        let hand_overs = from.number()?;
        let acknowledged_at = from.optional(Unpacker::time)?;
        let [tells_when, tells_demand] = from.flags()?;
        Ok(Self {
            complaint,
            channel,
            product,
            visits,
            hand_overs,
            acknowledged_at,
            tells_when,
            tells_demand,
            lead_at_resolution: from.optional(|from| from.symbol(&symbols.complaint.assignees))?,
            closed: from.all(|from| Ok((from.time()?, from.optional(Unpacker::time)?)))?,
        })
    }

    fn is_settled(&self) -> bool {
        !self.complaint.is_open()
    }
}

fn pack_visits(visits: &Visits, symbols: &mut Symbols, to: &mut Packer) {
    to.all(&visits.attempts, |attempt, to| {
        to.time(attempt.at);
        to.flags([attempt.reached]);
    });
    to.optional(visits.verdict, |verdict, to| {
        to.time(verdict.at);
        to.code(&mut symbols.satisfactions, &verdict.result);
        to.flags([verdict.begins_cycle]);
    });
}

fn unpack_visits(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Visits, Damaged> {
    Ok(Visits {
        attempts: from.all(|from| {
            let at = from.time()?;
            let [reached] = from.flags()?;
            Ok(Attempt { at, reached })
        })?,
        verdict: from.optional(|from| {
            let at = from.time()?;
            let result = from.code(&symbols.satisfactions)?;
            let [begins_cycle] = from.flags()?;
            Ok(Verdict {
                at,
                result,
                begins_cycle,
            })
        })?,
    })
}
