//! Deciding whether a command may be recorded, and as which facts.
//!
//! Guards of structure say what cannot have happened (a closed complaint that is resolved); they always apply. Guards
//! of conduct say what people must not do (resolve without a cause); they apply to work done here, and not to history
//! taken over from elsewhere ([`Policy::for_history`]).

mod customer;
mod ending;
mod handling;
mod policy_guards;

use crate::actor::Actor;
use crate::command::{Command, Escalate};
use crate::complaint::{Case, Complaint};
use crate::event::{Amended, Cause, Change, Classified, Erased, Event, Linked, Received, Relation};
use crate::id::Level;
use crate::intake::{self, Warning};
use crate::policy::Policy;
use crate::rejection::Rejection;
use crate::rulebook::Rulebook;
use crate::time::Timestamp;

/// What a decision depends on besides the complaint and the command.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The caller's clock.
    pub now: Timestamp,
    /// When the fact happened; `now` unless it is told late.
    pub occurred_at: Timestamp,
    /// Who wants it recorded.
    pub actor: &'a Actor,
    /// The rules in force, by which it is decided.
    pub policy: &'a Policy,
    /// The rules of every time, by which clocks are read.
    pub rules: &'a Rulebook,
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
        (Command::Amend(fact), Some(case)) => decision.amend(fact, case),
        (Command::Link(fact), Some(case)) => decision.link(*fact, case),
        (Command::Extend(fact), Some(case)) => decision.extend(fact, case),
        (Command::Close(fact), Some(case)) => decision.close(fact, case),
        (Command::Reopen(fact), Some(_)) => decision.reopen(fact),
        (Command::Erase(fact), Some(case)) => decision.erase(fact, case),
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
            Command::GiveFeedback(fact) => fact.moves_state(),
            Command::Note(fact) => fact.moves_state(),
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
            .is_some_and(policy_guards::is_reachable);
        self.conduct(reachable || fact.customer.anonymous, Rejection::NoContact)?;
        self.check_intake(fact)?;
        self.check_department(&fact.intake_department)?;
        Ok(vec![self.flagged(fact).into()])
    }

    /// The fact with its warnings. History is taken over as it was, without any: nobody can ask its customers again.
    fn flagged(&self, fact: &Received) -> Received {
        let warnings = if self.policy.guards_conduct() {
            intake::warnings(fact, self.context.occurred_at, self.policy)
        } else {
            Vec::new()
        };
        Received {
            warnings,
            ..fact.clone()
        }
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

    fn escalate(&self, wanted: &Escalate, case: &Case) -> Decided {
        self.open("escalate")?;
        let to_level = wanted.to_level.unwrap_or(case.level.next());
        self.check_level(case.level, to_level)?;
        self.conduct(has_words(Some(&wanted.reason)), Rejection::ReasonMissing)?;
        Ok(vec![wanted.clone().into_fact(case.level, to_level).into()])
    }

    fn erase(&self, fact: &Erased, case: &Case) -> Decided {
        if fact.subject != case.subject {
            return Err(Rejection::OtherSubject);
        }
        self.conduct(has_words(Some(&fact.basis)), Rejection::BasisMissing)?;
        Ok(vec![fact.clone().into()])
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

    fn check_cause(&self, cause: &Cause) -> Result<(), Rejection> {
        if self.policy.causes.knows(cause.code.as_str()) {
            Ok(())
        } else {
            Err(Rejection::UnknownCause {
                cause: cause.code.clone(),
            })
        }
    }

    fn amend(&self, fact: &Amended, case: &Case) -> Decided {
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
        let amended = Amended {
            warnings: self.warnings_after(fact, case),
            ..fact.clone()
        };
        Ok(vec![amended.into()])
    }

    /// What is flagged after an amendment, where that differs from before.
    fn warnings_after(&self, fact: &Amended, case: &Case) -> Option<Vec<Warning>> {
        let before = &case.checks.warnings;
        let after = intake::warnings_after(fact, before, case.received_at, self.policy);
        (self.policy.guards_conduct() && after != *before).then_some(after)
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
            return if !tied {
                Err(Rejection::NotLinked)
            } else if self.complaint.is_closed_as_duplicate() {
                Err(Rejection::ClosedAsDuplicate)
            } else {
                Ok(vec![fact.into()])
            };
        }
        if tied {
            return Ok(vec![]);
        }
        let target = self.context.target.ok_or(Rejection::LinkTargetUnknown)?;
        let tied = target.case().ok_or(Rejection::LinkTargetUnknown)?;
        let is_duplicate = tied.is_duplicate() || target.is_closed_as_duplicate();
        if fact.relation == Relation::DuplicateOf && is_duplicate {
            return Err(Rejection::LinkTargetIsDuplicate);
        }
        Ok(vec![fact.into()])
    }
}

fn has_words(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}
