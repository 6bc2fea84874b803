//! Clocks and pauses, packed.

use std::num::NonZeroU32;

use redress_core::clock::Part;
use redress_core::{Clock, ClockEnd, Cycle, Epoch, Pause, Span, Target};

use super::{Damaged, Packer, Symbols, Unpacker};

/// What a clock may have stands in one number: a complaint has many clocks.
pub(super) fn pack_clock(clock: &Clock, symbols: &mut Symbols, to: &mut Packer) {
    let (part, end) = (clock.part.as_ref(), clock.end.as_ref());
    let lead = end.and_then(|end| end.lead.as_ref());
    to.code(&mut symbols.clocks, &clock.kind);
    to.flags([
        end.is_some(),
        lead.is_some(),
        part.is_some(),
        part.is_some_and(|part| part.joint),
        clock.own_target.is_some(),
        clock.extended_to.is_some(),
    ]);
    to.number(clock.cycle.get().into());
    to.time(clock.started_at);
    to.symbol(&mut symbols.terms, &clock.terms);
    if let Some(end) = end {
        to.time(end.at);
        to.code(&mut symbols.endings, &end.how);
    }
    if let Some(lead) = lead {
        to.symbol(&mut symbols.assignees, lead);
    }
    if let Some(part) = part {
        to.number(part.epoch.get().into());
        to.symbol(&mut symbols.assignees, &part.assignee);
    }
    if let Some(target) = clock.own_target {
        pack_target(target, to);
    }
    if let Some(at) = clock.extended_to {
        to.time(at);
        to.number(clock.extensions.into());
    }
}

pub(super) fn unpack_clock(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Clock, Damaged> {
    let kind = from.code(&symbols.clocks)?;
    let [has_end, has_lead, has_part, joint, has_target, is_extended] = from.flags()?;
    let cycle = Cycle::new(from.small()?);
    let started_at = from.time()?;
    let mut clock = Clock::start(kind, cycle, started_at, from.symbol(&symbols.terms)?);
    if has_end {
        clock.end = Some(ClockEnd {
            at: from.time()?,
            how: from.code(&symbols.endings)?,
            lead: None,
        });
    }
    if has_lead {
        clock.end.as_mut().ok_or(Damaged)?.lead = Some(from.symbol(&symbols.assignees)?);
    }
    if has_part {
        clock.part = Some(Part {
            epoch: Epoch::new(from.small()?),
            assignee: from.symbol(&symbols.assignees)?,
            joint,
        });
    }
    if has_target {
        clock.own_target = Some(unpack_target(from)?);
    }
    if is_extended {
        clock.extended_to = Some(from.time()?);
        clock.extensions = from.small()?;
    }
    Ok(clock)
}

pub(super) fn pack_target(target: Target, to: &mut Packer) {
    match target {
        Target::Elapsed(length) => {
            to.number(0);
            to.own_number(length.as_micros());
        }
        Target::WorkingTime(length) => {
            to.number(1);
            to.own_number(length.as_micros());
        }
        Target::WorkingDays(days) => {
            to.number(2);
            to.number(days.get().into());
        }
        Target::CalendarDays(days) => {
            to.number(3);
            to.number(days.get().into());
        }
        Target::At(at) => {
            to.number(4);
            to.time(at);
        }
        Target::Unlimited => to.number(5),
    }
}

pub(super) fn unpack_target(from: &mut Unpacker<'_>) -> Result<Target, Damaged> {
    Ok(match from.number()? {
        0 => Target::Elapsed(Span::micros(from.own_number()?)),
        1 => Target::WorkingTime(Span::micros(from.own_number()?)),
        2 => Target::WorkingDays(NonZeroU32::new(from.small()?).ok_or(Damaged)?),
        3 => Target::CalendarDays(NonZeroU32::new(from.small()?).ok_or(Damaged)?),
        4 => Target::At(from.time()?),
        5 => Target::Unlimited,
        _ => return Err(Damaged),
    })
}

pub(super) fn pack_pause(pause: &Pause, symbols: &mut Symbols, to: &mut Packer) {
    to.code(&mut symbols.pauses, &pause.reason);
    to.time(pause.from);
    to.optional(pause.until, |until, to| to.time(until));
    to.optional(pause.ended_at, |ended_at, to| to.time(ended_at));
}

pub(super) fn unpack_pause(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Pause, Damaged> {
    Ok(Pause {
        reason: from.code(&symbols.pauses)?,
        from: from.time()?,
        until: from.optional(Unpacker::time)?,
        ended_at: from.optional(Unpacker::time)?,
    })
}
