//! Commands of the departments: assign, resolve, pause, resume, note, extend.

use super::{Decided, Decision, has_words};
use crate::clock::{Clock, ClockKind, Target};
use crate::command::Assign;
use crate::complaint::{Case, Complaint, Ownership, State};
use crate::event::{AssignReason, Extended, NoteKind, Noted, Paused, Resolved, Resumed};
use crate::id::Epoch;
use crate::rejection::Rejection;
use crate::taxonomy::UNDETERMINED;
use crate::time::{Span, Timestamp};

impl Decision<'_> {
    pub(super) fn assign(&self, wanted: &Assign, case: &Case) -> Decided {
        match self.complaint.state() {
            State::Classified | State::Processing | State::Resolved | State::FedBack => {}
            State::Absent | State::Received | State::Closed => {
                return Err(self.not_in_this_state("assign"));
            }
        }
        let mut departments = vec![&wanted.lead.department];
        for part in &wanted.joint {
            let department = &part.assignee.department;
            if departments.contains(&department) {
                return Err(Rejection::JointRepeated {
                    department: department.clone(),
                });
            }
            departments.push(department);
        }
        let limits =
            std::iter::once(wanted.limit).chain(wanted.joint.iter().map(|part| part.limit));
        if limits
            .flatten()
            .any(|limit| !is_positive(limit, self.context.occurred_at))
        {
            return Err(Rejection::LimitNotPositive);
        }
        departments
            .into_iter()
            .try_for_each(|department| self.check_department(department))?;
        self.conduct(wanted.lead.person.is_some(), Rejection::LeadPersonMissing)?;
        let handlers =
            std::iter::once(&wanted.lead).chain(wanted.joint.iter().map(|part| &part.assignee));
        for person in handlers.filter_map(|assignee| assignee.person.as_ref()) {
            let person_is_free = !case.complained_about.contains(person);
            self.conduct(
                person_is_free,
                Rejection::Recused {
                    person: person.clone(),
                },
            )?;
        }
        if wanted.reason == AssignReason::Returned {
            self.conduct(
                has_words(wanted.explanation.as_deref()),
                Rejection::ExplanationMissing,
            )?;
        }
        let epoch = self
            .complaint
            .ownership()
            .map_or(Epoch::FIRST, |ownership| ownership.epoch.next());
        Ok(vec![wanted.clone().into_fact(epoch).into()])
    }

    pub(super) fn resolve(&self, fact: &Resolved, case: &Case) -> Decided {
        let Complaint::Processing { ownership, .. } = self.complaint else {
            return Err(self.not_in_this_state("resolve"));
        };
        for cause in fact.primary_cause.iter().chain(&fact.contributing_causes) {
            self.check_cause(cause)?;
        }
        self.conduct(fact.primary_cause.is_some(), Rejection::PrimaryCauseMissing)?;
        let undetermined = fact
            .primary_cause
            .as_ref()
            .is_some_and(|cause| cause.code.as_str() == UNDETERMINED);
        self.conduct(
            !undetermined || fact.follow_up.is_some(),
            Rejection::FollowUpMissing,
        )?;
        self.conduct(fact.remedies.is_some(), Rejection::RemediesUnstated)?;
        self.conduct(fact.upheld.is_some(), Rejection::UpheldMissing)?;
        if let Some(part) = ownership.joint.iter().find(|part| !part.settled) {
            let department = part.task.assignee.department.clone();
            self.conduct(false, Rejection::ContributionOpen { department })?;
        }
        self.conduct(
            self.is_responsible(ownership, case),
            Rejection::NotResponsible,
        )?;
        let max_cycles = self.policy.max_cycles;
        self.conduct(
            !case.must_escalate(self.policy),
            Rejection::EscalationRequired { max_cycles },
        )?;
        Ok(vec![fact.clone().into()])
    }

    /// Whether the actor is the lead, a joint handler or whoever it was escalated to.
    fn is_responsible(&self, ownership: &Ownership, case: &Case) -> bool {
        let actor = self.context.actor;
        let joint = ownership.joint.iter().map(|part| &part.task.assignee);
        std::iter::once(&ownership.lead)
            .chain(joint)
            .chain(case.escalated_to.as_ref())
            .any(|assignee| match &assignee.person {
                Some(person) => *person == actor.id,
                None => Some(&assignee.department) == actor.department.as_ref(),
            })
    }

    pub(super) fn pause(&self, fact: &Paused, case: &Case) -> Decided {
        if self.complaint.state() != State::Processing {
            return Err(self.not_in_this_state("pause"));
        }
        let from = self.context.occurred_at;
        if case.pause_at(from).is_some() {
            return Err(Rejection::AlreadyPaused);
        }
        if fact.until.is_some_and(|until| until <= from) {
            return Err(Rejection::PauseEndsBeforeItBegins);
        }
        let rule = &self.policy.pause;
        let reason = fact.reason;
        self.conduct(
            rule.reasons.contains(&reason),
            Rejection::PauseReasonNotAllowed { reason },
        )?;
        self.conduct(fact.until.is_some(), Rejection::PauseEndMissing)?;
        let length = fact.until.map_or(Span::ZERO, |until| until.since(from));
        self.conduct(
            length <= rule.longest,
            Rejection::PauseTooLong {
                longest: rule.longest,
            },
        )?;
        Ok(vec![fact.clone().into()])
    }

    pub(super) fn resume(&self, fact: Resumed, case: &Case) -> Decided {
        if self.complaint.state() != State::Processing {
            return Err(self.not_in_this_state("resume"));
        }
        if case.pause_at(self.context.occurred_at).is_none() {
            return Err(Rejection::NotPaused);
        }
        Ok(vec![fact.into()])
    }

    pub(super) fn note(&self, fact: &Noted) -> Decided {
        match &fact.kind {
            NoteKind::Contribution { department, .. } => {
                let open_part = match self.complaint {
                    Complaint::Processing { ownership, .. } => ownership
                        .joint
                        .iter()
                        .any(|part| !part.settled && part.task.assignee.department == *department),
                    Complaint::Absent
                    | Complaint::Received { .. }
                    | Complaint::Classified { .. }
                    | Complaint::Resolved { .. }
                    | Complaint::FedBack { .. }
                    | Complaint::Closed { .. } => false,
                };
                if !open_part {
                    return Err(Rejection::NotAJointDepartment {
                        department: department.clone(),
                    });
                }
            }
            NoteKind::Investigation
            | NoteKind::Negotiation
            | NoteKind::Coordination
            | NoteKind::Internal
            | NoteKind::SourceRecord { .. } => {}
        }
        Ok(vec![fact.clone().into()])
    }

    pub(super) fn extend(&self, fact: &Extended, case: &Case) -> Decided {
        self.open("extend")?;
        let clock =
            extendable(case, fact.clock).ok_or(Rejection::ClockNotRunning { clock: fact.clock })?;
        let at = self.context.occurred_at;
        // While a pause holds, the deadline is what it would be if the clock ran on now.
        let mut pauses = case.pauses.clone();
        if let Some(pause) = pauses.last_mut().filter(|pause| pause.holds_at(at)) {
            pause.ended_at = Some(at);
        }
        let due = self
            .context
            .rules
            .read(clock, &pauses, at)
            .due
            .ok_or(Rejection::ClockUntargeted { clock: fact.clock })?;
        if at > due {
            return Err(Rejection::AlreadyDue { due });
        }
        if fact.new_due <= due {
            return Err(Rejection::NotLater);
        }
        self.conduct(has_words(Some(&fact.reason)), Rejection::ReasonMissing)?;
        let max = self.policy.max_extensions;
        self.conduct(clock.extensions < max, Rejection::TooManyExtensions { max })?;
        self.conduct(
            fact.approved_by != self.context.actor.id,
            Rejection::ApproverIsRequester,
        )?;
        Ok(vec![fact.clone().into()])
    }
}

/// The clock an extension means: of several of a kind, the lead's before a joint one, and the latest.
fn extendable(case: &Case, kind: ClockKind) -> Option<&Clock> {
    case.clocks
        .iter()
        .rev()
        .filter(|clock| clock.kind == kind && clock.end.is_none())
        .min_by_key(|clock| clock.part.as_ref().is_some_and(|part| part.joint))
}

fn is_positive(limit: Target, from: Timestamp) -> bool {
    match limit {
        Target::Elapsed(length) | Target::WorkingTime(length) => length > Span::ZERO,
        Target::WorkingDays(_) | Target::CalendarDays(_) | Target::Unlimited => true,
        Target::At(due) => due > from,
    }
}
