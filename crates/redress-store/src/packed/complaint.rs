//! A complaint, packed.

use redress_core::event::{CloseReason, Linked};
use redress_core::intake::{Checks, Ground};
use redress_core::{
    Case, Closing, Complaint, ComplaintId, ComplaintParts, Cycle, Level, Revisits, SubjectId,
    Version,
};
use uuid::Uuid;

use super::clock::{pack_clock, pack_pause, unpack_clock, unpack_pause};
use super::handling::{
    pack_class, pack_ownership, pack_resolution, unpack_ownership, unpack_resolution,
};
use super::{Damaged, Packer, Symbols, Unpacker};

/// What of a complaint a view keeps, beside what folding a fact depends on.
///
/// No view keeps the reason of a class, nor of a solution more than this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The customer's pseudonym.
    pub subject: bool,
    /// Of the solution: its root cause with the department that is to blame, whether the complaint was upheld, and the cost.
    pub solution: bool,
}

/// Packs a complaint of which something was recorded; of another one, nothing.
pub fn pack_complaint(complaint: &Complaint, kept: Kept, symbols: &mut Symbols, to: &mut Packer) {
    let Some(case) = complaint.case() else {
        return;
    };
    pack_case(case, kept, symbols, to);
    to.optional(complaint.classification(), |class, to| {
        pack_class(class, symbols, to);
    });
    to.optional(complaint.ownership(), |ownership, to| {
        pack_ownership(ownership, symbols, to);
    });
    to.optional(complaint.resolution(), |resolution, to| {
        pack_resolution(resolution, kept, symbols, to);
    });
    let (revisits, closing) = last_parts(complaint);
    to.optional(revisits, |revisits, to| {
        to.number(revisits.attempts.into());
        to.all(&revisits.in_vain, |at, to| to.time(*at));
        to.optional(revisits.reached, |reached, to| {
            to.code(&mut symbols.satisfactions, &reached);
        });
    });
    to.optional(closing, |closing, to| pack_closing(closing, symbols, to));
}

/// Reads a complaint back. What was not [`Kept`] is missing: the pseudonym is all zeros, the solution empty.
///
/// # Errors
///
/// [`Damaged`] when it is not as it was packed.
pub fn unpack_complaint(
    id: ComplaintId,
    kept: Kept,
    symbols: &Symbols,
    from: &mut Unpacker<'_>,
) -> Result<Complaint, Damaged> {
    let parts = ComplaintParts {
        case: Box::new(unpack_case(id, kept, symbols, from)?),
        classification: from.optional(|from| from.symbol(&symbols.classes))?,
        ownership: from.optional(|from| unpack_ownership(symbols, from))?,
        resolution: from.optional(|from| unpack_resolution(kept, symbols, from))?,
        revisits: from.optional(|from| {
            Ok(Revisits {
                attempts: from.small()?,
                in_vain: from.all(Unpacker::time)?,
                reached: from.optional(|from| from.code(&symbols.satisfactions))?,
            })
        })?,
        closing: from.optional(|from| unpack_closing(symbols, from))?,
    };
    Complaint::from_parts(parts).ok_or(Damaged)
}

/// What only one state each holds.
const fn last_parts(complaint: &Complaint) -> (Option<&Revisits>, Option<&Closing>) {
    match complaint {
        Complaint::FedBack { revisits, .. } => (Some(revisits), None),
        Complaint::Closed { closing, .. } => (None, Some(closing)),
        Complaint::Absent
        | Complaint::Received { .. }
        | Complaint::Classified { .. }
        | Complaint::Processing { .. }
        | Complaint::Resolved { .. } => (None, None),
    }
}

fn pack_case(case: &Case, kept: Kept, symbols: &mut Symbols, to: &mut Packer) {
    to.time(case.received_at);
    to.time(case.moved_at);
    to.number(case.version.get());
    if kept.subject {
        to.own_bytes(case.subject.as_uuid().as_bytes());
    }
    to.symbol(&mut symbols.departments, &case.intake_department);
    to.all(&case.complained_about, |person, to| {
        to.symbol(&mut symbols.people, person);
    });
    pack_checks(&case.checks, symbols, to);
    to.number(case.cycle.get().into());
    to.number(case.level.get().into());
    to.optional(case.escalated_to.as_ref(), |assignee, to| {
        to.symbol(&mut symbols.assignees, assignee);
    });
    to.optional(case.escalated_in, |cycle, to| to.number(cycle.get().into()));
    to.all(&case.links, |link, to| {
        to.code(&mut symbols.relations, &link.relation);
        to.flags([link.unlink]);
        to.own_bytes(link.target.as_uuid().as_bytes());
    });
    to.all(&case.clocks, |clock, to| pack_clock(clock, symbols, to));
    to.all(&case.pauses, |pause, to| pack_pause(pause, symbols, to));
}

fn unpack_case(
    id: ComplaintId,
    kept: Kept,
    symbols: &Symbols,
    from: &mut Unpacker<'_>,
) -> Result<Case, Damaged> {
    Ok(Case {
        id,
        received_at: from.time()?,
        moved_at: from.time()?,
        version: Version::new(from.number()?),
        subject: SubjectId::new(if kept.subject {
            Uuid::from_bytes(from.own_bytes()?)
        } else {
            Uuid::nil()
        }),
        intake_department: from.symbol(&symbols.departments)?,
        complained_about: from.all(|from| from.symbol(&symbols.people))?,
        checks: unpack_checks(symbols, from)?,
        cycle: Cycle::new(from.small()?),
        level: Level::new(from.small()?),
        escalated_to: from.optional(|from| from.symbol(&symbols.assignees))?,
        escalated_in: from.optional(|from| Ok(Cycle::new(from.small()?)))?,
        links: from.all(|from| {
            let relation = from.code(&symbols.relations)?;
            let [unlink] = from.flags()?;
            let target = ComplaintId::new(Uuid::from_bytes(from.own_bytes()?));
            Ok(Linked {
                relation,
                target,
                unlink,
            })
        })?,
        clocks: from.all(|from| unpack_clock(symbols, from))?,
        pauses: from.all(|from| unpack_pause(symbols, from))?,
    })
}

fn pack_checks(checks: &Checks, symbols: &mut Symbols, to: &mut Packer) {
    to.symbol(&mut symbols.channels, &checks.channel);
    to.all(&checks.warnings, |warning, to| {
        to.code(&mut symbols.warnings, warning);
    });
    to.all(&checks.grounds, |ground, to| {
        to.code(&mut symbols.reviews, &ground.reason);
        to.flags([ground.reviewed]);
        to.time(ground.since);
    });
    to.optional(checks.confirmed_at, |at, to| to.time(at));
}

fn unpack_checks(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Checks, Damaged> {
    Ok(Checks {
        channel: from.symbol(&symbols.channels)?,
        warnings: from.all(|from| from.code(&symbols.warnings))?,
        grounds: from.all(|from| {
            let reason = from.code(&symbols.reviews)?;
            let [reviewed] = from.flags()?;
            let since = from.time()?;
            Ok(Ground {
                reason,
                since,
                reviewed,
            })
        })?,
        confirmed_at: from.optional(Unpacker::time)?,
    })
}

fn pack_closing(closing: &Closing, symbols: &mut Symbols, to: &mut Packer) {
    to.time(closing.at);
    match &closing.reason {
        CloseReason::Satisfied => to.number(0),
        CloseReason::Withdrawn => to.number(1),
        CloseReason::Refused { ground } => {
            to.number(2);
            to.symbol(&mut symbols.labels, ground);
        }
        CloseReason::Duplicate { of } => {
            to.number(3);
            to.own_bytes(of.as_uuid().as_bytes());
        }
        CloseReason::Unreachable => to.number(4),
        CloseReason::FinalPosition => to.number(5),
        CloseReason::Waived => to.number(6),
    }
}

fn unpack_closing(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Closing, Damaged> {
    let at = from.time()?;
    let reason = match from.number()? {
        0 => CloseReason::Satisfied,
        1 => CloseReason::Withdrawn,
        2 => CloseReason::Refused {
            ground: from.symbol(&symbols.labels)?,
        },
        3 => CloseReason::Duplicate {
            of: ComplaintId::new(Uuid::from_bytes(from.own_bytes()?)),
        },
        4 => CloseReason::Unreachable,
        5 => CloseReason::FinalPosition,
        6 => CloseReason::Waived,
        _ => return Err(Damaged),
    };
    Ok(Closing { reason, at })
}
