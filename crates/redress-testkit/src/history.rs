//! Histories: steps that were accepted, and the facts they led to.

use std::borrow::Cow;
use std::sync::LazyLock;

use redress_core::{
    Actor, Command, CommandId, Complaint, ComplaintId, Context, EventId, OutOfOrder, Policy,
    Position, Recorded, Rejection, Rulebook, Span, Timestamp, Version,
};
use uuid::Uuid;

use crate::cast::{COMPLAINT, Cast, OTHER};
use crate::process::Process;

/// One command of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// How much time passed since the step before; negative where a clock went back.
    pub wait: Span,
    /// Who wanted it.
    pub actor: Actor,
    /// What.
    pub command: Command,
}

impl Step {
    /// A command at the instant of the one before.
    #[must_use]
    pub fn now(actor: Actor, command: impl Into<Command>) -> Self {
        Self {
            wait: Span::ZERO,
            actor,
            command: command.into(),
        }
    }

    /// A command after some time.
    #[must_use]
    pub fn after(wait: Span, actor: Actor, command: impl Into<Command>) -> Self {
        Self {
            wait,
            ..Self::now(actor, command)
        }
    }
}

/// What a process said to a command that added nothing for a reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A rule said no.
    #[error("refused: {0}")]
    Rejection(Rejection),
    /// It was accepted, and what it led to cannot be folded. The process is wrong.
    #[error("accepted, but {0}")]
    Misfit(OutOfOrder),
}

/// A step that was refused, and its number among the steps, from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("step {number} (`{command}`) was {refused}")]
pub struct StepRefused {
    /// Which step.
    pub number: usize,
    /// Its command.
    pub command: &'static str,
    /// Why.
    pub refused: Refused,
}

/// A history of one complaint that its process accepted, with all it led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    steps: Vec<Step>,
    facts: Vec<Recorded>,
    /// The complaint after each fact.
    states: Vec<Complaint>,
    /// How many facts there were after each step.
    counts: Vec<usize>,
    now: Timestamp,
}

/// When made-up histories begin: a Monday morning.
#[must_use]
pub fn start() -> Timestamp {
    // 2026-03-02T08:00:00Z
    Timestamp::from_micros(1_772_438_400_000_000).unwrap_or(Timestamp::MIN)
}

impl Default for History {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            facts: Vec::new(),
            states: Vec::new(),
            counts: Vec::new(),
            now: start(),
        }
    }
}

impl History {
    /// Gives every step to the process, in order.
    ///
    /// # Errors
    ///
    /// [`StepRefused`], the first step that was not accepted.
    pub fn play<P: Process + ?Sized>(
        process: &P,
        steps: impl IntoIterator<Item = Step>,
    ) -> Result<Self, StepRefused> {
        let mut history = Self::default();
        for (number, step) in steps.into_iter().enumerate() {
            let command = step.command.name();
            history.push(process, step).map_err(|refused| StepRefused {
                number,
                command,
                refused,
            })?;
        }
        Ok(history)
    }

    /// Gives one more step to the process. What is refused leaves the history as it was.
    ///
    /// # Errors
    ///
    /// [`Refused`] when it was not accepted.
    pub fn push<P: Process + ?Sized>(&mut self, process: &P, step: Step) -> Result<(), Refused> {
        let recorded = self.recorded(process, &step)?;
        self.now = self.now + step.wait;
        for (fact, after) in recorded {
            self.facts.push(fact);
            self.states.push(after);
        }
        self.steps.push(step);
        self.counts.push(self.facts.len());
        Ok(())
    }

    /// Whether the process would accept a step and record something.
    pub(crate) fn would_add<P: Process + ?Sized>(&self, process: &P, step: &Step) -> bool {
        self.recorded(process, step)
            .is_ok_and(|recorded| !recorded.is_empty())
    }

    fn recorded<P: Process + ?Sized>(
        &self,
        process: &P,
        step: &Step,
    ) -> Result<Vec<(Recorded, Complaint)>, Refused> {
        let at = self.now + step.wait;
        let target = target(process, &step.command, at);
        let place = Place {
            id: COMPLAINT,
            number: self.steps.len(),
            position: self.facts.len(),
            at,
            target: target.as_ref(),
        };
        record(process, self.complaint(), step, &place)
    }

    /// The steps.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &[Recorded] {
        &self.facts
    }

    /// Each fact with the complaint before and after it.
    pub fn transitions(&self) -> impl Iterator<Item = (&Complaint, &Recorded, &Complaint)> {
        let before = std::iter::once(&Complaint::Absent).chain(&self.states);
        before
            .zip(&self.facts)
            .zip(&self.states)
            .map(|((before, fact), after)| (before, fact, after))
    }

    /// The complaint after the last fact.
    #[must_use]
    pub fn complaint(&self) -> &Complaint {
        self.states.last().unwrap_or(&Complaint::Absent)
    }

    /// When the last step was.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// How many facts there were before the step of this number.
    pub(crate) fn facts_before(&self, step: usize) -> usize {
        step.checked_sub(1)
            .and_then(|before| self.counts.get(before))
            .copied()
            .unwrap_or(0)
    }

    /// The number of the step that led to the fact of this number.
    pub(crate) fn step_of(&self, fact: usize) -> usize {
        self.counts
            .iter()
            .take_while(|count| **count <= fact)
            .count()
    }
}

/// Where a step would be recorded.
pub(crate) struct Place<'a> {
    pub(crate) id: ComplaintId,
    pub(crate) number: usize,
    pub(crate) position: usize,
    pub(crate) at: Timestamp,
    pub(crate) target: Option<&'a Complaint>,
}

/// The complaint that a link speaks of.
pub(crate) fn target<P: Process + ?Sized>(
    process: &P,
    command: &Command,
    at: Timestamp,
) -> Option<Complaint> {
    if let Command::Link(link) = command
        && link.target == OTHER
    {
        Some(Cast::of(process.policy()).other(at))
    } else {
        None
    }
}

/// The facts that a step leads to, each with the complaint after it.
pub(crate) fn record<P: Process + ?Sized>(
    process: &P,
    complaint: &Complaint,
    step: &Step,
    place: &Place<'_>,
) -> Result<Vec<(Recorded, Complaint)>, Refused> {
    let rules = rulebook(process.policy(), &step.command);
    let context = Context {
        now: place.at,
        occurred_at: place.at,
        actor: &step.actor,
        policy: process.policy(),
        rules: &rules,
        target: place.target,
    };
    let events = process
        .decide(complaint, &step.command, &context)
        .map_err(Refused::Rejection)?;
    let command_id = CommandId::new(Uuid::from_u128(place.number as u128 + 1));
    let mut done: Vec<(Recorded, Complaint)> = Vec::with_capacity(events.len());
    for (index, event) in events.into_iter().enumerate() {
        let before = done.last().map_or(complaint, |(_, after)| after);
        let position = u64::try_from(place.position.saturating_add(index)).unwrap_or(u64::MAX);
        let fact = Recorded {
            event_id: EventId::new(Uuid::from_u128(
                (place.number as u128 + 1) << 64 | index as u128,
            )),
            complaint_id: place.id,
            version: before.version().map_or(Version::FIRST, Version::next),
            position: Position::new(position),
            occurred_at: place.at,
            recorded_at: place.at,
            actor: step.actor.clone(),
            command_id,
            correlation_id: None,
            causation_id: None,
            schema: redress_store::codec::schema(event.event_type()),
            event,
        };
        let after = process
            .evolve(before.clone(), &fact)
            .map_err(Refused::Misfit)?;
        done.push((fact, after));
    }
    Ok(done)
}

/// The rules of every time: one policy holds throughout.
///
/// A decision reads clocks by them only to extend one. Making them copies the policy, so all else is given rules that nobody
/// asks.
pub(crate) fn rulebook(policy: &Policy, command: &Command) -> Cow<'static, Rulebook> {
    static NOT_ASKED: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::fixed(Policy::standard()));
    if let Command::Extend(_) = command {
        Cow::Owned(Rulebook::fixed(policy.clone()))
    } else {
        Cow::Borrowed(&NOT_ASKED)
    }
}
