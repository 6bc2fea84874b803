//! A complaint as it is written: times as microseconds, what recurs by number.

use redress_core::clock::Part;
use redress_core::event::{
    Assignee, Classified, CloseReason, JointTask, Linked, PauseReason, Resolved, Verdict,
};
use redress_core::intake::Checks;
use redress_core::{
    Case, Clock, ClockEnd, ClockKind, Closing, Complaint, ComplaintId, ComplaintParts, Cycle,
    DepartmentId, Ending, Epoch, JointPart, Level, Ownership, Pause, PersonId, Resolution,
    Revisits, SubjectId, Target, Terms, Timestamp, Version,
};
use rkyv::{Archive, Serialize};
use uuid::Uuid;

use super::symbols::{Known, Symbols, Texts};
use super::{SnapshotError, Unfit};

/// A complaint. Numbers named after a thing are those of its symbol.
#[derive(Archive, Serialize)]
pub(super) struct PackedComplaint {
    id: u128,
    subject: u128,
    version: u64,
    received_at: i64,
    moved_at: i64,
    intake_department: u32,
    complained_about: u32,
    checks: u32,
    cycle: u32,
    level: u8,
    escalated_to: u32,
    escalated_in: Option<u32>,
    links: u32,
    clocks: Vec<PackedClock>,
    pauses: Vec<PackedPause>,
    classification: u32,
    /// Of the epoch, the lead, and each joint task with whether it is settled.
    ownership: u32,
    resolution: Option<PackedResolution>,
    revisits: u32,
    closing: Option<(u32, i64)>,
}

#[derive(Archive, Serialize)]
struct PackedClock {
    kind: u32,
    cycle: u32,
    part: Option<PackedPart>,
    started_at: i64,
    terms: u32,
    own_target: u32,
    extended_to: Option<i64>,
    extensions: u32,
    end: Option<PackedEnd>,
}

#[derive(Archive, Serialize)]
struct PackedPart {
    epoch: u32,
    assignee: u32,
    joint: bool,
}

#[derive(Archive, Serialize)]
struct PackedEnd {
    at: i64,
    how: u32,
    lead: u32,
}

#[derive(Archive, Serialize)]
struct PackedPause {
    reason: u32,
    from: i64,
    until: Option<i64>,
    ended_at: Option<i64>,
}

#[derive(Archive, Serialize)]
struct PackedResolution {
    by: u32,
    at: i64,
    fact: u32,
    verdict: u32,
}

/// Who handles a complaint, as it is written.
type Owners = (Epoch, Assignee, Vec<(JointTask, bool)>);

impl PackedComplaint {
    /// `None` where nothing has been recorded of it.
    pub(super) fn of(
        complaint: &Complaint,
        symbols: &mut Symbols,
    ) -> Result<Option<Self>, SnapshotError> {
        let Some(parts) = complaint.to_parts() else {
            return Ok(None);
        };
        let case = &parts.case;
        Ok(Some(Self {
            id: case.id.as_uuid().as_u128(),
            subject: case.subject.as_uuid().as_u128(),
            version: case.version.get(),
            received_at: case.received_at.as_micros(),
            moved_at: case.moved_at.as_micros(),
            intake_department: symbols.number(&case.intake_department)?,
            complained_about: symbols.number(&case.complained_about)?,
            checks: symbols.number(&case.checks)?,
            cycle: case.cycle.get(),
            level: case.level.get(),
            escalated_to: symbols.number(&case.escalated_to)?,
            escalated_in: case.escalated_in.map(Cycle::get),
            links: symbols.number(&case.links)?,
            clocks: packed(&case.clocks, |clock| PackedClock::of(clock, symbols))?,
            pauses: packed(&case.pauses, |pause| PackedPause::of(pause, symbols))?,
            classification: symbols.number(&parts.classification)?,
            ownership: symbols.number(&parts.ownership.as_ref().map(owners))?,
            resolution: match &parts.resolution {
                Some(resolution) => Some(PackedResolution::of(resolution, symbols)?),
                None => None,
            },
            revisits: symbols.number(&parts.revisits)?,
            closing: match &parts.closing {
                Some(closing) => Some((symbols.number(&closing.reason)?, closing.at.as_micros())),
                None => None,
            },
        }))
    }
}

fn packed<T, P>(
    values: &[T],
    pack: impl FnMut(&T) -> Result<P, SnapshotError>,
) -> Result<Vec<P>, SnapshotError> {
    values.iter().map(pack).collect()
}

fn owners(ownership: &Ownership) -> Owners {
    let joint = ownership.joint.iter();
    (
        ownership.epoch,
        ownership.lead.clone(),
        joint
            .map(|part| (part.task.clone(), part.settled))
            .collect(),
    )
}

impl PackedClock {
    fn of(clock: &Clock, symbols: &mut Symbols) -> Result<Self, SnapshotError> {
        Ok(Self {
            kind: symbols.number(&clock.kind)?,
            cycle: clock.cycle.get(),
            part: match &clock.part {
                Some(part) => Some(PackedPart {
                    epoch: part.epoch.get(),
                    assignee: symbols.number(&part.assignee)?,
                    joint: part.joint,
                }),
                None => None,
            },
            started_at: clock.started_at.as_micros(),
            terms: symbols.number(&clock.terms)?,
            own_target: symbols.number(&clock.own_target)?,
            extended_to: clock.extended_to.map(Timestamp::as_micros),
            extensions: clock.extensions,
            end: match &clock.end {
                Some(end) => Some(PackedEnd {
                    at: end.at.as_micros(),
                    how: symbols.number(&end.how)?,
                    lead: symbols.number(&end.lead)?,
                }),
                None => None,
            },
        })
    }
}

impl PackedPause {
    fn of(pause: &Pause, symbols: &mut Symbols) -> Result<Self, SnapshotError> {
        Ok(Self {
            reason: symbols.number(&pause.reason)?,
            from: pause.from.as_micros(),
            until: pause.until.map(Timestamp::as_micros),
            ended_at: pause.ended_at.map(Timestamp::as_micros),
        })
    }
}

impl PackedResolution {
    fn of(resolution: &Resolution, symbols: &mut Symbols) -> Result<Self, SnapshotError> {
        Ok(Self {
            by: symbols.number(&resolution.by)?,
            at: resolution.at.as_micros(),
            fact: symbols.number(&resolution.fact)?,
            verdict: symbols.number(&resolution.verdict)?,
        })
    }
}

/// Reads complaints; what recurs among them is parsed once.
#[derive(Default)]
pub(super) struct Unpacker {
    departments: Known<DepartmentId>,
    people: Known<PersonId>,
    staff: Known<Vec<PersonId>>,
    checks: Known<Checks>,
    assignees: Known<Option<Assignee>>,
    links: Known<Vec<Linked>>,
    kinds: Known<ClockKind>,
    terms: Known<Terms>,
    targets: Known<Option<Target>>,
    endings: Known<Ending>,
    reasons: Known<PauseReason>,
    classes: Known<Option<Classified>>,
    owners: Known<Option<Owners>>,
    verdicts: Known<Option<Verdict>>,
    closings: Known<CloseReason>,
}

impl Unpacker {
    pub(super) fn complaint(
        &mut self,
        texts: &Texts<'_>,
        packed: &ArchivedPackedComplaint,
    ) -> Result<Complaint, Unfit> {
        let clocks = packed.clocks.iter().map(|clock| self.clock(texts, clock));
        let clocks = clocks.collect::<Result<_, _>>()?;
        let pauses = packed.pauses.iter().map(|pause| self.pause(texts, pause));
        let pauses = pauses.collect::<Result<_, _>>()?;
        let case = Case {
            id: ComplaintId::new(Uuid::from_u128(packed.id.to_native())),
            version: Version::new(packed.version.to_native()),
            received_at: time(packed.received_at.to_native())?,
            moved_at: time(packed.moved_at.to_native())?,
            subject: SubjectId::new(Uuid::from_u128(packed.subject.to_native())),
            intake_department: (self.departments)
                .value(texts, packed.intake_department.to_native())?,
            complained_about: (self.staff).value(texts, packed.complained_about.to_native())?,
            checks: self.checks.value(texts, packed.checks.to_native())?,
            cycle: Cycle::new(packed.cycle.to_native()),
            level: Level::new(packed.level),
            escalated_to: (self.assignees).value(texts, packed.escalated_to.to_native())?,
            escalated_in: (packed.escalated_in.as_ref()).map(|cycle| Cycle::new(cycle.to_native())),
            links: self.links.value(texts, packed.links.to_native())?,
            clocks,
            pauses,
        };
        let ownership = self.owners.value(texts, packed.ownership.to_native())?;
        let parts = ComplaintParts {
            case: Box::new(case),
            classification: (self.classes).value(texts, packed.classification.to_native())?,
            ownership: ownership.map(ownership_of),
            resolution: match packed.resolution.as_ref() {
                Some(resolution) => Some(self.resolution(texts, resolution)?),
                None => None,
            },
            revisits: texts.value::<Option<Revisits>>(packed.revisits.to_native())?,
            closing: match packed.closing.as_ref() {
                Some(closing) => Some(Closing {
                    reason: self.closings.value(texts, closing.0.to_native())?,
                    at: time(closing.1.to_native())?,
                }),
                None => None,
            },
        };
        Complaint::from_parts(parts).ok_or(Unfit::Damaged)
    }

    fn clock(&mut self, texts: &Texts<'_>, packed: &ArchivedPackedClock) -> Result<Clock, Unfit> {
        let part = match packed.part.as_ref() {
            Some(part) => Some(Part {
                epoch: Epoch::new(part.epoch.to_native()),
                // An assignee is written like one that may be missing.
                assignee: (self.assignees)
                    .value(texts, part.assignee.to_native())?
                    .ok_or(Unfit::Damaged)?,
                joint: part.joint,
            }),
            None => None,
        };
        let end = match packed.end.as_ref() {
            Some(end) => Some(ClockEnd {
                at: time(end.at.to_native())?,
                how: self.endings.value(texts, end.how.to_native())?,
                lead: self.assignees.value(texts, end.lead.to_native())?,
            }),
            None => None,
        };
        Ok(Clock {
            kind: self.kinds.value(texts, packed.kind.to_native())?,
            cycle: Cycle::new(packed.cycle.to_native()),
            part,
            started_at: time(packed.started_at.to_native())?,
            terms: self.terms.value(texts, packed.terms.to_native())?,
            own_target: self.targets.value(texts, packed.own_target.to_native())?,
            extended_to: optional_time(packed.extended_to.as_ref().map(|at| at.to_native()))?,
            extensions: packed.extensions.to_native(),
            end,
        })
    }

    fn pause(&mut self, texts: &Texts<'_>, packed: &ArchivedPackedPause) -> Result<Pause, Unfit> {
        Ok(Pause {
            reason: self.reasons.value(texts, packed.reason.to_native())?,
            from: time(packed.from.to_native())?,
            until: optional_time(packed.until.as_ref().map(|at| at.to_native()))?,
            ended_at: optional_time(packed.ended_at.as_ref().map(|at| at.to_native()))?,
        })
    }

    fn resolution(
        &mut self,
        texts: &Texts<'_>,
        packed: &ArchivedPackedResolution,
    ) -> Result<Resolution, Unfit> {
        Ok(Resolution {
            by: self.people.value(texts, packed.by.to_native())?,
            at: time(packed.at.to_native())?,
            fact: texts.value::<Box<Resolved>>(packed.fact.to_native())?,
            verdict: self.verdicts.value(texts, packed.verdict.to_native())?,
        })
    }
}

fn ownership_of((epoch, lead, joint): Owners) -> Ownership {
    Ownership {
        epoch,
        lead,
        joint: joint
            .into_iter()
            .map(|(task, settled)| JointPart { task, settled })
            .collect(),
    }
}

pub(super) fn time(micros: i64) -> Result<Timestamp, Unfit> {
    Timestamp::from_micros(micros).map_err(|_| Unfit::Damaged)
}

fn optional_time(micros: Option<i64>) -> Result<Option<Timestamp>, Unfit> {
    micros.map(time).transpose()
}
