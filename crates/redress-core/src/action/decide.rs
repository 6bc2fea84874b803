//! Deciding whether a command about an action may be recorded.
//!
//! As for complaints, guards of structure always apply, and guards of conduct to work done here alone.

use super::{
    Action, ActionCommand, ActionEvent, Assigned, Cancelled, Done, Effective, Evaluated, Opened,
    Origin,
};
use crate::actor::Actor;
use crate::id::DepartmentId;
use crate::policy::Policy;
use crate::rejection::Rejection;
use crate::time::Timestamp;

/// What a decision depends on besides the action and the command.
#[derive(Clone, Copy, Debug)]
pub struct ActionContext<'a> {
    /// The caller's clock.
    pub now: Timestamp,
    /// When the fact happened; `now` unless it is told late.
    pub occurred_at: Timestamp,
    /// Who wants it recorded.
    pub actor: &'a Actor,
    /// The rules in force.
    pub policy: &'a Policy,
    /// Whether every complaint that the command names exists.
    pub complaints_exist: bool,
}

/// Decides which facts a command adds, or why it may add none.
///
/// # Errors
///
/// The first [`Rejection`] that applies, in the order of its variants.
pub fn decide_action(
    action: &Action,
    command: &ActionCommand,
    context: &ActionContext<'_>,
) -> Result<Vec<ActionEvent>, Rejection> {
    let decision = Decision { action, context };
    decision.check_time()?;
    decision.check_authority(command)?;
    match command {
        ActionCommand::Open(fact) => decision.open(fact),
        ActionCommand::Assign(fact) => decision.assign(fact),
        ActionCommand::Complete(fact) => decision.complete(fact),
        ActionCommand::Evaluate(fact) => decision.evaluate(fact),
        ActionCommand::Cancel(fact) => decision.cancel(fact),
    }?;
    Ok(vec![command.clone().into_fact()])
}

struct Decision<'a> {
    action: &'a Action,
    context: &'a ActionContext<'a>,
}

type Checked = Result<(), Rejection>;

impl Decision<'_> {
    fn check_time(&self) -> Checked {
        let ActionContext {
            now,
            occurred_at,
            policy,
            ..
        } = *self.context;
        if occurred_at > now {
            return Err(Rejection::OccurredInFuture);
        }
        let limit = policy.back_dating;
        self.conduct(
            now.since(occurred_at) <= limit,
            Rejection::BackDatedTooFar { limit },
        )?;
        match self.action.case() {
            Some(case) if occurred_at < case.moved_at => Err(Rejection::OccurredBeforePrevious {
                previous: case.moved_at,
            }),
            Some(_) | None => Ok(()),
        }
    }

    /// The departments of an action are the one it was opened for and its owner's.
    fn check_authority(&self, command: &ActionCommand) -> Checked {
        let Actor {
            role, department, ..
        } = self.context.actor;
        let opened_by = self
            .action
            .case()
            .map_or(department.as_ref(), |case| case.opened_by.as_ref());
        let owner = self.action.assignment();
        let owner = owner.map(|assignment| &assignment.owner.department);
        let departments: Vec<&DepartmentId> = opened_by.into_iter().chain(owner).collect();
        self.conduct(
            self.context
                .policy
                .permits(role, command.name(), &departments),
            Rejection::NotPermitted {
                role: role.clone(),
                command: command.name(),
            },
        )
    }

    fn open(&self, fact: &Opened) -> Checked {
        if self.action.case().is_some() {
            return Err(Rejection::ActionAlreadyOpened);
        }
        let policy = self.context.policy;
        if let Some(cause) = &fact.cause
            && !policy.causes.knows(cause.as_str())
        {
            return Err(Rejection::UnknownCause {
                cause: cause.clone(),
            });
        }
        if !self.context.complaints_exist {
            return Err(Rejection::LinkTargetUnknown);
        }
        self.conduct(
            fact.origin != Origin::Cause || fact.cause.is_some(),
            Rejection::PrimaryCauseMissing,
        )?;
        self.conduct(
            fact.origin != Origin::Complaint || !fact.complaints.is_empty(),
            Rejection::ComplaintMissing,
        )?;
        self.conduct(has_words(&fact.measure), Rejection::MeasureMissing)
    }

    fn assign(&self, fact: &Assigned) -> Checked {
        match self.action {
            Action::Opened { .. } | Action::Assigned { .. } => {}
            Action::Evaluated { evaluation, .. } => match evaluation.fact.effective {
                Effective::Yes => return Err(Rejection::AlreadyEffective),
                Effective::Partly | Effective::No => {}
            },
            Action::Absent | Action::Done { .. } | Action::Cancelled { .. } => {
                return Err(self.not_in_this_state("assign_action"));
            }
        }
        if fact.due <= self.context.occurred_at {
            return Err(Rejection::DuePassed);
        }
        let department = &fact.owner.department;
        let departments = &self.context.policy.departments;
        self.conduct(
            departments.is_empty() || departments.contains_key(department),
            Rejection::UnknownDepartment {
                department: department.clone(),
            },
        )
    }

    fn complete(&self, fact: &Done) -> Checked {
        match self.action {
            Action::Assigned { .. } => {
                self.conduct(has_words(&fact.result), Rejection::ResultMissing)
            }
            Action::Absent
            | Action::Opened { .. }
            | Action::Done { .. }
            | Action::Evaluated { .. }
            | Action::Cancelled { .. } => Err(self.not_in_this_state("complete_action")),
        }
    }

    fn evaluate(&self, fact: &Evaluated) -> Checked {
        let Action::Done {
            assignment,
            completion,
            ..
        } = self.action
        else {
            return Err(self.not_in_this_state("evaluate_action"));
        };
        if !fact.is_comparable() {
            return Err(Rejection::FiguresDiffer);
        }
        if !fact.periods_follow(self.context.occurred_at) {
            return Err(Rejection::PeriodsOutOfOrder);
        }
        let evaluator = &self.context.actor.id;
        self.conduct(
            *evaluator != assignment.owner.person && *evaluator != completion.by,
            Rejection::EvaluatorIsOwner,
        )
    }

    fn cancel(&self, fact: &Cancelled) -> Checked {
        match self.action {
            Action::Opened { .. } | Action::Assigned { .. } => {
                self.conduct(has_words(&fact.reason), Rejection::ReasonMissing)
            }
            Action::Absent
            | Action::Done { .. }
            | Action::Evaluated { .. }
            | Action::Cancelled { .. } => Err(self.not_in_this_state("cancel_action")),
        }
    }

    fn not_in_this_state(&self, command: &'static str) -> Rejection {
        match self.action {
            Action::Absent => Rejection::ActionNotOpened,
            Action::Opened { .. }
            | Action::Assigned { .. }
            | Action::Done { .. }
            | Action::Evaluated { .. }
            | Action::Cancelled { .. } => Rejection::NotInThisActionState {
                command,
                state: self.action.state(),
            },
        }
    }

    /// A guard of conduct.
    fn conduct(&self, kept: bool, otherwise: Rejection) -> Checked {
        if kept || !self.context.policy.guards_conduct() {
            Ok(())
        } else {
            Err(otherwise)
        }
    }
}

fn has_words(text: &str) -> bool {
    !text.trim().is_empty()
}
