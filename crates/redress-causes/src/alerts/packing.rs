//! What the view keeps of one complaint, packed.

use redress_core::event::Flag;
use redress_core::{ComplaintId, Span, Timestamp};
use redress_store::packed::{Damaged, Interned, Pack, Packer, Unpacker};
use serde::{Deserialize, Serialize};

use super::amount::Adds;
use super::marks::{Group, Mark};
use super::watched::{Stint, Watched};
use crate::packing::TrackSymbols;
use crate::track::Track;

/// The values that recur among complaints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct WatchedSymbols {
    track: TrackSymbols,
    groups: Interned<Group>,
}

impl Pack for Watched {
    type Symbols = WatchedSymbols;

    fn pack(&self, symbols: &mut WatchedSymbols, to: &mut Packer) {
        self.track.pack(&mut symbols.track, to);
        to.all(&self.flags, |flag, to| pack_flag(*flag, to));
        to.all(&self.escalations, |at, to| to.time(*at));
        to.all(&self.open, |stint, to| pack_stint(stint, symbols, to));
        to.optional(self.counted_at, |at, to| to.time(at));
    }

    fn unpack(
        id: ComplaintId,
        symbols: &WatchedSymbols,
        from: &mut Unpacker<'_>,
    ) -> Result<Self, Damaged> {
        Ok(Self {
            track: Track::unpack(id, &symbols.track, from)?,
            flags: from.all(unpack_flag)?,
            escalations: from.all(Unpacker::time)?,
            open: from.all(|from| unpack_stint(symbols, from))?,
            counted_at: from.optional(Unpacker::time)?,
        })
    }

    fn is_settled(&self) -> bool {
        self.track.is_settled()
    }
}

fn pack_flag(flag: Flag, to: &mut Packer) {
    to.number(match flag {
        Flag::Vulnerable => 0,
        Flag::PublicityRisk => 1,
        Flag::Group => 2,
    });
}

fn unpack_flag(from: &mut Unpacker<'_>) -> Result<Flag, Damaged> {
    match from.number()? {
        0 => Ok(Flag::Vulnerable),
        1 => Ok(Flag::PublicityRisk),
        2 => Ok(Flag::Group),
        _ => Err(Damaged),
    }
}

/// Most marks were known when they began; those without an end are many, and the end of time takes many bytes.
fn pack_stint(stint: &Stint, symbols: &mut WatchedSymbols, to: &mut Packer) {
    let Stint { term, from, mark } = stint;
    to.count(*term);
    to.symbol(&mut symbols.groups, &mark.group);
    to.time(mark.from);
    to.optional((*from != mark.from).then_some(*from), |at, to| to.time(at));
    let ends = mark.until != Timestamp::MAX;
    to.optional(ends.then_some(mark.until), |at, to| to.time(at));
    match mark.adds {
        Adds::Above => to.number(0),
        Adds::Below { is_above: false } => to.number(1),
        Adds::Below { is_above: true } => to.number(2),
        Adds::Unknown => to.number(3),
        Adds::Took(span) => {
            to.number(4);
            to.own_number(span.as_micros());
        }
    }
}

fn unpack_stint(symbols: &WatchedSymbols, from: &mut Unpacker<'_>) -> Result<Stint, Damaged> {
    let term = from.count()?;
    let group = from.symbol(&symbols.groups)?;
    let begins = from.time()?;
    let known = from.optional(Unpacker::time)?;
    let until = from.optional(Unpacker::time)?;
    let adds = match from.number()? {
        0 => Adds::Above,
        1 => Adds::Below { is_above: false },
        2 => Adds::Below { is_above: true },
        3 => Adds::Unknown,
        4 => Adds::Took(Span::micros(from.own_number()?)),
        _ => return Err(Damaged),
    };
    Ok(Stint {
        term,
        from: known.unwrap_or(begins),
        mark: Mark {
            group,
            from: begins,
            until: until.unwrap_or(Timestamp::MAX),
            adds,
        },
    })
}
