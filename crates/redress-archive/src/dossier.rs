//! What must be known of a complaint to fold its next fact and to write its row.

use std::collections::BTreeSet;

use redress_core::event::{
    Amended, AmendedPersonal, Assigned, Assignee, Change, Received, ReceivedPersonal,
    RevisitOutcome, Satisfaction,
};
use redress_core::{
    Case, Complaint, Event, OutOfOrder, Personal, Recorded, Span, SubjectId, Timestamp, evolve,
};

use crate::number::Number;
use crate::summary::{Involvement, Part, Summary};

/// A complaint folded so far.
#[derive(Clone, Debug)]
pub(crate) struct Dossier {
    pub(crate) number: Number,
    pub(crate) complaint: Complaint,
    /// What was received, as corrected since.
    intake: Option<Box<Received>>,
    involved: BTreeSet<Involvement>,
    /// What the customer said when last reached, unless the handling began again since.
    verdict: Option<Verdict>,
    /// A revisit reached the customer.
    reached: bool,
    /// A revisit was tried.
    asked: bool,
}

#[derive(Clone, Copy, Debug)]
struct Verdict {
    result: Satisfaction,
    /// It began a new cycle itself, and so is not taken back by that or a later one.
    begins_cycle: bool,
}

impl Dossier {
    /// A complaint of which nothing is folded.
    pub(crate) fn new(number: Number) -> Self {
        Self {
            number,
            complaint: Complaint::Absent,
            intake: None,
            involved: BTreeSet::new(),
            verdict: None,
            reached: false,
            asked: false,
        }
    }

    /// Folds the next fact.
    pub(crate) fn fold(mut self, fact: &Recorded) -> Result<Self, OutOfOrder> {
        let cycle_before = self.complaint.case().map(|case| case.cycle);
        self.complaint = evolve(self.complaint, fact)?;
        let begins_cycle = cycle_before < self.complaint.case().map(|case| case.cycle);
        if begins_cycle {
            self.verdict = self.verdict.filter(|verdict| verdict.begins_cycle);
        }
        match &fact.event {
            Event::Received(fact) => self.intake = Some(fact.clone()),
            Event::Assigned(fact) => self.assign(fact),
            Event::Escalated(fact) => self.involve(fact.to.as_ref(), Part::Escalation),
            Event::Revisited(fact) => {
                self.asked = true;
                match fact.outcome {
                    RevisitOutcome::Reached { result, .. } => {
                        self.reached = true;
                        self.verdict = Some(Verdict {
                            result,
                            begins_cycle,
                        });
                    }
                    RevisitOutcome::NotReached { .. } => {}
                }
            }
            Event::Amended(fact) => {
                if let Some(intake) = self.intake.as_deref_mut() {
                    amend(intake, fact);
                }
            }
            // Told by the complaint itself, or kept in tables of their own.
            Event::Classified(_)
            | Event::Resolved(_)
            | Event::Feedback(_)
            | Event::Paused(_)
            | Event::Resumed(_)
            | Event::Noted(_)
            | Event::Linked(_)
            | Event::Extended(_)
            | Event::Closed(_)
            | Event::Reopened(_)
            | Event::Erased(_) => {}
        }
        Ok(self)
    }

    fn assign(&mut self, fact: &Assigned) {
        self.involve(Some(&fact.lead), Part::Lead);
        for task in &fact.joint {
            self.involve(Some(&task.assignee), Part::Joint);
        }
    }

    fn involve(&mut self, assignee: Option<&Assignee>, part: Part) {
        self.involved.extend(assignee.map(|assignee| Involvement {
            department: assignee.department.clone(),
            part,
        }));
    }

    /// The customer's pseudonym, once the complaint was received.
    pub(crate) fn subject(&self) -> Option<SubjectId> {
        self.complaint.case().map(|case| case.subject)
    }

    /// What tells who the customer is, and their words, as corrected since.
    pub(crate) fn personal(&self) -> Option<&ReceivedPersonal> {
        self.intake.as_ref()?.personal.known()
    }

    /// The row, once the complaint was received.
    pub(crate) fn summary(&self) -> Option<Summary> {
        let case = self.complaint.case()?;
        let intake = self.intake.as_deref()?.clone();
        let class = self.complaint.classification();
        let resolution = self.complaint.resolution();
        let resolved = resolution.map(|resolution| resolution.fact.as_ref());
        let closing = match &self.complaint {
            Complaint::Closed { closing, .. } => Some(closing),
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Resolved { .. }
            | Complaint::FedBack { .. } => None,
        };
        Some(Summary {
            id: case.id,
            version: case.version,
            external_ref: intake.external_ref,
            channel: intake.channel,
            channel_detail: intake.channel_detail,
            source: intake.source,
            form: intake.form,
            receiver: intake.receiver,
            intake_department: intake.intake_department,
            subject: case.subject,
            account: intake.customer.account,
            anonymous: intake.customer.anonymous,
            language: intake.language,
            product: intake.product,
            occurred: intake.occurred,
            demand: intake.demand,
            emotion: intake.emotion,
            complained_about: intake.complained_about,
            flags: intake.flags,
            tags: intake.tags,
            warnings: case.checks.warnings.clone(),
            state: self.complaint.state(),
            cycle: case.cycle,
            level: case.level,
            received_at: case.received_at,
            resolved_at: resolution.map(|resolution| resolution.at),
            closed_at: closing.map(|closing| closing.at),
            category: class.map(|class| class.category.clone()),
            nature: class.map(|class| class.nature),
            severity: class.map(|class| class.severity),
            priority: class.map(|class| class.priority),
            complexity: class.map(|class| class.complexity),
            safety: class.is_some_and(|class| class.safety),
            impact_scope: class.map(|class| class.impact_scope),
            service_stage: class.and_then(|class| class.service_stage),
            lead: self.complaint.lead().cloned(),
            involved: self.involved.iter().cloned().collect(),
            close_reason: closing.map(|closing| closing.reason.clone()),
            upheld: resolved.and_then(|fact| fact.upheld),
            cause: resolved
                .and_then(|fact| fact.primary_cause.as_ref())
                .map(|cause| cause.code.clone()),
            remedies: resolved.and_then(|fact| fact.remedies.clone()),
            satisfaction: self.verdict.map(|verdict| verdict.result),
            reached: self.reached,
            asked: self.asked,
            handling: resolution.map(|resolution| handling(case, resolution.at)),
            links: case.links.clone(),
        })
    }
}

/// The time from receipt to the solution, pauses taken out.
fn handling(case: &Case, resolved_at: Timestamp) -> Span {
    let paused = case.pauses.iter().map(|pause| {
        let from = pause.from.max(case.received_at);
        let to = pause.end().map_or(resolved_at, |end| end.min(resolved_at));
        to.since(from).max(Span::ZERO)
    });
    resolved_at.since(case.received_at) - paused.sum()
}

/// Works a correction into what was received; what concerns the solution is the business of `evolve`.
fn amend(intake: &mut Received, fact: &Amended) {
    for change in &fact.patch {
        match change.clone() {
            Change::Product(product) => intake.product = product,
            Change::Occurred(occurred) => intake.occurred = occurred,
            Change::Demand(demand) => intake.demand = demand,
            Change::Emotion(emotion) => intake.emotion = emotion,
            Change::Account(account) => intake.customer.account = account,
            Change::Flags(flags) => intake.flags = flags,
            Change::Tags(tags) => intake.tags = tags,
            Change::Language(language) => intake.language = language,
            Change::Causes { .. } | Change::Upheld(_) | Change::Cost(_) => {}
        }
    }
    if let Some(corrected) = fact.personal.known() {
        amend_personal(&mut intake.personal, corrected);
    }
}

fn amend_personal(personal: &mut Personal<ReceivedPersonal>, corrected: &AmendedPersonal) {
    if *corrected == AmendedPersonal::default() {
        return;
    }
    let AmendedPersonal {
        name,
        contacts,
        subject,
        description,
        place,
    } = corrected.clone();
    let before = personal.known().cloned().unwrap_or_default();
    *personal = Personal::Known(ReceivedPersonal {
        name: name.or(before.name),
        contacts: contacts.unwrap_or(before.contacts),
        subject: subject.unwrap_or(before.subject),
        description: description.unwrap_or(before.description),
        place: place.or(before.place),
        ..before
    });
}
