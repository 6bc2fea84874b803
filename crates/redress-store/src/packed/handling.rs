//! How a complaint is handled, packed: its class, who handles it, the solution.

use redress_core::event::{Cause, Classified, JointTask, Money, Resolved};
use redress_core::{Epoch, JointPart, Ownership, Resolution};

use super::clock::{pack_target, unpack_target};
use super::complaint::Kept;
use super::{Damaged, Packer, Symbols, Unpacker};

/// Without the reason: words that hardly recur, and that no view shows.
pub(super) fn pack_class(class: &Classified, symbols: &mut Symbols, to: &mut Packer) {
    if class.reason.is_none() {
        to.symbol(&mut symbols.classes, class);
    } else {
        let class = Classified {
            reason: None,
            ..class.clone()
        };
        to.symbol(&mut symbols.classes, &class);
    }
}

pub(super) fn pack_ownership(ownership: &Ownership, symbols: &mut Symbols, to: &mut Packer) {
    to.number(ownership.epoch.get().into());
    to.symbol(&mut symbols.assignees, &ownership.lead);
    to.all(&ownership.joint, |part, to| {
        to.flags([part.settled]);
        to.symbol(&mut symbols.assignees, &part.task.assignee);
        to.symbol(&mut symbols.texts, &part.task.task);
        to.optional(part.task.limit, pack_target);
    });
}

pub(super) fn unpack_ownership(
    symbols: &Symbols,
    from: &mut Unpacker<'_>,
) -> Result<Ownership, Damaged> {
    Ok(Ownership {
        epoch: Epoch::new(from.small()?),
        lead: from.symbol(&symbols.assignees)?,
        joint: from.all(|from| {
            let [settled] = from.flags()?;
            let task = JointTask {
                assignee: from.symbol(&symbols.assignees)?,
                task: from.symbol(&symbols.texts)?,
                limit: from.optional(unpack_target)?,
            };
            Ok(JointPart { task, settled })
        })?,
    })
}

pub(super) fn pack_resolution(
    resolution: &Resolution,
    kept: Kept,
    symbols: &mut Symbols,
    to: &mut Packer,
) {
    to.symbol(&mut symbols.people, &resolution.by);
    to.time(resolution.at);
    to.optional(resolution.verdict, |verdict, to| {
        to.code(&mut symbols.verdicts, &verdict);
    });
    if kept.solution {
        pack_solution(&resolution.fact, symbols, to);
    }
}

pub(super) fn unpack_resolution(
    kept: Kept,
    symbols: &Symbols,
    from: &mut Unpacker<'_>,
) -> Result<Resolution, Damaged> {
    Ok(Resolution {
        by: from.symbol(&symbols.people)?,
        at: from.time()?,
        verdict: from.optional(|from| from.code(&symbols.verdicts))?,
        fact: if kept.solution {
            Box::new(unpack_solution(symbols, from)?)
        } else {
            Box::default()
        },
    })
}

fn pack_solution(fact: &Resolved, symbols: &mut Symbols, to: &mut Packer) {
    to.optional(fact.primary_cause.as_ref(), |cause, to| {
        to.symbol(&mut symbols.causes, &cause.code);
        to.optional(cause.responsible_department.as_ref(), |department, to| {
            to.symbol(&mut symbols.departments, department);
        });
    });
    to.optional(fact.upheld, |upheld, to| {
        to.symbol(&mut symbols.upheld, &upheld);
    });
    to.optional(fact.cost.as_ref(), |cost, to| {
        to.symbol(&mut symbols.currencies, &cost.currency);
        to.own_number(cost.minor_units);
    });
}

fn unpack_solution(symbols: &Symbols, from: &mut Unpacker<'_>) -> Result<Resolved, Damaged> {
    Ok(Resolved {
        primary_cause: from.optional(|from| {
            let mut cause = Cause::new(from.symbol(&symbols.causes)?);
            cause.responsible_department =
                from.optional(|from| from.symbol(&symbols.departments))?;
            Ok(cause)
        })?,
        upheld: from.optional(|from| from.symbol(&symbols.upheld))?,
        cost: from.optional(|from| {
            Ok(Money {
                currency: from.symbol(&symbols.currencies)?,
                minor_units: from.own_number()?,
            })
        })?,
        ..Resolved::default()
    })
}
