//! Deciding whether a command may be recorded, and as which facts.
//!
//! Guards of structure say what cannot have happened (a closed complaint that is resolved); they always apply. Guards
//! of conduct say what people must not do (resolve without a cause); they apply to work done here, and not to history
//! taken over from elsewhere ([`Policy::for_history`]).

mod policy_guards;

use crate::actor::Actor;
use crate::clock::{Clock, ClockKind, Target};
use crate::command::{Assign, Command, Escalate, Revisit};
use crate::complaint::{Case, Closing, Complaint, Ownership, Resolution, Revisits, State};
use crate::event::{
    Amended, AssignReason, Cause, Change, Classified, CloseReason, Closed, Event, Extended,
    Feedback, FeedbackKind, Linked, NoteKind, Noted, Paused, Received, Relation, Reopened,
    Resolved, RevisitOutcome, Satisfaction, Verdict,
};
use crate::id::{Epoch, Level};
use crate::policy::Policy;
use crate::rejection::Rejection;
use crate::taxonomy::UNDETERMINED;
use crate::time::{Span, Timestamp};

/// What a decision depends on besides the complaint and the command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The caller's clock.
    pub now: Timestamp,
    /// When the fact happened; `now` unless it is told late.
    pub occurred_at: Timestamp,
    /// Who wants it recorded.
    pub actor: &'a Actor,
    /// The rules in force.
    pub policy: &'a Policy,
    /// The other complaint of a [`Command::Link`]; `None` where it does not exist.
    pub target: Option<&'a Complaint>,
}

/// Decides which facts a command adds, or why it may add none.
///
/// `Ok(vec![])` means that the command is fine and has nothing to add.
///
/// # Errors
///
/// The first [`Rejection`] that applies, in the order of its variants.
pub fn decide(
    complaint: &Complaint,
    command: &Command,
    context: &Context<'_>,
) -> Result<Vec<Event>, Rejection> {
    let decision = Decision {
        complaint,
        context,
        policy: context.policy,
    };
    let events = match (command, complaint.case()) {
        (Command::Receive(fact), None) => decision.receive(fact),
        (Command::Receive(_), Some(_)) => Err(Rejection::AlreadyReceived),
        (
            Command::Classify(_)
            | Command::Assign(_)
            | Command::Escalate(_)
            | Command::Resolve(_)
            | Command::GiveFeedback(_)
            | Command::Revisit(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Note(_)
            | Command::Amend(_)
            | Command::Link(_)
            | Command::Extend(_)
            | Command::Close(_)
            | Command::Reopen(_)
            | Command::Erase(_),
            None,
        ) => Err(Rejection::NotReceived),
        (Command::Classify(fact), Some(_)) => decision.classify(fact),
        (Command::Assign(wanted), Some(case)) => decision.assign(wanted, case),
        (Command::Escalate(wanted), Some(case)) => decision.escalate(wanted, case),
        (Command::Resolve(fact), Some(case)) => decision.resolve(fact, case),
        (Command::GiveFeedback(fact), Some(_)) => decision.feedback(fact),
        (Command::Revisit(wanted), Some(_)) => decision.revisit(wanted),
        (Command::Pause(fact), Some(case)) => decision.pause(fact, case),
        (Command::Resume(fact), Some(case)) => decision.resume(*fact, case),
        (Command::Note(fact), Some(_)) => decision.note(fact),
        (Command::Amend(fact), Some(_)) => decision.amend(fact),
        (Command::Link(fact), Some(case)) => decision.link(*fact, case),
        (Command::Extend(fact), Some(case)) => decision.extend(fact, case),
        (Command::Close(fact), Some(case)) => decision.close(fact, case),
        (Command::Reopen(fact), Some(_)) => decision.reopen(fact),
        (Command::Erase(fact), Some(case)) if fact.subject != case.subject => {
            Err(Rejection::OtherSubject)
        }
        (Command::Erase(fact), Some(_)) => Ok(vec![fact.clone().into()]),
    };
    // Time comes first among the reasons of a refusal, whatever else is wrong with the command.
    decision.check_time(command, events.as_deref().unwrap_or_default())?;
    decision.check_authority(command)?;
    events
}

struct Decision<'a> {
    complaint: &'a Complaint,
    context: &'a Context<'a>,
    policy: &'a Policy,
}

type Decided = Result<Vec<Event>, Rejection>;

impl Decision<'_> {
    fn check_time(&self, command: &Command, events: &[Event]) -> Result<(), Rejection> {
        let Context {
            now, occurred_at, ..
        } = *self.context;
        if occurred_at > now {
            return Err(Rejection::OccurredInFuture);
        }
        let limit = self.policy.back_dating;
        if self.policy.guards_conduct() && now.since(occurred_at) > limit {
            return Err(Rejection::BackDatedTooFar { limit });
        }
        let moves = match command {
            Command::Receive(_) | Command::Amend(_) | Command::Link(_) | Command::Erase(_) => false,
            Command::GiveFeedback(fact) => Event::Feedback(fact.clone()).moves_state(),
            Command::Note(fact) => Event::Noted(fact.clone()).moves_state(),
            Command::Classify(_)
            | Command::Assign(_)
            | Command::Escalate(_)
            | Command::Resolve(_)
            | Command::Revisit(_)
            | Command::Pause(_)
            | Command::Resume(_)
            | Command::Extend(_)
            | Command::Close(_)
            | Command::Reopen(_) => true,
        } || events.iter().any(Event::moves_state);
        match self.complaint.case() {
            Some(case) if occurred_at < case.received_at => {
                Err(Rejection::OccurredBeforePrevious {
                    previous: case.received_at,
                })
            }
            Some(case) if moves && occurred_at < case.moved_at => {
                Err(Rejection::OccurredBeforePrevious {
                    previous: case.moved_at,
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn not_in_this_state(&self, command: &'static str) -> Rejection {
        Rejection::NotInThisState {
            command,
            state: self.complaint.state(),
        }
    }

    fn open(&self, command: &'static str) -> Result<(), Rejection> {
        if self.complaint.is_open() {
            Ok(())
        } else {
            Err(self.not_in_this_state(command))
        }
    }

    /// A guard of conduct.
    fn conduct(&self, kept: bool, otherwise: Rejection) -> Result<(), Rejection> {
        if kept || !self.policy.guards_conduct() {
            Ok(())
        } else {
            Err(otherwise)
        }
    }

    fn receive(&self, fact: &Received) -> Decided {
        if fact
            .external_ref
            .as_ref()
            .is_some_and(|reference| policy_guards::looks_personal(reference.as_str()))
        {
            return Err(Rejection::PersonalReference);
        }
        let said = fact.personal.known().is_some_and(|personal| {
            !personal.subject.trim().is_empty() || !personal.description.trim().is_empty()
        });
        self.conduct(said, Rejection::NothingSaid)?;
        let reachable = fact
            .personal
            .known()
            .is_some_and(|personal| !personal.contacts.is_empty());
        self.conduct(reachable || fact.customer.anonymous, Rejection::NoContact)?;
        self.check_intake(fact)?;
        self.check_department(&fact.intake_department)?;
        Ok(vec![fact.clone().into()])
    }

    fn classify(&self, fact: &Classified) -> Decided {
        self.open("classify")?;
        if !self.policy.categories.knows(fact.category.as_str()) {
            return Err(Rejection::UnknownCategory {
                category: fact.category.clone(),
            });
        }
        if fact.confidence_percent.is_some_and(|percent| percent > 100) {
            return Err(Rejection::ConfidenceOutOfRange);
        }
        if let Some(before) = self.complaint.classification() {
            let same_class = Classified {
                reason: before.reason.clone(),
                ..fact.clone()
            } == *before;
            if same_class {
                return Ok(vec![]);
            }
            self.conduct(has_words(fact.reason.as_deref()), Rejection::ReasonMissing)?;
        }
        Ok(vec![fact.clone().into()])
    }

    fn assign(&self, wanted: &Assign, case: &Case) -> Decided {
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

    fn escalate(&self, wanted: &Escalate, case: &Case) -> Decided {
        self.open("escalate")?;
        let to_level = wanted.to_level.unwrap_or(case.level.next());
        self.check_level(case.level, to_level)?;
        self.conduct(has_words(Some(&wanted.reason)), Rejection::ReasonMissing)?;
        Ok(vec![wanted.clone().into_fact(case.level, to_level).into()])
    }

    fn check_level(&self, from: Level, to: Level) -> Result<(), Rejection> {
        let top = self.policy.max_level;
        if to <= from {
            Err(Rejection::LevelNotHigher { level: from })
        } else if to > top {
            Err(Rejection::LevelAboveTop { top })
        } else {
            Ok(())
        }
    }

    fn resolve(&self, fact: &Resolved, case: &Case) -> Decided {
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
        let risen = case.escalated_in == Some(case.cycle) || case.level >= self.policy.max_level;
        self.conduct(
            case.cycle.get() <= max_cycles || risen,
            Rejection::EscalationRequired { max_cycles },
        )?;
        Ok(vec![fact.clone().into()])
    }

    fn check_cause(&self, cause: &Cause) -> Result<(), Rejection> {
        if self.policy.causes.knows(cause.code.as_str()) {
            Ok(())
        } else {
            Err(Rejection::UnknownCause {
                cause: cause.code.clone(),
            })
        }
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

    fn feedback(&self, fact: &Feedback) -> Decided {
        self.open("give_feedback")?;
        let is_result = fact.kind == FeedbackKind::Result;
        if is_result && self.complaint.state() != State::Resolved {
            return Err(self.not_in_this_state("give_feedback"));
        }
        if fact
            .promised_by
            .is_some_and(|promised| promised <= self.context.occurred_at)
        {
            return Err(Rejection::PromiseInPast);
        }
        self.check_template(fact)?;
        if is_result {
            let words = fact
                .personal
                .known()
                .is_some_and(|text| has_words(Some(&text.content)));
            self.conduct(words || fact.template.is_some(), Rejection::ContentMissing)?;
        }
        Ok(vec![fact.clone().into()])
    }

    fn revisit(&self, wanted: &Revisit) -> Decided {
        let Complaint::FedBack {
            resolution,
            revisits,
            ..
        } = self.complaint
        else {
            return Err(self.not_in_this_state("revisit"));
        };
        let satisfied = match &wanted.outcome {
            RevisitOutcome::NotReached { .. } => false,
            RevisitOutcome::Reached {
                result,
                score,
                residual_problem,
                would_recommend,
                ..
            } => {
                let marks_fit = score.is_none_or(|score| (1..=5).contains(&score))
                    && would_recommend.is_none_or(|mark| mark <= 10);
                if !marks_fit {
                    return Err(Rejection::ScoreOutOfRange);
                }
                !residual_problem
                    && match result {
                        Satisfaction::Satisfied => true,
                        Satisfaction::Neutral => self.policy.neutral_closes,
                        Satisfaction::Dissatisfied => false,
                    }
            }
        };
        self.conduct(wanted.agent != resolution.by, Rejection::RevisitByResolver)?;
        let attempt = revisits.attempts.saturating_add(1);
        let mut events = vec![wanted.clone().into_fact(attempt).into()];
        if satisfied {
            events.push(Closed::new(CloseReason::Satisfied).into());
        }
        Ok(events)
    }

    fn pause(&self, fact: &Paused, case: &Case) -> Decided {
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

    fn resume(&self, fact: crate::event::Resumed, case: &Case) -> Decided {
        if self.complaint.state() != State::Processing {
            return Err(self.not_in_this_state("resume"));
        }
        if case.pause_at(self.context.occurred_at).is_none() {
            return Err(Rejection::NotPaused);
        }
        Ok(vec![fact.into()])
    }

    fn note(&self, fact: &Noted) -> Decided {
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

    fn amend(&self, fact: &Amended) -> Decided {
        for change in &fact.patch {
            match change {
                Change::Causes {
                    primary,
                    contributing,
                } => {
                    self.complaint
                        .resolution()
                        .ok_or(Rejection::NothingResolved)?;
                    std::iter::once(primary)
                        .chain(contributing)
                        .try_for_each(|cause| self.check_cause(cause))?;
                }
                Change::Upheld(_) | Change::Cost(_) => {
                    self.complaint
                        .resolution()
                        .ok_or(Rejection::NothingResolved)?;
                }
                Change::Product(_)
                | Change::Occurred(_)
                | Change::Demand(_)
                | Change::Emotion(_)
                | Change::Account(_)
                | Change::Flags(_)
                | Change::Tags(_)
                | Change::Language(_) => {}
            }
        }
        Ok(vec![fact.clone().into()])
    }

    fn link(&self, fact: Linked, case: &Case) -> Decided {
        if fact.target == case.id {
            return Err(Rejection::LinkToItself);
        }
        let tied = case
            .links
            .iter()
            .any(|link| link.target == fact.target && link.relation == fact.relation);
        if fact.unlink {
            return if tied {
                Ok(vec![fact.into()])
            } else {
                Err(Rejection::NotLinked)
            };
        }
        if tied {
            return Ok(vec![]);
        }
        let target = self
            .context
            .target
            .and_then(Complaint::case)
            .ok_or(Rejection::LinkTargetUnknown)?;
        if fact.relation == Relation::DuplicateOf && target.is_duplicate() {
            return Err(Rejection::LinkTargetIsDuplicate);
        }
        Ok(vec![fact.into()])
    }

    fn extend(&self, fact: &Extended, case: &Case) -> Decided {
        self.open("extend")?;
        let clock =
            extendable(case, fact.clock).ok_or(Rejection::ClockNotRunning { clock: fact.clock })?;
        let at = self.context.occurred_at;
        // While a pause holds, the deadline is what it would be if the clock ran on now.
        let mut pauses = case.pauses.clone();
        if let Some(pause) = pauses.last_mut().filter(|pause| pause.holds_at(at)) {
            pause.ended_at = Some(at);
        }
        let due = clock
            .read(&pauses, self.policy, at)
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

    fn close(&self, fact: &Closed, case: &Case) -> Decided {
        self.open("close")?;
        match &fact.reason {
            CloseReason::Duplicate { of } => {
                let tied = case
                    .links
                    .iter()
                    .any(|link| link.relation == Relation::DuplicateOf && link.target == *of);
                if !tied {
                    return Err(Rejection::NotLinkedAsDuplicate);
                }
            }
            CloseReason::Refused { .. } => match self.complaint.state() {
                State::Received | State::Classified => {}
                State::Absent
                | State::Processing
                | State::Resolved
                | State::FedBack
                | State::Closed => {
                    return Err(Rejection::RefusedTooLate);
                }
            },
            CloseReason::Withdrawn => {}
            CloseReason::Satisfied => {
                self.conduct(self.is_satisfied(), Rejection::SatisfactionUnknown)?
            }
            CloseReason::Unreachable => self.check_unreachable()?,
            CloseReason::FinalPosition => {
                let top = self.policy.max_level;
                let last_word = case.level >= top && self.complaint.state() == State::FedBack;
                self.conduct(last_word, Rejection::NotFinal { top })?;
            }
            CloseReason::Waived => self.conduct(self.policy.waiver, Rejection::WaiverNotAllowed)?,
        }
        Ok(vec![fact.clone().into()])
    }

    fn is_satisfied(&self) -> bool {
        let content = |resolution: &Resolution| {
            matches!(
                resolution.verdict,
                Some(Verdict::Satisfied | Verdict::Accepted)
            )
        };
        match self.complaint {
            Complaint::Resolved { resolution, .. } => content(resolution),
            Complaint::FedBack {
                resolution,
                revisits,
                ..
            } => content(resolution) || revisits.reached == Some(Satisfaction::Satisfied),
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Closed { .. } => false,
        }
    }

    fn check_unreachable(&self) -> Result<(), Rejection> {
        let none = Revisits::default();
        let revisits = match self.complaint {
            Complaint::FedBack { revisits, .. } => revisits,
            Complaint::Absent
            | Complaint::Received { .. }
            | Complaint::Classified { .. }
            | Complaint::Processing { .. }
            | Complaint::Resolved { .. }
            | Complaint::Closed { .. } => &none,
        };
        let made = u32::try_from(revisits.in_vain.len()).unwrap_or(u32::MAX);
        let days = revisits.days_in_vain();
        let rule = self.policy.unreachable;
        let enough = made >= rule.attempts && days >= rule.days && revisits.reached.is_none();
        self.conduct(enough, Rejection::TooFewAttempts { made, days })
    }

    fn reopen(&self, fact: &Reopened) -> Decided {
        let Complaint::Closed {
            closing: Closing { reason, at },
            ..
        } = self.complaint
        else {
            return Err(self.not_in_this_state("reopen"));
        };
        match reason {
            CloseReason::Duplicate { .. } | CloseReason::Refused { .. } => {
                return Err(Rejection::NotReopenable);
            }
            CloseReason::Satisfied
            | CloseReason::Withdrawn
            | CloseReason::Unreachable
            | CloseReason::FinalPosition
            | CloseReason::Waived => {}
        }
        self.conduct(has_words(Some(&fact.reason)), Rejection::ReasonMissing)?;
        let ended = *at + self.policy.reopen_window;
        self.conduct(
            self.context.occurred_at <= ended,
            Rejection::ReopenWindowPassed { ended },
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

fn has_words(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn is_positive(limit: Target, from: Timestamp) -> bool {
    match limit {
        Target::Elapsed(length) | Target::WorkingTime(length) => length > Span::ZERO,
        Target::WorkingDays(_) | Target::CalendarDays(_) => true,
        Target::At(due) => due > from,
    }
}
